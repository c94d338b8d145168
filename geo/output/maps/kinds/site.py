"""The map of one site: whose is which stretch, metre by metre, and what the plan says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import UnknownSiteError
from geo.output.maps.drawing.cards import Links, Words, extent_text, rows, site_card, site_number, stretch_card, words
from geo.output.maps.drawing.drawing import Drawing, Feature, Layer, LegendEntry, LegendGroup, Mark
from geo.output.maps.drawing.layers import area_legend, close_wards, middle, site_style, sources
from geo.output.maps.drawing.route import border_parts, ticks
from geo.output.maps.drawing.simplified_shapes import bounds_of, padded, widen
from geo.output.shared.numerals import day_text
from geo.output.shared.stretches import Stretch
from geo.output.shared.theme import AreaStyle, Label, LineStyle, PointStyle, Style, theme
from geo.reference.cities import city
from geo.reference.names import suggest

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geo.situation import Situation


_DRAWN_M = 0.5
"""A sliver shorter than this is a touch in a corner: told in the table, not drawn."""


def site_drawing(situation: Situation, site_id: str, links: Links | None = None) -> Drawing:
    """The map of a site: stretches by ward in turn of colours, boundary parts, chainage, neighbours.

    Raises
    ------
    UnknownSiteError
        The situation holds no such site.
    """
    look, known_words = theme(), words(situation, links)
    site = _site(situation, site_id)
    here = known_words.by_site.get(site_id, ())
    place = city(situation.city)
    bounds = padded(widen(bounds_of(np.array([site.geometry], dtype=object)), 0.06), 150.0)
    crossed = tuple(row.ward_code for row in here if row.verdict != "sliver")
    ground = close_wards(known_words, crossed, bounds)
    stretches = _stretch_layer(site, here, known_words)
    borders = Layer(
        "borders", look.text("borders"), border_parts(here, situation.wards, place.province_code), pane="lines"
    )
    marks = Layer("ticks", look.text("ticks"), ticks(site.geometry), pane="lines", decimals=6)
    layers = tuple(layer for layer in (ground, stretches, borders, marks) if layer.features)
    return Drawing(
        key="site",
        title=_titled(look.text("site_title"), site_number(site_id)),
        subtitle=Label(str(site.name), ""),
        day=day_text(situation.day),
        province_code=place.province_code,
        layers=layers,
        legend=tuple(group for group in _legend(stretches, ground, borders, marks) if group.entries),
        sources=sources(situation),
        bounds=bounds,
        focus=bounds,
        version=situation.data_version,
        cards=(site_card(site, known_words),),
        whole=situation.wards,
    )


def _site(situation: Situation, site_id: str) -> SimpleNamespace:
    for row in rows(situation.sites):
        if str(row.site_id) == site_id:
            return row
    known = situation.sites["site_id"].astype(str).tolist()
    raise UnknownSiteError(site_id, suggest(site_id, known) or known[:3])


def _titled(title: Label, what: str) -> Label:
    return Label(f"{title.vi} {what}", f"{title.en} {what}")


def _stretch_layer(site: SimpleNamespace, here: tuple[Stretch, ...], known_words: Words) -> Layer:
    owned = [row for row in here if row.verdict != "sliver"]
    slivers = [row for row in here if row.verdict == "sliver" and row.length_m >= _DRAWN_M]
    features = tuple(_stretch(site, rank, row, known_words) for rank, row in enumerate(owned))
    features += tuple(_sliver(row, known_words) for row in slivers)
    if not features:
        whole = Feature(f"site-{site.site_id}", site.geometry, site_style(site.geometry, str(site.level)))
        features = (whole,)
    return Layer("stretches", theme().text("stretches"), features, decimals=6, tabbed=True, pane="lines")


def _stretch(site: SimpleNamespace, rank: int, row: Stretch, known_words: Words) -> Feature:
    at = middle(row.geometry)
    name = known_words.situation.wards.set_index("code")["name"].get(row.ward_code, row.ward_name)
    return Feature(
        id=f"stretch-{row.ward_code}",
        geometry=row.geometry,
        style=_turn(row, rank, str(site.level)),
        card=stretch_card(row, known_words),
        mark=Mark(at.x, at.y, f"{name}: {extent_text(row)}", "site"),
    )


def _sliver(row: Stretch, known_words: Words) -> Feature:
    card = stretch_card(row, known_words)
    return Feature(f"stretch-{row.ward_code}", row.geometry, theme().lines["sliver"], card)


def _turn(row: Stretch, rank: int, level: str) -> Style:
    turns = theme().stretches
    line = turns[rank % len(turns)]
    label = Label(row.ward_name, "")
    dimension = shapely.get_dimensions(row.geometry)
    if dimension == 1:
        return LineStyle(f"stretch-{rank}", label, line.colour, line.width, line.dash, line.casing)
    if dimension == 2:
        return AreaStyle(f"stretch-{rank}", label, line.colour, "#111111", 2.0, line.dash)
    whole = theme().lines[level]
    return PointStyle(f"stretch-{rank}", label, line.colour, "#ffffff", whole.width + 3, 2.0)


def _legend(stretches: Layer, ground: Layer, borders: Layer, marks: Layer) -> tuple[LegendGroup, ...]:
    look = theme()
    sliver = look.lines["sliver"]
    by_ward = tuple(LegendEntry(f.style, _ward_words(f)) for f in stretches.features if f.style != sliver)
    short = sum(feature.style == sliver for feature in stretches.features)
    by_ward += (LegendEntry(sliver, sliver.label, short),) if short else ()
    shown = [look.lines["edge"]] if borders.features else []
    others = [LegendEntry(style, style.label) for style in shown]
    if marks.features:
        others.append(LegendEntry(look.points["tick"], look.points["tick"].label))
    crossed = area_legend("wards", (look.areas["crossed"], look.areas["neighbour"]), ground)
    return (
        LegendGroup(look.text("stretches"), by_ward),
        LegendGroup(crossed.heading, (*crossed.entries, *others)),
    )


def _ward_words(feature: Feature) -> Label:
    if feature.card is None:
        return feature.style.label
    extent = feature.card.facts[1].value
    return Label(f"{feature.card.title}: {extent}", "")
