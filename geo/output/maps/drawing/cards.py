"""What maps say of wards and sites: the cards of tooltips and pop-ups. Plain text, escaped where shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.translator import Translator
from geo.output.maps.drawing.drawing import Card, Fact, Link, Table
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.shared.cells import known
from geo.output.shared.stretches import OUTSIDE, Stretch, codes, grouped, stretches, unmet_wards
from geo.output.shared.theme import rule_label, theme
from geo.reference.sites import site_number
from geo.situation.agreed import said_of_agreed

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.situation import Situation


@dataclass(frozen=True, slots=True)
class Links:
    """Relative addresses that pop-ups lead to: patterns with `{id}` for a site and `{code}` for a ward; '' for none.

    `tiles`, with {z}, {x} and {y}, is where a service gives the tiles of a background file, `base` the file of the
    city's base, `places` the names of its streets and landmarks; '' for a page that stands alone.
    `report`, with {id}: of a report.
    """

    site: str = ""
    ward: str = ""
    tiles: str = ""
    base: str = ""
    places: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class CardContext:
    """What cards are written from: the situation, the language, names by code or id, stretches by site and by ward."""

    situation: Situation
    links: Links
    words: Translator
    ward_names: Mapping[str, str]
    site_names: Mapping[str, str]
    by_site: Mapping[str, tuple[Stretch, ...]]
    by_ward: Mapping[str, tuple[Stretch, ...]]
    alerts: Mapping[str, tuple[str, ...]]
    """By code of a ward the open flags that rest on reports: what they are and how grave, the gravest first."""

    def themed(self, key: str) -> str:
        """The words that the theme has for `key`."""
        return themed(self.words, key)

    def ward_name(self, stretch: Stretch) -> str:
        """The full official name of a stretch's ward."""
        return self.ward_names.get(stretch.ward_code, stretch.ward_name)

    def names_of(self, wards: Iterable[str]) -> str:
        """The names of wards by their codes, with commas."""
        return ", ".join(self.ward_names.get(code, code) for code in wards)


def card_context(situation: Situation, links: Links | None = None, lang: Lang = DEFAULT) -> CardContext:
    """The look-ups for the cards of `situation` in a language."""
    rows = stretches(situation)
    wards, sites = situation.wards, situation.sites
    return CardContext(
        situation=situation,
        links=links or Links(),
        words=map_words(lang),
        ward_names=dict(zip(wards["code"].astype(str), wards["full_name"].astype(str), strict=True))
        | {"": themed(map_words(lang), OUTSIDE)},
        site_names=dict(zip(sites["site_id"].astype(str), sites["name"].astype(str), strict=True)),
        by_site=grouped(rows, "site_id"),
        by_ward=grouped(rows, "ward_code"),
        alerts=_alerts(situation, map_words(lang)),
    )


def _alerts(situation: Situation, words: Translator) -> Mapping[str, tuple[str, ...]]:
    """The open flags that rest on reports, by ward."""
    found: dict[str, list[str]] = {}
    programme = situation.programme
    for flag in situation.flags or ():
        if flag.is_open and flag.is_reported:
            level = words.pick(theme().areas[f"flag-{flag.level}"].label)
            for code, _ in flag.wards:
                found.setdefault(code, []).append(f"{level}: {words.pick(rule_label(flag.rule, programme))}")
    return {code: tuple(lines) for code, lines in found.items()}


def rows(frame: DataFrame) -> Iterator[SimpleNamespace]:
    """The rows of a register as objects; a column named by a Python keyword (`from`) gets an underscore (`from_`)."""
    names = [f"{name}_" if iskeyword(str(name)) else str(name) for name in frame.columns]
    for values in zip(*(frame[column] for column in frame.columns), strict=True):
        yield SimpleNamespace(**dict(zip(names, values, strict=True)))


def has_phases(situation: Situation) -> bool:
    """Whether the city's plan puts wards into phases at all (Huế's does not)."""
    return bool((situation.wards["phase"] != "none").any())


def extent_text(row: Stretch, words: Translator) -> str:
    """How much of a site lies in a ward: metres of a line, square metres of an area, '•' of a point."""
    if row.length_m > 0:
        return words.metres(row.printed_m)
    return words.written.square_metres(row.area_m2) if row.area_m2 > 0 else "•"


def chainage_text(row: Stretch, words: Translator) -> str:
    """Where a stretch lies along its route: '0–1.234 m; 1.300–1.350 m'."""
    return "; ".join(f"{words.number(a)}–{words.metres(b)}" for a, b in row.intervals_m)


def border_text(row: Stretch, context: CardContext) -> str:
    """How much of a stretch runs along a boundary, and with which wards; '–' for none."""
    if row.border_m < 0.5:
        return "–"
    others, length = context.names_of(row.border_with), context.words.metres(row.border_m)
    return f"{length} ({others})" if others else length


def ward_card(row: Any, context: CardContext) -> Card:
    """The card of a ward (a row of the register): facts, and the stretches of sites that it answers for."""
    phased = has_phases(context.situation)
    phase = context.words.pick(theme().areas[str(row.phase)].label) if phased else ""
    alerts = context.alerts.get(str(row.code), ())
    here = context.by_ward.get(str(row.code), ())
    brief = tuple(f"{_site_title(s, context)}: {extent_text(s, context.words)}" for s in here)
    table = Table(
        ("site", "metres", "share", "border", "check"),
        tuple((_site_title(s, context), *_measures(s, context)) for s in here),
    )
    return Card(
        title=str(row.full_name),
        subtitle=phase,
        brief=(*alerts, phase, *brief) if phase else (*alerts, *brief),
        facts=((Fact("flags", "; ".join(alerts)),) if alerts else ()) + tuple(_ward_facts(row, context.words)),
        tables=(table,) if here else (),
        notes=() if here or not context.site_names else (context.themed("no_site_here"),),
        links=_links("ward_page", context.links.ward, code=str(row.code)),
    )


def site_card(row: Any, context: CardContext) -> Card:
    """The card of a site (a row of the register): facts, and which ward answers for how much of it."""
    words = context.words
    level = words.pick(theme().lines[str(row.level)].label)
    here = context.by_site.get(str(row.site_id), ())
    brief = tuple(f"{context.ward_name(s)}: {extent_text(s, words)}, {words.percent(s.printed_share)}" for s in here)
    unmet = unmet_wards(context.situation, str(row.site_id))
    table = Table(
        ("ward", "metres", "share", "border", "check"),
        tuple((context.ward_name(s), *_measures(s, context)) for s in here),
    )
    return Card(
        title=f"{site_number(str(row.site_id))} · {row.name}",
        subtitle=level,
        brief=(level, *brief),
        facts=tuple(_site_facts(row, here, context)),
        tables=(table,) if here else (),
        notes=(
            *(f"{context.themed(key)}: {context.names_of(wards)}" for key, wards in unmet.items() if wards),
            *(said.text(words.lang) for said in said_of_agreed(context.situation, str(row.site_id))),
        ),
        links=_links("dossier", context.links.site, id=str(row.site_id)),
    )


def stretch_card(row: Stretch, context: CardContext) -> Card:
    """The card of one stretch: whose it is, how long, where along the route, and what borders it."""
    extent = f"{extent_text(row, context.words)}, {context.words.percent(row.printed_share)}"
    verdict = context.themed(row.verdict) if row.verdict and row.in_ward else ""
    facts = [
        Fact("site", f"{site_number(row.site_id)} · {context.site_names.get(row.site_id, '')}"),
        Fact("length", extent),
        Fact("border", border_text(row, context)),
    ]
    if row.intervals_m:
        facts.insert(2, Fact("chainage", chainage_text(row, context.words)))
    if verdict:
        facts.append(Fact("check", verdict))
    return Card(
        title=context.ward_name(row),
        subtitle=context.themed("stretch"),
        brief=(extent, verdict) if verdict else (extent,),
        facts=tuple(facts),
        links=_links("ward_page", context.links.ward, code=row.ward_code) if row.in_ward else (),
    )


def _ward_facts(row: Any, words: Translator) -> Iterator[Fact]:
    yield Fact("code", str(row.code))
    if known(row.area_km2):
        yield Fact("area", words.written.square_km(float(row.area_km2)))
    if known(row.population):
        yield Fact("population", words.number(float(row.population)))
    merged = codes(row.merged_from)
    if merged:
        yield Fact("merged_from", ", ".join(merged))


def _site_facts(row: Any, here: tuple[Stretch, ...], context: CardContext) -> Iterator[Fact]:
    yield Fact("level", context.words.pick(theme().lines[str(row.level)].label))
    yield Fact("group", context.themed(f"group_{row.group}"))
    for key, value in (("handed_over", row.handed_over), ("from", row.from_), ("to", row.to)):
        if known(value):
            yield Fact(key, str(int(value)) if key == "handed_over" else str(value))
    length = sum(s.length_m for s in here)
    if length > 0:
        yield Fact("length", context.words.metres(length))
    yield Fact("declared", context.names_of(codes(row.declared_wards)) or context.themed("declared_blank"))
    if known(row.document):
        yield Fact("document", str(row.document))
    if known(row.accuracy_m):
        yield Fact("accuracy", f"± {context.words.metres(float(row.accuracy_m))}")
    if known(row.note):
        yield Fact("note", str(row.note))


def _site_title(s: Stretch, context: CardContext) -> str:
    return f"{site_number(s.site_id)} {context.site_names.get(s.site_id, '')}"


def _measures(s: Stretch, context: CardContext) -> tuple[str, ...]:
    verdict = context.themed(s.verdict) if s.verdict and s.in_ward else "–"
    extent = extent_text(s, context.words)
    return extent, context.words.percent(s.printed_share), border_text(s, context), verdict


def _links(key: str, pattern: str, **values: str) -> tuple[Link, ...]:
    return (Link(key, pattern.format(**values)),) if pattern else ()
