"""Reporting periods in the words of offices: '6 tháng đầu năm 2026', 'Quý II/2026', 'tháng 3/2026', '2026'."""

from __future__ import annotations

import re
from datetime import date

from geo.importing.cells.errors import CellError, short, usable
from geo.importing.tables.model import Cell
from geo.reference.names import plain
from geo.reference.programmes import Period

_YEAR = r"(?:nam )?(20\d{2})"
_YEARS = re.compile(rf"(?:(?:ca )?(?:nam |year |fy ?)?(20\d{{2}})(?:[.,]0+)?)|(?:12 thang|12t|ca nam|nam) ?{_YEAR}")
_HALVES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:h1|hk1|hki|6t|6t dau(?: nam)?|6 thang|6 thang dau(?: nam)?|nua dau nam|ky 1|ky i) ?{_YEAR}"
        rf"|(?:6 thang|6t) ?dau ?{_YEAR}|(20\d{{2}}) ?(?:h1|6t|6t dau|6 thang dau)"
        r"|(?:first half(?: of)?|1st half(?: of)?) ?(20\d{2})",
        rf"(?:h2|hk2|hkii|6t cuoi(?: nam)?|6 thang cuoi(?: nam)?|nua cuoi nam|ky 2|ky ii) ?{_YEAR}"
        r"|(20\d{2}) ?(?:h2|6t cuoi|6 thang cuoi)|(?:second half(?: of)?|2nd half(?: of)?) ?(20\d{2})",
    )
)
_QUARTER = re.compile(
    rf"(?:quy|q|quarter) ?0?(?P<number>i{{1,3}}|iv|[1-4]) ?{_YEAR}|(20\d{{2}}) ?(?:quy|q) ?(?P<after>[1-4])"
)
_MONTH = re.compile(rf"(?:thang|t)? ?(?P<number>\d{{1,2}}) ?{_YEAR}|(20\d{{2}}) (?:m|thang )?(?P<after>\d{{1,2}})")
_RUN = re.compile(
    r"\b(?:tu )?(?:thang|t) ?0?(?P<first>\d{1,2})(?: 20\d{2})? (?:(?:den|toi) )?(?:het |cuoi |ngay cuoi )?"
    r"(?:thang|t) ?0?(?P<last>\d{1,2})\b"
)
"""'từ tháng 1 đến hết tháng 6': of the months between, whatever comes before them in the year."""
_SEVERAL_MONTHS = re.compile(r"\d{1,2} ?(?:thang|t)\b.*")
_CUMULATIVE = re.compile(
    r"\b(?:luy ke|lk|tich luy|cong don|tu dau nam|(?:tinh )?den het|den cuoi|cumulative|to date|ytd)\b"
    r"|\b(?:tinh den|den) (?=(?:quy|thang|q\d|ngay)\b)"
)
"""Words for figures that count from the first of January."""
_NUMERALS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi mot": 11, "muoi hai": 12,
    "muoi": 10,
}  # fmt: skip
"""Numbers in words; *tháng năm 2026* may be a month that was not filled in, *giêng* and *chạp* are of the moon."""
_IN_WORDS = re.compile(rf"\b(quy|thang) ({'|'.join(_NUMERALS)})\b")
_MAY = re.compile(r"\bthang nam (?=nam\b)")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(
    r"\b(?:january|february|march|april|june|july|august|sept(?:ember)?|october|november|december"
    rf"|{'|'.join(_ENGLISH)})\b"
)
_SHORT = re.compile(r"\b([1-4])([hq]) ?(?=20\d{2}\b)")
_ENDS_OF_YEAR = re.compile(r"\b3 ?(?:thang|t) (dau|cuoi)(?: nam)?\b")
_FILLING = re.compile(r"\b(?:so lieu|ket qua|tinh|den|het)\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ALL_MONTHS = 12
_HAS_YEAR, _ANY_YEAR = re.compile(r"20\d{2}"), 2026


def as_period(cell: Cell) -> Period:
    """The year, half-year, quarter or month that a cell names.

    Several months that are none of these (nine months, say) are refused, and so is a date, which may be any of them. A
    period 'from the start of the year to the end of quarter II' is the half-year.

    >>> str(as_period("06 tháng đầu năm 2026")), str(as_period("Năm 2026")), str(as_period("H2/2026"))
    ('2026-H1', '2026', '2026-H2')
    >>> str(as_period("Quý I/2026")), str(as_period("tháng 3/2026"))
    ('2026-Q1', '2026-03')
    >>> str(as_period("Lũy kế đến hết quý II/2026"))
    '2026-H1'
    """
    cell = usable(cell)
    if isinstance(cell, date):
        raise CellError("importing.date-for-period", text=cell.isoformat(), month=f"{cell.year}-{cell.month:02}")
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    if run := _RUN.search(plain(text)):
        return _of_run(run, text)
    words = re.sub(r"[\s/\-.,()]+", " ", plain(text)).strip()
    words = re.sub(r"\b0(?=\d ?t(?:hang)?\b)", "", words)  # '06 tháng', as papers have it
    words = _in_figures(words)
    if says_cumulative(words):
        return _to_date(words, text)
    found = _named(words)
    if found is None:
        raise _unnamed(words, text, "importing.other-months")
    return found


def says_cumulative(text: str) -> bool:
    """Whether words (a heading, a title, a period) say that figures count from the start of the year: *lũy kế*.

    >>> says_cumulative("Kết quả (luỹ kế từ đầu năm)"), says_cumulative("Kết quả trong kỳ")
    (True, False)
    """
    return bool(_CUMULATIVE.search(_RUN.sub(" ", plain(text))))


def from_january(period: Period) -> Period:
    """The period from the first of January to the end of another one.

    Raises
    ------
    CellError
        There is none: nine months, say, are no reporting period.
    """
    for months in (12, 6, 3, 1):
        if period.last_month == months:
            return Period(period.year, months, months)
    raise CellError("importing.cumulative-period", text=period)


def _in_figures(words: str) -> str:
    """Numbers and months in words as figures: *quý hai* as *quy 2*, *July* as *thang 7*, *1H2026* as *h1 2026*.

    Three months at the start of a year are its first quarter, and those at its end the last.
    """
    words = _IN_WORDS.sub(lambda found: f"{found[1]} {_NUMERALS[found[2]]}", _MAY.sub("thang 5 ", words))
    words = _ENGLISH_MONTH.sub(lambda found: f"thang {_ENGLISH.index(found[0][:3]) + 1}", words)
    words = _ENDS_OF_YEAR.sub(lambda found: "quy 1" if found[1] == "dau" else "quy 4", words)
    return _SHORT.sub(r"\2\1 ", words)


def _of_run(run: re.Match[str], text: str) -> Period:
    """The period of the months from one to another one of a year.

    Raises
    ------
    CellError
        No period has these months, or it names no year, or several.
    """
    first, last = int(run["first"]), int(run["last"])
    years = set(_HAS_YEAR.findall(text))
    months = last - first + 1
    if not years:
        raise CellError("importing.period-without-year", text=short(text))
    rest = re.sub(r"\b(?:nam|20\d{2}|tu)\b|\W", "", plain(text).replace(run[0], ""))
    if len(years) > 1 or rest or last > _ALL_MONTHS or months not in (3, 6, 12) or last % months:
        raise CellError("importing.other-months", text=short(text))
    return Period(int(years.pop()), last, months)


def _to_date(words: str, text: str) -> Period:
    """The period of words that say from the start of the year; several months count from there as they are."""
    bare = " ".join(_FILLING.sub(" ", _CUMULATIVE.sub(" ", words)).split())
    found = _named(bare)
    if found is None:
        raise _unnamed(bare, text, "importing.cumulative-period")
    return from_january(found)


def _unnamed(words: str, text: str, of_months: str) -> CellError:
    """Why words are no period: it lacks its year, is several months (`of_months`), or neither."""
    if not _HAS_YEAR.search(words) and _named(f"{words} {_ANY_YEAR}") is not None:
        return CellError("importing.period-without-year", text=short(text))
    code = of_months if _SEVERAL_MONTHS.fullmatch(words) else "importing.no-period"
    return CellError(code, text=short(text))


def _named(words: str) -> Period | None:
    if found := _YEARS.fullmatch(words):
        return Period(_year(found))
    for number, pattern in enumerate(_HALVES, 1):
        if found := pattern.fullmatch(words):
            return Period.numbered(_year(found), number, 6)
    if found := _QUARTER.fullmatch(words):
        name = found["number"] or found["after"]
        return Period.numbered(_year(found), _ROMAN.get(name) or int(name), 3)
    if found := _MONTH.fullmatch(words):
        month = int(found["number"] or found["after"])
        return Period.numbered(_year(found), month, 1) if 1 <= month <= _ALL_MONTHS else None
    return None


def _year(found: re.Match[str]) -> int:
    """The year of a match, wherever it stands."""
    return next(int(group) for group in found.groups() if group and re.fullmatch(r"20\d{2}", group))
