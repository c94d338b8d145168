"""The map itself of a picture: base, layers, scale, grid and north, and every name where it finds room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.transforms import Bbox

from geo.output.maps.drawing.drawing import Bounds, Drawing, Layer
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.maps.picture.base import draw_base
from geo.output.maps.picture.base_names import write_names
from geo.output.maps.picture.labels import place_marks
from geo.output.maps.picture.locator import draw_locator
from geo.output.maps.picture.shapes import draw_layer
from geo.output.maps.picture.survey import draw_survey, round_scale
from geo.output.shared.theme import theme
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_view(axes: Axes, drawing: Drawing, dpi: float, *, side: str = "", locator: bool = True) -> tuple[str, ...]:
    """Draw a drawing on axes that have their place on the sheet; returns the names of the base that are on it.

    `side` is the day of a map of two days, `locator` whether the city stands small in a corner.
    """
    words = map_words(drawing.lang)
    frame_view(axes, drawing.focus, drawing.province_code)
    base = draw_base(axes, drawing.province_code)
    layers = [layer for layer in drawing.layers if layer.shown and layer.side in ("", side)]
    for rank, layer in enumerate(_in_order(layers)):
        draw_layer(axes, layer, drawing.province_code, zorder=2 + rank, over_base=base is not None)
    taken = draw_survey(axes, words)
    if side:
        day = drawing.day.split(" → ")[0 if side == "before" else 1]
        taken.append(_tag(axes, f"{themed(words, side)}: {day}"))
    small = draw_locator(axes, drawing) if locator and not side else None
    taken += [small] if small is not None else []
    marks = [feature.mark for layer in layers for feature in layer.features if feature.mark]
    along = _routes(axes, layers, drawing.province_code, dpi)
    taken = place_marks(axes, marks, drawing.province_code, dpi, taken, along)
    return write_names(axes, base, dpi, [*taken, *along]) if base is not None else ()


def _routes(axes: Axes, layers: list[Layer], province_code: str, dpi: float) -> list[Bbox]:
    """Boxes (dots) along what the map is about, so near each other that no name slips between them."""
    about = [f.geometry for layer in layers if layer.pane == "lines" for f in layer.features if f.card is not None]
    lines = [part for part in shapely.get_parts(np.array(about, dtype=object)) if part.geom_type == "LineString"]
    if not lines:
        return []
    point = dpi / 72
    room = shapely.box(*axes.get_window_extent().extents)
    dots = shapely.transform(to_metric(np.array(lines, dtype=object), province_code), axes.transData.transform)
    seen = shapely.segmentize(shapely.intersection(dots, room), 4 * point)
    return [
        Bbox.from_bounds(x - 3 * point, y - 3 * point, 6 * point, 6 * point) for x, y in shapely.get_coordinates(seen)
    ]


def frame_view(axes: Axes, focus: Bounds, province_code: str) -> None:
    """Show all of `focus`, in metres of the VN-2000 zone, in the axes' proportions and at a round scale."""
    corners = to_metric(np.array([shapely.box(*focus)], dtype=object), province_code)[0]
    west, south, east, north = shapely.bounds(corners)
    box = axes.get_window_extent()
    figure = axes.get_figure(root=True)
    dot = 0.0254 / (figure.dpi if figure else 100.0)
    scale = round_scale(max((east - west) / box.width, (north - south) / box.height) / dot) * dot
    x, y = (west + east) / 2, (south + north) / 2
    axes.set_xlim(x - scale * box.width / 2, x + scale * box.width / 2)
    axes.set_ylim(y - scale * box.height / 2, y + scale * box.height / 2)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(theme().base.ground)


def _tag(axes: Axes, text: str) -> Bbox:
    """Write which day this is at the top of one of two maps; returns the box that it takes."""
    box = {"facecolor": "#111111", "edgecolor": "none", "boxstyle": "square,pad=0.35"}
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "top", "zorder": 60}
    tag = axes.text(0.5, 0.985, text, fontsize=7.5, color="white", bbox=box, **place)
    return tag.get_window_extent().padded(12)


def _in_order(layers: list[Layer]) -> list[Layer]:
    """Areas below lines, each in the order of the drawing; what is the same for two days below what is not."""
    return sorted(layers, key=lambda layer: (layer.pane != "areas", bool(layer.side)))
