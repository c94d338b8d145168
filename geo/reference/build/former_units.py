"""`data/former_units.csv` from the published pairs of former and present units, and outlines of former units.

    python -m geo.reference.build former-units PAIRS.csv [--outlines FILE.parquet]

PAIRS has `old_code, old_name, old_district, new_code, new_province_code, extent, resolution, item`; OUTLINES are
polygons (WGS 84) with `name`, the full name of a former unit. An outline is used where one former unit of that name
covers it, and where its heirs hold at least 95 % of its area: an outline that is drawn otherwise says nothing sure.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import settings
from geo.files import write_atomic
from geo.reference.cities import cities
from geo.reference.crs import to_metric
from geo.reference.geojson import read_frame
from geo.reference.names import fold, split_unit
from geo.reference.ward_names.former_units import COLUMNS
from geo.reference.wards import load_wards

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

COVERED = 0.95
SLIVER_M2 = 5_000.0
"""Less of a former unit than this in a ward is the two sources' disagreement about a border, not a part."""
CENTRE = 0.15
"""A part whose centre lies within this share of the unit's half-width is called central."""


CORRECTIONS: dict[tuple[str, str], dict[str, str] | None] = {
    ("09859", "09616"): None,
    ("09859", "09871"): {"extent": "whole"},
    ("10045", "10045"): {"item": "77"},
    ("10069", "10045"): {"item": "77"},
    ("20176", "20179"): None,
}
"""(former code, heir) → what the published pairs have otherwise than the resolutions; None for a pair that is none.

Item 89 takes Xã Sơn Đông (Sơn Tây), not Xã Sơn Đồng (Hoài Đức), which item 104 takes whole; Xã Thủy Xuân Tiên and Xã
Nam
Phương Tiến stand in item 77, not 49 (1656/NQ-UBTVQH15). 1675/NQ-UBTVQH15 names no Xã Hương Hòa: it had become part of
Xã
Hương Xuân before.
"""


_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLDER = re.compile(rf"(?<![Qq])([oO](?=[ae][{_TONES}](?!\w))|[uU](?=y[{_TONES}](?!\w)))([aey])([{_TONES}])")
"""An open syllable in -oa, -oe, -uy with its tone on the last letter, decomposed; 'quỳ' is none."""


def respelled(name: str) -> str:
    """A name with tones where the resolutions place them, and each word with a capital.

    >>> respelled("Phường Yên Hoà"), respelled("Xã Đại áng"), respelled("Thị trấn Trâu Quỳ")
    ('Phường Yên Hòa', 'Xã Đại Áng', 'Thị trấn Trâu Quỳ')
    """
    moved = unicodedata.normalize("NFC", _OLDER.sub(r"\1\3\2", unicodedata.normalize("NFD", name)))
    kind, bare = split_unit(moved)
    spelled = " ".join(word[:1].upper() + word[1:] for word in bare.split(" "))
    return moved if kind is None else moved[: len(moved) - len(bare)] + spelled


def build_former_units(pairs: DataFrame, outlines: GeoDataFrame | None = None) -> list[dict[str, Any]]:
    """The rows of `former_units.csv` for the cities of the data set, by former code and heir.

    `pairs` and `outlines` as in the module's description; areas are metric, in the VN-2000 zone of the city.
    """
    provinces = [city.province_code for city in cities()]
    own = _corrected(pairs[pairs["new_province_code"].isin(provinces)])
    return former_rows(own, _measured(own, outlines) if outlines is not None else {})


def former_rows(
    pairs: DataFrame, measured: Mapping[tuple[Any, Any], tuple[int, str]] | None = None
) -> list[dict[str, Any]]:
    """Rows of such a file for all `pairs`, by former code and heir; `measured`: area and side where they are known.

    A pair without an item, which the published pairs have for some, has item 0: the resolution alone is named.
    """
    rows = []
    for pair in _corrected(pairs).sort_values(["old_code", "new_code"]).itertuples():
        area, side = (measured or {}).get((pair.old_code, pair.new_code), ("", ""))
        values = (
            pair.old_code,
            respelled(str(pair.old_name)),
            respelled(str(pair.old_district)),
            pair.new_province_code,
            pair.new_code,
        )
        cells = (*values, pair.extent, pair.resolution, pair.item or "0", area, side)
        row: dict[str, Any] = dict(zip(COLUMNS, cells, strict=True))
        rows.append(row | (CORRECTIONS.get((str(pair.old_code), str(pair.new_code))) or {}))
    return rows


def _corrected(pairs: DataFrame) -> DataFrame:
    """The pairs without those that are none."""
    wrong = {pair for pair, correct in CORRECTIONS.items() if correct is None}
    return pairs[[pair not in wrong for pair in zip(pairs["old_code"], pairs["new_code"], strict=True)]]


def _measured(pairs: DataFrame, outlines: GeoDataFrame) -> dict[tuple[Any, Any], tuple[int, str]]:
    """(former code, heir) → square metres and side, where an outline exists."""
    found: dict[tuple[Any, Any], tuple[int, str]] = {}
    for city in cities():
        wards = load_wards(city=city)
        shapes = dict(zip(wards["code"], to_metric(np.asarray(wards.geometry), city.province_code), strict=True))
        drawn = to_metric(np.asarray(outlines.geometry, dtype=object), city.province_code)
        by_name: dict[str, list[BaseGeometry]] = {}
        for name, outline in zip(outlines["name"], drawn, strict=True):
            by_name.setdefault(fold(str(name).removesuffix(" cũ")), []).append(shapely.make_valid(outline))
        own = pairs[pairs["new_province_code"] == city.province_code]
        for (code, name), heirs in own.groupby(["old_code", "old_name"]):
            parts = {heir: shapes[heir] for heir in heirs["new_code"]}
            for outline in by_name.get(fold(name), []):
                found |= {(code, heir): value for heir, value in _parts(outline, parts).items()}
    return found


def _parts(outline: BaseGeometry, heirs: dict[str, BaseGeometry]) -> dict[str, tuple[int, str]]:
    cut = {code: shapely.intersection(outline, shape) for code, shape in heirs.items()}
    areas = {code: float(part.area) for code, part in cut.items()}
    if sum(areas.values()) < COVERED * outline.area or min(areas.values()) < SLIVER_M2:
        return {}
    return {code: (round(area), _side(outline, cut[code])) for code, area in areas.items()}


def _side(unit: BaseGeometry, part: BaseGeometry) -> str:
    """In which part of a unit a piece of it lies, by the two centres: `north`, `south-east`, `centre`."""
    if part.area > 0.97 * unit.area:
        return ""
    west, south, east, north = shapely.bounds(unit)
    dx = (part.centroid.x - unit.centroid.x) / ((east - west) / 2)
    dy = (part.centroid.y - unit.centroid.y) / ((north - south) / 2)
    vertical = "north" if dy > CENTRE else "south" if dy < -CENTRE else ""
    horizontal = "east" if dx > CENTRE else "west" if dx < -CENTRE else ""
    return "-".join(filter(None, (vertical, horizontal))) or "centre"


def written(rows: Iterable[dict[str, Any]]) -> str:
    """The rows as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main(argv: Sequence[str] | None = None) -> int:
    """Write `data/former_units.csv`; 0 when it is written."""
    import pandas as pd

    parser = argparse.ArgumentParser(prog="python -m geo.reference.build former-units")
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--outlines", type=Path)
    given = parser.parse_args(argv)
    outlines = read_frame(given.outlines) if given.outlines else None
    rows = build_former_units(pd.read_csv(given.pairs, dtype=str, keep_default_na=False), outlines)
    write_atomic(settings.data_dir() / "former_units.csv", written(rows).encode("utf-8"))
    return 0
