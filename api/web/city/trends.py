"""The trends that a visitor may see, as lines of a page and as tables for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from api.resources.visibility import visible
from api.web.base.page_context import PageContext
from api.web.coverage.access import coverage_of, periods
from api.web.coverage.overview import label
from api.web.sites.sparks import month_spark
from api.web.sites.view_models import ward_label
from geo.analysis.coverage.attainment import Attainment
from geo.output.charts.months import stacked
from geo.output.charts.parts import Series, Texture
from geo.output.charts.states import states
from geo.output.reports.wording import STATES
from geo.output.reports.wording import words as report_words
from geo.output.shared.theme import theme
from geo.reference.programmes import Period
from geo.reference.sites import site_number
from geo.situation import Situation
from geo.situation.trends import STATUSES, Month, YearSoFar, by_month, by_site, by_ward, so_far

MOST_WARDS = 10
MOST_PERIODS = 6
Span = Literal["half", "quarter", "month"]
SPANS: Mapping[Span, tuple[int, ...]] = {"half": (6, 12), "quarter": (3,), "month": (1,)}
"""How many months the periods of a span have."""
_FILLS = {"met": "#2f6f73", "under_way": "#bcdcd6", "not_met": "#d2854c", "incomplete": "#f0cd96", "missing": "#ffffff"}
_TEXTURES: Mapping[str, Texture] = {"not_met": "lines", "incomplete": "dots", "unfounded": "lines"}
"""Fills that are as grey as another one on paper."""
_BEFORE = "#7f2f22"


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A site or a ward: this year so far, the same days of the year before, the difference, and its months drawn."""

    path: str
    name: str
    now: str
    before: str
    change: str
    chart: str


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period of the programme: how many wards reported, and how many targets stand in which state (by state).

    `known`: up to which day entries count where the figures are published ones, '' where they are those of today.
    """

    id: str
    label: str
    reporting: str
    counts: dict[str, int]
    known: str = ""


def reports_seen(context: PageContext, situation: Situation) -> Situation:
    """The situation with the reports that the visitor may see."""
    return visible(context.service, situation, context.identity)


def total_line(context: PageContext, seen: Situation) -> TrendLine | None:
    """All reports; None where the visitor sees none."""
    found = so_far(seen)
    return None if found is None else _line(context, found, "", context.words.text("trend.all"))


def site_trends(context: PageContext, seen: Situation) -> list[TrendLine]:
    """Every site whose reports the visitor may see, in the order of the plan."""
    names = dict(zip(seen.sites["site_id"].astype(str), seen.sites["name"].astype(str), strict=True))
    return [
        _line(context, each, f"/sites/{each.key}", f"{site_number(each.key)} · {names[each.key]}")
        for each in _sites_seen(context, seen)
    ]


def _sites_seen(context: PageContext, seen: Situation) -> list[YearSoFar]:
    """Sites that run through a ward of the visitor's, or have a report there: of others nothing is known, not zero."""
    viewer, crossed = context.viewer, seen.crossings
    open_to = {
        str(site)
        for site, code in zip(crossed["site_id"], crossed["ward_code"], strict=True)
        if viewer.sees_all or viewer.sees_ward(code)
    }
    return [each for each in by_site(seen) if viewer.sees_all or each.key in open_to or each.now or each.before]


def ward_trends(context: PageContext, seen: Situation, most: int = MOST_WARDS) -> list[TrendLine]:
    """The wards with the most reports of this year."""
    names = ward_label(seen)
    found = [each for each in by_ward(seen) if each.key in names]
    return [_line(context, each, f"/wards/{each.key}", names[each.key]) for each in found[:most]]


def _line(context: PageContext, each: YearSoFar, path: str, name: str) -> TrendLine:
    w = context.words
    difference = None if each.before is None else each.now - each.before
    sign = "" if not difference else "+" if difference > 0 else "−"
    return TrendLine(
        path=path,
        name=name,
        now=w.number(each.now),
        before=w.text("trend.not_known") if each.before is None else w.number(each.before),
        change="" if difference is None else f"{sign}{w.number(abs(difference))}",
        chart=month_spark(context, each.months, name),
    )


def months_chart(context: PageContext, months: tuple[Month, ...]) -> str:
    """The months by status, with the same months of the year before as lines."""
    w, points = context.words, theme().points
    parts = [
        Series(
            w.text(f"report.status.{status}"),
            points[f"report-{status}"].fill,
            tuple(None if month.counts is None else month.counts[place] for month in months),
            _TEXTURES.get(status, ""),
        )
        for place, status in enumerate(STATUSES)
    ]
    marks = Series(w.text("trend.year_before"), _BEFORE, tuple(month.before for month in months))
    labels = [f"{month.first:%m/%y}" for month in months]
    return stacked(w.text("trend.by_month"), labels, parts, marks, w.text("trend.not_known"))


def months_table(seen: Situation) -> pd.DataFrame:
    """The months as a table: month, each status, total, the same month of the year before; empty where not known."""
    rows = [
        {"month": f"{month.first:%Y-%m}"}
        | dict(zip(STATUSES, month.counts or [None] * len(STATUSES), strict=True))
        | {"total": month.total, "year_before": month.before}
        for month in by_month(seen)
    ]
    return _whole(pd.DataFrame(rows, columns=["month", *STATUSES, "total", "year_before"]))


def places_table(context: PageContext, seen: Situation) -> pd.DataFrame:
    """Every site and ward that the visitor may see: reports of this year so far, and on the same days a year before."""
    names = dict(zip(seen.sites["site_id"].astype(str), seen.sites["name"].astype(str), strict=True)) | ward_label(seen)
    rows = [
        {
            "kind": kind,
            "id": each.key,
            "name": names.get(each.key, each.key),
            "this_year": each.now,
            "year_before": each.before,
        }
        for kind, found in (("site", _sites_seen(context, seen)), ("ward", by_ward(seen)))
        for each in found
    ]
    return _whole(pd.DataFrame(rows, columns=["kind", "id", "name", "this_year", "year_before"]))


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """Counts as whole numbers beside empty cells."""
    counts = [name for name in table.columns if name not in ("month", "kind", "id", "name")]
    return table.astype(dict.fromkeys(counts, "Int64"))


def attainments(context: PageContext, situation: Situation, span: Span = "half") -> list[tuple[Period, Attainment]]:
    """The last periods of a span that are over or under way, the latest last, as the visitor may see them.

    Half-years stand with their years.
    """
    listed = [period for period in reversed(periods(context, situation)) if period.months in SPANS[span]]
    begun = [period for period in listed if period.year * 12 + period.last_month - period.months < _month(situation)]
    found = [(period, coverage_of(context, situation, period).attainment) for period in begun[-MOST_PERIODS:]]
    return [(period, attained) for period, attained in found if attained is not None]


def _month(situation: Situation) -> int:
    return situation.day.year * 12 + situation.day.month


def period_lines(context: PageContext, found: list[tuple[Period, Attainment]]) -> list[PeriodLine]:
    """The periods with their tallies."""
    w = context.words
    return [
        PeriodLine(
            str(period),
            label(context, period),
            f"{w.number(attained.reporting.reporting)}/{w.number(attained.reporting.wards)}",
            dict(Counter(entry.state for entry in attained.results)),
            w.day(attained.day) if attained.audience == "public" else "",
        )
        for period, attained in found
    ]


def states_chart(context: PageContext, lines: list[PeriodLine]) -> str:
    """How many targets stand in which state, by period, and how many wards reported."""
    w, texts = context.words, report_words(context.words.lang)
    parts = [
        Series(
            texts.text(f"state_{state}"),
            _FILLS[state],
            tuple(line.counts.get(state, 0) for line in lines),
            _TEXTURES.get(state, ""),
        )
        for state in STATES
    ]
    notes = [w.text("trend.reporting_short", share=line.reporting) for line in lines]
    return states(w.text("trend.coverage"), [line.label for line in lines], parts, notes)


def coverage_table(found: list[tuple[Period, Attainment]]) -> pd.DataFrame:
    """Every target in every period: value, base, share, state; a suppressed figure is empty and says so."""
    rows = [
        {
            "period": str(period), "as_of": attained.day.isoformat(), "target": entry.target.id,
            "label": entry.target.label, "value": entry.value, "base": entry.base, "share": entry.share,
            "needed": entry.needed, "state": entry.state, "suppressed": entry.suppressed,
            "wards": entry.wards, "reporting": entry.reporting,
        }
        for period, attained in found
        for entry in attained.results
    ]  # fmt: skip
    return pd.DataFrame(rows)
