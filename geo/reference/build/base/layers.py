"""The ground of a city from a folder of layers: `CITY_streets_*.parquet`, `CITY_water_*.parquet`, and so on.

Layers are GeoParquet in degrees (WGS 84) with the fields `name` and `highway` or `class`, as they are cut from vector
tiles in the OpenMapTiles schema. A layer that is not there is left out; streets are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import DataFileMissingError, Problem
from geo.reference.base.table import BaseLayers, Table, joined, nothing, table
from geo.reference.build.base import classes
from geo.reference.geojson import read_frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Kind = Callable[[Any], str]


def read_layers(folder: Path, city: str) -> BaseLayers:
    """The ground of a city (its slug) as the files of a folder have it.

    Raises
    ------
    DataFileMissingError
        The folder has no streets of the city.
    InputError
        A file can't be read.
    """
    streets = [streets_of(frame) for frame in _frames(folder, city, "streets")]
    if not streets:
        raise DataFileMissingError(Problem("reference.no-base-layers", str(folder), city=city))
    return {
        "streets": joined(*streets, *map(streets_of, _frames(folder, city, "streets_minor"))),
        "water": _layer(folder, city, "water", classes.water_kind),
        "waterways": _layer(folder, city, "waterways", classes.waterway_kind),
        "rail": _layer(folder, city, "rail", classes.rail_kind),
        "land": joined(
            _layer(folder, city, "landuse", classes.land_kind),
            _layer(folder, city, "green", classes.land_kind, field="subclass"),
        ),
        "places": _named(_layer(folder, city, "places", classes.place_kind)),
        "landmarks": _landmarks(folder, city),
    }


def streets_of(frame: GeoDataFrame) -> Table:
    """The streets of a frame with `highway` and, where it has them, `name`."""
    names = _names(frame)
    kinds = [classes.street_kind(tag, name) for tag, name in zip(frame["highway"], names, strict=True)]
    return _shown(table(frame.geometry, kinds, names))


def _frames(folder: Path, city: str, layer: str) -> list[GeoDataFrame]:
    files = sorted(folder.glob(f"{city}_{layer}_osm[0-9]*.parquet"))
    return [read_frame(file) for file in files]


def _layer(folder: Path, city: str, layer: str, kind: Kind, field: str = "class") -> Table:
    tables = [table(frame.geometry, map(kind, frame[field]), _names(frame)) for frame in _frames(folder, city, layer)]
    return _shown(joined(*tables)) if tables else nothing()


def _landmarks(folder: Path, city: str) -> Table:
    """Landmarks of newer years first: what lies in both is named once."""
    newer = _layer(folder, city, "landmarks", classes.landmark_kind)
    older = _layer(folder, city, "pois", classes.landmark_kind, field="subclass")
    return _named(joined(newer, older))


def _names(frame: GeoDataFrame) -> list[str]:
    if "name" not in frame.columns:
        return [""] * len(frame)
    return [text.strip() if isinstance(text, str) else "" for text in frame["name"]]


def _shown(rows: Table) -> Table:
    return rows.take(np.array([bool(kind) for kind in rows.kind], dtype=bool))


def _named(rows: Table) -> Table:
    return rows.take(np.array([bool(name) for name in rows.name], dtype=bool))
