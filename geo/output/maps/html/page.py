"""A `Drawing` as a page of its own: a `folium.Map` that needs no network, with search, legend and print style."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import folium
from branca.element import Element, Figure
from folium.map import Layer as FoliumLayer
from folium.template import Template

from geo.output.maps.background.base_tiles import page_base
from geo.output.maps.background.basemap import MOST_BYTES, Tiles, carried, tiles_from_environment
from geo.output.maps.drawing.drawing import Bounds, Drawing, Layer
from geo.output.maps.drawing.numbers import ward_numbers
from geo.output.maps.drawing.simplified_shapes import bounds_of, full_shapes, widen
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.maps.html.assets import scripts, styles
from geo.output.maps.html.encode import encode_layer, script_json
from geo.output.maps.html.frame import footer, heading, panel
from geo.output.shared.theme import theme
from geo.reference.base.islands import islands_within

_BEYOND = 0.5
_FRAME_BYTES = 4_000
"""What the page has beside its carried parts: the words of the document itself, and the call of the tiles."""


class Verbatim(Element):
    """A piece of a page that is written as it is: data never pass through a template, so no text can act as one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002  (branca hands arguments to every element)
        """The text itself."""
        return self.text


class MapPage(Figure):
    """The page round a map: language, title, heading with search, legend panel, source line.

    `first` is a script of its own, before that of the layers: what it requests is on its way while layers are made.
    """

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="{{ this.lang }}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{{ this.title }}</title>\n{{ this.header.render() }}\n</head>\n"
        '<body class="diaban" data-map="{{ this.key }}">\n{{ this.top }}\n{{ this.html.render() }}\n{{ this.bottom }}\n'
        "{{ this.opening }}\n{{ this.first }}\n</script>\n"
        "{{ this.opening }}\n{{ this.script.render() }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, drawing: Drawing, tiles: Tiles | None, nonce: str) -> None:
        super().__init__(title=escape(f"{drawing.title} – {drawing.subtitle} – {drawing.day}"))
        del self.header._children["meta_http"]
        self.key, self.lang = drawing.key, drawing.lang
        self.opening = f'<script nonce="{escape(nonce)}">' if nonce else "<script>"
        self.top = heading(drawing)
        self.bottom = panel(drawing) + footer(drawing)
        self.first = ""
        # The page may load nothing from anywhere, tiles excepted; the browser itself then enforces that.
        images = f"data: {tiles.origin}".strip() if tiles else "data:"
        inline = "script-src 'unsafe-inline'; style-src 'unsafe-inline'"
        connect = " connect-src 'self';" if drawing.base and tiles is None else ""
        self.policy = f"default-src 'none'; {inline}; img-src {images};{connect} base-uri 'none'; form-action 'none'"


class OfflineMap(folium.Map):
    """A `folium.Map` whose scripts, styles and images stand in the page itself.

    Other Folium elements can be added to it as to any map; what they would load from a CDN, the page does not load.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (Folium reads it from the class)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, drawing: Drawing, nonce: str = "") -> None:
        west, south, east, north = drawing.focus
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_control=False)
        self._id = drawing.key
        self.drawing = drawing
        self.tiles = tiles_from_environment(drawing.tiles)
        MapPage(drawing, self.tiles, nonce).add_child(self, name=self.get_name())
        for layer in drawing.layers:
            self.add_child(FeatureLayer(layer), name=f"layer_{layer.key}")
        self.add_child(_Start(), name="start")

    def render(self, **kwargs: Any) -> str:
        """Write the map and its layers into its page; rendering twice gives the same page."""
        page, name = _page_of(self), self.get_name()
        opening = page.opening if isinstance(page, MapPage) else "<script>"
        carried = f"<style>\n{styles()}\n</style>\n{opening}\n{scripts()}\n</script>"
        page.header.add_child(Verbatim(carried), name="assets")
        label = escape(themed(map_words(self.drawing.lang), "map"))
        page.html.add_child(Verbatim(f'<main class="folium-map" id="{name}" aria-label="{label}"></main>'), name=name)
        options = script_json(_options(self.drawing))
        _begin(page, f'var {name} = diaban.map("{name}", {options});\n' + _served_base(self))
        for child in self._children.values():
            child.render(**kwargs)
        return ""


class FeatureLayer(FoliumLayer):
    """A layer of a `Drawing` as a Folium layer."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(name=layer.label, overlay=True, control=True, show=layer.shown)
        self._name = "FeatureLayer"
        self._id = layer.key
        self.layer = layer

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        """Write the layer's data and its call into the page."""
        chart, name = _chart_of(self), self.get_name()
        add = f".addTo({chart})" if self.show else ""
        call = f"diaban.layer({chart}, {script_json(encode_layer(self.layer))})"
        _page_of(self).script.add_child(Verbatim(f"var {name} = {call}{add};\n"), name=name)
        return ""


class _Start(Element):
    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        page, chart = _page_of(self), self._parent
        if not isinstance(chart, OfflineMap):
            raise TypeError("this starts a map: add it to one")
        name = chart.get_name()
        # What an earlier rendering carried is no part of what leaves less room for it.
        for earlier in ("tiles", "base", "start"):
            page.script._children.pop(earlier, None)
        _say(page, chart.drawing)
        if chart.tiles is not None:
            # Only now is it known how much room the layers leave.
            options = _background(chart, chart.tiles, page)
            page.script.add_child(Verbatim(f"diaban.background({name}, {options});\n"), name="tiles")
        elif not chart.drawing.base and (base := page_base(chart.drawing, MOST_BYTES - _size(page))):
            page.script.add_child(Verbatim(f"diaban.base({name}, {script_json(base.options())});\n"), name="base")
            if base.lacks_streets:
                _say(page, chart.drawing, themed(map_words(chart.drawing.lang), "lacks_streets"))
        page.script.add_child(Verbatim(f"diaban.start({name});\n"), name="start")
        return ""


def folium_map(drawing: Drawing, nonce: str = "") -> folium.Map:
    """The map of a `Drawing`; `render` it, save it, or show it in a notebook.

    With a `nonce` its scripts bear that, for a server whose content policy names it.
    """
    return OfflineMap(drawing, nonce)


def render(chart: folium.Map) -> str:
    """The whole page of a map as HTML: one file, no other needed. Same drawing, same text."""
    return chart.get_root().render()


def _page_of(element: Element) -> Figure:
    page = element.get_root()
    if not isinstance(page, Figure):
        raise TypeError("a map is rendered in a page: add it to a branca Figure")
    return page


def _begin(page: Figure, calls: str) -> None:
    """Make the map, before its layers."""
    if isinstance(page, MapPage):
        page.first = calls
    else:
        page.script.add_child(Verbatim(calls), name="first")


def _served_base(chart: OfflineMap) -> str:
    """The call of a base that the service gives; '' where the page carries its base, or tiles lie in its place."""
    if chart.tiles is not None or not chart.drawing.base:
        return ""
    base = page_base(chart.drawing, 0)
    return f"diaban.base({chart.get_name()}, {script_json(base.options())});\n" if base else ""


def _say(page: Figure, drawing: Drawing, *more: str) -> None:
    """Write the heading of the page, with more notices than the drawing's own."""
    if isinstance(page, MapPage):
        page.top = heading(replace(drawing, notices=(*drawing.notices, *more)))


def _chart_of(element: Element) -> str:
    if element._parent is None:
        raise TypeError("a layer is rendered on a map: add it to one")
    return element._parent.get_name()


def _background(chart: OfflineMap, tiles: Tiles, page: Figure) -> str:
    """The call's options: where the tiles are, or the tiles themselves."""
    if not tiles.url:
        tiles = carried(tiles, chart.drawing.bounds, MOST_BYTES - _size(page))
    options = {
        "url": tiles.url,
        "attribution": tiles.attribution,
        "zooms": [tiles.least_zoom, tiles.most_zoom],
        "bounds": _corners(tiles.bounds) if tiles.bounds else None,
        "pictures": dict(tiles.pictures),
    }
    return script_json(options)


def _size(page: Figure) -> int:
    """The bytes that a page has so far."""
    parts = [part for place in (page.header, page.html, page.script) for part in place._children.values()]
    texts = [part.text for part in parts if isinstance(part, Verbatim)]
    texts += [page.top, page.bottom, page.first] if isinstance(page, MapPage) else []
    return sum(len(text.encode("utf-8")) for text in texts) + _FRAME_BYTES


_IN_CARDS = ("group_", "rule_")
"""Words that cards have already, and in those of the city's programme."""


def _options(drawing: Drawing) -> dict[str, Any]:
    words, reach = map_words(drawing.lang), _reach(drawing)
    return {
        "focus": _corners(drawing.focus),
        "bounds": _corners(drawing.bounds),
        "reach": _corners(reach),
        "islands": islands_within(drawing.lang, reach),
        "numbers": ward_numbers(drawing.layers),
        "texts": {key: themed(words, key) for key in sorted(theme().texts) if not key.startswith(_IN_CARDS)},
    }


def _reach(drawing: Drawing) -> Bounds:
    """How far a page goes: the city and half of it on every side. Beyond, its base knows neither land nor sea."""
    area = drawing.bounds if drawing.whole is None else bounds_of(full_shapes(drawing.whole))
    return widen(area, _BEYOND)


def _corners(bounds: Bounds) -> list[list[float]]:
    west, south, east, north = (round(edge, 5) for edge in bounds)
    return [[south, west], [north, east]]
