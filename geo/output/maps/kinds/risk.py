"""The risk map: wards by their highest open flag, and where the flags point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo.i18n.language import DEFAULT, LANGS, Lang
from geo.i18n.message import Message
from geo.output.maps.drawing.cards import Links, card_context
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.layers import area_legend, level_legend, site_layer, ward_layer
from geo.output.maps.kinds.flag_layers import (
    LEVELS,
    flag_layer,
    flag_legend,
    flag_notices,
    flags_of,
    level_by_ward,
)
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.theme import AreaStyle, Label, theme

if TYPE_CHECKING:
    from geo.situation import Situation


def risk_drawing(situation: Situation, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The flags of a situation over its wards and sites; where flags are not there yet, the map says so."""
    look, context = theme(), card_context(situation, links, lang)
    flags = flags_of(situation, context.words)
    gravest = level_by_ward(flags)

    shades = {level: look.areas[f"flag-{level}"] for level in (*reversed(LEVELS), "none")}
    if situation.hides("flags"):
        shades["none"] = replace(
            shades["none"], label=Label(*(Message("visibility.no-flag-shown").text(lang) for lang in LANGS))
        )

    def style(row: Any) -> AreaStyle:
        if situation.flags is None:
            return look.areas["missing"]
        return shades[gravest.get(str(row.code), "none")]

    wards = ward_layer(context, style, label="flags_by_level")
    used = area_legend("flags_by_level", [*shades.values(), look.areas["missing"]], wards, context.words)
    return city_drawing(
        context,
        key="risk",
        layers=(wards, flag_layer(flags, context.words), site_layer(context)),
        legend=(used, *flag_legend(flags, context.words), level_legend(context)),
        notices=flag_notices(situation, context.words),
    )
