"""Layers on matplotlib axes: areas with hatches, lines with casings, points; sizes from CSS pixels to points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.output.maps.drawing.drawing import Layer
from geo.output.shared.theme import AreaStyle, Hatch, LineStyle, PointStyle, Style
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 0.75
"""Printer's points in a CSS pixel."""

_CASING = 2.8
"""Points by which the edge of a line is wider than the line."""
_HATCHES = {"diagonal": "////", "cross": "xxx", "dots": ".."}


def draw_layer(axes: Axes, layer: Layer, province_code: str, zorder: float, *, over_base: bool = False) -> None:
    """Draw the features of a layer, in metres of the VN-2000 zone; those of one style and kind together.

    Over a base (`over_base`) areas tint what lies beneath them, as they do on a page.
    """
    if not layer.features:
        return
    shapes = to_metric(np.array([feature.geometry for feature in layer.features], dtype=object), province_code)
    groups: dict[tuple[Style, int], list[BaseGeometry]] = {}
    for feature, shape in zip(layer.features, shapes, strict=True):
        groups.setdefault((feature.style, int(shapely.get_dimensions(shape))), []).append(shape)
    for (style, _), members in groups.items():
        draw_shapes(axes, style, members, zorder, tinted=over_base)


def hatch_options(hatch: Hatch | None) -> dict[str, Any]:
    """Matplotlib's options for a hatch; none for None."""
    return {"hatch": _HATCHES[hatch.kind], "hatchcolor": hatch.ink} if hatch else {}


def dash_pattern(style: AreaStyle | LineStyle, width: float | None = None) -> Any:
    """Matplotlib's line style for a dash: its lengths are in line widths."""
    if not style.dash:
        return "solid"
    unit = style.width if width is None else width
    return (0, tuple(length / unit for length in style.dash))


def tint(colour: str) -> tuple[float, float, float, float]:
    """Red, green, blue and opacity that make `colour` of white, and darken whatever else they lie over.

    Multiplying, as pages do it, is no operation of SVG or of this library; this is its nearest by opacity alone.

    >>> tint("#ffffff")[3], tint("#000000")
    (0.0, (0.0, 0.0, 0.0, 1.0))
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    opacity = 1 - min(red, green, blue)
    if not opacity:
        return (1.0, 1.0, 1.0, 0.0)
    below = 1 - opacity
    red, green, blue = (min(max((part - below) / opacity, 0.0), 1.0) for part in (red, green, blue))  # past by rounding
    return (red, green, blue, opacity)


def draw_shapes(
    axes: Axes, style: Style, shapes: list[BaseGeometry], zorder: float, scale: float = 1.0, *, tinted: bool = False
) -> None:
    """Draw shapes (in the axes' metres) in a style; borders of areas in `scale` of their width."""
    if isinstance(style, PointStyle):
        _points(axes, style, shapes, zorder)
    elif isinstance(style, LineStyle):
        _lines(axes, style, shapes, zorder)
    else:
        _areas(axes, style, shapes, zorder, scale, tinted=tinted)


def _areas(
    axes: Axes, style: AreaStyle, shapes: list[BaseGeometry], zorder: float, scale: float, *, tinted: bool
) -> None:
    paths = [area_path(shape) for shape in shapes]
    drawn = PathCollection(
        paths,
        facecolor=tint(style.fill) if tinted else style.fill,
        edgecolor=style.stroke,
        linewidths=style.width * POINTS * 0.7 * scale,
        linestyles=[dash_pattern(style)],
        zorder=zorder,
        **hatch_options(style.hatch),
    )
    axes.add_collection(drawn, autolim=False)


def _lines(axes: Axes, style: LineStyle, shapes: list[BaseGeometry], zorder: float) -> None:
    lines = [np.asarray(line.coords)[:, :2] for shape in shapes for line in _line_parts(shape)]
    width = style.width * POINTS * 0.8
    if style.casing:
        # Wide enough that in grey, too, a line stands out from a hatched area of its own lightness.
        edge = LineCollection(lines, colors=style.casing, linewidths=width + _CASING, capstyle="butt", zorder=zorder)
        axes.add_collection(edge, autolim=False)
    drawn = LineCollection(
        lines, colors=style.colour, linewidths=width, linestyles=[dash_pattern(style)], zorder=zorder + 0.1
    )
    axes.add_collection(drawn, autolim=False)


def _points(axes: Axes, style: PointStyle, shapes: list[BaseGeometry], zorder: float) -> None:
    places = shapely.get_coordinates(np.array(shapes, dtype=object))
    size = (style.radius * 2 * POINTS * 0.8) ** 2
    width = style.width * POINTS * 0.8
    axes.scatter(
        places[:, 0], places[:, 1], s=size, c=style.fill, edgecolors=style.stroke, linewidths=width, zorder=zorder + 0.2
    )


def _line_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    outline = shape.boundary if shapely.get_dimensions(shape) == 2 else shape
    return [part for part in shapely.get_parts(outline) if part.geom_type in ("LineString", "LinearRing")]


def area_path(shape: BaseGeometry) -> Path:
    """The rings of an area as one path, holes wound the other way."""
    return joined_path(shapely.get_rings(shapely.get_parts(shapely.orient_polygons(np.array([shape], dtype=object)))))


def joined_path(lines: NDArray[np.object_]) -> Path:
    """Lines or rings as one path of as many parts, in their order; a ring ends where it began."""
    points, owner = shapely.get_coordinates(lines, return_index=True)
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[np.flatnonzero(np.diff(owner, prepend=-1))] = Path.MOVETO
    return Path(points, codes)
