"""Tables with geometries: a column of WKT, or vertices in order with their coordinates; WKT alone, a line each."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.tabular.named_systems import with_named_system
from geo.importing.geometries.formats.tabular.place_text import place_text
from geo.importing.geometries.formats.tabular.row_ends import ends_features, find_ends
from geo.importing.geometries.formats.tabular.second_places import BOTH, cell_of, second_places
from geo.importing.geometries.formats.tabular.vertices import find_vertices, vertex_features
from geo.importing.geometries.formats.well_known import is_well_known, parsed, why_not
from geo.importing.geometries.model import Features, TooLargeError, object_array, unusable
from geo.importing.geometries.source import Source
from geo.importing.geometries.systems.declared import declared_crs
from geo.importing.headings import heading_key
from geo.importing.headings.unit_rows import units_in_row
from geo.importing.tables import BadCell, Cell, Row, Sheet, open_book
from geo.importing.tables import Limits as TableLimits
from geo.importing.tables.encodings import decoded, table_text
from geo.importing.tables.old_fonts import FontOfSheet
from geo.importing.tables.sheets import padded, texts_of
from geo.importing.tables.text import text_sheets
from geo.importing.where import number_list

if TYPE_CHECKING:
    from pyproj import CRS

_WKT_HEADINGS = frozenset(
    ("wkt", "geom", "geometry", "the geom", "wkt geom", "geom wkt", "shape", "hinh hoc", "wkb geometry", "wkb", "ewkt")
)
_TITLE_ROWS = 20
_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK", b"\xd0\xcf")
_FIGURE = re.compile(r"(?a)[-+]?\d+(?:[.,]\d+)?")
_METRES = re.compile(r"(?a)(?<![\d.,])\d{6,7}(?:[.,]\d+)?(?![\d.,])")
"""A coordinate in metres, as instruments list them without headings."""
_LONGEST = 20_000_000
_MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table below its headings; `headings` are '' where the table has none."""

    where: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with all its rows, the headings among them."""

    name: str
    rows: list[Row]
    hidden: bool = False


def table_features(source: Source) -> dict[str, Features]:
    """The features of each sheet that has geometries, by its name.

    Raises
    ------
    InputError
        No sheet has any, or a row can't be read; every one is named.
    """
    found: dict[str, Features] = {}
    sheets = _sheets(source)
    for sheet in sheets:
        features = None if sheet.hidden else _sheet(source.where, sheet.rows)
        if features is not None:
            _check_written(source.where, sheet.rows)
            found[sheet.name] = replace(features, notes=(*_hidden(sheets, sheet), *features.notes))
    return found or _otherwise(source, [sheet.rows for sheet in sheets])


def _check_written(where: str, rows: Sequence[Row]) -> None:
    """Refuse cells of which nobody knows what they say: part of them is struck out."""
    struck = ((row.number, cell) for row in rows for cell in row.cells if isinstance(cell, BadCell) and cell.text)
    problems = [
        Problem(cell.code, Message("place.row", file=where, row=number), **cell.parameters) for number, cell in struck
    ]
    if problems:
        raise InputError(problems)


def _hidden(sheets: Sequence[_Sheet], sheet: _Sheet) -> Iterable[Message]:
    """That rows are hidden, which are read, and sheets, which are not; and that cells were of a font before Unicode."""
    for font, count in Counter(chain.from_iterable(row.old_fonts for row in sheet.rows)).items():
        yield Message("importing.old-fonts", count=count, font=font)
    rows = [row.number for row in sheet.rows if row.hidden]
    if rows:
        yield Message("importing.hidden-rows", count=len(rows), rows=number_list(rows))
    hidden = [other.name for other in sheets if other.hidden and other.rows]
    if hidden:
        yield Message("importing.hidden-sheets", sheets=hidden)


def _otherwise(source: Source, sheets: Sequence[Sequence[Row]]) -> dict[str, Features]:
    """What is read where no sheet has places by its headings or its columns: a text of places.

    Raises
    ------
    InputError
        It is none; what was seen is said.
    """
    firsts = [[str(cell) for cell in rows[0].cells if cell is not None] for rows in sheets if rows]
    try:
        if source.head().startswith(_WORKBOOKS):
            raise unusable("importing.text-without-places", source.where, line="", count=0)
        return {source.stem: place_text(decoded(source.content(), Path(source.where)), source.where)}
    except InputError as error:
        seen = [cell for cells in firsts for cell in cells][:12]
        is_of_places = error.problems[0].code == "importing.text-without-places"
        if is_of_places and len(_METRES.findall(" ".join(seen) or str(error.problems[0].parameters["line"]))) > 1:
            raise unusable("importing.survey-without-headings", source.where, columns=seen) from None
        is_table = any(len(cells) > 1 for cells in firsts) or source.head().startswith(_WORKBOOKS)
        if not is_of_places or not is_table:
            raise
        has_numbers = any(_FIGURE.fullmatch(cell.strip()) for cell in seen)
        code = "importing.table-without-headings" if has_numbers else "importing.table-without-places"
        raise unusable(code, source.where, columns=seen) from None


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


def _sheets(source: Source) -> list[_Sheet]:
    head = source.head()
    most = max(source.limits.max_features, source.limits.max_vertices)  # a row may be a vertex
    limits = TableLimits(max_rows=most, max_columns=_MOST_COLUMNS, max_text=_LONGEST)
    if head.startswith(_WORKBOOKS):
        ending = source.ending if source.ending in (".xlsx", ".xlsm", ".xls", ".ods") else _workbook(source)
        book = open_book(source.on_disk(ending), limits)
        return [_Sheet(sheet.name, _unmerged(sheet), sheet.hidden) for sheet in book.sheets]
    csv.field_size_limit(_LONGEST)  # the standard one is shorter than a province's border
    text, font = table_text(source.content(), Path(source.where))
    named = _delimiter(text)
    data = (f"sep={named}\n{text}" if named else text).encode()
    [sheet] = text_sheets(data, Path(source.where), limits)
    rows = [row for row in islice(sheet.rows, most + 1) if any(cell is not None for cell in row.cells)]
    if len(rows) > most:
        raise TooLargeError(Problem("importing.too-many-vertices", source.where, count=len(rows), most=most))
    of_sheet = FontOfSheet()
    return [_Sheet(source.stem, [_of_font(row, font) if font else of_sheet.in_unicode(row) for row in rows])]


def _of_font(row: Row, font: str) -> Row:
    changed = sum(isinstance(cell, str) and not cell.isascii() for cell in row.cells)
    return row._replace(old_fonts=(font,) * changed)


def _unmerged(sheet: Sheet) -> list[Row]:
    """The rows of a sheet; what stands in a merged cell stands in each of its rows."""
    rows = list(sheet.rows)
    by = {row.number: place for place, row in enumerate(rows)}
    for first, spans in sheet.spans.items():
        for span in spans:
            value = cell_of(rows[by[first]], span.column) if first in by else None
            for number in range(first + 1, span.last_row + 1):
                if number in by and value is not None and cell_of(rows[by[number]], span.column) is None:
                    rows[by[number]] = _with(rows[by[number]], span.column, value)
    return rows


def _with(row: Row, column: int, value: Cell) -> Row:
    cells = [*row.cells, *[None] * (column + 1 - len(row.cells))]
    cells[column] = value
    return row._replace(cells=tuple(cells))


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
    for line in (line for line in lines if "{" not in line):  # no headings, but GeoJSON in a cell
        for sign in _DELIMITERS:
            keys = [heading_key(cell.strip().strip('"')) for cell in line.split(sign)]
            if len(keys) > 1 and (find_vertices(keys) or _WKT_HEADINGS.intersection(keys)):
                return sign
    return ";" if ";" in lines[0] else ""


def _sheet(where: str, rows: list[Row]) -> Features | None:
    rows, passed = _without_units(rows)
    made = _table(where, rows)
    return replace(made, passed={**passed, **made.passed}) if made is not None and passed else made


def _table(where: str, rows: list[Row]) -> Features | None:
    for start in range(min(len(rows), _TITLE_ROWS)):
        headings, height = _headings(rows, start)
        keys = [heading_key(heading) for heading in headings]
        grid = Grid(where, headings, tuple(rows[start + height :]))
        column = next((index for index, key in enumerate(keys) if key in _WKT_HEADINGS), None)
        above = [text for row in rows[: start + height - 1] for text in texts_of(row)]
        if column is not None and any(is_well_known(cell_of(row, column)) for row in grid.rows):
            return with_named_system(_of_column(grid, column), headings, grid.rows, [*above, headings[column]], where)
        lines = next((index for index, key in enumerate(keys) if key in BOTH), None)
        if lines is not None and any(is_well_known(cell_of(row, lines)) for row in grid.rows):
            return with_named_system(_of_column(grid, lines), headings, grid.rows, [*above, headings[lines]], where)
        ends = find_ends(keys, grid.rows)
        if ends is not None:
            own = [headings[index] for pair in ends for index in pair]
            made = ends_features(where, headings, grid.rows, ends)
            return with_named_system(made, headings, grid.rows, [*above, *own], where)
        places = find_vertices(keys)
        if places is not None:
            made = vertex_features(where, headings, grid.rows, places)
            own = [headings[index] for index in (places.first, places.second)]
            return with_named_system(made, headings, grid.rows, [*above, *own], where)
        if column is not None and any(cell_of(row, column) is not None for row in grid.rows):
            return _of_column(grid, column)  # no cell is a geometry: each says what is wrong with it
    return _by_content(where, rows) or _without_headings(where, rows)


def _without_units(rows: list[Row]) -> tuple[list[Row], dict[int, str]]:
    """The rows without the one of units below the headings, which say them instead; its number, and why it is gone."""
    for start in range(min(len(rows), _TITLE_ROWS)):
        headings, height = _headings(rows, start)
        below = start + height
        units = units_in_row(rows[below].cells) if below < len(rows) else None
        if units is not None and any(headings):
            named = _with_units(rows[below - 1], headings, units)
            return [*rows[: below - 1], named, *rows[below + 1 :]], {rows[below].number: "importing.row-of-units"}
    return rows, {}


def _with_units(row: Row, headings: Sequence[str], units: Sequence[str]) -> Row:
    """The row of the headings, each with the unit that stands below it in brackets."""
    pairs = zip(headings, padded(tuple(units), len(headings)), strict=False)
    cells = (f"{heading} ({unit})" if unit and heading else heading or None for heading, unit in pairs)
    return row._replace(cells=tuple(cells))


def _headings(rows: Sequence[Row], start: int) -> tuple[tuple[str, ...], int]:
    """The headings that begin at a row, and how many rows they are: two where the one below names the parts of a place
    (*Tọa độ*: *Kinh độ*, *Vĩ độ*) that stand beside other headings."""
    upper = texts_of(rows[start])
    lower = texts_of(rows[start + 1]) if start + 1 < len(rows) else ()
    parts = find_vertices([heading_key(text) for text in lower])
    if parts is None or parts.first == parts.second or sum(map(bool, upper)) < 2:
        return upper, 1
    width = max(len(upper), len(lower))
    return tuple(part or whole for part, whole in zip(padded(lower, width), padded(upper, width), strict=True)), 2


def _by_content(where: str, rows: list[Row]) -> Features | None:
    """The first column that holds geometries, whatever it is called in the row above them."""
    for start, row in enumerate(rows[1 : _TITLE_ROWS + 1], 1):
        column = next((index for index, cell in enumerate(row.cells) if is_well_known(cell)), None)
        above = None if column is None else cell_of(rows[start - 1], column)
        if column is not None:
            if above is None or is_well_known(above):
                return None
            headings = tuple("" if cell is None else str(cell).strip() for cell in rows[start - 1].cells)
            made = _of_column(Grid(where, headings, tuple(rows[start:])), column)
            return replace(made, notes=(Message("importing.geometry-column", column=headings[column]), *made.notes))
    return None


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
    columns = {
        name: [cell_of(row, index) for row in grid.rows] for index, name in enumerate(headings) if index != column
    }
    made = _of_texts([(row.number, cell_of(row, column)) for row in grid.rows], columns, grid.where)
    keys, shapes = [heading_key(heading) for heading in grid.headings], dict(enumerate(made.geometries))
    return replace(made, notes=second_places(grid.where, headings, keys, grid.rows, (column,), shapes))


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
        none = [Message("importing.no-srid")] if 0 in srids else []
        systems = [*(f"SRID={number}" for number in named), *none]
        raise InputError(Problem("importing.several-systems", where, systems=systems))
    return declared_crs(named[0], where) if named else None
