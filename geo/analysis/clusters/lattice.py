"""Circles about the reports, from a fixed lattice: as many as the reports make, wherever and however many they are.

For each radius the centres stand on a square lattice of `STEP` radii; a circle is looked at if it holds enough reports.
No report lies outside every circle of a radius, since half a lattice diagonal is less than the radius (0.53 of it at a
step of three quarters). A report lies in pi / STEP² = 5.6 circles of each radius on average, so that the number of
pairs grows with the reports and no faster, and nothing is thinned where they crowd. The lattice does not depend on the
reports: a circle of today is a circle of tomorrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints, checked_counts, require

STEP = 0.75
_REACH = 1  # a centre two cells away is one and a half steps off at least, 1.125 radii


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Circles and what they hold: pair k says that report `member[k]` lies in circle `zone[k]`.

    Pairs are ordered by circle, then by report; `first[z]` is the first pair of circle z, shape (circles + 1,).
    `centres_m` (circles, 2) and `radii_m` (circles,) are metres.
    """

    zone: Ints
    member: Ints
    first: Ints
    centres_m: Floats
    radii_m: Floats

    def __len__(self) -> int:
        return len(self.radii_m)

    @property
    def sizes(self) -> Ints:
        """The number of reports in each circle, shape (circles,)."""
        return np.diff(self.first)

    def of(self, zone: int) -> Ints:
        """The reports of one circle, ascending."""
        return self.member[self.first[zone] : self.first[zone + 1]]

    def only(self, wanted: npt.NDArray[np.bool_]) -> Lattice:
        """The wanted circles."""
        pairs = wanted[self.zone]
        number = np.cumsum(wanted) - 1
        sizes = self.sizes[wanted]
        return Lattice(
            number[self.zone[pairs]].astype(np.int64),
            self.member[pairs],
            np.r_[0, np.cumsum(sizes)].astype(np.int64),
            self.centres_m[wanted],
            self.radii_m[wanted],
        )


def lattice(points_m: Floats, radii_m: Sequence[float], min_cases: int) -> Lattice:
    """The circles of these radii that hold `min_cases` or more of the points (n, 2); the closed disc counts.

    Raises
    ------
    InputError
        Radii that are not above 0.
    """
    radii = np.sort(checked_counts(list(radii_m), len(radii_m), "radii_m"))
    require(bool(len(radii)) and bool((radii > 0).all()), "analysis.radii-not-positive", "radii_m")
    parts = [_of_radius(points_m, float(radius), min_cases) for radius in radii]
    sizes = np.concatenate([part.sizes for part in parts])
    counts = np.cumsum([0, *(len(part) for part in parts)])
    return Lattice(
        np.concatenate([part.zone + at for part, at in zip(parts, counts[:-1], strict=True)]),
        np.concatenate([part.member for part in parts]),
        np.r_[0, np.cumsum(sizes)].astype(np.int64),
        np.concatenate([part.centres_m for part in parts]),
        np.concatenate([part.radii_m for part in parts]),
    )


def _of_radius(points: Floats, radius: float, min_cases: int) -> Lattice:
    """The circles of one radius.

    Cell and report are one number each pair, so that one sort of numbers puts the pairs by circle, then by report.
    """
    step, count = STEP * radius, max(len(points), 1)
    cell = np.floor(points / step).astype(np.int64)
    corner = cell.min(axis=0, initial=np.iinfo(np.int32).max) - _REACH
    rows = int(cell[:, 1].max(initial=corner[1]) - corner[1]) + _REACH + 1
    pairs = []
    for i in range(-_REACH, _REACH + 1):
        for j in range(-_REACH, _REACH + 1):
            centre = (cell + (i, j) + 0.5) * step
            inside = np.flatnonzero(np.hypot(*(points - centre).T) <= radius)
            east, north = (cell[inside] + (i, j) - corner).T
            pairs.append((east * rows + north) * count + inside)
    pair = np.sort(np.concatenate(pairs))
    key, member = np.divmod(pair, count)
    begin = np.flatnonzero(np.diff(key, prepend=-1))
    size = np.diff(begin, append=len(key))
    enough = size >= min_cases
    found, sizes = np.column_stack(np.divmod(key[begin[enough]], rows)), size[enough]
    return Lattice(
        np.repeat(np.arange(len(sizes)), sizes),
        member[np.repeat(enough, size)],
        np.r_[0, np.cumsum(sizes)].astype(np.int64),
        (found + corner + 0.5) * step,
        np.full(len(sizes), radius),
    )
