"""The small map in the corner of a picture: the whole city, and which part of it the picture shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from geo.output.maps.drawing.drawing import Bounds, Drawing
from geo.output.maps.drawing.simplified_shapes import Geometries, display_shapes
from geo.output.maps.picture.shapes import draw_shapes
from geo.output.shared.theme import Style, theme
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (0.20, 0.30)
"""Width and height of the small map, as shares of the large one."""

_CORNERS = ((0.80, 0.0), (0.0, 0.70), (0.0, 0.10), (0.80, 0.50), (0.40, 0.0), (0.40, 0.70))
"""Where it may stand (left and bottom, as shares): beside the scale bar and the north arrow, the wished for first."""
_CLEAR = 0.025
"""Its distance from what the map is about, as a share of the width."""

VIEW_COLOUR = "#c1121f"

_WORTH = 1.6
"""How many times larger than the picture's view the city must be for the small map to be of use."""
_DOT = 0.06
"""A view that is a smaller share of the city's width is a dot: a ring shows where to look."""


def draw_locator(axes: Axes, drawing: Drawing) -> Bbox | None:
    """Draw the small map, if the city is much larger than the view; returns the box that it takes, in dots.

    It stands where it covers least of what the map is about: lines and points, and the ward in view.
    """
    if drawing.whole is None and _area(drawing.bounds) < _WORTH * _area(drawing.focus):
        return None
    place = (*_corner(axes, drawing), *SIZE)
    small = axes.inset_axes(place, zorder=58)
    box = share_box(axes, *place)
    draw_whole(small, axes, _registers(drawing), (box.width, box.height))
    return box


def draw_whole(small: Axes, large: Axes, registers: Mapping[Style, Geometries], size: tuple[float, float]) -> None:
    """The whole city on `small`, and what of it `large` shows, both in metres of one VN-2000 zone.

    `registers` are its wards by style, `size` the width and height of `small` in any one unit.
    """
    for style, shapes in registers.items():
        draw_shapes(small, style, list(shapes), 1.0, scale=0.35)
    west, south, east, north = shapely.total_bounds(np.concatenate(list(registers.values())))
    # The box is as wide as it is: the shorter side of the city gets the more margin, in equal proportions.
    scale = max((east - west) / size[0], (north - south) / size[1]) * 1.06
    x, y = (west + east) / 2, (south + north) / 2
    small.set_xlim(x - scale * size[0] / 2, x + scale * size[0] / 2)
    small.set_ylim(y - scale * size[1] / 2, y + scale * size[1] / 2)
    small.set_xticks([])
    small.set_yticks([])
    (left, right), (bottom, top) = large.get_xlim(), large.get_ylim()
    view = Rectangle((left, bottom), right - left, top - bottom, fill=False, zorder=5)
    view.set(edgecolor=VIEW_COLOUR, linewidth=1.4)
    small.add_patch(view)
    if max(right - left, top - bottom) < _DOT * (east - west):
        middle = ([(left + right) / 2], [(bottom + top) / 2])
        small.plot(*middle, marker="o", markersize=9, fillstyle="none", color=VIEW_COLOUR)


def share_box(axes: Axes, left: float, bottom: float, width: float, height: float) -> Bbox:
    """A part of the axes, given in shares of them, as a box in dots."""
    room = axes.get_window_extent()
    return Bbox.from_bounds(
        room.x0 + left * room.width, room.y0 + bottom * room.height, width * room.width, height * room.height
    )


def _registers(drawing: Drawing) -> dict[Style, Geometries]:
    """The wards of the city by style: as they are drawn, or all alike where only a part of them is."""
    if drawing.whole is not None:
        return {theme().areas["neighbour"]: to_metric(display_shapes(drawing.whole), drawing.province_code)}
    wards = drawing.layers[0].features
    shapes = to_metric(np.array([feature.geometry for feature in wards], dtype=object), drawing.province_code)
    styles = dict.fromkeys(feature.style for feature in wards)
    return {style: shapes[[feature.style == style for feature in wards]] for style in styles}


def _corner(axes: Axes, drawing: Drawing) -> tuple[float, float]:
    """The first of the corners at which the small map covers least."""
    about = [
        feature.geometry
        for layer in drawing.layers
        for feature in layer.features
        if layer.pane != "areas" or feature.style == theme().areas["chosen"]
    ]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    width, height, clear = right - left, top - bottom, _CLEAR * (right - left)
    shapes = shapely.buffer(to_metric(np.array(about, dtype=object), drawing.province_code), clear)

    def covered(corner: tuple[float, float]) -> float:
        x, y = left + corner[0] * width, bottom + corner[1] * height
        box = shapely.box(x, y, x + SIZE[0] * width, y + SIZE[1] * height)
        return float(np.sum(shapely.area(shapely.intersection(shapes, box))))

    return min(_CORNERS, key=covered)


def _area(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return (east - west) * (north - south)
