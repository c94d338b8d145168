"""`data/base/CITY.pmtiles` from OpenStreetMap: an extract, or a folder of layers cut from vector tiles.

Streets, water, green and names are cut to the city with a margin, generalised zoom by zoom, and written as vector
tiles that pages, files and pictures all draw from. Where a newer layer of streets is given, its streets win.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo import settings
from geo.reference.base.table import BaseLayers, Table
from geo.reference.build.base.corrections import corrected
from geo.reference.build.base.islands import write_islands
from geo.reference.build.base.layers import read_layers, streets_of
from geo.reference.build.base.newest import newest_win
from geo.reference.build.base.osm import read_osm
from geo.reference.build.base.surroundings import surroundings, together
from geo.reference.build.base.tiles import write_base
from geo.reference.cities import City, city
from geo.reference.crs import to_metric, to_wgs84
from geo.reference.geojson import read_frame
from geo.reference.wards import load_wards

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MARGIN_M = 3_000.0
"""How far beyond its wards a city's base reaches; the main roads and waters reach `_FAR_M`."""
_FAR_M = 12_000.0
SEA_DEG = 1.2
_FAR_KINDS = ("motorway", "trunk", "primary", "secondary", "sea", "river", "lake", "wood", "rail", "province", "city",
              "town")  # fmt: skip
ATTRIBUTION = "© OpenStreetMap contributors (ODbL 1.0)"
OPENMAPTILES = "© OpenMapTiles"


def cut(ground: BaseLayers, wards: GeoDataFrame, place: City) -> BaseLayers:
    """What lies within `MARGIN_M` of the wards, and the main roads and waters a little further; WGS 84."""
    own = shapely.union_all(to_metric(np.asarray(wards.geometry.array, dtype=object), place.province_code))
    areas = [
        to_wgs84(np.array([shapely.simplify(shapely.buffer(own, reach), 100.0)], dtype=object), place.province_code)[0]
        for reach in (MARGIN_M, _FAR_M)
    ]
    return {name: _cut(rows, *areas) for name, rows in ground.items()}


def _cut(rows: Table, near: shapely.Geometry, far: shapely.Geometry) -> Table:
    if not len(rows):
        return rows
    shapely.prepare([near, far])
    wide = np.isin(rows.kind.astype(str), _FAR_KINDS)
    inside = np.where(wide, shapely.intersects(far, rows.geometries), shapely.intersects(near, rows.geometries))
    # The sea and the borders are cut with their own box already.
    return rows.take(inside)


def flat(ground: BaseLayers) -> BaseLayers:
    """The same ground in EPSG:3857."""
    from pyproj import Transformer

    forward = Transformer.from_crs(4326, 3857, always_xy=True)

    def xy(
        points: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.column_stack(forward.transform(points[:, 0], points[:, 1]))

    return {name: rows.moved(shapely.transform(shapely.force_2d(rows.geometries), xy)) for name, rows in ground.items()}


def build_base(
    place: City,
    wards: GeoDataFrame,
    ground: BaseLayers,
    *,
    newer: Table | None = None,
    country: GeoDataFrame | None = None,
    at_sea: Sequence[tuple[float, float]] = (),
) -> BaseLayers:
    """The ground of a city, ready to be written: newest streets, cut, with the sea and the borders; EPSG:3857.

    `newer` are streets that win over those of `ground`; `country` all wards of the country with `province_code`, from
    which the sea and the borders are made; `at_sea` places in the sea (longitude, latitude).
    """
    made = dict(ground)
    if newer is not None:
        made["streets"] = newest_win(made["streets"], newer, place.province_code)
    names = settings.data_dir() / "base" / "names.toml"
    made = dict(corrected(cut(made, wards, place), names, place.province_code))
    if country is not None:
        west, south, east, north = wards.total_bounds.tolist()
        box = (west - SEA_DEG, south - SEA_DEG, east + SEA_DEG, north + SEA_DEG)
        made = dict(together(made, surroundings(wards, country, box, at_sea)))
    return flat(made)


def main(argv: Sequence[str]) -> int:
    """Command line of this step; returns the exit code."""
    options = _parser().parse_args(argv)
    place = city(options.city)
    wards = load_wards(city=place)
    output = options.output or settings.data_dir() / "base" / f"{place.slug}.pmtiles"
    west, south, east, north = wards.total_bounds.tolist()
    more = _FAR_M / 100_000
    box = (west - more, south - more, east + more, north + more)
    ground = read_layers(options.layers, place.slug) if options.layers else read_osm(options.osm, box)
    country = read_frame(options.country) if options.country else None
    output.parent.mkdir(parents=True, exist_ok=True)
    if country is not None:
        write_islands(country, output.parent / "islands.geojson")
    made = build_base(
        place,
        wards,
        ground,
        newer=streets_of(read_frame(options.newer)) if options.newer else None,
        country=country,
        at_sea=[options.sea] if options.sea else [],
    )
    credit = f"{ATTRIBUTION}, {OPENMAPTILES}" if options.layers else ATTRIBUTION
    tiles = write_base(made, output, name=place.name, attribution=credit, day=options.day)
    sys.stdout.write(f"{output}: {tiles} tiles, {output.stat().st_size:,} bytes\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo.reference.build base", description=__doc__)
    parser.add_argument("city", help="the city's address in cities.toml, as `hanoi`")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--layers", type=Path, help="folder of layers: CITY_streets_osm2021.parquet and others")
    source.add_argument("--osm", type=Path, help="extract of OpenStreetMap (.osm.pbf)")
    parser.add_argument("--newer", type=Path, help="streets that are newer than those of the folder")
    parser.add_argument("--country", type=Path, help="all wards of the country, for the sea and the borders")
    parser.add_argument("--sea", type=_place, help="a place in the sea off the city: LONGITUDE,LATITUDE")
    parser.add_argument("--day", default="", help="day of the data, as 2021-08-05, or two with a comma")
    parser.add_argument("-o", "--output", type=Path, help="the file to write instead of data/base/CITY.pmtiles")
    return parser


def _place(text: str) -> tuple[float, float]:
    lon, lat = map(float, text.split(","))
    return lon, lat
