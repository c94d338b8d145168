"""What makes a picture a map that can be measured on: scale bar and number, grid of VN-2000, north arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.transforms import Bbox
from matplotlib_scalebar.scalebar import ScaleBar  # type: ignore[import-untyped, unused-ignore]

from geo.i18n.formats import NO_BREAK
from geo.i18n.translator import Translator
from geo.output.maps.drawing.wording import themed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GRID: dict[str, Any] = {"color": "#5b6470", "linewidth": 0.25, "alpha": 0.55, "zorder": 1.6}
_LETTERS: dict[str, Any] = {"fontsize": 4.6, "color": "#4a525a", "zorder": 46}
_ROUND = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
_GRID_MM = 32.0
"""Lines of the grid are about so far apart on paper."""


def draw_survey(axes: Axes, words: Translator, covered: tuple[Bbox, ...] = ()) -> list[Bbox]:
    """Draw scale, grid and north on axes in metres of a VN-2000 zone; returns the boxes (dots) that they take.

    A figure of the grid that would lie under a box of `covered`, even in part, is not written.
    """
    boxes = _grid(axes, words, covered)
    boxes.append(_scale(axes, words))
    boxes.append(_north(axes, words))
    return boxes


def round_scale(least: float) -> float:
    """The round scale next above: 1:2.500 for 1:2.480, so that a ruler can be laid on.

    >>> round_scale(2480.0), round_scale(47_400.0), round_scale(101.0)
    (2500.0, 50000.0, 110.0)
    """
    power = float(10 ** math.floor(math.log10(least)))
    return next(power * step for step in _ROUND if power * step >= least * (1 - 1e-9))


def scale_of(axes: Axes) -> float:
    """Metres of the ground to a metre of paper."""
    (left, right), figure = axes.get_xlim(), axes.get_figure(root=True)
    inches = axes.get_window_extent().width / (figure.dpi if figure else 100.0)
    return (right - left) / (inches * 0.0254)


def _scale(axes: Axes, words: Translator) -> Bbox:
    """The bar, and above it the scale as a number."""

    def written(value: float, unit: str) -> str:
        return f"{words.number(value, 2)}{NO_BREAK}{unit}"

    exact = scale_of(axes)
    digits = 10 ** max(0, math.floor(math.log10(exact)) - 2)
    number = words.text("scale-number", number=words.number(round(exact / digits) * digits))
    font = {"size": 7}
    options = {"location": "lower left", "box_alpha": 0.85, "length_fraction": 0.2, "font_properties": font}
    bar = ScaleBar(1, label=number, label_loc="top", scale_formatter=written, **options)
    bar.set_zorder(59)
    axes.add_artist(bar)
    return part(axes, 0.0, 0.0, 0.25, 0.115)


def _grid(axes: Axes, words: Translator, covered: tuple[Bbox, ...]) -> list[Bbox]:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    step = _step(scale_of(axes) * _GRID_MM / 1000)
    boxes: list[Bbox] = []

    def write(value: float, x: float, y: float, off: tuple[int, int]) -> None:
        box = _beside(axes, x, y)
        if not any(box.overlaps(other) for other in covered):
            axes.annotate(words.number(value), (x, y), off, textcoords="offset points", **_LETTERS)
            boxes.append(box)

    for x in _multiples(left, right, step):
        axes.plot([x, x], [bottom, top], **_GRID)
        if 0.27 < (x - left) / (right - left) < 0.97:
            write(x, x, bottom, (1, 2))
    for y in _multiples(bottom, top, step):
        axes.plot([left, right], [y, y], **_GRID)
        if 0.15 < (y - bottom) / (top - bottom) < 0.98:
            write(y, left, y, (2, 1))
    return boxes


def _multiples(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _step(wished: float) -> float:
    """The round distance nearest below or at what is wished for: 1, 2 or 5 times a power of ten."""
    power = float(10 ** math.floor(math.log10(wished)))
    return next(power * times for times in (5.0, 2.0, 1.0) if power * times <= wished)


def _beside(axes: Axes, x: float, y: float) -> Bbox:
    at = axes.transData.transform([[x, y]])[0]
    figure = axes.get_figure(root=True)
    point = (figure.dpi if figure else 100.0) / 72
    return Bbox.from_bounds(at[0], at[1], 28 * point, 8 * point)


def _north(axes: Axes, words: Translator) -> Bbox:
    """Grid north of the zone; it leaves true north by less than half a degree in either city."""
    arrow = {"arrowstyle": "-|>", "color": "#111111", "linewidth": 1.6, "mutation_scale": 14}
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "axes fraction", "zorder": 60}
    axes.annotate("", xy=(0.965, 0.975), xytext=(0.965, 0.905), arrowprops=arrow, **place)
    letter: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "top", "zorder": 60}
    axes.text(0.965, 0.895, themed(words, "north"), fontsize=7, fontweight="bold", **letter)
    return part(axes, 0.93, 0.84, 0.07, 0.16)


def part(axes: Axes, left: float, bottom: float, width: float, height: float) -> Bbox:
    """A part of the axes, given in shares of them, as a box in dots."""
    room = axes.get_window_extent()
    return Bbox.from_bounds(
        room.x0 + left * room.width, room.y0 + bottom * room.height, width * room.width, height * room.height
    )
