"""A drawing of a city, narrowed to some of its sites and wards: what a filter drops is gone, or stands back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.output.maps.drawing.drawing import Bounds, Drawing, Feature, Layer, LegendEntry
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.output.shared.theme import Style, theme

if TYPE_CHECKING:
    from geo.situation import Situation

_SITE = ("site-", "changed-site-")
_WARD = "wards-"


def narrowed(
    drawing: Drawing, situation: Situation, sites: AbstractSet[str], wards: AbstractSet[str] | None = None
) -> Drawing:
    """The drawing with the sites of these ids alone, and their number in its legend.

    With `wards` (codes), all others stand as neighbours, and these are looked at first where they are few.
    """
    layers = tuple(_layer(layer, sites, wards) for layer in drawing.layers)
    levels = situation.sites.set_index("site_id")["level"]
    tally = Counter(str(levels[site]) for site in sites if site in levels)
    styles = Counter(feature.style for layer in layers for feature in layer.features)
    legend = tuple(
        replace(group, entries=tuple(_counted(entry, tally, styles) for entry in group.entries))
        for group in drawing.legend
    )
    return replace(drawing, layers=layers, legend=legend, focus=_focus(drawing, layers, wards))


def _layer(layer: Layer, sites: AbstractSet[str], wards: AbstractSet[str] | None) -> Layer:
    features = (_faded(feature, wards) for feature in layer.features if _stays(feature, sites))
    return replace(layer, features=tuple(features))


def _stays(feature: Feature, sites: AbstractSet[str]) -> bool:
    named = next((feature.id.removeprefix(prefix) for prefix in _SITE if feature.id.startswith(prefix)), None)
    return named is None or named in sites


def _faded(feature: Feature, wards: AbstractSet[str] | None) -> Feature:
    if wards is None or not feature.id.startswith(_WARD) or feature.id.removeprefix(_WARD) in wards:
        return feature
    return replace(feature, style=theme().areas["neighbour"])


def _counted(entry: LegendEntry, levels: Counter[str], styles: Counter[Style]) -> LegendEntry:
    if entry.count is None:
        return entry
    if entry.style.name in theme().lines:
        return replace(entry, count=levels[entry.style.name])
    return replace(entry, count=styles[entry.style])


def _focus(drawing: Drawing, layers: tuple[Layer, ...], wards: AbstractSet[str] | None) -> Bounds:
    if wards is None or len(wards) != 1:
        return drawing.focus
    chosen = [f.geometry for layer in layers for f in layer.features if f.id.removeprefix(_WARD) in wards]
    return widen(bounds_of(np.array(chosen, dtype=object)), 0.3) if chosen else drawing.focus
