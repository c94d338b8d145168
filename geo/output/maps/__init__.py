"""Maps of a `Situation`: pages that open without any network (Folium), and pictures for print (matplotlib).

Each map is a drawing first (`overview_drawing`), a page (`overview`, rendered by `render`) or a picture made from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.output.maps.cards import Links
from geo.output.maps.overview import overview_drawing
from geo.output.maps.page import folium_map, render

if TYPE_CHECKING:
    import folium

    from geo.situation import Situation

__all__ = ["Links", "folium_map", "overview", "overview_drawing", "overview_map", "render"]


def overview(situation: Situation, links: Links | None = None) -> folium.Map:
    """The overview map of a situation: phases of wards, sites by level; `links` are where pop-ups lead."""
    return folium_map(overview_drawing(situation, links))


overview_map = overview
"""`geo.overview_map`: the name under which the library offers `overview`."""
