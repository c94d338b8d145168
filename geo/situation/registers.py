"""The registers of a city with what follows from them alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.analysis.crossings.table import crossings
from geo.cache import Cache
from geo.files import stamp_of
from geo.reference.cities import City, folder_of, in_list
from geo.reference.cities import city as city_named
from geo.reference.country.wards import country_file
from geo.reference.lists.phases import PHASES
from geo.reference.programmes import Programme, programme_of_city
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of a city with what follows from them alone; `version` names their content.

    `recorded`: the programmes in force as recorded, oldest first; () where they are those of the files.
    """

    city: City
    wards: GeoDataFrame
    sites: GeoDataFrame
    crossings: GeoDataFrame
    version: str
    recorded: tuple[Programme, ...] = ()

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes in force, oldest first, the last one that which holds now; errors as `programme_of_city`."""
        return self.recorded or (programme_of_city(self.city),)


def load_registers(city: str = "hanoi") -> Registers:
    """The shipped registers of a city, read once for each content of the files; errors as `load_wards` has."""
    place = city_named(city)
    files = _files(place)
    with in_list(place.list_key):
        return _registers.get(_key(place, files), lambda: _read(place, files))


def registers_version(city: str) -> str:
    """The version of the shipped registers of a city, which names the content of the files; none of them is parsed."""
    place = city_named(city)
    return _version(place, _files(place))


def _version(place: City, files: list[Path]) -> str:
    return _versions.get(_key(place, files), lambda: _digest(place, files))


def _key(place: City, files: list[Path]) -> object:
    return (place.slug, *((str(file), *stamp_of(file)) for file in files))


def _files(place: City) -> list[Path]:
    """What the registers of a city are read from: files of its folder, the country's for a province that is none."""
    folder = folder_of(place)
    if folder is None:
        return [country_file()]
    ground = folder_of(city_named(place.layers_slug)) or folder
    own = [ground / "wards.geojson", ground / "wards.parquet", folder / "sites.geojson", folder / PHASES]
    return [*filter(Path.is_file, own), *sorted((folder / "programmes").glob("*.toml"))]


def _digest(place: City, files: list[Path]) -> str:
    digest = hashlib.blake2b(place.slug.encode(), digest_size=6)
    for file in files:
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()


def _read(place: City, files: list[Path]) -> Registers:
    version, sites = _version(place, files), load_sites()
    own = sites["site_id"].str.startswith(f"{place.site_prefix}-")
    return registers_of(place, load_wards(city=place), sites[own].reset_index(drop=True), version)


def registers_of(place: City, wards: GeoDataFrame, sites: GeoDataFrame, version: str) -> Registers:
    """The registers of a city from two frames; `version` names their content. Raises `InputError` as `crossings`
    does."""
    return Registers(place, wards, sites, crossings(sites, wards) if len(sites) else _no_crossings(), version)


def _no_crossings() -> GeoDataFrame:
    """A city without sites has crossings too: none, with all their columns."""
    import geopandas

    names = ("site_id", "ward_code", "ward_name", "length_m", "area_m2", "share", "intervals_m", "border_m")
    return geopandas.GeoDataFrame({name: [] for name in (*names, "border_with")}, geometry=[], crs="EPSG:4326")


CITIES = 80
"""The registers of so many cities are held: of all 34 provinces, also while files change. With fewer, whoever goes over
all cities would read them anew at every request."""
_registers: Cache[object, Registers] = Cache(CITIES)
_versions: Cache[object, str] = Cache(CITIES)
