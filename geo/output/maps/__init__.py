"""Maps of a `Situation`: pages that open without any network (Folium), and pictures for print (matplotlib).

Each map is a drawing first (`overview_drawing`), then a page (`overview`, which `render` writes as one HTML file) or a
picture (`picture.picture`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.output.maps.drawing.cards import Links
from geo.output.maps.html.page import folium_map, render
from geo.output.maps.kinds.compare import compare_drawing
from geo.output.maps.kinds.coverage import coverage_drawing
from geo.output.maps.kinds.overview import overview_drawing
from geo.output.maps.kinds.risk import risk_drawing
from geo.output.maps.kinds.site import site_drawing
from geo.output.maps.kinds.target import target_drawing
from geo.output.maps.kinds.ward import ward_drawing
from geo.output.maps.library import overview_map

if TYPE_CHECKING:
    import folium

    from geo.situation import Situation

__all__ = [
    "Links",
    "compare",
    "compare_drawing",
    "coverage",
    "coverage_drawing",
    "folium_map",
    "overview",
    "overview_drawing",
    "overview_map",
    "render",
    "risk",
    "risk_drawing",
    "site",
    "site_drawing",
    "target_drawing",
    "ward",
    "ward_drawing",
]


def overview(situation: Situation, links: Links | None = None) -> folium.Map:
    """The overview map of a situation: phases of wards, sites by level; `links` are where pop-ups lead."""
    return folium_map(overview_drawing(situation, links), links)


def site(situation: Situation, site_id: str, links: Links | None = None) -> folium.Map:
    """The map of one site: stretches by ward, chainage, neighbours; `UnknownSiteError` without such a site."""
    return folium_map(site_drawing(situation, site_id, links), links)


def ward(situation: Situation, code: str, links: Links | None = None) -> folium.Map:
    """The map of one ward: its stretches, reports and flags; `UnknownWardError` without such a ward."""
    return folium_map(ward_drawing(situation, code, links), links)


def risk(situation: Situation, links: Links | None = None) -> folium.Map:
    """The risk map of a situation: wards by their highest flag, and where the flags point."""
    return folium_map(risk_drawing(situation, links), links)


def coverage(situation: Situation, links: Links | None = None) -> folium.Map:
    """The coverage map of a situation: how much of the programme's figures each ward has entered."""
    return folium_map(coverage_drawing(situation, links), links)


def compare(before: Situation, after: Situation, links: Links | None = None) -> folium.Map:
    """Two situations of one city, to be compared by swipe; `InputError` for those of two cities."""
    return folium_map(compare_drawing(before, after, links), links)
