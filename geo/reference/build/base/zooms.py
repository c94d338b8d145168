"""What each zoom of a base shows, and how far it is generalised.

Zooms are those of web maps with tiles of 256 pixels: one pixel is 611 m across at zoom 8 and 9.6 m at zoom 14, at the
equator. Far out stand the roads between towns and the great waters; alleys and the names of houses' neighbours
(market, school) come with the closest zoom, which clients enlarge further.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.base.table import BaseLayers, Table, table

LEAST_ZOOM, MOST_ZOOM = 7, 14
_WORLD_M = 2 * math.pi * 6378137.0
_SIMPLE_PX = 0.35
"""A line leaves out what is smaller than so many pixels."""
_LEAST_LINE_PX = 5.0
_LEAST_AREA_PX = {"sea": 1.0, "river": 6.0, "lake": 10.0, "green": 24.0, "wood": 60.0}
_OTHER_AREA_PX = 40.0

FIRST_ZOOM: dict[str, dict[str, int]] = {
    "land": {"wood": 9, "green": 11, "built": 11, "works": 12, "campus": 13, "cemetery": 13},
    "water": {"sea": 7, "river": 8, "lake": 8},
    "waterways": {"river": 9, "canal": 11, "stream": 13},
    "rail": {"rail": 10, "metro": 11},
    "streets": {
        "motorway": 7, "trunk": 8, "primary": 9, "secondary": 10, "tertiary": 12, "link": 12, "street": 13,
        "alley": 14, "service": 14,
    },
    "borders": {"province": 7},
    "places": {"city": 7, "town": 10, "village": 12, "hamlet": 13, "square": 13},
    "landmarks": {"hospital": 13, "university": 13, "station": 13, "park": 13, "sight": 14, "market": 14,
                  "school": 14, "office": 14},
}  # fmt: skip
"""The first zoom at which each kind of each layer is shown; a kind that is not here is left out."""

_NAMED_FROM = {"streets": 11, "waterways": 8, "water": 8, "land": 13, "rail": 13}


def pixel_m(zoom: int) -> float:
    """Side of a pixel (256 to a tile) in metres of EPSG:3857."""
    return _WORLD_M / (1 << zoom) / 256


def at_zoom(ground: BaseLayers, zoom: int) -> BaseLayers:
    """A ground (EPSG:3857) as a zoom shows it: fewer kinds, merged lines, simpler shapes, names where they are read."""
    return {name: _layer(name, rows, zoom) for name, rows in ground.items() if len(rows)}


def _layer(name: str, rows: Table, zoom: int) -> Table:
    first = FIRST_ZOOM[name]
    shown = rows.take(np.array([zoom >= first.get(str(kind), 99) for kind in rows.kind], dtype=bool))
    if not len(shown):
        return shown
    if zoom < _NAMED_FROM.get(name, 0):
        shown = Table(shown.geometries, shown.kind, np.full(len(shown), "", dtype=object))
    dimension = shapely.get_dimensions(shown.geometries).max()
    if dimension == 0:
        return shown
    return _areas(shown, zoom) if dimension == 2 else _lines(shown, zoom)


def _lines(rows: Table, zoom: int) -> Table:
    """Lines of one kind and name as one, so that a tile says each once; stubs of far zooms left out."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(rows.kind, rows.name, strict=True)):
        groups.setdefault(key, []).append(row)
    merged = [shapely.line_merge(shapely.multilinestrings(_parts(rows.geometries[at]))) for at in groups.values()]
    simple = shapely.simplify(np.array(merged, dtype=object), _SIMPLE_PX * pixel_m(zoom), preserve_topology=False)
    if zoom < MOST_ZOOM:
        simple = np.array([_without_stubs(shape, zoom) for shape in simple], dtype=object)
    keys = list(groups)
    made = table(simple, [kind for kind, _ in keys], [name for _, name in keys])
    return made.moved(made.geometries)


def _parts(shapes: NDArray[np.object_]) -> list[shapely.Geometry]:
    parts = shapely.get_parts(shapes)
    return list(parts[shapely.get_dimensions(parts) == 1])


def _without_stubs(shape: shapely.Geometry, zoom: int) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    long = parts[shapely.length(parts) >= _LEAST_LINE_PX * pixel_m(zoom)]
    return shapely.MultiLineString(list(long))


def _areas(rows: Table, zoom: int) -> Table:
    least = np.array([_LEAST_AREA_PX.get(str(kind), _OTHER_AREA_PX) for kind in rows.kind]) * pixel_m(zoom) ** 2
    large = rows.take(shapely.area(rows.geometries) >= least)
    simple = shapely.simplify(large.geometries, _SIMPLE_PX * pixel_m(zoom), preserve_topology=True)
    return large.moved(shapely.make_valid(simple, method="structure", keep_collapsed=False))
