"""What wards and sites say of themselves: the cards of tooltips and pop-ups. Plain text, escaped where shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from geo.output.maps.drawing.drawing import Card, Fact, Link, Table, Text
from geo.output.shared.numerals import count, hectares, known, metres, percent, square_km
from geo.output.shared.stretches import Stretch, absent_wards, codes, grouped, stretches
from geo.output.shared.theme import Label, theme

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.situation import Situation


@dataclass(frozen=True, slots=True)
class Links:
    """Relative addresses that pop-ups lead to: patterns with `{id}` for a site and `{code}` for a ward; '' for none.

    `tiles`, with {z}, {x} and {y}, is where a service gives the tiles of a background file; '' for a page that stands
    alone.
    """

    site: str = ""
    ward: str = ""
    tiles: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What cards need to know of the whole situation: ward names by code, stretches by site and by ward."""

    situation: Situation
    links: Links
    ward_names: Mapping[str, str]
    site_names: Mapping[str, str]
    by_site: Mapping[str, tuple[Stretch, ...]]
    by_ward: Mapping[str, tuple[Stretch, ...]]

    def ward_name(self, stretch: Stretch) -> str:
        """The full official name of a stretch's ward."""
        return self.ward_names.get(stretch.ward_code, stretch.ward_name)


def words(situation: Situation, links: Links | None = None) -> Words:
    """The look-ups for the cards of `situation`."""
    rows = stretches(situation)
    wards, sites = situation.wards, situation.sites
    return Words(
        situation=situation,
        links=links or Links(),
        ward_names=dict(zip(wards["code"].astype(str), wards["full_name"].astype(str), strict=True)),
        site_names=dict(zip(sites["site_id"].astype(str), sites["name"].astype(str), strict=True)),
        by_site=grouped(rows, "site_id"),
        by_ward=grouped(rows, "ward_code"),
    )


def rows(frame: DataFrame) -> Iterator[SimpleNamespace]:
    """The rows of a register as objects; a column named by a Python keyword (`from`) gets an underscore (`from_`)."""
    names = [f"{name}_" if iskeyword(str(name)) else str(name) for name in frame.columns]
    for values in zip(*(frame[column] for column in frame.columns), strict=True):
        yield SimpleNamespace(**dict(zip(names, values, strict=True)))


def has_phases(situation: Situation) -> bool:
    """Whether the city's plan puts wards into phases at all (Huế's does not)."""
    return bool((situation.wards["phase"] != "none").any())


def site_number(site_id: str) -> str:
    """A site's number as the plan prints it.

    >>> site_number("HN-II-3")
    'II.3'
    """
    return ".".join(site_id.split("-")[1:]) or site_id


def extent_text(row: Stretch) -> str:
    """How much of a site lies in a ward: metres of a line, hectares of an area, '1' of a point."""
    if row.length_m > 0:
        return metres(row.length_m)
    return hectares(row.area_m2) if row.area_m2 > 0 else "•"


def chainage_text(row: Stretch) -> str:
    """Where a stretch lies along its route: '0–1.234 m; 1.300–1.350 m'."""
    return "; ".join(f"{metres(a)[:-2]}–{metres(b)}" for a, b in row.intervals_m)


def border_text(row: Stretch, names: Mapping[str, str]) -> str:
    """How much of a stretch runs along a boundary, and with which wards; '–' for none."""
    if row.border_m < 0.5:
        return "–"
    others = ", ".join(names.get(code, code) for code in row.border_with)
    return f"{metres(row.border_m)} ({others})" if others else metres(row.border_m)


def ward_card(row: Any, known_words: Words) -> Card:
    """The card of a ward (a row of the register): facts, and the stretches of sites that it answers for."""
    look = theme()
    phased = has_phases(known_words.situation)
    phase: Text = look.areas[str(row.phase)].label if phased else ""
    here = known_words.by_ward.get(str(row.code), ())
    brief = tuple(f"{site_number(s.site_id)} {known_words.site_names[s.site_id]}: {extent_text(s)}" for s in here)
    table = Table(
        ("site", "metres", "share", "border", "check"),
        tuple(_site_row(s, known_words) for s in here),
    )
    return Card(
        title=str(row.full_name),
        subtitle=phase,
        brief=(phase, *brief) if phase else brief,
        facts=tuple(_ward_facts(row)),
        tables=(table,) if here else (),
        notes=() if here or not known_words.site_names else (look.text("no_site_here"),),
        links=_links("ward_page", known_words.links.ward, code=str(row.code)),
    )


def site_card(row: Any, known_words: Words) -> Card:
    """The card of a site (a row of the register): facts, and which ward answers for how much of it."""
    look = theme()
    level = look.lines[str(row.level)].label
    here = known_words.by_site.get(str(row.site_id), ())
    brief = tuple(f"{known_words.ward_name(s)}: {extent_text(s)}, {percent(s.share)}" for s in here)
    lacking = absent_wards(known_words.situation, str(row.site_id))
    names = ", ".join(known_words.ward_names.get(code, code) for code in lacking)
    absent = look.text("absent")
    table = Table(("ward", "metres", "share", "border", "check"), tuple(_ward_row(s, known_words) for s in here))
    return Card(
        title=f"{site_number(str(row.site_id))} · {row.name}",
        subtitle=level,
        brief=(level, *brief),
        facts=tuple(_site_facts(row, here, known_words)),
        tables=(table,) if here else (),
        notes=(Label(f"{absent.vi}: {names}", f"{absent.en}: {names}"),) if lacking else (),
        links=_links("dossier", known_words.links.site, id=str(row.site_id)),
    )


def stretch_card(row: Stretch, known_words: Words) -> Card:
    """The card of one stretch: whose it is, how long, where along the route, and what borders it."""
    look = theme()
    facts = [
        Fact("site", f"{site_number(row.site_id)} · {known_words.site_names.get(row.site_id, '')}"),
        Fact("length", f"{extent_text(row)}, {percent(row.share)}"),
        Fact("border", border_text(row, known_words.ward_names)),
    ]
    if row.intervals_m:
        facts.insert(2, Fact("chainage", chainage_text(row)))
    if row.verdict:
        facts.append(Fact("check", look.text(row.verdict)))
    return Card(
        title=known_words.ward_name(row),
        subtitle=look.text("stretch"),
        brief=(f"{extent_text(row)}, {percent(row.share)}", *((look.text(row.verdict),) if row.verdict else ())),
        facts=tuple(facts),
        links=_links("ward_page", known_words.links.ward, code=row.ward_code),
    )


def _ward_facts(row: Any) -> Iterator[Fact]:
    yield Fact("code", str(row.code))
    if known(row.area_km2):
        yield Fact("area", square_km(float(row.area_km2)))
    if known(row.population):
        yield Fact("population", count(float(row.population)))
    merged = codes(row.merged_from)
    if merged:
        yield Fact("merged_from", ", ".join(merged))


def _site_facts(row: Any, here: tuple[Stretch, ...], known_words: Words) -> Iterator[Fact]:
    look = theme()
    yield Fact("level", look.lines[str(row.level)].label)
    yield Fact("group", look.text(f"group_{row.group}"))
    for key, value in (("handed_over", row.handed_over), ("from", row.from_), ("to", row.to)):
        if known(value):
            yield Fact(key, str(int(value)) if key == "handed_over" else str(value))
    length = sum(s.length_m for s in here)
    if length > 0:
        yield Fact("length", metres(length))
    yield Fact("declared", _declared(row, known_words))
    if known(row.document):
        yield Fact("document", str(row.document))
    if known(row.accuracy_m):
        yield Fact("accuracy", f"± {metres(float(row.accuracy_m))}")
    if known(row.note):
        yield Fact("note", str(row.note))


def _declared(row: Any, known_words: Words) -> Text:
    declared = codes(row.declared_wards)
    if not declared:
        return theme().text("declared_blank")
    return ", ".join(known_words.ward_names.get(code, code) for code in declared)


def _site_row(s: Stretch, known_words: Words) -> tuple[Text, ...]:
    name = f"{site_number(s.site_id)} {known_words.site_names.get(s.site_id, '')}"
    return (name, *_measures(s, known_words))


def _ward_row(s: Stretch, known_words: Words) -> tuple[Text, ...]:
    return (known_words.ward_name(s), *_measures(s, known_words))


def _measures(s: Stretch, known_words: Words) -> tuple[Text, ...]:
    verdict: Text = theme().text(s.verdict) if s.verdict else "–"
    return (extent_text(s), percent(s.share), border_text(s, known_words.ward_names), verdict)


def _links(key: str, pattern: str, **values: str) -> tuple[Link, ...]:
    return (Link(key, pattern.format(**values)),) if pattern else ()
