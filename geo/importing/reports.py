"""Reports from a file: every problem by row and column, and all rows or none.

`read_reports` reads and checks without writing (the dry run); `commit` writes what it read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.importing.cell_parsers import (
    CellError,
    as_code,
    as_day,
    as_degrees,
    as_flag,
    as_metres,
    as_term,
    as_text,
    checked,
)
from geo.importing.tabular_files import LIMITS, Cell, Limits, Table, open_table
from geo.records.entries import Actor, BatchReceipt, NewReport
from geo.records.kinds.report import outside_fault, report_wards
from geo.records.model.errors import PrivacyError
from geo.records.store import Store
from geo.records.validation.entry_checks import Fault
from geo.records.validation.privacy import refused_column
from geo.reference.names import plain

MAX_PROBLEMS = 1000
_STEP = 5_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file may have: the `field` that it fills, its `headings` (the first is the template's), a reader.

    `explain` and `explain_en` say in the template what goes in.
    """

    field: str
    headings: tuple[str, ...]
    read: Callable[[Cell], object]
    explain: str
    explain_en: str
    required: bool = False


REPORT_COLUMNS: tuple[Column, ...] = (
    Column(
        "day", ("Ngày", "Ngày nhận tin", "Ngày ghi nhận", "day", "date"), as_day,
        "Ngày ghi nhận, dd/mm/yyyy", "Day of the observation, dd/mm/yyyy", required=True,
    ),
    Column(
        "kind", ("Loại tin", "Loại", "Loại tin báo", "kind", "type"), as_term("kind"),
        "Một trong các loại ở trang 'Danh mục'", "One of the kinds on the sheet 'Danh mục'", required=True,
    ),
    Column(
        "channel", ("Nguồn tin", "Nguồn", "Kênh", "channel", "source"), as_term("channel"),
        "Một trong các nguồn ở trang 'Danh mục'", "One of the sources on the sheet 'Danh mục'", required=True,
    ),
    Column(
        "lon", ("Kinh độ", "lon", "longitude", "lng", "x"), as_degrees,
        "WGS 84, ví dụ 105.8542; bỏ trống nếu ghi mã điểm", "WGS 84 degrees; blank where a site is given",
    ),
    Column(
        "lat", ("Vĩ độ", "lat", "latitude", "y"), as_degrees,
        "WGS 84, ví dụ 21.0285; bỏ trống nếu ghi mã điểm", "WGS 84 degrees; blank where a site is given",
    ),
    Column(
        "site_id", ("Mã điểm", "Điểm", "site", "site id"), as_code,
        "Mã điểm phức tạp, ví dụ HN-I-1; bỏ trống nếu ghi tọa độ", "Id of a site; blank where a point is given",
    ),
    Column(
        "chainage_m", ("Lý trình", "Lý trình m", "chainage", "chainage m"), as_metres,
        "Số mét từ đầu tuyến của điểm, ví dụ 1250 hoặc Km 1+250", "Metres from the start of the site's route",
    ),
    Column(
        "verified", ("Đã xác minh", "Xác minh", "verified"), as_flag,
        "có hoặc không; bỏ trống là không", "có (yes) or không (no); blank is no",
    ),
    Column(
        "note", ("Ghi chú", "Nội dung", "note", "remark"), as_text,
        "Chỉ mô tả địa bàn; không ghi tên, số điện thoại, giấy tờ, địa chỉ nhà của bất kỳ ai",
        "About the place only: no name, telephone, identity number or home address of anyone",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What a file would write: `reports` in the order of its rows, and the `digest` of the file."""

    name: str
    digest: str
    reports: tuple[NewReport, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose headings were recognised: `columns` stand beside the headings, None where a heading is empty."""

    table: Table
    columns: tuple[Column | None, ...]

    def problem(self, row: int, index: int, what: str, remedy: str) -> Problem:
        """A problem of a cell: the row as a spreadsheet numbers it, the column by letter and heading."""
        heading = self.table.header[index] if index < len(self.table.header) else ""
        letter = chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)
        return Problem(
            what, f"{self.table.name}: row {row}, column {letter}" + (f" '{heading}'" if heading else ""), remedy
        )

    def fault(self, row: int, fault: Fault) -> Fault:
        """The fault of an entry, told by the cell that holds its field (the first column where none does)."""
        fields = [column.field if column is not None else "" for column in self.columns]
        index = fields.index(fault.field) if fault.field in fields else 0
        problem = self.problem(row, index, fault.problem.what, fault.problem.remedy)
        return Fault(fault.field, problem, fault.private)


def read_reports(
    path: str | Path, store: Store, *, limits: Limits = LIMITS, progress: Callable[[int], None] | None = None
) -> ReportFile:
    """Read and check a file of reports without writing anything.

    `progress` is called with the number of rows read so far.

    Raises
    ------
    DataFileMissingError, InputError
        The file can't be read as a table, or its headings are not those of reports.
    PrivacyError
        A heading or a cell is about a person; the other problems are named with it.
    InputError
        Rows can't be used: every problem with row and column (the first 1,000).
    """
    sheet = match(open_table(path, limits), REPORT_COLUMNS)
    faults: list[Fault] = []
    found: list[NewReport] = []
    rows = _reports(sheet, faults)
    while batch := list(islice(rows, _STEP)):
        found += _sound(sheet, batch, store, faults)
        if progress is not None:
            progress(len(found))
        if len(faults) >= MAX_PROBLEMS:
            break
    _raise(sheet.table.name, faults)
    if not found:
        raise InputError(Problem("holds headings but no rows", sheet.table.name, "add a row for each report"))
    return ReportFile(sheet.table.name, sheet.table.digest, tuple(found))


def commit(
    store: Store, file: ReportFile, actor: Actor, *, progress: Callable[[int], None] | None = None
) -> BatchReceipt:
    """Write all reports of a file that was read, in one transaction, once.

    Raises
    ------
    InputError
        The same file was imported before.
    StoreError
        The database failed; nothing was written.
    """
    return store.add_reports(file.reports, actor, source=file.digest, progress=progress)


def heading_key(heading: str) -> str:
    """The comparison key of a heading: `Kinh độ (°)*` and `kinh do` are the same."""
    bare = heading.split("(", 1)[0].replace("_", " ").strip(" *:")
    return plain(bare)


def match(table: Table, columns: Sequence[Column]) -> Sheet:
    """The table with its headings recognised as `columns`, by any of their names.

    Raises
    ------
    PrivacyError
        A heading is about persons.
    InputError
        A heading is not known or stands twice, or a required column is missing; all are named.
    """
    private = [heading for heading in table.header if refused_column(heading)]
    if private:
        what = f"has columns about persons: {', '.join(private)}"
        raise PrivacyError(Problem(what, table.name, "delete these columns; this tool holds nothing about persons"))
    known = {heading_key(heading): column for column in columns for heading in (*column.headings, column.field)}
    matched = tuple(known.get(heading_key(heading)) for heading in table.header)
    problems = [
        Problem(f"column '{heading[:60]}' is not known", table.name, "delete it, or head it as in the template")
        for heading, column in zip(table.header, matched, strict=True)
        if heading and column is None
    ]
    for column in columns:
        times = matched.count(column)
        if times > 1:
            problems.append(Problem(f"column '{column.headings[0]}' stands twice", table.name, "keep one"))
        if column.required and times == 0:
            problems.append(Problem(f"column '{column.headings[0]}' is missing", table.name, "use the template"))
    if problems:
        raise InputError(problems)
    return Sheet(table, matched)


def read_row(sheet: Sheet, number: int, cells: tuple[Cell, ...], faults: list[Fault]) -> dict[str, Any] | None:
    """The values of a row by field; None where a cell can't be read, and why goes to `faults`."""
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for index in range(max(len(cells), len(sheet.columns))):
        cell = cells[index] if index < len(cells) else None
        column = sheet.columns[index] if index < len(sheet.columns) else None
        try:
            if column is None and cell is not None:
                raise CellError("stands in a column without a heading", "delete it")
            if column is not None and cell is not None:
                values[column.field] = column.read(checked(cell))
            elif column is not None and column.required:
                raise CellError("is empty", "fill it in")
        except CellError as error:
            wrong.append(sheet.problem(number, index, error.what, error.remedy))
    faults += [Fault("", problem) for problem in wrong]
    return None if wrong else values


def _reports(sheet: Sheet, faults: list[Fault]) -> Iterator[tuple[int, NewReport]]:
    for number, cells in sheet.table.rows:
        values = read_row(sheet, number, cells, faults)
        if values is not None:
            yield number, NewReport(**values)
        if len(faults) >= MAX_PROBLEMS:
            return


def _sound(sheet: Sheet, batch: list[tuple[int, NewReport]], store: Store, faults: list[Fault]) -> Iterator[NewReport]:
    """The reports of a batch that may be stored; what is wrong with the others goes to `faults`."""
    codes = report_wards([report for _, report in batch], store.registers)
    for (row, report), code in zip(batch, codes, strict=True):
        wrong = store.check_form(report)
        outside = None if wrong else outside_fault(report, code, store.registers)
        wrong += [outside] if outside is not None else []
        faults += [sheet.fault(row, fault) for fault in wrong]
        if not wrong:
            yield report


def _raise(name: str, faults: list[Fault]) -> None:
    if not faults:
        return
    problems = [fault.problem for fault in faults[:MAX_PROBLEMS]]
    if len(faults) >= MAX_PROBLEMS:
        problems.append(Problem(f"more than {MAX_PROBLEMS} problems; the rest was not looked at", name))
    raise PrivacyError(problems) if any(fault.private for fault in faults) else InputError(problems)
