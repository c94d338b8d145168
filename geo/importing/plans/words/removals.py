"""Whether words like *đưa ra khỏi danh mục* are about one site that they name, or head a list of those that leave."""

from __future__ import annotations

import re

from geo.importing.plans.words.markers import leading_marker
from geo.importing.plans.words.plain_words import words_of

CLEARED = re.compile(
    r"\b(?:dua|rut|loai|xoa|gach|cho)(?: ten)?(?: ra)? (?:khoi|ra khoi)\b|\bra khoi danh (?:muc|sach)\b|\bxoa ten\b"
    r"|\bkhong con la diem\b|\bcham dut theo doi\b|\bdung theo doi\b"
)
_LIST = r"danh\s+(?:mục|sách)"
_HEDGE = r"(?:(?:đã|được|sẽ|chưa|không|chuẩn bị|đề nghị|đề xuất|dự kiến|kiến nghị|xem xét|tiếp tục|cần)\s+)*"
_VERB = r"(?:đưa|rút|loại|xóa|xoá|gạch|cho)(?:\s+tên)?"
_ENDS = (
    rf"(?:{_VERB}(?:\s+ra)?\s+khỏi|{_VERB}\s+ra\s+khỏi|ra\s+khỏi\s+{_LIST}|xóa\s+tên|xoá\s+tên|không\s+còn\s+là\s+điểm"
)
_ENDS += r"|(?:chấm\s+dứt|dừng)\s+theo\s+dõi)"
_BEFORE = re.compile(rf"^(?P<name>.+?)[\s:;,.(–—-]*(?P<said>{_HEDGE}{_ENDS}\b.*)$", re.I | re.S)
_WITHIN = re.compile(
    rf"^(?:.{{0,80}}?\b)?{_HEDGE}{_VERB}\s+(?P<name>.+?)\s+(?P<said>(?:ra\s+)?khỏi\s+{_LIST}\b.*)$", re.I | re.S
)
_BEHIND = re.compile(rf"^(?P<said>{_HEDGE}{_ENDS}(?:\s+{_LIST})?)\s*:\s*(?P<name>.+)$", re.I | re.S)
_WHEN = re.compile(r"^(?:(?:trong|từ|kể từ)\s+)?(?:năm|ngày|tháng)\s+[\d/.-]+\s*[,:]?\s*", re.I)
_KIND = re.compile(r"^[\s•●*▪+–—-]*(?:(?:tụ\s+|địa\s+)?điểm(?:\s+phức\s+tạp)?)\b[\s:]*", re.I)
_MANY = re.compile(
    r"(?:danh sach|danh muc|cac|nhung|mot so|tong|nam|ghi chu|luu y|phu luc|nhom|loai|muc|phan|dia ban|theo|ke hoach"
    r"|quyet dinh|uy ban|ubnd|thanh pho|so y te|cong an|can cu|trong|so|dua|rut|xoa|cham dut|dung|khong con)\b"
    r"|\d+ (?:diem|tu diem|dia diem|tuyen|khu vuc)\b"
)
_HEADS = re.compile(
    r"(?:(?:tu |dia )?diem(?: (?!so\b)[a-z]\w*|$)|tuyen(?: (?:duong|pho))? (?:dua|rut|loai|xoa|da|duoc)"
    r"|khu vuc (?:dua|rut|loai|xoa|da|duoc))"
)
_PLACE = re.compile(
    r"\b(?:đường|phố|ngõ|ngách|quốc lộ|tỉnh lộ|tuyến|đoạn|ngã (?:ba|tư|năm|sáu)|khu (?:vực|đô thị)|chợ|bến xe|nhà ga|ga"
    r"|cầu|công viên|vườn hoa|hồ|bờ|khách sạn|nhà hàng|nhà nghỉ|quán)\b",
    re.I,
)
_PROPER = re.compile(r"(?:^|[\s(])(?:[A-ZĐÀ-Ỹ]\w*|\d[\w./-]*)")


def says_removal(text: str) -> bool:
    """Whether a text says that something leaves the list."""
    return bool(CLEARED.search(words_of(text)))


def heads_removals(text: str) -> bool:
    """Whether a text heads those that leave the list, and names none of them itself.

    >>> heads_removals("II. Các điểm đưa ra khỏi danh mục"), heads_removals("2. Phố Huế: đưa ra khỏi danh mục")
    (True, False)
    """
    words = words_of(leading_marker(text)[1])
    return own_removal(text) is None and bool(_MANY.match(words) or _HEADS.match(words))


def own_removal(text: str) -> tuple[str, str] | None:
    """The site that a text names as leaving the list, and what it says of it; None where it names no such.

    >>> own_removal("2. Phố Huế: đưa ra khỏi danh mục")
    ('Phố Huế', 'đưa ra khỏi danh mục')
    >>> own_removal("Đưa ra khỏi danh mục: không có")
    """
    if not says_removal(text):
        return None
    own = _WHEN.sub("", leading_marker(text)[1].strip())
    for pattern in (_BEHIND, _WITHIN, _BEFORE):
        found = pattern.match(own)
        if found and (name := _name(found["name"])):
            return name, " ".join(found["said"].split()).rstrip(" .;")
    return None


def _name(text: str) -> str:
    """The name of a site in these words, '' where they name none: a word for a place and a name, or a name of two."""
    name = _KIND.sub("", text).strip(" .;:,(–—-")
    if not name or _MANY.match(words_of(name)) or (name[0].islower() and not _PLACE.match(name)):
        return ""
    bare = _PLACE.sub(" ", name)
    proper = len(_PROPER.findall(bare)) if bare.strip() else 0
    return " ".join(name.split()) if proper >= (1 if bare != name else 2) else ""
