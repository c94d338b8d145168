"""Hoàng Sa and Trường Sa on a picture that shows the sea as far, as official maps show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.output.maps.drawing.drawing import Drawing
from geo.reference.base.islands import islands_within
from geo.reference.crs import to_metric, to_wgs84

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

_INK, _WATER = "#5b6470", "#3f6d86"


def draw_islands(axes: Axes, drawing: Drawing) -> list[Bbox]:
    """Draw the archipelagos in view of the axes (metres of the VN-2000 zone); returns the boxes of their names."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    corners = np.array([shapely.box(left, bottom, right, top)], dtype=object)
    west, south, east, north = shapely.bounds(to_wgs84(corners, drawing.province_code)[0])
    boxes = []
    for group in islands_within(drawing.lang, (west, south, east, north)):
        places = _metric([*group["dots"], group["at"]], drawing.province_code)
        axes.plot(places[:-1, 0], places[:-1, 1], ".", color=_INK, markersize=1.6, zorder=44)
        style: dict[str, Any] = {
            "fontsize": 6.5,
            "fontstyle": "italic",
            "color": _WATER,
            "ha": "center",
            "va": "top",
            "zorder": 45,
        }
        name = axes.text(float(places[-1, 0]), float(places[-1, 1]), group["name"], clip_on=True, **style)
        boxes.append(name.get_window_extent())
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    return boxes


def _metric(places: list[list[float]], province_code: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Latitude and longitude as metres of the zone."""
    points = np.array([shapely.Point(lon, lat) for lat, lon in places], dtype=object)
    return shapely.get_coordinates(to_metric(points, province_code))
