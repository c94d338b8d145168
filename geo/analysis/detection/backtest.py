"""How well the rules would have done: the last weeks held back, predicted from those before them.

Two questions. Where: the stretches of street that the past marks as likely, and the share of the held-back reports
that then fell on them, by the prediction accuracy index per street length (Chainey S., Tompson L., Uhlig S. 2008,
'The utility of hotspot mapping for predicting spatial patterns of crime', Security Journal 21, 4-28; street length
in place of area). When: the warnings and alerts that would have been raised, and how many of them nothing followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints, checked_counts, checked_days, require
from geo.analysis.detection.inputs import Corridors, Reports
from geo.analysis.detection.monitor import Finding, Monitor
from geo.analysis.detection.thresholds import Thresholds

_WEEK = 7
_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How the marked stretches did over the held-back weeks.

    `hits` of `reports` fell on marked stretches, which were `marked_share` of the street length (mean of the weeks).
    `hit_rate` is hits over reports; `pai` hit rate over marked share: 1 is no better than chance, NaN is no report.
    """

    weeks: int
    reports: int
    hits: int
    marked_share: float
    hit_rate: float
    pai: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """A warning or alert that would have been raised on `day`, and whether a verified report followed in its place."""

    day: int
    finding: Finding
    followed: bool


@dataclass(frozen=True, slots=True)
class Backtest:
    """Accuracy of place, and the alarms of the held-back weeks.

    `open` alarms are too young for anything to have followed and are in neither figure of false alarms.
    """

    accuracy: Accuracy
    alarms: tuple[Alarm, ...]
    open_alarms: int
    false_alarms: int
    false_alarms_per_month: float


def likelihood_by_stretch(
    stretch_of: Ints, days: Ints, day: int, length_m: Floats, half_life_days: float = 45.0
) -> Floats:
    """The past's weight for each stretch on a day, per metre, shape (stretches,).

    Each report before the day counts half as much after each `half_life_days`.
    """
    past = (stretch_of >= 0) & (days < day)
    weight = 0.5 ** ((day - days[past]) / half_life_days)
    total = np.bincount(stretch_of[past], weights=weight, minlength=len(length_m))
    return np.divide(total, length_m, out=np.zeros(len(length_m)), where=length_m > 0)


def place_accuracy(
    stretch_of: npt.ArrayLike,
    days: npt.ArrayLike,
    length_m: npt.ArrayLike,
    *,
    held_back_weeks: int,
    last_day: int,
    marked_share: float = 0.05,
    half_life_days: float = 45.0,
) -> Accuracy:
    """Mark `marked_share` of the street length each week from the weeks before, and count the reports that fall there.

    Parameters
    ----------
    stretch_of
        (n,) the number of the stretch that each report is on, -1 for none (those are left out).
    length_m
        Length of each stretch in metres.
    held_back_weeks, last_day
        The weeks to predict are the last so many up to and with `last_day`; each is predicted from all days before it.

    Raises
    ------
    InputError
        Lengths that differ, stretches that are not there, no street length, a share outside (0, 1), no week.
    """
    length = checked_counts(length_m, np.size(length_m), "length_m")
    stretch = np.asarray(stretch_of, dtype=np.int64).ravel()
    day = checked_days(days, len(stretch))
    require(not len(stretch) or bool(stretch.max() < len(length)), "analysis.stretch-unknown", "stretch_of")
    require(length.sum() > 0, "analysis.no-length", "length_m")
    require(0 < marked_share < 1, "analysis.share-open-range", "marked_share", value=marked_share)
    require(held_back_weeks >= 1, "analysis.weeks-range", "held_back_weeks", value=held_back_weeks)
    hits, count, share = 0, 0, 0.0
    for week in range(held_back_weeks, 0, -1):
        begin = last_day + 1 - week * _WEEK
        risk = likelihood_by_stretch(stretch, day, begin, length, half_life_days)
        marked = _marked(risk, length, marked_share)
        on = stretch[(day >= begin) & (day < begin + _WEEK) & (stretch >= 0)]
        hits, count = hits + int(marked[on].sum()), count + len(on)
        share += float(length[marked].sum() / length.sum()) / held_back_weeks
    rate = hits / count if count else float("nan")
    return Accuracy(held_back_weeks, count, hits, share, rate, rate / share if share else float("nan"))


def replayed_alarms(
    seen: Reports,
    sites: Corridors,
    *,
    held_back_from: int,
    last_day: int,
    observed_since: int,
    thresholds: Thresholds,
    follow_days: int = 30,
    seed: int = 0,
) -> tuple[Alarm, ...]:
    """The warnings and alerts of the days from `held_back_from` to `last_day`, as they would have been raised.

    An alarm of the same site, or in an overlapping circle, within `follow_days` of the last is the same alarm. It is
    `followed` if within `follow_days` after it a verified report came in its corridor or circle.
    """
    order = np.argsort(seen.days, kind="stable")
    ordered = seen.only(order[seen.days[order] <= last_day])
    monitor = Monitor(sites, observed_since=observed_since, thresholds=thresholds, seed=seed)
    past = ordered.days < held_back_from
    monitor.load(ordered.only(past))
    raised: list[tuple[int, Finding]] = []
    latest: list[tuple[int, Finding]] = []
    for row in np.flatnonzero(~past).tolist():
        (x, y), day = ordered.points_m[row].tolist(), int(ordered.days[row])
        for found in monitor.add(x, y, day, bool(ordered.verified[row])):
            if found.level == "watch":
                continue
            if not any(_same(found, f) and day - d <= follow_days for d, f in latest):
                raised.append((day, found))
            latest.append((day, found))
    return tuple(Alarm(d, f, _followed(f, d, ordered, sites, follow_days)) for d, f in raised)


def backtest(
    seen: Reports,
    sites: Corridors,
    stretch_of: npt.ArrayLike,
    length_m: npt.ArrayLike,
    *,
    held_back_weeks: int,
    last_day: int,
    observed_since: int,
    thresholds: Thresholds,
    marked_share: float = 0.05,
    follow_days: int = 30,
    seed: int = 0,
) -> Backtest:
    """Both questions at once; see `place_accuracy` and `replayed_alarms` for the parameters and errors."""
    accuracy = place_accuracy(
        stretch_of,
        seen.days,
        length_m,
        held_back_weeks=held_back_weeks,
        last_day=last_day,
        marked_share=marked_share,
    )
    alarms = replayed_alarms(
        seen,
        sites,
        held_back_from=last_day + 1 - held_back_weeks * _WEEK,
        last_day=last_day,
        observed_since=observed_since,
        thresholds=thresholds,
        follow_days=follow_days,
        seed=seed,
    )
    young = sum(not a.followed and a.day > last_day - follow_days for a in alarms)
    false = sum(not a.followed for a in alarms) - young
    months = held_back_weeks * _WEEK / _MONTH
    return Backtest(accuracy, alarms, young, false, false / months)


def _marked(risk: Floats, length: Floats, share: float) -> npt.NDArray[np.bool_]:
    """The likeliest stretches within the share of the length, one at the least; without a past none."""
    order = np.argsort(-risk, kind="stable")
    order = order[risk[order] > 0]
    inside = np.cumsum(length[order]) <= share * length.sum()
    inside[:1] = True
    marked = np.zeros(len(length), dtype=bool)
    marked[order[inside]] = True
    return marked


def _same(first: Finding, second: Finding) -> bool:
    if first.site is not None or second.site is not None:
        return first.site == second.site
    assert first.x_m is not None and first.y_m is not None and first.radius_m is not None
    assert second.x_m is not None and second.y_m is not None and second.radius_m is not None
    gap = float(np.hypot(first.x_m - second.x_m, first.y_m - second.y_m))
    return gap <= first.radius_m + second.radius_m


def _followed(found: Finding, day: int, ordered: Reports, sites: Corridors, follow_days: int) -> bool:
    after = ordered.verified & (ordered.days > day) & (ordered.days <= day + follow_days)
    places = ordered.points_m[after]
    if found.x_m is None or found.y_m is None or found.radius_m is None:
        return bool(found.site) and bool(sites.hold(places)[:, sites.site_ids.index(found.site)].any())
    gap = np.hypot(places[:, 0] - found.x_m, places[:, 1] - found.y_m)
    return bool((gap <= found.radius_m).any())
