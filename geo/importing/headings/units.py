"""Units that headings name, by what a column measures: read, converted, or refused; none is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.importing.cells import CellError, as_metres
from geo.importing.cells.days import as_day_of_utc
from geo.importing.cells.errors import short, usable
from geo.importing.cells.numbers import number
from geo.importing.tables.model import Cell
from geo.reference.names import plain

COUNT, LENGTH, DAY, PERIOD, WARD, PLACE = "count", "length", "day", "period", "ward", "place"
"""What a column may measure."""
_FACTOR = re.compile(
    r"""(?x)\b(?:nghìn|nghin|ngàn|ngan|triệu|trieu|tỷ|tỉ|trăm|chục|thousands?|millions?|hundreds?|dozens?)\b|[%‰]
    |\bphần\ trăm|\bphan\ tram|\bper\ ?cent|[x×*]\s?1[.,\s]?0|^['’]?000\b|^1[.,\s]?0{1,3}(?:[.,\s]?0{3})*\b|\b10\^"""
)
"""Words and signs by which a figure is not a number of things, but of thousands or hundredths of them."""
_MONEY = re.compile(r"(?:(?:nghìn|ngàn|trăm|triệu|tỷ|tỉ|việt nam) ?)*(?:đồng|vnđ|vnd|₫|usd|đ)|k|tr\.?(?: ?đ)?")
_OTHER_FIGURE = re.compile(
    r"\b(?:ke hoach|duoc giao|giao dau nam|muc tieu|cung ky|nam truoc|ky truoc|thang truoc|quy truoc|du kien|uoc"
    r"|con lai|tang|giam|chenh lech|so voi|planned?|target|previous|last year|estimated?|forecast|change)\b"
)
"""Words by which a figure is not what was done in its period."""
_LENGTHS = {
    "m": 1.0, "met": 1.0, "mets": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0,
    "km": 1000.0, "kilomet": 1000.0, "ki lo met": 1000.0, "kilometre": 1000.0, "kilometres": 1000.0,
    "kilometer": 1000.0, "kilometers": 1000.0,
    "cay so": 1000.0, "hm": 100.0, "dm": 0.1, "cm": 0.01, "mm": 0.001,
}  # fmt: skip
_POSTS = re.compile(r"km ?\+ ?m")
_LENGTH_WORD = re.compile(r"\b(?:km|hm|dam|dm|cm|mm|feet|foot|ft|yards?|yd|miles?|inch|hai ly)\b(?! ?\d)")
_UNIT_WORDS = re.compile(r"^(?:don vi(?: tinh)?|dvt|dv|tinh bang|tinh theo|bang|theo|in)[ :]+")
_MONTH_FIRST = re.compile(
    r"(?<!y[-/. ])\bmm? ?[-/. ] ?dd?\b|(?<!nam )\bthang ?[-/, ] ?ngay\b|\bmonth ?[-/ ] ?day\b|\bmdy\b"
)
_WORLD_TIME = re.compile(r"\b(?:utc|gmt)\b(?! ?[+-] ?0?7)|\bzulu\b|\bgio quoc te\b")
_QUARTERS = re.compile(r"\bquy\b|\bquarter")
_HALVES = re.compile(r"\b(?:6 thang|nua nam|ban nien|half)\b")
_BARE_PART = re.compile(r"(?a)\s*(?:(\d{1,2})\s*[-/.]\s*(20\d{2})|(20\d{2})\s*[-/.]\s*(\d{1,2}))\s*")
_OTHER_PLACE = re.compile(
    r"(?:(?:so|theo|decimal|in) )*(?:phut|giay|minutes?|seconds?|min|sec|km|kilomet\w*|feet|ft|radians?|rad|gon|grad)"
)
"""Units of coordinates that are neither degrees nor metres; *độ phút giây* is none of them."""
_FORMER = re.compile(r"\bcu\b|\btruoc (?:sap nhap|khi|ngay|sap xep|1|01|thang)|\bold\b|\bformer\b|\btruoc day\b")
Reader = Callable[[Cell], object]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a column as it is `named`: what reads its cells where that is not the usual reader; a `fault`.

    `fault`: the code of why it can't be taken. `is_asked`: the user may say that it can.
    """

    named: str
    read: Reader | None = None
    fault: str = ""
    is_asked: bool = False


def unit_of(measure: str, texts: Sequence[str]) -> Unit | None:
    """What the first of some texts that names a unit makes of the column that they stand beside; None where none does.

    `texts`: remarks of the heading, of the one above it, and of the lines above the table, the nearest first.
    """
    of = _BY_MEASURE.get(measure)
    found = (of(text) for text in texts if of is not None)
    return next((unit for unit in found if unit is not None), None)


def is_scaled(text: str) -> bool:
    """Whether a unit is not one, but thousands, hundredths, or money.

    >>> is_scaled("nghìn người"), is_scaled("x1000"), is_scaled("người"), is_scaled("trạm y tế")
    (True, True, False, False)
    """
    words = " ".join(text.casefold().split())
    return bool(_FACTOR.search(words) or _MONEY.fullmatch(words))


def _count(text: str) -> Unit | None:
    if is_scaled(text):
        return Unit(text, fault="importing.unit-of-count")
    if _OTHER_FIGURE.search(plain(text)):
        return Unit(text, fault="importing.other-figure", is_asked=True)
    return None


def _length(text: str) -> Unit | None:
    words = _UNIT_WORDS.sub("", plain(text).strip(" .:"))
    if words in _LENGTHS:
        factor = _LENGTHS[words]
        return Unit(text, None if factor == 1.0 else _lengths(factor))
    if _POSTS.search(words):
        return Unit(text, _post)
    return Unit(text, fault="importing.unit-of-length") if _LENGTH_WORD.search(words) else None


def _day(text: str) -> Unit | None:
    words = plain(text)
    if _MONTH_FIRST.search(re.sub(r"\s+", " ", text.casefold())) or _MONTH_FIRST.search(words):
        return Unit(text, fault="importing.month-first")
    return Unit(text, as_day_of_utc) if _WORLD_TIME.search(words) else None


def _period(text: str) -> Unit | None:
    words = plain(text)
    if _QUARTERS.search(words) and "thang" not in words:
        return Unit(text, _parts_of_year("quý"))
    return Unit(text, _parts_of_year("kỳ")) if _HALVES.search(words) else None


def _ward(text: str) -> Unit | None:
    return Unit(text, fault="importing.former-units", is_asked=True) if _FORMER.search(plain(text)) else None


def _place(text: str) -> Unit | None:
    words = _UNIT_WORDS.sub("", plain(text).strip(" .:"))
    return Unit(text, fault="importing.unit-of-place") if _OTHER_PLACE.fullmatch(words) else None


_BY_MEASURE: dict[str, Callable[[str], Unit | None]] = {
    COUNT: _count, LENGTH: _length, DAY: _day, PERIOD: _period, WARD: _ward, PLACE: _place,
}  # fmt: skip


def _lengths(factor: float) -> Reader:
    """A reader of chainages in another unit than metres; a cell that names its own is read in that."""

    def read(cell: Cell) -> float:
        cell = usable(cell)
        try:
            return round(number(cell, "importing.no-metres") * factor, 3)
        except CellError:
            if isinstance(cell, str) and re.search(r"[+a-zé]", cell, re.I):
                return as_metres(cell)
            raise

    return read


def _post(cell: Cell) -> float:
    """A chainage of a column of kilometre posts: a bare number would be either."""
    cell = usable(cell)
    if isinstance(cell, str) and re.search(r"[+a-zé]", cell, re.I):
        return as_metres(cell)
    raise CellError("importing.no-metres", text=short(cell))


def _parts_of_year(word: str) -> Reader:
    """A reader of periods where the heading says which part of the year a bare number counts: `1/2026`."""

    def read(cell: Cell) -> Cell:
        cell = usable(cell)
        found = _BARE_PART.fullmatch(cell) if isinstance(cell, str) else None
        if not found:
            return cell
        return f"{word} {int(found[1] or found[4])}/{found[2] or found[3]}"

    return read
