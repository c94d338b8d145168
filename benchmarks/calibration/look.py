"""What the rules say in a city-year: the days on which something may be raised, and what is raised on them.

A year holds 364 daily looks. The numbers of all of them are computed at once, by the functions that a single look uses,
to find the days on which a warning is possible; on those the monitor itself is asked, as on any day in an office.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.calibration.city import BEGINS, ENDS, Year
from geo.analysis.clusters.inputs import Ints
from geo.analysis.clusters.prospective import windows_of_looks
from geo.analysis.detection.collapse import collapsed
from geo.analysis.detection.evidence import MonitoredSites, evidence, observed, site_records
from geo.analysis.detection.monitor import REFRESH_DAYS, Finding, Monitor
from geo.analysis.detection.reactivation import looks_at
from geo.analysis.detection.thresholds import Thresholds

LEVELS = ("watch", "warning", "alert")
_AFTER = 14
_LOOKS = 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said in one year: the highest level by rule, at which level and after how many days the planted.

    `raised` maps a rule to its highest level from warning up; `found` is the highest level at which the planted was
    found, `delay` the days until it was found as a warning; both None if it was not.
    """

    raised: dict[str, str]
    found: str | None
    delay: int | None


def outcome_of(one: Year, thresholds: Thresholds) -> Outcome:
    """Look at a year."""
    matters = collapsed(one.reports, thresholds.collapse, effort=one.effort)
    monitored = MonitoredSites(one.sites, dealt=one.dealt)
    known, rows = evidence(matters.reports, monitored, ward=one.ward[matters.first])
    monitor = Monitor(known, monitored, thresholds=thresholds)
    planted = set(np.unique(np.argsort(rows)[matters.matter_of[one.planted]]).tolist())
    raised: dict[str, str] = {}
    found, delay = None, None
    for day in _days(monitor, one):
        for finding in monitor.findings(day):
            if finding.level == "watch":
                continue
            raised[finding.rule] = _higher(raised.get(finding.rule), finding.level)
            if one.window and _is_planted(finding, one, planted, day):
                found = _higher(found, finding.level)
                delay = day - one.window[0] if delay is None else delay
    return Outcome(raised, found, delay)


def _days(monitor: Monitor, one: Year) -> list[int]:
    """The days on which a warning is possible: the likeliest of each rule, and the first ones within the window."""
    found: dict[int, float] = {}
    for begin in range(BEGINS, ENDS, REFRESH_DAYS):
        for day, excess in _possible(monitor, begin, begin + REFRESH_DAYS - 1).items():
            found[day] = max(found.get(day, 0.0), excess)
    if one.dealt:
        lengths = monitor.thresholds.displacement.lengths_days
        found |= {since + n: 1.0 for _, since in one.dealt for n in lengths if since + n < ENDS}
    strongest = sorted(found, key=lambda day: -found[day])[: _LOOKS // 2]
    if one.window:
        inside = sorted(day for day in found if one.window[0] <= day < one.window[1] + _AFTER)
        step = max(len(inside) // _LOOKS, 1)
        strongest += inside[:4] + inside[::step]
    return sorted(set(strongest))


def _possible(monitor: Monitor, begin: int, end: int) -> dict[int, float]:
    """Days from `begin` to `end` on which a look may warn, with how far it passes what a warning takes."""
    found: dict[int, float] = {}
    corrections = monitor.corrections(begin)
    rule = monitor.thresholds
    for upto in (begin, end):
        # Whether a place counts as observed may change within the half-year: as it is known first, and last.
        known = monitor.known.upto(end)
        seen = observed(monitor.known.upto(upto), monitor.monitored, rule.observation)
        if upto == end:
            for record in site_records(known, seen, begin, rule):
                looks = np.unique(record.days[(record.days >= begin) & (record.days <= end)])
                if not len(looks):
                    continue
                least = looks_at(record, looks, rule.reactivation).weighted.min(axis=1)
                corrected = np.array([corrections.looks.corrected(float(p)) for p in least])
                _note(found, looks, np.log(rule.reactivation.warning_p * 1.2 / np.maximum(corrected, 1e-12)))
        ready = monitor.scan_of(known, end, seen)
        if ready is None or corrections.scan.greatest.scale <= 0:
            continue
        past, zones, since = ready
        lengths = np.array(rule.clusters.lengths_days)
        windows = windows_of_looks(past, zones, since, past.days, begin, lengths, rule.clusters.min_reports)
        least = corrections.scan.score_at(rule.clusters.warning_p * 1.2)
        _note(found, windows.end + past.origin, corrections.scan.scores(windows.llr, windows.length) - least)
    return found


def _note(found: dict[int, float], days: Ints, excess: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    for day, much in zip(days[excess >= 0].tolist(), excess[excess >= 0].tolist(), strict=True):
        found[day] = max(found.get(day, 0.0), much)


def _is_planted(finding: Finding, one: Year, planted: set[int], day: int) -> bool:
    """Whether a finding is of what was planted: its site, or three or more of its matters, while it goes on."""
    assert one.window is not None
    if not one.window[0] <= day < one.window[1] + _AFTER:
        return False
    if one.dealt:
        return finding.rule == "displacement"
    if one.site is not None and finding.site == one.sites.site_ids[one.site]:
        return True
    return one.site is None and len(planted.intersection(finding.members)) >= 3


def _higher(first: str | None, second: str) -> str:
    return second if first is None else max(first, second, key=LEVELS.index)
