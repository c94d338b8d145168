"""The wards that a plan lists by phase: in tables, or in lines below a heading that names the phase."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from geo.i18n.message import Message, listed
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.places import PlaceReader, Wards, as_district
from geo.importing.plans.lists.tables import Table
from geo.importing.plans.understood import PlanWard, worst
from geo.importing.plans.words.levels import is_mark
from geo.importing.plans.words.markers import FOOTNOTE_SIGN, leading_marker, marker
from geo.importing.plans.words.other_lists import other_list
from geo.importing.plans.words.plain_words import words_of

_EXPANSION = re.compile(r"\b(?:nhan rong|mo rong|trien khai moi|bo sung(?: moi)?|xa phuong moi)\b")
_PILOT = re.compile(r"\b(?:duy tri|thi diem|tiep tuc|da trien khai|dang trien khai)\b")
_NOT_DONE = re.compile(
    r"\b(?:không|chưa|dừng|ngừng|thôi|chấm dứt|kết thúc|đề nghị|đề xuất|dự kiến|kiến nghị|xem xét|trừ|ngoài|bỏ|rút|nếu"
    r"|đăng ký)(?:\s+\w+){0,3}\s+(?:nhân rộng|mở rộng|triển khai|bổ sung|duy trì|thí điểm|tiếp tục)\b",
    re.I,
)
"""What is denied, ended or only planned is no phase."""
_OF_WARDS = re.compile(r"\b(?:xa phuong|phuong xa|phuong|xa)\b")
_NAMED = re.compile(r"\b(?:[Pp]hường|[Xx]ã)\s+[A-ZĐÀ-Ỹ]")
_FOOTNOTE = re.compile(rf"{FOOTNOTE_SIGN}|\(\d\)\s*$")
_TOTAL = re.compile(r"^(?:tong|cong)\b")
_NOT_A_LIST = re.compile(r"\b(?:chi tieu|ke hoach nay|kinh phi)\b")
_WARD_START = re.compile(r"^\s*(?:[-–+•*]\s*|\(?\d{1,3}[.)/]\s*)?(?:phường|xã|P\.|X\.|đặc khu)\s*[A-ZĐÀ-Ỹ]", re.I)
_BARE_NAME = re.compile(r"\s*[A-ZĐÀ-Ỹ][\w'’]*(?:[\s-]+[A-ZĐÀ-Ỹ][\w'’]*)*\s*(?:[,;.]|và\b|$)")
_OPENS_NAMES = re.compile(r"(?<!:)\s+(?:bao gồm|gồm có|gồm|là)\s+(?=[A-ZĐÀ-Ỹ])")
_WITH_PHASE = re.compile(
    r"^\s*(?:[-–+•*]\s*|\(?\d{1,3}[.)/]\s*)?(?P<ward>(?:[Pp]hường|PHƯỜNG|[Xx]ã|XÃ|P\.|X\.|[Đđ]ặc khu)\s*[A-ZĐÀ-Ỹ].*?)"
    r"[\s,;:(–—-]+(?i:(?:được\s+|mới\s+|tiếp tục\s+)*(?:bổ sung|nhân rộng|mở rộng|triển khai|duy trì|thí điểm)\b.*)$"
)
"""A ward, and behind it what is said of its phase."""
_LONGEST_NAME = 70
_LONGEST_PROSE = 1000
_COUNTED = re.compile(r"(?<![\d/])(\d{1,3})\s*(?:\([^)]*\)\s*)?(?:xã|phường|đơn vị)\b", re.I)
_DAYS = re.compile(
    r"\b(?:từ|đến|đến hết|trước|sau)\s+(?:ngày\s+|hết\s+)?(?:\d{1,2}\s*[/.\-]\s*\d"
    r"|(?:đầu |cuối )?(?:tháng|quý)\s+[\dIVX])"
    r"|\bngày\s+\d{1,2}|\bquý\s+[\dIVX]|\b\d{1,2}/\d{1,2}/\d{4}",
    re.I,
)
_TIMES = re.compile(r"(?:thoi (?:gian|diem)|ngay|tu ngay|den ngay|bat dau|ket thuc|lo trinh|tien do|hieu luc)(?: .*)?")
_SINCE = re.compile(r"\b(?:từ|kể từ)\s+(?:đầu\s+)?(?:năm\s+)?(20\d\d)", re.I)
"""A year from which a phase holds: it goes on in later ones."""
_YEARS = re.compile(r"(?:tu )?(?:nam(?: bat dau| trien khai| thuc hien| tham gia| duy tri| nhan rong)*)?(?: ?20\d\d)?")


@dataclass(slots=True)
class WardList:
    """What came of the lists of wards; `read`: the lines of which nothing is left to say."""

    wards: list[PlanWard] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    not_understood: list[str] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    announced: dict[str, dict[str, int]] = field(default_factory=dict)

    def announce(self, phase: str, title: str) -> None:
        """Keep how many wards a title says that it has."""
        found = _COUNTED.search(title)
        if phase and found and not _DAYS.search(title[: found.start()]):
            self.announced.setdefault(phase, {})[title] = int(found[1])


def phase_of(text: str) -> str:
    """The phase that a heading names, '' where it names none or both.

    >>> phase_of("2. Các xã, phường triển khai nhân rộng năm 2026"), phase_of("Các xã, phường duy trì")
    ('expansion', 'pilot')
    """
    words = words_of(text)
    if _NOT_DONE.search(text):
        return ""
    words = words.replace("tiep tuc nhan rong", "nhan rong").replace("tiep tuc mo rong", "mo rong")
    found = [name for name, test in (("pilot", _PILOT), ("expansion", _EXPANSION)) if test.search(words)]
    return found[0] if len(found) == 1 else ""


def read_phases(
    tables: Sequence[Table], lines: Sequence[str], places: PlaceReader, years: tuple[int, int] | None
) -> WardList:
    """The wards by phase of all tables of wards, and those behind the colon of a line; without tables those of further
    lines too. Lists of other years are set aside."""
    found = WardList()
    for table in tables:
        if title := other_list(table.titles[-2:], years):
            found.not_understood += [row.text for row in table.rows]
            found.remarks.append(_set_aside(title, len(table.rows)))
            continue
        _Reader(table, places, found, years).read()
    if tables:
        for line in lines:
            _heading_of_names(line, places, found, years)
    else:
        _read_lines(lines, places, found, years)
    found.remarks += [*_counts(found), *_gaps(found)]
    found.wards = list(_once(found))
    return found


def _counts(found: WardList) -> Iterator[Message]:
    """Whether as many wards were read of a phase as the titles of its lists say."""
    for phase, titles in found.announced.items():
        rows = [ward for ward in found.wards if ward.phase == phase]
        count = len({ward.ward or ward.printed for ward in rows})
        if sum(titles.values()) != count:
            said = {"title": next(iter(titles))[:80], "announced": sum(titles.values()), "count": count}
            yield Message("importing.plan-ward-count-differs", **said)


def _gaps(found: WardList) -> Iterator[Message]:
    """The numbers that are left out between the first and the last one of the wards of a phase."""
    for phase in dict.fromkeys(ward.phase for ward in found.wards):
        own = {int(ward.number) for ward in found.wards if ward.phase == phase and ward.number.isdigit()}
        missing = sorted(set(range(min(own, default=0), max(own, default=0))) - own)
        # Numbers of further lists that are counted on may lie between; those belong to no list at all.
        others = {int(ward.number) for ward in found.wards if ward.phase != phase and ward.number.isdigit()}
        if lost := [str(number) for number in missing if number not in others]:
            yield Message("importing.plan-ward-gap", numbers=listed(lost))


def _set_aside(title: str, count: int) -> Message:
    return Message("importing.plan-other-list-left", title=title[:120], count=count)


def _phase_above(titles: Sequence[str]) -> str:
    """The phase that the titles name, the nearest first; none behind one that denies it or heads a list of its own."""
    for title in reversed(titles):
        if phase := phase_of(title):
            return phase
        if _NOT_DONE.search(title) or (leading_marker(title)[0] and _OF_WARDS.search(words_of(title))):
            return ""
    return ""


@dataclass(slots=True)
class _Reader:
    table: Table
    places: PlaceReader
    found: WardList
    years: tuple[int, int] | None
    phase: str = ""
    title: str = ""

    def read(self) -> None:
        self.phase = _phase_above(self.table.titles)
        self.title = next((title for title in reversed(self.table.titles) if phase_of(title)), "")
        self.found.announce(self.phase, self.title)
        before = len(self.found.wards)
        if unread := self.table.heading.unread(self.table.rows):
            self.found.remarks.append(Message("importing.plan-columns-unread", columns=listed(unread)))
        for row in self.table.rows:
            self._row(row)
        self.found.wards[before:] = _in_order(self.found.wards[before:])
        if len(self.found.wards) == before and self.table.rows:
            title = next(iter(reversed(self.table.titles)), "")[:80]
            self.found.remarks.append(Message("importing.plan-wards-without-phase", title=title))

    def _row(self, row: GridRow) -> None:
        texts = [row.cells[column] for column in row.filled]
        if not texts or _TOTAL.match(words_of(texts[0])) or (len(texts) > 1 and _TOTAL.match(words_of(texts[1]))):
            return
        named = self._named(row)
        is_ward = len(texts) == 1 and bool(ward_with_phase(texts[0], self.places))
        if (len(texts) <= 2 and not named) or (len(texts) == 1 and phase_of(texts[0]) and not is_ward):
            said = " ".join(texts)
            other = other_list([said], self.years)
            if not other and phase_of(said):
                self.title = said
                self.found.announce(phase_of(said), said)
            self.phase = "" if other else phase_of(said) or self.phase
            self.found.remarks += [_set_aside(other, 0)] if other else []
            return
        if sum(is_mark(_cell(row, column)) for column in self.table.heading.phases) > 1:
            self.found.not_understood.append(row.text)
            return
        for number, name, phase in named:
            self._ward(row, number, name, phase or self.phase)

    def _named(self, row: GridRow) -> list[tuple[str, str, str]]:
        """Number, name and phase of each ward that a row names: lists stand beside each other."""
        heading = self.table.heading
        if len(row.filled) == 1 and (ward := ward_with_phase(row.cells[row.filled[0]], self.places)):
            return [("", ward, "")]
        own = phase_of(heading.text(row, "phase")) or next(
            (phase for column, phase in heading.phases.items() if is_mark(_cell(row, column))), ""
        )
        named = []
        for column in heading.roles.get("ward", ()):
            number = next((at for at in reversed(heading.roles.get("number", ())) if at < column), None)
            text, counted = _cell(row, column), "" if number is None else marker(_cell(row, number))
            text = ward_with_phase(text, self.places) or text
            district = as_district(heading.text(row, "district"))
            if text and (counted or len(text) <= _LONGEST_NAME or _WARD_START.match(text)) and not phase_of(text):
                named.append((counted, f"{text}, {district}" if district else text, own))
        for column, phase in heading.phases.items():
            text = _cell(row, column)
            if len(text) > 2 and not is_mark(text):  # the names themselves stand in the columns of the phases
                named.append(("", text, phase))
        return named

    def _ward(self, row: GridRow, number: str, text: str, phase: str) -> None:
        if not phase:
            self.found.not_understood.append(row.text)
            return
        note = " ".join(self.table.heading.text(row, "note").split())
        said = next((cell for cell in row.cells if cell and ward_with_phase(cell, self.places) == text), "")
        doubt = note or said or (text if _FOOTNOTE.search(text) else "")
        reasons = [Message("importing.plan-ward-note", text=doubt[:80])] if doubt else []
        reasons += [Message("importing.plan-phase-day", text=text[:80]) for text in self._days(row)]
        if row.struck:
            reasons.append(Message("importing.plan-struck", text=row.struck[:80]))
        for name in _several(text):
            _add(self.found, phase, number, name, self.places, tuple(reasons))

    def _days(self, row: GridRow) -> Iterator[str]:
        """What the list says of a day from which or until which a phase holds."""
        if _DAYS.search(self.title) or self._begins_later(self.title):
            yield self.title
        yield from filter(self._ends_elsewhere, self._phase_words(row))
        for column in row.filled:
            label = self.table.heading.labels[column] if column < len(self.table.heading.labels) else ""
            if _TIMES.fullmatch(words_of(label)) or self._is_of_other_year(label, row.cells[column]):
                yield " ".join(row.cells[column].split())

    def _phase_words(self, row: GridRow) -> Iterator[str]:
        """What a row says of its phase, but for mere marks."""
        heading = self.table.heading
        columns = {*heading.roles.get("phase", ()), *(at for at in heading.phases if is_mark(_cell(row, at)))}
        yield from (" ".join(_cell(row, at).split()) for at in sorted(columns))
        yield from (heading.labels[at] for at in heading.phases if is_mark(_cell(row, at)))

    def _begins_later(self, text: str) -> bool:
        """Whether a text names a year from which a phase holds that is behind those of the plan."""
        return self.years is not None and any(int(year) > self.years[1] for year in _SINCE.findall(text))

    def _ends_elsewhere(self, text: str) -> bool:
        """Whether words for a phase name a year in which it does not hold as it does in the plan's."""
        first, last = self.years or (0, 9999)
        since = {int(year) for year in _SINCE.findall(text)}
        named = {int(year) for year in re.findall(r"(?<![\d/])20\d\d(?!\d)", text)}
        return any(year > last for year in named) or any(year < first for year in named - since)

    def _is_of_other_year(self, label: str, cell: str) -> bool:
        """Whether a column gives the year from which a ward takes part, and that is none of the plan's."""
        if not _YEARS.fullmatch(words_of(label)):
            return False
        named = [int(year) for year in re.findall(r"20\d\d", cell)] or [int(y) for y in re.findall(r"20\d\d", label)]
        first, last = self.years or (0, 0)
        return not named or not all(first <= year <= last for year in named)


def ward_with_phase(text: str, places: PlaceReader) -> str:
    """The ward of a text such as 'Phường Tây Hồ - bổ sung', which is no heading; '' where it names none so."""
    found = _WITH_PHASE.match(" ".join(text.split()))
    return found["ward"] if found and len(places.wards(found["ward"]).codes) == 1 else ""


def _in_order(wards: list[PlanWard]) -> list[PlanWard]:
    """The wards by their running numbers, since lists stand beside each other."""
    if not all(ward.number.isdigit() for ward in wards) or len({ward.phase for ward in wards}) > 1:
        return wards
    return sorted(wards, key=lambda ward: int(ward.number))


def _cell(row: GridRow, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _several(text: str) -> list[str]:
    """The names of a cell that holds one below the other, or several with their kinds."""
    parts = re.split(r"\n|;|,\s*(?=(?:phường|xã|P\.|X\.)\s*[A-ZĐÀ-Ỹ])", text)
    return [part.strip() for part in parts if part.strip(" .,-")]


def _add(
    found: WardList, phase: str, number: str, printed: str, places: PlaceReader, doubts: tuple[Message, ...] = ()
) -> None:
    read = places.wards(printed)
    if doubts:
        read = replace(read, certainty=worst([read.certainty, "look"]), reasons=(*read.reasons, *doubts))
    if not read.codes:
        found.not_understood.append(f"{number} {printed}".strip())
        found.wards.append(PlanWard(phase, number, printed, "", "none", read.suggested, read.reasons))
        return
    if read.certainty != "sure":
        found.not_understood.append(f"{number} {printed}".strip())
    for code in read.codes:
        found.wards.append(PlanWard(phase, number, printed, code, read.certainty, read.suggested, read.reasons))


def _once(found: WardList) -> Iterator[PlanWard]:
    """Each ward once; one that is listed twice is said, and is not sure where the two phases differ."""
    seen: dict[str, PlanWard] = {}
    for entry in found.wards:
        before = seen.get(entry.ward) if entry.ward else None
        if before is None:
            seen[entry.ward] = entry
            yield entry
            continue
        found.remarks.append(Message("importing.plan-ward-twice", ward=entry.printed))
        if before.phase != entry.phase:
            found.not_understood.append(f"{entry.number} {entry.printed}".strip())


def _read_lines(lines: Sequence[str], places: PlaceReader, found: WardList, years: tuple[int, int] | None) -> None:
    """Lists that are no tables: a heading that names wards and a phase, and names behind it or in the lines below."""
    phase = ""
    for line in lines:
        ward = ward_with_phase(line, places)
        own = None if ward else _heading_of_names(line, places, found, years)
        if ward and phase:
            _add(found, phase, "", ward, places, (Message("importing.plan-ward-note", text=line[:80]),))
        elif ward:
            found.not_understood.append(line)
        elif own is not None:
            phase = own
        elif phase and len(line) <= 4 * _LONGEST_NAME and _WARD_START.match(line):
            _names(line, phase, places, found)
        elif phase and not marker(line):
            phase = ""


def _heading_of_names(line: str, places: PlaceReader, found: WardList, years: tuple[int, int] | None) -> str | None:
    """The phase of a line that heads a list of wards ('' for one that is set aside), whose names behind a colon are
    read; None for any other line."""
    own = phase_of(line)
    is_said = _NAMED.search(line) and (_NOT_DONE.search(line) or (own and _is_prose_of_names(line)))
    if is_said or _lists_bare_names(line, places):
        found.not_understood.append(line)
    if not own or not _OF_WARDS.search(words_of(line)) or _is_prose(line):
        return None
    if other := other_list([line], years):
        found.not_understood.append(line)
        found.remarks.append(_set_aside(other, 0))
        return ""
    _, colon, names = line.partition(":")
    if colon and _WARD_START.match(names):
        _names(names, own, places, found)
        found.read.add(line)
    return own


def _lists_bare_names(line: str, places: PlaceReader) -> bool:
    """Whether a line about what is done in wards has names of wards without their kind behind its colon or 'gồm'."""
    head, colon, names = _OPENS_NAMES.sub(":", line, count=1).partition(":")
    words = words_of(head)
    if not colon or len(line) > _LONGEST_PROSE or _WARD_START.match(names) or not _OF_WARDS.search(words):
        return False
    if not (phase_of(head) or _NOT_DONE.search(head) or "trien khai" in words):
        return False
    bare = names.strip(" .;")
    return bool(_BARE_NAME.match(names)) and any(places.wards(f"các {kind} {bare}").codes for kind in ("phường", "xã"))


def _is_prose_of_names(line: str) -> bool:
    """Whether a line names wards, but not behind a colon as a list does."""
    return bool(_NAMED.search(line.partition(":")[0]))


def _is_prose(line: str) -> bool:
    return line.startswith(("-", "+")) or bool(_NOT_A_LIST.search(words_of(line)))


def _names(text: str, phase: str, places: PlaceReader, found: WardList) -> None:
    number, rest = leading_marker(text.lstrip(" -–+•*"))
    at_once: Wards = places.wards(rest)
    if at_once.certainty == "sure" and at_once.codes:
        found.wards += [PlanWard(phase, number, rest, code, "sure") for code in at_once.codes]
        return
    for name in _several(rest):
        _add(found, phase, number, name, places)
