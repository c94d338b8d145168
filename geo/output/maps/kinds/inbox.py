"""The map beside the inbox: the reports that fit its filters, over wards and sites; each leads to its page."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from geo.i18n.language import DEFAULT, Lang
from geo.output.maps.drawing.cards import Links, card_context
from geo.output.maps.drawing.drawing import Feature, Layer, Link
from geo.output.maps.drawing.layers import level_legend, phase_style, site_layer, ward_layer
from geo.output.maps.drawing.report_layer import report_layer, report_legend, reports_of
from geo.output.maps.drawing.simplified_shapes import bounds_of, widen
from geo.output.maps.kinds.overview import city_drawing

if TYPE_CHECKING:
    from geo.output.maps.drawing.drawing import Drawing
    from geo.situation import Situation


def inbox_drawing(situation: Situation, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The reports of a situation, and the part of the city in which they lie."""
    context = card_context(situation, links, lang)
    found = [row for row in reports_of(situation) if row.geometry is not None and not row.geometry.is_empty]
    wards, reports = (
        ward_layer(context, phase_style(situation), label="wards_by_phase"),
        _linked(report_layer(situation, found, context.words), found, context.links.report),
    )
    drawing = city_drawing(
        context,
        key="inbox",
        layers=(wards, site_layer(context), reports),
        legend=(*report_legend(reports, context.words), level_legend(context)),
    )
    if not found:
        return drawing
    return replace(drawing, focus=widen(bounds_of(np.array([row.geometry for row in found], dtype=object)), 0.1))


def _linked(layer: Layer, found: list[SimpleNamespace], pattern: str) -> Layer:
    """The layer with a link from each report to its page."""
    if not pattern:
        return layer
    return replace(
        layer,
        features=tuple(
            _with_link(feature, pattern.format(id=row.report_id))
            for feature, row in zip(layer.features, found, strict=True)
        ),
    )


def _with_link(feature: Feature, href: str) -> Feature:
    assert feature.card is not None
    return replace(feature, card=replace(feature.card, links=(Link("report_page", href),)))
