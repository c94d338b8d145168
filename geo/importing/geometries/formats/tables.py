"""Tables with geometries: a column of WKT, or vertices in order with their coordinates; WKT alone, a line each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.columns import heading_key
from geo.importing.geometries.formats.vertices import find_vertices, vertex_features
from geo.importing.geometries.formats.well_known import is_well_known, parsed, why_not
from geo.importing.geometries.model import Features, TooLargeError, object_array, unusable
from geo.importing.geometries.source import Source
from geo.importing.geometries.systems.declared import declared_crs
from geo.importing.tables import Limits as TableLimits
from geo.importing.tables import Row, open_book
from geo.importing.tables.encodings import decoded
from geo.importing.tables.text import text_sheets

if TYPE_CHECKING:
    from pyproj import CRS

_WKT_HEADINGS = frozenset(
    ("wkt", "geom", "geometry", "the geom", "wkt geom", "geom wkt", "shape", "hinh hoc", "wkb geometry", "wkb", "ewkt")
)
_TITLE_ROWS = 20
_DELIMITERS = ",;\t|"
_LONGEST = 20_000_000
_MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table below its headings; `headings` are '' where the table has none."""

    where: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def table_features(source: Source) -> dict[str, Features]:
    """The features of each sheet that has geometries, by its name.

    Raises
    ------
    InputError
        No sheet has any, or a row can't be read; every one is named.
    """
    found: dict[str, Features] = {}
    seen: list[str] = []
    for name, rows in _sheets(source):
        features = _sheet(source.where, rows)
        if features is not None:
            found[name] = features
        seen += [str(cell) for row in rows[:1] for cell in row.cells if cell is not None]
    if not found:
        raise unusable("importing.table-without-places", source.where, columns=seen[:12])
    return found


def wkt_features(source: Source) -> Features:
    """The geometries of a text in WKT: one, or one a line."""
    text = decoded(source.content(), Path(source.where))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    try:
        shapely.from_wkt(text)
        lines = [(1, text)]
    except (shapely.errors.ShapelyError, ValueError, NotImplementedError):
        pass
    return _of_texts([(number, line) for number, line in lines], {}, source.where)


def _sheets(source: Source) -> Iterable[tuple[str, list[Row]]]:
    head = source.head()
    most = max(source.limits.max_features, source.limits.max_vertices)  # a row may be a vertex
    limits = TableLimits(max_rows=most, max_columns=_MOST_COLUMNS, max_text=_LONGEST)
    if head.startswith((b"PK", b"\xd0\xcf")):
        ending = source.ending if source.ending in (".xlsx", ".xlsm", ".xls", ".ods") else _workbook(source)
        book = open_book(source.on_disk(ending), limits)
        return [(sheet.name, list(sheet.rows)) for sheet in book.sheets if not sheet.hidden]
    csv.field_size_limit(_LONGEST)  # the standard one is shorter than a province's border
    text = decoded(source.content(), Path(source.where))
    named = _delimiter(text)
    data = (f"sep={named}\n{text}" if named else text).encode()
    [sheet] = text_sheets(data, Path(source.where), limits)
    rows = [row for row in islice(sheet.rows, most + 1) if any(cell is not None for cell in row.cells)]
    if len(rows) > most:
        raise TooLargeError(Problem("importing.too-many-vertices", source.where, count=len(rows), most=most))
    return [(source.stem, rows)]


def _workbook(source: Source) -> str:
    if source.head().startswith(b"\xd0\xcf"):
        return ".xls"
    return ".ods" if b"opendocument" in source.head()[:200] else ".xlsx"


def _delimiter(text: str) -> str:
    """The sign between the headings that name geometries: in the rows below, commas stand in every cell.

    Without such headings the semicolon of the first row, if it has one.
    """
    lines = [line for line in text[:65_536].splitlines() if line.strip()][:_TITLE_ROWS]
    if not lines or lines[0].lower().lstrip('"').startswith("sep="):
        return ""
    for line in lines:
        for sign in _DELIMITERS:
            keys = [heading_key(cell.strip().strip('"')) for cell in line.split(sign)]
            if len(keys) > 1 and (find_vertices(keys) or _WKT_HEADINGS.intersection(keys)):
                return sign
    return ";" if ";" in lines[0] else ""


def _sheet(where: str, rows: list[Row]) -> Features | None:
    for start, row in enumerate(rows[:_TITLE_ROWS]):
        headings = tuple("" if cell is None else str(cell).strip() for cell in row.cells)
        keys = [heading_key(heading) for heading in headings]
        grid = Grid(where, headings, tuple(rows[start + 1 :]))
        column = next((index for index, key in enumerate(keys) if key in _WKT_HEADINGS), None)
        if column is not None and any(is_well_known(_cell(row, column)) for row in grid.rows):
            return _of_column(grid, column)
        places = find_vertices(keys)
        if places is not None:
            return vertex_features(where, headings, grid.rows, places)
        if column is not None and any(_cell(row, column) is not None for row in grid.rows):
            return _of_column(grid, column)  # no cell is a geometry: each says what is wrong with it
    return _without_headings(where, rows)


def _without_headings(where: str, rows: list[Row]) -> Features | None:
    if not rows:
        return None
    grid = Grid(where, (), tuple(rows))
    column = next((index for index, cell in enumerate(rows[0].cells) if is_well_known(cell)), None)
    if column is not None:
        return _of_column(grid, column)
    places = find_vertices(None, rows)
    return None if places is None else vertex_features(where, (), grid.rows, places)


def _of_column(grid: Grid, column: int) -> Features:
    width = max((len(row.cells) for row in grid.rows), default=0)
    headings = [grid.headings[i] if i < len(grid.headings) and grid.headings[i] else str(i + 1) for i in range(width)]
    columns = {name: [_cell(row, index) for row in grid.rows] for index, name in enumerate(headings) if index != column}
    return _of_texts([(row.number, _cell(row, column)) for row in grid.rows], columns, grid.where)


def _of_texts(cells: Sequence[tuple[int, Any]], columns: dict[str, list[Any]], where: str) -> Features:
    shapes: list[Any] = []
    unreadable: dict[int, Message | str] = {}
    srids: set[int] = set()
    for row, (_, cell) in enumerate(cells):
        shape = None
        try:
            if cell is not None:
                shape, srid = parsed(str(cell))
                srids.add(srid)
        except (shapely.errors.ShapelyError, ValueError, OverflowError, NotImplementedError) as error:
            unreadable[row] = why_not(str(cell), error)
        shapes.append(shape)
    return Features(
        geometries=object_array(shapes),
        columns=columns,
        declared=_crs(srids, where),
        is_assumed=True,
        unreadable=unreadable,
        rows=[number for number, _ in cells],
    )


def _crs(srids: set[int], where: str) -> CRS | None:
    named = sorted(srids - {0})
    if len(named) > 1 or (named and 0 in srids):
        raise InputError(
            Problem("importing.several-systems", where, systems=[f"SRID={number}" for number in sorted(srids)])
        )
    return declared_crs(named[0], where) if named else None


def _cell(row: Row, index: int) -> Any:
    return row.cells[index] if index < len(row.cells) else None
