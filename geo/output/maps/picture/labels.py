"""Names and badges on a picture: each where it covers no other; else the number of a ward (`labels.js` on a page)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D, Bbox, Transform
from numpy.typing import NDArray

from geo.output.maps.drawing.drawing import Mark
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_RANK = {"site": 0, "tick": 1, "ward": 2}
_RINGS_PT = (5.0, 10.0, 18.0, 28.0, 40.0)
_TURNS = ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0))
_SHARES = (0.3, 0.5, 0.7)
_SIZES = {"site": 6.5, "tick": 5.5, "ward": 5.5}
_NUMBER_REACH = 2.2
"""A number may be so many times as wide as the largest circle in its ward: it still says which ward."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What was written: the boxes (dots) that are taken now, and the wards that have a number in place of a name."""

    taken: list[Bbox]
    numbered: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What placing needs to know: the axes, dots to a metre and to a point, the room, and the boxes taken in it.

    `across` is the direction across the route at each tick, `dots` leads from dots of the picture to the sheet, whose
    own units are others in a PDF.
    """

    axes: Axes
    per_metre: float
    per_point: float
    room: Bbox
    taken: list[Bbox]
    routes: tuple[Bbox, ...]
    across: dict[Mark, tuple[float, float]]
    dots: Transform

    def is_free(self, box: Bbox, *, off_routes: bool = False) -> bool:
        room = self.room
        inside = box.x0 >= room.x0 and box.x1 <= room.x1 and box.y0 >= room.y0 and box.y1 <= room.y1
        others = (*self.taken, *self.routes) if off_routes else self.taken
        return inside and not any(box.overlaps(other) for other in others)


def place_marks(
    axes: Axes,
    marks: Iterable[Mark],
    province_code: str,
    dpi: float,
    taken: Iterable[Bbox],
    routes: Iterable[Bbox] = (),
    numbers: Mapping[str, int] | None = None,
) -> Placed:
    """Write the marks that find room: badges first, then ticks, then ward names, the roomiest ward first.

    `taken` are boxes in dots that no mark may cover, `routes` such that no ward's name may. Where a ward's name finds
    no room its number in `numbers` stands instead, if there are any.
    """
    ordered = sorted(marks, key=lambda mark: (_RANK[mark.kind], -mark.reach_m))
    if not ordered:
        return Placed(list(taken), {})
    points = shapely.points([[mark.lon, mark.lat] for mark in ordered])
    places = axes.transData.transform(shapely.get_coordinates(to_metric(points, province_code)))
    metre = axes.transData.transform([[0, 0], [1, 0]])
    room = Bbox(axes.get_window_extent().get_points())
    ticks = [place for place, mark in enumerate(ordered) if mark.kind == "tick"]
    across = dict(zip([ordered[place] for place in ticks], _across(places[ticks]), strict=True))
    dots = Affine2D().scale(1 / dpi) + axes.figure.dpi_scale_trans
    sheet = _Sheet(axes, float(metre[1, 0] - metre[0, 0]), dpi / 72, room, list(taken), tuple(routes), across, dots)
    seen = [(m, float(x), float(y)) for m, (x, y) in zip(ordered, places, strict=True) if room.contains(x, y)]
    nameless = [(mark, x, y) for mark, x, y in seen if not _place(sheet, mark, x, y) and mark.kind == "ward"]
    named = {mark.text for mark, *_ in seen} - {mark.text for mark, *_ in nameless}
    numbered = {}
    for mark, x, y in nameless:
        number = (numbers or {}).get(mark.text)
        if number and mark.text not in named and _place_number(sheet, mark, number, x, y):
            numbered[number] = mark.text
    return Placed(sheet.taken, numbered)


def wrap(text: str) -> str:
    """A long name in two lines, broken at the space nearest its middle.

    >>> wrap("Văn Miếu - Quốc Tử Giám")
    'Văn Miếu -\\nQuốc Tử Giám'
    """
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if len(text) < 11 or not spaces:
        return text
    at = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:at]}\n{text[at + 1 :]}"


def _place(sheet: _Sheet, mark: Mark, x: float, y: float) -> bool:
    """Write a mark where it is free; whether there was room."""
    written = _write(sheet, mark)
    size = written.get_window_extent()
    if mark.kind == "ward" and math.hypot(size.width, size.height) / 2 > mark.reach_m * sheet.per_metre * 1.15:
        written.remove()
        return False
    pad = 3.0 * sheet.per_point if mark.kind == "site" else 1.0
    width, height = size.width + 2 * pad, size.height + 2 * pad
    for dx, dy in _shifts(sheet, mark, width, height):
        box = Bbox.from_bounds(x + dx - width / 2, y + dy - height / 2, width, height)
        if not sheet.is_free(box, off_routes=mark.kind == "ward"):
            continue
        sheet.taken.append(box)
        written.set_position((x + dx, y + dy))
        if mark.kind == "site":
            leader = Line2D([x, x + dx], [y, y + dy], color="#111111", linewidth=0.8, zorder=50)
            leader.set_transform(sheet.dots)
            sheet.axes.add_artist(leader)
        return True
    written.remove()
    return False


def _place_number(sheet: _Sheet, mark: Mark, number: int, x: float, y: float) -> bool:
    """Write a ward's number near the middle of the ward; whether there was room."""
    written = _write(sheet, replace(mark, text=str(number)))
    size = written.get_window_extent()
    reach = mark.reach_m * sheet.per_metre
    if math.hypot(size.width, size.height) / 2 <= reach * _NUMBER_REACH:
        for right, up in ((0, 0), *_TURNS):
            at = (x + right * reach * 0.6, y + up * reach * 0.6)
            box = Bbox.from_bounds(at[0] - size.width / 2, at[1] - size.height / 2, size.width, size.height)
            if sheet.is_free(box, off_routes=True):
                sheet.taken.append(box)
                written.set_position(at)
                return True
    written.remove()
    return False


def _write(sheet: _Sheet, mark: Mark) -> Text:
    words = wrap(mark.text) if mark.kind == "ward" else mark.text
    text = sheet.axes.text(
        0,
        0,
        words,
        transform=sheet.dots,
        ha="center",
        va="center",
        fontsize=_SIZES[mark.kind],
        fontweight="bold" if mark.kind != "tick" else "normal",
        color="#17232a",
        linespacing=1.05,
        zorder=51,
    )
    if mark.kind == "site":
        text.set_bbox({"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "#111111", "linewidth": 0.8})
    else:
        text.set_path_effects([withStroke(linewidth=1.8, foreground="white")])
    return text


def _shifts(sheet: _Sheet, mark: Mark, width: float, height: float) -> Iterator[tuple[float, float]]:
    """Where the middle of a mark may stand, seen from its place; the nearest corner of a badge is a ring away."""
    if mark.kind == "site":
        for far in _RINGS_PT:
            for x, y in _TURNS:
                ring = far * sheet.per_point
                yield x * (ring + width / 2), y * (ring + height / 2)
        return
    if mark.kind == "ward":
        yield from _within_ward(mark.reach_m * sheet.per_metre, sheet.per_point * 6, width, height)
        return
    # A tick's words stand across the route from it, first on the upper side.
    right, up = sheet.across[mark]
    away = 4.0 * sheet.per_point + (abs(right) * width + abs(up) * height) / 2
    yield from ((right * away, up * away), (-right * away, -up * away))


def _within_ward(room: float, step: float, width: float, height: float) -> Iterator[tuple[float, float]]:
    """A name gives way upwards or downwards, then to all sides, while it stays within the ward's largest circle."""
    yield 0.0, 0.0
    aside = [(0.0, step * times) for times in (1, -1, 2, -2, 3, -3)]
    aside += [(x * room * share, y * room * share) for share in _SHARES for x, y in _TURNS]
    yield from ((x, y) for x, y in aside if math.hypot(abs(x) + width / 2, abs(y) + height / 2) <= room)


def _across(places: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Unit vectors across a route at its ticks (dots, in their order), from the ticks before and after each."""
    number = len(places)
    ahead = places[np.minimum(np.arange(number) + 1, number - 1)] - places[np.maximum(np.arange(number) - 1, 0)]
    length = np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)
    turn = np.where(ahead[:, 0] < 0, -1.0, 1.0) / length
    return [(float(x), float(y)) for x, y in zip(-ahead[:, 1] * turn, ahead[:, 0] * turn, strict=True)]
