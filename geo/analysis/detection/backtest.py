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
from geo.analysis.detection.evidence import Evidence, MonitoredSites
from geo.analysis.detection.inputs import Bools
from geo.analysis.detection.monitor import Finding, Monitor
from geo.analysis.detection.thresholds import Thresholds

_WEEK = 7
_MONTH = 365.25 / 12
_YEAR = 365


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
    """A warning or alert that would have been raised on `day`, and whether a verified matter followed in its place.

    `by_chance` is the chance that one follows there at the place's own usual rate, without any new activity.
    """

    day: int
    finding: Finding
    followed: bool
    by_chance: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """Accuracy of place, and the alarms of the held-back weeks.

    `open_alarms` are too young for anything to have followed and are in neither figure of false alarms;
    `followed_by_chance` is how many of the others would be followed without any new activity: what follows says
    something only as far as it is more than that.
    """

    accuracy: Accuracy
    alarms: tuple[Alarm, ...]
    open_alarms: int
    false_alarms: int
    false_alarms_per_month: float
    followed_by_chance: float


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
    known: Evidence,
    monitored: MonitoredSites,
    *,
    held_back_from: int,
    last_day: int,
    thresholds: Thresholds,
    follow_days: int = 30,
    seed: int = 0,
) -> tuple[Alarm, ...]:
    """The warnings and alerts of the days from `held_back_from` to `last_day`, as they would have been raised.

    The days on which a matter was reported are looked at, with what was known by then. An alarm of the same site, or in
    an overlapping circle, within `follow_days` of the last is the same alarm. It is `followed` if within `follow_days`
    after it a verified matter came in its corridor or circle.
    """
    monitor = Monitor(known, monitored, thresholds=thresholds, seed=seed)
    days = np.unique(known.reports.days)
    raised: list[tuple[int, Finding]] = []
    latest: list[tuple[int, Finding]] = []
    for day in days[(days >= held_back_from) & (days <= last_day)].tolist():
        for found in monitor.findings(day):
            if found.level == "watch":
                continue
            if not any(_same(found, f) and day - d <= follow_days for d, f in latest):
                raised.append((day, found))
            latest.append((day, found))
    return tuple(_alarm(found, day, known, monitored, follow_days) for day, found in raised)


def backtest(
    known: Evidence,
    monitored: MonitoredSites,
    stretch_of: npt.ArrayLike,
    length_m: npt.ArrayLike,
    *,
    held_back_weeks: int,
    last_day: int,
    thresholds: Thresholds,
    marked_share: float = 0.05,
    follow_days: int = 30,
    seed: int = 0,
) -> Backtest:
    """Both questions at once; see `place_accuracy` and `replayed_alarms` for the parameters and errors."""
    accuracy = place_accuracy(
        stretch_of,
        known.reports.days,
        length_m,
        held_back_weeks=held_back_weeks,
        last_day=last_day,
        marked_share=marked_share,
    )
    alarms = replayed_alarms(
        known,
        monitored,
        held_back_from=last_day + 1 - held_back_weeks * _WEEK,
        last_day=last_day,
        thresholds=thresholds,
        follow_days=follow_days,
        seed=seed,
    )
    old = [alarm for alarm in alarms if alarm.followed or alarm.day <= last_day - follow_days]
    false = sum(not alarm.followed for alarm in old)
    months = held_back_weeks * _WEEK / _MONTH
    by_chance = float(sum(alarm.by_chance for alarm in old))
    return Backtest(accuracy, alarms, len(alarms) - len(old), false, false / months, by_chance)


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
    if first.x_m is None or second.x_m is None:
        return first.site == second.site and first.site is not None
    assert first.y_m is not None and first.radius_m is not None
    assert second.y_m is not None and second.radius_m is not None
    gap = float(np.hypot(first.x_m - second.x_m, first.y_m - second.y_m))
    return gap <= first.radius_m + second.radius_m


def _alarm(found: Finding, day: int, known: Evidence, monitored: MonitoredSites, follow_days: int) -> Alarm:
    """The alarm, whether it was followed, and how likely that is by the verified matters of the year before it."""
    here, days = known.reports.verified & _in_place(found, known, monitored), known.reports.days
    followed = bool((here & (days > day) & (days <= day + follow_days)).any())
    first = int(days[0])
    before = max(min(found.first_day - first, _YEAR), 1)
    usual = int((here & (days < found.first_day) & (days >= found.first_day - before)).sum())
    return Alarm(day, found, followed, float(-np.expm1(-usual / before * follow_days)))


def _in_place(found: Finding, known: Evidence, monitored: MonitoredSites) -> Bools:
    if found.x_m is not None and found.y_m is not None and found.radius_m is not None:
        gap = np.hypot(known.reports.points_m[:, 0] - found.x_m, known.reports.points_m[:, 1] - found.y_m)
        return np.asarray(gap <= found.radius_m)
    row = monitored.sites.site_ids.index(str(found.site))
    return np.asarray(known.held[:, row])
