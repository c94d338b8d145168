"""A bar for each period: how many targets are met, under way, not met, without all figures, without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.output.charts.parts import EDGE, Series, box, key, textures
from geo.output.charts.svg import document, element

_WIDTH, _ROW, _LEFT, _RIGHT = 460, 26, 138, 132
_LEAST = 15.0
"""Width of a part at least, so that its number fits."""


def states(title: str, labels: Sequence[str], parts: Sequence[Series], notes: Sequence[str]) -> str:
    """Stacked bars across, one for each of `labels`, each of its own whole; `notes` stand behind them."""
    named = list(key(parts, 4.0, _WIDTH, _ROW * len(labels) + 14))
    drawn = [textures(), *_bars(labels, parts, notes), *(name for name, _ in named)]
    return document(_WIDTH, named[-1][1] + 6, title, *drawn)


def _bars(labels: Sequence[str], parts: Sequence[Series], notes: Sequence[str]) -> Iterator[str]:
    room = _WIDTH - _LEFT - _RIGHT
    for row, label in enumerate(labels):
        y, x = row * _ROW + 4, float(_LEFT)
        yield element("text", text=label, x=_LEFT - 6, y=y + 13, text_anchor="end")
        shown = [(part, value) for part in parts if (value := part.values[row])]
        for (part, value), wide in zip(shown, _widths([value for _, value in shown], room), strict=True):
            yield box(part, x=x, y=y, width=wide, height=18)
            yield _number(value, x + wide / 2, y + 13)
            x += wide
        yield element("text", text=notes[row], x=_LEFT + room + 6, y=y + 13)


def _widths(values: Sequence[int], room: float) -> list[float]:
    """As the values, none under `_LEAST`."""
    free = room - _LEAST * len(values)
    return [_LEAST + value / sum(values) * free for value in values]


def _number(value: int, x: float, y: float) -> str:
    """A number with a light edge, legible on every fill and texture."""
    edge = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke", "stroke_linejoin": "round"}
    return element("text", text=str(value), x=x, y=y, text_anchor="middle", fill=EDGE, **edge)
