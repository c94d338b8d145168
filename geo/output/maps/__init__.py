"""Maps of a `Situation`: pages that open without any network (Folium), and pictures for print (matplotlib).

Each map is a drawing first, then a page (`folium_map`, which `render` writes as one HTML file) or a picture
(`picture.figure.picture`). For every kind in `MAP_KINDS` there is a function that draws it (`site_drawing`), and one
that makes the page at once (`site`); both take the situation, what the map needs, `links` and `lang`:

    render(site(situation, "HN-I-1", lang="en"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geo.output.maps.kinds import MAP_KINDS, MapKind, Needs

if TYPE_CHECKING:
    import folium

    from geo.output.maps.drawing.cards import Links
    from geo.output.maps.html.page import folium_map, render
    from geo.output.maps.library import overview_map

__all__ = ["MAP_KINDS", "Links", "MapKind", "Needs", "folium_map", "overview_map", "render"]

# Loaded when they are used: the table of kinds alone costs a command nothing.
_PARTS = {
    "Links": "geo.output.maps.drawing.cards",
    "folium_map": "geo.output.maps.html.page",
    "overview_map": "geo.output.maps.library",
    "render": "geo.output.maps.html.page",
}


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return getattr(import_module(_PARTS[name]), name)
    kind = MAP_KINDS.get(name.removesuffix("_drawing"))
    if kind is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return kind.function if name.endswith("_drawing") else _page(kind)


def __dir__() -> list[str]:
    return sorted([*__all__, *MAP_KINDS, *(f"{name}_drawing" for name in MAP_KINDS)])


def _page(kind: MapKind) -> Any:
    def page(*arguments: Any, **options: Any) -> folium.Map:
        from geo.output.maps.html.page import folium_map

        return folium_map(kind.function(*arguments, **options))

    page.__name__, page.__doc__ = kind.name, kind.function.__doc__
    return page
