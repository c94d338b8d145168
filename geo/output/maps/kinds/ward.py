"""The map of one ward: its stretches of sites, its reports where the version holds any, its flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import UnknownWardError
from geo.i18n.language import DEFAULT, Lang
from geo.i18n.message import Message
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import CardContext, Links, card_context, extent_text, rows, stretch_card, ward_card
from geo.output.maps.drawing.drawing import Card, Drawing, Feature, Layer, LegendEntry, LegendGroup, Mark
from geo.output.maps.drawing.layers import area_legend, close_wards, level_legend, middle, site_style, sources
from geo.output.maps.drawing.report_layer import report_layer, report_legend, reports_of
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.output.maps.drawing.wording import themed
from geo.output.maps.kinds.flag_layers import Flagged, flag_layer, flag_legend, flag_notices, flags_of
from geo.output.maps.kinds.overview import city_name
from geo.output.shared.cells import known
from geo.output.shared.theme import theme
from geo.reference.cities import city
from geo.reference.names import suggest
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geo.situation import Situation


def ward_drawing(situation: Situation, code: str, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The map of a ward: its shape and neighbours, its stretches by level, its reports and flags.

    Where the situation holds no reports or no flags (a public version, or not computed), the map says so.

    Raises
    ------
    UnknownWardError
        The situation holds no ward of this code.
    """
    context = card_context(situation, links, lang)
    words = context.words
    ward = _ward(situation, code)
    flags = tuple(flag for flag in flags_of(situation, words) if code in flag.wards)
    bounds = widen(bounds_of(np.array([ward.geometry], dtype=object)), 0.08)
    layers = (
        close_wards(context, (code,), bounds, style="chosen"),
        flag_layer(flags, words),
        _rest_layer(ward, context),
        _stretch_layer(code, context),
        report_layer(situation, (row for row in reports_of(situation) if _is_here(row, ward)), words),
    )
    return Drawing(
        key="ward",
        title=words.text("ward-title"),
        subtitle=f"{ward.full_name}, {city_name(situation, words)}",
        day=words.day(situation.day),
        province_code=city(situation.city).province_code,
        layers=tuple(layer for layer in layers if layer.features),
        legend=_legend(layers, context, flags),
        sources=sources(situation, lang),
        bounds=bounds,
        focus=bounds,
        lang=lang,
        tiles=context.links.tiles,
        base=context.links.base,
        places=context.links.places,
        near=ward.geometry,
        version=situation.data_version,
        notices=_notices(situation, words),
        cards=(ward_card(ward, context), *(flag.card for flag in flags)),
        whole=situation.wards,
    )


def _ward(situation: Situation, code: str) -> SimpleNamespace:
    for row in rows(situation.wards):
        if str(row.code) == code:
            return row
    names = [f"{row.code} ({row.full_name})" for row in rows(situation.wards)]
    raise UnknownWardError(code, suggest(code, names))


def _stretch_layer(code: str, context: CardContext) -> Layer:
    situation = context.situation
    levels = dict(zip(situation.sites["site_id"].astype(str), situation.sites["level"].astype(str), strict=True))
    features = []
    for row in context.by_ward.get(code, ()):
        at = middle(row.geometry)
        mark = Mark(at.x, at.y, f"{site_number(row.site_id)}: {extent_text(row, context.words)}", "site")
        card = stretch_card(row, context)
        title = f"{site_number(row.site_id)} · {context.site_names[row.site_id]}"
        own = Card(title, card.brief[0], card.brief, card.facts[1:], links=card.links)
        style = site_style(row.geometry, levels[row.site_id])
        features.append(Feature(f"stretch-{row.site_id}", row.geometry, style, own, mark))
    return Layer("stretches", context.themed("stretches"), tuple(features), decimals=6, tabbed=True, pane="lines")


def _rest_layer(ward: SimpleNamespace, context: CardContext) -> Layer:
    ids = {row.site_id for row in context.by_ward.get(str(ward.code), ())}
    style = theme().lines["rest"]
    lines = [(str(r.site_id), r.geometry) for r in rows(context.situation.sites) if str(r.site_id) in ids]
    features = tuple(
        Feature(f"rest-{site_id}", geometry, style)
        for site_id, geometry in lines
        if shapely.get_dimensions(geometry) == 1 and not shapely.covers(ward.geometry, geometry)
    )
    return Layer("rest", context.words.pick(style.label), features, pane="lines")


def _is_here(row: Any, ward: SimpleNamespace) -> bool:
    if row.geometry is None or row.geometry.is_empty:
        return False
    code = getattr(row, "ward_code", None)
    return str(code) == str(ward.code) if known(code) else bool(shapely.covers(ward.geometry, row.geometry))


def _notices(situation: Situation, words: Translator) -> tuple[str, ...]:
    return (*_report_notices(situation, words), *flag_notices(situation, words))


def _report_notices(situation: Situation, words: Translator) -> tuple[str, ...]:
    if situation.reports is not None:
        return ()
    if situation.hides("reports"):
        return (Message("visibility.reports-hidden").text(words.lang),)
    return (themed(words, "no_reports"),)


def _legend(layers: tuple[Layer, ...], context: CardContext, flags: tuple[Flagged, ...]) -> tuple[LegendGroup, ...]:
    look, words = theme(), context.words
    wards, _, rest, stretches, reports = layers
    groups = [area_legend("wards", (look.areas["chosen"], look.areas["neighbour"]), wards, words)]
    if stretches.features:
        used = {words.pick(feature.style.label) for feature in stretches.features}
        levels = level_legend(context)
        entries = [LegendEntry(e.style, e.label) for e in levels.entries if e.label in used]
        beyond = look.lines["rest"]
        entries += [LegendEntry(beyond, words.pick(beyond.label))] if rest.features else []
        groups.append(LegendGroup(levels.heading, tuple(entries)))
    return (*groups, *report_legend(reports, words), *flag_legend(flags, words))
