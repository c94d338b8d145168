"""How people write wards: what stands around the name is taken off, and districts and provinces are told apart from it.

>>> [(p.unit, p.name, p.district) for p in phrases("1. UBND P Yên Hòa (quận Cầu Giấy), TP Hà Nội;").phrases]
[('phường', 'Yên Hòa', 'Cầu Giấy')]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from geo.reference.names import plain
from geo.reference.ward_names.former_units import split_district

IsDistrict = Callable[[str], bool]

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ETH = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_NUMBER = re.compile(r"^\s*(?:(?:\(?\d{1,3}[.)/:](?!\d)|\d{1,3}\s+-\s|[-–—•*+·▪►✓])\s*)+")
_TRAILING = re.compile(r"(?:[\s.,;:!?*…+]|\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁰-⁹])+$")
_OFFICE = re.compile(
    r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan|hđnd|hội đồng nhân dân|đảng ủy|đảng uỷ|công an|trạm y tế"
    r"|mttq|mặt trận tổ quốc|văn phòng|địa bàn|people'?s committee of)\s+",
    re.I,
)
_MANY = re.compile(r"^(?:các|những|cac|gồm|bao gồm|thuộc|tại|ở|of)\s+", re.I)
_UNIT = (
    ("phường", re.compile(r"^(?:phường|phuong|ph\.|p\.|p(?=\s+\S)|ward(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
    ("xã", re.compile(r"^(?:xã|xa(?=\s)|x\.|x(?=\s+\S)|commune(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
    ("thị trấn", re.compile(r"^(?:thị trấn|thi tran|tt\.|tt(?=\s+\S)|township(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
    ("đặc khu", re.compile(r"^(?:đặc khu|dac khu|đk\.|đk(?=\s+\S)|special zone(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
)
_ENGLISH = (
    ("phường", re.compile(r"\s+wards?$", re.I)),
    ("xã", re.compile(r"\s+communes?$", re.I)),
    ("thị trấn", re.compile(r"\s+(?:township|town)$", re.I)),
)
_ENGLISH_DISTRICT = re.compile(r"\s+(?:district|dist\.?)$", re.I)
_ENGLISH_PROVINCE = re.compile(r"\s+(?:city|province)$", re.I)
_PROVINCE_KIND = re.compile(r"^(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)\s*(?=\S)", re.I)
_SEPARATORS = re.compile(r"\s*(?:;|\n|\t|\+|&|\s(?:và|va|and|hoặc|với)\s)\s*", re.I)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WITHIN = re.compile(
    r"(?<=\w)\s+((?:quận|huyện|thị xã|thành phố|tỉnh|q\.|h\.|tx\.?|tp\.?|quan|huyen|thi xa|thanh pho|tinh)\s*(?=\w))",
    re.I,
)
"""A district or a province that follows a name without a comma."""
_FORMERLY = re.compile(
    r"^(?:cũ|trước đây là|trước đây|nguyên là|tên cũ|former(?:ly)?|old|thuộc|của|of)\s*[:,]?\s*", re.I
)
_OLD = re.compile(r"\s+cũ$", re.I)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One unit that a text names: `unit` (None where the text gives no kind), `name`, `district`, `province` (''
    without)."""

    unit: str | None
    name: str
    district: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """The names of provinces and districts by which a text is read; names without their kind."""

    provinces: tuple[str, ...]
    is_district: IsDistrict

    def is_province(self, text: str) -> bool:
        """Whether a text is the name of a province or of the country, with its kind or without."""
        bare = plain(_PROVINCE_KIND.sub("", _ENGLISH_PROVINCE.sub("", text)))
        return bare in {"viet nam", "vietnam", "vn", *(plain(name) for name in self.provinces), *PROVINCES_SHORT}


PROVINCES_SHORT = {"hn": "ha noi", "hanoi": "ha noi", "tth": "hue", "thua thien hue": "hue", "tt hue": "hue"}
"""Other names of provinces, folded: short ones, and what Huế was called until 2025."""
_THUA_THIEN = re.compile(r"(thừa thiên|thua thien|\btt)\s*[-–]\s*(huế|hue)", re.I)


def clean(text: str) -> str:
    """The text without invisible marks, list numbers, trailing marks and offices; NFC, U+00D0 as Đ, single spaces."""
    bare = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_ETH)).split())
    before = ""
    while bare != before:
        before = bare
        bare = _TRAILING.sub("", _NUMBER.sub("", bare)).strip(" \"'“”‘’«»")
        bare = _MANY.sub("", _OFFICE.sub("", bare))
    return bare


def whole(text: str) -> Phrase:
    """The text as the name of one unit, whatever commas or dashes it holds."""
    unit, name = split_kind(clean(text))
    return Phrase(unit, name)


def phrases(text: str, places: Places | None = None) -> tuple[Phrase, ...]:
    """The units that a text names, each with its district and province, if given.

    A district or a province behind several names counts for all of them since the one before.
    """
    known = places or Places((), lambda _: False)
    parts = [
        list(_tokens(part, known))
        for part in _SEPARATORS.split(_THUA_THIEN.sub(r"\1 \2", unicodedata.normalize("NFC", text)))
    ]
    backwards = (token for tokens in reversed(parts) for token in reversed(tokens))
    last = next((token for token in backwards if not known.is_province(token)), "")
    return tuple(phrase for tokens in parts for phrase in _of_part(tokens, known, last))


def split_kind(text: str) -> tuple[str | None, str]:
    """The kind of unit at the beginning, or in English at the end, and the name."""
    for unit, pattern in _UNIT:
        found = pattern.match(text)
        if found and text[found.end() :].strip(" .:"):
            return unit, text[found.end() :].strip(" .:")
    for unit, pattern in _ENGLISH:
        found = pattern.search(text)
        if found and text[: found.start()].strip():
            return unit, text[: found.start()].strip()
    return None, text


def _of_part(tokens: list[str], known: Places, last: str) -> list[Phrase]:
    """Names, districts and provinces of a part without 'và' or ';', in their order, put together."""
    found: list[Phrase] = []
    since = 0
    for token in tokens:
        kind, name = _kind_of(token, known, follows=bool(found), closes=token == last)
        if kind == "unit":
            if found and (found[-1].district or found[-1].province):
                since = len(found)
            unit, bare = split_kind(name)
            found.append(Phrase(unit, _OLD.sub("", bare)))
        elif kind == "district":
            found[since:] = [replace(phrase, district=phrase.district or name) for phrase in found[since:]]
        else:
            found[since:] = [replace(phrase, province=phrase.province or name) for phrase in found[since:]]
    return found


def _tokens(part: str, known: Places) -> Iterator[str]:
    """What stands between commas and in brackets; ' - ' parts only where a district or province follows it."""
    spread = _BRACKETS.sub(lambda found: f", {found[1] or found[2] or ''},", part)
    spread = _WITHIN.sub(r", \1", spread)
    for token in spread.split(","):
        bare = clean(_FORMERLY.sub("", clean(token)))
        if bare:
            yield from _dashed(bare, known)


def _dashed(text: str, known: Places) -> Iterator[str]:
    """'P. Yên Hòa - Q. Cầu Giấy - Hà Nội' in its parts; a dash within a name stays."""
    parts = re.split(r"\s+[-–—]\s+|\s+/\s+", text)
    ends = (i for i, part in enumerate(parts) if i and (split_district(part)[0] or known.is_province(part)))
    cut = next(ends, len(parts))
    head, tail = parts[:cut], parts[cut:]
    yield text if not tail else " - ".join(head)
    yield from tail


def _kind_of(token: str, known: Places, *, follows: bool, closes: bool) -> tuple[str, str]:
    """Whether a token is a unit, a district or a province, and its name.

    A bare name that is a district's counts as one only where it `closes` the text: in 'Yên Hòa, Cầu Giấy và Láng' it
    is a
    ward like the others.
    """
    if not follows or split_kind(token)[0]:
        return "unit", token
    if known.is_province(token):
        return "province", _PROVINCE_KIND.sub("", _ENGLISH_PROVINCE.sub("", token))
    kind, name = split_district(token)
    if kind is not None:
        return "district", name
    if _ENGLISH_DISTRICT.search(token):
        return "district", _ENGLISH_DISTRICT.sub("", token)
    return ("district", token) if closes and known.is_district(token) else ("unit", token)
