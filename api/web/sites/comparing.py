"""Days with which the map of a city is worth comparing: its last review, the day of its plan, a year ago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.resources.visibility import review_rows, visible
from api.web.base.page_context import PageContext
from geo.records.ledger.seed_from_plan import plan_documents
from geo.situation import Situation


@dataclass(frozen=True, slots=True)
class Preset:
    """A day to compare with: `key` names its words (`compare.since_review`)."""

    key: str
    day: date


def presets(context: PageContext, situation: Situation) -> list[Preset]:
    """The presets before the day of a situation, as the visitor may see it; none where nothing gives one."""
    return [preset for preset in _all(context, situation) if preset.day < situation.day]


def _all(context: PageContext, situation: Situation) -> Iterator[Preset]:
    reviews = [
        date.fromisoformat(row["day"]) for row in review_rows(visible(context.service, situation, context.identity))
    ]
    if earlier := [day for day in reviews if day < situation.day]:
        yield Preset("compare.since_review", max(earlier))
    plans = plan_documents(set(situation.sites["document"]))
    if days := [plan.day for plan in plans if plan is not None and plan.day is not None]:
        yield Preset("compare.since_plan", max(days))
    yield Preset("compare.since_year", _year_before(situation.day))


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
