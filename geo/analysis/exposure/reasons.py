"""From facts to points: each matter that adds to a site's exposure, with its figures in two languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.analysis.exposure.facts import SiteFacts, Ward
from geo.analysis.exposure.weights import ExposureRules
from geo.i18n.message import Message, Words, listed
from geo.reference.programme.in_use import own_terms
from geo.reference.programme.terms import SHIPPED

_UNITS = {"xã": "analysis.unit.commune", "phường": "analysis.unit.ward", "đặc khu": "analysis.unit.special-zone"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One matter: its key in `[exposure]` of `data/risk.toml`, its points, and what is said of it.

    `full`: a clause with all figures; `brief`: one for a sentence that names several matters.
    """

    rule: str
    points: float
    full: Message
    brief: Message

    @property
    def vi(self) -> str:
        """The whole clause in Vietnamese."""
        return self.full.vi

    @property
    def en(self) -> str:
        """The whole clause in English."""
        return self.full.en


def reasons(facts: SiteFacts, day: date, rules: ExposureRules, wards: Mapping[str, Ward]) -> tuple[Reason, ...]:
    """The matters that give a site points on a day, most points first.

    A quiet site has none, nor has one that is not handed over yet on the day. Points are rounded to one decimal each,
    so that a score is the sum of what is shown.
    """
    to_come = facts.handed_over is not None and day.year < facts.handed_over
    if to_come or rules.level.get(facts.level, 0.0) <= 0.0:
        return ()
    names = _WardNames(wards)
    found = [
        *_level(facts, rules),
        *_cover(facts, rules, names),
        *_duty(facts, rules, names),
        *_unnamed(facts, rules, names),
        *_handover(facts, day, rules),
    ]
    rounded = [replace(reason, points=round(reason.points, 1)) for reason in found]
    return tuple(sorted((r for r in rounded if r.points > 0), key=lambda r: -r.points))


def months_since_handover(facts: SiteFacts, day: date) -> int | None:
    """Whole months from the end of the year of the handover to the day; 0 within that year, None before it or unknown.

    The register holds only the year, so this is the least that it can have been.
    """
    if facts.handed_over is None or day.year < facts.handed_over:
        return None
    return max((day.year - facts.handed_over - 1) * 12 + day.month - 1, 0)


def handover_ends(facts: SiteFacts, rules: ExposureRules) -> date | None:
    """The day on which the handover no longer counts, by the calendar alone; None without one."""
    if facts.handed_over is None:
        return None
    years, months = divmod(int(rules.handover["months"]), 12)
    return date(facts.handed_over + 1 + years, 1 + months, 1)


def recent_handover(facts: SiteFacts, day: date, rules: ExposureRules) -> bool:
    """Whether the handover can lie within the last months that the rule names."""
    months = months_since_handover(facts, day)
    return months is not None and months < rules.handover["months"]


_NAMED = 8
"""More wards than this are counted, not named: a sentence with forty names is not read."""


@dataclass(frozen=True, slots=True)
class _WardNames:
    """Wards as clauses name them, or their number where they are many."""

    wards: Mapping[str, Ward]

    def one(self, code: str) -> Any:
        ward = self.wards.get(code)
        return ward_name(ward.kind, ward.name) if ward else code

    def many(self, codes: Sequence[str]) -> Any:
        return _counted(codes) or listed([self.one(code) for code in codes])

    def measured(self, codes: Sequence[str], metres: Mapping[str, float]) -> Any:
        return _counted(codes) or listed([_with_metres(self.one(code), metres.get(code, 0.0)) for code in codes])


def _counted(codes: Sequence[str]) -> Message | None:
    return Message("analysis.exposure.ward-count", count=len(codes)) if len(codes) > _NAMED else None


def level_name(level: str) -> Any:
    """A level in the middle of a sentence.

    >>> level_name("low").en
    'low activity'
    """
    if level in SHIPPED["level"]:
        return Message(f"analysis.level.{level}")
    own = own_terms("level").get(level)
    return level if own is None else Words(_small(own.vi), _small(own.en))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def ward_name(kind: str, name: str) -> Message:
    """A ward in the middle of a sentence.

    >>> ward_name("xã", "Hoài Đức").vi, ward_name("xã", "Hoài Đức").en
    ('xã Hoài Đức', 'Hoài Đức commune')
    """
    return Message(_UNITS.get(kind, "analysis.unit.ward"), name=name)


def _with_metres(name: Any, metres: float) -> Any:
    return Message("analysis.exposure.measured", name=name, metres=metres) if metres > 0 else name


def _level(facts: SiteFacts, rules: ExposureRules) -> Iterator[Reason]:
    clause = Message("analysis.exposure.level", level=level_name(facts.level))
    yield Reason("level", rules.level[facts.level], clause, clause)


def _cover(facts: SiteFacts, rules: ExposureRules, names: _WardNames) -> Iterator[Reason]:
    if facts.outside:
        share = facts.outside_share
        measured = names.measured(facts.outside, facts.metres)
        full = Message("analysis.exposure.outside", share=share, wards=measured)
        brief = Message("analysis.exposure.outside-brief", share=share, wards=names.many(facts.outside))
        yield Reason("outside", rules.outside["points"] * share, full, brief)
    if facts.adjoining_outside:
        some, count = len(facts.adjoining_outside), len(facts.adjoining)
        brief = Message("analysis.exposure.neighbours", some=some, all=count)
        full = Message("analysis.exposure.with", clause=brief, wards=names.many(facts.adjoining_outside))
        yield Reason("neighbours", rules.neighbours["points"] * some / count, full, brief)


def _duty(facts: SiteFacts, rules: ExposureRules, names: _WardNames) -> Iterator[Reason]:
    # A ward that the route touches for less than the border band is wide on both sides has nothing to divide.
    least = rules.split["least_m"]
    codes = [code for code, _ in facts.wards if not 0 < facts.metres.get(code, 0.0) < least]
    if len(codes) > 1:
        points = min(rules.split["points"] * (len(codes) - 1), rules.split["at_most"])
        brief = Message("analysis.exposure.split", wards=len(codes))
        full = Message("analysis.exposure.with", clause=brief, wards=names.measured(codes, facts.metres))
        yield Reason("split", points, full, brief)
    if facts.border_m >= rules.border["least_m"]:
        points = rules.border["points"] * min(1.0, facts.border_m / max(rules.border["full_m"], 1.0))
        full = Message("analysis.exposure.border", metres=facts.border_m, wards=names.many(_sides(facts, rules)))
        brief = Message("analysis.exposure.border-brief", metres=facts.border_m)
        yield Reason("border", points, full, full if len(codes) <= 1 else brief)


def _sides(facts: SiteFacts, rules: ExposureRules) -> list[str]:
    """The wards on either side of the border stretch (*giáp ranh*), the site's own first, longest first."""
    own = [code for code, metres, _ in sorted(facts.border, key=lambda b: -b[1]) if metres >= rules.border["least_m"]]
    own = own or [code for code, _, _ in facts.border][:1]
    others = dict.fromkeys(code for ward, _, beside in facts.border if ward in own for code in beside)
    crossed = {code for code, _ in facts.wards}
    return own + [code for code in others if code not in own and (len(crossed) == 1 or code in crossed)]


def _unnamed(facts: SiteFacts, rules: ExposureRules, names: _WardNames) -> Iterator[Reason]:
    points = rules.undeclared["points"]
    if facts.declared and facts.undeclared:
        measured = names.measured(facts.undeclared, facts.metres)
        clause = Message("analysis.exposure.undeclared", wards=measured)
        yield Reason("undeclared", points, clause, clause)
    elif facts.wards and not facts.declared:
        clause = Message("analysis.exposure.blank", wards=names.many([code for code, _ in facts.wards]))
        yield Reason("undeclared", points, clause, clause)


def _handover(facts: SiteFacts, day: date, rules: ExposureRules) -> Iterator[Reason]:
    points, months = rules.handover.get(facts.level, 0.0), months_since_handover(facts, day)
    if points <= 0 or months is None or not recent_handover(facts, day, rules):
        return
    year = facts.handed_over
    since = Message("analysis.exposure.handed-over-within", year=year)
    if day.year != year:
        ago = Message("analysis.exposure.months-ago" if months else "analysis.exposure.month-ago", count=months)
        most = rules.handover["months"]
        since = Message("analysis.exposure.handed-over", year=year, ago=ago, most=most)
    until = handover_ends(facts, rules)
    brief = Message("analysis.exposure.handover-brief", year=year, until=until)
    yield Reason("handover", points, Message("analysis.exposure.handover", since=since, until=until), brief)
