"""Make the folder of a city from the country's wards, and from an extract of OpenStreetMap or a folder of layers.

The folder is laid out as the data set (`cities.toml`, `wards.parquet`, `programmes/`, `places/`, `base/`), so that
whatever reads the one reads the other.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.files import write_atomic
from geo.reference.base.table import BaseLayers
from geo.reference.build.added.further_list import entry_text
from geo.reference.build.added.osm_layers import osm_layers
from geo.reference.build.added.programme_file import phased
from geo.reference.build.base.layers import read_layers
from geo.reference.build.base.osm import read_osm
from geo.reference.build.base.step import ATTRIBUTION, OPENMAPTILES, SEA_DEG, build_base
from geo.reference.build.base.tiles import write_base
from geo.reference.build.country.step import parquet_by_province
from geo.reference.build.places import Layers, build_city, folder_layers, parquet_bytes
from geo.reference.cities import City
from geo.reference.country.blank_programme import blank_text
from geo.reference.country.wards import country_former_file, country_table, provinces_near
from geo.reference.wards import PART

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.reference.programmes import Programme

Box = tuple[float, float, float, float]
MARGIN_DEG = 0.12
"""How far beyond its wards an extract is read."""
AT_SEA = (
    (107.6, 20.6), (106.9, 20.3), (106.6, 19.6), (106.2, 19.0), (106.6, 18.4), (107.0, 17.7), (107.6, 17.1),
    (108.2, 16.6), (108.6, 16.1), (109.1, 15.4), (109.4, 14.5), (109.5, 13.5), (109.6, 12.6), (109.5, 11.8),
    (109.2, 11.2), (108.5, 10.6), (107.6, 10.2), (106.9, 9.7), (106.5, 9.2), (105.8, 8.7), (105.0, 8.4),
    (104.5, 8.8), (104.6, 9.5), (104.7, 9.9), (104.3, 10.0), (103.7, 9.9), (103.8, 10.3),
)  # fmt: skip
"""Places in the sea off every coast (longitude, latitude): what holds one of them is the sea, no neighbour's land."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where streets and names come from: an `osm` extract, or a folder of `layers`; the `day` of the data.

    Neither for a city of which the wards are enough. `slug`: what the layers of the folder are called by.
    """

    osm: Path | None = None
    layers: Path | None = None
    day: str = ""
    slug: str = ""


def make_wards(place: City, folder: Path, programme: Programme | None = None) -> GeoDataFrame:
    """Write `cities.toml` and `wards.parquet` of a city, the wards of the country; the wards as a frame (WGS 84).

    Their phases are those that the `programme` lists; errors as `phased`.
    """
    table = country_table([place.province_code])
    wards = table.frame
    assert wards is not None
    if programme is not None:
        wards = wards.assign(phase=phased(table, programme))
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / PART, parquet_by_province(wards))
    write_atomic(folder / "former_units.csv", _former_units(place.province_code))
    write_atomic(folder / "cities.toml", entry_text(place))
    return wards


def _former_units(province_code: str) -> str:
    """The rows of the country's file that are of one province."""
    head, *rows = country_former_file().read_text("utf-8").splitlines(keepends=True)
    column = head.split(",").index("province_code")
    reader = csv.reader(rows)
    return head + "".join(line for line, cells in zip(rows, reader, strict=True) if cells[column] == province_code)


def make_programme(place: City, folder: Path, day: date) -> Path:
    """Write the programme of a city to be filled, with one indicator; it runs from the year of `day` until 2030."""
    file = folder / "programmes" / f"{place.programme}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_atomic(file, blank_text(place, day))


def make_ground(place: City, wards: GeoDataFrame, source: Source, folder: Path) -> dict[str, int]:
    """Write streets, places and base of a city; how many there are of each.

    Raises
    ------
    DataFileMissingError, InputError
        The extract or the folder is not there, or holds no street of the city.
    """
    layers, ground, credit = _read(place, wards, source)
    streets, places = build_city(place, layers, year=source.day[:4])
    if not len(streets):
        raise InputError(Problem("reference.no-street-in-city", str(source.osm or source.layers), name=place.name))
    for what, frame in (("streets", streets), ("places", places)):
        file = folder / "places" / f"{place.slug}_{what}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, parquet_bytes(frame))
    tiles = _base(place, wards, ground, credit, source, folder)
    return {"streets": len(streets), "places": len(places), "tiles": tiles}


def _read(place: City, wards: GeoDataFrame, source: Source) -> tuple[Layers, BaseLayers, str]:
    slug = source.slug or place.slug
    if source.layers is not None:
        both = f"{ATTRIBUTION}, {OPENMAPTILES}"
        return folder_layers(source.layers, slug), read_layers(source.layers, slug), both
    assert source.osm is not None
    west, south, east, north = wards.total_bounds.tolist()
    box = (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    ground = read_osm(source.osm, box)
    return osm_layers(source.osm, box), ground, ATTRIBUTION


def _base(place: City, wards: GeoDataFrame, ground: BaseLayers, credit: str, source: Source, folder: Path) -> int:
    """The base under the maps, as far as there are streets: islands far out at sea would make it sea for the most."""
    reach = shapely.box(*shapely.total_bounds(ground["streets"].geometries))
    near = wards[shapely.intersects(np.asarray(wards.geometry, dtype=object), reach)].reset_index(drop=True)
    west, south, east, north = near.total_bounds.tolist()
    box = (west - SEA_DEG, south - SEA_DEG, east + SEA_DEG, north + SEA_DEG)
    country = country_table({place.province_code, *provinces_near(box)}).frame
    made = build_base(place, near, ground, country=country, at_sea=AT_SEA)
    file = folder / "base" / f"{place.slug}.pmtiles"
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_base(made, file, name=place.name, attribution=credit, day=source.day)
