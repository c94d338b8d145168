"""Files of figures as filled cells: the generated template, or a plain list; each with the cells that belong to it.

Nothing is judged here but the file itself; `geo.importing.coverage` checks what the cells say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.cells import CellError, as_period, says_cumulative
from geo.importing.cells.turned_days import DayColumn
from geo.importing.columns import Column, HeadingError, Headings, MatchedTable
from geo.importing.headings import heading_key
from geo.importing.headings.units import COUNT, DAY, PERIOD, WARD, is_scaled
from geo.importing.tables import Book, Cell, Limits, Row, Seen, Sheet, Table, open_book
from geo.importing.tables.layout import day_cell, is_total, says_total
from geo.importing.tables.model import is_blank
from geo.importing.tally import notices
from geo.importing.where import cell_place, sheet_place
from geo.reference.names import plain

INFO_SHEET, WARD_SHEET, CITY_SHEET = "Thông tin", "Xã, phường", "Thành phố"
_EXPLANATIONS = ("Giải thích", "Explanation")
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
COVERAGE_LIMITS = Limits(
    max_bytes=20_000_000, max_unpacked=200_000_000, max_rows=100_000, max_cells=5_000_000, max_strings=200_000
)
COVERAGE_COLUMNS: tuple[Column, ...] = (
    Column(
        "code", ("Mã xã phường", "ward_code", "mã đơn vị", "mã ĐVHC", "mã phường", "mã xã", "mã phường xã"),
        measure=WARD,
    ),
    Column(
        "ward", ("Xã phường", "ward", "tên xã phường", "địa phương", "đơn vị", "tên đơn vị", "tên xã", "tên phường",
                 "phường xã", "tên phường xã", "xã", "phường", "tên địa phương", "tên ĐVHC"), measure=WARD,
    ),
    Column("indicator", ("Chỉ tiêu", "indicator", "mã chỉ tiêu"), required=True),
    Column("period", ("Kỳ", "period", "kỳ báo cáo"), required=True, measure=PERIOD),
    Column(
        "value", ("Kết quả", "value", "giá trị", "số liệu", "trong kỳ", "thực hiện trong kỳ", "kết quả trong kỳ"),
        required=True, figure=True, instead="cumulative", measure=COUNT,
    ),
    Column("cumulative", ("Lũy kế từ đầu năm", "lũy kế", "cộng dồn"), figure=True, measure=COUNT),
    Column("day", ("Ngày", "day", "ngày của văn bản", "ngày văn bản"), required=True, measure=DAY),
    Column("document", ("Văn bản", "document", "số, ký hiệu văn bản", "số văn bản"), required=True),
    Column("office", ("Cơ quan", "office", "cơ quan nhập"), required=True),
)  # fmt: skip
"""The columns of a plain list; `code` or `ward` must be there too. `cumulative`: values since the start of the year."""

_WHOSE = ("code", "ward")
_IN_UNITS = ("period", "day")
"""Fields whose cells another unit of the heading makes other texts of."""
_UNITS = frozenset(("don vi", "ten don vi"))
"""Headings that mean the ward, unless another one does."""
_BODIES = ("ubnd ", "uy ban ", "cong an ", "phong ", "so ", "chi cuc ", "trung tam ", "van phong ", "phuong ", "xa ")

Place = str | Message


class CoverageHeadings(Headings):
    """The headings of figures; one that says 'lũy kế' in whatever other words is of cumulative ones."""

    def field_of(self, heading: str) -> str | None:
        """As `Headings.field_of`."""
        found = super().field_of(heading)
        is_of_values = found in (None, "value") and not self.is_mapped(heading)
        return "cumulative" if is_of_values and says_cumulative(heading) else found

    def match(self, table: Table) -> MatchedTable:
        """As `Headings.match`."""
        rows = list(table.rows)
        settled = replace(self, beside=self._units_beside(table, rows))
        return Headings.match(settled, replace(table, rows=iter(rows)))

    def _units_beside(self, table: Table, rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
        """A column *Đơn vị* beside one of wards: the office where it names bodies, else passed over (units)."""
        header = table.header
        fields = {heading: self.field_of(heading) for heading in header if heading}
        units = [heading for heading in fields if heading_key(heading) in _UNITS and not self.is_mapped(heading)]
        if not units or "ward" not in {name for heading, name in fields.items() if heading not in units}:
            return {}
        for heading in units:
            _check_unit_cells(table.name, heading, rows, header.index(heading))
        is_office = len(units) == 1 and "office" not in fields.values() and _names_bodies(rows, header.index(units[0]))
        return dict.fromkeys(units, ("office", "") if is_office else ("", "importing.columns-beside-ward"))


def _check_unit_cells(name: str, heading: str, rows: Sequence[Row], index: int) -> None:
    """Refuse figures whose unit, in a column of its own, is thousands or per cent.

    Raises
    ------
    InputError
        A cell of the column names such a unit; the first is named.
    """
    for row in rows:
        cell = row.cells[index] if index < len(row.cells) else None
        if isinstance(cell, str) and is_scaled(cell):
            where = Message("place.row", file=name, row=row.number)
            raise InputError(Problem("importing.unit-of-count", where, column=heading[:60], unit=cell[:60]))


def _names_bodies(rows: Sequence[Row], index: int) -> bool:
    cells = [row.cells[index] for row in rows if index < len(row.cells)]
    texts = [plain(str(cell)) for cell in cells if not is_blank(cell)]
    return bool(texts) and all(text.startswith(_BODIES) for text in texts)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One filled cell and what belongs to it, as it stands in the file.

    `where` is the place of the cell; `places` those of what belongs to it (`ward`, `period`, `day`...); `row` its row
    in the file. `to_date`: its value counts from the start of the year to the end of the period. `among_wards`: it
    names no ward in a list in which others do.
    """

    where: Place
    places: Mapping[str, Place]
    code: Cell
    ward: Cell
    indicator: Cell
    period: Cell
    value: Cell
    day: Cell
    document: Cell
    office: Cell
    row: int = 0
    to_date: bool = False
    among_wards: bool = False


@dataclass(frozen=True, slots=True)
class RawFile:
    """The filled cells of a file; `programme` is the id that a template names ('' if none).

    `rows`: how many rows (of a template: filled cells) were looked at; `passed`: those passed over, with the reason.
    `sheets`: among which the user may choose.
    """

    name: str
    entries: tuple[RawEntry, ...]
    rows: int
    passed: Mapping[int, str] = field(default_factory=dict)
    notices: tuple[Message, ...] = ()
    programme: str = ""
    sheets: tuple[str, ...] = ()


def read_raw(path: Path, headings: Headings, limits: Limits = COVERAGE_LIMITS, office: str = "") -> RawFile:
    """The filled cells of a file of figures; of a list without a column of the office they are of `office`.

    Raises
    ------
    DataFileMissingError, InputError
        As `open_book`, or a column or sheet is missing (`HeadingError`).
    PrivacyError
        A heading is about persons.
    """
    book = open_book(path, limits)
    titles = {plain(sheet.name): sheet for sheet in book.sheets}
    wanted = [titles.get(plain(title)) for title in (INFO_SHEET, WARD_SHEET, CITY_SHEET)]
    info, wards, city = wanted
    if info is not None and wards is not None and city is not None and not headings.sheet:
        return _template(book, info, wards, city)
    return _list(headings.find(book), office)


# ---- a plain list


def _list(sheet: MatchedTable, office: str) -> RawFile:
    table, days = sheet.table, DayColumn()
    if sheet.index("code") is None and sheet.index("ward") is None:
        named = COVERAGE_COLUMNS[1].headings[0]
        raise InputError(Problem("importing.column-missing", table.name, column=named, field="ward"))
    to_date = _is_to_date(sheet)
    value = "cumulative" if sheet.index("value") is None else "value"
    entries = []
    for row in table.rows:
        cells = sheet.cells(row)
        cells["value"] = cells[value]
        cells.setdefault("office", office)
        cells |= {name: sheet.in_unit(name, cells[name]) for name in _IN_UNITS}
        days.see(row.number, cells["day"])
        stray = _stray(sheet, row)
        if says_total(row) or any(is_total(str(cells.get(name) or "")) for name in _WHOSE):
            table.seen.passed[row.number] = "importing.passed-total"
            continue
        if stray is None and is_blank(cells["value"]):
            table.seen.passed[row.number] = "importing.passed-no-figure"
            continue
        entries.append(_listed(sheet, row, cells, stray, to_date=to_date))
    _check_own(sheet, entries)
    entries = _among_wards(entries)
    said = (*notices(table.seen, sheet), *days.notices(), *_beside(sheet), *_unit_as_office(sheet))
    said += () if sheet.index("office") is not None else (Message("importing.office-of-all", office=office),)
    seen = table.seen
    return RawFile(table.name, tuple(entries), seen.rows, seen.passed, said, sheets=seen.sheets)


def _among_wards(entries: list[RawEntry]) -> list[RawEntry]:
    """The entries, those that name no ward marked where others do."""
    bare = [is_blank(entry.code) and is_blank(entry.ward) for entry in entries]
    return entries if all(bare) else [replace(each, among_wards=none) for each, none in zip(entries, bare, strict=True)]


def _is_to_date(sheet: MatchedTable) -> bool:
    """Whether the headings say that values count from the start of the year."""
    period = sheet.index("period")
    return sheet.index("value") is None or (period is not None and says_cumulative(sheet.table.header[period]))


def _beside(sheet: MatchedTable) -> Iterator[Message]:
    """That of values of the period and cumulative ones the first are read."""
    read, left = sheet.index("value"), sheet.index("cumulative")
    if read is not None and left is not None:
        header = sheet.table.header
        yield Message("importing.cumulative-left", column=header[left], read=header[read])


def _unit_as_office(sheet: MatchedTable) -> Iterator[Message]:
    """That a column *Đơn vị* is read as the office."""
    office = sheet.index("office")
    heading = sheet.table.header[office] if office is not None else ""
    if heading_key(heading) in _UNITS and heading not in sheet.said:
        yield Message("importing.unit-is-office", column=heading)


def _check_own(sheet: MatchedTable, entries: Sequence[RawEntry]) -> None:
    """Ask whether values are those of the period itself where a title or the file says 'lũy kế' and no heading.

    Raises
    ------
    HeadingError
        They may be either: the user says which, by the field of the heading.
    """
    value, seen = sheet.index("value"), sheet.table.seen
    file = Path(sheet.table.name).stem.replace("_", " ").replace("-", " ")
    said = next((title for title in (*seen.titles, seen.sheet, file) if says_cumulative(title)), None)
    if value is None or said is None or sheet.index("cumulative") is not None or _is_to_date(sheet):
        return
    heading, header = sheet.table.header[value], sheet.table.header
    doubtful = next((entry for entry in entries if _may_be_either(entry.period)), None)
    if doubtful is None or heading in sheet.said:
        return
    named = [(text, column.field if column else "") for text, column in zip(header, sheet.columns, strict=True) if text]
    problem = Problem(
        "importing.cumulative-or-own", sheet.table.name, title=said[:80], column=heading, period=str(doubtful.period)
    )
    raise HeadingError([problem], named, seen.sheets)


def _may_be_either(period: Cell) -> bool:
    """Whether a period is not the same from the start of the year."""
    try:
        return not is_blank(period) and not says_cumulative(str(period)) and as_period(period).first_day.month > 1
    except CellError:
        return False  # said with its cell when the entry is checked


def _stray(sheet: MatchedTable, row: Row) -> int | None:
    """The first cell of a row that stands in a column without a heading."""
    width = len(sheet.columns)
    strays = [
        index
        for index, cell in enumerate(row.cells)
        if not is_blank(cell) and not sheet.is_left_out(index) and (index >= width or sheet.columns[index] is None)
    ]
    return strays[0] if strays else None


def _listed(sheet: MatchedTable, row: Row, cells: Mapping[str, Cell], stray: int | None, *, to_date: bool) -> RawEntry:
    places: dict[str, Place] = {
        column.field: cell_place(sheet.table, row.number, index)
        for index, column in enumerate(sheet.columns)
        if column is not None
    }
    if stray is not None:
        places["stray"] = cell_place(sheet.table, row.number, stray)
    places.setdefault("value", places.get("cumulative", ""))
    held = {**dict.fromkeys(("code", "ward")), **cells}
    held.pop("cumulative", None)
    return RawEntry(where=places["value"], places=places, row=row.number, to_date=to_date, among_wards=False, **held)


# ---- the template


@dataclass(frozen=True, slots=True)
class _About:
    """What the first sheet of the template says, and in which cell each of it stands."""

    values: Mapping[str, Cell]
    places: Mapping[str, Place]

    def entry(self, row: int, where: Place, ward: Place, who: tuple[Cell, Cell], cells: tuple[Cell, Cell]) -> RawEntry:
        held = {key: self.values.get(key) for key in ("period", "day", "document", "office")}
        places = {**self.places, "ward": ward, "code": ward}
        who_and_what = {"code": who[0], "ward": who[1], "indicator": cells[0], "value": cells[1]}
        return RawEntry(where, places, row=row, to_date=False, among_wards=False, **who_and_what, **held)


def _template(book: Book, info: Sheet, wards: Sheet, city: Sheet) -> RawFile:
    seen = Seen()
    about = _about(_seen_rows(info, Seen()), info)
    listed = _seen_rows(wards, seen)
    passed = {
        row.number: "importing.passed-total" for row in listed if row.number >= FIRST_WARD_ROW and says_total(row)
    }
    found = [
        *_ward_cells([row for row in listed if row.number not in passed], wards.name, about),
        *_city_cells(_seen_rows(city, seen), city.name, about),
    ]
    programme = about.values.get("programme")
    own = {plain(name) for name in (info.name, wards.name, city.name, *_EXPLANATIONS)}
    others = [sheet.name for sheet in book.sheets if plain(sheet.name) not in own]
    left = (Message("importing.sheets-beside-template", sheets=others),) if others else ()
    said = (*notices(seen), *left)
    rows = len(found) + len(passed)
    return RawFile(book.name, tuple(found), rows, passed, said, str(programme or "").strip())


def _seen_rows(sheet: Sheet, seen: Seen) -> list[Row]:
    rows = list(sheet.rows)
    seen.hidden += [row.number for row in rows if row.hidden]
    seen.formulas += sum(row.formulas for row in rows)
    heading = rows[0].cells if rows else ()
    hidden = (index for index in sorted(sheet.hidden_columns) if index < len(heading) and not is_blank(heading[index]))
    filled = [index for index in hidden if any(not is_blank(_at(row, index)) for row in rows[1:])]
    seen.hidden_columns += [(index, str(heading[index])) for index in filled]
    return rows


def _about(rows: Sequence[Row], sheet: Sheet) -> _About:
    labels = {plain(label): key for key, label in INFO_LABELS.items()}
    values: dict[str, Cell] = {}
    places: dict[str, Place] = dict.fromkeys(INFO_LABELS, Message("place.sheet", sheet=sheet.name))
    for row in rows:
        key = labels.get(plain(str(row.cells[0]))) if row.cells[0] is not None else None
        if key:
            cell = row.cells[1] if len(row.cells) > 1 else None
            values[key] = day_cell(cell, sheet) if key == "day" else cell
            places[key] = sheet_place(sheet.name, row.number, 1)
    return _About(values, places)


def _ward_cells(rows: Sequence[Row], sheet: str, about: _About) -> Iterator[RawEntry]:
    heading = _heading(rows, sheet, (CODE_LABEL, NAME_LABEL))
    code, name = heading.index(CODE_LABEL), heading.index(NAME_LABEL)
    for row in rows:
        if row.number < FIRST_WARD_ROW:
            continue
        who = _at(row, code), _at(row, name)
        if is_blank(who[0]) and is_blank(who[1]):
            who = None, "?"  # no entry of the city: it is refused as a ward that is not known
        for column in range(name + 2, len(row.cells)):
            if is_blank(row.cells[column]):
                continue
            where = sheet_place(sheet, row.number, column)
            named = heading[column] if column < len(heading) else ""
            ward = sheet_place(sheet, row.number, name)
            yield about.entry(row.number, where, ward, who, (named, row.cells[column]))


def _city_cells(rows: Sequence[Row], sheet: str, about: _About) -> Iterator[RawEntry]:
    heading = _heading(rows, sheet, (CODE_LABEL, VALUE_LABEL))
    code, value = heading.index(CODE_LABEL), heading.index(VALUE_LABEL)
    for row in rows[1:]:
        if not is_blank(_at(row, value)):
            where, named = sheet_place(sheet, row.number, value), sheet_place(sheet, row.number, code)
            yield about.entry(row.number, where, named, (None, None), (_at(row, code), _at(row, value)))


def _heading(rows: Sequence[Row], sheet: str, wanted: Sequence[str]) -> list[str]:
    heading = [str(cell).strip() if cell is not None else "" for cell in rows[0].cells] if rows else []
    absent = [label for label in wanted if label not in heading]
    if absent:
        raise InputError(
            Problem("importing.template-column-missing", Message("place.sheet", sheet=sheet), column=absent[0])
        )
    return heading


def _at(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else None
