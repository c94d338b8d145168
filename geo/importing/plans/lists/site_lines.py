"""Lists of sites that are no tables: lines below a heading that names a list of places; what is not read is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from geo.importing.plans.words.markers import leading_marker, marker
from geo.importing.plans.words.plain_words import words_of
from geo.importing.plans.words.removals import own_removal

_HEADING = re.compile(
    r"\b(?:danh (?:sach|muc)|cac)(?: cac)? (?:diem|tu diem|dia diem|tuyen|khu vuc|dia ban)\b"
    r"|\bdanh (?:sach|muc) .*\b(?:diem|tuyen|duong)\b"
    r"|\b(?:dua|rut|loai|xoa)\b.* khoi danh (?:muc|sach)\b"
    r"|^(?:[ivx]+ |\d+(?: \d+)* |[a-h] )?(?:(?:tu diem|diem|dia diem|tuyen|khu vuc) (?:\w+ ){0,2}phuc tap\b"
    r"|(?:tu diem|dia diem|diem)$)"
)
_COUNTED = re.compile(r"(?<![\d/])\d{1,3}\s+(?:tụ\s+điểm|điểm|địa\s+điểm)\b[^:]{0,80}:", re.I)
_SAID = re.compile(
    r"\b(?:bổ sung|phát sinh|hình thành|gồm|còn|hiện có|đưa vào)\b[^.:;]{0,20}\d{1,3}\s+(?:tụ\s+điểm|điểm|địa\s+điểm)\b"
    r".{0,60}\b(?-i:[Pp]hường|[Xx]ã)\s+(?-i:[A-ZĐÀ-Ỹ])",
    re.I,
)
"""A sentence that says which places there are."""
_LONGEST_HEADING = 250
_LONGEST_ROW = 300
_PLACE = re.compile(
    r"\b(?:đường|phố|ngõ|quốc lộ|tỉnh lộ|tuyến|đoạn|ngã (?:ba|tư|năm)|khu vực|chợ|bến xe|nhà ga|cầu|công viên|vườn hoa"
    r"|(?:phường|xã|thị trấn)\s+(?-i:[A-ZĐÀ-Ỹ]))",
    re.I,
)
_MARKED = re.compile(r"^\s*(?:[-–—+•●*▪]\s*|\d{1,3}\s+)(?=\S)")
_OF_PLACES = re.compile(r"\b(?:điểm|tụ điểm|địa điểm)\b", re.I)
_NONE = re.compile(r"\s*(?:không(?:\s+có)?|0+(?:\s+điểm)?)\s*[.;)]?\s*$", re.I)
_FARTHEST = 10
"""So many lines below the heading, or the row before it, a row may stand."""


def names_place(text: str) -> bool:
    """Whether a text names a place by a word for one."""
    return bool(_PLACE.search(text))


def lists_all(line: str) -> bool:
    """Whether a line says behind its colon all that it lists, or that there is nothing: it is no title of what follows.

    >>> lists_all("Điểm đưa ra khỏi danh mục: không có"), lists_all("Phụ lục II: Danh sách điểm phức tạp")
    (True, False)
    """
    head, _, rest = line.partition(":")
    is_list = bool(_HEADING.search(words_of(head)) or _OF_PLACES.search(head))
    return is_list and bool(_NONE.match(rest) or (_PLACE.search(rest) and not _HEADING.search(words_of(rest))))


def listed_in_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines that list places below such a heading, or behind its colon."""
    left = 0
    number = ""
    for line in lines:
        if own_removal(line) is not None:
            yield line
            continue
        if is_list_heading(line):
            left = _FARTHEST
            if _PLACE.search(line.partition(":")[2]):
                yield line
            continue
        if _SAID.search(line):
            yield line
            continue
        left = left - 1 if len(line) <= _LONGEST_ROW and not is_duty(line) else 0
        bare = marker(line)
        if left > 0 and not bare and _PLACE.search(line) and (number or _is_marked(line)):
            left = _FARTHEST
            yield f"{number} {line}".strip()
        number = bare


def _is_marked(line: str) -> bool:
    """Whether a line begins with a number or a bullet."""
    return bool(leading_marker(line)[0] or _MARKED.match(line))


def is_list_heading(line: str) -> bool:
    """Whether a line names a list of places."""
    if len(line) > _LONGEST_HEADING or is_duty(line):
        return False
    return bool(_HEADING.search(words_of(line)[:160]) or _COUNTED.search(line))


def is_duty(text: str) -> bool:
    """Whether a line says what somebody does, as most of a plan does."""
    first = words_of(_MARKED.sub("", leading_marker(text)[1])).split()[:2]
    return " ".join(first) in _DUTIES or bool(first and first[0] in {"khong", "duy", "uy", "so", "ubnd"})


_DUTIES = {
    "to chuc", "phoi hop", "chi dao", "tang cuong", "trien khai", "xay dung", "tiep tuc", "thuc hien", "kiem tra",
    "ra soat", "tuyen truyen", "cong an", "chu tri", "huong dan", "nang cao", "tham muu", "day manh", "lap danh",
    "thong tin", "quan ly", "ho tro", "giam sat", "bao cao", "phat hien", "dau tranh", "chu dong", "lap ho", "de xuat",
    "thuong xuyen", "dam bao", "bao dam", "giao cho", "can cu",
}  # fmt: skip
