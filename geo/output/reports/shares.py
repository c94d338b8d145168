"""How far a result is with the year's plan, and with the part of it that falls on a period."""

from __future__ import annotations

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.formats import NOTHING
from geo.i18n.translator import Translator


def of_year(w: Translator, result: Result) -> str:
    """The share of the year's figure that was reached; '–' where there is nothing to divide by or to divide."""
    return _share(w, result, 1.0)


def of_period(w: Translator, result: Result, part: float) -> str:
    """The same of the period's part: figures that add up over a year are spread evenly over it, others hold always."""
    return _share(w, result, part if _adds_up(result) else 1.0)


def change_since(w: Translator, result: Result, before: Attainment | None) -> str:
    """How much of a figure that adds up is new since the beginning of the period; '–' for others."""
    if not _adds_up(result) or result.value is None or result.suppressed:
        return NOTHING
    old = None if before is None else before.result(result.target.id).value
    return w.number(result.value - (old or 0.0), 1)


def _adds_up(result: Result) -> bool:
    return result.target.combine == "sum" and result.target.measure == "count" and result.target.rule != "none"


def _share(w: Translator, result: Result, part: float) -> str:
    if result.suppressed or result.value is None or result.target.rule == "none":
        return NOTHING
    if result.target.has_base:
        return NOTHING if result.share is None else w.percent(result.share * 100 / result.target.figure)
    return w.percent(result.value / (result.needed * part)) if result.needed else NOTHING
