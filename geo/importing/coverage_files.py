"""Entry files as officials fill them: the generated template (XLSX), or a plain list (CSV, XLSX), cell by cell.

Nothing is judged here but the file itself; `geo.importing.coverage` checks what the cells say.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.names import plain

INFO_SHEET, WARD_SHEET, CITY_SHEET = "Thông tin", "Xã, phường", "Thành phố"
INFO_LABELS = {
    "programme": "Chương trình",
    "period": "Kỳ báo cáo",
    "day": "Ngày của văn bản",
    "document": "Số, ký hiệu văn bản",
    "office": "Cơ quan nhập",
}
CODE_LABEL, NAME_LABEL, VALUE_LABEL = "Mã", "Tên xã, phường", "Kết quả"
FIRST_WARD_ROW = 3
"""Row of the first ward in the template; row 1 holds the entry ids, row 2 says what they are."""

_MAX_BYTES = 20_000_000
_MAX_UNPACKED = 200_000_000
_MAX_ROWS = 100_000
_HEADINGS: Mapping[str, Sequence[str]] = {
    "code": ("ward_code", "mã xã phường", "mã xã, phường", "mã đơn vị"),
    "ward": ("ward", "xã phường", "xã, phường", "tên xã phường", "tên xã, phường", "địa phương"),
    "indicator": ("indicator", "chỉ tiêu", "mã chỉ tiêu"),
    "period": ("period", "kỳ", "kỳ báo cáo"),
    "value": ("value", "giá trị", "kết quả", "số liệu"),
    "day": ("day", "ngày", "ngày của văn bản"),
    "document": ("document", "văn bản", "số, ký hiệu văn bản"),
    "office": ("office", "cơ quan", "cơ quan nhập"),
}
_BY_HEADING = {plain(text).replace(",", ""): key for key, texts in _HEADINGS.items() for text in texts}
_REQUIRED = ("indicator", "period", "value", "day", "document", "office")


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One filled cell and what belongs to it, as it stands in the file.

    `where` is the cell's sheet, row and column; `places` those of what belongs to it (`ward`, `period`, `day`...).
    """

    where: str
    places: Mapping[str, str]
    code: object
    ward: object
    indicator: object
    period: object
    value: object
    day: object
    document: object
    office: object


def read_raw(path: Path) -> tuple[list[RawEntry], str]:
    """The filled cells of an entry file, and the programme id that it names ('' if none).

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is too large, is neither CSV nor XLSX, or lacks a column or sheet.
    """
    data = read_bytes(path)
    if len(data) > _MAX_BYTES:
        raise InputError(Problem(f"holds {len(data):,} bytes", path.name, "give a file of at most 20 MB"))
    if path.suffix.lower() == ".csv":
        return _list_rows(_csv_rows(data, path.name), path.name, _csv_place), ""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(data, path.name)
    raise InputError(Problem("is neither CSV nor XLSX", path.name, "save it as .xlsx or .csv"))


def _csv_rows(data: bytes, name: str) -> list[Sequence[object]]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        where = f"{name}: byte {error.start}"
        raise InputError(Problem("is not UTF-8", where, "save it as 'CSV UTF-8' in the spreadsheet")) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(Problem(f"is not CSV: {error}", name, "save it anew from the spreadsheet")) from error


def _workbook(data: bytes, name: str) -> tuple[list[RawEntry], str]:
    sheets = _sheets(data, name)
    titles = {plain(title): title for title in sheets}
    wanted = [titles.get(plain(title)) for title in (INFO_SHEET, WARD_SHEET, CITY_SHEET)]
    info, wards, city = wanted
    if info is None or wards is None or city is None:
        first = next(iter(sheets))
        return _list_rows(sheets[first], name, _sheet_place(first)), ""
    about = _about(sheets[info], info)
    found = list(_ward_cells(sheets[wards], wards, about)) + list(_city_cells(sheets[city], city, about))
    return found, str(about.values.get("programme") or "").strip()


def _sheets(data: bytes, name: str) -> dict[str, list[Sequence[object]]]:
    from openpyxl import load_workbook

    _check_unpacked(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know concern looks, not figures
            book = load_workbook(io.BytesIO(data), data_only=True, read_only=True)
            sheets = {sheet.title: _rows(sheet, name) for sheet in book.worksheets}
            book.close()
    except InputError:
        raise
    except Exception as error:
        raise InputError(Problem(f"can't be read as a workbook: {error}", name, "save it anew as .xlsx")) from error
    if not sheets:
        raise InputError(Problem("holds no sheet", name, "use the template"))
    return sheets


def _rows(sheet: Any, name: str) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    for row in sheet.iter_rows(values_only=True):
        rows.append(row)
        if len(rows) > _MAX_ROWS:
            where = f"{name}: sheet '{sheet.title}'"
            raise InputError(
                Problem(f"holds more than {_MAX_ROWS:,} rows", where, "remove the empty rows, or split it")
            )
    return rows


def _check_unpacked(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(Problem("is not a workbook", name, "save it as .xlsx")) from error
    if size > _MAX_UNPACKED:
        raise InputError(Problem(f"unpacks to {size:,} bytes", name, "give a workbook of figures only"))


def _list_rows(rows: Sequence[Sequence[object]], name: str, place: Callable[[int, int], str]) -> list[RawEntry]:
    """Rows of a plain list: a heading, then a row for each figure."""
    start = next((number for number, row in enumerate(rows) if len(_columns(row)) >= 3), None)
    columns = _columns(rows[start]) if start is not None else {}
    absent = [key for key in _REQUIRED if key not in columns]
    absent += [] if {"code", "ward"} & set(columns) else ["ward"]
    if start is None or absent:
        what = "columns are missing: " + ", ".join(absent)
        raise InputError(
            Problem(what, f"{name}: heading", "give ward, indicator, period, value, day, document, office")
        )
    unknown = [
        str(cell) for number, cell in enumerate(rows[start]) if not is_blank(cell) and number not in columns.values()
    ]
    if unknown:
        what = f"column '{unknown[0]}' is not known"
        raise InputError(Problem(what, f"{name}: heading", "remove it; figures only, nothing about persons"))
    found = []
    for number, row in enumerate(rows[start + 1 :], start + 1):
        cells = {key: row[column] if column < len(row) else None for key, column in columns.items()}
        if is_blank(cells["value"]):
            continue
        places = {key: f"{name}: {place(number, column)}" for key, column in columns.items()}
        told = {**dict.fromkeys(("code", "ward")), **cells}
        found.append(RawEntry(where=places["value"], places=places, **told))
    return found


def _columns(row: Sequence[object]) -> dict[str, int]:
    keys = [_BY_HEADING.get(plain(str(cell)).replace(",", "").strip()) if cell is not None else None for cell in row]
    return {key: number for number, key in reversed(list(enumerate(keys))) if key}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the first sheet of the template says, and in which cell each of it stands."""

    values: Mapping[str, object]
    places: Mapping[str, str]

    def entry(self, where: str, ward_place: str, who: tuple[object, object], cells: tuple[object, object]) -> RawEntry:
        told = {key: self.values.get(key) for key in ("period", "day", "document", "office")}
        places = {**self.places, "ward": ward_place, "code": ward_place}
        return RawEntry(where, places, code=who[0], ward=who[1], indicator=cells[0], value=cells[1], **told)


def _about(rows: Sequence[Sequence[object]], sheet: str) -> _Told:
    labels = {plain(label): key for key, label in INFO_LABELS.items()}
    values: dict[str, object] = {}
    places = dict.fromkeys(INFO_LABELS, f"sheet '{sheet}'")
    for number, row in enumerate(rows):
        key = labels.get(plain(str(row[0]))) if len(row) > 1 and row[0] is not None else None
        if key:
            values[key], places[key] = row[1], _sheet_place(sheet)(number, 1)
    return _Told(values, places)


def _ward_cells(rows: Sequence[Sequence[object]], sheet: str, about: _Told) -> Iterator[RawEntry]:
    heading = [str(cell).strip() if cell is not None else "" for cell in rows[0]] if rows else []
    absent = [label for label in (CODE_LABEL, NAME_LABEL) if label not in heading]
    if absent:
        raise InputError(Problem(f"column '{absent[0]}' is missing", f"sheet '{sheet}'", "use the template anew"))
    code, name = heading.index(CODE_LABEL), heading.index(NAME_LABEL)
    place = _sheet_place(sheet)
    known = {column: text for column, text in enumerate(heading) if text and column > name + 1}
    for number, row in enumerate(rows[FIRST_WARD_ROW - 1 :], FIRST_WARD_ROW - 1):
        for column, indicator in known.items():
            if column < len(row) and not is_blank(row[column]):
                # A row without a name is no entry of the city: it is refused as a ward that is not known.
                who = (row[code], "?" if is_blank(row[code]) and is_blank(row[name]) else row[name])
                yield about.entry(place(number, column), place(number, name), who, (indicator, row[column]))


def _city_cells(rows: Sequence[Sequence[object]], sheet: str, about: _Told) -> Iterator[RawEntry]:
    heading = [str(cell).strip() if cell is not None else "" for cell in rows[0]] if rows else []
    absent = [label for label in (CODE_LABEL, VALUE_LABEL) if label not in heading]
    if absent:
        raise InputError(Problem(f"column '{absent[0]}' is missing", f"sheet '{sheet}'", "use the template anew"))
    code, value = heading.index(CODE_LABEL), heading.index(VALUE_LABEL)
    place = _sheet_place(sheet)
    for number, row in enumerate(rows[1:], 1):
        if value < len(row) and not is_blank(row[value]):
            yield about.entry(place(number, value), place(number, code), (None, None), (row[code], row[value]))


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing; 0 says something."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _csv_place(row: int, column: int) -> str:
    return f"row {row + 1}, column {column + 1}"


def _sheet_place(sheet: str) -> Callable[[int, int], str]:
    from openpyxl.utils import get_column_letter

    return lambda row, column: f"sheet '{sheet}', cell {get_column_letter(column + 1)}{row + 1}"
