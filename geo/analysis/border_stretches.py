"""Where a route runs along a border, and between which wards: the stretches whose responsibility may be agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.analysis.crossings.neighbours import near_points
from geo.reference.tolerances import BORDER_M, SLIVER_M
from geo.spatial.chainage import Chainage
from geo.spatial.edge_index import EdgeIndex
from geo.spatial.measure import Ellipsoid

_STEP_M = 1.0


@dataclass(frozen=True, slots=True)
class BorderStretch:
    """A stretch within the border band of two wards or more: chainages in metres, and the rows of the wards."""

    from_m: float
    to_m: float
    wards: tuple[int, ...]


def border_stretches(route: Chainage, index: EdgeIndex, distance: float = BORDER_M) -> tuple[BorderStretch, ...]:
    """The stretches of a route within `distance` metres of a border, in the order of the route.

    Looked at each metre; a stretch is one as long as the wards beside it are the same, whichever of them it is in.
    What is shorter than a sliver is left out.
    """
    metres = route.sampled(_STEP_M)
    near = near_points(route.at(metres), index, Ellipsoid(), distance)
    beside: list[list[int]] = [[] for _ in metres]
    for point, ward in zip(near.point.tolist(), near.ward.tolist(), strict=True):
        beside[point].append(ward)
    return tuple(_runs(metres.tolist(), [tuple(sorted(wards)) for wards in beside]))


def _runs(metres: Sequence[float], beside: Sequence[tuple[int, ...]]) -> list[BorderStretch]:
    found, begin = [], 0
    for at in range(1, len(metres) + 1):
        if at < len(metres) and beside[at] == beside[begin]:
            continue
        stretch = BorderStretch(metres[begin], metres[at - 1], beside[begin])
        if len(stretch.wards) > 1 and stretch.to_m - stretch.from_m >= SLIVER_M:
            found.append(stretch)
        begin = at
    return found
