"""The risk map: wards by their highest open flag, and where the flags point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo.output.maps.drawing.cards import Links, words
from geo.output.maps.drawing.drawing import Drawing, LegendGroup
from geo.output.maps.drawing.layers import area_legend, level_legend, site_layer, ward_layer
from geo.output.maps.kinds.flag_layers import (
    LEVELS,
    flag_layer,
    flag_legend,
    flag_notices,
    flags_of,
    level_by_ward,
    message_label,
)
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.theme import AreaStyle, theme

if TYPE_CHECKING:
    from geo.situation import Situation


def risk_drawing(situation: Situation, links: Links | None = None) -> Drawing:
    """The flags of a situation over its wards and sites; where flags are not there yet, the map says so."""
    look, known_words = theme(), words(situation, links)
    flags = flags_of(situation)
    gravest = level_by_ward(flags)

    shades = {level: look.areas[f"flag-{level}"] for level in (*reversed(LEVELS), "none")}
    if situation.hides("flags"):
        shades["none"] = replace(shades["none"], label=message_label("visibility.no-flag-shown"))

    def style(row: Any) -> AreaStyle:
        if situation.flags is None:
            return look.areas["missing"]
        return shades[gravest.get(str(row.code), "none")]

    wards = ward_layer(known_words, style, label="flags_by_level")
    used = area_legend("flags_by_level", [*shades.values(), look.areas["missing"]], wards)
    sites = site_layer(known_words)
    legend = (LegendGroup(used.heading, used.entries), *flag_legend(flags), level_legend(known_words))
    return city_drawing(
        situation,
        key="risk",
        layers=(wards, sites, flag_layer(flags)),
        legend=legend,
        notices=flag_notices(situation),
    )
