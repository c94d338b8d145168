"""The newest streets win: where a newer layer of streets has a street, the older one's is left out."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.base.table import Geometries, Table, joined
from geo.reference.crs import to_metric

NEAR_M = 12.0
"""A street of two layers is one where their lines lie within so many metres of each other."""
_ALONG = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
_SAME = 4
"""Of five points along an older street, so many must lie near a newer one."""


def newest_win(older: Table, newer: Table, province_code: str) -> Table:
    """The streets of both layers; of a street that both have, the newer line.

    Where only the older one has a name, the newer line gets it: names were lost in a redrawing more often than a
    street lost its name. Distances are metres in the VN-2000 zone of the province.
    """
    if not len(newer):
        return older
    then, now = to_metric(older.geometries, province_code), to_metric(newer.geometries, province_code)
    tree = shapely.STRtree(now)
    nearest = _nearest(tree, then)
    same = (nearest >= 0).sum(axis=1) >= _SAME
    names = newer.name.copy()
    for row in np.flatnonzero(same & (older.name != "")):
        for at in np.unique(nearest[row][nearest[row] >= 0]):
            if not names[at] and _mostly_near(now[at], then[row]):
                names[at] = older.name[row]
    kinds = np.where((newer.kind == "alley") & (names != ""), "street", newer.kind)
    return joined(older.take(~same), Table(newer.geometries, kinds, names))


def _nearest(tree: shapely.STRtree, lines: Geometries) -> NDArray[np.intp]:
    """For each line, the number of the line of the tree nearest to each of five points along it; -1 for none near."""
    points = shapely.line_interpolate_point(np.repeat(lines, len(_ALONG)), np.tile(_ALONG, len(lines)), normalized=True)
    found = np.full(len(points), -1, dtype=np.intp)
    asked, there = tree.query_nearest(points, max_distance=NEAR_M, all_matches=False)
    found[asked] = there
    return found.reshape(len(lines), len(_ALONG))


def _mostly_near(line: shapely.Geometry, other: shapely.Geometry) -> bool:
    same = np.repeat(np.array([line], dtype=object), len(_ALONG))
    points = shapely.line_interpolate_point(same, _ALONG, normalized=True)
    return int((shapely.distance(points, other) <= NEAR_M).sum()) >= _SAME
