"""Charts of months: stacked bars by status with the year before as a mark, and a small one for beside a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from geo.output.charts.parts import EDGE, KEY_ROW, Series, box, key, textures
from geo.output.charts.svg import document, element

WIDTH, HEIGHT = 440, 190
_LEFT, _TOP, _BOTTOM = 30, 12, 22
_UNKNOWN = "#e4e8ea"
_NOT_KNOWN = Series("", _UNKNOWN, (), "dots")


def stacked(title: str, labels: Sequence[str], parts: Sequence[Series], marks: Series, unknown: str) -> str:
    """Bars from `parts`, a line across each month for `marks`; a month that is not known stands grey, not as zero.

    `labels` are those of the months; `unknown` says what a grey month is, where there is one.
    """
    totals = [sum(value or 0 for value in column) for column in zip(*(p.values for p in parts), strict=True)]
    top = _nice(max([*totals, *(value or 0 for value in marks.values), 1]))
    step = (WIDTH - _LEFT) / len(labels)
    names = list(key([*parts, *_unknown(parts, unknown)], _LEFT, WIDTH, HEIGHT + 9))
    under = names[-1][1] + KEY_ROW
    drawn = [textures(), *_grid(top), *_bars(labels, parts, step, top), *_marks(marks, step, top)]
    line = element("path", d=f"M{_LEFT} {under - 4:.1f}h14", stroke=marks.fill, stroke_width=2.5)
    said = [*(name for name, _ in names), line, element("text", text=marks.name, x=_LEFT + 18, y=under)]
    return document(WIDTH, under + 6, title, *drawn, *said)


def _unknown(parts: Sequence[Series], name: str) -> list[Series]:
    """What a grey month is, where there is one."""
    return [replace(_NOT_KNOWN, name=name)] if any(part.values[0] is None for part in parts) else []


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
        yield element("path", d=f"M{_LEFT} {y:.1f}H{WIDTH}", stroke="#c9d0d3" if value else EDGE, stroke_width=1)
        yield element("text", text=str(value), x=_LEFT - 5, y=y + 4, text_anchor="end")


def _bars(labels: Sequence[str], parts: Sequence[Series], step: float, top: int) -> Iterator[str]:
    for i, label in enumerate(labels):
        x, under = _LEFT + i * step + step * 0.16, 0
        yield element("text", text=label, x=_LEFT + (i + 0.5) * step, y=HEIGHT - 7, text_anchor="middle")
        if all(part.values[i] is None for part in parts):
            yield box(_NOT_KNOWN, x=x, y=_TOP, width=step * 0.68, height=float(HEIGHT - _BOTTOM - _TOP))
        for part in parts:
            value = part.values[i] or 0
            if value:
                y, below = _y(under + value, top), _y(under, top)
                yield box(part, x=x, y=y, width=step * 0.68, height=below - y)
            under += value


def _marks(marks: Series, step: float, top: int) -> Iterator[str]:
    for i, value in enumerate(marks.values):
        if value is not None:
            x, y = _LEFT + i * step, _y(value, top)
            yield element(
                "path", d=f"M{x + step * 0.06:.1f} {y:.1f}H{x + step * 0.94:.1f}", stroke=marks.fill, stroke_width=2.5
            )


def _nice(most: int) -> int:
    """A round top of the scale that four steps divide."""
    step = 1
    while step * 4 < most:
        step = ceil(step * 2.5) if str(step)[0] == "2" else step * 2
    return step * 4
