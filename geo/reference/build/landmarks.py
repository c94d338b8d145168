"""Landmarks from points of interest, place names and bus stops: what notices name as a limit or as 'in front of'.

Shops, restaurants and whatever could be a person's name are left out: a landmark is taken by its class or by the word
with which its name begins. Kilometre posts come from the bus stops that are named after them ('Km 26+100 Quốc lộ 3').
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.reference.names import fold
from geo.reference.places.landmark_names import is_generic, kind_by_words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

COLUMNS = ("kind", "name", "street", "number")

_CLASSES = {
    **dict.fromkeys(("hospital",), "hospital"),
    **dict.fromkeys(("school", "college", "university", "high_school"), "school"),
    **dict.fromkeys(("town_hall", "police"), "office"),
    **dict.fromkeys(("station", "metro_station", "ferry_terminal"), "station"),
    **dict.fromkeys(("museum", "castle", "gate"), "sight"),
}
"""Classes of points whose names are landmarks whatever they begin with."""
_LOCALITIES = {"quarter", "suburb", "neighbourhood", "village", "hamlet", "town", "square", "locality"}

SAME_M = 300.0
"""Landmarks of one name and kind nearer than this are one."""
LONGEST_NAME = 80

_KM = re.compile(r"\bkm\s*(\d{1,3})(?:\s*\+\s*(\d{1,3}))?(?=\D|$)", re.I)
_ROAD = re.compile(
    r"(?:quốc lộ|ql|tỉnh lộ|đường tỉnh|tl|đt)\s*\.?\s*\d+[a-z]?|cao tốc btl-nb|nguyễn trãi|đường \d{2,3}"
    r"|phan trọng tuệ",
    re.I,
)
_ROADS = {"cao tốc btl-nb": "Đường Võ Văn Kiệt", "nguyễn trãi": "Quốc lộ 6"}
_ASIDE = re.compile(r"^(?:đối diện|qua|trước|sau|gần|cạnh|cách|giáp|cổng|đường vào|lối rẽ)\s", re.I)
_JUNCTION = re.compile(r"(?:ngã (?:ba|tư|năm|sáu)|nút giao|vòng xuyến)\s.+$", re.I)
_ADDRESS = re.compile(r"^(?:số(?: nhà)?\s+)?(\d{1,4})[A-Z]?(?:-\d+[A-Z]?)?\s+(?=[A-ZĐÀ-Ỹ])(.+)$")


def landmarks(points: GeoDataFrame, localities: GeoDataFrame) -> pd.DataFrame:
    """Named landmarks of a layer of points of interest (`name, class, subclass`) and of one of place names.

    Returns rows of `COLUMNS` and `geometry` (points in the coordinate system of the layers).
    """
    rows = [*_of_points(points), *_of_localities(localities)]
    return pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])


def of_bus_stops(stops: GeoDataFrame) -> pd.DataFrame:
    """What bus stops hold: kilometre posts, house numbers ('286 Âu Cơ'), junctions, and the stops themselves."""
    rows = [row for name, point in zip(stops["name"], stops.geometry, strict=True) for row in _of_stop(name, point)]
    return pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])


def of_streets(streets: GeoDataFrame) -> pd.DataFrame:
    """Kilometre posts that some ways are named after: 'Km15 - Quốc lộ 6, Yên Nghĩa'."""
    rows = []
    for name, line in zip(streets["name"], streets.geometry, strict=True):
        post = _kilometre(str(name))
        if post:
            rows.append(("km", post[0], post[0], post[1], line.interpolate(0.5, normalized=True)))
    return pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])


def distinct(table: pd.DataFrame) -> pd.DataFrame:
    """The rows (in metres) without those that repeat a name and kind within `SAME_M`; house numbers are all taken."""
    chosen: dict[tuple[str, str], list[BaseGeometry]] = {}
    taken = []
    rows: list[Any] = list(table.itertuples())
    for row in rows:
        before = chosen.setdefault((row.kind, fold(row.name)), [])
        point = row.geometry.geom_type == "Point" and row.kind not in ("number", "km")
        again = point and any(row.geometry.distance(other) <= SAME_M for other in before)
        taken.append(not again)
        before.append(row.geometry)
    return table[np.array(taken, dtype=bool)].reset_index(drop=True)


def kind_of(name: str, group: str = "", subclass: str = "") -> str:
    """The kind of a landmark by its class and the words with which its name begins; '' for what is none."""
    kind = kind_by_words(name)
    if kind or is_generic(name):
        return kind
    return "" if subclass == "community_centre" else _CLASSES.get(group, "")


def _of_points(points: GeoDataFrame) -> Iterator[tuple[Any, ...]]:
    columns = [points[name] if name in points else [""] * len(points) for name in ("name", "class", "subclass")]
    for name, group, subclass, point in zip(*columns, points.geometry, strict=True):
        if not isinstance(name, str) or not 3 <= len(name.strip()) <= LONGEST_NAME:
            continue
        kind = kind_of(name.strip(), str(group), str(subclass))
        if kind:
            yield (kind, " ".join(name.split()), "", 0.0, point)


def _of_localities(places: GeoDataFrame) -> Iterator[tuple[Any, ...]]:
    for name, group, point in zip(places["name"], places["class"], places.geometry, strict=True):
        if isinstance(name, str) and group in _LOCALITIES:
            yield ("locality", " ".join(name.split()), "", 0.0, point)


def _junction_of(text: str) -> str:
    """The junction that a stop names: of 'Trước ngã tư Sơn Đồng 100m' 'Ngã tư Sơn Đồng'; '' without one."""
    found = _JUNCTION.search(text)
    if not found:
        return ""
    name = re.sub(
        r"\s+(?:khoảng\s+)?\d+\s*m\b.*$|\s*\(.*$|\s+-\s+(?:km|đối diện|nhà ga).*$", "", found[0], flags=re.I
    ).strip(" -,")
    return name[:1].upper() + name[1:] if 8 < len(name) <= 40 else ""


def _of_stop(name: object, point: BaseGeometry) -> Iterator[tuple[Any, ...]]:
    if not isinstance(name, str):
        return
    text = " ".join(name.split())
    post = _kilometre(text)
    if post:
        yield ("km", post[0], post[0], post[1], point)
        return
    address = _ADDRESS.match(text.split(" - ")[0])
    if address and not _ROAD.match(text):
        yield ("number", address[1], address[2].strip(), float(address[1]), point)
    junction = _junction_of(text)
    if junction:
        yield ("junction", junction, "", 0.0, point)
    if _ASIDE.match(text) or len(text) > LONGEST_NAME or junction == text:
        return
    yield ("bus_station" if kind_of(text) == "bus_station" else "bus_stop", text, "", 0.0, point)


def _kilometre(text: str) -> tuple[str, float] | None:
    """Road and kilometre of a stop that is named after a post; None without either."""
    post, road = _KM.search(text), _ROAD.search(text)
    if not post or not road:
        return None
    metres = float((post[2] or "0").ljust(3, "0")) if post[2] != "50" else 50.0
    return _ROADS.get(road[0].casefold(), road[0]), float(post[1]) + metres / 1000.0
