"""Parts of a bar: a fill, and a texture by which grey paper tells two fills apart; and the key that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.output.charts.svg import element

Texture = Literal["", "lines", "dots"]
EDGE = "#1b2328"
_LETTER = 6.6
"""Width of a letter at most, on average, CSS pixels."""
KEY_ROW = 17
"""Height of a row of the key."""
_SIZE = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One part of each bar: its name and fill, and the figure of each period (None: not known)."""

    name: str
    fill: str
    values: tuple[int | None, ...]
    texture: Texture = ""


def textures() -> str:
    """The textures by name, to be put into a document once."""
    lines = element("path", d=f"M0 {_SIZE}L{_SIZE} 0M-1 1L1 -1M4 6L6 4", stroke=EDGE, stroke_width=0.8)
    dots = element("circle", cx=2, cy=2, r=0.9, fill=EDGE)
    made = [
        element("pattern", drawn, id=f"texture-{name}", width=_SIZE, height=_SIZE, patternUnits="userSpaceOnUse")
        for name, drawn in (("lines", lines), ("dots", dots))
    ]
    return element("defs", *made)


def box(part: Series, *, x: float, y: float, width: float, height: float) -> str:
    """A rectangle of a part."""
    place = {"x": x, "y": y, "width": width, "height": height}
    filled = _rect(place, {"fill": part.fill, "stroke": EDGE, "stroke_width": 0.7})
    return filled + (_rect(place, {"fill": f"url(#texture-{part.texture})"}) if part.texture else "")


def _rect(place: Mapping[str, float], look: Mapping[str, object]) -> str:
    return element("rect", text="", **{**place, **look})


def key(parts: Sequence[Series], left: float, right: float, y: float) -> Iterator[tuple[str, float]]:
    """Box and name of each part, in rows from `left` to at most `right`, the first at `y`; each with its row's `y`."""
    x = left
    for part in parts:
        wide = 24 + _LETTER * len(part.name)
        if x > left and x + wide > right:
            x, y = left, y + KEY_ROW
        yield box(part, x=x, y=y - 9, width=10, height=10) + element("text", text=part.name, x=x + 14, y=y), y
        x += wide
