"""Reporting periods in the words of offices: '6 tháng đầu năm 2026', '6T/2026', 'H1/2026', 'Quý II/2026', '2026'."""

from __future__ import annotations

import re

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell
from geo.reference.names import plain
from geo.reference.programmes import Period

_YEAR = r"(20\d{2})"
_FORMS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), half)
    for pattern, half in (
        (rf"(?:ca )?(?:nam |year |fy ?)?{_YEAR}(?:[.,]0+)?", 3),
        (rf"(?:12 thang|12t|ca nam|nam) ?(?:nam )?{_YEAR}", 3),
        (rf"(?:h1|hk1|hki|6t|6t dau(?: nam)?|6 thang|6 thang dau(?: nam)?|nua dau nam|ky 1|ky i) ?(?:nam )?{_YEAR}", 1),
        (rf"(?:6 thang|6t) ?(?:dau) ?{_YEAR}", 1),
        (rf"{_YEAR} ?(?:h1|6t|6t dau|6 thang dau)", 1),
        (rf"(?:first half(?: of)?|1st half(?: of)?) ?{_YEAR}", 1),
        (rf"(?:h2|hk2|hkii|6t cuoi(?: nam)?|6 thang cuoi(?: nam)?|nua cuoi nam|ky 2|ky ii) ?(?:nam )?{_YEAR}", 2),
        (rf"{_YEAR} ?(?:h2|6t cuoi|6 thang cuoi)", 2),
        (rf"(?:second half(?: of)?|2nd half(?: of)?) ?{_YEAR}", 2),
    )
)
_QUARTER = re.compile(rf"(?:quy ?|q)(i{{1,3}}|iv|[1-4]) ?(?:nam )?{_YEAR}|{_YEAR} ?q([1-4])")
_MONTH = re.compile(rf"(?:thang ?|t)?(\d{{1,2}}) ?(?:nam )?{_YEAR}|{_YEAR} (\d{{2}})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def as_period(cell: Cell) -> Period:
    """The half-year or year that a cell names.

    A quarter or month is refused with the half-year in which it lies: programmes are reported by halves and years.

    >>> str(as_period("06 tháng đầu năm 2026")), str(as_period("Năm 2026")), str(as_period("H2/2026"))
    ('2026-H1', '2026', '2026-H2')
    """
    cell = usable(cell)
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    words = re.sub(r"[\s/\-.,()]+", " ", plain(text)).strip()
    words = re.sub(r"\b0(?=\d ?t(?:hang)?\b)", "", words)  # '06 tháng', as papers have it
    for pattern, half in _FORMS:
        if found := pattern.fullmatch(words):
            return Period(int(found[1]), half)
    part = _part_of_half(words)
    if part is not None:
        raise CellError("importing.too-short-period", text=short(text), half=str(part), year=str(part.year))
    raise CellError("importing.no-period", text=short(text))


def _part_of_half(words: str) -> Period | None:
    """The half-year in which a quarter or month lies."""
    if found := _QUARTER.fullmatch(words):
        name = found[1] or found[4]
        quarter = _ROMAN.get(name) or int(name)
        return Period(int(found[2] or found[3]), 1 if quarter <= 2 else 2)
    if found := _MONTH.fullmatch(words):
        month = int(found[1] or found[4])
        if 1 <= month <= 12:
            return Period(int(found[2] or found[3]), 1 if month <= 6 else 2)
    return None
