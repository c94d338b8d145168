"""The one reader of geometries: any file that is read, as features in WGS 84, and what became of the others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.identity import id_in_file
from geo.importing.geometries.layers import chosen, numbered, open_layers
from geo.importing.geometries.model import (
    LIMITS,
    LINES,
    Features,
    Geometries,
    Layer,
    Limits,
    Reading,
    TooLargeError,
)
from geo.importing.geometries.notices import passed_notices
from geo.importing.geometries.shapes import Ready, ready
from geo.importing.geometries.source import Source
from geo.importing.geometries.systems.given import shipped_wards
from geo.importing.geometries.systems.mixed import check_one_unit
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.systems.settling import Wards, settle
from geo.importing.geometries.systems.worded import OF_HEADING
from geo.reference.checks import VIET_NAM
from geo.reference.crs import WGS84

_MOST_PROBLEMS = 1_000
_UNKNOWN = ("importing.crs-unknown", "importing.survey-without-headings")
"""Codes of what is put right by naming a coordinate system."""


def read_geometries(
    file: str | os.PathLike[str] | bytes,
    question: Question | None = None,
    *,
    name: str = "",
    wanted: str = LINES,
    wards: Wards | None = None,
    limits: Limits = LIMITS,
) -> Reading:
    """The features of one layer of a file, in WGS 84 (longitude, latitude; two dimensions).

    Parameters
    ----------
    file
        A path, or the bytes of a file that was sent: any of `formats.kinds.FORMATS`, zipped or not.
    question
        The coordinate system and the layer that the user names, and how options are written where the file comes in.
    name
        What the file is called in messages; its path unless given.
    wanted
        `LINES` for routes, `AREAS` for wards: which layer is chosen, and what is taken of a collection.
    wards
        What gives the wards by which coordinate systems are distinguished; those of the data set unless given.
    limits
        How large the file may be.

    Raises
    ------
    DataFileMissingError
        The file is not there, or can't be read.
    TooLargeError
        It has more bytes, features or vertices than `limits` allow.
    InputError
        It is of no format that is read, it is damaged, its coordinate system is unknown or declared wrongly, or a
        feature can't be used; every one is named.
    """
    question = question or Question()
    path, data = (None, file) if isinstance(file, bytes) else (Path(file), None)
    named = name or (str(path) if path else "body")
    # What is no number is refused by its feature below; numpy need not warn of it before.
    with Source(path, data=data, name=named, limits=limits) as source, np.errstate(invalid="ignore", over="ignore"):
        with _offering(question):
            layer, notes = chosen(numbered(open_layers(source)), source.where, wanted, question)
            features = layer.read()
        _check_size(features, source)
        made = ready(features, wanted, lines_only=layer.lines_only)
        _check_readable(features, source.where)
        shapes, rows = _used(made)
        if not len(rows):
            raise _nothing_read(source.where, layer, features, made)
        numbers = [features.number(row) for row in rows]
        check_one_unit(shapes, numbers, question, source.where, wards or shipped_wards)
        system = settle(features, shapes, question, source.where, wards or shipped_wards)
        shapes = system.to_wgs84(shapes)
        _check_place(shapes, rows, features, source.where)
        of_file = [note for note in features.notes if question.crs is None or note.code != OF_HEADING]
        said = tuple({str(note): note for note in (*notes, *of_file, *made.notes, *system.notes)}.values())
        return _reading(source.where, layer, features, made, (shapes, rows), said)


@contextmanager
def _offering(question: Question) -> Iterator[None]:
    """Say of an unknown system how another is named where the file came in; what reads formats does not know that."""
    try:
        yield
    except InputError as error:
        if all(problem.code not in _UNKNOWN for problem in error.problems):
            raise
        raise type(error).of([_offered(problem, question) for problem in error.problems]) from error


def _offered(problem: Problem, question: Question) -> Problem:
    if problem.code not in _UNKNOWN:
        return problem
    return Problem(problem.code, problem.place, **{**problem.parameters, "option": question.option})


def _nothing_read(where: str, layer: Layer, features: Features, made: Ready) -> InputError:
    why = passed_notices({**features.passed, **{features.number(row): code for row, code in made.passed.items()}})
    code = "importing.nothing-read-because" if why else "importing.nothing-read"
    return InputError(Problem(code, where, layer=layer.name, count=layer.features, why=why))


def _check_size(features: Features, source: Source) -> None:
    count, limits = len(features.geometries), source.limits
    if count > limits.max_features:
        raise TooLargeError(Problem("importing.too-many-features", source.where, count=count, most=limits.max_features))
    vertices = int(shapely.get_num_coordinates(features.geometries).sum()) if count else 0
    if vertices > limits.max_vertices:
        raise TooLargeError(
            Problem("importing.too-many-vertices", source.where, count=vertices, most=limits.max_vertices)
        )


def _check_readable(features: Features, where: str) -> None:
    problems = [
        Problem("importing.feature-unreadable", _place_with_id(features, where, row), reason=why)
        for row, why in _unreadable(features).items()
    ]
    if len(features.geometries):
        xy, row = shapely.get_coordinates(features.geometries, return_index=True)
        odd = np.unique(row[~np.isfinite(xy).all(axis=1)]).tolist()
        problems += [Problem("reference.coordinate-not-finite", features.place(where, row)) for row in odd]
    if problems:
        raise InputError(_bounded(problems, where))


def _unreadable(features: Features) -> Mapping[int, Message | str]:
    """Row → why it can't be read: by its format, or a ring of which none says whether a line or an area is meant."""
    rings = np.flatnonzero(shapely.get_type_id(features.geometries) == shapely.GeometryType.LINEARRING).tolist()
    return {**dict.fromkeys(rings, Message("importing.is-ring")), **features.unreadable}


def _place_with_id(features: Features, where: str, row: int) -> Message:
    place, own = features.place(where, row), id_in_file(features, row)
    return Message("place.with-id", place=place, id=own) if own else place


def _used(made: Ready) -> tuple[Geometries, list[int]]:
    rows = np.flatnonzero(~shapely.is_missing(made.geometries)) if len(made.geometries) else np.zeros(0, dtype=int)
    return made.geometries[rows], rows.tolist()


def _check_place(shapes: Geometries, rows: list[int], features: Features, where: str) -> None:
    """Refuse what lies outside the country, by its feature."""
    bounds = shapely.bounds(shapes)
    swapped = _within(bounds[:, [1, 0, 3, 2]])
    problems = [
        Problem(
            "reference.axes-swapped" if swapped[index] else "reference.outside-country",
            features.place(where, rows[index]),
        )
        for index in np.flatnonzero(~_within(bounds)).tolist()
    ]
    if problems:
        raise InputError(_bounded(problems, where))


def _within(bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = VIET_NAM
    inside: NDArray[np.bool_] = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    return inside


def _bounded(problems: list[Problem], where: str) -> list[Problem]:
    if len(problems) <= _MOST_PROBLEMS:
        return problems
    return [*problems[:_MOST_PROBLEMS], Problem("reference.too-many-problems", where, most=_MOST_PROBLEMS)]


def _reading(
    where: str,
    layer: Layer,
    features: Features,
    made: Ready,
    used: tuple[Geometries, list[int]],
    notes: tuple[Message, ...],
) -> Reading:
    import geopandas
    import pandas as pd

    shapes, rows = used
    table = {
        name: pd.Series([values[row] for row in rows], dtype=object)
        for name, values in features.columns.items()
        if name != "geometry"
    }
    passed = {**features.passed, **{features.number(row): why for row, why in made.passed.items()}}
    return Reading(
        where=where,
        frame=geopandas.GeoDataFrame(table, geometry=list(shapes), crs=WGS84),
        numbers=tuple(features.number(row) for row in rows),
        features=len(features.geometries) + len(features.passed),
        ids=None if features.ids is None else tuple(features.ids[row] for row in rows),
        passed=passed,
        notes=(*notes, *passed_notices(passed)),
        layer=layer.name,
    )
