"""What sort of paper a plan's file is: a draft, no plan, one that amends another, or in force from a day of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from geo.i18n.message import Message
from geo.importing.plans.understood import Letterhead
from geo.importing.plans.words.plain_words import words_of

_HEAD_LINES = 60
_DRAFT = re.compile(r"(?:ban )?du thao\b(?: (?:lan|so|ngay|ke hoach|thang|nam|v)?(?: ?\w+){0,8})?")
_SORT = re.compile(
    r"bao cao|cong van|to trinh|thong bao|huong dan|quyet dinh|nghi quyet|chi thi|bien ban|ke hoach|de an|chuong trinh"
)
_AMENDS = re.compile(
    r"(?:sửa đổi|bổ sung|điều chỉnh|đính chính|cập nhật)[^.;]{0,60}?\bkế hoạch\b"
    r"|\((?:được\s+)?(?:sửa đổi|bổ sung|điều chỉnh|đính chính)\b",
    re.I,
)
_FORCE = re.compile(
    r"\b(?:kế hoạch|quyết định|văn bản)\b[^.;]{0,60}?\b(?:hiệu lực|áp dụng|thực hiện|thi hành)\b[^.;]{0,30}?"
    r"\b(?:từ|vào)\s+"
    r"(?:ngày\s+)?(\d{1,2})(?:\s*[/.\-]\s*|\s+tháng\s+)(\d{1,2})(?:\s*[/.\-]\s*|\s+năm\s+)(20\d\d)",
    re.I,
)
_BASIS = re.compile(r"^\W*(?:căn cứ|thực hiện|theo|trên cơ sở|xét)\b", re.I)


def said_of_paper(lines: Sequence[str], head: Letterhead) -> Iterator[Message]:
    """What has to be known of the paper before it is imported and published."""
    top = lines[:_HEAD_LINES]
    if draft := next((line for line in top if len(line) < 80 and _DRAFT.fullmatch(words_of(line))), ""):
        yield Message("importing.plan-is-draft", text=draft.strip())
    sorts = [line for line in top if _SORT.fullmatch(words_of(line))]
    if sorts and words_of(sorts[0]) != "ke hoach":
        yield Message("importing.plan-other-paper", text=sorts[0].strip())
    if _AMENDS.search(head.title):
        yield Message("importing.plan-amends", text=head.title[:200])
    for day in dict.fromkeys(day for line in lines for day in _days_in_force(line)):
        if head.day is not None and day != head.day:
            yield Message("importing.plan-in-force-from", on=day, day=head.day)


def _days_in_force(line: str) -> Iterator[date]:
    if _BASIS.match(line):
        return
    for found in _FORCE.finditer(line):
        try:
            yield date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            continue
