"""Text files as tables: comma, semicolon, tab or bar between the cells, found out from the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from geo.importing.tables.encodings import table_text
from geo.importing.tables.model import Limits, Row, Sheet, refused, text_cell

_DELIMITERS = ",;\t|"
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 40, 65_536
_SEPARATOR_LINE = re.compile(r"\A\ufeff?\"?sep=(.)\"?[ ;,\t]*\r?\n", re.I)


def text_sheets(data: bytes, path: Path, limits: Limits) -> list[Sheet]:
    """The one sheet of a text file; a first line `sep=;` names the delimiter and is no row."""
    text, font = table_text(data, path)
    named = _SEPARATOR_LINE.match(text)
    body = text[named.end() :] if named else text
    delimiter = named[1] if named else _delimiter(body)
    return [Sheet("", _rows(body, delimiter, path, limits, font))]


def _rows(text: str, delimiter: str, path: Path, limits: Limits, font: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            fonts = tuple(font for cell in cells if font and not cell.isascii())
            yield Row(number, tuple(text_cell(cell, limits) for cell in cells), old_fonts=fonts)
    except csv.Error as error:
        raise refused("importing.damaged-text", path.name, row=number, reason=str(error)) from error


def _delimiter(text: str) -> str:
    """The sign that cuts most lines into equally many cells: titles and notes hold none of it, or few."""
    lines = text[:_SAMPLE_CHARACTERS].splitlines()[:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items()), default=0)
