"""A `Drawing` as a picture for print: A4 or A3 across at 300 dots an inch, with legend, scale bar and north arrow."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.errors import InputError, Problem
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.numbers import ward_numbers
from geo.output.maps.picture.georeference import georeferenced, viewport
from geo.output.maps.picture.margin import draw_footer, draw_heading, draw_legend
from geo.output.maps.picture.view import draw_view
from geo.reference.cities import city

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
    """A picture of `paper` size (`A4`, `A3`, across): `png` at 300 dots an inch, `svg` or `pdf` (which says where
    on the ground its maps lie).

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
        # Letters stay letters: they are found, copied and read aloud.
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(style)
        figure = Figure(figsize=(frame.width / 25.4, frame.height / 25.4), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        sides = ("before", "after") if any(layer.side for layer in drawing.layers) else ("",)
        numbers, numbered = ward_numbers(drawing.layers), dict[int, str]()
        views = []
        for place, side in enumerate(sides):
            axes = figure.add_axes(frame.map_box(place, len(sides)))
            numbered |= draw_view(axes, drawing, DPI, side=side, numbers=numbers).numbered
            views.append(viewport(axes, drawing.province_code, city(drawing.province_code).epsg))
        draw_heading(figure, drawing, frame.margin)
        draw_legend(figure.add_axes(frame.legend_box), drawing, frame.legend_width, frame.room, numbered)
        draw_footer(figure, drawing, frame.margin)
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=DPI, metadata=_DATELESS[kind])
    return georeferenced(file.getvalue(), views) if kind == "pdf" else file.getvalue()
