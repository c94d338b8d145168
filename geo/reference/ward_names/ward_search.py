"""Which wards of today a text means: by code, official name, alias, plain letters, or as heirs of a former unit.

In this order: a code; a former unit, where a district is given that names one; the official name; a former unit; a
recorded alias; the same without diacritics. What matches none of these is never guessed. A text of the fonts before
Unicode is converted where it means nothing as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast
from unicodedata import normalize

from geo.i18n.message import Message
from geo.reference.names import fold, half_marked, has_diacritics, plain, plain_units, split_unit, y_as_i
from geo.reference.provinces import short_names
from geo.reference.ward_names.former_units import FormerUnit, FormerUnits, Heir, same_district
from geo.reference.ward_names.legacy_encodings import readings
from geo.reference.ward_names.phrase_tokens import Places, visible
from geo.reference.ward_names.unit_phrases import (
    CODE_MARKED,
    Phrase,
    code_beside,
    dashed_names,
    phrases,
    place_behind,
    roman_as_digit,
    whole,
)

if TYPE_CHECKING:
    from geo.reference.ward import Ward

How = Literal["code", "official", "alias", "plain", "former", "point"]
Key = tuple[str | None, str]
CODE_LENGTH, SHORTEST_CODE = 5, 3
LONGEST = 1_000
"""Characters of a text that is read: a longer one names no ward (its readings are as many as its words, squared)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ward that a text means, by which rule, and the `former` units by which it was found (all of its own
    otherwise)."""

    ward: Ward
    how: How
    former: tuple[tuple[FormerUnit, Heir], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means: wards of today, former units that bore the name of one of them, and what is to be said."""

    found: tuple[Found, ...] = ()
    also_former: tuple[FormerUnit, ...] = ()
    notes: tuple[Message, ...] = ()
    missing: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class _Index:
    """Entries by unit (None for any) and key of the name, with diacritics and without; *i* and *y* are one letter."""

    exact: dict[Key, list[object]] = field(default_factory=dict)
    bare: dict[Key, list[object]] = field(default_factory=dict)

    def add(self, unit: str | None, name: str, entry: object) -> None:
        for table, key in ((self.exact, fold), (self.bare, plain)):
            for kind in {unit, None}:
                table.setdefault((kind, y_as_i(key(name))), []).append(entry)

    def get(self, phrase: Phrase) -> list[object]:
        return self.exact.get((phrase.unit, y_as_i(fold(phrase.name))), [])

    def get_bare(self, phrase: Phrase) -> list[object]:
        text = f"{phrase.unit or ''} {phrase.name}".strip()
        if has_diacritics(phrase.name):
            return []
        keys = {(phrase.unit, plain(phrase.name)), *plain_units(text)}
        return [entry for key in keys for entry in self.bare.get((key[0], y_as_i(key[1])), [])]

    def get_half(self, phrase: Phrase, name_of: Callable[[Any], str]) -> list[object]:
        """Entries whose name was typed with some of its marks; `name_of`: the name of an entry without its kind."""
        if not has_diacritics(phrase.name):
            return []
        entries = self.bare.get((phrase.unit, y_as_i(plain(phrase.name))), [])
        return [entry for entry in entries if half_marked(phrase.name, name_of(entry))]


class WardSearch:
    """The search over the wards of a register, its aliases and the former units."""

    def __init__(
        self,
        wards: Iterable[Ward],
        aliases: Iterable[tuple[str, Ward]],
        former: FormerUnits,
        provinces: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.wards = {ward.code: ward for ward in wards}
        self.former = former
        self._provinces = {plain(name): code for code, name in provinces}
        self._places = Places(tuple(name for _, name in provinces), former.is_district)
        self._official, self._aliases, self._units = _Index(), _Index(), _Index()
        for ward in self.wards.values():
            self._official.add(ward.kind, ward.name, ward)
        for printed, ward in aliases:
            self._aliases.add(*split_unit(printed), ward)
        for entry in former.units:
            if any(heir.code in self.wards for heir in entry.heirs):
                self._units.add(*split_unit(entry.name), entry)

    def search(self, text: str, home: str = "") -> Answer:
        """What a text means; with the `missing` phrases that nothing fits.

        `home`: the name of the province of what the text gives no province and no district.
        """
        if len(text) > LONGEST:
            return Answer(missing=(Phrase(None, text[:LONGEST]),))
        answer = self._read(text, home)
        if answer.found and not answer.missing:
            seen = visible(text)
            cleaned = (Message("reference.marks-removed", text=seen),) if seen != normalize("NFC", text) else ()
            return replace(answer, notes=(*answer.notes, *cleaned))
        for encoding, decoded in readings(text):
            converted = self._read(decoded, home)
            if converted.found and not converted.missing:
                note = Message("reference.converted", encoding=encoding, text=decoded)
                return Answer(converted.found, converted.also_former, (*converted.notes, note))
        return answer

    def alias(self, printed: str) -> Ward | None:
        """The ward for which an alias of this very name is recorded."""
        entries = self._aliases.get(whole(printed))
        return cast("Ward", entries[0]) if entries else None

    def suggestions(self, missing: Iterable[Phrase]) -> list[str]:
        """The nearest names of today and former ones, of the province and the kind that a phrase gives; best first."""
        return [name for phrase in missing for name in nearest(phrase, self._spelled(phrase))]

    def _spelled(self, phrase: Phrase) -> dict[str, str]:
        """Names as they are shown → without their kind."""
        province = self._province(phrase)
        here = [ward for ward in self.wards.values() if province in ("", ward.province_code)]
        units = [unit for unit in self.former.units if province in ("", unit.province_code)]
        if phrase.district:
            units = [unit for unit in units if same_district(unit.district, phrase.district)] or units
        today = {fold(ward.full_name) for ward in here}
        gone = [unit for unit in units if fold(unit.name) not in today]
        former = {f"{unit.name} ({unit.district})" if unit.district else unit.name: unit.name for unit in gone}
        return {ward.full_name: ward.full_name for ward in here} | former

    def _read(self, text: str, home: str) -> Answer:
        name = replace(whole(text), province=home)
        at_once = self._one(name)
        listed = (_at_home(phrase, home) for phrase in phrases(text, self._places))
        return at_once if at_once.found else self._several(tuple(listed), name)

    def _by_code(self, digits: str) -> Answer:
        ward = self.wards.get(digits.zfill(CODE_LENGTH))
        if ward is None:
            return Answer(missing=(Phrase(None, digits),))
        return Answer((Found(ward, "code", self._merged(ward)),))

    def _several(self, parts: tuple[Phrase, ...], text: Phrase) -> Answer:
        answers = [self._one_of(phrase) for phrase in parts] or [Answer(missing=(text,))]
        found: dict[str, Found] = {}
        for one in (one for answer in answers for one in answer.found):
            before = found.get(one.ward.code)
            found[one.ward.code] = one if before is None else Found(one.ward, before.how, _joined(before, one))
        return Answer(
            tuple(found.values()),
            tuple(dict.fromkeys(unit for answer in answers for unit in answer.also_former)),
            (*(note for answer in answers for note in answer.notes), *self._contradictions(parts, answers, text)),
            tuple(phrase for answer in answers for phrase in answer.missing),
        )

    def _one_of(self, phrase: Phrase) -> Answer:
        """What one phrase of a text means, read otherwise where it means nothing as it stands."""
        answer = self._one(phrase)
        if answer.found:
            return answer
        others = (*roman_as_digit(phrase), *place_behind(phrase, self._places))
        found = next((other for other in map(self._one, others) if other.found), answer)
        if not found.found and phrase.shared:
            return self._one(replace(phrase, district="", shared=False))
        return found if found.found else self._with_code(phrase) or self._dashed(phrase) or answer

    def _with_code(self, phrase: Phrase) -> Answer | None:
        """'00175 Yên Hòa': the ward of the code where the name means it, too; else both, and that they differ."""
        beside = code_beside(phrase)
        if beside is None:
            return None
        digits, name = beside
        code, named = self._by_code(digits), self._one_of(name)
        if len(digits) < SHORTEST_CODE:  # the number of a row
            return named if named.found else None
        if not code.found or not named.found:
            return Answer(missing=(phrase,))
        if code.found[0].ward in [found.ward for found in named.found]:
            return code
        return replace(_both(code, named), notes=(self._contradiction(code, name),))

    def _dashed(self, phrase: Phrase) -> Answer | None:
        """'Ngọc Hà - Giảng Võ': two names with a dash between them, where each means something."""
        answers = [self._one(name) for name in dashed_names(phrase)]
        if len(answers) < 2 or not all(answer.found for answer in answers):
            return None
        found = answers[0]
        for answer in answers[1:]:
            found = _both(found, answer)
        return found

    def _contradictions(self, parts: tuple[Phrase, ...], answers: list[Answer], text: Phrase) -> Iterable[Message]:
        """That a code and the name beside it, in brackets or behind a dash, are not of one ward."""
        if len(parts) != 2 or not CODE_MARKED.search(text.name) or not all(answer.found for answer in answers):
            return
        by_code = [part.name.isdigit() for part in parts]
        wards = [{found.ward.code for found in answer.found} for answer in answers]
        if by_code.count(True) == 1 and not wards[0] & wards[1]:
            row = by_code.index(True)
            yield self._contradiction(answers[row], parts[1 - row])

    def _contradiction(self, code: Answer, name: Phrase) -> Message:
        ward = code.found[0].ward
        return Message("reference.code-contradicts", code=ward.code, ward=ward.full_name, name=name.name)

    def _one(self, phrase: Phrase) -> Answer:
        """What one phrase means, the first rule that finds anything."""
        # 'Phường 4' is a name, no code.
        if phrase.name.isdigit() and len(phrase.name) <= CODE_LENGTH and (phrase.unit is None or len(phrase.name) == 5):
            return self._by_code(phrase.name)
        rules: tuple[Callable[[Phrase], Answer], ...] = (
            self._in_district,
            self._today,
            self._formerly,
            self._today_bare,
            self._formerly_bare,
            self._by_alias,
            self._half_marked,
            self._place_in_name,
        )
        for rule in (self._formerly, self._formerly_bare, *rules) if phrase.gone else rules:
            answer = rule(phrase)
            if answer.found:
                return answer
        return Answer(missing=(phrase,))

    def _in_district(self, phrase: Phrase) -> Answer:
        if not phrase.district:
            return Answer()
        units = [unit for unit in self._former(phrase) if same_district(unit.district, phrase.district)]
        return self._heirs(units)

    def _today(self, phrase: Phrase) -> Answer:
        return self._named(phrase, self._official.get(phrase), "official")

    def _today_bare(self, phrase: Phrase) -> Answer:
        return self._named(phrase, self._official.get_bare(phrase), "plain")

    def _by_alias(self, phrase: Phrase) -> Answer:
        return self._named(phrase, self._aliases.get(phrase) or self._aliases.get_bare(phrase), "alias")

    def _half_marked(self, phrase: Phrase) -> Answer:
        """A ward of today, else a former unit, of which some syllables were typed without their marks."""
        today = self._named(phrase, self._official.get_half(phrase, lambda ward: str(ward.name)), "plain")
        if today.found:
            return today
        units = self._of_province(phrase, self._units.get_half(phrase, lambda unit: split_unit(unit.name)[1]))
        return self._heirs(u for u in units if not phrase.district or same_district(u.district, phrase.district))

    def _place_in_name(self, phrase: Phrase) -> Answer:
        """'Phường Lâm Viên - Đà Lạt': the name itself ends with that of a former district."""
        if not phrase.district:
            return Answer()
        whole_name = replace(phrase, name=f"{phrase.name} - {phrase.district}", district="")
        found = self._today(whole_name)
        return found if found.found else self._today_bare(whole_name)

    def _formerly(self, phrase: Phrase) -> Answer:
        return Answer() if phrase.district else self._heirs(self._of_province(phrase, self._units.get(phrase)))

    def _formerly_bare(self, phrase: Phrase) -> Answer:
        return Answer() if phrase.district else self._heirs(self._of_province(phrase, self._units.get_bare(phrase)))

    def _former(self, phrase: Phrase) -> list[FormerUnit]:
        return self._of_province(phrase, self._units.get(phrase) or self._units.get_bare(phrase))

    def _named(self, phrase: Phrase, entries: Iterable[object], how: How) -> Answer:
        """Wards of today; where a district is given, those of which a part lay in it."""
        wards = [ward for ward in _unique(entries) if self._fits(phrase, ward)]
        found = tuple(Found(ward, how, self._merged(ward)) for ward in wards)
        also = [] if phrase.district or not found else self._former(phrase)
        return Answer(found, tuple(also))

    def _fits(self, phrase: Phrase, ward: Ward) -> bool:
        if self._province(phrase) not in ("", ward.province_code):
            return False
        if not phrase.district:
            return True
        own = self.former.merged_into(ward.code)
        return any(same_district(unit.district, phrase.district) for unit in own)

    def _heirs(self, units: Iterable[FormerUnit]) -> Answer:
        found: dict[str, list[tuple[FormerUnit, Heir]]] = {}
        for unit in units:
            for heir in unit.heirs:
                if heir.code in self.wards:
                    found.setdefault(heir.code, []).append((unit, heir))
        return Answer(tuple(Found(self.wards[code], "former", tuple(pairs)) for code, pairs in found.items()))

    def _of_province(self, phrase: Phrase, units: Iterable[object]) -> list[FormerUnit]:
        province = self._province(phrase)
        return [unit for unit in _unique(units) if province in ("", unit.province_code)]

    def _province(self, phrase: Phrase) -> str:
        """The code of the province that a phrase names, '' without."""
        name = plain(phrase.province)
        return self._provinces.get(short_names().get(name, name), "")

    def _merged(self, ward: Ward) -> tuple[tuple[FormerUnit, Heir], ...]:
        units = self.former.merged_into(ward.code)
        return tuple((unit, heir) for unit in units for heir in unit.heirs if heir.code == ward.code)


_NEAR = 78.0
"""Less alike than this (of 100) is another name: 'Văn Miếu' is not near 'Hoàng Mai'."""


def nearest(phrase: Phrase, spelled: Mapping[str, str], limit: int = 3) -> list[str]:
    """Up to `limit` of the spelled names that are like a phrase, best first.

    Likeness is rapidfuzz's normalised indel ratio over the names without their kinds, diacritics counted half; a name
    that
    holds all words of the phrase, one after the other, is nearly as good as the same.
    """
    from rapidfuzz import fuzz

    wanted, bare = fold(phrase.name), plain(phrase.name)
    scored = []
    for shown, name in spelled.items():
        kind, own = split_unit(name)
        like = 0.5 * fuzz.ratio(wanted, fold(own)) + 0.5 * fuzz.ratio(bare, plain(own))
        if len(bare) > 3 and f" {bare} " in f" {plain(own)} ":
            like = max(like, 90.0)
        if like >= _NEAR:
            scored.append((-like - (phrase.unit in (None, kind)), shown))
    return [shown for _, shown in sorted(scored)[:limit]]


def _both(one: Answer, other: Answer) -> Answer:
    """Two answers as one, each ward once."""
    seen = {found.ward.code for found in one.found}
    found = (*one.found, *(found for found in other.found if found.ward.code not in seen))
    also = tuple(dict.fromkeys((*one.also_former, *other.also_former)))
    return Answer(found, also, (*one.notes, *other.notes))


def _at_home(phrase: Phrase, home: str) -> Phrase:
    return phrase if phrase.province or phrase.district else replace(phrase, province=home)


def _unique(entries: Iterable[object]) -> list:  # type: ignore[type-arg]
    return list(dict.fromkeys(entries))


def _joined(before: Found, more: Found) -> tuple[tuple[FormerUnit, Heir], ...]:
    return tuple(dict.fromkeys((*before.former, *more.former)))
