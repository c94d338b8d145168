"""The map of one ward: its stretches of sites, its reports where the version holds any, its flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import UnknownWardError
from geo.output.maps.drawing.cards import Links, Words, extent_text, rows, site_number, stretch_card, ward_card, words
from geo.output.maps.drawing.drawing import Card, Drawing, Fact, Feature, Layer, LegendEntry, LegendGroup, Mark, Text
from geo.output.maps.drawing.layers import area_legend, close_wards, level_legend, middle, site_style, sources
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.output.maps.kinds.flag_layers import Flagged, flag_layer, flag_legend, flag_notices, flags_of, message_label
from geo.output.shared.numerals import day_text, known
from geo.output.shared.stretches import Stretch
from geo.output.shared.theme import Label, theme
from geo.reference.cities import city
from geo.reference.names import suggest

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geo.situation import Situation


def ward_drawing(situation: Situation, code: str, links: Links | None = None) -> Drawing:
    """The map of a ward: its shape and neighbours, its stretches by level, its reports and flags.

    Where the situation holds no reports or no flags (a public version, or not computed), the map says so.

    Raises
    ------
    UnknownWardError
        The situation holds no ward of this code.
    """
    look, known_words = theme(), words(situation, links)
    ward = _ward(situation, code)
    flags = tuple(flag for flag in flags_of(situation) if code in flag.wards)
    bounds = widen(bounds_of(np.array([ward.geometry], dtype=object)), 0.08)
    ground = close_wards(known_words, (code,), bounds, style="chosen")
    layers = (
        ground,
        _rest_layer(situation, ward, known_words),
        _stretch_layer(situation, known_words.by_ward.get(code, ())),
        flag_layer(flags),
        _report_layer(situation, ward),
    )
    return Drawing(
        key="ward",
        title=look.text("ward_title"),
        subtitle=Label(f"{ward.full_name}, {city(situation.city).name}", ""),
        day=day_text(situation.day),
        province_code=city(situation.city).province_code,
        layers=tuple(layer for layer in layers if layer.features),
        legend=_legend(layers, known_words, flags),
        sources=sources(situation),
        bounds=bounds,
        focus=bounds,
        version=situation.data_version,
        notices=_notices(situation),
        cards=(ward_card(ward, known_words), *(flag.card for flag in flags)),
        whole=situation.wards,
    )


def _ward(situation: Situation, code: str) -> SimpleNamespace:
    for row in rows(situation.wards):
        if str(row.code) == code:
            return row
    names = [f"{row.code} ({row.full_name})" for row in rows(situation.wards)]
    raise UnknownWardError(code, suggest(code, names))


def _stretch_layer(situation: Situation, here: tuple[Stretch, ...]) -> Layer:
    known_words = words(situation)
    levels = dict(zip(situation.sites["site_id"].astype(str), situation.sites["level"].astype(str), strict=True))
    features = []
    for row in here:
        at = middle(row.geometry)
        mark = Mark(at.x, at.y, f"{site_number(row.site_id)}: {extent_text(row)}", "site")
        card = stretch_card(row, known_words)
        title = f"{site_number(row.site_id)} · {known_words.site_names[row.site_id]}"
        own = Card(title, card.brief[0], card.brief, card.facts[1:], links=card.links)
        style = site_style(row.geometry, levels[row.site_id])
        features.append(Feature(f"stretch-{row.site_id}", row.geometry, style, own, mark))
    return Layer("stretches", theme().text("stretches"), tuple(features), decimals=6, tabbed=True, pane="lines")


def _rest_layer(situation: Situation, ward: SimpleNamespace, known_words: Words) -> Layer:
    ids = {row.site_id for row in known_words.by_ward.get(str(ward.code), ())}
    style = theme().lines["rest"]
    lines = [(str(r.site_id), r.geometry) for r in rows(situation.sites) if str(r.site_id) in ids]
    features = tuple(
        Feature(f"rest-{site_id}", geometry, style)
        for site_id, geometry in lines
        if shapely.get_dimensions(geometry) == 1 and not shapely.covers(ward.geometry, geometry)
    )
    return Layer("rest", style.label, features, pane="lines")


def _report_layer(situation: Situation, ward: SimpleNamespace) -> Layer:
    look = theme()
    if situation.reports is None:
        return Layer("reports", look.text("reports"), (), pane="lines")
    inside = [row for row in rows(situation.reports) if _is_here(row, ward)]
    features = tuple(
        Feature(f"report-{rank}", row.geometry, look.points["report"], _report_card(row))
        for rank, row in enumerate(inside)
    )
    return Layer("reports", look.text("reports"), features, pane="lines")


def _is_here(row: Any, ward: SimpleNamespace) -> bool:
    if row.geometry is None or row.geometry.is_empty:
        return False
    code = getattr(row, "ward_code", None)
    return str(code) == str(ward.code) if known(code) else bool(shapely.covers(ward.geometry, row.geometry))


def _report_card(row: Any) -> Card:
    look = theme()
    day = day_text(row.day)
    status = str(getattr(row, "status", "unverified"))
    state: Text = look.texts.get(f"status_{status}", Label(status, status))
    facts = [Fact("status", state)]
    if known(getattr(row, "kind", None)):
        facts.insert(0, Fact("kind", str(row.kind)))
    return Card(f"{look.text('reports').vi} {day}", state, (state,), tuple(facts))


def _notices(situation: Situation) -> tuple[Label, ...]:
    return (*_report_notices(situation), *flag_notices(situation))


def _report_notices(situation: Situation) -> tuple[Label, ...]:
    if situation.reports is not None:
        return ()
    hidden = (message_label("visibility.reports-hidden"),) if situation.hides("reports") else ()
    return (theme().text("no_reports"), *hidden)


def _legend(layers: tuple[Layer, ...], known_words: Words, flags: tuple[Flagged, ...]) -> tuple[LegendGroup, ...]:
    look = theme()
    ground, rest, stretches, _, reports = layers
    near = area_legend("wards", (look.areas["chosen"], look.areas["neighbour"]), ground)
    groups = [near]
    if stretches.features:
        used = {feature.style.label for feature in stretches.features}
        levels = level_legend(known_words)
        entries = [LegendEntry(e.style, e.label) for e in levels.entries if e.label in used]
        entries += [LegendEntry(look.lines["rest"], look.lines["rest"].label)] if rest.features else []
        groups.append(LegendGroup(levels.heading, tuple(entries)))
    if reports.features:
        entry = LegendEntry(look.points["report"], look.points["report"].label, len(reports.features))
        groups.append(LegendGroup(look.text("reports"), (entry,)))
    return (*groups, *flag_legend(flags))
