"""The wards of the country as one coverage that is small enough to ship, and no farther from its source than promised.

Projected to one plane (UTM 48N: at its widest the country's scale is off by 0.3 %, of no matter for a tolerance),
snapped to 0.1 m, cleaned, slivers given back, generalised on shared edges (Visvalingam-Whyatt, so that they stay
shared), and laid on a grid in degrees. That can fold a narrow neck: vertices near such a fault are laid on a finer grid
until none is left.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.reference.build.country.source_outlines import distances, given_back

PLANE = 32648
GRID_M = 0.1
TOLERANCE_M = 8.0
"""Square root of the area of the triangles that are dropped."""
MAX_DISPLACEMENT_M = 20.0
GAP_M = 10.0
"""Gaps of the source that are nowhere wider are closed; with wider ones borders leave `MAX_DISPLACEMENT_M`."""
GRID_DEG = 2.0**-18
"""Coordinates are multiples of this (0.4 m): numbers of few bits take less than half the room of decimals."""
_FINEST_DEG = 2.0**-34
_NEAR_DEG = 0.0005

Shapes = NDArray[np.object_]


def generalised(source: Shapes, tolerance_m: float = TOLERANCE_M) -> tuple[Shapes, float]:
    """Wards in WGS 84 → the coverage that is shipped, in WGS 84, in the same order, and its greatest distance in metres
    from the source.

    Raises
    ------
    InputError
        The result is no coverage, or a ward's border is farther than `MAX_DISPLACEMENT_M` from the source.
    """
    plane = to_plane(source)
    simple = shapely.coverage_simplify(cleaned(plane), tolerance_m)
    made = rounded(_projected(simple, inverse=True))
    return made, _verified(plane, made)


def cleaned(plane: Shapes) -> Shapes:
    """A coverage in full detail, without narrow gaps; where wards of the source overlap, the first has the overlap."""
    # Without snapping some borders are not closed, and a ward is lost to its neighbour.
    options = {"gap_width": GAP_M, "snapping_distance": GRID_M / 2, "merge_strategy": "min_index"}
    clean = shapely.coverage_clean(shapely.set_precision(plane, GRID_M), **options)  # type: ignore[attr-defined]
    # Without their grid, on which slivers would have no area.
    return given_back(shapely.set_precision(clean, 0.0, mode="pointwise"), plane)


def to_plane(shapes: Shapes) -> Shapes:
    """WGS 84 → metres of `PLANE`."""
    return _projected(shapes, inverse=False)


def rounded(degrees: Shapes) -> Shapes:
    """A coverage (degrees) with coordinates on a grid of `GRID_DEG`, and on finer ones near where that breaks it."""
    made, near, fine, reach = _on_grid(degrees), np.empty((0, 2)), GRID_DEG, _NEAR_DEG
    while len(faults := _faults(made)) and fine > _FINEST_DEG:
        # Edges that cross may end far from where they do: the reach grows, too.
        near, fine, reach = np.vstack([near, faults]), fine / 16, reach * 2
        made = _on_grid(degrees, shapely.STRtree(np.asarray(shapely.points(near))), fine, reach)
    return made


def _on_grid(
    shapes: Shapes, near: shapely.STRtree | None = None, finer: float = GRID_DEG, reach: float = _NEAR_DEG
) -> Shapes:
    def xy(points: NDArray[np.float64]) -> NDArray[np.float64]:
        coarse: NDArray[np.float64] = np.round(points / GRID_DEG) * GRID_DEG
        if near is not None:
            close = near.query_nearest(shapely.points(points), max_distance=reach, all_matches=False)[0]
            coarse[close] = np.round(points[close] / finer) * finer
        return coarse

    found: Shapes = shapely.transform(shapes, xy)
    return found


def _faults(shapes: Shapes) -> NDArray[np.float64]:
    """Where shapes are no valid polygons, or no coverage: coordinates, a row each."""
    bent = ~shapely.is_valid(shapes)
    reasons = [text.partition("[")[2].rstrip("]").split() for text in shapely.is_valid_reason(shapes[bent])]
    points = np.array([[float(a), float(b)] for a, b in reasons]).reshape(-1, 2)
    return np.vstack([points, shapely.get_coordinates(shapely.coverage_invalid_edges(shapes))])


def _verified(source: Shapes, made: Shapes) -> float:
    """Greatest distance in metres of what was made (WGS 84) from the source (plane), for all wards."""
    sound = bool(shapely.is_valid(made).all()) and bool(shapely.coverage_is_valid(made))
    problems = [] if sound else [Problem("reference.coverage-invalid", "Việt Nam")]
    moved = distances(source, to_plane(made))
    problems += [
        Problem("reference.displaced", Message("place.feature", file="Việt Nam", number=row + 1), metres=moved[row])
        for row in np.flatnonzero(moved > MAX_DISPLACEMENT_M).tolist()
    ]
    if problems:
        raise InputError(problems)
    return float(moved.max())


def _projected(shapes: Shapes, *, inverse: bool) -> Shapes:
    from pyproj import Transformer

    codes = (PLANE, 4326) if inverse else (4326, PLANE)
    transformer = Transformer.from_crs(*codes, always_xy=True)

    def xy(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    found: Shapes = shapely.transform(np.asarray(shapes, dtype=object), xy)
    return found
