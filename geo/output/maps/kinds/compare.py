"""Two days of one city on one map: what changed is drawn as it was left of a handle and as it is right of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import InputError, Problem
from geo.i18n.language import DEFAULT, Lang
from geo.i18n.message import Message
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import CardContext, Links, card_context
from geo.output.maps.drawing.drawing import Card, Drawing, Feature, Layer, LegendEntry, LegendGroup, Table
from geo.output.maps.drawing.layers import level_legend, phase_legend, phase_style, site_layer, ward_layer
from geo.output.maps.drawing.wording import themed
from geo.output.maps.kinds.overview import city_drawing, city_name
from geo.output.shared.theme import AreaStyle, LineStyle, theme
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from geo.situation import Situation

_MOVED_M = 1.0
"""A stretch that grew or shrank by less than this many metres is taken as the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is no longer as it was: `feature` is the id of what to outline on the map ('' for none)."""

    feature: str
    where: str
    what: str
    before: str
    after: str


def compare_drawing(
    before: Situation, after: Situation, links: Links | None = None, *, lang: Lang = DEFAULT
) -> Drawing:
    """What changed from one situation to another: phases, levels, routes, reports by ward, flags.

    The earlier day comes first, in whichever order they are given.

    Raises
    ------
    InputError
        The situations are of two cities.
    """
    if before.city != after.city:
        raise InputError(Problem("maps.two-cities", "compare", before=before.city, after=after.city))
    before, after = in_order(before, after)
    was, now = (card_context(situation, links, lang) for situation in (before, after))
    old, new = _layers(was), _layers(now)
    found, words = _changes(was, now), now.words
    outlines = _outlines(found, (*old, *new), words)
    drawn = city_drawing(
        now,
        key="compare",
        layers=(*_split(old[0], new[0], words), *_split(old[1], new[1], words), outlines),
        legend=(phase_legend(new[0], after.programme.phase_ids, words), level_legend(now), _legend(outlines, words)),
        notices=_notices(after, found, words),
        cards=(_card(before, after, found, words),),
    )
    days = f"{words.day(before.day)} → {words.day(after.day)}"
    return replace(drawn, day=days, version=_versions(before, after))


def in_order(one: Situation, other: Situation) -> tuple[Situation, Situation]:
    """Two situations, the earlier day first; of one day as they are given."""
    return (other, one) if other.day < one.day else (one, other)


def _notices(after: Situation, found: tuple[Change, ...], words: Translator) -> tuple[str, ...]:
    hidden = (Message("visibility.changes-hidden").text(words.lang),) if after.hides("flags") else ()
    return (*hidden, *(() if found else (themed(words, "no_changes"),)))


def changes(before: Situation, after: Situation, lang: Lang = DEFAULT) -> tuple[Change, ...]:
    """What differs between two situations of a city: phases, levels, stretches by a metre or more, reports, flags."""
    return _changes(card_context(before, lang=lang), card_context(after, lang=lang))


def _changes(was: CardContext, now: CardContext) -> tuple[Change, ...]:
    parts = (
        _phases(was, now),
        _names(was, now),
        _levels(was, now),
        _stretches(was, now),
        _reports(was, now),
        _counts(was.situation, now.situation, now.words),
    )
    return tuple(change for part in parts for change in part)


def _layers(context: CardContext) -> tuple[Layer, Layer]:
    return ward_layer(context, phase_style(context.situation), label="wards_by_phase"), site_layer(context)


def _split(old: Layer, new: Layer, words: Translator) -> tuple[Layer, ...]:
    """What is the same once, and what differs as two layers, one for each side."""
    was, now = ({feature.id: feature for feature in layer.features} for layer in (old, new))
    same = {key for key in was.keys() & now.keys() if _alike(was[key], now[key])}
    parts = [replace(new, features=tuple(f for f in new.features if f.id in same))]
    for layer, side in ((old, "before"), (new, "after")):
        label = f"{layer.label}: {themed(words, side).lower()}"
        changed = tuple(f for f in layer.features if f.id not in same)
        parts.append(replace(layer, key=f"{layer.key}_{side}", label=label, features=changed, side=side))
    return tuple(parts)


def _alike(a: Feature, b: Feature) -> bool:
    return a.style == b.style and a.card == b.card and bool(shapely.equals_exact(a.geometry, b.geometry))


def _phases(was: CardContext, now: CardContext) -> Iterator[Change]:
    old, new = (dict(zip(c.situation.wards["code"], c.situation.wards["phase"], strict=True)) for c in (was, now))
    for code in _keys(old, new):
        if old.get(code) != new.get(code):
            name = now.ward_names.get(code) or was.ward_names[code]
            then, since = (_label(theme().areas, phases.get(code), now.words) for phases in (old, new))
            yield Change(f"wards-{code}", name, now.themed("change_phase"), then, since)


def _names(was: CardContext, now: CardContext) -> Iterator[Change]:
    old, new = was.site_names, now.site_names
    for site in _keys(old, new):
        if site in old and site in new and old[site] != new[site]:
            yield Change(f"site-{site}", site_number(site), now.themed("change_name"), old[site], new[site])


def _levels(was: CardContext, now: CardContext) -> Iterator[Change]:
    old, new = (dict(zip(c.situation.sites["site_id"], c.situation.sites["level"], strict=True)) for c in (was, now))
    for site in _keys(old, new):
        if old.get(site) != new.get(site):
            off = now.themed("off_list")
            then, since = (_label(theme().lines, levels.get(site), now.words, off) for levels in (old, new))
            yield Change(f"site-{site}", _site_name(site, was, now), now.themed("change_level"), then, since)


def _stretches(was: CardContext, now: CardContext) -> Iterator[Change]:
    old, new = ({(s.site_id, s.ward_code): s for rows in c.by_site.values() for s in rows} for c in (was, now))
    for key in _keys(old, new):
        then, since = (rows[key].length_m if key in rows else 0.0 for rows in (old, new))
        if abs(since - then) >= _MOVED_M:
            ward = now.ward_names.get(key[1]) or was.ward_names.get(key[1], key[1])
            where = f"{_site_name(key[0], was, now)}, {ward}"
            lengths = (now.words.metres(length) for length in (then, since))
            yield Change(f"site-{key[0]}", where, now.themed("change_route"), *lengths)


def _reports(was: CardContext, now: CardContext) -> Iterator[Change]:
    """Wards with more or fewer reports than before, where both days hold reports."""
    if was.situation.reports is None or now.situation.reports is None:
        return
    both = (was.situation.reports, now.situation.reports)
    old, new = (Counter(code for code in reports["ward_code"] if isinstance(code, str)) for reports in both)
    for code in sorted(old.keys() | new.keys()):
        if old[code] != new[code]:
            name = now.ward_names.get(code) or was.ward_names.get(code, code)
            yield Change("", name, now.themed("reports"), *(now.words.number(count[code]) for count in (old, new)))


def _counts(before: Situation, after: Situation, words: Translator) -> Iterator[Change]:
    if before.reports is not None and after.reports is not None:
        yield from _count("reports", len(before.reports), len(after.reports), after, words)
    if before.flags is None or after.flags is None:
        return
    # What follows from the registers alone is no alert: nothing happened there.
    for key, wanted in (("change_flags", True), ("change_exposed", False)):
        old, new = (sum(flag.is_reported == wanted for flag in each) for each in (before.flags, after.flags))
        yield from _count(key, old, new, after, words)


def _count(key: str, old: int, new: int, after: Situation, words: Translator) -> Iterator[Change]:
    if old != new:
        yield Change("", city_name(after, words), themed(words, key), words.number(old), words.number(new))


def _outlines(found: tuple[Change, ...], layers: tuple[Layer, ...], words: Translator) -> Layer:
    """A bright edge round every ward and under every site that changed, on both sides of the handle."""
    look = theme()
    changed = {change.feature for change in found}
    shapes = {feature.id: feature.geometry for layer in layers for feature in layer.features if feature.id in changed}
    features = tuple(
        Feature(
            f"changed-{key}", shape, look.lines["changed-edge" if shapely.get_dimensions(shape) == 2 else "changed"]
        )
        for key, shape in shapes.items()
    )
    return Layer("changes", themed(words, "changes"), features, pane="lines")


def _legend(outlines: Layer, words: Translator) -> LegendGroup:
    style, number = theme().lines["changed"], len(outlines.features)
    return LegendGroup(
        themed(words, "changes"), (LegendEntry(style, words.pick(style.label), number),) if number else ()
    )


def _card(before: Situation, after: Situation, found: tuple[Change, ...], words: Translator) -> Card:
    rows = tuple((c.where, c.what, c.before, c.after) for c in found)
    same = (themed(words, "unchanged"), "–", words.day(before.day), words.day(after.day))
    return Card(themed(words, "changes"), tables=(Table(("what", "change", "before", "after"), rows or (same,)),))


def _versions(before: Situation, after: Situation) -> str:
    both = (before.data_version, after.data_version)
    return both[0] if both[0] == both[1] else " → ".join(both)


def _site_name(site: str, was: CardContext, now: CardContext) -> str:
    return f"{site_number(site)} {now.site_names.get(site) or was.site_names.get(site, '')}"


def _label(
    styles: Mapping[str, AreaStyle] | Mapping[str, LineStyle], name: str | None, words: Translator, without: str = "–"
) -> str:
    return words.pick(styles[name].label) if name else without


def _keys(old: Mapping[Any, object], new: Mapping[Any, object]) -> list[Any]:
    return [*old, *(key for key in new if key not in old)]
