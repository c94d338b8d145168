"""Vertices in a table, a row each: which columns hold them, and which rows make up a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_degrees
from geo.importing.cells.places import FIRST_METRE, as_point, is_in_minutes
from geo.importing.geometries.formats.tabular.order import ORDER, check_order, order_notes, ordered
from geo.importing.geometries.formats.tabular.second_places import BOTH, EAST, NORTH, cell_of, is_here, second_places
from geo.importing.geometries.model import Features, object_array
from geo.importing.headings import heading_key, remarks
from geo.importing.headings.units import PLACE, unit_of
from geo.importing.tables import Row
from geo.importing.tables.layout import says_total
from geo.importing.where import number_list

_GROUP = (
    "site id", "ma diem", "ma tuyen", "route id", "route", "tuyen", "line id", "line", "track id", "track", "id tuyen",
    "ma diem phuc tap", "ma doan", "site", "track fid", "route fid", "segment id", "segment", "doan", "tuyen duong",
    "doan duong", "doan tuyen",
)  # fmt: skip
_MAYBE_GROUP = ("id", "ma", "name", "ten", "ten tuyen", "ten duong", "duong", "ten tuyen duong", "ten doan")
_PARTS = ("part", "vertex part", "part id", "part index", "phan")
"""Headings by which a line falls into parts with a gap between them."""
_SEGMENTS = (
    "track seg id", "segment id", "segment", "seg id", "seg", "doan", "ma doan", "doan tuyen", "doan duong", "piece",
    "tuyen nhanh", "line id", "line", "track id", "track",
)  # fmt: skip
"""Headings that part the vertices of a route where another column says the route."""
_FEATURES = ("fid", "objectid", "feature id")
"""Headings of the feature that a vertex was taken from, where several vertices share one; else of the vertex itself."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_HEIGHT = re.compile(r"[-+]?\d{1,4}(?:\.\d+)?")
_SIGNS = re.compile(r"[°º'′\"″]")
_QUESTION = re.compile(r"(.*?)[ :.\-]+(longitude|latitude)")
_WITH_HEIGHT = 3
"""A place without signs of degrees is two numbers, or three with its height."""


@dataclass(frozen=True, slots=True)
class Vertices:
    """Columns of a table: of the first and the second coordinate (the same where one cell holds both), by place."""

    first: int
    second: int
    group: int | None = None
    maybe: int | None = None
    order: int | None = None
    part: int | None = None


def find_vertices(keys: Sequence[str] | None, rows: Sequence[Row] = ()) -> Vertices | None:
    """The columns by their headings, or by what is in `rows` where there are no headings; None where there are none."""
    if keys is None:
        return _by_content(rows)
    first, second, both = (_place(keys, names) for names in (EAST, NORTH, BOTH))
    found = (_place(keys, _GROUP), _place(keys, _MAYBE_GROUP), _place(keys, ORDER), _place(keys, _PARTS))
    if first is not None and second is not None:
        return Vertices(first, second, *found)
    pair = (both, both) if both is not None else _of_question(keys)
    return None if pair is None else Vertices(*pair, *found)


def _of_question(keys: Sequence[str]) -> tuple[int, int] | None:
    """The columns of the one place that a form asked for: `tuyen-Longitude`, `_Vị trí_longitude` and its latitude."""
    named = [(index, _QUESTION.fullmatch(key)) for index, key in enumerate(keys)]
    places = {(part[2], part[1]): index for index, part in named if part}
    pairs = [
        (index, places["latitude", name])
        for (which, name), index in places.items()
        if which == "longitude" and ("latitude", name) in places
    ]
    return pairs[0] if len(pairs) == 1 else None


def _place(keys: Sequence[str], names: Sequence[str]) -> int | None:
    return next((keys.index(name) for name in names if name in keys), None)


def _by_content(rows: Sequence[Row]) -> Vertices | None:
    """Two neighbouring columns that hold degrees of Việt Nam or metres in every row; or one with both.

    None where more stands beside them than a running number and a height, or a row is left blank between others:
    what that is (a name, further places, another line) only headings say.
    """
    if any(below.number - above.number > 1 for above, below in pairwise(rows)):
        return None
    width = min(len(row.cells) for row in rows)
    for index in range(width - 1):
        if all(_is_place(row.cells[index], row.cells[index + 1]) for row in rows):
            return Vertices(index, index + 1) if _are_alone(rows, index, index + 1) else None
    for index in range(width):
        if all(_is_one_place(row.cells[index]) for row in rows):
            return Vertices(index, index) if _are_alone(rows, index, index) else None
    return None


def _are_alone(rows: Sequence[Row], first: int, last: int) -> bool:
    """Whether at most a running number stands before these columns, and a height behind them."""
    before = [[str(cell) for cell in row.cells[:first] if cell is not None] for row in rows]
    behind = [[cell for cell in row.cells[last + 1 :] if cell is not None] for row in rows]
    runs = all(not cells or cells == [str(at)] for at, cells in enumerate(before, 1))
    return runs and all(not cells or (len(cells) == 1 and _is_height(cells[0])) for cells in behind)


def _is_height(cell: Any) -> bool:
    return bool(_HEIGHT.fullmatch(str(cell)))


def _is_one_place(cell: Any) -> bool:
    """Whether a cell holds a place, and no second one behind it."""
    return _pair(cell) is not None and (
        bool(_SIGNS.search(str(cell))) or is_in_minutes(str(cell)) or len(_NUMBER.findall(str(cell))) <= _WITH_HEIGHT
    )


def _is_row_of_place(cells: Sequence[Any]) -> bool:
    return _pair(cells[0]) is not None or _is_place(*cells)


def _is_place(first: Any, second: Any) -> bool:
    try:
        pair = as_degrees(first), as_degrees(second)
    except CellError:
        return False
    return min(pair) > FIRST_METRE or is_here(pair)


def _pair(cell: Any) -> tuple[float, float] | None:
    try:
        return as_point(cell)
    except CellError:
        return None


def vertex_features(where: str, headings: Sequence[str], rows: Sequence[Row], columns: Vertices) -> Features:
    """Lines through the vertices of each group in their order; one of a single vertex is a point.

    Raises
    ------
    InputError
        A row has no coordinates that can be read; every one is named.
    """
    _check_unit(where, headings, columns)
    points: dict[int, tuple[float, float]] = {}
    passed: dict[int, str] = {}
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        cells = [cell_of(row, index) for index in (columns.first, columns.second)]
        if all(cell is None for cell in cells) or (says_total(row) and not _is_row_of_place(cells)):
            passed[row.number] = "importing.row-without-place"
            continue
        try:
            points[place] = as_point(cells[0]) if columns.first == columns.second else _degrees(cells)
        except CellError as error:
            at = Message("place.row", file=where, row=row.number)
            problems.append(error.at(at))
    if problems:
        raise InputError(problems)
    columns = _of_features(headings, rows, points, columns)
    groups = _groups(rows, points, columns)
    if not groups:
        return Features(object_array([]), passed=passed)
    parted = _parted(headings, rows, groups, columns)
    said = [] if parted == columns else [Message("importing.parted-by", column=headings[parted.part or 0])]
    columns, groups = parted, _groups(rows, points, parted)
    _check_routes(where, rows, groups, columns)
    pieces = [piece for group in groups for piece in _pieces(group, rows, columns.part)]
    check_order(where, headings, rows, pieces, columns.order)
    keys, used = [heading_key(heading) for heading in headings], (columns.first, columns.second)
    shapes = {place: shapely.Point(xy) for place, xy in points.items()}
    notes = second_places(where, headings, keys, rows, used, shapes) if headings else ()
    made = _lines(headings, rows, points, groups, columns, passed)
    order = order_notes(headings, rows, pieces, columns.order)
    return replace(made, notes=(*notes, *said, *made.notes, *order, *_blank_rows(rows, points)))


def _check_unit(where: str, headings: Sequence[str], columns: Vertices) -> None:
    """Refuse coordinates whose heading names a unit in which they are not read: minutes, kilometres."""
    for index in dict.fromkeys((columns.first, columns.second) if headings else ()):
        unit = unit_of(PLACE, remarks(headings[index]))
        if unit is not None and unit.fault:
            raise InputError(Problem(unit.fault, where, column=headings[index][:60], unit=unit.named[:60]))


def _of_features(
    headings: Sequence[str], rows: Sequence[Row], points: Mapping[int, Any], columns: Vertices
) -> Vertices:
    """With the column of the features that the vertices were taken from, where no other says the route."""
    keys = [heading_key(heading) for heading in headings]
    index = None if columns.group is not None else _place(keys, _FEATURES)
    different = set() if index is None else {cell_of(rows[place], index) for place in points}
    is_shared = index is not None and None not in different and 2 * len(different) <= len(points)
    return replace(columns, group=index) if is_shared else columns


def _parted(headings: Sequence[str], rows: Sequence[Row], groups: Sequence[list[int]], columns: Vertices) -> Vertices:
    """With the column that parts the routes into segments, where none is called so surely: each holds two vertices."""
    if columns.part is not None:
        return columns
    keys = [heading_key(heading) for heading in headings]
    for index in (keys.index(name) for name in _SEGMENTS if name in keys):
        if index in (columns.group, columns.order):
            continue
        lengths = [len(piece) for group in groups for piece in _pieces(group, rows, index)]
        is_filled = all(cell_of(rows[place], index) is not None for group in groups for place in group)
        if is_filled and len(lengths) > len(groups) and min(lengths) > 1:
            return replace(columns, part=index)
    return columns


def _blank_rows(rows: Sequence[Row], points: Mapping[int, Any]) -> Iterator[Message]:
    """That blank rows between vertices part nothing."""
    pairs = pairwise([rows[place].number for place in sorted(points)])
    gaps = [before for before, after in pairs if after - before > 1]
    passed = {row.number for place, row in enumerate(rows) if place not in points}
    blank = [number + 1 for number in gaps if number + 1 not in passed]
    if blank:
        yield Message("importing.blank-between-vertices", count=len(blank), rows=number_list(blank))


def _check_routes(where: str, rows: Sequence[Row], groups: Sequence[list[int]], columns: Vertices) -> None:
    """Refuse a line of one vertex among lines, and vertices without a route beside those that have one."""
    column = columns.group if columns.group is not None else columns.maybe
    _check_filled(where, rows, groups, columns)
    lines = [piece for group in groups for piece in _pieces(group, rows, columns.part)]
    if all(len(line) == 1 for line in lines) and len(lines) == len(groups):
        return
    problems = [
        Problem(
            "importing.route-of-one-vertex",
            Message("place.row", file=where, row=rows[line[0]].number),
            name=None if column is None else cell_of(rows[line[0]], column),
        )
        for line in lines
        if len(line) == 1
    ]
    if problems:
        raise InputError(problems)


def _check_filled(where: str, rows: Sequence[Row], groups: Sequence[Sequence[int]], columns: Vertices) -> None:
    """Refuse cells left blank that say what a vertex belongs to, where others are filled."""
    places = sorted(place for group in groups for place in group)
    for column in (columns.group, columns.part, columns.maybe):
        if column is None or (column == columns.maybe and not _are_stretches(rows, places, column)):
            continue
        bare = [rows[place].number for place in places if cell_of(rows[place], column) is None]
        if bare and len(bare) < len(places):
            at = {"rows": number_list(bare), "count": len(bare)}
            raise InputError(Problem("importing.vertices-without-route", where, **at))


def _are_stretches(rows: Sequence[Row], places: Sequence[int], column: int) -> bool:
    """Whether names stand each above blank cells, as merged cells are saved: each may be a line, or a place on one."""
    names = [cell_of(rows[place], column) for place in places]
    starts = [at for at, name in enumerate(names) if name is not None]
    lengths = [after - before for before, after in pairwise([*starts, len(names)])]
    return len(starts) > 1 and starts[0] == 0 and min(lengths) > 1


def _degrees(cells: Sequence[Any]) -> tuple[float, float]:
    if any(cell is None for cell in cells):
        raise CellError("importing.half-a-place", text=next(cell for cell in cells if cell is not None))
    return as_degrees(cells[0]), as_degrees(cells[1])


def _groups(rows: Sequence[Row], points: Mapping[int, Any], columns: Vertices) -> list[list[int]]:
    """Places of rows, a list a line, each in its order."""
    by: dict[Any, list[int]] = {}
    column = columns.group
    if column is None and columns.maybe is not None:
        # A name that several vertices share is that of a line; one that each has of its own is that of the vertex.
        different = {cell_of(rows[place], columns.maybe) for place in points}
        column = columns.maybe if 2 * len(different) <= len(points) else None
    for place in points:
        by.setdefault(None if column is None else cell_of(rows[place], column), []).append(place)
    pieces = [_pieces(group, rows, columns.part) for group in by.values()]
    return [[place for piece in own for place in ordered(piece, rows, columns.order)] for own in pieces]


def _pieces(group: list[int], rows: Sequence[Row], column: int | None) -> list[list[int]]:
    """The parts of a line."""
    by: dict[Any, list[int]] = {}
    for place in group:
        by.setdefault(None if column is None else cell_of(rows[place], column), []).append(place)
    return list(by.values())


def _lines(
    headings: Sequence[str],
    rows: Sequence[Row],
    points: Mapping[int, tuple[float, float]],
    groups: list[list[int]],
    columns: Vertices,
    passed: Mapping[int, str],
) -> Features:
    shapes = [
        _shape([[points[place] for place in piece] for piece in _pieces(group, rows, columns.part)]) for group in groups
    ]
    used = (columns.first, columns.second, columns.order)
    others = {heading: index for index, heading in enumerate(headings) if heading and index not in used}
    table = {
        heading: [_shared([cell_of(rows[place], index) for place in group]) for group in groups]
        for heading, index in others.items()
    }
    joined = sum(len(group) > 1 for group in groups)
    vertices = sum(len(group) for group in groups)
    notes = [Message("importing.vertices-joined", rows=vertices, count=joined)] if joined else []
    differing = [
        name for name, index in others.items() if index != columns.part and _may_be_lines(rows, groups, index, columns)
    ]
    if differing:
        notes.append(Message("importing.vertices-differ", columns=differing))
    return Features(
        geometries=object_array(shapes),
        columns=table,
        is_assumed=True,
        passed=passed,
        rows=[rows[group[0]].number for group in groups],
        notes=tuple(notes),
    )


def _shape(parts: list[list[tuple[float, float]]]) -> BaseGeometry:
    if len(parts) > 1:
        return shapely.MultiLineString(parts)
    return shapely.LineString(parts[0]) if len(parts[0]) > 1 else shapely.Point(parts[0][0])


def _may_be_lines(rows: Sequence[Row], groups: list[list[int]], index: int, columns: Vertices) -> bool:
    """Whether the vertices of one line differ in a column by which they might have been lines of their own.

    That is an id or a name that comes twice, or words that each come twice on average: heights and times are neither.
    """
    for group in groups:
        values = [cell_of(rows[place], index) for place in group]
        different = len(set(values))
        is_name = index == columns.maybe and different < len(values)
        if different > 1 and (is_name or (2 * different <= len(values) and not any(map(_is_number, values)))):
            return True
    return False


def _is_number(value: Any) -> bool:
    try:
        float(str(value).replace(",", "."))
    except ValueError:
        return False
    return True


def _shared(values: list[Any]) -> Any:
    """The value that all rows share; the first of several is no better than none."""
    first = values[0]
    return first if all(value == first for value in values) else None
