"""Flags as maps show them: a flag of `geo.analysis.flags` as a card and an outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.output.maps.drawing.cards import site_number
from geo.output.maps.drawing.drawing import Card, Fact, Feature, Layer, LegendEntry, LegendGroup, Table
from geo.output.shared.numerals import count, day_text
from geo.output.shared.theme import Label, theme

if TYPE_CHECKING:
    from geo.analysis.flags import Flag
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
    """The open flags of a situation, gravest first; none where it holds none or they are not there yet."""
    found = [_flagged(flag) for flag in situation.flags or () if flag.status != "closed"]
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


def message_label(code: str) -> Label:
    """A message of the catalogues in both languages."""
    return Label(Message(code).text("vi"), Message(code).text("en"))


def flag_notices(situation: Situation) -> tuple[Label, ...]:
    """What to say of flags that are hidden, or where there is none: not computed, or computed and none raised."""
    if situation.flags is None:
        return (theme().text("no_flags"),)
    if situation.hides("flags"):
        return (message_label("visibility.flags-of-reports-hidden"),)
    return () if flags_of(situation) else (theme().text("no_flag_raised"),)


def level_by_ward(flags: Iterable[Flagged]) -> dict[str, str]:
    """The gravest level by ward code."""
    gravest: dict[str, str] = {}
    for flag in flags:
        for code in flag.wards:
            if code not in gravest or LEVELS.index(flag.level) > LEVELS.index(gravest[code]):
                gravest[code] = flag.level
    return gravest


def _flagged(flag: Flag) -> Flagged:
    return Flagged(flag.level, tuple(code for code, _ in flag.wards), flag.geometry, _card(flag))


def _card(flag: Flag) -> Card:
    look = theme()
    level = look.areas[f"flag-{flag.level}"].label
    rule = look.text(f"rule_{flag.rule}")
    about = f"{rule.vi} · {site_number(flag.site_id)}" if flag.site_id else rule.vi
    sentence = Label(flag.text_vi, flag.text_en)
    rows = tuple((Label(vi, en), _figure(points)) for points, vi, en in flag.reasons)
    return Card(
        title=about,
        subtitle=level,
        brief=(level, sentence),
        facts=tuple(_facts(flag)),
        tables=(Table(("reason", "points"), rows),) if rows else (),
        notes=(sentence,),
    )


def _facts(flag: Flag) -> Iterator[Fact]:
    days = (flag.first_day, flag.last_day)
    yield Fact("window", "–".join(day_text(day) for day in dict.fromkeys(days)))
    if flag.observed is not None:
        yield Fact("observed", count(flag.observed))
    if flag.expected is not None:
        yield Fact("expected", _figure(flag.expected))
    if flag.score is not None:
        yield Fact("score", _figure(flag.score))
    if flag.status == "acknowledged":
        yield Fact("acknowledged", flag.note or theme().text("yes"))


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
