"""One reader of geometries: files of any usual format as sites or wards in WGS 84, with what was taken and left out."""

from geo.importing.geometries.model import LIMITS, Limits, Reading, TooLargeError
from geo.importing.geometries.notices import FileWarning
from geo.importing.geometries.reading import read_geometries
from geo.importing.geometries.sites import SitesRead, load_sites, read_register_sites, read_sites
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.wards import WardsRead, load_wards, read_areas, read_wards

__all__ = [
    "LIMITS",
    "FileWarning",
    "Limits",
    "Question",
    "Reading",
    "SitesRead",
    "TooLargeError",
    "WardsRead",
    "load_sites",
    "load_wards",
    "read_areas",
    "read_geometries",
    "read_register_sites",
    "read_sites",
    "read_wards",
]
