"""Situations that put dossiers to the test: forty wards, a name that is all markup, records with marks to be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas
import pandas as pd
from shapely.geometry import LineString, Point, box

from geo.analysis.flags.flag import Flag
from geo.situation import Situation, from_registers

DAY = date(2026, 6, 17)
EVIL = "Đường #let $x_1$ *đậm* _nghiêng_ <b>&amp;</b> \\ `mã` [liên kết](@ref) {{chỗ}} =1+1 \"'%~^ // /* "
LONG = (EVIL + "Nguyễn Khuyến ngõ ngách hẻm ").ljust(200, "ễ")[:200]
SITE_COLUMNS = {
    "group": "public",
    "level": "active",
    "handed_over": 2024,
    "from": "đầu đường #1",
    "to": "cuối đường & hết <tuyến>",
    "declared_text": "",
    "document": "Kế hoạch 07/KH-UBND",
    "geometry_source": "bản đồ thử",
    "accuracy_m": 10.0,
    "corridor_m": 50.0,
    "note": "",
}
MARKS = ("DẤU-TIN-BÁO", "DẤU-GHI-CHÚ", "DẤU-CỜ", "DẤU-NGƯỜI-GHI", "105.8123432", "20.9876912", "987654")
"""What only an internal paper may hold."""


def town(count: int = 40, name: str = LONG) -> Situation:
    """`count` square wards in a row and one street through all of them; made up, within the bounds of Hà Nội."""
    step = 0.004
    wards = geopandas.GeoDataFrame(
        {
            "code": [f"{90000 + number}" for number in range(count)],
            "name": [f"Thử Nghiệm {number}" for number in range(count)],
            "full_name": [f"Phường Thử Nghiệm {number}" for number in range(count)],
            "kind": ["phường"] * count,
            "province_code": ["01"] * count,
            "area_km2": [0.2] * count,
            "population": [1000] * count,
            "phase": [("pilot", "expansion", "none")[number % 3] for number in range(count)],
            "valid_from": ["2025-07-01"] * count,
            "merged_from": [[] for _ in range(count)],
        },
        geometry=[box(105.7 + n * step, 21.0, 105.7 + (n + 1) * step, 21.01) for n in range(count)],
        crs="EPSG:4326",
    )
    line = LineString([(105.7 + step * 0.3, 21.004), (105.7 + step * (count - 0.3), 21.006)])
    return from_registers(DAY, "hanoi", wards, site_frame(line, name, ["90000"]))


def site_frame(geometry: object, name: str, declared: list[str]) -> geopandas.GeoDataFrame:
    """A register of one site, HN-II-9."""
    row = {"site_id": "HN-II-9", "name": name, "declared_wards": declared} | SITE_COLUMNS
    columns = {key: [value] for key, value in row.items()}
    return geopandas.GeoDataFrame(columns, geometry=[geometry], crs="EPSG:4326")


def recorded(situation: Situation) -> Situation:
    """The situation with reports, assessments, reviews and flags of HN-I-7, each with a mark of its own."""
    made = replace(situation, reports=_reports(), assessments=_assessments(), reviews=_reviews())
    return made.with_flags((_flag(situation), _exposure(situation)))


def _reports() -> geopandas.GeoDataFrame:
    count = 3
    rows = {
        "report_id": [987654 + number for number in range(count)],
        "id": [987654 + number for number in range(count)],
        "day": [date(2026, 5, 1 + number) for number in range(count)],
        "kind": ["public_space", "advertising", "public_space"],
        "channel": ["hotline"] * count,
        "lon": [105.8123432] * count,
        "lat": [20.9876912] * count,
        "site_id": ["HN-I-7", "HN-I-7", None],
        "chainage_m": [100.0, 200.0, None],
        "ward_code": ["00664"] * count,
        "verified": [True, False, False],
        "status": ["confirmed", "unverified", "unfounded"],
        "note": ["DẤU-TIN-BÁO"] * count,
    }
    return geopandas.GeoDataFrame(rows, geometry=[Point(105.8123432, 20.9876912)] * count, crs="EPSG:4326")


def _assessments() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [1, 2],
            "site_id": ["HN-I-7", "HN-I-7"],
            "level": ["active", "low"],
            "day": [date(2025, 3, 1), date(2026, 4, 2)],
            "document": ["Biên bản 12/BB", "Biên bản 34/BB"],
            "office": ["ward", "ward"],
            "note": ["DẤU-GHI-CHÚ", "DẤU-GHI-CHÚ"],
            "recorded_by": ["DẤU-NGƯỜI-GHI"] * 2,
        }
    )


def _reviews() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [1],
            "day": [date(2026, 1, 15)],
            "wards": [("00664", "00640", "00643")],
            "sites": [("HN-I-7",)],
            "conclusion": ["quiet"],
            "next_day": [date(2026, 7, 15)],
            "document": ["Biên bản 5/BB"],
            "note": ["DẤU-GHI-CHÚ"],
        }
    )


def _flag(situation: Situation) -> Flag:
    return Flag(
        flag_id="reactivation-DẤU-CỜ",
        rule="reactivation",
        level="warning",
        site_id="HN-I-7",
        geometry=Point(105.8123432, 20.9876912),
        wards=(("00664", 1.0),),
        first_day=date(2026, 5, 1),
        last_day=date(2026, 5, 3),
        text_vi="DẤU-CỜ: 3 tin báo so với 0,4 thông thường.",
        text_en="DẤU-CỜ: 3 reports against 0.4.",
        observed=3,
        expected=0.4,
        p=0.01,
        note="DẤU-CỜ",
    )


def _exposure(situation: Situation) -> Flag:
    """A flag of the registers alone: only its note is for those whom it concerns."""
    site = situation.sites.loc[situation.sites["site_id"] == "HN-I-7"].geometry.iloc[0]
    return replace(
        _flag(situation),
        flag_id="exposure:HN-I-7",
        rule="exposure",
        level="watch",
        geometry=site,
        first_day=situation.day,
        last_day=situation.day,
        text_vi="Tuyến giáp ranh, mới bàn giao.",
        text_en="On a border, handed over recently.",
        observed=None,
        expected=None,
        p=None,
        score=3.0,
    )
