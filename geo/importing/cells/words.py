"""Words: yes or no, terms of the vocabulary, codes, free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from geo.errors import UnknownNameError
from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell
from geo.records.model.vocabulary import Term, vocabulary
from geo.reference.names import plain

_YES = {"co", "x", "1", "yes", "y", "true", "da", "da xac minh", "dung", "roi", "dat"}
_NO = {"khong", "0", "no", "n", "false", "chua", "chua xac minh", "sai", "k", "chua dat"}
_DITTO = {"nt", "nhutren", "ditto", "ibid"}
_DITTO_MARKS = re.compile(r"[\"'“”‘’〃/]+")
_CODE_LENGTH = 5
_APART = re.compile(r"[,;|\n]")


def as_flag(cell: Cell) -> bool:
    """Yes or no: `có`, `x`, `1`, `yes`, `đã xác minh`; `không`, `0`, `no`, `chưa`."""
    cell = usable(cell)
    if isinstance(cell, bool):
        return cell
    key = plain(as_text(cell)).strip()
    if key in _YES or key in _NO:
        return key in _YES
    raise CellError("importing.no-yes-or-no", text=short(as_text(cell)))


def as_text(cell: Cell) -> str:
    """Text as written; a whole number without its decimals, a day as `dd/mm/yyyy`."""
    cell = usable(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell).strip()


def as_said(cell: Cell) -> str:
    """Text as written, but for a mark that it says what the cell above says (*nt*, *như trên*, `"`).

    Raises
    ------
    CellError
        It is such a mark: which cell above is meant, and whether rows were sorted since, nobody can know.
    """
    text = as_text(cell)
    bare = text.strip(" -–.()")
    if re.sub(r"[\s.]", "", plain(bare)) in _DITTO or _DITTO_MARKS.fullmatch(bare):
        raise CellError("importing.ditto", text=short(text))
    return text


def as_code(cell: Cell) -> str:
    """The id of a site, in capitals."""
    return as_text(cell).upper()


def as_ward_code(cell: Cell) -> str:
    """The code of a ward, with the noughts back that a spreadsheet took; text that is no number as it is.

    >>> as_ward_code(70), as_ward_code("Phường Láng")
    ('00070', 'Phường Láng')
    """
    text = as_text(cell)
    return text.zfill(_CODE_LENGTH) if text.isascii() and text.isdigit() else text


def as_term(group: str) -> Callable[[Cell], str]:
    """A reader of terms of a group of the vocabulary, by id or by Vietnamese or English label; it gives the id."""

    def read(cell: Cell) -> str:
        text = as_text(cell)
        try:
            return vocabulary().find(group, text).id
        except UnknownNameError as error:
            if several := _several(group, text):
                raise CellError("importing.several-terms", text=short(text), terms=several) from error
            terms = vocabulary().groups[group]
            options = [terms.get(name, name) for name in error.suggestions]
            raise CellError("importing.unknown-term", text=short(text), options=options) from error

    return read


def _several(group: str, text: str) -> list[Term]:
    """The terms of a cell that holds several, as a question with several answers does: apart by blanks or commas."""
    for parts in (text.split(), [part for part in _APART.split(text) if part.strip()]):
        try:
            found = [vocabulary().find(group, part.strip()) for part in parts]
        except UnknownNameError:
            continue
        if len(found) > 1:
            return found
    return []
