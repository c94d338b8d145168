"""The maps inside a dossier: as wide as its text, legend and overview below, so that nothing lies on the map itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from geo.output.dossier.map_svg import STYLE, svg_of
from geo.output.dossier.view import SiteView, View
from geo.output.maps import overview_drawing, site_drawing
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.simplified_shapes import display_shapes
from geo.output.maps.picture.figure import _ONE_AT_A_TIME as ONE_AT_A_TIME
from geo.output.maps.picture.locator import draw_whole
from geo.output.maps.picture.shapes import POINTS, dash_pattern, hatch_options
from geo.output.maps.picture.view import draw_view
from geo.output.shared.theme import AreaStyle, LineStyle, PointStyle, Style, theme
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI = 200
"""Dots an inch where a map is no vectors: fine enough for a laser printer, and a document of half a megabyte."""
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "hatch.linewidth": 0.5,
    "font.size": 8,
    # At 200 dots an inch letters need not be fitted to pixels, which takes a quarter of the time of a map.
    "text.hinting": "no_hinting",
}
_GAP, _LINE, _SWATCH = 3.0, 3.9, 9.0
_LETTER_MM = 1.38  # a letter of the legend, on average and at its widest texts


@dataclass(frozen=True, slots=True)
class Sheet:
    """The room of a picture in millimetres: the map is `width` × `map_height`, the strip below as high as it needs."""

    width: float
    map_height: float
    columns: int = 2
    locator: bool = True


SITE_SHEET = Sheet(165.0, 112.0)
OVERVIEW_SHEET = Sheet(165.0, 178.0, columns=2, locator=False)
WIDE_SHEET = Sheet(370.0, 180.0, columns=5, locator=False)
"""The overview of an atlas on A3 across."""


class MapPicture:
    """A map that is laid out once, and saved as what is asked for. Same drawing, same bytes."""

    def __init__(self, drawing: Drawing, seen: View, sheet: Sheet) -> None:
        with ONE_AT_A_TIME, _style():
            self._figure = _laid_out(drawing, seen, sheet)

    @cached_property
    def png(self) -> bytes:
        """The map as PNG of 200 dots an inch, for what takes no vectors."""
        file = BytesIO()
        with ONE_AT_A_TIME, _style():
            self._figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()

    @cached_property
    def svg(self) -> bytes:
        """The map as SVG, its letters as text: sharp in print at any size."""
        with ONE_AT_A_TIME, _style():
            return svg_of(self._figure)


def site_picture(site: SiteView, sheet: Sheet = SITE_SHEET) -> MapPicture:
    """The map of a site: stretches by ward, boundary parts, chainage, legend, scale bar, north, overview."""
    return MapPicture(site_drawing(site.view.situation, site.id, lang=site.view.words.lang), site.view, sheet)


def overview_picture(seen: View, sheet: Sheet = OVERVIEW_SHEET) -> MapPicture:
    """The overview map of the city: wards by programme phase, sites by level."""
    return MapPicture(overview_drawing(seen.situation, lang=seen.words.lang), seen, sheet)


@contextmanager
def _style() -> Iterator[None]:
    with mpl.rc_context(), warnings.catch_warnings():
        # A sign that no face holds is replaced, and the document says so.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE | STYLE)
        yield


def _laid_out(drawing: Drawing, seen: View, sheet: Sheet) -> Figure:
    entries = _entries(drawing, sheet)
    strip = _strip_height(entries, sheet)
    size = (sheet.width, sheet.map_height + _GAP + strip)
    figure = Figure(figsize=(size[0] / 25.4, size[1] / 25.4), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.002, (strip + _GAP) / size[1], 0.996, sheet.map_height / size[1] - 0.002))
    draw_view(axes, drawing, DPI, locator=False)
    right = 42.0 if sheet.locator else 0.0
    legend = figure.add_axes((0.0, 0.0, (sheet.width - right) / size[0], strip / size[1]))
    _legend(legend, entries, sheet, sheet.width - right, strip)
    if sheet.locator:
        box = ((size[0] - right + 2) / size[0], 0.002, (right - 2) / size[0] - 0.002, strip / size[1])
        _locator(figure.add_axes(box), axes, seen)
    return figure


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the legend: a heading (no style), or a swatch and its text; `more` lines go on beneath."""

    text: str
    style: Style | None = None
    more: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        return 1 + len(self.more)


def _entries(drawing: Drawing, sheet: Sheet) -> list[_Entry]:
    letters = int((_column(sheet) - _SWATCH - 3) / _LETTER_MM)
    found = []
    for group in drawing.legend:
        heading, *more = wrap(group.heading, letters + 6)
        found.append(_Entry(heading, None, tuple(more)))
        for entry in group.entries:
            counted = "" if entry.count is None else f" ({entry.count})"
            first, *rest = wrap(f"{entry.label}{counted}", letters) or [""]
            found.append(_Entry(first, entry.style, tuple(rest)))
    return found


def _column(sheet: Sheet) -> float:
    return (sheet.width - (42.0 if sheet.locator else 0.0)) / sheet.columns


def _columns(entries: list[_Entry], count: int) -> list[list[_Entry]]:
    """Entries in columns of about one height; a heading never ends a column."""
    share = -(-sum(entry.lines for entry in entries) // count)
    columns: list[list[_Entry]] = [[]]
    filled = 0
    for entry in entries:
        last = len(columns) == count
        if columns[-1] and not last and filled + entry.lines + (entry.style is None) > share:
            columns.append([])
            filled = 0
        columns[-1].append(entry)
        filled += entry.lines
    return columns


def _strip_height(entries: list[_Entry], sheet: Sheet) -> float:
    columns = _columns(entries, sheet.columns)
    needed = max((sum(entry.lines for entry in column) for column in columns), default=0)
    return max(needed * _LINE + 2.0, 38.0 if sheet.locator else 12.0)


def _legend(axes: Axes, entries: list[_Entry], sheet: Sheet, width: float, height: float) -> None:
    axes.set_xlim(0, width)
    axes.set_ylim(-height, 0)
    axes.axis("off")
    for number, column in enumerate(_columns(entries, sheet.columns)):
        left, at = number * _column(sheet), -_LINE / 2
        for entry in column:
            shift = 0.0 if entry.style is None else _SWATCH + 2
            weight = "bold" if entry.style is None else "normal"
            for line in (entry.text, *entry.more):
                axes.text(left + shift, at, line, fontsize=7, fontweight=weight, va="center")
                at -= _LINE
            if entry.style is not None:
                _swatch(axes, entry.style, left, at + _LINE * entry.lines)


def _swatch(axes: Axes, style: Style, left: float, middle: float) -> None:
    ends = ([left + 0.5, left + _SWATCH - 0.5], [middle, middle])
    if isinstance(style, AreaStyle):
        box = Rectangle((left + 0.5, middle - 1.3), _SWATCH - 1, 2.6, facecolor=style.fill, edgecolor=style.stroke)
        box.set(linewidth=style.width * POINTS * 0.7, linestyle=dash_pattern(style), **hatch_options(style.hatch))
        axes.add_patch(box)
    elif isinstance(style, LineStyle):
        width = style.width * POINTS * 0.8
        if style.casing not in ("", "#ffffff"):
            axes.add_line(Line2D(*ends, color=style.casing, linewidth=width + 1.6, solid_capstyle="butt"))
        dash = dash_pattern(style)
        axes.add_line(Line2D(*ends, color=style.colour, linewidth=width, linestyle=dash, solid_capstyle="butt"))
    elif isinstance(style, PointStyle):
        disc: dict[str, Any] = {
            "markerfacecolor": style.fill,
            "markeredgecolor": style.stroke,
            "markeredgewidth": style.width * 0.6,
        }
        axes.plot([left + _SWATCH / 2], [middle], marker="o", markersize=style.radius * 1.2, **disc)


def _locator(axes: Axes, large: Axes, seen: View) -> None:
    """The whole city, and the part of it that the map shows."""
    shapes = to_metric(display_shapes(seen.situation.wards), seen.city.province_code)
    box = axes.get_window_extent()
    draw_whole(axes, large, {theme().areas["neighbour"]: shapes}, (box.width, box.height))
