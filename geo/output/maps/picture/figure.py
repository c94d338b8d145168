"""A `Drawing` as a picture for print: A4 or A3 across at 300 dots an inch, with legend, scale bar and north arrow."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib_scalebar.scalebar import ScaleBar  # type: ignore[import-untyped, unused-ignore]

from geo.errors import InputError, Problem
from geo.i18n.translator import Translator
from geo.output.maps.drawing.drawing import Bounds, Drawing, Layer
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.maps.picture.labels import place_marks
from geo.output.maps.picture.locator import draw_locator, share_box
from geo.output.maps.picture.margin import draw_footer, draw_heading, draw_legend
from geo.output.maps.picture.shapes import draw_layer
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

DPI = 300
MILLIMETRES = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
"""Paper sizes across, in millimetres."""


# Matplotlib's settings are the process's: two threads that draw would mix them.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand on the sheet, in millimetres from its lower left corner."""

    width: float
    height: float
    margin: float = 9.0
    heading: float = 17.0
    footer: float = 12.0

    @property
    def legend_width(self) -> float:
        """Millimetres of the right margin that the legend has."""
        return 62.0 if self.width < 400 else 78.0

    @property
    def room(self) -> float:
        """Millimetres between heading and footer."""
        return self.height - 2 * self.margin - self.heading - self.footer

    @property
    def legend_box(self) -> tuple[float, float, float, float]:
        """Left, bottom, width, height of the legend, as shares of the sheet."""
        left = self.width - self.margin - self.legend_width
        bottom = self.margin + self.footer
        return (
            left / self.width,
            bottom / self.height,
            self.legend_width / self.width,
            self.room / self.height,
        )

    def map_box(self, place: int, places: int) -> tuple[float, float, float, float]:
        """Left, bottom, width, height of one of several maps side by side, as shares of the sheet."""
        gap = 3.0
        room = self.width - 2 * self.margin - self.legend_width - gap
        width = (room - gap * (places - 1)) / places
        left = self.margin + place * (width + gap)
        bottom = self.margin + self.footer
        return left / self.width, bottom / self.height, width / self.width, self.room / self.height


_DATELESS: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""What each format would say of when and by what it was made."""


def picture(drawing: Drawing, paper: str = "A4", kind: str = "png") -> bytes:
    """A picture of `paper` size (`A4`, `A3`, across): `png` at 300 dots an inch, `svg` or `pdf`.

    Same drawing, same bytes.

    Raises
    ------
    InputError
        The paper size is not known.
    """
    if paper not in MILLIMETRES:
        raise InputError(Problem("maps.unknown-paper", "paper", paper=paper, known=list(MILLIMETRES)))
    frame = _Frame(*MILLIMETRES[paper])
    # Sizes of the theme are CSS pixels, 96 to the inch; a larger sheet is read from the same distance.
    style: dict[Any, Any] = {
        "font.family": "DejaVu Sans",
        "hatch.linewidth": 0.5,
        "lines.dash_capstyle": "butt",
        "font.size": 8,
        "svg.hashsalt": "diaban",
    }
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(style)
        figure = Figure(figsize=(frame.width / 25.4, frame.height / 25.4), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        sides = ("before", "after") if any(layer.side for layer in drawing.layers) else ("",)
        for place, side in enumerate(sides):
            axes = figure.add_axes(frame.map_box(place, len(sides)))
            _draw_map(axes, drawing, side)
        draw_heading(figure, drawing, frame.margin)
        draw_legend(figure.add_axes(frame.legend_box), drawing, frame.legend_width, frame.room)
        draw_footer(figure, drawing, frame.margin)
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=DPI, metadata=_DATELESS[kind])
    return file.getvalue()


def _draw_map(axes: Axes, drawing: Drawing, side: str) -> None:
    _frame_view(axes, drawing.focus, drawing.province_code)
    layers = [layer for layer in drawing.layers if layer.shown and layer.side in ("", side)]
    for rank, layer in enumerate(_in_order(layers)):
        draw_layer(axes, layer, drawing.province_code, zorder=2 + rank)
    words = map_words(drawing.lang)
    taken = [share_box(axes, 0.0, 0.0, 0.24, 0.09), share_box(axes, 0.92, 0.84, 0.08, 0.16)]
    axes.add_artist(
        ScaleBar(1, location="lower left", box_alpha=0.85, length_fraction=0.2, font_properties={"size": 7})
    )
    _north(axes, words)
    if side:
        day = drawing.day.split(" → ")[0 if side == "before" else 1]
        taken.append(_tag(axes, f"{themed(words, side)}: {day}"))
    small = None if side else draw_locator(axes, drawing)
    taken += [small] if small is not None else []
    marks = [feature.mark for layer in layers for feature in layer.features if feature.mark]
    place_marks(axes, marks, drawing.province_code, DPI, taken)


def _tag(axes: Axes, text: str) -> Bbox:
    """Write which day this is at the top of one of two maps; returns the box that it takes."""
    box = {"facecolor": "#111111", "edgecolor": "none", "boxstyle": "square,pad=0.35"}
    place: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "top", "zorder": 60}
    tag = axes.text(0.5, 0.985, text, fontsize=7.5, color="white", bbox=box, **place)
    return tag.get_window_extent().padded(12)


def _in_order(layers: list[Layer]) -> list[Layer]:
    """Areas below lines, each in the order of the drawing; what is the same for two days below what is not."""
    return sorted(layers, key=lambda layer: (layer.pane != "areas", bool(layer.side)))


def _frame_view(axes: Axes, focus: Bounds, province_code: str) -> None:
    """Show all of `focus`, in metres of the VN-2000 zone, in the axes' proportions."""
    west, south, east, north = shapely.bounds(
        to_metric(np.array([shapely.box(*focus)], dtype=object), province_code)[0]
    )
    box = axes.get_window_extent()
    scale = max((east - west) / box.width, (north - south) / box.height)
    x, y = (west + east) / 2, (south + north) / 2
    axes.set_xlim(x - scale * box.width / 2, x + scale * box.width / 2)
    axes.set_ylim(y - scale * box.height / 2, y + scale * box.height / 2)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#e9eef0")


def _north(axes: Axes, words: Translator) -> None:
    # Grid north of the zone; it leaves true north by less than half a degree in either city.
    arrow = {"arrowstyle": "-|>", "color": "#111111", "linewidth": 1.6, "mutation_scale": 14}
    axes.annotate(
        "",
        xy=(0.965, 0.975),
        xytext=(0.965, 0.905),
        xycoords="axes fraction",
        textcoords="axes fraction",
        arrowprops=arrow,
        zorder=60,
    )
    axes.text(
        0.965, 0.895, themed(words, "north"), transform=axes.transAxes, ha="center", va="top", fontsize=7, zorder=60
    )
