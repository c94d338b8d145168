"""The names of a base on a picture: along streets and rivers, in lakes, at places; never over one of ours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib import rcParams
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D, Bbox
from numpy.typing import NDArray

from geo.cache import Cache
from geo.output.maps.picture.base import Drawn, kinds_in
from geo.output.shared.base_look import Naming
from geo.output.shared.theme import theme
from geo.reference.base.table import nothing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

_POINTS = 0.58
"""Points of a letter to its CSS pixels: names are read from nearer than a screen, and are not less than 5.5 points."""
_APART_MM = 55.0
"""The same name stands again no nearer than this."""
_MOST_SPOTS = 40
_END_M, _MOST_AT_END = 60.0, 5
"""Streets within so many metres meet at the end of a route; so many of them are named there first."""
_LEADER_MM = 12.0
_AROUND = tuple((far, math.radians(turn)) for far in (5.0, 8.0, 12.0, 17.0, 23.0) for turn in range(0, 360, 15))
_CROSSINGS = ("Cầu vượt ", "Hầm ")
_BESIDE_M = 20.0
_LANES = ("Ngõ ", "Ngách ", "Hẻm ")
_STREET, _RIVER = (0.94, 0.06), (0.8, 0.2)
"""How straight a line must be where a name stands: its chord, and how far it leaves it, in widths of the name."""
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name may stand: its middle in dots of the picture, and its turn in degrees."""

    x: float
    y: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Named:
    """A name and the shapes that bear it, in dots of the picture; `size` orders the names of one rank.

    A street is `followed` where the route lies in it.
    """

    text: str
    rule: Naming
    rank: int
    dimension: int
    parts: tuple[Points, ...]
    size: float
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What names give way to, in dots: no name touches a box of `taken`, none is crossed by one of the `lines`.

    What meets the `route` (lines in metres of the axes) at its ends is named before anything else. The street that it
    follows and of which the `title` of the map speaks is named where there is room along it.
    """

    taken: tuple[Bbox, ...]
    lines: shapely.Geometry
    route: tuple[shapely.LineString, ...] = ()
    title: str = ""

    def says(self, street: str) -> bool:
        """Whether the title names a street."""
        return street.casefold() in self.title.casefold()


def write_names(axes: Axes, drawn: Drawn, dpi: float, around: Surroundings) -> tuple[str, ...]:
    """Write the names that find room; returns them, those at the ends of the route first, then in order of rank."""
    figure = axes.get_figure(root=True)
    if figure is None:
        return ()
    writer = _Writer(axes, dpi, around, figure.canvas.get_renderer())  # type: ignore[attr-defined]
    for line, place in ((line, place) for line in around.route for place in (0, -1)):
        end = np.array(line.coords[place][:2])
        at = axes.transData.transform(end)
        for named in _at_end(axes, drawn, line, end):
            minor = named.text.startswith((*_LANES, *_CROSSINGS)) or (named.followed and around.says(named.text))
            if not writer.write(named, (float(at[0]), float(at[1]))) and not minor:
                writer.point_at(named, at)
    for named in sorted(_names(axes, drawn), key=lambda one: (one.rank, -one.size, one.text)):
        writer.write(named)
    return tuple(writer.written)


_WIDTHS: Cache[tuple[object, ...], float] = Cache(16_384)


class _Writer:
    """Writes names one after the other, each where it is free."""

    def __init__(self, axes: Axes, dpi: float, around: Surroundings, renderer: RendererAgg) -> None:
        self.axes, self.dpi, self.renderer, self.lines = axes, dpi, renderer, around.lines
        shapely.prepare(self.lines)
        room = axes.get_window_extent()
        self.room = (room.x0, room.y0, room.x1, room.y1)
        self.boxes = np.array([box.extents for box in around.taken], dtype=np.float64).reshape(-1, 4)
        self.written: dict[str, list[Spot]] = {}
        self.dots = Affine2D().scale(1 / dpi) + axes.get_figure(root=True).dpi_scale_trans  # type: ignore[union-attr]

    def write(self, named: Named, near: tuple[float, float] | None = None) -> bool:
        """Write a name where it is free, nearest to a place if one is given; False if there is no room."""
        width, height = self._width(named) + self.dpi / 72 * 2, self.dpi / 72 * _size(named.rule) * 1.25
        apart = _APART_MM / 25.4 * self.dpi
        spots = _spots(named, width, height)
        if near is not None:
            spots = iter(sorted(spots, key=lambda spot: math.dist((spot.x, spot.y), near)))
        for spot in spots:
            before = self.written.get(named.text, ())
            if any(math.hypot(spot.x - one.x, spot.y - one.y) < apart for one in before):
                continue
            boxes = _boxes(spot, width, height)
            if not self._is_free(boxes):
                continue
            self.boxes = np.concatenate([self.boxes, boxes])
            self.written.setdefault(named.text, []).append(spot)
            self._draw(named, spot, plate=self._is_crossed(spot, width, height))
            return True
        return False

    def point_at(self, named: Named, end: Points) -> None:
        """Write a name level beside the end of the route, with a line to its street: that is too short for the name.

        A name that is on the map already is not written so.
        """
        # With room round it: a name between others is taken for one of theirs.
        if named.text in self.written:
            return
        width, height = self._width(named) + self.dpi / 72 * 6, self.dpi / 72 * _size(named.rule) * 2.2
        mm = self.dpi / 25.4
        street = shapely.segmentize(shapely.MultiLineString([part for part in named.parts if len(part) > 1]), mm)
        points = shapely.get_coordinates(street)
        points = points[(np.hypot(*(points - end).T) < _LEADER_MM * mm) & self._are_clear(points)]
        if not len(points):
            return
        for far, turn in _AROUND:
            x, y = end + far * mm * np.array([math.cos(turn), math.sin(turn)]) + (width / 2 * math.cos(turn), 0)
            to = points[np.argmin(np.hypot(points[:, 0] - x, points[:, 1] - y))]
            spot = Spot(float(x), float(y))
            boxes = _boxes(spot, width, height)
            leader = np.linspace(to, (x, y), 24)
            outside = (np.abs(leader[:, 0] - x) > width / 2) | (np.abs(leader[:, 1] - y) > height / 2)
            if not self._is_free(boxes) or not self._are_clear(leader[outside]).all():
                continue
            way = leader[outside]
            self.boxes = np.concatenate([self.boxes, boxes, np.column_stack([way - mm / 4, way + mm / 4])])
            self.written.setdefault(named.text, []).append(spot)
            look: dict[str, Any] = {
                "color": named.rule.colour,
                "linewidth": 0.6,
                "solid_capstyle": "round",
                "zorder": 44.9,
            }
            self.axes.plot(*leader.T, transform=self.dots, scalex=False, scaley=False, **look)
            self._draw(named, spot, plate=True)
            return

    def _are_clear(self, points: Points) -> NDArray[np.bool_]:
        """Which points lie in no box."""
        x, y = points[:, :1], points[:, 1:]
        left, bottom, right, top = self.boxes.T
        within = (x > left) & (x < right) & (y > bottom) & (y < top)
        clear: NDArray[np.bool_] = np.logical_not(np.any(within, axis=1))
        return clear

    def _width(self, named: Named) -> float:
        """Dots of a name; a street in many pieces, and on the maps of many sites, is measured once."""
        size, italic = _size(named.rule), named.rule.italic
        key = (named.text, size, italic, self.dpi, str(rcParams["font.family"]), rcParams["text.hinting"])
        return _WIDTHS.get(key, lambda: self._measured(named.text, size, "italic" if italic else "normal"))

    def _measured(self, text: str, size: float, style: str) -> float:
        font = FontProperties(size=size, style=style)  # type: ignore[arg-type]
        return float(self.renderer.get_text_width_height_descent(text, font, ismath=False)[0])  # type: ignore[no-untyped-call]

    def _is_free(self, boxes: Points) -> bool:
        left, bottom, right, top = self.room
        inside = boxes[:, 0].min() >= left and boxes[:, 1].min() >= bottom
        if not (inside and boxes[:, 2].max() <= right and boxes[:, 3].max() <= top):
            return False
        others, box = self.boxes, boxes[:, None, :]
        apart = (box[..., 0] >= others[:, 2]) | (box[..., 2] <= others[:, 0])
        apart |= (box[..., 1] >= others[:, 3]) | (box[..., 3] <= others[:, 1])
        return bool(apart.all())

    def _is_crossed(self, spot: Spot, width: float, height: float) -> bool:
        """Whether a line runs through the letters: between words it would be read as a hyphen."""
        turn = math.radians(spot.turn)
        x, y = math.cos(turn) * width / 2, math.sin(turn) * width / 2
        middle = shapely.LineString([(spot.x - x, spot.y - y), (spot.x + x, spot.y + y)])
        return bool(shapely.dwithin(self.lines, middle, height * 0.4))

    def _draw(self, named: Named, spot: Spot, *, plate: bool) -> None:
        halo = theme().base.halo
        self.axes.text(
            spot.x,
            spot.y,
            named.text,
            transform=self.dots,
            ha="center",
            va="center",
            rotation=spot.turn,
            rotation_mode="anchor",
            fontsize=_size(named.rule),
            fontstyle="italic" if named.rule.italic else "normal",
            color=named.rule.colour,
            path_effects=[withStroke(linewidth=1.5, foreground=halo)],
            bbox={"boxstyle": "square,pad=0.02", "facecolor": halo, "edgecolor": "none"} if plate else None,
            zorder=45,
        )


def _size(rule: Naming) -> float:
    return max(5.5, rule.size * _POINTS)


def _names(axes: Axes, drawn: Drawn) -> Iterator[Named]:
    view, to_dots = _view(axes), axes.transData
    for rank, rule in enumerate(theme().base.names):
        rows = drawn.ground.get(rule.layer)
        if rows is None or not rule.first - 0.7 <= drawn.zoom + 0.3 <= rule.last:
            continue
        chosen = rows.take(kinds_in(rows, rule.kinds) & (rows.name != ""))
        clipped = chosen.moved(shapely.clip_by_rect(chosen.geometries, *view))
        for text in dict.fromkeys(clipped.name):
            parts = shapely.get_parts(clipped.geometries[clipped.name == text])
            dimension = int(shapely.get_dimensions(parts).max())
            parts = parts[shapely.get_dimensions(parts) == dimension]
            size = float(shapely.length(parts).sum())
            for part in _longest_first(parts):
                dots = tuple(to_dots.transform(ring) for ring in _rings(part))
                yield Named(str(text), rule, rank, dimension, dots, size)


def _at_end(axes: Axes, drawn: Drawn, route: shapely.LineString, end: Points) -> list[Named]:
    """The streets that meet at an end of a route, the nearest first, at whatever scale; lanes after streets."""
    rows = drawn.ground.get("streets", nothing())
    far = shapely.distance(rows.geometries, shapely.Point(end))
    near = np.flatnonzero((far < _END_M) & (rows.name != ""))
    order = sorted(near.tolist(), key=lambda at: (str(rows.name[at]).startswith(_LANES), far[at]))
    found: list[Named] = []
    for text in list(dict.fromkeys(str(rows.name[at]) for at in order))[:_MOST_AT_END]:
        same = rows.take(rows.name == text)
        ranked = ((rank, rule) for rank, rule in enumerate(theme().base.names) if kinds_in(same, rule.kinds).any())
        rank, rule = next(ranked, (0, None))
        # The source has 'Phan Trọng Tuệ' beside 'Đường Phan Trọng Tuệ'.
        if rule is None or any(one.text.casefold().endswith(text.casefold()) for one in found):
            continue
        parts = shapely.get_parts(shapely.clip_by_rect(same.geometries, *_view(axes)))
        dots = tuple(axes.transData.transform(shapely.get_coordinates(part)) for part in _longest_first(parts))
        own = shapely.length(shapely.intersection(shapely.buffer(route, _BESIDE_M), same.geometries)).sum()
        found.append(Named(text, rule, rank, 1, dots, 0.0, followed=bool(own > route.length / 2)))
    return found


def _view(axes: Axes) -> tuple[float, float, float, float]:
    (left, right), (bottom, top) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    return left, bottom, right, top


def _longest_first(parts: NDArray[np.object_]) -> list[shapely.Geometry]:
    return [parts[at] for at in np.argsort(-shapely.length(parts), kind="stable")[:_MOST_SPOTS]]


def _rings(part: shapely.Geometry) -> list[Points]:
    rings = shapely.get_rings(part)[:1] if shapely.get_dimensions(part) == 2 else [part]
    return [shapely.get_coordinates(ring) for ring in rings]


def _spots(named: Named, width: float, height: float) -> Iterator[Spot]:
    for points in named.parts:
        if named.dimension == 0:
            yield from (Spot(float(x), float(y)) for x, y in points)
        elif named.dimension == 1:
            yield from along(points, width, _RIVER if named.rule.layer == "waterways" else _STREET)
        elif (spot := inside(points, width, height)) is not None:
            yield spot


def along(line: Points, width: float, straight: tuple[float, float] = _STREET) -> Iterator[Spot]:
    """Middles of the stretches of a line that are straight for as long as `width`; the middle of the line first."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    running = np.r_[0.0, np.cumsum(steps)]
    whole = float(running[-1])
    if whole < width:
        return
    count = min(_MOST_SPOTS, int((whole - width) / (width / 2)) + 1)
    middles = whole / 2 + (np.arange(count) - (count - 1) / 2) * (width / 2)
    for middle in sorted(middles.tolist(), key=lambda at: abs(at - whole / 2)):
        ends = np.array([middle - width / 2, middle, middle + width / 2])
        x, y = (np.interp(ends, running, line[:, axis]) for axis in (0, 1))
        chord = math.hypot(x[2] - x[0], y[2] - y[0])
        # A name on a bend is not read: the chord is nearly as long as the way, and its middle nearly on it.
        off = math.hypot((x[0] + x[2]) / 2 - x[1], (y[0] + y[2]) / 2 - y[1])
        if chord < width * straight[0] or off > width * straight[1]:
            continue
        turn = math.degrees(math.atan2(y[2] - y[0], x[2] - x[0]))
        turn -= 180 if turn > 90 else 0
        turn += 180 if turn < -90 else 0
        yield Spot(float(x[0] + x[2]) / 2, float(y[0] + y[2]) / 2, turn)


def inside(ring: Points, width: float, height: float) -> Spot | None:
    """The middle of the widest row across a ring, if the name finds room in it."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    if high[1] - low[1] < height:
        return None
    best: tuple[float, Spot] | None = None
    for share in np.linspace(0.1, 0.9, 9):
        y = float(low[1] + (high[1] - low[1]) * share)
        cuts = _cuts(ring, y)
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            if best is None or right - left > best[0]:
                best = (right - left, Spot((left + right) / 2, y))
    return best[1] if best and best[0] >= width * 0.85 else None


def _cuts(ring: Points, y: float) -> list[float]:
    a, b = ring[:-1], ring[1:]
    cross = (a[:, 1] > y) != (b[:, 1] > y)
    a, b = a[cross], b[cross]
    at = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return sorted(at.tolist())


def _boxes(spot: Spot, width: float, height: float) -> Points:
    """A turned text as small boxes along its line: left, bottom, right, top of each."""
    count = max(1, math.ceil(width / height))
    away = ((np.arange(count) + 0.5) / count - 0.5) * width
    turn = math.radians(spot.turn)
    half = height * (0.6 if spot.turn else 0.5)
    wide = half if spot.turn else width / count / 2
    x, y = spot.x + away * math.cos(turn), spot.y + away * math.sin(turn)
    return np.column_stack([x - wide, y - half, x + wide, y + half])
