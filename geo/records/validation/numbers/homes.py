"""Numbers of houses: somebody's home, or only a spot in a street, a business, an office.

'Trước số nhà 24 phố Huế' says where a lamp is out, 'cơ sở massage số 12 phố Huế' which business is meant; 'ở số nhà 24'
says where somebody lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPOT = re.compile(
    r"(?<!\w)(?:"
    r"trước|đối diện|cạnh|gần|sau|giữa|ngang|quanh|dãy|đoạn|từ|khoảng|vỉa hè|lòng đường|cột|đèn|cây|"
    r"biển|bãi|hố|nắp|cống|quán|tiệm|cơ sở|nhà nghỉ|khách sạn|nhà hàng|karaoke|massage|spa|bar|"
    r"cửa hàng|siêu thị|chợ|trụ sở|trường|bệnh viện|trạm|ubnd|công an|phòng khám|nhà văn hóa|chung cư|"
    r"tòa nhà|công ty|cty|công trình|kho|hotel|homestay|tụ điểm|địa điểm|điểm"
    r")(?!\w)(?!.*(?<!\w)(?:ở|trú|sống|ngụ|quê|nhà (?:ông|bà|anh|chị|riêng)|chủ|gặp|khách|của)(?!\w))",
    re.I | re.S,
)
_HOUSE = re.compile(
    r"\d*\s(?:(?:đến|tới|-|–)\s(?:số nhà\s)?\d|bỏ hoang|bỏ trống|đang xây|xây|lấn|chưa có biển|bị sập|đang sửa|"
    r"là (?:quán|cơ sở|trụ))",
    re.I,
)
"""A stretch of a street, or a building and nobody in it."""
_REACH = 60


def is_home(text: str, matches: Iterable[re.Match[str]]) -> bool:
    """Whether one of these numbers of houses says where somebody lives."""
    return any(not _is_spot(text, match) for match in matches)


def _is_spot(text: str, match: re.Match[str]) -> bool:
    if _HOUSE.match(text, match.end()):
        return True
    before = re.split(r"[.;\n]\s", text[max(0, match.start() - _REACH) : match.start()])[-1]
    return bool(_SPOT.search(before))
