"""From when a place is observed: recorded by the office, or proposed from its first reports. Before it there is no
base.

What nobody collected is no sign of quiet. A site is observed from its first report that is not alone: one old report
says nothing of a time in which nobody looked. A ward is observed from the city's first day unless its silence until its
first report is longer than chance explains by its own later rate, and what came then came from several places, without
the fullest of them too: one new place is news, however many tell of it; a whole ward that begins to report is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.detection.thresholds import ObservationRule

NEVER = np.iinfo(np.int64).max // 4
"""The day from which a place is observed of which nothing says that it is."""


def first_day(days: Ints, rule: ObservationRule) -> int:
    """The day of the first report that at least `company` others follow within `company_days`; `NEVER` without one.

    >>> from geo.analysis.detection.thresholds import load_thresholds
    >>> first_day(np.array([3, 1000, 1050, 1100]), load_thresholds().observation)
    1000
    """
    ordered = np.sort(days)
    more = np.searchsorted(ordered, ordered + rule.company_days, side="right") - np.arange(len(ordered)) - 1
    alone = more < rule.company
    return NEVER if alone.all() else int(ordered[np.flatnonzero(~alone)[0]])


def site_starts(site_days: Sequence[Ints], recorded: Sequence[int | None], city: int, rule: ObservationRule) -> Ints:
    """The day from which each site is observed (sites,): as recorded, else as proposed from its reports."""
    starts = [
        _site_start(days, city, rule) if known is None else known
        for days, known in zip(site_days, recorded, strict=True)
    ]
    return np.array(starts, dtype=np.int64)


def _site_start(days: Ints, city: int, rule: ObservationRule) -> int:
    late = late_start(days, city, rule)
    return first_day(days, rule) if late is None else max(late, first_day(days, rule))


def ward_starts(
    ward: Ints, points_m: Floats, days: Ints, recorded: Sequence[int | None], city: int, rule: ObservationRule
) -> Ints:
    """The day from which each ward is observed (wards,), the city's first day where nothing speaks against it.

    `ward` is the row of each report's ward, -1 for none; `recorded` what the office says of each ward, None for
    nothing.
    """
    starts = np.full(len(recorded), city, dtype=np.int64)
    order = np.argsort(ward, kind="stable")
    rows, first = np.unique(ward[order], return_index=True)
    for row, inside in zip(rows.tolist(), np.split(order, first[1:]), strict=True):
        if row >= 0 and recorded[row] is None:
            starts[row] = _ward_start(points_m[inside], days[inside], city, rule)
    for row, known in enumerate(recorded):
        if known is not None:
            starts[row] = known
    return starts


def late_start(days: Ints, city: int, rule: ObservationRule, share: float = 0.0) -> int | None:
    """The day from which a place reports, where so little before it is less than chance explains by its later rate.

    A few reports before do not hide it: `strays`, or `share` of what the later rate would have brought (a neighbour's,
    wrongly placed). None where too little is reported to say so: a burst is no beginning.
    """
    ordered = np.sort(days)
    count = len(ordered) - rule.ward_reports + 1
    if count < 1:
        return None
    before, begin = np.arange(count), ordered[:count]
    length = ordered[-1] - begin
    silence = (len(ordered) - before - 1) / np.maximum(length, 1) * (begin - city)
    fits = (length >= rule.ward_days) & (before <= np.maximum(rule.strays, share * silence))
    chance = np.where(fits, pdtr(before, np.maximum(silence, 0.0)), 1.0)
    best = int(chance.argmin())
    return int(begin[best]) if chance[best] < rule.chance else None


def _ward_start(points: Floats, days: Ints, city: int, rule: ObservationRule) -> int:
    begin = late_start(days, city, rule, rule.ward_stray_share)
    if begin is None:
        return city
    cells = np.floor(points / rule.ward_apart_m)
    late = days >= begin
    if late_start(days[_beside_the_fullest(cells, late)], city, rule, rule.ward_stray_share) is None:
        return city
    places = len(np.unique(cells[late & (days < begin + rule.ward_days)], axis=0))
    return begin if places >= rule.ward_places else city


def _beside_the_fullest(cells: Floats, late: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which reports lie outside the cell of most late ones and those round it: a crowd is no beginning."""
    found, count = np.unique(cells[late], axis=0, return_counts=True)
    return np.asarray((np.abs(cells - found[count.argmax()]) > 1).any(axis=1))
