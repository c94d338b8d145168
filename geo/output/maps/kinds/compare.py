"""Two days of one city on one map: what changed is drawn as it was left of a handle and as it is right of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import InputError, Problem
from geo.output.maps.drawing.cards import Links, Words, site_number, words
from geo.output.maps.drawing.drawing import Card, Drawing, Feature, Layer, LegendEntry, LegendGroup, Table, Text
from geo.output.maps.drawing.layers import level_legend, phase_legend, phase_style, site_layer, ward_layer
from geo.output.maps.kinds.flag_layers import message_label
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.numerals import count, day_text, metres
from geo.output.shared.theme import AreaStyle, Label, LineStyle, theme
from geo.reference.cities import city

if TYPE_CHECKING:
    from geo.situation import Situation

_MOVED_M = 1.0
"""A stretch that grew or shrank by less than this many metres is taken as the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is no longer as it was: `feature` is the id of what to outline on the map ('' for none)."""

    feature: str
    where: str
    what: Text
    before: Text
    after: Text


def compare_drawing(before: Situation, after: Situation, links: Links | None = None) -> Drawing:
    """What changed from one situation to another: phases, levels, routes; counts of reports and flags.

    Raises
    ------
    InputError
        The situations are of two cities.
    """
    if before.city != after.city:
        what = f"two cities can't be compared: {before.city} and {after.city}"
        raise InputError(Problem(what, "compare", "choose two days of one city"))
    old, new = _layers(before, links), _layers(after, links)
    found = changes(before, after)
    outlines = _outlines(found, (*old, *new))
    drawn = city_drawing(
        after,
        key="compare",
        layers=(*_split(old[0], new[0]), *_split(old[1], new[1]), outlines),
        legend=(phase_legend(new[0]), level_legend(words(after)), _legend(outlines)),
        notices=_notices(after, found),
        cards=(_card(before, after, found),),
    )
    return replace(drawn, day=f"{day_text(before.day)} → {day_text(after.day)}", version=_versions(before, after))


def changes(before: Situation, after: Situation) -> tuple[Change, ...]:
    """What differs between two situations of a city: phases, levels, stretches by a metre or more, counts."""
    was, now = words(before), words(after)
    parts = (_phases(was, now), _levels(was, now), _stretches(was, now), _counts(before, after))
    return tuple(change for part in parts for change in part)


def _layers(situation: Situation, links: Links | None) -> tuple[Layer, Layer]:
    known_words = words(situation, links)
    return ward_layer(known_words, phase_style(situation), label="wards_by_phase"), site_layer(known_words)


def _split(old: Layer, new: Layer) -> tuple[Layer, ...]:
    """What is the same once, and what differs as two layers, one for each side."""
    look = theme()
    was, now = ({feature.id: feature for feature in layer.features} for layer in (old, new))
    same = {key for key in was.keys() & now.keys() if _alike(was[key], now[key])}
    parts = [replace(new, features=tuple(f for f in new.features if f.id in same))]
    for layer, side in ((old, "before"), (new, "after")):
        label = look.text(side)
        words_vi, words_en = f"{layer.label.vi}: {label.vi.lower()}", f"{layer.label.en}: {label.en.lower()}"
        changed = tuple(f for f in layer.features if f.id not in same)
        named = Label(words_vi, words_en)
        parts.append(replace(layer, key=f"{layer.key}_{side}", label=named, features=changed, side=side))
    return tuple(parts)


def _alike(a: Feature, b: Feature) -> bool:
    return a.style == b.style and a.card == b.card and bool(shapely.equals_exact(a.geometry, b.geometry))


def _phases(was: Words, now: Words) -> Iterator[Change]:
    look = theme()
    old, new = (dict(zip(w.situation.wards["code"], w.situation.wards["phase"], strict=True)) for w in (was, now))
    for code in _keys(old, new):
        if old.get(code) != new.get(code):
            name = now.ward_names.get(code) or was.ward_names[code]
            then, since = (_label(look.areas, phases.get(code)) for phases in (old, new))
            yield Change(f"wards-{code}", name, look.text("change_phase"), then, since)


def _levels(was: Words, now: Words) -> Iterator[Change]:
    look = theme()
    old, new = (dict(zip(w.situation.sites["site_id"], w.situation.sites["level"], strict=True)) for w in (was, now))
    for site in _keys(old, new):
        if old.get(site) != new.get(site):
            then, since = (_label(look.lines, levels.get(site)) for levels in (old, new))
            yield Change(f"site-{site}", _site_name(site, was, now), look.text("change_level"), then, since)


def _stretches(was: Words, now: Words) -> Iterator[Change]:
    old, new = ({(s.site_id, s.ward_code): s for rows in w.by_site.values() for s in rows} for w in (was, now))
    for key in _keys(old, new):
        then, since = (rows[key].length_m if key in rows else 0.0 for rows in (old, new))
        if abs(since - then) >= _MOVED_M:
            ward = now.ward_names.get(key[1]) or was.ward_names.get(key[1], key[1])
            where = f"{_site_name(key[0], was, now)}, {ward}"
            yield Change(f"site-{key[0]}", where, theme().text("change_route"), metres(then), metres(since))


def _counts(before: Situation, after: Situation) -> Iterator[Change]:
    look = theme()
    parts = (("reports", before.reports, after.reports), ("change_flags", before.flags, after.flags))
    for key, old, new in parts:
        if old is not None and new is not None and len(old) != len(new):
            yield Change("", city(after.city).name, look.text(key), count(len(old)), count(len(new)))


def _notices(after: Situation, found: tuple[Change, ...]) -> tuple[Label, ...]:
    hidden = (message_label("visibility.changes-hidden"),) if after.hides("flags") else ()
    return (*hidden, *(() if found else (theme().text("no_changes"),)))


def _outlines(found: tuple[Change, ...], layers: tuple[Layer, ...]) -> Layer:
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
    return Layer("changes", look.text("changes"), features, pane="lines")


def _legend(outlines: Layer) -> LegendGroup:
    style = theme().lines["changed"]
    entries = (LegendEntry(style, style.label, len(outlines.features)),) if outlines.features else ()
    return LegendGroup(theme().text("changes"), entries)


def _card(before: Situation, after: Situation, found: tuple[Change, ...]) -> Card:
    rows = tuple((c.where, c.what, c.before, c.after) for c in found)
    same = (theme().text("unchanged"), "–", day_text(before.day), day_text(after.day))
    return Card(str(theme().text("changes")), tables=(Table(("what", "change", "before", "after"), rows or (same,)),))


def _versions(before: Situation, after: Situation) -> str:
    both = (before.data_version, after.data_version)
    return both[0] if both[0] == both[1] else " → ".join(both)


def _site_name(site: str, was: Words, now: Words) -> str:
    return f"{site_number(site)} {now.site_names.get(site) or was.site_names.get(site, '')}"


def _label(styles: Mapping[str, AreaStyle] | Mapping[str, LineStyle], name: str | None) -> Text:
    return styles[name].label if name else "–"


def _keys(old: Mapping[Any, object], new: Mapping[Any, object]) -> list[Any]:
    return [*old, *(key for key in new if key not in old)]
