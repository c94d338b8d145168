"""What a plan says of a site's place on the list: new, returned, taken off it; and whether that is only planned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.i18n.message import Message
from geo.importing.plans.understood import Standing
from geo.importing.plans.words.plain_words import words_of
from geo.importing.plans.words.removals import CLEARED, heads_removals, own_removal, says_removal

_FOLLOWED_NO_MORE = re.compile(r"\b(?:thoi|khong(?: con| tiep tuc)?|ket thuc) theo doi\b")
"""Of a title: its sites leave the list; of a note of one site it may be only who follows it."""
RETURNED = re.compile(
    r"\b(?:tro lai danh (?:muc|sach)|(?:dua|bo sung|dua vao) tro lai|tai hoat dong|tai phat|tai phat sinh"
    r"|hoat dong tro lai)\b"
)
NEW = re.compile(
    r"\b(?:diem moi|moi phat sinh|phat sinh moi|bo sung moi|moi bo sung|moi dua vao|lan dau)\b|^(?:moi|bo sung)\b"
)
_OPEN_NAME = re.compile(
    r"\b(?:trừ|không (?:thuộc|phải|bao gồm|gồm|kể|tính|còn)|chưa|đã bỏ|dự kiến|đề nghị|đề xuất|ngoại trừ|hoặc"
    r"|tên cũ|đổi tên|sáp nhập|nhập vào|gộp|tách (?:từ|ra|thành)|thay thế|kéo dài)\b",
    re.I,
)
_DAY = re.compile(r"\b\d{1,2}\s*[/.-]\s*(?:\d{1,2}\s*[/.-]\s*)?20\d\d\b|\btháng\s+\d{1,2}\b|\bquý\s+[IV\d]", re.I)
"""A day or a month of its own: what the note says may not hold from the day of the plan."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DENIED = re.compile(r"\b(?:khong|chua|chang|khong phai|khong con|khong de|ngan|ngan chan|phong)(?: \w+){0,3} $")
_PLANNED = re.compile(
    r"\b(?:du kien|de nghi|de xuat|kien nghi|xem xet|nguy co|co the|neu|se|phan dau|chuan bi|dang|cho|can|muc tieu|tru"
    r"|ngoai|khi|truong hop|dau hieu|bieu hien|kha nang)(?: \w+){0,4} $"
)


def standing_of(note: str, titles: Sequence[str], year: int | None = None) -> tuple[Standing, list[Message]]:
    """What the note of a site and the titles above it say, and what of that is open.

    A title that names a site which leaves the list is no title of others.
    What was new in a year before that of the plan (`year`) is on the list since: the plan lists it.
    """
    said = [Message("importing.plan-standing-open", text=note[:80])]
    heads = [title for title in titles if not says_removal(title) or heads_removals(title)]
    others = [title for title in titles if title not in heads and own_removal(title) is None]
    above = " ".join(heads)
    later = [Message("importing.plan-day-in-note", text=note[:80])] if _DAY.search(note) else []
    by_title, title_open = _found(CLEARED, above)
    by_title = by_title or bool(_FOLLOWED_NO_MORE.search(words_of(above)))
    returned, returned_open = _found(RETURNED, note)
    cleared, cleared_open = _found(CLEARED, note)
    new, new_open = _found(NEW, note)
    new = new and added_before(note, year) is None
    doubts = said if returned_open or cleared_open or new_open else []
    doubts = [*doubts, *(later if returned or cleared or new else [])]
    for text in (*([above] if title_open else []), *others):
        doubts = [*doubts, Message("importing.plan-standing-open", text=text[:80])]
    if returned and (cleared or by_title):
        return "returned", doubts or said
    if cleared or by_title:
        return "cleared", doubts
    return ("returned" if returned else "new" if new else "listed"), doubts


def added_before(note: str, year: int | None) -> int | None:
    """The year before that of the plan in which a note says that its site was new; None where it says no such.

    >>> added_before("Bổ sung năm 2025", 2027), added_before("Bổ sung năm 2027", 2027)
    (2025, None)
    """
    clauses = (clause for clause in re.split(r"[;,.\n]", note) if NEW.search(words_of(clause)))
    years = [int(found) for clause in clauses for found in _YEAR.findall(clause)]
    return max(years) if year is not None and years and max(years) < year else None


def names_standing(name: str) -> bool:
    """Whether the name of a site itself says that it is new, came back or leaves the list."""
    return any(pattern.search(words_of(name)) for pattern in (CLEARED, RETURNED, NEW))


def is_open_name(name: str) -> bool:
    """Whether the name of a site says that, or what of it is open."""
    return bool(_OPEN_NAME.search(name)) or names_standing(name)


def _found(pattern: re.Pattern[str], text: str) -> tuple[bool, bool]:
    """Whether a text says so, and whether it is only planned, feared or asked for; what is denied is neither."""
    holds = is_open = False
    for clause in re.split(r"[;,.\n]", text):
        words = words_of(clause)
        for match in pattern.finditer(words):
            before = words[: match.start()]
            planned, denied = bool(_PLANNED.search(before)), bool(_DENIED.search(before))
            is_open = is_open or planned
            holds = holds or not (planned or denied)
    return holds, is_open
