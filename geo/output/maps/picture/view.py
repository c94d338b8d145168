"""The map itself of a picture: base, layers, scale, grid and north, and every name where it finds room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from geo.errors import DataFileMissingError
from geo.i18n.translator import Translator
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.maps.drawing.drawing import Bounds, Drawing, Layer
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.maps.picture.base import draw_base
from geo.output.maps.picture.base_names import Surroundings, write_names
from geo.output.maps.picture.islands import draw_islands
from geo.output.maps.picture.labels import place_marks
from geo.output.maps.picture.locator import draw_locator
from geo.output.maps.picture.raster import draw_tiles
from geo.output.maps.picture.shapes import draw_layer
from geo.output.maps.picture.survey import draw_survey, round_scale
from geo.output.shared.theme import theme
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Written:
    """What is written on a view: names of the base by their rank, and wards by the number that stands for them."""

    names: tuple[str, ...]
    numbered: Mapping[int, str]


def draw_view(
    axes: Axes,
    drawing: Drawing,
    dpi: float,
    *,
    side: str = "",
    locator: bool = True,
    numbers: Mapping[str, int] | None = None,
) -> Written:
    """Draw a drawing on axes that have their place on the sheet; returns what is written on it.

    `side` is the day of a map of two days, `locator` whether the city stands small in a corner. Wards whose names find
    no room have their number in `numbers`, for a sheet that lists what the numbers mean; without, they have none.
    """
    words = map_words(drawing.lang)
    frame_view(axes, drawing.focus, drawing.province_code)
    base = draw_base(axes, drawing.province_code)
    covered, notes = _tiles(axes, drawing, words)
    if not locator:
        # A sheet with a locator names its sources along its edge.
        notes += _makers(axes, words, covered=covered, has_base=base is not None)
    layers = [layer for layer in drawing.layers if layer.shown and layer.side in ("", side)]
    for rank, layer in enumerate(_in_order(layers)):
        draw_layer(axes, layer, drawing.province_code, zorder=2 + rank, over_base=covered or base is not None)
    small = draw_locator(axes, drawing) if locator and not side else None
    taken = [small] if small is not None else []
    taken += [*draw_survey(axes, words, tuple(taken)), *notes, *draw_islands(axes, drawing)]
    if side:
        day = drawing.day.split(" → ")[0 if side == "before" else 1]
        taken.append(_tag(axes, f"{themed(words, side)}: {day}"))
    marks = [feature.mark for layer in layers for feature in layer.features if feature.mark]
    along = _routes(axes, layers, drawing.province_code, dpi)
    placed = place_marks(axes, marks, drawing.province_code, dpi, taken, along, numbers)
    # Tiles have names of their own.
    if base is None or covered:
        return Written((), placed.numbered)
    borders = _borders(axes, layers, drawing.province_code)
    around = Surroundings((*placed.taken, *along), borders, _route(drawing), f"{drawing.title} {drawing.subtitle}")
    return Written(write_names(axes, base, dpi, around), placed.numbered)


def _tiles(axes: Axes, drawing: Drawing, words: Translator) -> tuple[bool, list[Bbox]]:
    """Draw the tiles of the settings, if they name any: whether they lie there, and boxes of what is said of them.

    An address that does not answer stops no paper: the shipped base is seen then, and the map says so.
    """
    tiles = tiles_from_environment()
    if tiles is None or not (tiles.file or tiles.is_remote):
        return False, []
    try:
        return draw_tiles(axes, tiles, drawing.province_code), []
    except DataFileMissingError:
        return False, [_tag(axes, themed(words, "background_missing"), 0.93)]


def _makers(axes: Axes, words: Translator, *, covered: bool, has_base: bool) -> list[Bbox]:
    """Write in the corner whose the ground is, of tiles that cover it or of the base; the boxes of what is written."""
    tiles = tiles_from_environment() if covered else None
    named = tiles.attribution if tiles is not None else themed(words, "source_base") if has_base else ""
    if not named:
        return []
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "bottom", "zorder": 60}
    return [axes.text(0.995, 0.006, named, fontsize=4.6, backgroundcolor="#ffffffcc", **place).get_window_extent()]


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


def _borders(axes: Axes, layers: list[Layer], province_code: str) -> shapely.Geometry:
    """The edges (dots) of the wards in view."""
    areas = [f.geometry for layer in layers if layer.pane == "areas" for f in layer.features if f.card is not None]
    edges = to_metric(shapely.boundary(np.array(areas, dtype=object)), province_code)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    seen = shapely.clip_by_rect(edges, left, bottom, right, top)
    return shapely.transform(shapely.MultiLineString(_lines(seen)), axes.transData.transform)


def _lines(shapes: NDArray[np.object_]) -> list[shapely.LineString]:
    return [part for part in shapely.get_parts(shapes) if part.geom_type == "LineString" and not part.is_empty]


def _route(drawing: Drawing) -> tuple[shapely.LineString, ...]:
    """The route that the map is about, in metres of the zone; nothing for other maps."""
    if drawing.near is None:
        return ()
    return tuple(_lines(to_metric(np.array([drawing.near], dtype=object), drawing.province_code)))


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


def _tag(axes: Axes, text: str, height: float = 0.985) -> Bbox:
    """Write what must not be overlooked at a share of the height of a map; returns the box that it takes."""
    box = {"facecolor": "#111111", "edgecolor": "none", "boxstyle": "square,pad=0.35"}
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "top", "zorder": 60}
    tag = axes.text(0.5, height, text, fontsize=7.5, color="white", bbox=box, **place)
    return tag.get_window_extent().padded(12)


def _in_order(layers: list[Layer]) -> list[Layer]:
    """Areas below lines, each in the order of the drawing; what is the same for two days below what is not."""
    return sorted(layers, key=lambda layer: (layer.pane != "areas", bool(layer.side)))
