"""The layers of a city from an extract of OpenStreetMap, under the names and fields that a folder of layers has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.reference.build.base.osm import Box, Tags, read_osm_layer, tags_of
from geo.reference.build.places import Layers, no_layer
from geo.reference.crs import WGS84
from geo.reference.streets.ways import TAGS

Fields = Callable[[Tags], Mapping[str, str] | None]
_POINT_KEYS = ("amenity", "railway", "tourism", "leisure", "historic", "shop", "office")
_CLASSES = {"townhall": "town_hall"}


def osm_layers(file: Path, box: Box) -> Layers:
    """The layers of an extract inside `box` (west, south, east, north; degrees WGS 84).

    Raises
    ------
    InputError
        As `read_osm_layer`.
    """
    lines, areas, points = (read_osm_layer(file, name, box) for name in ("lines", "multipolygons", "points"))
    both = pd.concat([points, _centres(areas)], ignore_index=True)
    spots = gpd.GeoDataFrame(both, geometry="geometry", crs=WGS84)
    made = {
        "streets": _layer(lines, _street),
        "waterways": _layer(lines, lambda tags: _named(tags, tags.get("waterway", ""))),
        "water": _layer(areas, _water),
        "pois": _layer(spots, _point),
        "places": _layer(points, lambda tags: _named(tags, tags.get("place", ""))),
        "housenumbers": _layer(spots, _number),
    }
    return lambda name: made.get(name, no_layer())


def _layer(frame: gpd.GeoDataFrame, fields: Fields) -> gpd.GeoDataFrame:
    rows = [fields(tags) for tags in tags_of(frame)]
    held = np.array([row is not None for row in rows], dtype=bool)
    table = pd.DataFrame([row for row in rows if row is not None], dtype=object)
    if table.empty:
        return no_layer()
    shapes: list[Any] = list(frame.geometry[held])
    whole = gpd.GeoDataFrame(table.fillna(""), geometry=shapes, crs=WGS84)
    return gpd.GeoDataFrame(whole.explode(ignore_index=True))


def _centres(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Buildings and grounds as points: a school or a house number is often drawn as an area."""
    return areas.set_geometry(areas.geometry.representative_point())


def _street(tags: Tags) -> Mapping[str, str] | None:
    if not tags.get("highway"):
        return None
    bridge = tags.get("bridge", "")
    own = {tag: tags.get(tag, "") for tag in TAGS}
    return own | {"bridge": "" if bridge == "no" else bridge, "bridge_name": tags.get("bridge:name", "")}


def _named(tags: Tags, kind: str) -> Mapping[str, str] | None:
    return {"name": tags["name"], "class": kind} if kind and tags.get("name") else None


def _water(tags: Tags) -> Mapping[str, str] | None:
    if tags.get("natural") != "water" and tags.get("waterway") != "riverbank":
        return None
    running = tags.get("water") in ("river", "canal", "stream") or tags.get("waterway") == "riverbank"
    return {"name": tags.get("name", ""), "class": "river" if running else "lake"}


def _point(tags: Tags) -> Mapping[str, str] | None:
    kind = next((tags[key] for key in _POINT_KEYS if tags.get(key)), "")
    if not kind or not tags.get("name"):
        return None
    return {"name": tags["name"], "class": _CLASSES.get(kind, kind), "subclass": kind}


def _number(tags: Tags) -> Mapping[str, str] | None:
    number = tags.get("addr:housenumber", "")
    return {"housenumber": number} if number else None
