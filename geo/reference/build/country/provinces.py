"""`data/country/provinces.toml`: provinces of today, what they were made of, and the VN-2000 zones of these.

The zones are those of the registry (EPSG), which names the provinces of before July 2025 to which each belongs. A
province made of several with different zones has them all, the one that distorts lengths least in its wards first:
the registry does not say which of them the merged province works in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.reference.build.former_units import respelled
from geo.reference.names import plain
from geo.reference.provinces import Zone

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

SCALE = 0.9999
"""Scale of a TM-3 zone on its meridian (Circular 973/2001/TT-TCĐC)."""
RADIUS_M = 6_371_000.0
NAMES_EN = {"01": "Hanoi", "46": "Huế", "79": "Ho Chi Minh City"}
_KIND = re.compile(r"^(thành phố|tp\.?|tỉnh)\s+", re.I)


def provinces_toml(wards: GeoDataFrame, names: DataFrame, pairs: DataFrame) -> str:
    """The text of the file.

    `wards`: `code, province_code` and outlines (WGS 84); `names`: `code, province` as the statistics office prints
    them; `pairs`: `new_province_code, old_province`.
    """
    registry = zones_of_former_provinces()
    registry["hue"] = registry["thua thien hue"]  # its name until 2025, which the registry has
    printed = dict(zip(names["code"], names["province"], strict=True))
    blocks = []
    for code, own in wards.groupby("province_code", sort=True):
        kind, name = split_province(printed[own["code"].iloc[0]])
        of_it = pairs.loc[pairs["new_province_code"] == code, "old_province"].unique()
        former = sorted({split_province(respelled_province(text))[1] for text in of_it})
        zones = ranked(shapely.bounds(np.asarray(own.geometry, dtype=object)), (registry[plain(one)] for one in former))
        blocks.append(_block(str(code), kind, name, former, zones, own.total_bounds.tolist()))
    head = "# Made by `python -m geo.reference.build country`: data/README.md says from what. Not to be edited.\n"
    return head + "".join(blocks)


def split_province(text: str) -> tuple[str, str]:
    """Kind and name: of 'Tp Đà Nẵng' `thành phố` and 'Đà Nẵng'."""
    found = _KIND.match(text)
    kind = "tỉnh" if found and found[1].lower() == "tỉnh" else "thành phố"
    return kind, _KIND.sub("", text)


def respelled_province(text: str) -> str:
    """A province with its tones where the resolutions place them."""
    return respelled(text)


def zones_of_former_provinces() -> dict[str, tuple[int, float]]:
    """Plain name of each province before July 2025 → EPSG code and meridian of its zone, from the registry."""
    from pyproj.crs import CRS
    from pyproj.database import query_crs_info

    found: dict[str, tuple[int, float]] = {}
    for info in query_crs_info(auth_name="EPSG"):
        area = str(info.area_of_use.name) if info.area_of_use else ""
        if info.name.startswith("VN-2000 / TM-3") and not re.search(r"onshore", area):
            crs = CRS.from_epsg(int(info.code))
            assert crs.coordinate_operation is not None
            meridian = float(list(crs.coordinate_operation.params)[1].value)
            for name in _named(area):
                found.setdefault(name, (int(info.code), meridian))
    return found


def _named(area: str) -> Iterable[str]:
    """The provinces that the registry's text of an area names, as plain keys."""
    text = re.sub(r"\b(provinces?|city|cities|municipality)\b", ",", area.removeprefix("Vietnam - ").rstrip("."))
    for piece in re.split(r"[,;]|\band\b", text):
        if piece.strip():
            yield plain(piece)


def ranked(bounds: Any, zones: Iterable[tuple[int, float]]) -> tuple[Zone, ...]:
    """Distinct zones, that with the least distortion first; `bounds` of the wards in degrees.

    Islands that lie more than three degrees from every meridian (Hoàng Sa, Trường Sa) are left out of the comparison.
    """
    distinct = dict(zones)
    west, south, east, north = np.asarray(bounds).T
    middles = (west + east) / 2
    near = np.min([np.abs(middles - meridian) for meridian in distinct.values()], axis=0) < 3.0
    edges = [(west[near], south[near]), (east[near], south[near]), (west[near], north[near]), (east[near], north[near])]
    worst = {
        epsg: max(float(_ppm(lon, lat, meridian).max()) for lon, lat in edges) for epsg, meridian in distinct.items()
    }
    return tuple(Zone(epsg, distinct[epsg], round(worst[epsg])) for epsg in sorted(worst, key=lambda e: (worst[e], e)))


def _ppm(lon: Any, lat: Any, meridian: float) -> Any:
    """By how many millionths a length is off at places of a TM-3 zone (sphere)."""
    east = np.radians(lon - meridian) * np.cos(np.radians(lat)) * RADIUS_M
    return np.abs(SCALE * (1 + east**2 / (2 * RADIUS_M**2)) - 1) * 1e6


def _block(code: str, kind: str, name: str, former: list[str], zones: tuple[Zone, ...], bounds: list[float]) -> str:
    key = plain(name)
    values: Mapping[str, Any] = {
        "code": code,
        "slug": {"ha noi": "hanoi"}.get(key, key.replace(" ", "-")),
        "kind": kind,
        "name": name,
        "name_en": NAMES_EN.get(code, name),
        "former": former,
        "bounds": [round(edge, 4) for edge in bounds],
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    rows = ", ".join(f"{{ epsg = {z.epsg}, meridian = {z.meridian}, ppm = {z.ppm} }}" for z in zones)
    return "\n[[province]]\n" + "\n".join([*lines, f"zones = [{rows}]"]) + "\n"
