"""Lists of sites in running text: numbered lines, or numbers within a line, below words that name a list of places.

>>> said_of("Đường Láng (đoạn từ Cầu Giấy), phường Láng và phường Ngọc Hà: có hoạt động")
('Đường Láng (đoạn từ Cầu Giấy)', 'phường Láng và phường Ngọc Hà', 'có hoạt động')
>>> said_of("Đường Láng, có hoạt động")
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from geo.i18n.message import Message
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.headings import Heading
from geo.importing.plans.lists.site_lines import is_duty, is_list_heading, names_place
from geo.importing.plans.lists.tables import Table
from geo.importing.plans.words.markers import leading_marker, marker
from geo.importing.plans.words.standing import standing_of

_HEADING = Heading(
    "sites",
    4,
    {"number": (0,), "name": (1,), "ward": (2,), "note": (3,)},
    labels=("STT", "Tên điểm", "Xã, phường", "Ghi chú"),
)
_UNIT = r"(?:[Pp]hường|[Xx]ã|[Tt]hị trấn|[Đđ]ặc khu|P\.|X\.)"
_WARDS = re.compile(
    rf"[\s,;:(–—-]+(?:(?:thuộc|tại|trên|ở|địa bàn|giáp ranh|giữa|qua|đi|các|hai|ba)\s+)*(?={_UNIT}\s*[A-ZĐÀ-Ỹ])"
    rf"|[\s,;:(–—-]+(?:(?:thuộc|tại|trên|ở|địa bàn)\s+)*(?=các\s+{_UNIT}\s*[A-ZĐÀ-Ỹ])"
)
_END = re.compile(rf"[;:.()]|\s[–—-]\s|,(?!\s*(?:(?:các|và)\s+)?{_UNIT}?\s*[A-ZĐÀ-Ỹ])")
_WITHIN = re.compile(r"(?:^|(?<=[;.:,])\s*)(\d{1,2})[.)]\s+(?=[A-ZĐÀ-Ỹ])")
_SIGNS = " \t,;:.–—-()"


@dataclass(slots=True)
class _Row:
    """A row with its number; `line`: as it is named where it is not read, '' where it has no line of its own."""

    number: str
    text: str
    line: str


@dataclass(slots=True)
class _List:
    """A list with the titles above it; `line`: the one that holds all of it, '' where its rows have lines."""

    titles: tuple[str, ...]
    rows: list[_Row] = field(default_factory=list)
    line: str = ""


def tables_of_lines(lines: Sequence[str], *, beside_tables: bool) -> tuple[list[Table], frozenset[str]]:
    """The lists as tables whose rows are to look at, and the lines of which nothing is left to say.

    Only what says where it lies is a row. Beside tables that list sites, text is read only where it takes places off
    the list: the others are mostly those of the tables again.
    """
    tables: list[Table] = []
    read: set[str] = set()
    for found in _lists(lines):
        rows = [(row, said) for row in found.rows if (said := said_of(row.text)) is not None]
        is_list = any(names_place(name) for _, (name, *_) in rows)
        if not is_list or (beside_tables and standing_of("", found.titles)[0] != "cleared"):
            continue
        cells = [GridRow((row.number, *said)) for row, said in rows]
        tables.append(Table(_HEADING, found.titles, cells, Message("importing.plan-from-line")))
        read |= {row.line for row, _ in rows} | ({found.line} if len(rows) == len(found.rows) else set())
    return tables, frozenset(read)


def said_of(text: str) -> tuple[str, str, str] | None:
    """The name of a site, its wards and what is said of it beside; None where it is not clear what is what."""
    found = _WARDS.search(text)
    if found is None:
        return None
    name, rest = text[: found.start()].strip(_SIGNS[:-2]), text[found.end() :]
    end = _END.search(rest)
    wards, note = (rest, "") if end is None else (rest[: end.start()], rest[end.end() :])
    if len(name.split()) < 2 or is_duty(name):
        return None
    return name + ")" * (name.count("(") - name.count(")")), wards.strip(_SIGNS), note.strip(_SIGNS)


def _lists(lines: Sequence[str]) -> Iterator[_List]:
    """The runs of rows below headings that name a list of places."""
    own: _List | None = None
    number = ""
    for line in lines:
        bare, (lead, text) = marker(line), leading_marker(line)
        if is_list_heading(line):
            yield from _ended(own)
            own, number = _begun(line), ""
        elif own is None or is_duty(line):
            yield from _ended(own)
            own, number = None, ""
        elif bare:
            number = bare
        elif number or lead.isdigit():
            own.rows.append(_Row(number or lead, line if number else text, f"{number} {line}".strip()))
            number = ""
        elif own.rows and _goes_on(line, lead, own.rows[-1]):
            own.rows[-1].text += f" {line}"
        else:
            yield from _ended(own)
            own = _List((*own.titles[:1], line)) if _is_title(line, lead) else None
    yield from _ended(own)


def _begun(line: str) -> _List:
    """The list below a heading, with the rows that stand behind its colon already."""
    numbers = list(_WITHIN.finditer(line))
    first = next((at for at, found in enumerate(numbers) if found[1] == "1" and found.start()), None)
    if first is None:
        return _List((line,))
    own = numbers[first:]
    ends = [*(found.start() for found in own[1:]), len(line)]
    texts = [line[found.end() : end].strip(_SIGNS[:-2]) for found, end in zip(own, ends, strict=True)]
    rows = [_Row(found[1], text, "") for found, text in zip(own, texts, strict=True)]
    return _List((line[: own[0].start()].strip(),), rows, line)


def _goes_on(line: str, lead: str, row: _Row) -> bool:
    """Whether a line is the rest of the row before it."""
    if lead or line.endswith(":"):
        return False
    return line[:1].islower() or row.text.count("(") > row.text.count(")") or row.text.endswith(",")


def _is_title(line: str, lead: str) -> bool:
    """Whether a line divides the list."""
    return said_of(line) is None and (bool(lead) or line.endswith(":"))


def _ended(own: _List | None) -> Iterator[_List]:
    if own is not None and own.rows:
        yield own
