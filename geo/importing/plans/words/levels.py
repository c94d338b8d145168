"""Words for the activity of a site, and marks in columns.

>>> level_of("Không còn hoạt động"), level_of("Ít hoạt động"), level_of("duy trì không để tái hoạt động trở lại")
('inactive', 'low', '')
>>> level_of("Còn phức tạp"), level_of("Không còn phức tạp"), level_of("chưa có hoạt động")
('complex', '', '')
"""

from __future__ import annotations

import re

from geo.importing.plans.words.matters import without_matters
from geo.importing.plans.words.plain_words import words_of

_NOT_A_LEVEL = re.compile(
    r"\b(?:khong de|ngan chan|phong ngua|nguy co)?\s*(?:tai|dau hieu|cac|moi|to chuc) hoat dong\b(?: tro lai)?"
)
_OPEN = re.compile(
    r"\b(?:du kien|de nghi|de xuat|kien nghi|xem xet|co the|co kha nang|nguy co|neu|da tung|truoc day|phan dau|muc tieu"
    r"|chuyen sang|chuyen thanh|chuyen ve|nghi van|chua ro|doi khi|thinh thoang|khong phai|khong thuoc)\b"
)
"""Words that leave open whether a level holds: planned, asked for, supposed, denied, of before."""
_BESIDE = re.compile(
    r"\b(?:muc do|tinh trang|hien(?: nay| tai| trang)?|diem|dia diem|van|con|dang|da|rat|tu diem"
    r"|loai|dien bien|la|o|han)\b"
)
"""What may stand beside a level without making it doubtful."""
_NOTHING_ELSE = re.compile(r"\b(?:cac|nhung|diem|tu diem|nhom|loai|danh sach|danh muc|muc do|\d+|[ivx]+|[a-h])\b")
"""What a heading may hold beside the one word for its sites."""
_NOT = r"(?<!khong )(?<!chua )(?<!het )(?<!bot )(?<!chang )(?<!khong thay )(?<!khong con )(?<!khong he )"
"""What is denied is no level: it is looked at."""
_WHOLLY = r"(?! (?:thuong xuyen|lien tuc|cong khai|ro ret|manh|ram ro|nhieu|phuc tap|hang ngay)\b)"
"""Who denies only that a site is active 'thường xuyên' leaves some activity."""
_WORDS = (
    (
        "inactive",
        rf"(?<!phai )(?:khong (?:con |co |thay )?hoat dong){_WHOLLY}"
        rf"|{_NOT}(?:da )?{_NOT}(?:ngung|dung|het|cham dut)(?: han)? hoat dong{_WHOLLY}",
    ),
    ("low", rf"{_NOT}it hoat dong|hoat dong (?:it|nho le|le te|cam chung|khong thuong xuyen)|nho le"),
    ("complex", rf"{_NOT}(?:hoat dong|dien bien|dang|con|rat) phuc tap"),
    ("active", rf"{_NOT}(?:co|dang|con|van(?: con)?) hoat dong(?: thuong xuyen)?"),
)
_EXACT = {
    "phuc tap": "complex",
    "hoat dong": "active",
    "hoat dong thuong xuyen": "active",
}
_SHORT = {"co": "active", "it": "low", "khong": "inactive"}
_SHORTENED = re.compile(r"\bhd\b")
"""*HĐ* beside a word of the scale."""
_MARKS = {"x", "✓", "✔", "☑", "☒", "✗", "✘", "×", "v", "1", "•", "●", "+", "*", "co", "yes", "dung"}
_EMPTY = {"", "-", "–", "—", "0", "khong", "☐", "□", "o", "."}
_OTHER_SCALE = re.compile(
    r"\b(?:rat|it|khong(?: con)?|het|chua|bot|kha|tuong doi|dac biet) phuc tap\b"
    r"|\b(?:cao|trung binh|thap|nang|vua|nhe)\b"
)


def level_of(text: str) -> str:
    """The level that a text names, '' where it names none or several."""
    return _named(text)[0]


def is_level_alone(text: str) -> bool:
    """Whether a text names one level and says nothing beside it.

    >>> is_level_alone("Đang hoạt động"), is_level_alone("Ít hoạt động, trừ dịp lễ")
    (True, False)
    """
    level, rest = _named(text)
    return bool(level) and not _BESIDE.sub(" ", without_matters(rest)).split()


def is_complex_alone(text: str) -> bool:
    """Whether a heading says that its sites are complex, and nothing else that could be a level."""
    return _NOTHING_ELSE.sub(" ", without_matters(words_of(text))).split() == ["phuc", "tap"]


def _named(text: str) -> tuple[str, str]:
    """The level that a text names, and its other words."""
    words = " ".join(_NOT_A_LEVEL.sub(" ", _SHORTENED.sub("hoat dong", words_of(text))).split())
    if words in _EXACT:
        return _EXACT[words], ""
    if _OPEN.search(words):
        return "", words
    found: list[str] = []
    for level, pattern in _WORDS:
        words, count = re.subn(rf"\b(?:{pattern})\b", " ", words)
        found += [level] if count else []
    return (found[0], words) if len(found) == 1 else ("", words)


def level_of_heading(text: str, *, below: bool) -> str:
    """The level that the head of a column names; `below`: whether it stands below a head of levels."""
    words = words_of(text)
    return level_of(text) or (_SHORT.get(words, "") if below else "")


def of_other_scale(text: str) -> bool:
    """Whether a text grades in words that are none of the four levels."""
    return bool(_OTHER_SCALE.search(words_of(text)))


def is_mark(text: str) -> bool:
    """Whether a cell of a column of marks is marked."""
    return text.strip().casefold() in _MARKS or words_of(text) in ("x", "xx", "co")


def is_unmarked(text: str) -> bool:
    """Whether a cell of a column of marks says that it is not."""
    return text.strip().casefold() in _EMPTY
