"""The page of a city's trends, which prints on one A4, and its charts and tables as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import pandas as pd
from fastapi import APIRouter, Response
from fastapi import Path as PathParameter
from markupsafe import Markup
from starlette.exceptions import HTTPException

from api.core.responses import CSV, Answer, made
from api.http.response_cache import cached_response
from api.resources.feature_collections import collection
from api.web.base.file_names import attached, what_of
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.city.trends import (
    SPANS,
    Span,
    attainments,
    coverage_table,
    months_chart,
    months_table,
    period_lines,
    places_table,
    reports_seen,
    site_trends,
    states_chart,
    total_line,
    ward_trends,
)
from geo.output.shared.crossing_rows import inert_texts
from geo.output.shared.tables import with_bom
from geo.output.shared.theme import theme
from geo.situation import Situation
from geo.situation.trends import by_month

router = APIRouter(include_in_schema=False)

SVG = "image/svg+xml"


@router.get("/dashboard")
def dashboard(context: PageContextNeed, span: Span = "half") -> Response:
    """The city on a day: reports by month, site and ward, the programme over its periods, sites by level, flags."""
    situation = context.situation()
    seen = reports_seen(context, situation)
    months, periods = by_month(seen), period_lines(context, attainments(context, situation, span))
    return context.cached_page(
        "dashboard.html",
        situation=situation,
        months=Markup(months_chart(context, months)) if months else "",
        total=total_line(context, seen),
        waiting=0 if seen.reports is None else int((seen.reports["status"] == "unverified").sum()),
        open_flags=[flag for flag in seen.flags or () if flag.is_open and flag.rule != "exposure"],
        has_sites=len(situation.sites) > 0,
        levels=_levels(context, situation),
        sites=site_trends(context, seen),
        wards=ward_trends(context, seen),
        states=Markup(states_chart(context, periods)) if periods else "",
        periods=periods,
        span=span,
        spans=[(name, context.words.text(f"trend.span.{name}")) for name in SPANS],
        map_url=context.url("/maps/risk"),
    )


def _levels(context: PageContext, situation: Situation) -> list[tuple[str, str, int]]:
    """(level, its words, how many sites) in the order of gravity."""
    found = [row["level"] for row in collection("sites", situation).rows]
    labels = {level: context.words.pick(theme().lines[level].label) for level in situation.programme.level_ids}
    return [(level, words, found.count(level)) for level, words in labels.items()]


@router.get("/dashboard/{chart}.{ending}")
def chart_file(
    context: PageContextNeed,
    chart: Annotated[Literal["months", "places", "coverage"], PathParameter()],
    ending: Annotated[Literal["svg", "csv"], PathParameter()],
    span: Span = "half",
) -> Response:
    """A chart as SVG, or what it is drawn from as CSV; `span` is that of the periods of coverage."""
    if (chart, ending) not in _FILES:
        raise HTTPException(404)

    def answer() -> Answer:
        situation = context.situation()
        spanned = (span,) if chart == "coverage" and span != "half" else ()
        headers = attached(context, what_of(context, chart, situation.city, *spanned), ending, situation.day)
        text = _FILES[chart, ending](context, situation, span)
        return made(text.encode(), SVG if ending == "svg" else CSV, headers)

    return cached_response(context.request, context.service, context.identity, answer)


def _months_svg(context: PageContext, situation: Situation, _: Span) -> str:
    return months_chart(context, by_month(reports_seen(context, situation)))


def _coverage_svg(context: PageContext, situation: Situation, span: Span) -> str:
    return states_chart(context, period_lines(context, attainments(context, situation, span)))


def _csv(table: pd.DataFrame) -> str:
    return with_bom(inert_texts(table).to_csv(index=False, lineterminator="\n"))


_FILES: Mapping[tuple[str, str], Callable[[PageContext, Situation, Span], str]] = {
    ("months", "svg"): _months_svg,
    ("months", "csv"): lambda context, situation, _: _csv(months_table(reports_seen(context, situation))),
    ("places", "csv"): lambda context, situation, _: _csv(places_table(context, reports_seen(context, situation))),
    ("coverage", "svg"): _coverage_svg,
    ("coverage", "csv"): lambda context, situation, span: _csv(coverage_table(attainments(context, situation, span))),
}
