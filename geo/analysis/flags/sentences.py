"""What flags from reports say to a ward officer: one sentence, no more than the numbers, nobody named."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.analysis.detection.monitor import Finding
from geo.analysis.flags.near import Repeats
from geo.analysis.flags.places import day_of
from geo.i18n.message import Message


def reactivation_text(found: Finding, name: str) -> Message:
    """A site (`name` with its id) against its own past."""
    return Message(
        "analysis.flag.reactivation",
        name=name,
        days=found.last_day - found.first_day + 1,
        until=day_of(found.last_day),
        reports=_counted(found),
        expected=_expected(found.expected),
        sure=_sure(found, "analysis.flag.sure-site"),
    )


def cluster_text(found: Finding, where: Any, name: str | None) -> Message:
    """Reports that crowd in wards (`where`); `name` of the site whose corridor they touch, None away from all."""
    away = Message("analysis.flag.away")
    return Message(
        "analysis.flag.cluster",
        since=day_of(found.first_day),
        until=day_of(found.last_day),
        reports=_counted(found),
        metres=found.radius_m or 0,
        where=where,
        expected=_expected(found.expected),
        known=away if name is None else Message("analysis.flag.touching", name=name),
        sure=_sure(found, "analysis.flag.sure-cluster"),
    )


def near_repeat_text(count: int, where: Any, until: date, raised: Repeats) -> Message:
    """`count` verified reports round which the risk stays raised until a day, by what repeats showed so far."""
    return Message(
        "analysis.flag.near-repeat",
        until=until,
        metres=raised.distance_m,
        count=count,
        where=where,
        places=raised.places,
        pairs=raised.pairs,
        days=raised.days,
        expected=_expected(raised.expected),
    )


def _expected(value: float) -> Message:
    """An expected count: one decimal, or 'under 0.1'."""
    return Message("analysis.flag.expected", value=value) if value >= 0.095 else Message("analysis.flag.expected-least")


def _chance(p: float) -> Message:
    """A probability in percent: 'at most 0.1 %' (what 999 simulations can show), a decimal below 10 %, whole above."""
    if p <= 0.001:
        return Message("analysis.flag.chance-least")
    return Message("analysis.flag.chance-small" if p < 0.1 else "analysis.flag.chance", p=p)


def _counted(found: Finding) -> Message:
    return Message("analysis.flag.reports", count=found.observed, verified=found.verified)


def _sure(found: Finding, code: str) -> Message:
    if found.level == "watch":
        return Message("analysis.flag.look")
    return Message(code, chance=_chance(found.p))
