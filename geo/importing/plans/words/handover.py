"""The year in which a site was handed over, from a column of its own or from a note.

A handover is certain only in words that say nothing else: 'Đã bàn giao cho địa phương năm 2021'. What is denied,
planned, asked for or excepted is none.
"""

from __future__ import annotations

import re
from datetime import date

from geo.i18n.message import Message
from geo.importing.plans.words.plain_words import words_of

_YEAR = re.compile(r"(?<!\d)(?<![Ss]ố )(?<![Ss]ố: )((?:19|20)\d\d)(?!\d|\s*/\s*[A-ZĐ])")
"""A year; not the number or the year of a document ('số 2019/QĐ-UBND', '15/2021/QĐ-UBND')."""
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HANDED = re.compile(r"bàn\s+giao|\bBG\b", re.I)
_SHORT = re.compile(r"\bBG\b", re.I)
"""An abbreviation that means the handover, and may mean something else."""
_NOT_YET = re.compile(r"(?:chua|khong|chua (?:duoc )?ban giao|khong ban giao|x|[-–—. ]*)")
_CLAUSE = re.compile(r"[;.\n]|,(?=\s*(?:tái|đưa|đã đưa|phát sinh|bổ sung))", re.I)
_NONE = re.compile(
    r"\b(?:khong|chua|chang|dung|du kien|de nghi|de xuat|kien nghi|dang ky|xem xet|se|neu|truong hop|tru|ngoai|chuan bi"
    r"|dang|can|phai|cho|doi|hoan|lui|tam|co the|phan dau|muc tieu|ke hoach|huy|thu hoi|tu choi|khi|truoc khi|ngung"
    r"|hen|het han|khoi|mien)\b"
)
"""Words before 'bàn giao' (or a year that stands alone) that make it none, or one that is not done."""
_DENIED = re.compile(r"\b(?:chua|khong)(?: (?:duoc|thuoc dien|co))?$")
_SAID = re.compile(
    r"\b(?:da|duoc|cong an|thanh pho|phuong|xa|quan ly|quan|huyen|thi tran|uy ban nhan dan|ubnd|diem|dia phuong"
    r"|dia ban|so tai|triet (?:xoa|pha)|va|hoan (?:thanh|tat)|xong|tiep nhan|tiep tuc|theo doi|cap|cac"
    r"|viec|thoi (?:diem|gian)|nam|thang|ngay|quy|cho|ve|vao|trong|tu|dot|lan|tp|hanoi|\d+|[ivx]+)\b"
)
"""What may stand in the words of a handover; whatever else does leaves it open."""
_UNITS = {"phường", "xã", "quận", "huyện", "trấn", "phố", "tp", "p", "x", "q", "h"}
_AROUND = re.compile(
    r"\b(?:truoc|sau|tu|den|khoang|du kien|chua ro|uoc)\s+(?:\w+\s+)?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d\s+(?:du kien|tro di|tro ve)\b"
)
_TAKEN_BACK = re.compile(
    r"\b(?:nhung|song|tuy nhien|huy|thu hoi|tra lai|du kien|de nghi|khong thanh|khong duoc|chua duoc|chua xong"
    r"|ban giao lai)\b"
)
_EVENT = re.compile(r"\b(?:triet|xoa|phat sinh|phat hien|hinh thanh|hoat dong|dua|bo sung)\b")
"""Before a year that stands before 'bàn giao': it may be that of something else."""
_FIRST_YEAR = 2000
Found = tuple[list[int], list[Message]]


def handed_over(column: str, note: str, plan_year: int | None) -> tuple[int | None, list[Message]]:
    """The year of handover, None where none is given, and what makes it doubtful."""
    years, reasons = _of_both(column, note) if column.strip() else _of_note(note)
    if not years:
        return None, reasons
    if len(set(years)) > 1:
        reasons.append(Message("importing.plan-several-years", years=[str(year) for year in years]))
    year = years[-1]
    if year < _FIRST_YEAR or (plan_year is not None and year > plan_year):
        reasons.append(Message("importing.plan-year-doubtful", year=str(year)))
    return year, reasons


def year_of_plan(years: tuple[int, int] | None, day: date | None) -> int | None:
    """The year in which a plan begins, or of its day where that is later: what is of a later year has not happened yet.

    >>> year_of_plan((2026, 2030), date(2026, 1, 7)), year_of_plan((2027, 2027), date(2026, 12, 24))
    (2026, 2027)
    """
    known = [years[0]] if years else []
    known += [day.year] if day else []
    return max(known, default=None)


def years_of(text: str) -> list[int]:
    """The years that a text names."""
    return [int(year) for year in _YEAR.findall(text)]


def is_of_handover(clause: str) -> bool:
    """Whether a clause says the year of a handover: then `handed_over` has judged all its words."""
    return bool(_HANDED.search(clause) and years_of(clause))


def _of_both(column: str, note: str) -> Found:
    """The years of the column; a note that names another year makes them doubtful."""
    years, reasons = _of_column(column)
    noted, _ = _of_note(note)
    if set(noted) - set(years):
        reasons = [*reasons, Message("importing.plan-handover-open", text=note.strip()[:80])]
    return years, reasons


def _of_column(text: str) -> Found:
    """The years of a cell about the handover; what it says beside them makes them doubtful, or none."""
    words, years = words_of(text), years_of(text)
    if not years:
        return [], [] if _NOT_YET.fullmatch(words) else [Message("importing.plan-no-year", text=text[:40])]
    before = _YEAR.split(text, maxsplit=1)[0]
    return _judged(text, _plain(before).replace("ban giao", " "), text[len(before) :], years)


def _of_note(note: str) -> Found:
    """The years behind 'bàn giao', clause by clause; a year of something else is none."""
    years: list[int] = []
    reasons: list[Message] = []
    for clause in _CLAUSE.split(note):
        found = _HANDED.search(clause)
        if not found:
            continue
        own = years_of(clause[found.end() :])[:1] or years_of(clause[: found.start()])[-1:]
        before = _plain(clause[: found.start()])
        if not own and not _DENIED.search(before):
            reasons.append(Message("importing.plan-no-year", text=clause.strip()[:80]))
        if not own:
            continue
        if _SHORT.fullmatch(found[0]) or len(set(_ANY_YEAR.findall(clause[found.end() :]))) > 1:
            reasons.append(Message("importing.plan-handover-open", text=clause.strip()[:80]))
        if not years_of(clause[found.end() :]) and _EVENT.search(before):
            reasons.append(Message("importing.plan-handover-open", text=clause.strip()[:80]))
        more, doubts = _judged(clause, before, clause[found.end() :], own)
        years, reasons = [*years, *more], [*reasons, *doubts]
    return years, reasons


def _judged(text: str, before: str, after: str, years: list[int]) -> Found:
    """The years of a clause as far as its words leave them: none where the handover is denied or still ahead."""
    said = Message("importing.plan-handover-open", text=text.strip()[:80])
    between = words_of(_YEAR.split(after, maxsplit=1)[0])
    if _NONE.search(before) or re.search(r"\b(?:du kien|de nghi|chua|khong|se|vao cuoi ke hoach)\b", between):
        return [], [said]
    strange = _SAID.sub(" ", f"{before} | {_plain(after).replace('ban giao', ' ')}").replace("|", " ").split()
    if strange or _AROUND.search(words_of(text)) or _TAKEN_BACK.search(words_of(after)):
        return years, [said]
    return years, []


def _plain(text: str) -> str:
    """The words of a text without the names of the wards and districts in it.

    >>> _plain("cho UBND phường Láng và Nghĩa Đô quản lý")
    'cho ubnd phuong va quan ly'
    """
    words: list[str] = []
    named = False
    for word in text.split():
        bare = word.strip(".,;:()")
        if named and (bare in ("và", "-", "–") or (bare[:1].isupper() and not bare.isupper())):
            words += [bare] if bare == "và" else []
            continue
        words.append(word)
        named = bare.casefold() in _UNITS
    return words_of(" ".join(words))
