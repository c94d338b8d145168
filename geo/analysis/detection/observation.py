"""From when a place is observed: recorded by the office, or proposed from its first reports. Before it there is no
base.

What nobody collected is no sign of quiet. A site is observed from its first report that is not alone: one old report
says nothing of a time in which nobody looked. A ward is observed from the city's first day unless its silence until its
first report is longer than chance explains by its own later rate, and what came then came from several places: one new
place is news, a whole ward that begins to report is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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


def site_starts(site_days: Sequence[Ints], recorded: Sequence[int | None], rule: ObservationRule) -> Ints:
    """The day from which each site is observed (sites,): as recorded, else as proposed from its reports."""
    starts = [
        first_day(days, rule) if known is None else known for days, known in zip(site_days, recorded, strict=True)
    ]
    return np.array(starts, dtype=np.int64)


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


def late_start(days: Ints, city: int, rule: ObservationRule) -> int | None:
    """The day from which a place reports, where its silence since the city's first day is longer than chance explains.

    None where too little is reported to say so, or it may as well have been silent by chance: a burst is no beginning.
    """
    begin = first_day(days, rule)
    if begin == NEVER:
        return None
    count, length = int((days >= begin).sum()), int(days.max()) - begin
    if count < rule.ward_reports or length < rule.ward_days:
        return None
    return begin if (count - 1) / length * (begin - city) > rule.ward_silence else None


def _ward_start(points: Floats, days: Ints, city: int, rule: ObservationRule) -> int:
    begin = late_start(days, city, rule)
    if begin is None:
        return city
    early = (days >= begin) & (days < begin + rule.ward_days)
    places = len(np.unique(np.floor(points[early] / rule.ward_apart_m), axis=0))
    return begin if places >= rule.ward_places else city
