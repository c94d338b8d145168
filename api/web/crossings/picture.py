"""A picture of routes over their wards as SVG: it needs no script, and no address of its own."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.output.shared.looks.styles import LineStyle
from geo.output.shared.theme import crossing_styles
from geo.spatial.measure import Ellipsoid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_WIDTH, _HEIGHT = 900.0, 520.0
_LETTER, _LINE = 9.5, 19.0
"""How wide a letter of a name is, and how high its line."""
_LEAST_M = 300.0
"""A point or a short route is shown with at least so many metres around."""


def picture(rows: GeoDataFrame, wards: GeoDataFrame) -> str:
    """The stretches over the wards near them, as a data address."""
    west, south, east, north = shapely.total_bounds(rows.geometry.to_numpy())
    scale = Ellipsoid().scale(np.array([0.5 * (south + north)]))[0]
    pad = np.maximum(0.08 * max((east - west) * scale[0], (north - south) * scale[1]), _LEAST_M) / scale
    box = (west - pad[0], south - pad[1], east + pad[0], north + pad[1])
    metre = min(_WIDTH / ((box[2] - box[0]) * scale[0]), _HEIGHT / ((box[3] - box[1]) * scale[1]))
    size = np.array([(box[2] - box[0]) * scale[0], (box[3] - box[1]) * scale[1]]) * metre
    frame = _Frame(box[0], box[3], scale * metre)
    near = wards[shapely.intersects(wards.geometry.to_numpy(), shapely.box(*box))]
    shapes = shapely.simplify(shapely.clip_by_rect(near.geometry.to_numpy(), *box), 0.5 / float(frame.scale.min()))
    drawn = [_polygons(shape) for shape in shapes]
    parts = [_ward(polygons, frame) for polygons in drawn]
    looks = crossing_styles(rows)
    parts += [_stretch(shape, line, frame) for shape, line in zip(rows.geometry, looks, strict=True)]
    crossed = set(rows["ward_code"].dropna())
    parts += _names(
        drawn, [(str(name), code in crossed) for name, code in zip(near["name"], near["code"], strict=True)], frame
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}" font-family="sans-serif">'
        f'<rect width="100%" height="100%" fill="#e9eef0"/>{"".join(parts)}</svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode("utf-8")).decode("ascii")


class _Frame:
    """From degrees to the picture."""

    def __init__(self, west: float, north: float, scale: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
        self.west, self.north, self.scale = west, north, scale

    def points(self, shape: BaseGeometry) -> str:
        """The vertices of a line or ring."""
        xy = (shapely.get_coordinates(shape) - [self.west, self.north]) * self.scale * [1.0, -1.0]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in xy)


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2]


def _ward(polygons: list[BaseGeometry], frame: _Frame) -> str:
    rings = "".join(f"M{frame.points(ring)}Z" for part in polygons for ring in shapely.get_rings(part))
    return f'<path d="{rings}" fill="#fbf9f4" fill-rule="evenodd" stroke="#5b6470" stroke-width="1"/>' if rings else ""


def _names(drawn: list[list[BaseGeometry]], named: list[tuple[str, bool]], frame: _Frame) -> list[str]:
    """Names of wards on their largest parts, over a light edge; one that would lie on another is left to the table.

    `named`: each with whether something crosses it; those go before the others, and large ones before small ones.
    """
    look = 'font-size="17" text-anchor="middle" fill="#22292f" stroke="#fbf9f4" stroke-width="4" paint-order="stroke"'
    parts = [
        (max(polygons, key=lambda part: part.area), *of) for polygons, of in zip(drawn, named, strict=True) if polygons
    ]
    placed: list[tuple[float, float, float]] = []
    made = []
    for part, name, _ in sorted(parts, key=lambda each: (not each[2], -each[0].area)):
        x, y = map(float, frame.points(shapely.point_on_surface(part)).split(","))
        half = 0.5 * _LETTER * len(name)
        if all(abs(x - a) >= half + b or abs(y - c) >= _LINE for a, c, b in placed):
            placed.append((x, y, half))
            made.append(f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(name)}</text>')
    return made


def _stretch(shape: BaseGeometry, line: LineStyle, frame: _Frame) -> str:
    dash = f' stroke-dasharray="{" ".join(map(str, line.dash))}"' if line.dash else ""
    return "".join(_drawn(part, line, dash, frame) for part in shapely.get_parts(shape))


def _drawn(part: BaseGeometry, line: LineStyle, dash: str, frame: _Frame) -> str:
    if shapely.get_dimensions(part) == 0:
        x, y = frame.points(part).split(",")
        return f'<circle cx="{x}" cy="{y}" r="8" fill="{line.colour}" stroke="#ffffff" stroke-width="2"/>'
    if shapely.get_dimensions(part) == 2:
        rings = "".join(f"M{frame.points(ring)}Z" for ring in shapely.get_rings(part))
        style = f'fill="{line.colour}" fill-opacity="0.45" fill-rule="evenodd" stroke="{line.colour}" stroke-width="2"'
        return f'<path d="{rings}" {style}/>'
    points = frame.points(part)
    return (
        f'<polyline points="{points}" fill="none" stroke="{line.casing or "#ffffff"}" stroke-width="8"/>'
        f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="5"{dash}/>'
    )
