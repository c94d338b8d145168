"""Routes, areas and points that somebody brings, as sites: a line is enough, the rest is taken or made."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.declared_names import by_code
from geo.importing.geometries.identity import identities, merged
from geo.importing.geometries.model import LIMITS, LINES, Limits, Reading, feature_place
from geo.importing.geometries.notices import warn_of
from geo.importing.geometries.properties import code_text, field_of, figure, listed_texts, text_of
from geo.importing.geometries.reading import read_geometries
from geo.importing.geometries.systems.given import shipped_wards
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.systems.settling import NO_WARD, Wards
from geo.importing.where import number_list
from geo.reference import sites as register
from geo.reference.programme.in_use import known_ids

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SPELLINGS = {
    "group": ("group", "site_group", "nhom"),
    "level": ("level", "muc_do"),
    "handed_over": ("handed_over", "nam_ban_giao"),
    "from": ("from", "begins", "tu"),
    "to": ("to", "ends", "den"),
    "declared_wards": ("declared_wards", "declared"),
}
_POINTS = "importing.points-among-lines"
_CHOICES = ("group", "level")


@dataclass(frozen=True, slots=True)
class SitesRead:
    """`frame`: sites as `geo.reference.sites.load_sites` gives them, group and level '' where the file has none.

    `notes`: what the user should know of how they were read.
    """

    frame: GeoDataFrame
    notes: tuple[Message, ...]
    reading: Reading

    @property
    def is_of_other_zone(self) -> bool:
        """Whether no ward is met in the system of the file, and one would be in another: what follows is in doubt."""
        return any(note.code == NO_WARD for note in self.notes)

    @property
    def has_points_among_lines(self) -> bool:
        """Whether something is a point where routes are measured: it has a ward and no metre."""
        return any(note.code == _POINTS for note in self.notes)


def load_sites(
    path: str | os.PathLike[str] | None = None, *, crs: str | None = None, layer: str | None = None
) -> GeoDataFrame:
    """The sites of any file of geometries; the register of the data set unless a file is named.

    A line is enough: id and name are taken from the file or made. `crs` and `layer` name the coordinate system and the
    layer where the file does not.

    Returns
    -------
    As `geo.reference.sites.load_sites`, in WGS 84; `group` and `level` are '' where the file has none. What was taken
    for granted, turned or passed over is a warning (`FileWarning`) each.

    Raises
    ------
    DataFileMissingError, InputError
        The file can't be read or used; every fault of every feature is named.
    """
    if path is None:
        return register.load_sites()
    found = read_sites(path, Question(crs, layer))
    warn_of(found.notes)
    return found.frame


def read_sites(
    file: str | os.PathLike[str] | bytes,
    question: Question | None = None,
    *,
    name: str = "",
    wards: Wards | None = None,
    limits: Limits = LIMITS,
) -> SitesRead:
    """The sites of a file or of bytes, with what is to be said of them; parameters and errors as `read_geometries`."""
    reading = read_geometries(file, question, name=name, wanted=LINES, wards=wards, limits=limits)
    found = identities(reading)
    reading, found, notes = merged(reading, found)
    frame, more = _completed(reading, found.ids, found.names, wards or shipped_wards)
    return SitesRead(frame, (*reading.notes, *notes, *_points(reading), *more), reading)


def _points(reading: Reading) -> Iterable[Message]:
    """That something is a point among lines."""
    size = shapely.get_dimensions(np.asarray(reading.frame.geometry, dtype=object))
    points = [number for number, dimension in zip(reading.numbers, size.tolist(), strict=True) if dimension == 0]
    if points and (size == 1).any():
        yield Message(_POINTS, count=len(points), features=number_list(points))


def read_register_sites(
    file: str | os.PathLike[str], question: Question | None = None, *, wards: Wards | None = None
) -> SitesRead:
    """The sites of a file that is a register: every property is there and right; errors also as `sites_of`.

    `wards`: what gives the wards that may be declared by their names; those of the data set unless given.
    """
    reading = read_geometries(file, question, wanted=LINES, wards=wards)
    frame, said = reading.frame.copy(), list[Message]()
    if "declared_wards" in frame.columns:
        declared, said = by_code([_codes(value) for value in frame["declared_wards"]], wards or shipped_wards)
        frame["declared_wards"] = type(frame["declared_wards"])(declared, index=frame.index, dtype=object)
    for name in ("handed_over", "accuracy_m", "corridor_m"):
        if name in frame.columns:
            frame[name] = frame[name].map(figure).astype(object)
    return SitesRead(register.sites_of(frame, reading.where), (*reading.notes, *said), reading)


def _codes(value: Any) -> Any:
    return [code_text(code) for code in listed_texts(value)]


def _completed(
    reading: Reading, ids: Sequence[str], names: Sequence[str], wards: Wards
) -> tuple[GeoDataFrame, list[Message]]:
    """The properties that the file has, checked; what it has not is left empty."""
    frame, count = reading.frame, len(reading.frame)
    columns: dict[str, list[Any]] = {"site_id": list(ids), "name": list(names)}
    for name in register.COLUMNS[2:]:
        source = field_of(frame.columns, _SPELLINGS.get(name, (name,)))
        columns[name] = list(frame[source]) if source is not None else [None] * count
    columns["declared_wards"], said = by_code([_codes(value) for value in columns["declared_wards"]], wards)
    for name in ("handed_over", "accuracy_m", "corridor_m"):
        columns[name] = [figure(value) for value in columns[name]]
    for name in register.TEXTS:
        columns[name] = [text_of(value) for value in columns[name]]
    notes = said + [note for name in _CHOICES for note in _unknown_choices(columns, name, reading)]
    problems = list(_problems(columns, reading))
    if problems:
        raise InputError(problems)
    made = type(frame)(columns, geometry=list(frame.geometry), crs=frame.crs)
    return register.completed(made), notes


def _unknown_choices(columns: dict[str, list[Any]], name: str, reading: Reading) -> Iterable[Message]:
    """Empty what is none of the choices, and say so."""
    values = [text_of(value) for value in columns[name]]
    choices = known_ids(name)
    wrong = [row for row, value in enumerate(values) if value and value not in choices]
    columns[name] = [value if value in choices else "" for value in values]
    if wrong:
        rows = number_list([reading.numbers[row] for row in wrong])
        yield Message(
            "importing.choice-left-out", key=name, value=values[wrong[0]][:40], features=rows, choices=choices
        )


def _problems(columns: dict[str, list[Any]], reading: Reading) -> Iterable[Problem]:
    for row, number in enumerate(reading.numbers):
        record = {name: values[row] for name, values in columns.items()}
        place = feature_place(reading.where, number)
        yield from (problem.at(place) for problem in register.wrong_wards(record["declared_wards"]))
        yield from (problem.at(place) for problem in register.wrong_numbers(record))
