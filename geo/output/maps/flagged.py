"""Flags as maps show them: what a flag of `geo.analysis.flags` must tell, read into cards and outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geo.output.maps.drawing import Card, Fact, Feature, Layer, LegendEntry, LegendGroup, Text
from geo.output.maps.numbers import known
from geo.output.theme import Label, theme

if TYPE_CHECKING:
    from geo.situation import Situation

LEVELS = ("watch", "warning", "alert")
"""Flag levels from mild to grave."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag on a map: where (WGS 84; None where it has no place of its own), which wards, how grave, what it says."""

    level: str
    wards: tuple[str, ...]
    geometry: BaseGeometry | None
    card: Card


def flags_of(situation: Situation) -> tuple[Flagged, ...]:
    """The flags of a situation, gravest first; none where it holds none or they are not there yet.

    A flag has `rule`, `level` (`watch`, `warning`, `alert`), `wards` (a mapping of codes to shares, or codes),
    `sentence_vi` and `sentence_en`; and may have `geometry`, `site_id`, `observed`, `expected`, `score`.
    """
    found = [_flagged(flag) for flag in situation.flags or ()]
    return tuple(sorted(found, key=lambda flag: -LEVELS.index(flag.level)))


def flag_layer(flags: Iterable[Flagged]) -> Layer:
    """Where the flags point, outlined above everything else; flags without a place are told in cards only."""
    look = theme()
    features = tuple(
        Feature(f"flag-{rank}", flag.geometry, look.lines["flag"], flag.card)
        for rank, flag in enumerate(flags)
        if flag.geometry is not None and not flag.geometry.is_empty
    )
    return Layer("flags", look.text("flags"), features, decimals=6, tabbed=True, pane="lines")


def flag_legend(flags: tuple[Flagged, ...]) -> tuple[LegendGroup, ...]:
    """The swatch of flags with their number, where there are any."""
    if not flags:
        return ()
    style = theme().lines["flag"]
    return (LegendGroup(theme().text("flags"), (LegendEntry(style, style.label, len(flags)),)),)


def flag_notices(situation: Situation) -> tuple[Label, ...]:
    """What to say where there is no flag: not computed, or computed and none raised."""
    if situation.flags is None:
        return (theme().text("no_flags"),)
    return () if situation.flags else (theme().text("no_flag_raised"),)


def level_by_ward(flags: Iterable[Flagged]) -> dict[str, str]:
    """The gravest level by ward code."""
    gravest: dict[str, str] = {}
    for flag in flags:
        for code in flag.wards:
            if code not in gravest or LEVELS.index(flag.level) > LEVELS.index(gravest[code]):
                gravest[code] = flag.level
    return gravest


def count_by_ward(flags: Iterable[Flagged]) -> Counter[str]:
    """How many flags concern each ward, by code."""
    return Counter(code for flag in flags for code in flag.wards)


def _flagged(flag: Any) -> Flagged:
    return Flagged(str(flag.level), tuple(map(str, flag.wards)), getattr(flag, "geometry", None), _card(flag))


def _card(flag: Any) -> Card:
    look = theme()
    level = look.areas[f"flag-{flag.level}"].label
    rule = look.texts.get(f"rule_{flag.rule}", Label(str(flag.rule), str(flag.rule)))
    sentence = Label(str(flag.sentence_vi), str(flag.sentence_en))
    facts: list[Fact] = [Fact("flag_level", level), Fact("flag_rule", rule)]
    for key in ("observed", "expected", "score"):
        value = getattr(flag, key, None)
        if known(value):
            facts.append(Fact(key, _figure(value)))
    return Card(title=rule.vi, subtitle=level, brief=(level, sentence), facts=tuple(facts), notes=(sentence,))


def _figure(value: Any) -> Text:
    return f"{float(value):.2f}".rstrip("0").rstrip(".").replace(".", ",")
