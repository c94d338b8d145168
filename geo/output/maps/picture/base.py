"""The base under a picture: the same streets, water and green as on the pages, as vectors in PDF and SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from numpy.typing import NDArray

from geo.output.maps.picture.shapes import POINTS, joined_path
from geo.output.shared.base_look import Paint, width_at
from geo.output.shared.theme import theme
from geo.reference.base import BaseLayers, Table, base_of, rows_within
from geo.reference.cities import city
from geo.reference.crs import to_metric, to_wgs84

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FINER = 0.6
"""Print shows more than a screen of the same scale: so much of a zoom is added before tiles are chosen."""
_LINE = 0.8
"""Lines of a picture are drawn in so much of their width on a screen."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The base as it lies on the axes: rows by layer in metres of the VN-2000 zone, and the zoom of its look."""

    ground: BaseLayers
    zoom: float


def draw_base(axes: Axes, province_code: str, zorder: float = 0.5) -> Drawn | None:
    """Draw the base under the view of the axes (metres of the province's VN-2000 zone); None where there is none.

    Raises
    ------
    InputError
        The file of the base is damaged.
    """
    base = base_of(city(province_code))
    if base is None:
        return None
    box, zoom = _view(axes, province_code)
    found = rows_within(base, box, round(zoom + _FINER))
    ground = {name: rows.moved(to_metric(rows.geometries, province_code)) for name, rows in found.items()}
    look = theme().base
    axes.set_facecolor(look.ground)
    for rank, (coat, part) in enumerate(_coats()):
        rows = _shown(ground, coat, zoom)
        if rows is not None:
            _paint(axes, coat, part, rows, zoom, zorder + rank * 0.01)
    return Drawn(ground, zoom)


def kinds_in(rows: Table, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which rows are of one of the kinds."""
    return np.isin(rows.kind.astype(str), kinds)


def _view(axes: Axes, province_code: str) -> tuple[tuple[float, float, float, float], float]:
    """What the axes show (degrees), and the zoom at which a screen shows it as large as the paper does."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    corners = to_wgs84(np.array([shapely.box(left, bottom, right, top)], dtype=object), province_code)[0]
    west, south, east, north = corners.bounds
    figure = axes.get_figure()
    pixels = axes.get_window_extent().width / (figure.dpi if figure else 100.0) * 96
    metres = (right - left) / pixels
    across = math.cos(math.radians((south + north) / 2)) * 2 * math.pi * 6378137.0 / 256
    return (west, south, east, north), math.log2(across / metres)


def _coats() -> list[tuple[Paint, str]]:
    """Coats in their order: areas, plain lines, the edges of all cased lines, the lines themselves, borders."""
    coats = theme().base.paint
    cased = [coat for coat in coats if coat.casing]
    plain = [coat for coat in coats if coat.colour and not coat.casing]
    return [
        *((coat, "fill") for coat in coats if coat.fill),
        *((coat, "line") for coat in plain if coat.layer != "borders"),
        *((coat, "casing") for coat in cased),
        *((coat, "line") for coat in cased),
        *((coat, "line") for coat in plain if coat.layer == "borders"),
    ]


def _shown(ground: BaseLayers, coat: Paint, zoom: float) -> Table | None:
    rows = ground.get(coat.layer)
    if rows is None or zoom < coat.first - 0.5:
        return None
    chosen = kinds_in(rows, coat.kinds)
    return rows.take(chosen) if chosen.any() else None


def _paint(axes: Axes, coat: Paint, part: str, rows: Table, zoom: float, zorder: float) -> None:
    """Draw the rows in one stroke: they look alike, and one path of many parts costs far less than many paths."""
    parts = shapely.get_parts(rows.geometries)
    if part == "fill":
        areas = shapely.orient_polygons(parts[shapely.get_dimensions(parts) == 2])
        path = joined_path(shapely.get_rings(areas))
        drawn = PathPatch(path, facecolor=coat.fill, edgecolor="none", linewidth=0, zorder=zorder)
    else:
        width = max(0.35, width_at(coat.width, zoom) * POINTS * _LINE)
        size = width + 0.7 if part == "casing" else width
        dash: Any = (0, tuple(length / size * POINTS * _LINE for length in coat.dash)) if coat.dash else "solid"
        look: dict[str, Any] = {"linewidth": size, "linestyle": dash, "joinstyle": "round", "zorder": zorder}
        look |= {"edgecolor": coat.casing if part == "casing" else coat.colour, "facecolor": "none", "fill": False}
        drawn = PathPatch(joined_path(parts), capstyle="butt" if coat.dash else "round", **look)
    axes.add_artist(drawn)
