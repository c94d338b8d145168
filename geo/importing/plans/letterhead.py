"""What a plan says of itself: number, day, issuer, city, title, years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from geo.importing.plans.province import COMMITTEE, PLACE_AND_DAY, city_of, provinces_named
from geo.importing.plans.understood import Letterhead
from geo.importing.plans.words.plain_words import words_of
from geo.reference.cities import City

_NUMBER = r"(\d{1,5}[a-z]?)\s*/\s*((?:20\d\d\s*/\s*)?[A-ZĐ]{2,}(?:\s*[-–]\s*[A-ZĐ]{1,10})*)"
_NUMBERED = re.compile(rf"^\W*(?:số(?:\s+(?:hiệu|ký hiệu|văn bản))?)\s*[:|.]?\s*{_NUMBER}", re.I)
_TITLED = re.compile(rf"^\W*kế hoạch\s+(?:số\s*:?\s*)?{_NUMBER}", re.I)
_ATTACHED = re.compile(rf"kèm theo\s+kế hoạch\s+số\s*:?\s*{_NUMBER}", re.I)
_SPELLED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.I)
_ISSUED = re.compile(r"^\W*ngày\s+(?:ban hành|ký)\s*[:|]?\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.I)
_NUMERIC = re.compile(r"ngày\s+(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.I)
_SPAN = re.compile(r"giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(20\d\d)\s*(?:[-–—]|đến)\s*(?:năm\s+)?(20\d\d)", re.I)
_YEAR = re.compile(r"\bnăm\s+(20\d\d)\b", re.I)
_BASIS = re.compile(
    r"^\W*(?:căn cứ|thực hiện (?:quyết định|nghị quyết|chỉ thị|công văn|kế hoạch số)|theo |trên cơ sở)", re.I
)
_LIST = re.compile(r"^\W*(?:danh mục|danh sách|phụ lục|chỉ tiêu|các chỉ tiêu)\b", re.I)
_OF_COMMITTEE = re.compile(r"-UB(?:ND)?\b")
_HEAD_LINES = 60


def read_letterhead(lines: Sequence[str]) -> Letterhead:
    """The letterhead of a plan from its lines, in their order."""
    head = lines[:_HEAD_LINES]
    number = _number(lines)
    day = _day(head, number)
    title = _title(head)
    named = provinces_named(head, lines)
    city = city_of(named)
    years = _years(title, head) or ((day.year, day.year) if day else None)
    return Letterhead(number, day, _issuer(lines, city, number), city.slug if city else "", title, years, named)


def _number(lines: Sequence[str]) -> str:
    for pattern, where in ((_NUMBERED, lines[:_HEAD_LINES]), (_TITLED, lines[:_HEAD_LINES]), (_ATTACHED, lines)):
        for line in where:
            found = pattern.search(line)
            if found and "KH" in found[2].upper():
                signs = re.sub(r"\s*/\s*", "/", found[2])
                return f"{found[1]}/{re.sub(r'[ ]*[-–][ ]*', '-', signs)}".upper()
    return ""


def _day(head: Sequence[str], number: str) -> date | None:
    for pattern in (PLACE_AND_DAY, _ISSUED):
        for line in head:
            found = pattern.search(line)
            if found and (made := _date(found)):
                return made
    for line in head:
        if _BASIS.match(line) or not (number and number in line.replace(" ", "").upper()):
            continue
        found = _SPELLED.search(line) or _NUMERIC.search(line)
        if found and (made := _date(found)):
            return made
    return None


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _title(head: Sequence[str]) -> str:
    """The words of the plan's name: the lines behind 'KẾ HOẠCH', else the first line that names a plan."""
    for at, line in enumerate(head):
        if words_of(line) == "ke hoach":
            return " ".join(_until_basis(head[at + 1 : at + 4]))
    named = (line for line in head if re.match(r"^\W*kế hoạch\b", line, re.I) and len(line) < 250)
    found = next(named, "")
    if found:
        return found
    upper = (line for line in head if line.isupper() and _YEAR.search(line) and not _SPELLED.search(line))
    return next(upper, "")


def _until_basis(lines: Iterable[str]) -> list[str]:
    made: list[str] = []
    for line in lines:
        if made and (_BASIS.match(line) or len(line) > 250 or re.match(r"^\W*(?:[IVX]+|\d+)[.)]", line)):
            break
        if _BASIS.match(line) or (made and _LIST.match(line)):
            break
        made.append(line)
    return made


def _years(title: str, head: Sequence[str]) -> tuple[int, int] | None:
    for text in (title, *(line for line in head if not _BASIS.match(line) and len(line) < 250)):
        if found := _SPAN.search(text):
            return int(found[1]), int(found[2])
        bare = _SPELLED.sub(" ", text)
        if found := _YEAR.search(bare):
            return int(found[1]), int(found[1])
    return None


def _issuer(lines: Sequence[str], city: City | None, number: str) -> str:
    """The people's committee, with the name of its city where that is known; '' where the number is of another body."""
    if not is_of_committee(number) or not any(COMMITTEE.search(line) for line in lines):
        return ""
    return f"Ủy ban nhân dân thành phố {city.name}" if city else "Ủy ban nhân dân"


def is_of_committee(number: str) -> bool:
    """Whether the number of a plan says of no other body that it issued it.

    >>> is_of_committee("07/KH-UBND"), is_of_committee("1234/KH-SYT")
    (True, False)
    """
    return not number or bool(_OF_COMMITTEE.search(number))
