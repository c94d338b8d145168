"""An empty file to fill in: the headings of a kind of import, what goes in each, and the terms to choose from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from geo.errors import InputError, Problem
from geo.files import write_atomic
from geo.i18n.message import Message
from geo.importing.columns import Column
from geo.importing.reports.columns import REPORT_COLUMNS
from geo.records.model.vocabulary import Term, vocabulary

_ROWS = 5000


def write_report_template(path: str | Path) -> Path:
    """Write an empty file for reports, `.xlsx` (with explanations and lists to choose from) or `.csv`; return the path.

    Raises
    ------
    InputError
        The ending is another, or the file can't be written.
    """
    path = Path(path)
    lists = {"kind": vocabulary().terms("kind"), "channel": vocabulary().terms("channel")}
    if path.suffix.lower() == ".csv":
        return write_atomic(path, _csv(REPORT_COLUMNS))
    if path.suffix.lower() == ".xlsx":
        return write_atomic(path, _xlsx(REPORT_COLUMNS, lists))
    raise InputError(Problem("importing.no-template-kind", str(path), ending=path.suffix))


def _csv(columns: Sequence[Column]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([column.headings[0] for column in columns])
    return text.getvalue().encode("utf-8-sig")  # spreadsheets take it for Unicode by the mark


def _xlsx(columns: Sequence[Column], lists: dict[str, tuple[Term, ...]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    table = book.worksheets[0]
    table.title = "Tin báo"
    guide, terms = book.create_sheet("Hướng dẫn"), book.create_sheet("Danh mục")
    guide.append(["Cột", "Bắt buộc", "Cách ghi", "In English"])
    for number, column in enumerate(columns, start=1):
        heading = table.cell(1, number, column.headings[0])
        heading.font = Font(bold=True)
        table.column_dimensions[get_column_letter(number)].width = 18
        explained = Message(f"importing.report-column-{column.field}")
        guide.append([column.headings[0], "có" if column.required else "", explained.vi, explained.en])
    table.freeze_panes = "A2"
    for number, (field, entries) in enumerate(lists.items(), start=1):
        letter = get_column_letter(number)
        for row, term in enumerate((field, *(entry.vi for entry in entries)), start=1):
            terms.cell(row, number, term)
        choice = DataValidation(
            "list", formula1=f"'Danh mục'!${letter}$2:${letter}${len(entries) + 1}", allow_blank=True
        )
        target = get_column_letter([column.field for column in columns].index(field) + 1)
        choice.add(f"{target}2:{target}{_ROWS}")
        table.add_data_validation(choice)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
