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
import shapely

from geo.reference.names import fold

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

COLUMNS = ("kind", "name", "street", "number")

_FIRST_WORDS = {
    "market": ("chợ", "trung tâm thương mại chợ"),
    "bus_station": ("bến xe",),
    "junction": ("ngã ba", "ngã tư", "ngã năm", "ngã sáu", "ngã bảy", "nút giao", "vòng xuyến", "vòng xoay"),
    "hospital": ("bệnh viện", "trạm y tế", "phòng khám đa khoa", "trung tâm y tế", "viện"),
    "school": ("trường", "đại học", "học viện", "mầm non", "tiểu học", "thpt", "thcs", "cao đẳng"),
    "office": (
        *("ubnd", "uỷ ban", "ủy ban", "hđnd", "công an", "toà án", "tòa án", "bộ", "sở", "chi cục", "cục", "kho bạc"),
        *("bưu điện", "bưu cục", "trụ sở", "huyện ủy", "quận ủy", "đảng uỷ", "nhà văn hoá", "nhà văn hóa", "cung"),
        *("trung tâm văn hóa", "trung tâm văn hoá", "đại sứ quán", "bảo hiểm xã hội", "đài", "trung tâm hội nghị"),
    ),
    "park": (
        "công viên",
        "vườn hoa",
        "quảng trường",
        "vườn thú",
        "sân vận động",
        "svđ",
        "nhà thi đấu",
        "vườn quốc gia",
    ),
    "worship": ("chùa", "đình", "đền", "nhà thờ", "phủ", "miếu", "quán thánh", "giáo xứ", "điện", "thánh thất"),
    "sight": (
        "bảo tàng",
        "nhà hát",
        "rạp",
        "thư viện",
        "lăng",
        "thành cổ",
        "cửa",
        "khu di tích",
        "tượng đài",
        "cột cờ",
    ),
    "mall": ("siêu thị", "vincom", "aeon", "big c", "go!", "lotte", "trung tâm thương mại", "royal city", "times city"),
    "cemetery": ("nghĩa trang", "nghĩa địa"),
    "station": ("ga", "nhà ga", "sân bay", "cảng", "bến phà", "bến đò", "bến tàu"),
    "estate": ("khu đô thị", "kđt", "khu công nghiệp", "kcn", "cụm công nghiệp", "khu tập thể", "chung cư", "làng"),
}
"""Words that begin the name of a landmark, and its kind."""

_CLASSES = {
    **dict.fromkeys(("hospital", "doctors"), "hospital"),
    **dict.fromkeys(("school", "college", "university", "high_school", "library"), "school"),
    **dict.fromkeys(("town_hall", "police", "post"), "office"),
    **dict.fromkeys(("park", "stadium"), "park"),
    **dict.fromkeys(("station", "metro_station", "ferry_terminal"), "station"),
    **dict.fromkeys(("mall",), "mall"),
    **dict.fromkeys(("museum", "theatre", "castle", "gate"), "sight"),
}
_MARKETPLACES = {"marketplace": "market", "bus_station": "bus_station"}
_LOCALITIES = {"quarter", "suburb", "neighbourhood", "village", "hamlet", "town", "square", "locality"}

SAME_M = 300.0
"""Landmarks of one name and kind nearer than this are one."""
LONGEST_NAME = 80

_KM = re.compile(r"\bkm\s*(\d{1,3})(?:\s*\+\s*(\d{1,3}))?(?=\D|$)", re.I)
_ROAD = re.compile(
    r"(?:quốc lộ|ql|tỉnh lộ|đường tỉnh|tl|đt)\s*\.?\s*\d+[a-z]?|cao tốc btl-nb|đường \d{2,3}|phan trọng tuệ", re.I
)
_ROADS = {"cao tốc btl-nb": "Đường Võ Văn Kiệt"}
_ASIDE = re.compile(r"^(?:đối diện|qua|trước|sau|gần|cạnh|cách|giáp|cổng|đường vào|lối rẽ)\s", re.I)
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


def distinct(table: pd.DataFrame) -> pd.DataFrame:
    """The rows (in metres) without those that repeat a name and kind within `SAME_M`; house numbers are all taken."""
    chosen: dict[tuple[str, str], list[shapely.Geometry]] = {}
    taken = []
    for row in table.itertuples():
        if row.kind in ("number", "km"):
            taken.append(True)
            continue
        before = chosen.setdefault((str(row.kind), fold(str(row.name))), [])
        taken.append(all(shapely.distance(row.geometry, other) > SAME_M for other in before))
        if taken[-1]:
            before.append(row.geometry)
    return table[np.array(taken, dtype=bool)].reset_index(drop=True)


def kind_of(name: str, group: str = "", subclass: str = "") -> str:
    """The kind of a landmark by its class and the words with which its name begins; '' for what is none."""
    key = name.casefold()
    if subclass in _MARKETPLACES:
        return _MARKETPLACES[subclass]
    for kind, words in _FIRST_WORDS.items():
        if any(key == word or key.startswith(f"{word} ") for word in words):
            return kind
    return _CLASSES.get(group, "")


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


def _of_stop(name: object, point: shapely.Point) -> Iterator[tuple[Any, ...]]:
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
    if _ASIDE.match(text) or len(text) > LONGEST_NAME:
        return
    kind = kind_of(text)
    yield (kind if kind in ("junction", "bus_station") else "bus_stop", text, "", 0.0, point)


def _kilometre(text: str) -> tuple[str, float] | None:
    """Road and kilometre of a stop that is named after a post; None without either."""
    post, road = _KM.search(text), _ROAD.search(text)
    if not post or not road:
        return None
    metres = float((post[2] or "0").ljust(3, "0")) if post[2] != "50" else 50.0
    return _ROADS.get(road[0].casefold(), road[0]), float(post[1]) + metres / 1000.0
