"""How far a result is with the year's plan, and with the part of it that falls on a period."""

from __future__ import annotations

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.formats import NOTHING
from geo.i18n.translator import Translator
from geo.output.reports.spans import Span


def of_year(w: Translator, result: Result) -> str:
    """The share of the year's figure that was reached; '–' where there is nothing to divide by or to divide."""
    return _percent(w, share_of(result, 1.0))


def of_period(w: Translator, result: Result, part: float) -> str:
    """The same of the period's part: figures that add up over a year are spread evenly over it, others hold always."""
    return _percent(w, share_of(result, part))


def change_since(w: Translator, result: Result, before: Attainment | None) -> str:
    """How much of a figure that adds up is new since the beginning of the period; '–' for others."""
    new = new_since(result, before)
    return NOTHING if new is None else w.number(new, 1)


def new_since(result: Result, before: Attainment | None) -> float | None:
    """As `change_since`, as a figure; None where there is none."""
    if not _adds_up(result) or result.value is None or result.suppressed:
        return None
    old = None if before is None else before.result(result.target.id).value
    return result.value - (old or 0.0)


def share_of(result: Result, part: float) -> float | None:
    """What was reached of the part of the year's figure that falls on a period (1: all of it), as a share."""
    if result.suppressed or result.value is None or result.target.rule == "none":
        return None
    if result.target.has_base:
        return None if result.share is None else result.share * 100 / result.target.figure
    asked = (result.needed or 0.0) * (part if _adds_up(result) else 1.0)
    return result.value / asked if asked else None


def state_of(result: Result, span: Span | None) -> str:
    """How a result is judged: what a year asks for is not missed, but under way, in a span before its end."""
    lasts = span is not None and span.last.month < 12
    waits = result.target.rule != "none" and not result.target.has_base
    return "under_way" if lasts and waits and result.state == "not_met" else result.state


def _adds_up(result: Result) -> bool:
    return result.target.combine == "sum" and result.target.measure == "count" and result.target.rule != "none"


def _percent(w: Translator, share: float | None) -> str:
    return NOTHING if share is None else w.percent(share)
