"""Heading, legend and source line of a picture. What does not fit is set smaller, never cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from geo.i18n.formats import NO_BREAK, NOTHING
from geo.i18n.translator import Translator
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.maps.drawing.drawing import Card, Drawing
from geo.output.maps.drawing.wording import map_words, themed
from geo.output.maps.picture.shapes import POINTS, dash_pattern, hatch_options
from geo.output.shared.theme import AreaStyle, LineStyle, PointStyle, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
"""Sizes of the legend's letters in points, from the wished to the least readable."""
_SWATCH_MM = 9.0
_MEASURES = ("metres", "share")
"""Columns whose cells say by their unit what they are."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the margin: `style` is the swatch before it, `bold` a heading, `gap` room above it in lines.

    A text that begins with a tab goes on with the one above, beside its swatch.
    """

    text: str
    style: Style | None = None
    bold: bool = False
    gap: float = 0.0


def draw_heading(figure: Figure, drawing: Drawing, margin_mm: float) -> None:
    """Title, subtitle, day and data version at the top left; notices below the day."""
    words = map_words(drawing.lang)
    day = f"{themed(words, 'day')}: {drawing.day}"
    version = f" · {themed(words, 'version')}: {drawing.version}" if drawing.version else ""
    left, top = margin_mm / _width(figure), 1 - margin_mm / _height(figure)
    step = 5.2 / _height(figure)
    figure.text(left, top, drawing.title, fontsize=14, fontweight="bold", va="top")
    figure.text(left, top - step * 1.25, drawing.subtitle, fontsize=9, va="top")
    figure.text(left, top - step * 2.15, day + version, fontsize=8, va="top")
    if drawing.notices:
        box = {"boxstyle": "round,pad=0.35", "facecolor": "#fff7df", "edgecolor": "#8a5a00", "linewidth": 0.8}
        figure.text(1 - left, top, "\n".join(drawing.notices), fontsize=8, va="top", ha="right", bbox=box)


def draw_footer(figure: Figure, drawing: Drawing, margin_mm: float) -> None:
    """Sources with their licences along the bottom, wrapped to the width of the sheet."""
    words = map_words(drawing.lang)
    tiles = tiles_from_environment()
    background = [f"{themed(words, 'background')}: {tiles.attribution}"] if tiles is not None else []
    named = ". ".join([*(source.label for source in drawing.sources), *background])
    sentences = f"{themed(words, 'sources')}: {named}. {themed(words, 'not_survey')}"
    lines = wrap(sentences, int((_width(figure) - 2 * margin_mm) / 1.13))
    place = (margin_mm / _width(figure), margin_mm / _height(figure))
    figure.text(*place, "\n".join(lines), fontsize=5.5, va="bottom", color="#333333", linespacing=1.2)


def draw_legend(
    axes: Axes, drawing: Drawing, width_mm: float, height_mm: float, numbered: Mapping[int, str] | None = None
) -> None:
    """Legend and open cards on axes of this size, in the largest letters in which they fit.

    `numbered` are the wards that have a number on the map in place of their name.
    """
    axes.set_xlim(0, width_mm)
    axes.set_ylim(-height_mm, 0)
    axes.axis("off")
    for size in _SIZES:
        lines = list(_lines(drawing, numbered or {}, width_mm, size))
        if _needed(lines, size) <= height_mm:
            break
    _write(axes, lines, size, height_mm)


def _lines(drawing: Drawing, numbered: Mapping[int, str], width_mm: float, size: float) -> Iterator[_Line]:
    # A letter is about half as wide as its size; one point is 0.353 mm.
    letters = width_mm / (size * 0.353 * 0.58)
    beside = letters * (1 - (_SWATCH_MM + 2) / width_mm)
    words = map_words(drawing.lang)
    yield from _wrapped(themed(words, "legend"), letters * 0.84, bold=True)
    for group in drawing.legend:
        yield from _wrapped(group.heading, letters * 0.84, bold=True, gap=0.5)
        for entry in group.entries:
            counted = "" if entry.count is None else f" ({words.number(entry.count)})"
            first, *rest = wrap(f"{entry.label}{counted}", int(beside))
            yield _Line(first, entry.style, gap=0.15)
            yield from (_Line(f"\t{line}") for line in rest)
    if numbered:
        yield from _wrapped(themed(words, "numbers"), letters * 0.84, bold=True, gap=0.5)
        # A number and its name stay together.
        rows = (f"{number} {name}".replace(" ", NO_BREAK) for number, name in sorted(numbered.items()))
        yield from _wrapped("; ".join(rows), letters, gap=0.15)
    for card in drawing.cards:
        yield from _card(card, letters, words)


def _card(card: Card, letters: float, words: Translator) -> Iterator[_Line]:
    yield from _wrapped(card.title, letters * 0.84, bold=True, gap=0.9)
    for table in card.tables:
        names = ["" if key in _MEASURES else f"{themed(words, key).lower()}: " for key in table.head[1:]]
        for row in table.rows:
            cells = [f"{name}{cell}" for name, cell in zip(names, row[1:], strict=True) if cell != NOTHING]
            yield from _wrapped(f"{row[0]}: {'; '.join(cells)}", letters, gap=0.2)
    for note in card.notes:
        yield from _wrapped(note, letters, gap=0.2)
    for fact in card.facts:
        yield from _wrapped(f"{themed(words, fact.key)}: {fact.value}", letters, gap=0.1)


def _wrapped(text: str, letters: float, *, bold: bool = False, gap: float = 0.0) -> Iterator[_Line]:
    # A figure and its sign stay together.
    for rank, line in enumerate(wrap(text.replace(" %", f"{NO_BREAK}%"), max(8, int(letters)))):
        yield _Line(line, bold=bold, gap=0.0 if rank else gap)


def _step(size: float) -> float:
    """Millimetres from line to line."""
    return size * 0.353 * 1.32


def _needed(lines: list[_Line], size: float) -> float:
    return sum(1 + line.gap for line in lines) * _step(size)


def _write(axes: Axes, lines: list[_Line], size: float, height_mm: float) -> None:
    at = 0.0
    for line in lines:
        at -= line.gap * _step(size)
        middle = at - _step(size) / 2
        beside = line.style is not None or line.text.startswith("\t")
        weight = "bold" if line.bold else "normal"
        left = _SWATCH_MM + 2 if beside else 0.0
        axes.text(left, middle, line.text.strip(), fontsize=size, fontweight=weight, va="center")
        if line.style is not None:
            _swatch(axes, line.style, middle, min(_step(size) * 0.8, 3.4))
        at -= _step(size)
    axes.set_ylim(min(-height_mm, at), 0)


def _swatch(axes: Axes, style: Style, middle: float, high: float) -> None:
    if isinstance(style, AreaStyle):
        box = Rectangle(
            (0.3, middle - high / 2),
            _SWATCH_MM - 0.6,
            high,
            facecolor=style.fill,
            edgecolor=style.stroke,
            linewidth=style.width * POINTS * 0.7,
            linestyle=dash_pattern(style),
            **hatch_options(style.hatch),
        )
        axes.add_patch(box)
    elif isinstance(style, LineStyle):
        _line_swatch(axes, style, middle)
    else:
        _point_swatch(axes, style, middle)


def _line_swatch(axes: Axes, style: LineStyle, middle: float) -> None:
    width = style.width * POINTS * 0.8
    ends = ([0.3, _SWATCH_MM - 0.3], [middle, middle])
    if style.casing not in ("", "#ffffff"):
        axes.add_line(Line2D(*ends, color=style.casing, linewidth=width + 1.6, solid_capstyle="butt"))
    axes.add_line(
        Line2D(*ends, color=style.colour, linewidth=width, linestyle=dash_pattern(style), solid_capstyle="butt")
    )


def _point_swatch(axes: Axes, style: PointStyle, middle: float) -> None:
    axes.plot(
        [_SWATCH_MM / 2],
        [middle],
        marker="o",
        markersize=style.radius * 2 * POINTS * 0.8,
        markerfacecolor=style.fill,
        markeredgecolor=style.stroke,
        markeredgewidth=style.width * POINTS * 0.8,
    )


def _width(figure: Figure) -> float:
    return float(figure.get_figwidth()) * 25.4


def _height(figure: Figure) -> float:
    return float(figure.get_figheight()) * 25.4
