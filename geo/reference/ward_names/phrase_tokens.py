"""The tokens of a text on wards: what stands between commas, dashes and brackets, without numbers, marks, offices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo.reference.names import has_diacritics, plain
from geo.reference.provinces import find_province, short_names
from geo.reference.ward_names.former_units import split_district

IsDistrict = Callable[[str], bool]

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ETH = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_NUMBER = re.compile(
    r"^\s*(?:(?:\(?\d{1,3}[.)/:](?!\d)|\(?(?:[a-zđ]|[ivx]{2,4})\)|\d{1,3}\s+-\s"
    r"|\d{1,3}[-–](?=(?:phường|xã|thị trấn|[px]\.))|\d{1,2}(?:\.\d{1,2})+\.?\s"
    r"|[-–—•*+·▪►✓])\s*)+",
    re.I,
)
_TRAILING = re.compile(r"(?:[\s.,;:!?*…+]|\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁰-⁹])+$")
_OFFICES = (
    r"ubnd|ubmttq|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan|hđnd|hội đồng nhân dân|đu|đảng ủy|đảng uỷ|công an"
    r"|cong an|ca(?=\s+(?:phường|xã|tt|[px])\b)|cap|trạm y tế|tram y te|tyt|mttq|mặt trận tổ quốc"
    r"|ban chỉ huy quân sự|trung tâm phục vụ hành chính công|văn phòng|địa bàn|trụ sở|khu vực|chủ tịch|phó chủ tịch"
)
_OFFICE = re.compile(
    rf"^(?:(?:{_OFFICES})(?:\s*[-–,&]\s*|\s+(?:và\s+)?)|(?:people'?s committee|police|health station) of\s+"
    r"|mã(?: số)?(?: đvhc)?\s*:?\s*(?=\d))",
    re.I,
)
_OFFICE_ALONE = re.compile(_OFFICES, re.I)
_OFFICE_BEHIND = re.compile(r"(?<=\w)\s+(?:people'?s committee|police|health station)$", re.I)
_MANY = re.compile(r"^(?:các|những|cac|gồm|bao gồm|thuộc|tại|ở|of|the)\s+", re.I)
_LISTED = re.compile(r"^(?:gồm|bao gồm|thuộc|tại|ở)?\s*(?:các|những|cac)\s|^(?:wards|communes)\s", re.I)
_ENGLISH_DISTRICT = re.compile(r"\s+(?:district|dist\.?)$", re.I)
_ENGLISH_PROVINCE = re.compile(r"\s+(?:city|province)$", re.I)
_PROVINCE_KIND = re.compile(r"^(?:tỉnh|tinh|thành phố|thanh pho|t\.?p\.?)\s*(?=\S)", re.I)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_THUA_THIEN = re.compile(r"(thừa thiên|thua thien|\btt)\s*[-–]\s*(huế|hue)", re.I)
_KINDS = r"(?:phường|xã|thị trấn)"
_SEVERAL_KINDS = re.compile(rf"(?:các|những)\s+{_KINDS}(?:\s*(?:,|/|và)\s*{_KINDS})+\s*:?", re.I)
"""'các phường, xã: …' gives no name a kind."""
_GONE = re.compile(r"\s*\(\s*cũ\s*\)", re.I)
_BEFORE = r"trước\s+(?:đây|kia|(?:khi\s+)?sáp\s+nhập|(?:ngày\s+|tháng\s+)?\d{1,2}(?:[/.-]\d{1,2})?[/.-]\d{4})"
_EARLIER = re.compile(rf"\s*\(\s*{_BEFORE}\s*\)|\s+{_BEFORE}(?=\s*(?:$|[,;)\]]))", re.I)
"""'trước đây', 'trước 7/2025' behind a name: 'cũ'."""
_ONCE = re.compile(r"^nguyên\s+(?=(?:phường|xã|thị trấn|p\.|x\.|tt\.)\s*\S)", re.I)
"""'nguyên xã Kiêu Kỵ'; *Nguyên* alone begins a name."""
_KIND_BEHIND = re.compile(r"((?:^|[,;])\s*(?:\d{1,3}[.)]\s*)?)([^,;()]+?)\s*\(\s*(phường|xã|thị trấn)\s*\)", re.I)
_NEW = re.compile(r"\s*\(\s*(?:mới|nay)\s*\)", re.I)
_BETWEEN = r"(?<=\w)(?:\s+|\s*[-–—/:]\s*)"
_WITHIN = re.compile(
    rf"{_BETWEEN}((?:(?:quận|huyện|thị xã|thành phố|tỉnh|tx|tp)\s+|(?:q|h|tx|tp)\.\s*)(?=\w))",
    re.I,
)
"""A district or a province that follows a name without a comma, after a kind that no name holds."""
_WITHIN_PLAIN = re.compile(
    rf"{_BETWEEN}((?:quan|huyen|thi xa|thanh pho|tinh|[qh])(?=\s+(\w[\w ]*?)\s*(?:$|[-–—/,;:()\[\]])))", re.I
)
"""The same after a word that may be part of a name: it counts before a known district or province."""
_OF = re.compile(r"(?<=\w)\s+(?:thuộc|trực thuộc)\s+", re.I)
_HEADING = re.compile(r"^(\s*(?:quận|huyện|thị xã|thành phố|q\.|h\.|tx\.?|tp\.?)\s*[^,:;]+):", re.I)
"""'Quận Ba Đình: …'"""
_FORMERLY = re.compile(
    r"^(?:cũ|trước đây là|trước đây|nguyên là|tên cũ|former(?:ly)?|old|thuộc|của|of)\s*[:,]?\s*", re.I
)
_COMMAS = re.compile(r"(,|/|(?:^|\s)(?:và|va|and|hoặc|với)\s|&)", re.I)
_DASH = re.compile(r"\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: a unit, a district or a province.

    `joined`: it stands behind 'và'; `behind`: behind a dash or in brackets; `many`: it begins with 'các'.
    """

    text: str
    joined: bool = False
    behind: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The names of provinces and districts by which a text is read; names without their kind."""

    provinces: tuple[str, ...]
    is_district: IsDistrict

    def is_province(self, text: str) -> bool:
        """Whether a text is the name of a province or of the country, with its kind or without."""
        bare = plain(province_name(text))
        return bare in {"viet nam", "vietnam", "vn", *(plain(name) for name in self.provinces), *short_names()}

    def capital(self, text: str) -> str:
        """The former city that the name of a province with *thành phố* means: 'TP Hải Dương' was a part of *tỉnh Hải
        Dương*; '' for another text, and for a province that is a city itself."""
        kind, name = split_district(text)
        province = find_province(name)
        is_city = province is not None and province.kind == kind and plain(province.name) == plain(name)
        return name if kind == "thành phố" and not is_city and self.is_district(name) else ""

    def district(self, text: str) -> str | None:
        """The name of the district that a text names with its kind, None for another text.

        'quan', 'huyen', 'Q' and the like also begin names ('Quan Thanh'): they count before a known district alone.
        """
        if _ENGLISH_DISTRICT.search(text):
            return _ENGLISH_DISTRICT.sub("", text)
        kind, name = split_district(text)
        begin = text[: len(text) - len(name)]
        sure = has_diacritics(begin) or "." in begin or begin.strip().casefold() in ("tx", "tp")
        return name if kind is not None and (sure or self.is_district(name)) else None


def province_name(text: str) -> str:
    """The name of a province without its kind: 'TP. Hà Nội' and 'Hanoi City' alike."""
    return _PROVINCE_KIND.sub("", _ENGLISH_PROVINCE.sub("", text))


def visible(text: str) -> str:
    """The text in NFC, without zero-width and soft marks, and with Đ for the letters that look like it (U+00D0)."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_ETH))


def even(text: str) -> str:
    """The text in NFC, without invisible marks, U+00D0 as Đ; 'Thừa Thiên - Huế', 'các phường, xã', 'trước đây' and
    'Cổ Đô (xã)' made simple."""
    seen = visible(text)
    gone = _GONE.sub(" cũ", _EARLIER.sub(" cũ", _THUA_THIEN.sub(r"\1 \2", seen)))
    return _SEVERAL_KINDS.sub("các ", _KIND_BEHIND.sub(r"\1\3 \2", _NEW.sub("", gone)))


def clean(text: str) -> str:
    """The text without invisible marks, list numbers, trailing marks and offices; NFC, U+00D0 as Đ, single spaces."""
    bare = " ".join(visible(text).split())
    before = ""
    while bare != before:
        before = bare
        bare = _TRAILING.sub("", _NUMBER.sub("", bare)).strip(" \"'“”‘’«»")
        bare = _OFFICE_BEHIND.sub("", _MANY.sub("", _OFFICE.sub("", bare)))
    return bare


def tokens(part: str, known: Places) -> Iterator[Token]:
    """The tokens of a part of a text that holds no ';' and no line break."""
    spread = _BRACKETS.sub(lambda found: f", \0{found[1] or found[2] or ''},", part)
    spread = _OF.sub(", \0", _HEADING.sub(r"\1,", spread))
    spread = _WITHIN_PLAIN.sub(lambda found: _apart(found, known), _WITHIN.sub(r", \1", spread))
    joined = False
    for number, piece in enumerate(_COMMAS.split(spread)):
        if number % 2:
            joined = piece not in (",", "/")
            continue
        many = _LISTED.match(clean_start(piece)) is not None
        bare = _once(clean(_FORMERLY.sub("", clean(piece.replace("\0", "")))))
        if bare and not _OFFICE_ALONE.fullmatch(bare):
            yield from _dashed(Token(bare, joined, behind="\0" in piece, many=many), known)


def clean_start(text: str) -> str:
    """A piece without what stands before its first word."""
    return _NUMBER.sub("", text.replace("\0", "")).strip()


def _once(bare: str) -> str:
    """'nguyên xã Kiêu Kỵ' as 'xã Kiêu Kỵ cũ'."""
    name = _ONCE.sub("", bare)
    return bare if name == bare else f"{name} cũ"


def _apart(found: re.Match[str], known: Places) -> str:
    name = found[2].strip()
    is_place = split_district(name)[0] is None and (known.is_district(name) or known.is_province(name))
    return f", {found[1]}" if is_place else found[0]


def _dashed(token: Token, known: Places) -> Iterator[Token]:
    """'P. Yên Hòa - Q. Cầu Giấy - Hà Nội' in its parts; a dash within a name stays."""
    held: list[str] = []
    for part in _DASH.split(token.text):
        is_place = (
            known.is_province(part) or known.district(part) is not None or (bool(held) and known.is_district(part))
        )
        if held and (is_place or _begins_unit(part)):
            yield Token(" - ".join(held), token.joined, token.behind, token.many)
            token, held = Token("", behind=True), []
        held.append(part)
        if is_place:
            yield Token(" - ".join(held), token.joined, token.behind, token.many)
            token, held = Token("", behind=True), []
    if held:
        yield Token(" - ".join(held), token.joined, token.behind, token.many)


def _begins_unit(part: str) -> bool:
    return re.match(rf"{_KINDS}\s|(?:p|x|tt)\.", part, re.I) is not None
