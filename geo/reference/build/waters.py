"""Rivers with their banks, and lakes, from lines and surfaces of water."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP_M = 40.0
"""Spacing of the places along a river at which its width is measured."""
WIDEST_M = 1500.0
"""A bank is looked for this far from the middle of a river."""
NARROW_M = 8.0
"""Half the width of a river that is drawn as a line only."""
SMOOTH = 5
"""The half width is the median of so many measurements."""
SIMPLIFY_M = 4.0
SMALLEST_LAKE_M2 = 1000.0


def waters(lines: gpd.GeoDataFrame, surfaces: gpd.GeoDataFrame) -> pd.DataFrame:
    """Named rivers and lakes (both layers in metres, columns `name`, `class`).

    Rows have `kind` (`river`, `bank_left`, `bank_right`: seen downstream as drawn; `lake`), `name`, and `geometry`.
    """
    rows = [*_rivers(lines, np.asarray(surfaces.geometry.values, dtype=object)), *_lakes(surfaces)]
    table = pd.DataFrame(rows, columns=["kind", "name", "geometry"])
    return table.assign(street="", number=0.0)


def _rivers(lines: gpd.GeoDataFrame, surfaces: NDArray[np.object_]) -> Iterator[tuple[str, str, shapely.Geometry]]:
    tree = shapely.STRtree(surfaces)
    named = lines[lines["name"].notna() & (lines["name"].astype(str) != "")]
    for name, group in named.groupby("name"):
        whole = shapely.line_merge(shapely.union_all(np.asarray(group.geometry.values, dtype=object)), directed=True)
        for part in shapely.get_parts(whole):
            if shapely.length(part) < 2 * STEP_M:
                continue
            left, right = _banks(part, tree, surfaces)
            yield ("river", str(name), shapely.simplify(part, SIMPLIFY_M))
            yield ("bank_left", str(name), shapely.simplify(left, SIMPLIFY_M))
            yield ("bank_right", str(name), shapely.simplify(right, SIMPLIFY_M))


def _banks(
    river: shapely.LineString, tree: shapely.STRtree, surfaces: NDArray[np.object_]
) -> tuple[shapely.LineString, shapely.LineString]:
    at = np.linspace(0.0, river.length, max(3, int(river.length / STEP_M)))
    points = shapely.line_interpolate_point(river, at)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(river, np.minimum(at + 15.0, river.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(river, np.maximum(at - 15.0, 0.0)))
    along = ahead - behind
    along /= np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    xy = shapely.get_coordinates(points)
    sides = []
    for sign in (1.0, -1.0):
        width = _half_width(points, xy, sign * normal, tree, surfaces)
        sides.append(shapely.LineString(xy + sign * normal * width[:, None]))
    return sides[0], sides[1]


def _half_width(
    points: NDArray[np.object_],
    xy: NDArray[np.float64],
    normal: NDArray[np.float64],
    tree: shapely.STRtree,
    surfaces: NDArray[np.object_],
) -> NDArray[np.float64]:
    """Metres from each point of a river to the edge of the surface in which it lies."""
    rays = np.asarray(shapely.linestrings(np.stack([xy, xy + normal * WIDEST_M], axis=1)), dtype=object)
    width = np.full(len(points), NARROW_M)
    for point, surface in tree.query(points, predicate="intersects").T:
        inside = shapely.get_parts(shapely.intersection(rays[point], surfaces[surface]))
        first = inside[shapely.distance(inside, points[point]) < 1.0]
        if len(first):
            width[point] = max(width[point], float(shapely.length(first).max()))
    padded = np.pad(width, SMOOTH // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH)
    smooth: NDArray[np.float64] = np.median(windows, axis=1)
    return smooth


def _lakes(surfaces: gpd.GeoDataFrame) -> Iterator[tuple[str, str, shapely.Geometry]]:
    named = surfaces[surfaces["name"].notna() & (surfaces["class"] == "lake")]
    for name, shape in zip(named["name"], named.geometry, strict=True):
        if shape.area >= SMALLEST_LAKE_M2 and not str(name).startswith("Sông"):
            yield ("lake", str(name), shapely.simplify(shape, SIMPLIFY_M))
