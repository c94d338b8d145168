"""Names of landmarks as they are written and said: what is abbreviated, and what is left out when two are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geo.reference.names import fold, plain, unmarked


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A landmark, river, house number or kilometre post: `kind`, `name`, `street`, `number` (0 without one), and the
    `key_of` its name, made when the data were built."""

    kind: str
    name: str
    street: str
    number: float
    key: str = ""


FIRST_WORDS = {
    "market": ("chợ", "trung tâm thương mại chợ"),
    "bus_station": ("bến xe",),
    "junction": ("ngã ba", "ngã tư", "ngã năm", "ngã sáu", "ngã bảy", "nút giao", "vòng xuyến", "vòng xoay"),
    "hospital": ("bệnh viện", "trạm y tế", "phòng khám đa khoa", "trung tâm y tế", "viện"),
    "school": ("trường", "đại học", "học viện", "mầm non", "tiểu học", "thpt", "thcs", "cao đẳng"),
    "office": (
        *("ubnd", "uỷ ban", "ủy ban", "hđnd", "công an", "toà án", "tòa án", "bộ", "sở", "chi cục", "cục", "kho bạc"),
        *("bưu điện", "bưu cục", "trụ sở", "huyện ủy", "quận ủy", "đảng uỷ", "nhà văn hoá", "nhà văn hóa", "cung"),
        *("trung tâm văn hóa", "trung tâm văn hoá", "đại sứ quán", "bảo hiểm xã hội", "đài", "trung tâm hội nghị"),
    ),
    "park": (
        "công viên",
        "vườn hoa",
        "quảng trường",
        "vườn thú",
        "sân vận động",
        "svđ",
        "nhà thi đấu",
        "vườn quốc gia",
    ),
    "worship": ("chùa", "đình", "đền", "nhà thờ", "phủ", "miếu", "quán thánh", "giáo xứ", "điện", "thánh thất"),
    "sight": (
        "bảo tàng",
        "nhà hát",
        "rạp",
        "thư viện",
        "lăng",
        "thành cổ",
        "cửa",
        "khu di tích",
        "tượng đài",
        "cột cờ",
    ),
    "mall": ("siêu thị", "vincom", "aeon", "big c", "go!", "lotte", "trung tâm thương mại", "royal city", "times city"),
    "lake": ("hồ", "đầm"),
    "cemetery": ("nghĩa trang", "nghĩa địa"),
    "station": ("ga", "nhà ga", "sân bay", "cảng", "bến phà", "bến đò", "bến tàu"),
    "estate": ("khu đô thị", "kđt", "khu công nghiệp", "kcn", "cụm công nghiệp", "khu tập thể", "chung cư", "làng"),
}
"""Words that begin the name of a landmark, and its kind."""


STRONG = frozenset({"market", "bus_station", "hospital", "school", "park", "mall", "lake", "estate", "cemetery"})
"""Kinds whose words no street's name begins with: 'Chợ Đồng Xuân' is the market, not a street called so."""

_COUNT = {"3": "ba", "4": "tư", "5": "năm", "6": "sáu"}
_SPELLED: tuple[tuple[str, str], ...] = (
    (r"\bthpt\b", "trường trung học phổ thông"),
    (r"\bthcs\b", "trường trung học cơ sở"),
    (r"\b(?:trường )?ptth\b", "trường trung học phổ thông"),
    (r"\b(?:trường )?th\b", "trường tiểu học"),
    (r"\bđhqg\b", "đại học quốc gia"),
    (r"\bđh\b", "đại học"),
    (r"\bcđ\b", "cao đẳng"),
    (r"\bhv\b", "học viện"),
    (r"\bbv\b", "bệnh viện"),
    (r"\b(?:ubnd|uỷ ban nhân dân|ủy ban nhân dân|trụ sở ubnd|hđnd - ubnd|hđnd ubnd)\b", "ubnd"),
    (r"\bkđt\b", "khu đô thị"),
    (r"\bkcn\b", "khu công nghiệp"),
    (r"\bsvđ\b", "sân vận động"),
    (r"\bttth?m\b", "trung tâm thương mại"),
    (r"\bcv\b", "công viên"),
    (r"\bbx\b", "bến xe"),
    (r"\bca\b", "công an"),
    (r"\bkhách mỹ đình\b", "mỹ đình"),
    (r"\b(?:trường )?(?=(?:mầm non|tiểu học|trung học|đại học|cao đẳng)\b)", "trường "),
    (r"\btrường trường\b", "trường"),
    (r"^(?:cơ quan|trụ sở|toà nhà|tòa nhà)\s+", ""),
    (r"\bhồ gươm\b", "hồ hoàn kiếm"),
    (r"^nhà ga\b", "ga"),
    (r"\bvòng xoay\b", "vòng xuyến"),
)
_JUNCTION_DIGIT = re.compile(r"\b(?:nga|ngã) ([3-6])\b")
_ANY_SPELLED = re.compile("|".join([*(pattern for pattern, _ in _SPELLED), _JUNCTION_DIGIT.pattern]))
_ENGLISH = re.compile(r"^(.+?) (hospital|market|park|university|bus station|railway station)$", re.I)
_IN_ENGLISH = {
    "hospital": "benh vien",
    "market": "cho",
    "park": "cong vien",
    "university": "truong dai hoc",
    "bus station": "ben xe",
    "railway station": "ga",
}


@lru_cache(maxsize=65536)
def key_of(name: str) -> str:
    """The key under which a landmark is looked up: abbreviations written out, case, tone placement, dashes folded.

    >>> key_of("Trường THPT Xuân Phương") == key_of("trường trung học phổ thông Xuân Phương")
    True
    """
    text = " ".join(name.casefold().split())
    if not _ANY_SPELLED.search(text):
        return fold(text)
    for pattern, words in _SPELLED:
        text = re.sub(pattern, words, text)
    text = _JUNCTION_DIGIT.sub(lambda found: f"ngã {_COUNT[found[1]]}", text)
    return fold(text)


@lru_cache(maxsize=65536)
def plain_key(name: str, key: str = "") -> str:
    """The same without diacritics; English names of hospitals, markets and parks are turned round.

    >>> plain_key("Bach Mai Hospital") == plain_key("Bệnh viện Bạch Mai")
    True
    """
    found = _ENGLISH.match(name.strip())
    if found:
        return f"{_IN_ENGLISH[found[2].lower()]} {plain(found[1])}"
    return unmarked(key or key_of(name))


def kind_by_words(name: str) -> str:
    """The kind of a landmark by the words with which its name begins; '' for none, and for a name that is nothing else.

    >>> kind_by_words("Chợ Đồng Xuân"), kind_by_words("Chợ"), kind_by_words("Hàng Bông")
    ('market', '', '')
    """
    key = name.casefold().strip()
    return next((kind for kind, words in FIRST_WORDS.items() if any(key.startswith(f"{word} ") for word in words)), "")


def is_generic(name: str) -> bool:
    """Whether a name is only the word for such a place: 'Chợ', 'Công viên'."""
    key = name.casefold().strip()
    return any(key in words for words in FIRST_WORDS.values())
