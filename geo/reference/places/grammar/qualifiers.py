"""The ward, district and city that a description names beside the place: they settle which of several is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from geo.errors import DiabanError
from geo.reference.cities import City, cities
from geo.reference.names import has_diacritics, plain
from geo.reference.provinces import short_names
from geo.reference.ward_names.former_units import FormerUnit
from geo.reference.wards import WardRegister

_WARD = r"(?:(?:phường|phuong|xã|thị trấn|p|tt)(?=\s)|(?:p|x|tt)\.)"
_DISTRICT = r"(?:(?:quận|quan|q|huyện|huyen|thị xã|thi xa|tx)(?=\s)|(?:q|h|tx)\.)"
_CITY = r"(?:(?:thành phố|thanh pho|tp|tỉnh|tinh)(?=\s)|tp\.)"
_START = re.compile(
    rf"^(?:thuộc|tại|ở|trên|trong)?\s*(?:địa bàn|địa phận|khu vực)?\s*({_WARD}|{_DISTRICT}|{_CITY})\s*(?=\S)", re.I
)
_INSIDE = re.compile(
    r"(?<=\w|\))(?<!\bthị)(?<!\bThị)\s+(?=(?:(?:thuộc|tại|ở|trên địa bàn|địa bàn|trong)\s+)?"
    r"(?:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|TP\.?|P\.|Q\.|H\.|TX\.?)\s*[A-ZĐÀ-Ỹ])"
)
_INSIDE_PLAIN = re.compile(r"(?<=\w)(?<!\bthi)\s+(?=(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tp)\s+\w)", re.I)
_HELD = re.compile(
    r"(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|hđnd|công an|trạm y tế|chợ|trường|trung tâm|nhà văn hóa|nhà văn hoá"
    r"|bưu điện|trụ sở|giáp|ranh|ranh giới|hết|địa giới|địa phận|giáp ranh|hết địa phận|hết địa bàn|tiểu học|mầm non"
    r"|thcs|thpt|đội|phía|qua|vào|nghĩa trang|sân vận động|nhà thi đấu|bảo hiểm xã hội|kho bạc|tòa án|toà án|đảng ủy"
    r"|đảng uỷ|văn phòng|liệt sĩ|y tế|từ|đến|tới)\s*$",
    re.I,
)
"""What a ward's name belongs to when it follows: an office, or a limit at the ward's border."""
MOSTLY, PARTLY = 0.5, 0.4
"""A ward belongs to a former district that gave half of it; a unit taken in part counts so much."""
_BRACKETED = "\x1e"
_WORDS_BEFORE = re.compile(r"^(?:thuộc|tại|ở|trên|trong)?\s*(?:địa bàn|địa phận)?\s*", re.I)
_STRETCH = re.compile(r"\b(?:từ|đoạn|đến|tới|trước|đối diện)\b", re.I)
_NO_UNIT = re.compile(r"\d|\b(?:từ|đến|đường|phố|ngõ|cầu(?! giấy$))\b", re.I)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a place is said to lie: `text` as printed, `codes` of the wards, `known`: the text names some.

    `bare`: without the word for a ward or a district before it, so that it may be another name.
    """

    text: str = ""
    codes: frozenset[str] = frozenset()
    known: bool = True
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Qualified:
    """The `rest` of a description, the `area` it names (no codes for the whole city), and the `city` (None: none)."""

    rest: str
    area: Area = Area()
    city: City | None = None


def qualified(text: str, register: WardRegister) -> Qualified:
    """The description without the ward, district and city behind it, and what these are.

    'giáp phường X' and 'UBND phường X' stay: a limit and an office.
    """
    segments, named = _segments(text, register)
    city = next((found for name in named if (found := city_named(name))), None)
    names = [name for name in named if not city_named(name)]
    segments, more, bare_city = _bare(segments, register)
    names += more
    if names and len(segments) == 1 and city_named(segments[0]):  # 'Phường Yên Hòa, Hà Nội'
        city, segments = city or city_named(segments[0]), []
    rest = ", ".join(segments).strip(" ,.;-")
    if not rest and names:
        return Qualified(names[0], Area(), city or bare_city)
    area = area_of(names, register)
    return Qualified(rest, replace(area, bare=bool(more) and len(names) == 1), city or bare_city)


def area_of(names: list[str], register: WardRegister) -> Area:
    """The wards that some names of wards or districts mean, those of all of them where they meet."""
    if not names:
        return Area()
    sets = [codes_of(name, register) for name in names]
    found = [codes for codes in sets if codes]
    text = ", ".join(names)
    if not found:
        return Area(text, frozenset(), known=False)
    common = frozenset.intersection(*found) or frozenset(found[0])
    return Area(text, common, known=len(found) == len(sets))


def codes_of(name: str, register: WardRegister) -> frozenset[str]:
    """Codes of the wards that a ward's or a district's name means, of a former one those that took it over."""
    former = register.search.former
    bare = _WORDS_BEFORE.sub("", name).strip()
    district = re.match(rf"{_DISTRICT}\s*", bare, re.I)
    if district or (former.is_district(bare) and not re.match(rf"{_WARD}\s*\S", bare, re.I)):
        units = former.in_district(bare)
        heirs = frozenset(heir.code for unit in units for heir in unit.heirs)
        known = heirs & {ward.code for ward in register.wards}
        if known:
            return known
    try:
        return frozenset(ward.code for ward in register.find(bare).wards)
    except DiabanError:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """What the name of a unit may mean: its `title`, the `codes` of the wards, those of them that only lie in `part`
    in what was meant; `former`: it is no ward of today."""

    title: str
    codes: frozenset[str]
    part: frozenset[str] = frozenset()
    former: bool = False


def units_named(name: str, register: WardRegister) -> tuple[Unit, ...]:
    """Every meaning of the name of a ward or district: 'Hà Đông' is a former district and a ward of today.

    Of a former district the wards count of which most came from it.
    """
    bare = re.sub(r"\s+cũ$", "", _WORDS_BEFORE.sub("", name).strip(), flags=re.I)
    return tuple(unit for unit in (_district(bare, register), _ward(bare, register)) if unit and unit.codes)


def _district(bare: str, register: WardRegister) -> Unit | None:
    former, own = register.search.former, {ward.code for ward in register.wards}
    units = [] if re.match(rf"{_WARD}\s*\S", bare, re.I) else list(former.in_district(bare))
    shares = {code: _share(code, units, register) for unit in units for code in (heir.code for heir in unit.heirs)}
    codes = frozenset(code for code, share in shares.items() if share >= MOSTLY and code in own)
    part = frozenset(code for code, share in shares.items() if share < 1.0)
    return Unit(units[0].district, codes, part, former=True) if units else None


def _share(code: str, units: list[FormerUnit], register: WardRegister) -> float:
    """How much of a ward of today came from some former units, counted by units."""
    parts = [(unit, heir) for unit in register.search.former.merged_into(code) for heir in unit.heirs]
    weights = [(unit, 1.0 if heir.extent == "whole" else PARTLY) for unit, heir in parts if heir.code == code]
    chosen = {(unit.code, unit.name) for unit in units}
    return sum(w for unit, w in weights if (unit.code, unit.name) in chosen) / sum(w for _, w in weights)


def _ward(bare: str, register: WardRegister) -> Unit | None:
    if re.match(rf"(?:{_DISTRICT}|{_CITY})\s*\S", bare, re.I):
        return None
    try:
        match = register.find(bare)
    except DiabanError:
        return None
    codes = frozenset(ward.code for ward in match.wards)
    former = match.how == "former"
    title = bare if former or len(match.wards) > 1 else match.wards[0].full_name
    return Unit(title, codes, codes if former else frozenset(), former)


def city_named(text: str) -> City | None:
    """The city of the data set that a text is the name of, with its kind or without."""
    bare = plain(re.sub(rf"^{_CITY}\s*", "", _WORDS_BEFORE.sub("", text).strip(), flags=re.I))
    bare = short_names().get(bare, bare)
    return next((city for city in cities() if plain(city.name) == bare), None)


def _segments(text: str, register: WardRegister) -> tuple[list[str], list[str]]:
    """What stands between commas and in brackets: the place, and the names of wards, districts and cities."""
    segments: list[str] = []
    named: list[str] = []
    for segment in _spread(text):
        if segment.startswith(_BRACKETED) and (city_named(segment[1:]) or codes_of(segment[1:], register)):
            named.append(segment[1:])
            continue
        inside = _INSIDE if has_diacritics(text) else _INSIDE_PLAIN
        head, *tails = inside.split(segment.strip(_BRACKETED))
        pieces = [head]
        for tail in tails:
            if _HELD.search(pieces[-1]) or (pieces[-1] is head and not head.strip()):
                pieces[-1] = f"{pieces[-1]} {tail}"
            else:
                pieces.append(tail)
        for piece in pieces:
            clean = piece.strip(" .,")
            if _START.match(clean) and "(" in clean:  # 'phường Hà Đông (trước cổng Viện 103)'
                clean, _, remark = clean.partition("(")
                segments.append(f"({remark}")
                clean = clean.strip()
            if _START.match(clean) and not (_STRETCH.search(clean) and not segments):
                named.append(_WORDS_BEFORE.sub("", clean))
            elif clean:
                segments.append(clean)
    return segments, named


def _spread(text: str) -> list[str]:
    """The text at its commas; a bracket is a segment of its own where it names an area, else it stays."""
    spread = re.sub(r"\(([^()]*)\)?", _bracket, text)
    return [
        segment
        for segment in re.split(rf",(?!\d|[^()]*\))|\x1f|(?={_BRACKETED})", spread)
        if segment.strip(_BRACKETED + " ")
    ]


def _bracket(found: re.Match[str]) -> str:
    inner = found[1].strip()
    area = _START.match(inner) or not _STRETCH.search(inner)
    return (
        f"{_BRACKETED}{inner}\x1f" if area and not re.match(r"(?:cũ|mới|nay là|số|km)\b", inner, re.I) else f"({inner})"
    )


def _bare(segments: list[str], register: WardRegister) -> tuple[list[str], list[str], City | None]:
    """Bare names of a city, a district or a ward at the end: 'Quang Trung, Hà Đông'."""
    names: list[str] = []
    city: City | None = None
    while len(segments) > 1:
        last = segments[-1]
        found = city_named(last)
        if found is not None or plain(last) in ("viet nam", "vietnam"):
            city = city or found
        elif not _NO_UNIT.search(last) and codes_of(last, register):
            names.append(last)
        else:
            break
        segments = segments[:-1]
    return segments, names, city
