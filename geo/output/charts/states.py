"""A bar for each period: how many targets are met, under way, not met, without all figures, without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.output.charts.months import Series
from geo.output.charts.svg import document, element

_WIDTH, _ROW, _LEFT, _RIGHT = 460, 26, 138, 132
_EDGE = "#1b2328"


def states(title: str, labels: Sequence[str], parts: Sequence[Series], notes: Sequence[str]) -> str:
    """Stacked bars across, one for each of `labels`, each of its own whole; `notes` stand behind them."""
    height = _ROW * len(labels) + 20
    return document(_WIDTH, height, title, *_bars(labels, parts, notes), *_keys(parts, height - 6))


def _bars(labels: Sequence[str], parts: Sequence[Series], notes: Sequence[str]) -> Iterator[str]:
    room = _WIDTH - _LEFT - _RIGHT
    for row, label in enumerate(labels):
        y, x = row * _ROW + 4, float(_LEFT)
        whole = sum(part.values[row] or 0 for part in parts)
        yield element("text", text=label, x=_LEFT - 6, y=y + 13, text_anchor="end")
        for part in parts:
            value = part.values[row] or 0
            if value and whole:
                wide = value / whole * room
                yield element("rect", x=x, y=y, width=wide, height=18, fill=part.fill, stroke=_EDGE, stroke_width=0.7)
                yield element("text", text=str(value), x=x + wide / 2, y=y + 13, text_anchor="middle")
                x += wide
        yield element("text", text=notes[row], x=_LEFT + room + 6, y=y + 13)


def _keys(parts: Sequence[Series], y: float) -> Iterator[str]:
    x = 4.0
    for part in parts:
        yield element("rect", x=x, y=y - 9, width=10, height=10, fill=part.fill, stroke=_EDGE, stroke_width=0.7)
        yield element("text", text=part.name, x=x + 14, y=y)
        x += 23 + 5.6 * len(part.name)
