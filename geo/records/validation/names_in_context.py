"""Names of persons that the words round them give away: 'theo lời …', 'người báo tin: …', '… khai rằng'.

What stands there is somebody even where a street bears the same name, and where the name is that of another people or
country. Offices and places stand there too: they begin with words of their own, or are no names of three syllables.
"""

from __future__ import annotations

import re
from functools import cache

from geo.records.validation.privacy_names import UPPER, is_place, leads_to_place, place_names
from geo.records.validation.privacy_words import PLACE_WORDS, all_surnames, listed, sure_surnames

_WORD = rf"[{UPPER}][^\W\d_]*(?:['’ʼ\-][^\W\d_]+)?"
_NAME = rf"{_WORD}(?:\s{_WORD}){{1,4}}"
_WHERE = "quán|nhà nghỉ|nhà trọ|nhà hàng|nhà|khách sạn|cơ sở|karaoke|spa|massage|tiệm|hộ|xe|thầu|tụ điểm|đường dây"
_BEFORE = re.compile(
    rf"(?<!\w)(?i:theo lời(?: khai| kể| tố giác)?(?: của)?|(?:lời khai|lời kể|tố giác|trình báo) của|"
    r"đối tượng(?: \w+){0,2} là|(?:kẻ|nghi phạm|chủ mưu|cầm đầu|môi giới)(?: \w+){0,3} là|"
    r"người (?:liên hệ|báo tin|tố giác|phản ánh|cung cấp(?: tin)?|môi giới|quản lý|đứng tên|gửi)(?: là)?|"
    rf"(?:quản lý|chủ|bảo vệ|lễ tân|nhân viên|tiếp viên)(?: (?:{_WHERE})){{0,2}}(?: là| tên|:)|"
    r"chủ (?:hộ|cơ sở|quán|nhà|tiệm)(?: \w+){0,2}(?=\s?[-–:])|"
    rf"mang tên|tự xưng(?: là)?)"
    rf"[\s:,–-]{{1,3}}[\"“'(]?({_NAME})(?!\w)"
)
_WITH = re.compile(
    rf"(?<!\w)(?i:gặp|với|nhắc nhở|mời|phạt|xử phạt|tạm giữ|bắt|biên bản|giao cho|nhân chứng|nạn nhân|nghi can|"
    rf"(?:xe|nhà|quán|con|vợ|chồng|mẹ|bố|tin|đơn|ánh) của|vợ|chồng|bảo kê|cầm đầu|tên|theo|của)"
    rf"[\s:]{{1,2}}[\"“'(]?((?:{_WORD}\s){{2,4}}{_WORD})(?!\w)"
)
"""Words before a person that may stand before a place too: what they are followed by must be a name and no place."""
_DOES = (
    r"báo tin|cho biết|trình báo|khai(?: báo| nhận| rằng)?|kể lại|tố giác|môi giới|dẫn khách|chở khách|cầm đầu|làm chủ|"
    r"là chủ|thuê (?:trọ|nhà|phòng)|nhận tiền|bỏ trốn|gây gổ|chống đối|thừa nhận|đã ký|cung cấp|xác nhận|ở trọ|"
    r"(?:hay|thường|lại)(?: xuyên)? (?:đứng|ngồi|dẫn|đón|lui tới|có mặt)"
)
_AFTER = re.compile(rf"(?<!\w)({_NAME})\s(?:{_DOES})(?!\w)")
_OFFICES = frozenset(
    listed(
        "ban, bộ, bệnh, chi, chợ, chùa, công, cục, cơ, doanh, đảng, đoàn, đội, hội, hợp, khách, khoa, khối, khu, kênh,"
        "liên, mặt, nhà, phòng, quân, sở, tập, tổ, tổng, trạm, trung, trường, ubnd, ủy, uỷ, văn, viện, vụ"
    )
)
"""How offices and businesses begin."""


def holds_name_in_context(text: str) -> bool:
    """Whether a text (as a reader sees it) says of somebody by name that they say or do something."""
    if any(_may_be_person(match[1].split()) for match in _BEFORE.finditer(text)):
        return True
    if any(_is_name(match[1].split()) for match in _WITH.finditer(text)):
        return True
    return any(_does_something(text, match) for match in _AFTER.finditer(text))


def _is_name(words: list[str]) -> bool:
    first, known = words[0].casefold(), place_names()
    is_known = any(" ".join(words[:end]).casefold() in known for end in (3, len(words)))
    return first in _known() and first not in _OFFICES and not is_known


def _may_be_person(words: list[str]) -> bool:
    first = words[0].casefold()
    if first in _OFFICES or first in PLACE_WORDS or all(word.isupper() and len(word) > 1 for word in words):
        return False
    return (len(words) > 2 and first in _known()) or not is_place(words)


def _does_something(text: str, match: re.Match[str]) -> bool:
    words = match[1].split()
    first = words[0].casefold()
    is_name = first in _sure() if len(words) == 2 else first in _known()
    if not is_name or (len(words) == 2 and is_place(words)) or leads_to_place(text[: match.start()]):
        return False
    return first not in _OFFICES or len(words) > 2


@cache
def _known() -> frozenset[str]:
    return frozenset(name.casefold() for name in all_surnames())


@cache
def _sure() -> frozenset[str]:
    return frozenset(name.casefold() for name in sure_surnames())
