"""A site's route drawn closely: chainage ticks, and the parts of it that run along a boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.i18n.translator import Translator
from geo.output.maps.drawing.drawing import Card, Feature, Mark
from geo.output.maps.drawing.wording import themed
from geo.output.shared.stretches import Stretch
from geo.output.shared.theme import theme
from geo.reference.crs import to_metric, to_wgs84
from geo.reference.tolerances import BORDER_M
from geo.spatial.measure import Ellipsoid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


_STEPS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)
_MOST_TICKS = 12


def route_length(route: BaseGeometry) -> float:
    """Geodesic length in metres of a line or its parts; 0 for points and areas."""
    lines = [part for part in shapely.get_parts(route) if part.geom_type == "LineString"]
    return float(sum(_steps(np.asarray(line.coords)[:, :2]).sum() for line in lines))


def ticks(route: BaseGeometry, words: Translator) -> tuple[Feature, ...]:
    """Chainage ticks (*mốc lý trình*) along a line, at most 12 round distances from its start, and its end.

    Distances are geodesic metres along the parts in their order, as in `intervals_m` of the crossings.
    """
    total = route_length(route)
    if not total:
        return ()
    step = next((step for step in _STEPS_M if total / step <= _MOST_TICKS), _STEPS_M[-1])
    # The last round distance gives way where it would stand on the end's feet.
    along = [*np.arange(0, total - step * 0.4, step), total]
    return tuple(_tick(_at(route, float(distance)), float(distance), words) for distance in along)


def border_parts(rows: tuple[Stretch, ...], wards: GeoDataFrame, province_code: str) -> tuple[Feature, ...]:
    """The parts of stretches within 25 m of another ward, as lines in WGS 84 (computed in the VN-2000 zone)."""
    shapes = dict(zip(wards["code"].astype(str), wards.geometry, strict=True))
    found = []
    for row in rows:
        others = [shapes[code] for code in row.border_with if code in shapes]
        if row.border_m < 0.5 or row.length_m <= 0 or not others:
            continue
        metric = to_metric(np.array([row.geometry, *others], dtype=object), province_code)
        near = shapely.intersection(metric[0], shapely.buffer(shapely.union_all(metric[1:]), BORDER_M))
        lines = [part for part in shapely.get_parts(near) if part.geom_type == "LineString"]
        if lines:
            shape = to_wgs84(np.array([shapely.multilinestrings(lines)], dtype=object), province_code)[0]
            found.append(Feature(f"border-{row.site_id}-{row.ward_code}", shape, theme().lines["edge"]))
    return tuple(found)


def _tick(at: Point, distance: float, words: Translator) -> Feature:
    chainage = words.metres(distance)
    card = Card(chainage, themed(words, "chainage"))
    mark = Mark(at.x, at.y, chainage, "tick")
    return Feature(f"tick-{round(distance)}", at, theme().points["tick"], card, mark)


def _at(route: BaseGeometry, distance: float) -> Point:
    parts = [np.asarray(part.coords)[:, :2] for part in shapely.get_parts(route)]
    for coords in parts[:-1]:
        length = float(_steps(coords).sum())
        if distance <= length:
            return _along(coords, distance)
        distance -= length
    return _along(parts[-1], distance)


def _along(coords: np.ndarray[tuple[int, ...], np.dtype[np.float64]], distance: float) -> Point:
    running = np.r_[0.0, np.cumsum(_steps(coords))]
    place = [float(np.interp(distance, running, coords[:, axis])) for axis in (0, 1)]
    return Point(place)


def _steps(
    coords: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return Ellipsoid().lengths(coords[:-1], coords[1:])
