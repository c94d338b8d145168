"""The last twelve months of a site or a ward as a chart of the size of a word, for beside a number."""

from __future__ import annotations

from dataclasses import replace

from api.resources.visibility import visible
from api.web.base.page_context import PageContext
from geo.output.charts.months import small
from geo.situation import Situation
from geo.situation.site_reports import of_site
from geo.situation.trends import by_month


def month_spark(context: PageContext, months: tuple[int | None, ...], name: str) -> str:
    """The last twelve months as bars beside a number."""
    w = context.words
    said = ", ".join(w.text("trend.unknown_short") if value is None else str(value) for value in months)
    return small(w.text("trend.spark", name=name, months=said), months)


def spark_of(context: PageContext, situation: Situation, *, site: str = "", ward: str = "") -> str:
    """The last twelve months of a site or a ward, drawn small; '' for those who may see no reports of it."""
    if ward and not context.identity.viewer.sees_ward(ward):
        return ""
    frame = visible(context.service, situation, context.identity).reports
    if frame is None:
        return ""
    chosen = of_site(situation, site, frame) if site else (frame["ward_code"] == ward).to_numpy(dtype=bool)
    totals = tuple(month.total for month in by_month(replace(situation, reports=frame), chosen))
    return month_spark(context, totals, context.words.text("report.title"))
