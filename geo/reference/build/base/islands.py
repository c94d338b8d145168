"""`data/base/islands.geojson`: Hoàng Sa and Trường Sa as points, from the wards of the country."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.files import write_atomic

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

ARCHIPELAGOS = (
    ("Đặc khu Hoàng Sa", "Quần đảo Hoàng Sa (Việt Nam)", "Hoàng Sa archipelago (Việt Nam)"),
    ("Đặc khu Trường Sa", "Quần đảo Trường Sa (Việt Nam)", "Trường Sa archipelago (Việt Nam)"),
)
"""Full name of the special zone, and the names on a map."""
_GRID_DEG = 0.05
"""Islands nearer than this to each other are one dot."""

_BELOW_DEG = 0.15
"""The name stands so far south of the southernmost island."""


def write_islands(country: GeoDataFrame, path: Path) -> None:
    """Write the islands of both archipelagos; `country` has `full_name` and areas in WGS 84.

    Raises
    ------
    InputError
        `country` holds not both special zones: it is not the whole country.
    """
    missing = [unit for unit, *_ in ARCHIPELAGOS if unit not in set(country["full_name"])]
    if missing:
        raise InputError(Problem("reference.no-archipelagos", "--country", units=", ".join(missing)))
    features = []
    for unit, name, name_en in ARCHIPELAGOS:
        shapes = np.asarray(country.geometry[country["full_name"] == unit].array, dtype=object)
        places = shapely.get_coordinates(shapely.centroid(shapely.get_parts(shapes)))
        _, first = np.unique(np.round(places / _GRID_DEG), axis=0, return_index=True)
        dots = places[np.sort(first)].round(3)
        middle = float(np.median(dots[:, 0])), float(dots[:, 1].min()) - _BELOW_DEG
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name, "name_en": name_en, "at": [round(middle[1], 2), round(middle[0], 2)]},
                "geometry": {"type": "MultiPoint", "coordinates": dots.tolist()},
            }
        )
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    write_atomic(path, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n')
