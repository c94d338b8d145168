"""A text in its parts: one for each place that it describes.

>>> split_parts("Các tuyến phố: Hàng Bông, Hàng Gai và Hàng Đào")
('Hàng Bông', 'Hàng Gai', 'Hàng Đào')
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 600
"""Characters of a description that are read."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ETH = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_NUMBERED = re.compile(r"(?:^|(?<=[;\n]))\s*(?:\(?\d{1,2}[.)](?!\d)|[-–•*+▪►✓]|[a-h]\))\s+")
_MANY = re.compile(
    r"^(?:trên\s+)?(?:các|những|hai|ba|bốn)\s+(?:tuyến\s+)?(?:đường\s+phố|phố|đường|tuyến|đoạn|điểm|nút|ngõ)\s*:?\s*",
    re.I,
)
_KINDS = (
    r"(?:phố|đường|đại lộ|quốc lộ|tỉnh lộ|ql\.?\s?\d|tl\.?\s?\d|đt\.?\s?\d|ngõ|ngách|kiệt|cầu|ngã (?:ba|tư|năm)"
    r"|nút giao|đoạn|khu vực|trước|chợ|bến xe)"
)
_STREET = r"(?:phố|đường|đại lộ|quốc lộ|tỉnh lộ)\b"
_LANE = r"(?:ngõ|ngách|hẻm|kiệt)\b"
_NUMBER = r"(?:(?:trước|đối diện)\s+)?(?:số|nhà|sn|ngách|hẻm|\d)"
_KINDS_ALONE = r"(?:(?:tuyến|đoạn|khu vực)\s+)?(?:phố|đường|đại lộ|quốc lộ|tỉnh lộ|ql|tl|đt|cầu)\b"
"""A piece that begins with neither is in front of its street: 'trước bến xe Giáp Bát, đường Giải Phóng'."""
_DISTRICT = r"(?!cầu giấy\s*(?:$|,\s*(?:tp\.?\s*|thành phố\s+)?(?:hà nội|hn)\b))"
"""'Trần Duy Hưng, Cầu Giấy, Hà Nội': the district, no bridge."""
_BREAK = re.compile(rf"\s*(?:,\s*{_DISTRICT}|\bvà\b\s*|\bcùng\b\s*)(?={_KINDS}\b)", re.I)
_AND = re.compile(r"\s*(?:,|\s+và\s+|\s+&\s+)\s*", re.I)
_LIMITED = re.compile(r"\b(?:từ|đoạn|đến|tới|giao|ngã|nút|giữa|nối)\b", re.I)
_COMPLETE = re.compile(r"\bđến\b|\btới\b|\)", re.I)


_PAIRED = re.compile(r"\b(?:giữa|nối)\s", re.I)
_PAIR = re.compile(r"\b(?:giữa|nối)\b.*(?:\s(?:và|với)\s|,|\s[-–—]\s)", re.I)
"""'đoạn giữa phố A và phố B', 'ngã tư giữa phố A và phố B': the second name belongs to the first."""


def tidy(text: str) -> str:
    """The text in NFC without invisible marks, U+00D0 as Đ, runs of spaces as one."""
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_ETH))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in clean.splitlines())
    return "\n".join(line for line in lines if line)


def split_parts(text: str) -> tuple[str, ...]:
    """The descriptions in a text, in order: at semicolons and lines, in lists of streets, where one follows another.

    >>> split_parts("Phố Huế (từ Trần Khát Chân đến Đại Cồ Việt) và phố Bạch Mai (từ Đại La đến Minh Khai)")
    ('Phố Huế (từ Trần Khát Chân đến Đại Cồ Việt)', 'phố Bạch Mai (từ Đại La đến Minh Khai)')
    """
    clean = tidy(text)[:LONGEST]
    pieces = [piece for line in re.split(r"[;\n]", _NUMBERED.sub(";", clean)) for piece in _pieces(line.strip(" .,"))]
    return tuple(piece for piece in pieces if piece)


def _pieces(line: str) -> list[str]:
    many = _MANY.match(line)
    if many and not _LIMITED.search(line[many.end() :]):
        return [piece.strip(" .,") for piece in _outside(line[many.end() :], _AND)]
    body = line[many.end() :] if many else line
    pieces = _outside(body, _BREAK)
    joined: list[str] = []
    for piece in pieces:
        # 'từ phố A, phố B đến …' is one description: a piece that is begun and not done takes the next one.
        address = bool(joined) and _is_address(joined[-1], piece)
        begins = joined and re.match(r"(?:đoạn|khu vực)\b", piece, re.I) and not _LIMITED.search(joined[-1])
        aside = bool(joined) and _is_in_front(joined[-1], piece)
        if joined and (begins or address or aside or not _done(joined[-1])):
            paired = _PAIRED.search(joined[-1]) and not _PAIR.search(joined[-1])
            joined[-1] = f"{joined[-1]}{' và ' if paired else ', '}{piece}"
        else:
            joined.append(piece)
    return [piece.strip(" .,") for piece in joined]


def _is_address(before: str, piece: str) -> bool:
    """Whether a piece is the street of the one before: 'trước bến xe Giáp Bát, đường Giải Phóng', 'số 15, ngõ 20'."""
    of_street = re.match(_STREET, piece, re.I) and not re.match(_KINDS_ALONE, before, re.I)
    return bool(of_street or (re.match(_LANE, piece, re.I) and re.match(_NUMBER, before, re.I)))


def _is_in_front(before: str, piece: str) -> bool:
    """Whether a piece says where on the street before it: 'Đường Ngọc Hồi, trước bến xe Nước Ngầm'."""
    return bool(
        re.match(r"trước\b", piece, re.I) and re.match(_KINDS_ALONE, before, re.I) and not _COMPLETE.search(before)
    )


def _done(piece: str) -> bool:
    if _PAIRED.search(piece) and not _PAIR.search(piece):
        return False
    return not _LIMITED.search(piece) or bool(_COMPLETE.search(piece))


def _outside(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The text split where a pattern lies outside all brackets."""
    pieces, since = [], 0
    for found in pattern.finditer(text):
        before = text[: found.start()]
        if before.count("(") == before.count(")"):
            pieces.append(text[since : found.start()])
            since = found.end()
    return [*pieces, text[since:]]
