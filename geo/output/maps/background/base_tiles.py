"""The base under a map as a page needs it: where the service gives it, or those tiles of it that go into the page."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.simplified_shapes import padded, widen
from geo.output.shared.theme import theme
from geo.reference.base import Base, base_of
from geo.reference.base.read import tiles_over
from geo.reference.cities import city

NEAR_M = 1500.0
"""A map of a site or ward that stands alone has every street within so many metres."""
_FAR_ZOOMS = range(7, 11)
_WIDE = 10
"""Further out than this a page shows more than its area on every side."""
_ENTRY = 20
"""Bytes that a tile takes in a page beside its content."""


@dataclass(frozen=True, slots=True)
class PageBase:
    """The base of a page: `url` of the file on the service, or ('') the `tiles` by 'zoom/column/row' as base64.

    `head` is the beginning of the file of a `url`, as base64: with it the first request is that of a tile. `places` is
    where the service finds streets and landmarks by name; '' for a page that finds those of its tiles.
    Not every street near what the map is about is there where the page `lacks_streets`: they found no room.
    """

    url: str
    zooms: tuple[int, int]
    tiles: Mapping[str, str]
    head: str = ""
    places: str = ""
    lacks_streets: bool = False

    def options(self) -> dict[str, Any]:
        """What the script takes."""
        look = theme().base.json()
        given = {"url": self.url, "head": self.head, "tiles": dict(self.tiles), "places": self.places}
        return {"zooms": self.zooms, "look": look} | given


def page_base(drawing: Drawing, room: int) -> PageBase | None:
    """The base of a drawing's page; `room` is how many bytes carried tiles may take. None where there is no base.

    Raises
    ------
    InputError
        The file of the base is damaged.
    """
    base = base_of(city(drawing.province_code))
    if base is None:
        return None
    zooms = (base.least_zoom, base.most_zoom)
    if drawing.base:
        head = base64.b64encode(base.head).decode("ascii")
        return PageBase(f"{drawing.base}?v={base.stamp}", zooms, {}, head, drawing.places)
    tiles = _carried(base, drawing, room)
    short = drawing.near is not None and not any(key.startswith(f"{base.most_zoom}/") for key in tiles)
    return PageBase("", zooms, tiles, lacks_streets=short)


def _carried(base: Base, drawing: Drawing, room: int) -> dict[str, str]:
    """Tiles for a page that stands alone, the most needed zooms first: each zoom whole, or not at all."""
    found: dict[str, str] = {}
    for zoom, places in _wanted(base, drawing):
        more = _tiles(base, zoom, places)
        size = sum(len(data) + _ENTRY for data in more.values())
        if size <= room:
            found |= more
            room -= size
    return found


def _wanted(base: Base, drawing: Drawing) -> Iterable[tuple[int, list[tuple[int, int]]]]:
    for zoom in _FAR_ZOOMS:
        yield zoom, list(tiles_over(widen(drawing.bounds, 0.3) if zoom < _WIDE else drawing.bounds, zoom))
    if drawing.near is None:
        yield from ((zoom, list(tiles_over(drawing.focus, zoom))) for zoom in range(11, base.most_zoom + 1))
        return
    near = _within(drawing.near)
    yield 11, list(tiles_over(drawing.bounds, 11))
    for zoom in (base.most_zoom, base.most_zoom - 1, base.most_zoom - 2):
        yield zoom, [at for at in tiles_over(near.bounds, zoom) if near.intersects(_box(zoom, *at))]


def _within(shape: BaseGeometry) -> BaseGeometry:
    """A shape (degrees) with `NEAR_M` round it; the margin is measured where a degree of latitude is 110.6 km."""
    west, south, east, north = shape.bounds
    reach = padded((west, south, east, north), NEAR_M)
    x, y = west - reach[0], south - reach[1]
    simple = shapely.simplify(shape, 0.0005)
    stretched = shapely.transform(simple, lambda xy: xy * (y / x, 1.0))
    return shapely.transform(shapely.buffer(stretched, y), lambda xy: xy * (x / y, 1.0))


def _box(zoom: int, x: int, y: int) -> BaseGeometry:
    size = 1 << zoom
    lats = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.array([y + 1, y]) / size))))
    return shapely.box(x / size * 360 - 180, lats[0], (x + 1) / size * 360 - 180, lats[1])


def _tiles(base: Base, zoom: int, places: list[tuple[int, int]]) -> dict[str, str]:
    found = {}
    for x, y in places:
        data = base.read(zoom, x, y)
        if data is not None:
            found[f"{zoom}/{x}/{y}"] = base64.b64encode(data).decode("ascii")
    return found
