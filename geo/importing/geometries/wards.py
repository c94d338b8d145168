"""Wards that somebody brings: `code` and `name` are enough, the rest is taken from the file or the data set."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message, quoted
from geo.importing.geometries.model import AREAS, LIMITS, Limits, Reading
from geo.importing.geometries.notices import warn_of
from geo.importing.geometries.properties import (
    CODE_FIELDS,
    NAME_FIELDS,
    code_text,
    field_of,
    figure,
    is_missing,
    listed_texts,
    text_of,
)
from geo.importing.geometries.reading import read_geometries
from geo.importing.geometries.repeated_wards import check_codes
from geo.importing.geometries.systems.given import shipped_wards
from geo.importing.geometries.systems.question import Question
from geo.reference import wards as register
from geo.reference.cities import City
from geo.reference.ward import POLYGONS, wards_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.reference.ward import Ward

_FULL = ("full_name", "ten_day_du")
_KINDS = ("đặc khu", "phường", "xã")
_FIELDS = ("kind", "province_code", "phase", "area_km2", "population", "valid_from", "merged_from")
_FIGURES = ("area_km2", "population")
_LISTS = ("merged_from",)


@dataclass(frozen=True, slots=True)
class WardsRead:
    """`frame`: wards as `geo.reference.wards.load_wards` gives them; `notes`: what to know of how they were read."""

    frame: GeoDataFrame
    notes: tuple[Message, ...]
    reading: Reading


def load_wards(
    path: str | os.PathLike[str] | None = None,
    *,
    city: City | None = None,
    crs: str | None = None,
    layer: str | None = None,
) -> GeoDataFrame:
    """The wards of any file of geometries, those of one `city` if given; of the data set unless a file is named.

    `code` and `name` are enough. `crs` and `layer` name the coordinate system and the layer where the file does not.

    Returns
    -------
    As `geo.reference.wards.load_wards`, in WGS 84. Kind, province and phase of a ward that the file leaves open are
    those of the data set's ward of the same code, else '', '' and 'none'. What was taken for granted, turned or passed
    over is a warning (`FileWarning`) each.

    Raises
    ------
    DataFileMissingError, InputError
        The file can't be read or used; every fault of every feature is named.
    """
    if path is None:
        return register.load_wards(city=city)
    found = read_wards(path, Question(crs, layer))
    warn_of(found.notes)
    frame = found.frame
    return frame if city is None else frame[frame["province_code"] == city.province_code].reset_index(drop=True)


def read_wards(
    file: str | os.PathLike[str] | bytes,
    question: Question | None = None,
    *,
    name: str = "",
    limits: Limits = LIMITS,
) -> WardsRead:
    """The wards of a file or of bytes, and what to know of them; errors as `read_geometries` and `load_wards`."""
    reading = read_geometries(file, question, name=name, wanted=AREAS, limits=limits)
    completed = _completed(reading)
    check_codes(completed, reading)
    frame, notes = _merged(completed)
    return WardsRead(wards_of(frame, reading.where), (*reading.notes, *notes), reading)


def read_areas(file: str | os.PathLike[str], question: Question | None = None) -> WardsRead:
    """Wards as areas with a `code`, and whatever else the file says of them: a whole country's, drawn and not asked.

    Raises
    ------
    DataFileMissingError, InputError
        As `read_geometries`; there is no `code`, or something other than areas.
    """
    reading = read_geometries(file, question, wanted=AREAS)
    code = field_of(reading.frame.columns, CODE_FIELDS)
    problems = []
    if code is None:
        columns = quoted(str(name) for name in reading.frame.columns if name != "geometry")
        problems.append(Problem("importing.wards-lack", reading.where, column="code", columns=columns))
    if not reading.frame.geom_type.isin(POLYGONS).all():
        problems.append(Problem("output.not-areas", reading.where))
    if problems:
        raise InputError(problems)
    frame = reading.frame.rename(columns={code: "code"})
    frame["code"] = frame["code"].map(code_text)
    return WardsRead(frame, reading.notes, reading)


def _completed(reading: Reading) -> GeoDataFrame:
    frame = reading.frame
    columns = [str(name) for name in frame.columns if name != "geometry"]
    code, name, full = (field_of(columns, names) for names in (CODE_FIELDS, NAME_FIELDS, _FULL))
    missing = [field for field, column in (("code", code), ("name", name or full)) if column is None]
    if missing:
        problems = [Problem("importing.wards-lack", reading.where, column=m, columns=quoted(columns)) for m in missing]
        raise InputError(problems)
    known_as = {field_of(columns, (field,)): field for field in _FIELDS}
    made = {known_as.get(column, column): list(frame[column]) for column in columns}
    made["code"] = [code_text(value) for value in frame[code]]
    shipped = {ward.code: ward for ward in shipped_wards().wards}
    known = [shipped.get(str(value)) for value in made["code"]]
    whole = [text_of(value) for value in frame[full]] if full is not None else [""] * len(frame)
    names = [text_of(value) for value in frame[name]] if name is not None else [""] * len(frame)
    made["name"] = [short or _short(long) for short, long in zip(names, whole, strict=True)]
    made["kind"] = _texts(
        made.get("kind"), known, lambda ward: ward.kind, [_kind(a or b) for a, b in zip(whole, names, strict=True)]
    )
    made["full_name"] = [
        long or (short if _kind(short) else f"{kind.capitalize()} {short}".strip())
        for long, short, kind in zip(whole, made["name"], made["kind"], strict=True)
    ]
    made["province_code"] = _texts(_province(made), known, lambda ward: ward.province_code)
    made["phase"] = [value or "none" for value in _texts(made.get("phase"), known, lambda ward: ward.phase)]
    for field in _FIGURES:
        if field in made:
            made[field] = [figure(value) for value in made[field]]
    for field in _LISTS:
        if field in made:
            made[field] = [listed_texts(value) for value in made[field]]
    return _frame(made, frame)


def _frame(columns: dict[str, list[Any]], like: GeoDataFrame) -> GeoDataFrame:
    import pandas as pd

    table = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return type(like)(table, geometry=list(like.geometry), crs=like.crs)


def _province(made: dict[str, list[Any]]) -> list[Any] | None:
    values = made.get("province_code")
    return None if values is None else [text_of(value).zfill(2) if text_of(value) else "" for value in values]


def _texts(
    values: list[Any] | None, known: list[Ward | None], of: Callable[[Ward], str], otherwise: list[str] | None = None
) -> list[str]:
    """What the file says; else what the data set says of the ward; else something else, or nothing."""
    last = otherwise or [""] * len(known)
    given = values or [""] * len(known)
    return [
        text_of(value) or (of(ward) if ward is not None else "") or other
        for value, ward, other in zip(given, known, last, strict=True)
    ]


def _kind(name: str) -> str:
    return next((kind for kind in _KINDS if name.lower().startswith(f"{kind} ")), "")


def _short(full: str) -> str:
    kind = _kind(full)
    return full[len(kind) :].strip() if kind else full


def _merged(frame: GeoDataFrame) -> tuple[GeoDataFrame, tuple[Message, ...]]:
    """One row for each ward: areas that share code and name are parts of one."""
    groups: dict[tuple[Any, Any], list[int]] = {}
    for row, pair in enumerate(zip(frame["code"], frame["name"], strict=True)):
        if not is_missing(pair[0]) and isinstance(pair[0], str):
            groups.setdefault(pair, []).append(row)
        else:
            groups[row, None] = [row]
    if len(groups) == len(frame):
        return frame, ()
    shapes = np.asarray(frame.geometry, dtype=object)
    made = frame.iloc[[rows[0] for rows in groups.values()]].reset_index(drop=True)
    made = made.set_geometry([_together(shapes[rows]) for rows in groups.values()], crs=frame.crs)
    several = _codes_of(groups)
    return made, (Message("importing.areas-merged", count=len(frame), wards=len(groups), codes=several[:8]),)


def _codes_of(groups: dict[tuple[Any, Any], list[int]]) -> list[str]:
    return [str(code) for (code, _), rows in groups.items() if len(rows) > 1]


def _together(shapes: Any) -> Any:
    if len(shapes) == 1:
        return shapes[0]
    parts = list(shapely.get_parts(shapes))
    if not all(part.geom_type == "Polygon" for part in parts):
        return shapes[0]
    made = shapely.MultiPolygon(parts)
    return made if made.is_valid or not shapely.is_valid(shapes).all() else shapely.union_all(shapes)
