"""Charts of months: stacked bars by status with the year before as a mark, and a small one for beside a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from geo.output.charts.svg import document, element

WIDTH, HEIGHT = 440, 190
_LEFT, _TOP, _BOTTOM = 30, 12, 22
_EDGE = "#1b2328"
_UNKNOWN = "#e4e8ea"
_LETTER = 6.0
"""Width of a letter on average, CSS pixels."""


@dataclass(frozen=True, slots=True)
class Series:
    """One part of each bar: its name and fill, and the figure of each month (None: not known)."""

    name: str
    fill: str
    values: tuple[int | None, ...]


def stacked(title: str, labels: Sequence[str], parts: Sequence[Series], marks: Series, unknown: str) -> str:
    """Bars from `parts`, a line across each month for `marks`; a month that is not known stands grey, not as zero.

    `labels` are those of the months; `unknown` says what a grey month is, where there is one.
    """
    totals = [sum(value or 0 for value in column) for column in zip(*(p.values for p in parts), strict=True)]
    top = _nice(max([*totals, *(value or 0 for value in marks.values), 1]))
    step = (WIDTH - _LEFT) / len(labels)
    drawn = [*_grid(top), *_bars(labels, parts, step, top), *_marks(marks, step, top), *_keys(parts, marks, unknown)]
    return document(WIDTH, HEIGHT + 36, title, *drawn)


def small(title: str, values: Sequence[int | None]) -> str:
    """The months as bars the size of a word, the last one dark; for beside a number."""
    top, step, height = max([value or 0 for value in values] or [1]) or 1, 6, 22
    bars = [
        element("rect", x=i * step, y=float(height - max(tall, 1)), width=step - 1, height=float(max(tall, 1)),
                fill=_UNKNOWN if value is None else "#0b4f8a" if i == len(values) - 1 else "#7fa3c0")
        for i, value in enumerate(values)
        for tall in [(value or 0) / top * height]
    ]  # fmt: skip
    return document(len(values) * step, height, title, *bars)


def _y(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - value / top * (HEIGHT - _BOTTOM - _TOP)


def _grid(top: int) -> Iterator[str]:
    for value in range(0, top + 1, max(1, top // 4)):
        y = _y(value, top)
        yield element("path", d=f"M{_LEFT} {y:.1f}H{WIDTH}", stroke="#c9d0d3" if value else _EDGE, stroke_width=1)
        yield element("text", text=str(value), x=_LEFT - 5, y=y + 4, text_anchor="end")


def _bars(labels: Sequence[str], parts: Sequence[Series], step: float, top: int) -> Iterator[str]:
    for i, label in enumerate(labels):
        x, under = _LEFT + i * step + step * 0.16, 0
        yield element("text", text=label, x=_LEFT + (i + 0.5) * step, y=HEIGHT - 7, text_anchor="middle")
        if all(part.values[i] is None for part in parts):
            yield element("rect", x=x, y=_TOP, width=step * 0.68, height=float(HEIGHT - _BOTTOM - _TOP), fill=_UNKNOWN)
        for part in parts:
            value = part.values[i] or 0
            if value:
                y, below = _y(under + value, top), _y(under, top)
                yield element(
                    "rect",
                    x=x,
                    y=y,
                    width=step * 0.68,
                    height=below - y,
                    fill=part.fill,
                    stroke=_EDGE,
                    stroke_width=0.7,
                )
            under += value


def _marks(marks: Series, step: float, top: int) -> Iterator[str]:
    for i, value in enumerate(marks.values):
        if value is not None:
            x, y = _LEFT + i * step, _y(value, top)
            yield element(
                "path", d=f"M{x + step * 0.06:.1f} {y:.1f}H{x + step * 0.94:.1f}", stroke=marks.fill, stroke_width=2.5
            )


def _keys(parts: Sequence[Series], marks: Series, unknown: str) -> Iterator[str]:
    x, y = float(_LEFT), HEIGHT + 8
    for part in parts:
        yield element("rect", x=x, y=y - 8, width=10, height=10, fill=part.fill, stroke=_EDGE, stroke_width=0.7)
        yield element("text", text=part.name, x=x + 14, y=y + 1)
        x += 24 + _LETTER * len(part.name)
    x, y = float(_LEFT), y + 17
    yield element("path", d=f"M{x:.1f} {y - 3}h14", stroke=marks.fill, stroke_width=2.5)
    yield element("text", text=marks.name, x=x + 18, y=y + 1)
    if any(part.values[0] is None for part in parts):
        x += 30 + _LETTER * len(marks.name)
        yield element("rect", x=x, y=y - 8, width=10, height=10, fill=_UNKNOWN)
        yield element("text", text=unknown, x=x + 14, y=y + 1)


def _nice(most: int) -> int:
    """A round top of the scale that four steps divide."""
    step = 1
    while step * 4 < most:
        step = ceil(step * 2.5) if str(step)[0] == "2" else step * 2
    return step * 4
