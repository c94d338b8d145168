"""The layers that most maps share: wards by phase, sites by level, with their names, cards and legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import accumulate
from operator import and_
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import CardContext, has_phases, rows, site_card, ward_card
from geo.output.maps.drawing.drawing import Bounds, Feature, Layer, LegendEntry, LegendGroup, Mark, Source
from geo.output.maps.drawing.simplified_shapes import (
    close_shapes,
    display_shapes,
    full_shapes,
    marks_within,
    name_marks,
    widen,
)
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.shared.cells import known
from geo.output.shared.stretches import codes
from geo.output.shared.theme import AreaStyle, LineStyle, PointStyle, Style, theme
from geo.reference.base import base_of
from geo.reference.cities import city
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from geo.situation import Situation

Choice = Callable[[Any], AreaStyle]


def ward_layer(context: CardContext, style: Choice, *, key: str = "wards", label: str = "wards") -> Layer:
    """All wards of the situation, each in the style that `style` chooses for its row."""
    wards = context.situation.wards
    features = tuple(
        Feature(
            id=f"{key}-{row.code}",
            geometry=shape,
            style=style(row),
            card=ward_card(row, context),
            mark=mark,
            aliases=(str(row.code), *codes(row.merged_from)),
        )
        for row, shape, mark in zip(rows(wards), display_shapes(wards), name_marks(wards), strict=True)
    )
    return Layer(key, context.themed(label), features)


def phase_style(situation: Situation) -> Choice:
    """How wards look by their phase in the programme; all alike where the city's plan names no phases."""
    look = theme()
    if not has_phases(situation):
        return lambda _: look.areas["plain"]
    return lambda row: look.areas[str(row.phase)]


def close_wards(context: CardContext, codes_here: tuple[str, ...], view: Bounds, *, style: str = "crossed") -> Layer:
    """The wards of `codes_here` in `style`, as neighbours those that touch them or lie in the `view`.

    The former and their edges are in full detail. Names stand inside the view. The wards in question come last, so that
    their borders lie above their neighbours'.
    """
    look, wards = theme(), context.situation.wards
    shapes = full_shapes(wards)
    chosen = wards["code"].astype(str).isin(codes_here).to_numpy()
    tree = shapely.STRtree(shapes)
    # Neighbours of a coverage share edges; a metre of reach also takes those that only meet in a corner.
    touched = tree.query(shapes[chosen], predicate="dwithin", distance=1e-5)[1]
    seen = tree.query(shapely.box(*widen(view, 0.5)), predicate="intersects")
    near = np.union1d(np.union1d(np.flatnonzero(chosen), touched), seen)
    near = near[np.argsort(chosen[near], kind="stable")]
    names = wards["name"].astype(str).to_numpy()[near]
    province_code = city(context.situation.city).province_code
    marks = marks_within(shapes[near], names.tolist(), view, province_code)
    drawn = close_shapes(shapes[near], chosen[near], province_code)
    features = tuple(
        Feature(
            id=f"wards-{row.code}",
            geometry=shape,
            style=look.areas[style if chosen[place] else "neighbour"],
            card=ward_card(row, context),
            mark=mark,
            aliases=(str(row.code),),
        )
        for place, shape, row, mark in zip(near, drawn, rows(wards.iloc[near]), marks, strict=True)
    )
    return Layer("wards", context.themed("wards"), features)


def site_layer(context: CardContext) -> Layer:
    """All sites by level, in full detail; a badge with the site's number stands at the middle of each."""
    features = tuple(
        Feature(
            id=f"site-{row.site_id}",
            geometry=row.geometry,
            style=site_style(row.geometry, str(row.level)),
            card=site_card(row, context),
            mark=_badge(row.geometry, site_number(str(row.site_id))),
            aliases=(str(row.site_id),),
        )
        for row in rows(context.situation.sites)
    )
    return Layer("sites", context.themed("sites_by_level"), features, decimals=6, tabbed=True, pane="lines")


def site_style(geometry: BaseGeometry, level: str) -> Style:
    """The style of a site by its level: a line's as it stands, an area's and a point's made from the line's colours."""
    line = theme().lines[level]
    if geometry.geom_type in ("Point", "MultiPoint"):
        return PointStyle(f"point-{line.name}", line.label, line.colour, "#ffffff", line.width + 2, 2.0)
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return AreaStyle(f"area-{line.name}", line.label, line.colour, line.colour, line.width, line.dash)
    return line


def phase_legend(layer: Layer, phases: Iterable[str], words: Translator) -> LegendGroup:
    """The phases of the programme with the number of wards in each; a phase without any ward is left out."""
    styles = (theme().areas[name] for name in (*phases, "plain"))
    return area_legend("wards_by_phase", styles, layer, words)


def area_legend(heading: str, styles: Iterable[AreaStyle], layer: Layer, words: Translator) -> LegendGroup:
    """Swatches of the `styles` that `layer` uses, with how many of its features have each."""
    tally = Counter(feature.style.name for feature in layer.features)
    entries = tuple(LegendEntry(s, words.pick(s.label), tally[s.name]) for s in styles if tally[s.name])
    return LegendGroup(themed(words, heading), entries)


def level_legend(context: CardContext) -> LegendGroup:
    """All levels of the programme with their numbers of sites, also those of no site: the scale is the message.

    Without any site there is nothing on the map that it could explain: no entries.
    """
    if not len(context.situation.sites):
        return LegendGroup(context.themed("sites_by_level"), ())
    tally = Counter(map(str, context.situation.sites["level"]))
    levels: tuple[LineStyle, ...] = tuple(theme().lines[k] for k in context.situation.programme.level_ids)
    entries = tuple(LegendEntry(style, context.words.pick(style.label), tally[style.name]) for style in levels)
    return LegendGroup(context.themed("sites_by_level"), entries)


def sources(situation: Situation, lang: Lang = DEFAULT) -> tuple[Source, ...]:
    """Where the data of a situation come from: boundaries, documents of the site list, streets."""
    words, links = map_words(lang), theme().links
    found = [Source(themed(words, "source_wards"), links.get("source_wards", ""))]
    if len(situation.sites):
        named = "; ".join(documents(str(d) for d in situation.sites["document"] if known(d)))
        found.append(Source(f"{themed(words, 'source_documents')}: {named}"))
        found.append(Source(themed(words, "source_sites"), links.get("source_sites", "")))
    if named := base_source(situation, words):
        found.append(Source(named, links.get("source_base", "")))
    return tuple(found)


def base_source(situation: Situation, words: Translator) -> str:
    """Whose the base of a city's maps is, with licence and months; '' where there is none."""
    base = base_of(city(situation.city))
    if base is None:
        return ""
    months = ["/".join(reversed(day.split("-")[:2])) for day in base.day.split(",") if day]
    return ", ".join([themed(words, "source_base"), *months])


def documents(named: Iterable[str]) -> list[str]:
    """Each document once, by what all its mentions have in common.

    >>> documents(["Kế hoạch 07, Phụ lục II, mục I.1", "Kế hoạch 07, Phụ lục II, mục I.2"])
    ['Kế hoạch 07, Phụ lục II']
    """
    mentions: dict[str, list[list[str]]] = {}
    for text in named:
        parts = text.split(", ")
        mentions.setdefault(parts[0], []).append(parts)
    return [", ".join(_shared_beginning(found)) for found in mentions.values()]


def _shared_beginning(lists: list[list[str]]) -> list[str]:
    alike = (len(set(column)) == 1 for column in zip(*lists, strict=False))
    return [part for part, same in zip(lists[0], accumulate(alike, and_), strict=False) if same]


def _badge(geometry: BaseGeometry, text: str) -> Mark:
    at = middle(geometry)
    return Mark(at.x, at.y, text, "site")


def middle(geometry: BaseGeometry) -> Point:
    """A point in the middle of a line's longest part, inside an area, or of a point itself (WGS 84)."""
    if geometry.geom_type in ("LineString", "MultiLineString"):
        merged = shapely.line_merge(geometry)
        parts = shapely.get_parts(merged)
        longest = parts[int(np.argmax(shapely.length(parts)))]
        return Point(shapely.line_interpolate_point(longest, 0.5, normalized=True))
    return Point(shapely.point_on_surface(geometry))
