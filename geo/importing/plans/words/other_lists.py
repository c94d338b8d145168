"""Lists of a plan that are not its own: those of other years, of results, for comparison; they change nothing.

>>> other_list(["Danh sách điểm năm 2026 để đối chiếu"], (2027, 2027))
'Danh sách điểm năm 2026 để đối chiếu'
>>> other_list(["Danh sách điểm bàn giao năm 2021"], (2027, 2027))
''
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from geo.importing.plans.words.plain_words import words_of

_TITLE = re.compile(
    r"\b(?:danh sach|danh muc|phu luc|bieu|bang|ket qua|du kien|tinh hinh|tong hop|thong ke|chi tieu"
    r"|cac (?:diem|xa|phuong))\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:doi chieu|so sanh|tham khao|du kien|nam truoc|ky truoc|nam ngoai|nam sau|nam toi|nam lien ke"
    r"|giai doan truoc|lan truoc|ke hoach truoc|ket qua(?: (?:thuc hien|dat duoc|cong tac|chi tieu|nam|quy"
    r"|sau thang|6 thang|giai doan))+|truoc day|minh hoa)\b"
)
_YEAR = re.compile(r"\b(?:nam|giai doan|cua) (?:nam )?(20\d\d)(?: (?:den )?(?:nam )?(20\d\d))?\b")
_MATTER = re.compile(
    r"\b(?:diem|tu diem|dia diem|khu vuc|tuyen|dia ban)\b.*\b(?:ma tuy|co bac|danh bac|giao thong|trom cap|cuop giat"
    r"|(?<!dieu kien )ve an ninh|buon lau|moi truong|rac thai|ngap|chay no|hiv|hang rong|lan chiem|tin dung den)\b"
    r"|\b(?:diem|dia diem|khu vuc) (?:\w+ )?(?:tuyen truyen|tiep nhan|lap(?: dat)? camera|camera|tu van|cap phat"
    r"|ho tro|truc|chot|xet nghiem|tap huan|treo)\b"
)
"""Places of another matter than the plan's."""
_NEVER_OWN = re.compile(
    r"\b(?:diem|dia ban|khu vuc|tuyen) (?:\w+ ){0,4}nguy co\b"
    r"|\b(?:cua|thuoc) (?:\w+ ){0,2}tinh (?:giap ranh|khac|ban|lan can)\b"
    r"|\bmau (?:bieu|so|bao cao|danh sach)\b|\bbieu mau\b|\bvi du\b|\bcach ghi\b"
)
"""What may become a site, is another province's, or only shows how a list is written."""
_LONGEST_TITLE = 300
_OF_AN_EVENT = re.compile(
    r"\b(?:ban giao|trien khai|triet xoa|triet pha|phat sinh|xoa|dua ra|hinh thanh|phat hien|thuc hien|lap|ra soat"
    r"|tinh den|den het|den|tu|truoc|sau|ngay \d+ thang \d+|thang \d+|khoi danh (?:muc|sach)|duy tri|thi diem"
    r"|kem theo .*|theo .*|so \d+ .*)\s*(?:het |cuoi |trong |tu )?$"
)
"""Words before a year that make it that of something which happened, not of the list."""


def other_list(titles: Sequence[str], years: tuple[int, int] | None) -> str:
    """The title that says that a list is not of this plan, '' where none does.

    `titles` are the lines above the list, the nearest last; `years` the first and the last of the plan.
    """
    near = _nearest_title(titles)
    return next((title for title in near if _is_other(title, years)), "")


def other_matter(titles: Sequence[str], own: Collection[str]) -> tuple[str, bool]:
    """The title that says that a list of places is about another matter, '' where none does; and whether it is about
    that alone.

    `own` are the plain words for what the plan is about (`words_of`); without any, every matter of
    the list below may be its own.

    >>> other_matter(["Danh sách điểm phức tạp về ma túy"], ["ngap"])
    ('Danh sách điểm phức tạp về ma túy', True)
    >>> other_matter(["Danh sách điểm phức tạp về ma túy"], ["ma tuy"])
    ('', False)
    """
    for title in _nearest_title(titles):
        words = words_of(title)
        if len(title) > _LONGEST_TITLE:
            continue
        if _NEVER_OWN.search(words):
            return title, True
        rest = words
        for matter in own:
            rest = rest.replace(matter, "")
        if own and _MATTER.search(rest):
            return title, rest == words
    return "", False


def _nearest_title(titles: Sequence[str]) -> Sequence[str]:
    """The lines from the last one that can be a title on."""
    at = next((at for at in reversed(range(len(titles))) if _TITLE.search(words_of(titles[at])[:60])), None)
    return titles[at:] if at is not None else titles[-1:]


def _is_other(title: str, years: tuple[int, int] | None) -> bool:
    words = words_of(title)
    if len(title) > _LONGEST_TITLE or title.rstrip().endswith((".", ";")) or "truoc ngay" in words:
        return False  # a sentence
    if _ELSEWHERE.search(words):
        return True
    if years is None:
        return False
    found = [match for match in _YEAR.finditer(words) if not _OF_AN_EVENT.search(words[: match.start()])]
    spans = [(int(match[1]), int(match[2] or match[1])) for match in found]
    return bool(spans) and not any(first <= years[1] and last >= years[0] for first, last in spans)
