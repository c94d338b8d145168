"""Flags as maps show them: a flag of `geo.analysis.flags` as a card and an outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.flags.flag import FLAG_LEVELS, FlagLevel
from geo.i18n.message import Message
from geo.i18n.translator import Translator
from geo.output.maps.drawing.drawing import Card, Fact, Feature, Layer, LegendEntry, LegendGroup, Table
from geo.output.maps.drawing.wording import themed
from geo.output.shared.theme import PointStyle, Style, rule_label, theme
from geo.reference.programmes import Programme
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from geo.analysis.flags import Flag
    from geo.situation import Situation

LEVELS = FLAG_LEVELS
"""What the registers leave open, from slight to high, then what reports raise, from mild to grave."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag on a map: where (WGS 84; None where it has no place of its own), which wards, how grave, what it says."""

    level: FlagLevel
    wards: tuple[str, ...]
    geometry: BaseGeometry | None
    card: Card


def flags_of(situation: Situation, words: Translator) -> tuple[Flagged, ...]:
    """The open flags of a situation, gravest first; none where it holds none or they are not there yet."""
    found = [_flagged(flag, situation.programme, words) for flag in situation.flags or () if flag.status != "closed"]
    return tuple(sorted(found, key=lambda flag: -LEVELS.index(flag.level)))


def flag_layer(flags: Iterable[Flagged], words: Translator) -> Layer:
    """Where the flags point, for beneath the sites; flags without a place stand in cards only."""
    features = tuple(
        Feature(f"flag-{rank}", flag.geometry, _style(flag.geometry), flag.card)
        for rank, flag in enumerate(flags)
        if flag.geometry is not None and not flag.geometry.is_empty
    )
    return Layer("flags", themed(words, "flags"), features, decimals=6, tabbed=True, pane="lines")


def flag_legend(flags: tuple[Flagged, ...], words: Translator) -> tuple[LegendGroup, ...]:
    """The swatch of flags with their number, where there are any."""
    if not flags:
        return ()
    style = theme().lines["flag"]
    return (LegendGroup(themed(words, "flags"), (LegendEntry(style, words.pick(style.label), len(flags)),)),)


def _style(geometry: BaseGeometry) -> Style:
    """A disc, a wide line beneath a route, an edge round an area: a flag never covers what it points to."""
    wide, edge = theme().lines["flag"], theme().lines["flag-edge"]
    disc = PointStyle("flag-point", wide.label, wide.colour, wide.casing, wide.width / 2, 2.0)
    styles: tuple[Style, ...] = (disc, wide, edge)
    return styles[int(shapely.get_dimensions(geometry))]


def flag_notices(situation: Situation, words: Translator) -> tuple[str, ...]:
    """What to say where there is no flag: not computed, or computed and none raised."""
    if situation.flags is None:
        return (themed(words, "no_flags"),)
    if situation.hides("flags"):
        return (Message("visibility.flags-of-reports-hidden").text(words.lang),)
    is_open = any(flag.status != "closed" for flag in situation.flags)
    return () if is_open else (themed(words, "no_flag_raised"),)


def level_by_ward(flags: Iterable[Flagged]) -> dict[str, FlagLevel]:
    """The gravest level by ward code."""
    gravest: dict[str, FlagLevel] = {}
    for flag in flags:
        for code in flag.wards:
            if code not in gravest or LEVELS.index(flag.level) > LEVELS.index(gravest[code]):
                gravest[code] = flag.level
    return gravest


def _flagged(flag: Flag, programme: Programme, words: Translator) -> Flagged:
    return Flagged(flag.level, tuple(code for code, _ in flag.wards), flag.geometry, _card(flag, programme, words))


def _card(flag: Flag, programme: Programme, words: Translator) -> Card:
    level = words.pick(theme().areas[f"flag-{flag.level}"].label)
    rule = words.pick(rule_label(flag.rule, programme))
    sentence = flag.text_vi if words.lang == "vi" else flag.text_en
    reasons = ((vi if words.lang == "vi" else en, points) for points, vi, en in flag.reasons)
    rows = tuple((reason, words.number(points, 2)) for reason, points in reasons)
    return Card(
        title=f"{rule} · {site_number(flag.site_id)}" if flag.site_id else rule,
        subtitle=level,
        brief=(level, sentence),
        facts=tuple(_facts(flag, words)),
        tables=(Table(("reason", "points"), rows),) if rows else (),
        notes=(sentence,),
    )


def _facts(flag: Flag, words: Translator) -> Iterator[Fact]:
    days = (flag.first_day, flag.last_day)
    yield Fact("window", "–".join(words.day(day) for day in dict.fromkeys(days)))
    if flag.observed is not None:
        yield Fact("observed", words.number(flag.observed))
    if flag.expected is not None:
        yield Fact("expected", words.number(flag.expected, 2))
    if flag.score is not None:
        yield Fact("score", words.number(flag.score, 2))
    if flag.status == "acknowledged":
        yield Fact("acknowledged", flag.note or themed(words, "yes"))
