"""Maps of a whole city: the overview of programme and sites, and the frame that the others share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import CardContext, Links, card_context
from geo.output.maps.drawing.drawing import Bounds, Card, Drawing, Layer, LegendGroup
from geo.output.maps.drawing.layers import level_legend, phase_legend, phase_style, site_layer, sources, ward_layer
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.reference.cities import city

if TYPE_CHECKING:
    from geo.situation import Situation


def overview_drawing(situation: Situation, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The overview of a situation: phases of wards, sites by level, and what the crossings say of both."""
    context = card_context(situation, links, lang)
    wards = ward_layer(context, phase_style(situation), label="wards_by_phase")
    return city_drawing(
        context,
        key="overview",
        layers=(wards, site_layer(context)),
        legend=(phase_legend(wards, situation.programme.phase_ids, context.words), level_legend(context)),
    )


def city_drawing(
    context: CardContext,
    *,
    key: str,
    layers: tuple[Layer, ...],
    legend: tuple[LegendGroup, ...],
    notices: tuple[str, ...] = (),
    cards: tuple[Card, ...] = (),
) -> Drawing:
    """A map of a whole city, titled by the text `key`-title; layers without features are left out.

    A city without a list of sites is noted.
    """
    situation, words = context.situation, context.words
    return Drawing(
        key=key,
        title=words.text(f"{key}-title"),
        subtitle=extent_label(situation, words),
        day=words.day(situation.day),
        province_code=city(situation.city).province_code,
        layers=tuple(layer for layer in layers if layer.features),
        legend=tuple(group for group in legend if group.entries),
        sources=sources(situation, words.lang),
        bounds=bounds_of(np.array([f.geometry for f in layers[0].features], dtype=object)),
        focus=_focus(situation),
        lang=words.lang,
        version=situation.data_version,
        tiles=context.links.tiles,
        base=context.links.base,
        places=context.links.places,
        notices=notices if len(situation.sites) else (context.themed("no_sites"), *notices),
        cards=cards,
    )


def city_name(situation: Situation, words: Translator) -> str:
    """The city's name in the language of the map."""
    place = city(situation.city)
    return place.name if words.lang == "vi" else place.name_en


def extent_label(situation: Situation, words: Translator) -> str:
    """What a map of the whole city covers: 'Hà Nội: 126 xã, phường, 12 điểm'."""
    wards, sites = len(situation.wards), len(situation.sites)
    key = "extent" if sites else "extent-without-sites"
    name = city_name(situation, words)
    return words.text(key, city=name, wards=words.number(wards), sites=words.number(sites))


def _focus(situation: Situation) -> Bounds:
    """The part to look at first: sites and wards of the programme, or everything where there are none."""
    covered = situation.wards.loc[situation.wards["phase"] != "none"]
    shapes = [*covered.geometry, *situation.sites.geometry] or list(situation.wards.geometry)
    return widen(bounds_of(np.array(shapes, dtype=object)), 0.02)
