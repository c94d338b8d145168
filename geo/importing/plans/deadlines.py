"""The days by which reports on a plan are due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from geo.i18n.message import Message
from geo.importing.plans.words.markers import leading_marker
from geo.importing.plans.words.plain_words import words_of

_DAY = r"\d{1,2}\s*(?:[/.\-]\s*\d{1,2}|\s+tháng\s+\d{1,2})(?:\s*(?:[/.\-]|\s+năm\s+)\s*20\d\d)?"
_BEFORE = re.compile(
    r"(?:trước|không\s+(?:muộn|chậm)\s+hơn"
    r"|chậm nhất(?:\s+(?:là|vào|trước|đến))*|hạn(?:\s+\w+){0,3}?|muộn nhất(?:\s+(?:là|vào))*)\s*:?\s*"
    r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{1,2}(?:\s*phút)?)?\s*,?\s*)?"
    r"(?:ngày\s+)?"
    rf"({_DAY}(?:\s*(?:,|;|và|hoặc)\s*(?:trước\s+)?(?:ngày\s+)?{_DAY})*)",
    re.I,
)
_ONE = re.compile(r"(\d{1,2})\s*(?:[/.\-]|\s+tháng\s+)\s*(\d{1,2})(?:\s*(?:[/.\-]|\s+năm\s+)\s*(20\d\d))?", re.I)
_VAGUE = re.compile(r"(?:trước\s+)?ngày\s+\d{1,2}\s+(?:hằng|hàng|của|mỗi)\s+\w+", re.I)
_UNREAD = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|muộn hơn|chậm hơn|không quá)\s+(?:là\s+|vào\s+|đến\s+)?"
    r"(?:ngày|tuần|cuối|hết)\s+[^.;,()]{2,60}|\btrong\s+(?:tháng|quý)\s+[\dIVX][^.;()]{0,40}",
    re.I,
)
"""When a report is due, in other words than those that are read."""
_ON = re.compile(
    rf"\bbáo cáo\b[^.;]{{0,80}}?(?:\bngày\s+{_DAY}|từ\s+ngày\s+\d{{1,2}}\s+đến\s+ngày\s+{_DAY})[^.;)]{{0,40}}", re.I
)
"""A day behind the word for a report that is not said to be its last: 'gửi báo cáo ngày 15/5 và 15/11 hằng năm'."""
_OF_PAPER = re.compile(
    r"\bsố\s*:?\s*\d\S*\s*(?:ngày|,)|\bcủa\s+[^.;]{0,60}\bngày\b|\d/(?:20\d\d/)?(?-i:[A-ZĐ]{2})", re.I
)
_NEXT_YEAR = re.compile(r"\s*(?:của\s+)?năm\s+(?:sau|tiếp|kế|liền)", re.I)
_ONLY_SOME = re.compile(r"\b(?:riêng|trừ|đối với)\b[^.;)]*$", re.I)
"""What is due for some of the offices alone."""
_NOT_DUE = re.compile(
    r"\b(?:bãi bỏ|hủy bỏ|huỷ bỏ|thay (?:cho|vì|thế)|lùi|hoãn|dời|gia hạn|không(?: phải)?(?: gửi)?(?: nộp)? báo cáo"
    r"|chưa báo cáo|trước đây|đã báo cáo)\b[^.;]*$"
    r"|\b(?:gửi|nộp|xây dựng|ban hành|đăng ký)\s+(?:\w+\s+)?kế hoạch\b(?:(?!báo cáo)[^.;])*$",
    re.I,
)
"""What is no longer due, not due, or due on another day than before."""
_PLAN_DUE = re.compile(
    r"\b(?:gửi|nộp|xây dựng|ban hành|đăng ký|lập)\b[^.;]{0,80}?\bkế hoạch\b|\bkế hoạch\b[^.;]{0,80}?\b(?:gửi|nộp)\b",
    re.I,
)
_PLAN_SENT = re.compile(r"[^.;]{0,60}?\b(?:gửi|nộp|ban hành|xây dựng|đăng ký|lập)\b[^.;]{0,40}?\bkế hoạch\b", re.I)
"""A plan that is due, before or behind its day."""
_FAR = 60
_NEAR = 400


def read_deadlines(lines: Sequence[str], years: tuple[int, int] | None) -> tuple[list[date], list[str]]:
    """The printed days ('before' them a report is in time), each year's where no year is printed; and lines about
    reports whose days are not understood."""
    days: set[date] = set()
    strange: list[str] = []
    for line in _rejoined(lines):
        strange += _of_plans(line)
        if "bao cao" not in words_of(line):
            continue
        for found in _BEFORE.finditer(line):
            near = words_of(line[max(0, found.start() - _NEAR) : found.end() + _FAR])
            if "bao cao" not in near:
                continue
            if _NEXT_YEAR.match(line[found.end() :]) or _is_open(line[: found.start()]):
                strange.append(line[found.start() : found.end() + _FAR // 2].strip())
                continue
            for one in _ONE.finditer(found[1]):
                given = _days(one, years)
                days |= set(given)
                if not given:
                    strange.append(found[0])
        strange += [found[0] for found in _VAGUE.finditer(line)]
        strange += _unread(line)
    return sorted(days), list(dict.fromkeys(strange))


def _of_plans(line: str) -> Iterator[str]:
    """The days by which plans are due, which are no reports."""
    for found in _BEFORE.finditer(line):
        sentence = re.split(r"[.;]\s", line[: found.start()])[-1]
        before, after = sentence[-_NEAR:], line[found.end() : found.end() + 2 * _FAR]
        if "bao cao" not in words_of(f"{before} {after}") and (_PLAN_DUE.search(before) or _PLAN_SENT.match(after)):
            rest = "" if _PLAN_DUE.search(before) else after
            yield " ".join((before[-_FAR:] + found[0] + rest).split())


def _is_open(before: str) -> bool:
    """Whether the words before a day leave open whether, or from whom, a report is due on it."""
    return bool(_ONLY_SOME.search(before) or _NOT_DUE.search(before))


def is_deadline(line: str, years: tuple[int, int] | None) -> bool:
    """Whether a line says by which days reports are due, and all of them are understood."""
    days, strange = read_deadlines([line], years)
    return bool(days) and not strange


def past_deadlines(lines: Sequence[str], day: date | None) -> Iterator[Message]:
    """The days, printed with their year, that lie before the plan's own day."""
    if day is None:
        return
    for due in read_deadlines(lines, None)[0]:
        if due < day:
            yield Message("importing.plan-deadline-past", due=due, day=day)


def _unread(line: str) -> list[str]:
    """What says when a report is due and holds no day that is read."""
    spans = [one.span() for pattern in (_BEFORE, _VAGUE) for one in pattern.finditer(line)]
    found = [
        one
        for one in _UNREAD.finditer(line)
        if not any(one.start() < end and start < one.end() for start, end in spans)
    ]
    own = [one[0].strip() for one in found if "bao cao" in words_of(line[max(0, one.start() - 2 * _FAR) : one.end()])]
    spans += [one.span() for one in found]
    return own + [
        one[0].strip()
        for one in _ON.finditer(line)
        if not _OF_PAPER.search(one[0]) and not any(one.start() < end and start < one.end() for start, end in spans)
    ]


def _rejoined(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those that are only broken at their width as one."""
    own = ""
    for line in lines:
        is_rest = (
            own and own[-1] not in ".;:" and (line[:1].islower() or line[:1].isdigit()) and not leading_marker(line)[0]
        )
        if own and not is_rest:
            yield own
        own = f"{own} {line}" if is_rest else line
    yield own


def _days(one: re.Match[str], years: tuple[int, int] | None) -> list[date]:
    span = range(int(one[3]), int(one[3]) + 1) if one[3] else range(years[0], years[1] + 1) if years else range(0)
    made = []
    for year in span:
        try:
            made.append(date(year, int(one[2]), int(one[1])))
        except ValueError:
            continue
    return made
