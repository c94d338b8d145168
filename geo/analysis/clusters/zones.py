"""The windows in space that a scan looks through: circles, wards with their neighbours, stretches of a route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.analysis.clusters.inputs import Floats, Ints, checked_counts, checked_points, require
from geo.analysis.clusters.noise import counter_keys

# A scan of 999 simulations sorts all members of all circles each time: 100 000 take about six seconds.
_MOST_MEMBERS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Sets of places. Zone z holds the places `members[starts[z]:starts[z + 1]]`; `labels[z]` says what it is.

    `centres_m` (k, 2) and `radii_m` (k,) describe circles; both are NaN for other zones.
    """

    starts: Ints
    members: Ints
    labels: tuple[str, ...]
    centres_m: Floats
    radii_m: Floats

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def sizes(self) -> Ints:
        """The number of places in each zone, shape (k,)."""
        return np.diff(self.starts)

    def of(self, zone: int) -> Ints:
        """The places of one zone, ascending."""
        return self.members[self.starts[zone] : self.starts[zone + 1]]

    def keep(self, wanted: npt.NDArray[np.bool_]) -> Zones:
        """The wanted zones only."""
        sizes = self.sizes
        chosen = np.flatnonzero(wanted)
        starts = np.r_[0, np.cumsum(sizes[chosen])].astype(np.int64)
        members = self.members[np.repeat(wanted, sizes)]
        labels = tuple(self.labels[i] for i in chosen)
        return Zones(starts, members, labels, self.centres_m[chosen], self.radii_m[chosen])


def circles(points_m: npt.ArrayLike, radii_m: Sequence[float] = (150.0, 300.0), *, spacing_m: float = 25.0) -> Zones:
    """Circles round the places where reports are; the closed disc counts. Kulldorff (1997) takes the same centres.

    Centres stand on a grid of `spacing_m` metres wherever a report lies in the cell, so that thousands of reports at
    one place make one centre, and the order of reports plays no part. With `spacing_m=0` each place is its own centre.
    Circles that hold the same reports are kept once, as the smallest. Where thousands lie within a few streets the grid
    is doubled until the circles are few enough to scan in seconds.

    Raises
    ------
    InputError
        Points that are not finite pairs, or radii that are not above 0.
    """
    points = checked_points(points_m)
    radii = np.sort(checked_counts(list(radii_m), len(radii_m), "radii_m"))
    require(bool(len(radii)) and bool((radii > 0).all()), "analysis.radii-not-positive", "radii_m")
    if len(points) == 0:
        return _empty()
    centres = centres_of(points, spacing_m)
    tree = KDTree(points)
    while len(centres) > 1 and tree.count_neighbors(KDTree(centres), float(radii[-1])) > _MOST_MEMBERS:
        spacing_m = max(2 * spacing_m, float(radii[0]) / 8)
        centres = centres_of(points, spacing_m)
    near = tree.query_ball_point(centres, float(radii[-1]), return_sorted=True)
    sizes = np.fromiter((len(found) for found in near), dtype=np.int64, count=len(near))
    member = np.concatenate([np.asarray(found, dtype=np.int64) for found in near])
    centre = np.repeat(np.arange(len(centres)), sizes)
    gap = np.hypot(*(points[member] - centres[centre]).T)
    return _distinct(_nested(centre, member, gap, centres, radii))


def centres_of(points: Floats, spacing_m: float) -> Floats:
    """The middles of the grid cells of `spacing_m` that hold points (k, 2); with 0 the distinct points themselves."""
    if spacing_m <= 0:
        return np.asarray(np.unique(points, axis=0))
    cells = np.unique(np.floor(points / spacing_m), axis=0)
    return np.asarray((cells + 0.5) * spacing_m)


def neighbourhoods(ward_of: Sequence[str], neighbours: Mapping[str, Sequence[str]]) -> Zones:
    """Each ward that holds a report, alone and together with its neighbours; order of the wards: by code.

    Parameters
    ----------
    ward_of
        The ward code of each report; an empty code is a report outside all wards and in no zone.
    neighbours
        Ward code to the codes of the wards that touch it.
    """
    wards = np.asarray(list(ward_of), dtype=object)
    present = sorted({str(w) for w in wards if w})
    places = {w: np.flatnonzero(wards == w) for w in present}
    sets: list[Ints] = []
    labels: list[str] = []
    for ward in present:
        around = [ward, *(w for w in neighbours.get(ward, ()) if w in places and w != ward)]
        sets += [places[ward], np.sort(np.concatenate([places[w] for w in around]))]
        labels += [ward, f"{ward}+"]
    return _of_sets(sets, labels)


def stretches(
    route_of: Sequence[str],
    chainage_m: npt.ArrayLike,
    lengths_m: Sequence[float] = (250.0, 500.0, 1000.0, 2000.0),
) -> Zones:
    """Stretches of a route that begin at a report and are `lengths_m` long, both ends counted.

    Parameters
    ----------
    route_of
        The route of each report; an empty id is a report on no route and in no zone.
    chainage_m
        Metres from the route's start, one a report; of no matter for a report on no route (0 will do).

    Raises
    ------
    InputError
        Lengths that do not match, or chainages below 0 or not finite.
    """
    routes = np.asarray(list(route_of), dtype=object)
    along = checked_counts(chainage_m, len(routes), "chainage_m")
    sets: list[Ints] = []
    labels: list[str] = []
    for route in sorted({str(r) for r in routes if r}):
        on = np.flatnonzero(routes == route)
        on = on[np.argsort(along[on], kind="stable")]
        place = along[on]
        for length in sorted(lengths_m):
            first = np.unique(place, return_index=True)[1]
            last = np.searchsorted(place, place[first] + length, side="right")
            sets += [np.sort(on[a:b]) for a, b in zip(first, last, strict=True)]
            labels += [f"{route}:{place[a]:.0f}-{place[a] + length:.0f}" for a in first]
    return _of_sets(sets, labels)


def _of_sets(sets: Sequence[Ints], labels: Sequence[str]) -> Zones:
    if not sets:
        return _empty()
    starts = np.r_[0, np.cumsum([len(s) for s in sets])].astype(np.int64)
    nowhere = np.full((len(sets), 2), np.nan)
    return _distinct(Zones(starts, np.concatenate(sets).astype(np.int64), tuple(labels), nowhere, nowhere[:, 0].copy()))


def _nested(centre: Ints, member: Ints, gap: Floats, centres: Floats, radii: Floats) -> Zones:
    inside = [gap <= radius for radius in radii]
    sizes = np.concatenate([np.bincount(centre[i], minlength=len(centres)) for i in inside])
    middle = np.tile(centres, (len(radii), 1))
    reach = np.repeat(radii, len(centres))
    labels = tuple(f"{r:.0f} m round {x:.0f}, {y:.0f}" for (x, y), r in zip(middle, reach, strict=True))
    members = np.concatenate([member[i] for i in inside])
    return Zones(np.r_[0, np.cumsum(sizes)].astype(np.int64), members, labels, middle, reach)


def _distinct(zones: Zones) -> Zones:
    """The first of each set of zones with the same members, recognised by the sum of its members' random words."""
    filled = zones.keep(zones.sizes > 0)
    if len(filled) == 0:
        return filled
    words = counter_keys(int(filled.members.max()) + 1, seed=0)
    sums = np.add.reduceat(words[filled.members], filled.starts[:-1])
    _, first = np.unique(np.stack([sums, filled.sizes.astype(np.uint64)]), axis=1, return_index=True)
    wanted = np.zeros(len(filled), dtype=bool)
    wanted[first] = True
    return filled.keep(wanted)


def _empty() -> Zones:
    none = np.zeros(0, dtype=np.int64)
    return Zones(np.zeros(1, dtype=np.int64), none, (), np.zeros((0, 2)), np.zeros(0))
