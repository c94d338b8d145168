"""What the features of a file are called: their ids and names, as the file has them, or made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.model import Features, Reading
from geo.importing.geometries.properties import SITE_FIELDS, field_of, is_missing, listed_texts, text_of

_OWN_IDS = ("id", "ma", "code")
"""Goes before what the format calls the feature: editors and converters number features anew, fields stay."""
_MAYBE_IDS = ("route", "tuyen", "track", "line", "EntityHandle", "fid", "OBJECTID")
_NAMES = (
    "site_name", "name", "ten", "ten_diem", "ten_tuyen", "ten_duong", "ten_doan", "road_name", "street", "duong",
    "tuyen", "title", "label", "description", "desc", "mo_ta", "Text", "Layer",
)  # fmt: skip
_LONGEST_ID, _LONGEST_NAME = 100, 300
_NEAR = 1e-9
_CUT = 1.5e-7
"""A vertex that a cut added lies so near to the straight line, in degrees: the rounding of what is written."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Ids and names of the rows of a reading; `is_shared`: ids of sites, which several rows may have in common.

    `notes`: what the user should know of where they were taken from.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    is_shared: bool
    notes: tuple[Message, ...] = ()


def identities(reading: Reading) -> Identities:
    """The ids and names of the features: of a column, of the feature itself, or by their number.

    An id that the file gives to several features is theirs only where it is called that of a site or a route.
    """
    frame = reading.frame
    own = field_of(frame.columns, SITE_FIELDS)
    if own is not None:
        given = [_id(value) for value in frame[own]]
        if any(given):
            ids = _filled(given, reading.numbers)
            made = [name for name, had in zip(ids, given, strict=True) if not had]
            notes = (Message("importing.ids-made", count=len(made), ids=made[:8]),) if made else ()
            return Identities(ids, _names(reading, ids), True, notes)
    features = tuple(_id(value) for value in reading.ids or ())
    for column in _columns(frame, _OWN_IDS):
        ids = tuple(_id(value) for value in frame[column])
        if _are_usable(ids, len(frame)):
            return Identities(ids, _names(reading, ids), False, _differing(column, ids, features))
    others = (tuple(_id(value) for value in frame[column]) for column in _columns(frame, _MAYBE_IDS))
    for ids in (features, *others):
        if _are_usable(ids, len(frame)):
            return Identities(ids, _names(reading, ids), False)
    ids = tuple(str(row) for row in range(1, len(frame) + 1))
    offered: list[Sequence[str]] = [
        features,
        *(tuple(_id(value) for value in frame[column]) for column in _columns(frame, _OWN_IDS)),
    ]
    return Identities(ids, _names(reading, ids), False, _unused(offered))


def id_in_file(features: Features, row: int) -> str:
    """What the file calls a feature that is not read yet, '' for nothing."""
    column = field_of(features.columns, (*SITE_FIELDS, *_OWN_IDS))
    given = [features.columns[column][row]] if column is not None else []
    given += [features.ids[row]] if features.ids is not None else []
    return next(filter(None, map(_id, given)), "")


def _unused(given: Sequence[Sequence[str]]) -> tuple[Message, ...]:
    """Say that ids of the file name nothing, since two features share one or some have none."""
    for ids in given:
        counted = Counter(filter(None, ids))
        if counted:
            return (Message("importing.ids-not-used", count=len(ids), why=tuple(_why_unused(counted, len(ids)))),)
    return ()


def _why_unused(counted: Counter[str], features: int) -> Iterator[Message]:
    value, count = counted.most_common(1)[0]
    if count > 1:
        yield Message("importing.ids-shared", value=value, count=count)
    if absent := features - counted.total():
        yield Message("importing.ids-absent", count=absent)


def _columns(frame: Any, names: Sequence[str]) -> list[str]:
    found = (field_of(frame.columns, (name,)) for name in names)
    return [column for column in found if column is not None]


def _are_usable(ids: Sequence[str], count: int) -> bool:
    return len(ids) == count and all(ids) and len(set(ids)) == count


def _differing(column: str, ids: Sequence[str], features: Sequence[str]) -> tuple[Message, ...]:
    """Say that features are called otherwise than by their property; mere numbers of features are no names."""
    counted = any(list(features) == [str(row + first) for row in range(len(features))] for first in (0, 1))
    if not features or counted:
        return ()
    pairs = [pair for pair in zip(ids, features, strict=True) if pair[1] and pair[0] != pair[1]]
    if not pairs:
        return ()
    taken, other = pairs[0]
    return (Message("importing.ids-of-property", count=len(pairs), column=column, taken=taken, other=other),)


def _id(value: Any) -> str:
    if isinstance(value, bool | list | tuple | dict):
        return ""
    return text_of(value)[:_LONGEST_ID]


def _filled(given: Sequence[str], numbers: Sequence[int]) -> tuple[str, ...]:
    """Ids, those that are missing made of the feature's number, none twice by that."""
    taken = set(given)
    made = []
    for value, number in zip(given, numbers, strict=True):
        name = value or str(number)
        while not value and name in taken:
            name = f"{name}+"
        taken.add(name)
        made.append(name)
    return tuple(made)


def _names(reading: Reading, ids: Sequence[str]) -> tuple[str, ...]:
    """Names as the file has them; else that of the file for a single feature, and the id."""
    frame = reading.frame
    found = [""] * len(frame)
    for column in (field_of(frame.columns, (name,)) for name in _NAMES):
        if column is not None:
            found = [old or _name(value) for old, value in zip(found, frame[column], strict=True)]
    stem = Path(reading.where).stem if len(frame) == 1 else ""
    return tuple(name or stem or row for name, row in zip(found, ids, strict=True))


def _name(value: Any) -> str:
    return (
        "" if isinstance(value, list | dict) or is_missing(value) else " ".join(text_of(value).split())[:_LONGEST_NAME]
    )


def merged(reading: Reading, found: Identities) -> tuple[Reading, Identities, tuple[Message, ...]]:
    """One row for each id: lines that share the id of a site are parts of one route, in the order of its chainage.

    Raises
    ------
    InputError
        Features share an id, but not their name, or are not all lines.
    """
    if not found.is_shared or len(set(found.ids)) == len(found.ids):
        return reading, found, found.notes
    groups: dict[str, list[int]] = {}
    for row, name in enumerate(found.ids):
        groups.setdefault(name, []).append(row)
    frame = reading.frame
    shapes = np.asarray(frame.geometry, dtype=object)
    starts = field_of(frame.columns, ("intervals_m",))
    problems, joined = list[Problem](), list[BaseGeometry]()
    for name, rows in groups.items():
        if len(rows) > 1 and not _belong_together(rows, found.names, shapes, is_cut=starts is not None):
            first = {"key": "site_id", "value": name, "first": reading.numbers[rows[0]]}
            is_of_lines = bool((shapely.get_dimensions(shapes[rows]) == 1).all())
            code = "reference.key-twice" if is_of_lines else "importing.parts-not-lines"
            problems.append(Problem(code, reading.where, **first, row=reading.numbers[rows[1]]))
            continue
        values = [frame[starts].iloc[row] for row in rows] if starts is not None else [None] * len(rows)
        joined.append(shapes[rows[0]] if len(rows) == 1 else _joined(shapes[rows], values))
    if problems:
        raise InputError(problems)
    firsts = [rows[0] for rows in groups.values()]
    made = frame.iloc[firsts].reset_index(drop=True).set_geometry(joined, crs=frame.crs)
    several = [name for name, rows in groups.items() if len(rows) > 1]
    joined_from = sum(len(groups[name]) for name in several)
    note = Message("importing.features-merged", count=joined_from, sites=len(several), ids=several[:8])
    twice = [name for name in several if _has_one_twice(shapes[groups[name]])]
    again = (Message("importing.same-line-twice", count=len(twice), ids=twice[:8]),) if twice else ()
    numbers = tuple(reading.numbers[row] for row in firsts)
    names = tuple(found.names[row] for row in firsts)
    ids = None if reading.ids is None else tuple(reading.ids[row] for row in firsts)
    return (
        replace(reading, frame=made, numbers=numbers, ids=ids),
        Identities(tuple(groups), names, True),
        (*found.notes, note, *again),
    )


def _has_one_twice(lines: Any) -> bool:
    """Whether a line stands among others once more, in whichever direction: its metres count twice."""
    return len(set(shapely.to_wkb(shapely.normalize(lines)).tolist())) < len(lines)


def _belong_together(rows: Sequence[int], names: Sequence[str], shapes: Any, *, is_cut: bool) -> bool:
    """Whether they are lines of one name; stretches that a cut made bear none."""
    lines = bool((shapely.get_dimensions(shapes[list(rows)]) == 1).all())
    return lines and (is_cut or len({names[row] for row in rows}) == 1)


def _joined(shapes: Any, intervals: Sequence[Any]) -> BaseGeometry:
    """The parts of several lines in one, ordered by their chainage where each says it; parts that meet are one."""
    parts: list[tuple[float, Any]] = []
    ordered = True
    for shape, value in zip(shapes, intervals, strict=True):
        pieces = shapely.get_parts(shape)
        begins = [_begin(span) for span in _spans(value)]
        ordered = ordered and len(begins) == len(pieces) and None not in begins
        parts += [(float(begins[i] or 0.0) if ordered else 0.0, piece) for i, piece in enumerate(pieces)]
    if ordered:
        parts.sort(key=lambda pair: pair[0])
    return _chained([piece for _, piece in parts], were_cut=ordered)


def _spans(value: Any) -> list[Any]:
    if isinstance(value, str) and not value.strip().startswith("["):
        return [part.split("-") for part in value.split(";") if part.strip()]
    return listed_texts(value)


def _begin(span: Any) -> float | None:
    try:
        return float(span[0])
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def _chained(pieces: Sequence[Any], *, were_cut: bool) -> BaseGeometry:
    """Pieces as lines, those that meet as one; where they `were_cut`, without the vertices that the cuts added."""
    lines: list[Any] = []
    for piece in pieces:
        xy = shapely.get_coordinates(piece)
        if not lines or np.abs(lines[-1][-1] - xy[0]).max() > _NEAR:
            lines.append(xy)
            continue
        before = lines[-1]
        is_cut = were_cut and shapely.LineString([before[-2], xy[1]]).distance(shapely.Point(xy[0])) <= _CUT
        lines[-1] = np.concatenate([before[:-1] if is_cut else before, xy[1:]])
    made = [shapely.LineString(xy) for xy in lines]
    return made[0] if len(made) == 1 else shapely.MultiLineString(made)
