"""What flags from reports say to a ward officer: one sentence, no more than the numbers, nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo.analysis.detection.monitor import Finding
from geo.analysis.flags.near import Repeats
from geo.analysis.flags.places import day_of
from geo.i18n.message import Message, listed


def reactivation_text(found: Finding, name: str, reports: int) -> Message:
    """A site (`name` with its number) against its own past and the rest of the city; `reports` of its matters."""
    return Message(
        "analysis.flag.reactivation",
        name=name,
        days=found.last_day - found.first_day + 1,
        until=day_of(found.last_day),
        reports=_counted(found, reports),
        expected=_expected(found.expected),
        sure=_sure(found, Message("analysis.flag.sure-site", sites=found.sites, **_chance(found.p))),
    )


def cluster_text(found: Finding, where: Any, sites: Sequence[str], reports: int, days: tuple[int, int]) -> Message:
    """Reports that crowd in wards (`where`) on `days` (first, last); `sites` whose corridors they touch, maybe none."""
    touching = [Message("analysis.flag.site", name=name) for name in sites]
    away = Message("analysis.flag.away")
    return Message(
        "analysis.flag.cluster",
        since=day_of(days[0]),
        until=day_of(days[1]),
        reports=_counted(found, reports),
        metres=found.radius_m or 0,
        where=where,
        days=found.last_day - found.first_day + 1,
        expected=_expected(found.expected),
        known=Message("analysis.flag.touching", sites=listed(touching)) if touching else away,
        sure=_sure(found, Message("analysis.flag.sure-cluster", **_chance(found.p))),
    )


def displacement_text(found: Finding, name: str, reports: int) -> Message:
    """The ring of a site (`name` with its number) after it was dealt with on the finding's first day; `reports` of its
    matters."""
    moved = Message("analysis.flag.not-fallen")
    if found.wdq is not None:
        moved = Message("analysis.flag.quotient", value=found.wdq)
    return Message(
        "analysis.flag.displacement",
        name=name,
        since=day_of(found.first_day),
        until=day_of(found.last_day),
        reports=_counted(found, reports),
        expected=_expected(found.expected),
        moved=moved,
        sure=_sure(found, Message("analysis.flag.sure-ring", **_chance(found.p))),
    )


def standing_text(raised: date, level: str, last: date | None, place: Any, days: int) -> Message:
    """A flag that stands because nobody closed it: raised on a day at a level; `last` report in its place, if any.

    `days` without one end it.
    """
    fresh = Message("analysis.flag.no-report") if last is None else Message("analysis.flag.last-report", day=last)
    name = Message(f"analysis.flag.level-{level}")
    return Message("analysis.flag.standing", place=place, raised=raised, level=name, last=fresh, days=days)


def near_repeat_text(count: int, reports: int, where: Any, until: date, raised: Repeats) -> Message:
    """`count` verified matters, of so many reports, round which the risk stays raised until a day, by what repeats
    showed so far."""
    return Message(
        "analysis.flag.near-repeat",
        until=until,
        metres=raised.distance_m,
        recent=_recent(count, reports),
        where=where,
        places=raised.places,
        pairs=raised.pairs,
        days=raised.days,
        expected=_expected(raised.expected),
    )


def _expected(value: float) -> Message:
    """An expected count: one decimal, or 'under 0.1'."""
    return Message("analysis.flag.expected", value=value) if value >= 0.095 else Message("analysis.flag.expected-least")


def _chance(p: float) -> dict[str, Any]:
    """A chance in percent ('under 0.1 %', a decimal below 10 %) and in how many years it comes about once."""
    if p < 0.001:
        return {"chance": Message("analysis.flag.chance-least"), "years": Message("analysis.flag.years-most")}
    said = Message("analysis.flag.chance-small" if p < 0.1 else "analysis.flag.chance", p=p)
    return {"chance": said, "years": Message("analysis.flag.years", count=round(1 / p))}


def _counted(found: Finding, reports: int) -> Message:
    """How many matters, how many of them verified, and of how many reports they are the sum where these are more."""
    if reports <= found.observed:
        return Message("analysis.flag.reports", count=found.observed, verified=found.verified)
    return Message("analysis.flag.matters", count=found.observed, verified=found.verified, reports=reports)


def _recent(count: int, reports: int) -> Message:
    if reports <= count:
        return Message("analysis.flag.recent-reports", count=count)
    return Message("analysis.flag.recent-matters", count=count, reports=reports)


def _sure(found: Finding, surely: Message) -> Message:
    if found.level != "watch":
        return surely
    return Message("analysis.flag.look" if found.verified else "analysis.flag.unverified")
