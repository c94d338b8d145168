"""Two days of one city on one map: what changed is drawn as it was left of a handle and as it is right of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import InputError, Problem
from geo.output.maps.cards import Links, Words, site_number, words
from geo.output.maps.drawing import Card, Drawing, Feature, Layer, Table, Text
from geo.output.maps.layers import level_legend, phase_legend, phase_style, site_layer, ward_layer
from geo.output.maps.map_overview import city_drawing
from geo.output.maps.numbers import count, day_text, metres
from geo.output.theme import Label, theme

if TYPE_CHECKING:
    from geo.situation import Situation

_MOVED_M = 1.0
"""A stretch that grew or shrank by less than this many metres is taken as the same."""


def compare_drawing(before: Situation, after: Situation, links: Links | None = None) -> Drawing:
    """What changed from one situation to another: phases, levels, routes, boundaries; counts of reports and flags.

    Raises
    ------
    InputError
        The situations are of two cities.
    """
    if before.city != after.city:
        what = f"two cities can't be compared: {before.city} and {after.city}"
        raise InputError(Problem(what, "compare", "choose two days of one city"))
    pairs = [_layers(situation, links) for situation in (before, after)]
    wards = _split(pairs[0][0], pairs[1][0])
    sites = _split(pairs[0][1], pairs[1][1])
    rows = tuple(_changes(words(before), words(after)))
    drawn = city_drawing(
        after,
        key="compare",
        layers=(*wards, *sites),
        legend=(phase_legend(pairs[1][0]), level_legend(words(after))),
        notices=() if rows else (theme().text("no_changes"),),
        cards=(Card(str(theme().text("changes")), tables=(_table(before, after, rows),)),),
    )
    return replace(drawn, day=f"{day_text(before.day)} → {day_text(after.day)}", version=_versions(before, after))


_Change = tuple[str, Text, Text, Text]
"""Whose, what, before, after."""


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


def _changes(was: Words, now: Words) -> Iterator[_Change]:
    yield from _ward_changes(was, now)
    yield from _site_changes(was, now)
    yield from _stretch_changes(was, now)
    yield from _counts(was, now)


def _ward_changes(was: Words, now: Words) -> Iterator[_Change]:
    look = theme()
    old, new = (dict(zip(w.situation.wards["code"], w.situation.wards["phase"], strict=True)) for w in (was, now))
    for code in _keys(old, new):
        name = now.ward_names.get(code) or was.ward_names[code]
        words_of = [look.areas[p].label if (p := phases.get(code)) else _none() for phases in (old, new)]
        if old.get(code) != new.get(code):
            yield (name, look.text("change_phase"), words_of[0], words_of[1])


def _site_changes(was: Words, now: Words) -> Iterator[_Change]:
    look = theme()
    old, new = (dict(zip(w.situation.sites["site_id"], w.situation.sites["level"], strict=True)) for w in (was, now))
    for site in _keys(old, new):
        words_of = [look.lines[p].label if (p := levels.get(site)) else _none() for levels in (old, new)]
        if old.get(site) != new.get(site):
            yield (_site_name(site, was, now), look.text("change_level"), words_of[0], words_of[1])


def _stretch_changes(was: Words, now: Words) -> Iterator[_Change]:
    old, new = ({(s.site_id, s.ward_code): s for rows in w.by_site.values() for s in rows} for w in (was, now))
    for key in _keys(old, new):
        lengths = [rows[key].length_m if key in rows else 0.0 for rows in (old, new)]
        if abs(lengths[1] - lengths[0]) < _MOVED_M:
            continue
        ward = now.ward_names.get(key[1]) or was.ward_names.get(key[1], key[1])
        yield (
            f"{_site_name(key[0], was, now)}, {ward}",
            theme().text("change_route"),
            metres(lengths[0]),
            metres(lengths[1]),
        )


def _counts(was: Words, now: Words) -> Iterator[_Change]:
    look = theme()
    for key, words_key in (("reports", "reports"), ("flags", "change_flags")):
        parts = [getattr(w.situation, key) for w in (was, now)]
        if any(part is None for part in parts):
            continue
        old, new = (len(part) for part in parts)
        if old != new:
            yield (_place_name(now), look.text(words_key), count(old), count(new))


def _table(before: Situation, after: Situation, rows: tuple[_Change, ...]) -> Table:
    look = theme()
    same = (look.text("unchanged"), "–", day_text(before.day), day_text(after.day))
    return Table(("what", "change", "before", "after"), rows or (same,))


def _versions(before: Situation, after: Situation) -> str:
    both = (before.data_version, after.data_version)
    return both[0] if both[0] == both[1] else " → ".join(both)


def _site_name(site: str, was: Words, now: Words) -> str:
    return f"{site_number(site)} {now.site_names.get(site) or was.site_names.get(site, '')}"


def _place_name(known_words: Words) -> str:
    from geo.reference.cities import city

    return city(known_words.situation.city).name


def _keys(old: Mapping[Any, object], new: Mapping[Any, object]) -> list[Any]:
    return [*old, *(key for key in new if key not in old)]


def _none() -> Text:
    return "–"
