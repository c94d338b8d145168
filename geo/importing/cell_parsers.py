"""From a cell to a value: days, numbers, chainages, yes or no, terms, as officials write them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date

from geo.errors import UnknownNameError
from geo.importing.tabular_files import BadCell, Cell
from geo.records.model.vocabulary import vocabulary
from geo.reference.names import plain


class CellError(Exception):
    """A cell that can't be read: `what` is wrong and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


_ISO = re.compile(r"(?a)(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(?a)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_KM = re.compile(r"(?a)(?:km\s*)?(\d{1,4})\s*\+\s*(\d{1,3}(?:[.,]\d+)?)", re.I)
_UNIT = re.compile(r"\s*(?:m|mét|metres?|meters?)\.?$", re.I)
_YES = {"co", "x", "1", "yes", "y", "true", "da", "da xac minh", "dung", "roi"}
_NO = {"khong", "0", "no", "n", "false", "chua", "chua xac minh", "sai", "k"}


def as_day(cell: Cell) -> date:
    """A day: a date cell, `dd/mm/yyyy` (day first, always) or `yyyy-mm-dd`.

    >>> as_day("7/1/2026")
    datetime.date(2026, 1, 7)
    """
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    remedy = "write dd/mm/yyyy, like 07/01/2026"
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso is None and day_first is None:
        raise CellError(f"'{_short(text)}' is not a date", remedy)
    year, month, day = map(int, iso.groups() if iso else reversed(day_first.groups()))  # type: ignore[union-attr]
    try:
        return date(year, month, day)
    except ValueError as error:
        hint = "the day comes first: " if month > 12 >= day else ""
        raise CellError(f"'{_short(text)}' is no day of the calendar", hint + remedy) from error


def as_degrees(cell: Cell) -> float:
    """Degrees: a number, or text with a decimal comma or point.

    >>> as_degrees("105,8542")
    105.8542
    """
    return _number(cell, "write decimal degrees, like 105.8542")


def as_metres(cell: Cell) -> float:
    """A chainage in metres: `1250`, `1250,5`, `1250 m`, `1.250,5`, `Km 1+250`.

    >>> as_metres("Km 1+250")
    1250.0
    """
    if not isinstance(cell, str):
        return _number(cell, "write metres, like 1250")
    kilometres = _KM.fullmatch(cell.strip())
    if kilometres:
        return int(kilometres[1]) * 1000 + float(kilometres[2].replace(",", "."))
    text = _UNIT.sub("", cell.strip())
    if re.fullmatch(r"(?a)\d{1,3}[.,]\d{3}", text):
        raise CellError(
            f"'{_short(text)}' may be {text.replace(text[-4], '')} or {text[:-4]} metres", "write 1250 or 1,25"
        )
    for thousands, decimal in ((".", ","), (",", ".")):
        if re.fullmatch(rf"(?a)\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d+)?", text):
            text = text.replace(thousands, "").replace(decimal, ".")
    return _number(text, "write metres, like 1250")


def as_flag(cell: Cell) -> bool:
    """Yes or no: `có`, `x`, `1`, `yes`, `đã xác minh`; `không`, `0`, `no`, `chưa`."""
    if isinstance(cell, bool):
        return cell
    key = plain(f"{cell:g}" if isinstance(cell, float) else str(cell))
    if key in _YES or key in _NO:
        return key in _YES
    raise CellError(f"'{_short(str(cell))}' is neither yes nor no", "write có or không")


def as_text(cell: Cell) -> str:
    """Text as written; a whole number without its decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def as_code(cell: Cell) -> str:
    """The id of a site, in capitals."""
    return as_text(cell).strip().upper()


def as_term(group: str) -> Callable[[Cell], str]:
    """A reader of terms of a group of the vocabulary, by id or by Vietnamese or English label; it gives the id."""

    def read(cell: Cell) -> str:
        try:
            return vocabulary().find(group, as_text(cell)).id
        except UnknownNameError as error:
            options = ", ".join(error.suggestions)
            raise CellError(f"'{_short(as_text(cell))}' is not known", f"choose one of: {options}") from error

    return read


def checked(cell: Cell) -> Cell:
    """The cell, unless it can't be used at all."""
    if isinstance(cell, BadCell):
        raise CellError(cell.what, cell.remedy)
    return cell


def _number(cell: Cell, remedy: str) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        text = str(cell).strip().replace("\N{MINUS SIGN}", "-")
        if not re.fullmatch(r"(?a)[+-]?\d{1,12}(?:[.,]\d{1,20})?", text):
            raise CellError(f"'{_short(str(cell))}' is not a number", remedy)
        value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise CellError("is not a finite number", remedy)
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
