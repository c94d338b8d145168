"""The overview map: which wards the programme covers, where the sites run, and what the crossings say of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.output.maps.cards import Links, words
from geo.output.maps.drawing import Bounds, Drawing
from geo.output.maps.ground import bounds_of, widen
from geo.output.maps.layers import by_phase, level_legend, phase_legend, site_layer, sources, ward_layer
from geo.output.maps.numbers import day_text
from geo.output.theme import Label, theme
from geo.reference.cities import city

if TYPE_CHECKING:
    from geo.situation import Situation


def overview_drawing(situation: Situation, links: Links | None = None) -> Drawing:
    """The overview of a situation; a city without a site list gets its wards and a notice that says so."""
    look = theme()
    known_words = words(situation, links)
    wards = ward_layer(known_words, by_phase, label="wards_by_phase")
    bare = not len(situation.sites)
    return Drawing(
        key="overview",
        title=look.text("overview_title"),
        subtitle=extent_label(situation),
        day=day_text(situation.day),
        province_code=city(situation.city).province_code,
        layers=(wards,) if bare else (wards, site_layer(known_words)),
        legend=(phase_legend(wards),) if bare else (phase_legend(wards), level_legend(known_words)),
        sources=sources(situation),
        bounds=bounds_of(np.array([f.geometry for f in wards.features], dtype=object)),
        focus=_focus(situation),
        version=situation.data_version,
        notices=(look.text("no_sites"),) if bare else (),
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
