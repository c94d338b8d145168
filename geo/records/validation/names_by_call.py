"""Persons by what they are called: a rank or kinship before the name, a nickname after it, a trade beside it.

'Đ/c Hùng', 'vợ Thắng', 'má mì Hằng', 'Hùng sẹo', 'Lan béo bán trà đá', 'anh tuan ban nuoc': one syllable is enough
where what stands beside it is said of persons alone. Offices stand after a rank too ('đồng chí Phó Chủ tịch'): they
begin with words of their own.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from geo.records.validation.persons.lexicon import compounds
from geo.records.validation.privacy_names import UPPER, is_place, leads_to_place
from geo.records.validation.privacy_words import NOBODY, PLACE_WORDS, all_surnames, listed
from geo.reference.names import plain

_NAME = rf"[{UPPER}][^\W\d_]*"
_NAMES = rf"{_NAME}(?:\s{_NAME}){{0,3}}"
_RANKS = re.compile(
    r"(?<![\w/])(?i:đồng chí|cụ|cán bộ|xưng là|đ/c|má mì|tú bà|chủ chứa|đại ca|sư cô|sư thầy|bác sĩ|thầy(?: giáo)?|"
    r"cô giáo|luật sư|"
    r"(?:hạ|trung|thượng) sĩ|(?:thiếu|trung|thượng|đại) (?:úy|uý|tá)|bị can|bị cáo|anh chàng|cô nàng|mẹ bé|bố bé|"
    r"(?:đàn em|nhóm|băng|anh trai|chị gái|bạn|con|con gái|con trai|vợ|chồng|bồ|người yêu|em gái|em trai|mẹ|"
    r"bố|xe|nhà)(?: của)|"
    r"vợ chồng(?: anh| ông)?|vợ|chồng|con (?:gái|trai)|(?:hai|ba|2|3) (?:chị em|anh em|mẹ con|bố con|cha con)|"
    r"người tên|bí danh|biệt hiệu|tên thường gọi|hay gọi là|ký tên|người (?:lập|ký)|nguồn tin|báo bởi|lập bởi|"
    r"(?:chủ(?: quán| nhà| tiệm| cơ sở)?|bảo vệ|lễ tân|quản lý|tiếp viên|thu ngân|tài xế|lái xe|kế toán)(?: tên)? là)"
    rf"\s?:?\s([\"“'‘]?{_NAMES})(?!\w)"
)
_SURE_MARKS = (
    "sẹo|béo|xăm|điếc|còi|lùn|trọc|híp|hói|què|chột|rỗ|thẹo|cận|thọt|ngọng|lác|vẩu|sún|gù|mập|ghẻ|đô la|đầu gấu|"
    "gầy|râu|lé|mù|tồ|khùng"
)
_NICKNAME = re.compile(
    rf"(?<!\w)({_NAME})\s(?:(?:{_SURE_MARKS}|Sẹo|Béo|Lùn|Điếc|Xăm|Trọc)(?!\w)|"
    r"[\"“'‘][^\W\d_]+(?:\s[^\W\d_]+)?[\"”'’])"
)
_DEEDS = (
    "cầm đầu|bảo kê|môi giới|dẫn khách|khai|bỏ trốn|bỏ chạy|canh gác|đứng canh|trông xe|tiếp khách|đứng tên|tố giác|"
    "thu tiền|cho vay|chở khách|gọi khách|bán (?:nước|trà|trà đá|vé số|xôi|hàng)|tạp hóa|xe ôm|sửa xe"
)
_CALLED = re.compile(rf"(?<!\w)({_NAME}(?:\s{_NAME}){{0,2}}),?\s(?:hay\s|đã\s|bị\s)?(?:{_DEEDS})(?!\w)")
_POST = re.compile(
    rf"(?<!\w)(?:theo|do|bởi|gặp|với|của|cùng)\s({_NAME}(?:\s{_NAME}){{0,3}}),?\s\(?"
    r"(?:tổ trưởng|trưởng thôn|chủ (?:quán|nhà|tiệm|cơ sở|hộ)|bảo vệ|nhân viên|quản lý|lễ tân|hiệu phó|hiệu trưởng)"
)
_QUOTED = re.compile(
    rf"(?<!\w)(?:^|[.;:,]\s)[\"“'‘][^\W\d_]+(?:\s[^\W\d_]+){{0,2}}[\"”'’]\s(?:{_DEEDS}|đòi|hay đứng|"
    rf"hay ngồi|nhận là|chạy xe|đứng)(?!\w)"
)
"""'"Bi ve" cầm đầu nhóm'."""
_RELATED = re.compile(
    r"(?<!\w)(?i:vợ|chồng|con (?:gái|trai|dâu|rể|út|nuôi|riêng)|em (?:gái|trai|ruột|họ|vợ)|anh (?:trai|rể|ruột)|"
    r"chị (?:gái|ruột|dâu)|bồ|người yêu|cháu (?:gái|trai|nội|ngoại)|mẹ đẻ|bố đẻ)(?:\s\w+)?\scủa\s"
    r"(?:ông |bà |anh |chị )?(?:chủ(?! nghĩa| yếu| đầu)|trưởng|tổ trưởng|quản lý|bảo vệ|lễ tân|cán bộ|giám đốc)"
)
"""'con gái út của chủ nhà nghỉ': nobody else is meant, though no name is said."""
_SHORT_FORM = re.compile(rf"(?<![\w.])(?:[acôb]\.?|ong|anh|chi|ba|co|chu|bac)\s({_NAME})(?!\w)(?!\s[{UPPER}])")
"""'a Dũng', 'c. Phượng', 'ong Thuan'."""
_TOLD = re.compile(
    rf"(?<!\w)(?:nhắn(?: tin)?(?: cho)?|gọi(?: điện)?(?: cho)?|alo|hỏi|gặp)\s({_NAME})(?!\w)(?!\s[{UPPER}])"
)
_MIXED = re.compile(
    r"(?<!\w)([A-Z][a-z]*[aeiouy][bcdfgklmnpqrstvwxz]+[aeiouy][a-z]*)\s"
    rf"(?:Nguyễn|Nguyen|Trần|Tran|Lê|Phạm|Pham|Vũ|Hoàng|Hoang|Đỗ|Bùi|Bui|Ngô|Phan|Đặng|Huỳnh)(?!\w)(?!\s[{UPPER}])"
)
_BUSINESSES = frozenset(listed("karaoke, hotel, massage, vincom, vinhomes, coffee, cafe, bida, billiards, mega, metro"))
_BARE = re.compile(
    r"(?<!\w)(?:anh|chi|chị|em|ba|bà|ong|ông|co|cô|chu|chú|bac|bác|cau|cậu)\s([^\W\d_]+)\s"
    r"(?:ban|bán|lam|làm|bao ve|bảo vệ|trong xe|trông xe|quan ly|quản lý|le tan|lễ tân|xe om|xe ôm|o day|ở đây|"
    r"dan khach|dẫn khách|cho khach|chở khách|khai|bao tin|báo tin|thue|thuê|biet|biết|noi|nói|chu|chủ|luc|lúc|"
    r"tap hoa|tạp hóa|hay|ngoi|ngồi|dung ten|đứng tên|tiep vien|tiếp viên|to truong|tổ trưởng|sua xe|sửa xe)(?!\w)"
)


def holds_call_name(text: str) -> bool:
    """Whether a text (as a reader sees it) names somebody by rank, kinship, nickname or trade."""
    return (
        any(_somebody(match[1]) and not leads_to_place(text[: match.start()]) for match in _RANKS.finditer(text))
        or any(_given(match[1]) for match in _TOLD.finditer(text))
        or any(_given(match[1]) and not leads_to_shop(text[: match.start()]) for match in _NICKNAME.finditer(text))
        or bool(_QUOTED.search(text) or _RELATED.search(text))
        or any(_bare_given(match[1]) for match in _SHORT_FORM.finditer(text))
        or any(_bare_given(match[1]) and not _is_word(match) for match in _BARE.finditer(text))
        or any(_acts(text, match) for match in _CALLED.finditer(text))
        or any(_somebody(match[1]) and not is_place(match[1].split()) for match in _POST.finditer(text))
        or any(match[1].casefold() not in _BUSINESSES for match in _MIXED.finditer(text))
    )


def leads_to_shop(before: str) -> bool:
    """'bia Lan Béo', 'quán Hùng Sẹo': whose it is, and what it is called."""
    last = before.split()[-1:]
    return bool(last) and last[0].casefold() in _SHOPS


_SHOPS = frozenset(
    listed("bia, quán, phở, bún, ốc, lẩu, cơm, cháo, trà, chè, tiệm, hiệu, bánh, nem, xôi, nhậu, karaoke, spa, gara")
)


def _somebody(name: str) -> bool:
    words = name.strip("\"“'‘").split()
    first = words[0].casefold()
    if first in NOBODY or first in PLACE_WORDS:
        return False
    return not all(word.isupper() and len(word) > 1 for word in words)


def _acts(text: str, match: re.Match[str]) -> bool:
    """'Long Đen cầm đầu', 'Lan bán trà đá': a name of its own, and no street or shop that the words before lead to."""
    words = match[1].split()
    is_name = _given(words[0]) or words[0].casefold() in _surnames()
    if not is_name or (len(words) > 1 and is_place(words)):
        return False
    if plain(f"{words[-1]} {match[0][match.end(1) - match.start() :].split()[0]}") in compounds().bare:
        return False  # 'Triển khai', 'Công khai'
    before = text[: match.start()]
    return not leads_to_place(before) and not re.search(r"[^\W\d_]\s$", before)


def _is_word(match: re.Match[str]) -> bool:
    """'bà công khai giá', 'bac si o day': two syllables of these are one word."""
    title, name, deed = (plain(word) for word in match[0].split()[:3])
    return not {f"{title} {name}", f"{name} {deed}"}.isdisjoint(compounds().bare)


def _given(word: str) -> bool:
    return word.casefold() in _given_names()


def _bare_given(word: str) -> bool:
    """A given name in small letters; without diacritics it may be any of those that are written so."""
    small = word.casefold()
    if small == plain(small):
        return small in _plain_given() and small not in _WORDS
    return small in _given_names() and small not in ("gái", "sáng")


_WORDS = frozenset(
    listed("sang, huong, dinh, cuc, y, anh, ba, thi, thu, vi, dan, cong, gai, quoc, tien, phi, kim, long")
)
"""Given names that make another word of the form of address before them: 'ánh sáng', 'ảnh hưởng', 'chi cục'."""


@cache
def _given_names() -> frozenset[str]:
    lines = (Path(__file__).parent / "persons" / "given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name.casefold() for line in lines if not line.startswith("#") for name in line.split())


@cache
def _plain_given() -> frozenset[str]:
    return frozenset(plain(name) for name in _given_names())


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name.casefold() for name in all_surnames())
