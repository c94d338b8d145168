"""How people write wards: what stands around the name is taken off, districts and provinces are distinguished from it.

>>> [(p.unit, p.name, p.district) for p in phrases("1. UBND P Yên Hòa (quận Cầu Giấy), TP Hà Nội;")]
[('phường', 'Yên Hòa', 'Cầu Giấy')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from geo.reference.ward_names.phrase_tokens import Places, Token, clean, even, province_name, tokens

_UNIT = (
    (
        "phường",
        re.compile(r"^(?:phường|phuong|ph\.|p\.|p(?=\s+\S|\d{1,2}$)|w\.|wards?(?:\s+of)?(?=[\s:]))\s*(?=\S)", re.I),
    ),
    ("xã", re.compile(r"^(?:xã|xa(?=\s)|x\.|x(?=\s+\S)|communes?(?:\s+of)?(?=[\s:]))\s*(?=\S)", re.I)),
    ("thị trấn", re.compile(r"^(?:thị trấn|thi tran|tt\.|tt(?=\s+\S)|township(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
    ("đặc khu", re.compile(r"^(?:đặc khu|dac khu|đk\.|đk(?=\s+\S)|special zone(?:\s+of)?(?=\s))\s*(?=\S)", re.I)),
)
_ENGLISH = (
    ("phường", re.compile(r"\s+wards?$", re.I)),
    ("xã", re.compile(r"\s+communes?$", re.I)),
    ("thị trấn", re.compile(r"\s+(?:township|town)$", re.I)),
)
_PARTS = re.compile(r"[;\n\t+]|(?<=\w)\s+\(?\d{1,2}[.)]\s*(?=(?:phường|xã|thị trấn|tt|[px])\b)", re.I)
_OLD = re.compile(r"\s*[-–(]?\s*\bcũ\)?$", re.I)

_DASHES = re.compile(r"\s*[-–—]\s*")
_DIGITS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
_ROMAN = re.compile(r"^(.+?)\s+(VI|IV|V|I{1,3})$", re.I)
_CODE_BEFORE = re.compile(r"^(?P<code>\d{1,5})[\s:.]+(?P<name>\D.*)$")
CODE_MARKED = re.compile(r"^\d{3,5}\s*[-–—:(]\s*\D|\D\s*[-–—:(\[]\s*\d{3,5}[)\]]?$")
"""A code and a name with a dash, a colon or brackets between them: one unit, said twice."""
_CODE_BEHIND = re.compile(r"^(?P<name>.*\D)[\s:]+(?P<code>\d{5})$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One unit that a text names: `unit` (None where the text gives no kind), `name`, `district`, `province` (''
    without).

    `shared`: the district stands behind a later name of the same list, and may be meant for that one alone. `gone`: the
    text calls the unit a former one (*cũ*).
    """

    unit: str | None
    name: str
    district: str = ""
    province: str = ""
    shared: bool = False
    gone: bool = False


def whole(text: str) -> Phrase:
    """The text as the name of one unit, whatever commas or dashes it holds."""
    unit, name = split_kind(clean(text))
    return Phrase(unit, name)


def phrases(text: str, places: Places | None = None) -> tuple[Phrase, ...]:
    """The units that a text names, each with its district and province, if given.

    A district or a province counts for all names since the one before; where a text begins with it, for all behind it.
    """
    known = places or Places((), lambda _: False)
    return tuple(phrase for part in _PARTS.split(even(text)) for phrase in _of_part(list(tokens(part, known)), known))


def split_kind(text: str) -> tuple[str | None, str]:
    """The kind of unit at the beginning, or in English at the end, and the name."""
    english = any(pattern.search(text) for _, pattern in _ENGLISH)
    for unit, pattern in _UNIT:
        found = pattern.match(text)
        # 'Phuong Liet Ward', 'Phuong Duc commune': of two kinds the one in English is the kind.
        if found and english and found[0].strip().casefold() in ("phuong", "xa"):
            continue
        if found and text[found.end() :].strip(" .:"):
            return unit, text[found.end() :].strip(" .:")
    for unit, pattern in _ENGLISH:
        found = pattern.search(text)
        if found and text[: found.start()].strip():
            return unit, text[: found.start()].strip()
    return None, text


def place_behind(phrase: Phrase, known: Places) -> Iterator[Phrase]:
    """Readings of a phrase whose last words are a district or a province, with nothing between them and the name."""
    words = phrase.name.split()
    for cut in range(1, len(words)):
        name, rest = " ".join(words[:cut]), " ".join(words[cut:])
        if known.is_province(rest) and not phrase.province:
            unit, own = split_kind(name) if phrase.unit is None else (phrase.unit, name)
            within = replace(phrase, unit=unit, name=own, province=province_name(rest))
            yield within
            yield from place_behind(within, known)
        elif known.is_district(rest) and not phrase.district:
            yield replace(phrase, name=name, district=rest)


def roman_as_digit(phrase: Phrase) -> Iterator[Phrase]:
    """'Mỹ Đình I' as the 'Mỹ Đình 1' that the lists print."""
    found = _ROMAN.match(phrase.name)
    if found:
        yield replace(phrase, name=f"{found[1]} {_DIGITS[found[2].upper()]}")


def code_beside(phrase: Phrase) -> tuple[str, Phrase] | None:
    """The code that stands before or behind a name, and the name: '00175 Yên Hòa', 'Yên Hòa 00175'."""
    found = _CODE_BEFORE.match(phrase.name) or _CODE_BEHIND.match(phrase.name)
    if found is None:
        return None
    unit, name = split_kind(found["name"])
    return found["code"], replace(phrase, unit=unit or phrase.unit, name=name)


def dashed_names(phrase: Phrase) -> list[Phrase]:
    """The names between dashes: one phrase each, with the kind and the district of the whole."""
    names = [split_kind(part.strip()) for part in _DASHES.split(phrase.name) if part.strip()]
    return [replace(phrase, unit=unit or phrase.unit, name=name) for unit, name in names]


def _of_part(listed: list[Token], known: Places) -> list[Phrase]:
    """Names, districts and provinces of a part, in their order, put together."""
    found: list[Phrase] = []
    since, before = 0, Phrase(None, "")
    single = not any(token.many for token in listed)
    for number, token in enumerate(listed):
        begins = not found and number + 1 < len(listed)
        closes = all(known.is_province(later.text) for later in listed[number + 1 :])
        bare = bool(found) and (token.behind or (single and closes and not token.joined and len(found) - since == 1))
        district, province = _place(token.text, known, bare=bare, sure=begins or bool(found))
        if not district and not province:
            if found[since:] and (found[-1].district or found[-1].province) and not before.district:
                since = len(found)
            phrase = _unit(token, before)
            before = replace(
                before, unit=phrase.unit if token.many else before.unit if not split_kind(token.text)[0] else None
            )
            found.append(phrase)
        elif not found:
            before = replace(before, district=district or before.district, province=province or before.province)
        elif district and before.district:
            since, before = len(found), replace(before, district=district)
        else:
            found[since:] = _within(found[since:], district, province)
    return found


def _unit(token: Token, before: Phrase) -> Phrase:
    """The phrase of a unit, with the place that stands before it; a name behind 'các phường' has that kind."""
    unit, name = split_kind(token.text)
    bare = _OLD.sub("", name)
    return replace(before, unit=unit or before.unit, name=bare or name, gone=bare != name)


def _place(text: str, known: Places, *, bare: bool, sure: bool) -> tuple[str, str]:
    """The district and the province that a token names, '' for none; a `bare` name may be a district's."""
    if not sure or split_kind(text)[0]:
        return "", ""
    named = _OLD.sub("", text)
    if known.is_province(named):
        return known.capital(named), province_name(named)
    return known.district(named) or (named if bare and known.is_district(named) else ""), ""


def _within(listed: list[Phrase], district: str, province: str) -> list[Phrase]:
    """The phrases of a list with the district or the province that stands behind its last one."""
    return [
        replace(
            phrase,
            district=phrase.district or district,
            shared=phrase.shared or bool(district and not phrase.district and number < len(listed)),
            province=phrase.province or province,
        )
        for number, phrase in enumerate(listed, start=1)
    ]
