"""What a description of a stretch says: a street, and where the stretch begins and ends."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from geo.errors import InputError, Problem
from geo.reference.names import has_diacritics


class LimitKind(StrEnum):
    """How a limit is written: a cross street, a bridge (*cầu*), a junction (*ngã ba, ngã tư*) or a coordinate.

    A cross street may turn out to be a named place (a garden, a bus station): the text doesn't distinguish them.
    """

    CROSS = "cross"
    BRIDGE = "bridge"
    JUNCTION = "junction"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Limit:
    """One end of a stretch: its `text` as printed, its `kind`, the bare `name`, a WGS 84 `lonlat` where given."""

    text: str
    kind: LimitKind
    name: str
    lonlat: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A street and the limits of the stretch; None for a limit that is not given (the street's own end)."""

    text: str
    street: str
    start: Limit | None
    end: Limit | None


_STRETCH = re.compile(
    r"^(?P<street>.*)(?<!\w)từ\s+(?P<start>.+?)\s+(?:đến|tới)\s+(?P<end>.+?)[\s).;]*$",
    re.I,
)
_STRETCH_PLAIN = re.compile(
    r"^(?P<street>.*)(?<!\w)tu\s+(?P<start>.+?)\s+(?:den|toi)\s+(?P<end>.+?)[\s).;]*$",
    re.I,
)
_STRETCH_DASH = re.compile(r"^(?P<street>.*)(?<!\w)từ\s+(?P<start>.+?)\s*[-–—]\s*(?P<end>.+?)[\s).;]*$", re.I)
_PAIR = re.compile(r"^(?P<street>.+?)\s+[-–—]\s+(?P<end>.+)$")
_MEETING = re.compile(
    r"^(?:(?:điểm|nút|chỗ|nơi)\s+)?(?:giao\s+cắt|giao\s+nhau|giao|cắt)(?:\s+(?:với|nhau\s+với))?\s+", re.I
)
_STRETCH_WORD = re.compile(r"[\s(,;:]*(?<!\w)(?:đoạn|doan)[\s:]*$", re.I)
_WITH = re.compile(r"^(?:giao(?:\s+(?:cắt|nhau))?\s+)?(?:(?:với|giữa)\s+)?", re.I)
_STREETS = re.compile(r"\s+[-–—]\s+|\s+(?:giao(?:\s+(?:cắt|nhau))?(?:\s+với)?|và|với)\s+", re.I)
_AREA = re.compile(r"^khu\s+vực\s+", re.I)
_JUNCTION = re.compile(
    r"^(?:nút(?:\s+giao(?:\s+thông)?)?|vòng\s+(?:xuyến|xoay)|góc|ngã\s+(?:ba|tư|năm|sáu|bảy)|nga\s+(?:ba|tu|nam|sau|bay))(?!\w)",
    re.I,
)
_BRIDGE = re.compile(r"^(?:cầu|cau)\s+\S", re.I)
_POINT = re.compile(r"^(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,2}(?:\.\d+)?)$")


def parse(text: str) -> Description:
    """The street and the limits that a description names.

    Read are 'X (đoạn từ A đến B)', 'X từ A tới B', 'X (từ A-B)', 'X - B' (the street up to B) and 'X' alone, with or
    without a closing bracket, also typed without diacritics. A limit may be a coordinate, `105.81,20.95`.

    >>> parse("Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm").end.name
    'đường Nghiêm Xuân Yêm'

    Raises
    ------
    InputError
        The text names no street, or a coordinate is not longitude,latitude.
    """
    clean = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    patterns = (_STRETCH, _STRETCH_DASH) if has_diacritics(clean) else (_STRETCH_PLAIN,)
    found = next((match for pattern in patterns if (match := pattern.match(clean))), None)
    if found:
        street = _street(found["street"], text)
        return Description(text, street, parse_limit(found["start"]), parse_limit(found["end"]))
    whole = clean.strip(" ().,;")
    pair = _PAIR.match(whole)
    if pair:
        return Description(text, _street(pair["street"], text), None, parse_limit(pair["end"]))
    return Description(text, _street(whole, text), None, None)


def parse_limit(text: str) -> Limit:
    """One limit of a stretch, from its text.

    >>> parse_limit("điểm giao cắt với đường Phan Kế Bính").name
    'đường Phan Kế Bính'

    Raises
    ------
    InputError
        A coordinate is not longitude,latitude in degrees.
    """
    clean = text.strip(" (),.;")
    point = _POINT.match(clean)
    if point:
        return Limit(clean, LimitKind.POINT, clean, _lonlat(float(point[1]), float(point[2]), clean))
    name = _MEETING.sub("", clean).strip()
    if _JUNCTION.match(clean) and not _MEETING.match(clean):
        return Limit(clean, LimitKind.JUNCTION, clean)
    kind = LimitKind.BRIDGE if _BRIDGE.match(name) else LimitKind.CROSS
    return Limit(clean, kind, name)


def junction_streets(name: str) -> tuple[str, ...]:
    """The names after *ngã ba*, *ngã tư*, *nút giao*: 'Ngã tư A - B' → ('A', 'B'); one name where there is no dash."""
    rest = _WITH.sub("", _JUNCTION.sub("", name).strip())
    return tuple(part.strip() for part in _STREETS.split(rest) if part.strip())


def _lonlat(x: float, y: float, text: str) -> tuple[float, float]:
    if not (-180 <= x <= 180 and -90 <= y <= 90) or (abs(x) < 30 < abs(y)):
        raise InputError(Problem("reference.not-coordinate", "limit", text=text))
    return x, y


def _street(text: str, whole: str) -> str:
    name = _AREA.sub("", _STRETCH_WORD.sub("", text).strip(" (),.;:"))
    if not name:
        raise InputError(Problem("reference.no-street-named", f"'{whole}'"))
    return name
