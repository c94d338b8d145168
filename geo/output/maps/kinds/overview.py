"""Maps of a whole city: the overview of programme and sites, and the frame that the others share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.output.maps.drawing.cards import Links, words
from geo.output.maps.drawing.drawing import Bounds, Card, Drawing, Layer, LegendGroup
from geo.output.maps.drawing.layers import level_legend, phase_legend, phase_style, site_layer, sources, ward_layer
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.output.shared.numerals import day_text
from geo.output.shared.theme import Label, theme
from geo.reference.cities import city

if TYPE_CHECKING:
    from geo.situation import Situation


def overview_drawing(situation: Situation, links: Links | None = None) -> Drawing:
    """The overview of a situation: phases of wards, sites by level, and what the crossings say of both."""
    known_words = words(situation, links)
    wards = ward_layer(known_words, phase_style(situation), label="wards_by_phase")
    return city_drawing(
        situation,
        key="overview",
        layers=(wards, site_layer(known_words)),
        legend=(phase_legend(wards), level_legend(known_words)),
    )


def city_drawing(
    situation: Situation,
    *,
    key: str,
    layers: tuple[Layer, ...],
    legend: tuple[LegendGroup, ...],
    notices: tuple[Label, ...] = (),
    cards: tuple[Card, ...] = (),
) -> Drawing:
    """A map of a whole city, titled by `key`; layers without features are left out, a missing site list is told."""
    look = theme()
    told = notices if len(situation.sites) else (look.text("no_sites"), *notices)
    return Drawing(
        key=key,
        title=look.text(f"{key}_title"),
        subtitle=extent_label(situation),
        day=day_text(situation.day),
        province_code=city(situation.city).province_code,
        layers=tuple(layer for layer in layers if layer.features),
        legend=tuple(group for group in legend if group.entries),
        sources=sources(situation),
        bounds=bounds_of(np.array([f.geometry for f in layers[0].features], dtype=object)),
        focus=_focus(situation),
        version=situation.data_version,
        notices=told,
        cards=cards,
    )


def extent_label(situation: Situation) -> Label:
    """What a map of the whole city covers: 'Hà Nội: 126 xã, phường, 12 điểm'."""
    place = city(situation.city)
    wards, sites = len(situation.wards), len(situation.sites)
    counted_vi = f"{wards} xã, phường" + (f", {sites} điểm" if sites else "")
    counted_en = f"{wards} wards" + (f", {sites} sites" if sites else "")
    return Label(f"{place.name}: {counted_vi}", f"{place.name_en}: {counted_en}")


def _focus(situation: Situation) -> Bounds:
    """The part to look at first: sites and wards of the programme, or everything where there are none."""
    covered = situation.wards.loc[situation.wards["phase"] != "none"]
    shapes = [*covered.geometry, *situation.sites.geometry] or list(situation.wards.geometry)
    return widen(bounds_of(np.array(shapes, dtype=object)), 0.02)
