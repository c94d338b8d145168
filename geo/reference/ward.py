"""A commune-level unit, as the register holds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from geo.errors import Problem
from geo.i18n.message import FileValue
from geo.reference.checks import are_sound
from geo.reference.crs import WGS84
from geo.reference.geojson import Features, read_features
from geo.reference.programme.in_use import is_known, known_ids
from geo.reference.programme.terms import NOT_COVERED

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

COLUMNS = ("name", "full_name", "kind", "province_code", "phase")
POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Ward:
    """A commune-level unit (*đơn vị hành chính cấp xã*).

    `code`: 5 characters, text ('00004'); `kind`: `phường` or `xã`; `phase`: programme coverage; `area_km2`: official
    area; `population`: indicative, None where no source gives it; `merged_from`: units before July 2025, as printed.
    """

    code: str
    name: str
    full_name: str
    kind: str
    province_code: str
    phase: str
    area_km2: float | None
    population: int | None
    merged_from: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class WardTable:
    """`wards` by province and code, and their `shapes` in the same order (WGS 84); the `frame` that they come from.

    Without a frame they come from the file of the data set: a name is looked up in less time than pandas is imported.
    `outlines` are the shapes, or what reads them when they are first asked for: names and codes do without them.
    """

    wards: tuple[Ward, ...]
    outlines: NDArray[np.object_] | Callable[[], NDArray[np.object_]]
    frame: GeoDataFrame | None = None

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """The polygons in WGS 84, in the order of `wards`."""
        return self.outlines() if callable(self.outlines) else self.outlines

    def of_province(self, code: str | None) -> WardTable:
        """The wards of one province; all for None."""
        if code is None:
            return self
        rows = [row for row, ward in enumerate(self.wards) if ward.province_code == code]
        return WardTable(tuple(self.wards[row] for row in rows), lambda: self.shapes[rows])


def ward_table(file: Path) -> WardTable | None:
    """The wards of a file of the data set, read once for each content; None where anything is wrong with it.

    Whoever gets None reads it as a frame (`geo.reference.wards.load_wards`), which says what is wrong, and where.
    """
    try:
        found = file.stat()
    except OSError:
        return None
    return _table(str(file), found.st_ino, found.st_size, found.st_mtime_ns)


def joined(tables: Iterable[WardTable | None]) -> WardTable | None:
    """Tables as one, by province and code; None where one of them is None."""
    found = list(tables)
    whole = [table for table in found if table is not None]
    if len(whole) < len(found):
        return None
    if len(whole) == 1:
        return whole[0]
    wards = [ward for table in whole for ward in table.wards]
    order = sorted(range(len(wards)), key=lambda row: (wards[row].province_code, wards[row].code))
    return WardTable(tuple(wards[row] for row in order), lambda: np.concatenate([one.shapes for one in whole])[order])


@lru_cache(maxsize=40)
def sound_features(file: str, *_stamp: int) -> Features | None:
    """The wards of a GeoJSON file as they stand, read once for each stamp; None where anything is wrong with them."""
    if not file.lower().endswith((".geojson", ".json")):
        return None
    read = read_features(file)
    return read if _is_sound(read) else None


@lru_cache(maxsize=40)
def _table(file: str, *_stamp: int) -> WardTable | None:
    read = sound_features(file, *_stamp)
    if read is None:
        return None
    found = [ward_of(row) for row in read.properties]
    order = sorted(range(len(found)), key=lambda row: (found[row].province_code, found[row].code))
    return WardTable(tuple(found[row] for row in order), read.geometries[order])


def _is_sound(read: Features) -> bool:
    """Whether the features are wards of which nothing has to be said, each with its own code."""
    rows = read.properties
    if read.crs != WGS84 or not all({"code", *COLUMNS} <= set(row) for row in rows):
        return False
    if len({str(row["code"]) for row in rows}) < len(rows) or not are_sound(read.geometries, POLYGONS):
        return False
    return not any(problem for row in rows for problem in wrong_properties(row))


def ward_of(row: Mapping[Any, Any]) -> Ward:
    """A ward from its properties by name, which are as `wrong_properties` wants them."""
    population, area = row.get("population"), row.get("area_km2")
    former = row.get("merged_from")
    return Ward(
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        kind=row["kind"],
        province_code=row["province_code"],
        phase=row["phase"],
        area_km2=None if area is None or area != area else float(area),
        population=_whole(population),
        merged_from=tuple(former) if isinstance(former, list | tuple) else (),
    )


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float | np.integer) and value == value else None


def wrong_properties(record: dict[str, object]) -> Iterable[Problem]:
    """What is wrong with the properties of one ward."""
    code = record["code"]
    if not (isinstance(code, str) and len(code) == 5 and code.isascii() and code.isdigit()):
        yield Problem("reference.code-not-text", value=FileValue(code))
    for name in ("name", "full_name", "kind", "province_code"):
        # Wards of elsewhere may come without kind and province; a name each of them has.
        blank = name in ("kind", "province_code") and record[name] == ""
        if not (blank or (isinstance(record[name], str) and str(record[name]).strip())):
            yield Problem("reference.not-text", key=name, value=FileValue(record[name]))
    if record["phase"] != NOT_COVERED and not is_known("phase", record["phase"]):
        choices = [*known_ids("phase"), NOT_COVERED]
        yield Problem("reference.choice-unknown", key="phase", value=FileValue(record["phase"]), choices=choices)
    area, people = record.get("area_km2"), record.get("population")
    if area is not None and not (_number(area) and 0 <= area < math.inf):
        yield Problem("reference.not-area", value=FileValue(area))
    if people is not None and not (_number(people) and 0 <= people < 1e9 and people == int(people)):
        yield Problem("reference.not-population", value=FileValue(people))
    former = record.get("merged_from")
    if isinstance(former, list) and not all(isinstance(name, str) for name in former):
        yield Problem("reference.former-not-texts", value=FileValue(former))


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
