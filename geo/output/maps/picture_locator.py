"""The small map in the corner of a picture: the whole city, and which part of it the picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from geo.output.maps.drawing import Bounds, Drawing
from geo.output.maps.picture_shapes import draw_shapes
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOCATOR = (0.80, 0.0, 0.20, 0.30)
"""Left, bottom, width and height of the small map, as shares of the large one."""

_WORTH = 1.6
"""How many times larger than the picture's view the city must be for the small map to tell anything."""


def draw_locator(axes: Axes, drawing: Drawing) -> bool:
    """Draw the small map, if the city is much larger than the view; returns whether it was drawn."""
    if _area(drawing.bounds) < _WORTH * _area(drawing.focus):
        return False
    small = axes.inset_axes(LOCATOR, zorder=58)
    ground = drawing.layers[0]
    shapes = to_metric(np.array([feature.geometry for feature in ground.features], dtype=object), drawing.province_code)
    west, south, east, north = shapely.total_bounds(shapes)
    for style in dict.fromkeys(feature.style for feature in ground.features):
        members = [shape for feature, shape in zip(ground.features, shapes, strict=True) if feature.style == style]
        draw_shapes(small, style, members, 1.0, scale=0.35)
    # The box is as wide as it is: the shorter side of the city gets the more margin, in equal proportions.
    box = axes.get_window_extent()
    width, height = LOCATOR[2] * box.width, LOCATOR[3] * box.height
    scale = max((east - west) / width, (north - south) / height) * 1.06
    x, y = (west + east) / 2, (south + north) / 2
    small.set_xlim(x - scale * width / 2, x + scale * width / 2)
    small.set_ylim(y - scale * height / 2, y + scale * height / 2)
    small.set_xticks([])
    small.set_yticks([])
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    view = Rectangle(
        (left, bottom), right - left, top - bottom, fill=False, edgecolor="#111111", linewidth=1.4, zorder=5
    )
    small.add_patch(view)
    return True


def share_box(axes: Axes, left: float, bottom: float, width: float, height: float) -> Bbox:
    """A part of the axes, given in shares of them, as a box in dots."""
    room = axes.get_window_extent()
    return Bbox.from_bounds(
        room.x0 + left * room.width, room.y0 + bottom * room.height, width * room.width, height * room.height
    )


def _area(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return (east - west) * (north - south)
