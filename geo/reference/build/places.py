"""`data/places/`: for each city the streets, and the places that notices name, in two GeoParquet files.

Where a newer street layer is given, a third one, `CITY_older_names.parquet`, has what the older layer called otherwise.

    python -m geo.reference.build places BASE_FOLDER [--newer CITY=FILE.parquet]

BASE_FOLDER holds the layers `CITY_streets_osm2021.parquet`, `…_pois_…`, `…_places_…`, `…_water_…`, `…_waterways_…`,
`…_housenumbers_…` and, where there are any, `CITY_landmarks_osm2026.parquet`; FILE is a newer street layer, which
wins. Everything is cut to the city's wards, since the layers reach past it: else 'Đường Lê Lợi' of Huế were another
city's. Coordinates are rounded to 0.1 m (1e-6 degrees).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo import settings
from geo.files import write_atomic
from geo.reference.build.house_numbers import house_numbers
from geo.reference.build.landmarks import distinct, landmarks, of_bus_stops, of_streets
from geo.reference.build.older_names import older_names
from geo.reference.build.street_layers import merged, street_layer
from geo.reference.build.waters import waters
from geo.reference.cities import City, cities
from geo.reference.crs import WGS84, to_metric, to_wgs84
from geo.reference.geojson import read_frame
from geo.reference.places.landmark_names import key_of
from geo.reference.streets.search import base as base_of
from geo.reference.streets.ways import TAGS
from geo.reference.wards import load_wards

EDGE_M = 30.0
"""Streets along the city's border are taken when they lie this near to it."""
SIMPLIFY_M = 0.5
DECIMALS = 6


Layers = Callable[[str], gpd.GeoDataFrame]
"""A layer by its name (`streets`, `pois`, `places`, `water`, `waterways`, `housenumbers`, `landmarks`), in WGS 84; one
that there is not has no rows."""
_FIELDS = ("name", "class", "subclass", "housenumber", "highway")


def folder_layers(folder: Path, slug: str) -> Layers:
    """The layers of a folder: `SLUG_streets_osm2021.parquet` and the like; the year may be any."""

    def layer(name: str) -> gpd.GeoDataFrame:
        files = sorted(folder.glob(f"{slug}_{name}_osm[0-9]*.parquet"))
        frames = [read_frame(file) for file in files]
        return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84) if frames else no_layer()

    return layer


def no_layer() -> gpd.GeoDataFrame:
    """A layer without rows."""
    return gpd.GeoDataFrame({name: pd.Series([], dtype=object) for name in _FIELDS}, geometry=[], crs=WGS84)


def build_city(
    city: City, layers: Layers, newer: Path | None = None, *, year: str = "2021"
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The streets and the places of a city, both in WGS 84, in an order that follows from the input alone.

    Streets have the text columns `geo.reference.streets.network.TAGS` and `year` (of the layer); places `kind`,
    `name`, `street`, `number` (a house number, a kilometre, else 0). Both have the `key` by which a name is looked up.
    """
    province = city.province_code
    area = shapely.union_all(to_metric(np.asarray(load_wards(city=city).geometry, dtype=object), province))
    streets = street_layer(layers("streets"), province, year)
    if newer is not None:
        streets = merged(street_layer(newer, province, "2025"), streets)
    streets = gpd.GeoDataFrame(_cut(streets, shapely.buffer(area, EDGE_M)).drop_duplicates([*TAGS, "geometry"]))
    streets = gpd.GeoDataFrame(streets[shapely.intersects(area, np.asarray(streets.geometry.values, dtype=object))])
    places = _places(city, layers, streets, area)
    streets, places = streets.assign(key=streets["name"].map(base_of)), places.assign(key=places["name"].map(key_of))
    return _written(streets, province), _written(places, province)


def build_older_names(city: City, base: Path, newer: Path) -> gpd.GeoDataFrame:
    """The names that the older street layer of a city has and the merged one has not (`older_names`), in WGS 84."""
    province = city.province_code
    area = shapely.union_all(to_metric(np.asarray(load_wards(city=city).geometry, dtype=object), province))
    older = street_layer(base / f"{city.slug}_streets_osm2021.parquet", province, "2021")
    both = merged(street_layer(newer, province, "2025"), older)
    return _written(older_names(_cut(older, area), both), province)


def _places(city: City, layers: Layers, streets: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    def layer(name: str) -> gpd.GeoDataFrame:
        frame = layers(name)
        lines = to_metric(np.asarray(frame.geometry.values, dtype=object), city.province_code)
        return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=list(lines))

    tables = [
        landmarks(layer("pois"), layer("places")),
        waters(layer("waterways"), layer("water")),
        house_numbers(layer("housenumbers"), streets),
        of_streets(streets),
    ]
    newest = layer("landmarks")
    if len(newest):
        stops = newest["class"] == "bus_stop"
        tables = [landmarks(newest[~stops], newest[:0]), *tables, of_bus_stops(newest[stops])]
    whole = pd.concat(tables, ignore_index=True)
    whole["name"] = whole["name"].str.normalize("NFC")
    return gpd.GeoDataFrame(distinct(_cut(gpd.GeoDataFrame(whole, geometry="geometry"), area)))


def _cut(frame: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    """The features in an area, lines cut at its edge, surfaces whole."""
    shapes = np.asarray(frame.geometry.values, dtype=object)
    shapely.prepare(area)
    inside = shapely.contains_properly(area, shapes)
    across = shapely.intersects(area, shapes) & ~inside
    lines = shapely.get_dimensions(shapes) == 1
    shapes = shapes.copy()
    shapes[across & lines] = shapely.intersection(shapes[across & lines], area)
    shapely.destroy_prepared(area)
    whole = frame.assign(geometry=list(shapes))[inside | across]
    parts = gpd.GeoDataFrame(whole.explode(ignore_index=True))
    dimension = shapely.get_dimensions(np.asarray(parts.geometry.values, dtype=object))
    touched = (dimension == 0) & ("highway" in parts.columns)  # a street that meets the edge in a point alone
    return gpd.GeoDataFrame(parts[~touched].reset_index(drop=True))


def _written(frame: gpd.GeoDataFrame, province_code: str) -> gpd.GeoDataFrame:
    """The frame in WGS 84, simplified and rounded, sorted."""
    metric = shapely.simplify(np.asarray(frame.geometry.values, dtype=object), SIMPLIFY_M)
    lonlat = shapely.transform(to_wgs84(metric, province_code), lambda xy: np.round(xy, DECIMALS))
    table = pd.DataFrame(frame.drop(columns="geometry"))
    order = np.lexsort([shapely.to_wkb(lonlat, hex=True).astype(str), table["name"].to_numpy(dtype=str)])
    return gpd.GeoDataFrame(table.iloc[order].reset_index(drop=True), geometry=list(lonlat[order]), crs=WGS84)


def file_of(city: City, what: str) -> Path:
    """The shipped file of a city's `streets`, `places` or `older_names`."""
    return settings.data_dir() / "places" / f"{city.slug}_{what}.parquet"


def parquet_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """A frame as GeoParquet, zstd at its strongest level."""
    import io

    stream = io.BytesIO()
    frame.to_parquet(stream, compression="zstd", compression_level=22, index=False)
    return stream.getvalue()


def main(argv: Sequence[str]) -> int:
    """Write the files of every city of the data set; 0 when they are written."""
    parser = argparse.ArgumentParser(prog="python -m geo.reference.build places", description=__doc__)
    parser.add_argument("base", type=Path, help="folder of the layers")
    parser.add_argument("--newer", action="append", default=[], metavar="CITY=FILE", help="a newer street layer")
    options = parser.parse_args(argv)
    newer: Mapping[str, str] = dict(entry.split("=", 1) for entry in options.newer)
    for city in cities():
        layer = Path(newer[city.slug]) if city.slug in newer else None
        made = build_city(city, folder_layers(options.base, city.slug), layer)
        for what, frame in zip(("streets", "places"), made, strict=True):
            path = file_of(city, what)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, parquet_bytes(frame))
        if layer is not None:
            write_atomic(file_of(city, "older_names"), parquet_bytes(build_older_names(city, options.base, layer)))
    return 0
