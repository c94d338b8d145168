"""The map of one site: whose is which stretch, metre by metre, and what the plan says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import UnknownSiteError
from geo.i18n.language import DEFAULT, Lang
from geo.output.maps.drawing.cards import CardContext, Links, card_context, extent_text, rows, site_card, stretch_card
from geo.output.maps.drawing.drawing import Drawing, Feature, Layer, LegendEntry, LegendGroup, Mark
from geo.output.maps.drawing.layers import area_legend, close_wards, middle, site_style, sources
from geo.output.maps.drawing.report_layer import report_layer, report_legend
from geo.output.maps.drawing.route import border_parts, ticks
from geo.output.maps.drawing.simplified_shapes import bounds_of, padded, widen
from geo.output.shared.stretches import Stretch
from geo.output.shared.theme import AreaStyle, Label, LineStyle, PointStyle, Style, stretch_styles, theme
from geo.reference.cities import city
from geo.reference.names import suggest
from geo.reference.sites import site_number
from geo.reference.tolerances import SLIVER_M, SLIVER_M2
from geo.situation.site_reports import of_site

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geo.situation import Situation


_DRAWN_M = 0.5
"""A sliver shorter than this is a touch in a corner: a row of the table, not drawn."""
_NAMED = 12
"""More stretches than this are numbered on the map, and named in the legend: their names would cover the route."""


def site_drawing(situation: Situation, site_id: str, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The map of a site: stretches by ward in turn of colours, boundary parts, chainage, neighbours.

    Raises
    ------
    UnknownSiteError
        The situation holds no such site.
    """
    context = card_context(situation, links, lang)
    site = _site(situation, site_id)
    here = context.by_site.get(site_id, ())
    place = city(situation.city)
    bounds = padded(widen(bounds_of(np.array([site.geometry], dtype=object)), 0.06), 150.0)
    crossed = tuple(row.ward_code for row in here if row.in_ward and not _is_sliver(row))
    wards = close_wards(context, crossed, bounds)
    stretches = _stretch_layer(site, here, context)
    along = border_parts(here, situation.wards, place.province_code)
    borders = Layer("borders", context.themed("borders"), along, pane="lines")
    marks = Layer("ticks", context.themed("ticks"), ticks(site.geometry, context.words), pane="lines", decimals=6)
    reports = report_layer(situation, _reports_here(situation, site), context.words)
    layers = (wards, stretches, borders, marks)
    return Drawing(
        key="site",
        title=f"{context.words.text('site-title')} {site_number(site_id)}",
        subtitle=str(site.name),
        day=context.words.day(situation.day),
        province_code=place.province_code,
        layers=tuple(layer for layer in (*layers, reports) if layer.features),
        legend=tuple(g for g in (*_legend(layers, context), *report_legend(reports, context.words)) if g.entries),
        sources=sources(situation, lang),
        bounds=bounds,
        focus=bounds,
        lang=lang,
        tiles=context.links.tiles,
        base=context.links.base,
        places=context.links.places,
        near=site.geometry,
        version=situation.data_version,
        cards=(site_card(site, context),),
        whole=situation.wards,
    )


def _site(situation: Situation, site_id: str) -> SimpleNamespace:
    for row in rows(situation.sites):
        if str(row.site_id) == site_id:
            return row
    known = situation.sites["site_id"].astype(str).tolist()
    raise UnknownSiteError(site_id, suggest(site_id, known) or known[:3])


def _reports_here(situation: Situation, site: SimpleNamespace) -> Iterable[SimpleNamespace]:
    """The reports of a site (`geo.situation.site_reports`)."""
    frame = situation.reports
    return () if frame is None else rows(frame[of_site(situation, str(site.site_id), frame)])


def _stretch_layer(site: SimpleNamespace, here: tuple[Stretch, ...], context: CardContext) -> Layer:
    owned = [row for row in here if row.in_ward and not _is_sliver(row)]
    slivers = [row for row in here if _is_sliver(row) and row.length_m >= _DRAWN_M]
    names = context.situation.wards.set_index("code")["name"]
    texts = [f"{names.get(row.ward_code, row.ward_name)}: {extent_text(row, context.words)}" for row in owned]
    texts = texts if len(owned) <= _NAMED else [str(number) for number in range(1, len(owned) + 1)]
    level, lines = str(site.level), stretch_styles(np.array([row.geometry for row in owned], dtype=object))
    features = tuple(
        _stretch(row, _turn(row, rank, line, level), text, context)
        for rank, (row, line, text) in enumerate(zip(owned, lines, texts, strict=True))
    )
    features += tuple(_sliver(row, context) for row in slivers)
    features += tuple(_outside(row, context) for row in here if not row.in_ward)
    if not features:
        whole = Feature(f"site-{site.site_id}", site.geometry, site_style(site.geometry, str(site.level)))
        features = (whole,)
    return Layer("stretches", context.themed("stretches"), features, decimals=6, tabbed=True, pane="lines")


def _stretch(row: Stretch, style: Style, text: str, context: CardContext) -> Feature:
    at = middle(row.geometry)
    return Feature(
        id=f"stretch-{row.ward_code}",
        geometry=row.geometry,
        style=style,
        card=stretch_card(row, context),
        mark=Mark(at.x, at.y, text, "site"),
    )


def _sliver(row: Stretch, context: CardContext) -> Feature:
    card = stretch_card(row, context)
    return Feature(f"stretch-{row.ward_code}", row.geometry, theme().lines["sliver"], card)


def _is_sliver(row: Stretch) -> bool:
    is_short = 0 < row.length_m < SLIVER_M or 0 < row.area_m2 < SLIVER_M2
    return row.verdict == "sliver" or (row.verdict == "on_border" and is_short)


def _outside(row: Stretch, context: CardContext) -> Feature:
    """What lies in no ward, with its size: a gap between wards, or the way out of the city."""
    at, style = middle(row.geometry), _shaped(theme().lines["outside"], row)
    mark = Mark(at.x, at.y, f"{context.themed('outside')}: {extent_text(row, context.words)}", "site")
    return Feature("stretch-outside", row.geometry, style, stretch_card(row, context), mark)


def _shaped(line: LineStyle, row: Stretch) -> Style:
    """The style of a line, or what goes by its colour for areas and points."""
    dimension = shapely.get_dimensions(row.geometry)
    if dimension == 2:
        return AreaStyle(line.name, line.label, line.casing, line.colour, 2.0, line.dash)
    return line if dimension == 1 else PointStyle(line.name, line.label, line.colour, line.casing, line.width + 3, 2.0)


def _turn(row: Stretch, rank: int, line: LineStyle, level: str) -> Style:
    label = Label(row.ward_name, "")
    dimension = shapely.get_dimensions(row.geometry)
    if dimension == 1:
        return LineStyle(f"stretch-{rank}", label, line.colour, line.width, line.dash, line.casing)
    if dimension == 2:
        return AreaStyle(f"stretch-{rank}", label, line.colour, "#111111", 2.0, line.dash)
    whole = theme().lines[level]
    return PointStyle(f"stretch-{rank}", label, line.colour, "#ffffff", whole.width + 3, 2.0)


def _legend(layers: tuple[Layer, Layer, Layer, Layer], context: CardContext) -> tuple[LegendGroup, ...]:
    look, words = theme(), context.words
    wards, stretches, borders, marks = layers
    sliver = look.lines["sliver"]
    by_ward = tuple(LegendEntry(f.style, _extent_label(f, context)) for f in stretches.features if f.style != sliver)
    short = sum(feature.style == sliver for feature in stretches.features)
    by_ward += (LegendEntry(sliver, words.pick(sliver.label), short),) if short else ()
    others: list[Style] = [look.lines["edge"]] if borders.features else []
    others += [look.points["tick"]] if marks.features else []
    crossed = area_legend("wards", (look.areas["crossed"], look.areas["neighbour"]), wards, words)
    return (
        LegendGroup(context.themed("stretches"), by_ward),
        LegendGroup(crossed.heading, (*crossed.entries, *(LegendEntry(s, words.pick(s.label)) for s in others))),
    )


def _extent_label(feature: Feature, context: CardContext) -> str:
    if feature.card is None:
        return context.words.pick(feature.style.label)
    if feature.mark is not None and feature.mark.text.isdigit():
        return f"{feature.mark.text}. {feature.card.title}"
    return f"{feature.card.title}: {feature.card.facts[1].value}"
