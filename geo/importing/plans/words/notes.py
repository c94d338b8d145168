"""What a note says that is neither the handover nor the site's place on the list: it is looked at."""

from __future__ import annotations

import re

from geo.importing.plans.words.handover import is_of_handover
from geo.importing.plans.words.levels import is_level_alone, level_of
from geo.importing.plans.words.matters import without_matters
from geo.importing.plans.words.plain_words import words_of
from geo.importing.plans.words.removals import CLEARED
from geo.importing.plans.words.standing import NEW, RETURNED

_CLAUSE = re.compile(r"[;.\n()]|,(?!\s*(?:năm|tháng|ngày|quý|\d))", re.I)
_KNOWN = (re.compile(r"\b(?:chua|khong|da)(?: duoc)? ban giao\b"), CLEARED, RETURNED, NEW)
_BESIDE = re.compile(
    r"\b(?:da|duoc|nay|lai|chua|khong|chang|phai|con|bi|ra|khoi|danh (?:muc|sach)|cua|trong|tu|vao|nam|thang|ngay|quy"
    r"|\d+|diem|tu diem|phuc tap|thanh pho|ke hoach|theo doi|la|cho|dia phuong|va|moi"
    r"|phat sinh)\b"
)
"""What may stand beside the known words: alone it explains nothing."""
_NOTHING = {"", "x", "khong", "khong co", "nt"}


def unexplained(note: str, level: str) -> str:
    """The clauses of a note that nothing explains, '' for none; `level` is the one that was read.

    >>> unexplained("Bàn giao năm 2018, tái hoạt động năm 2026", "low")
    ''
    >>> unexplained("Tách từ điểm I.1; chưa bàn giao", "low")
    'Tách từ điểm I.1'
    """
    clauses = (clause.strip() for clause in _clauses(note))
    return "; ".join(clause for clause in clauses if not _is_explained(clause, level))


def _clauses(note: str) -> list[str]:
    """The clauses of a note; a point within a number ('I.1') ends none."""
    return [clause.replace("\0", ".") for clause in _CLAUSE.split(re.sub(r"\.(?=\w)", "\0", note))]


def _is_explained(clause: str, level: str) -> bool:
    words = words_of(clause)
    if words in _NOTHING or is_of_handover(clause):
        return True
    if is_level_alone(clause):
        return level_of(clause) == level
    rest = words
    for pattern in _KNOWN:
        rest = pattern.sub(" ", rest)
    return rest != words and not _BESIDE.sub(" ", without_matters(rest)).split()
