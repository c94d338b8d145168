"""The wards that a plan's words mean, by the names reader; how sure that is, and why not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from geo.i18n.message import Message, listed
from geo.importing.plans.understood import Certainty, worst
from geo.reference.names import fold
from geo.reference.ward_names.unit_phrases import Phrase, split_kind
from geo.reference.ward_names.units_since import UNITS_SINCE
from geo.reference.ward_names.ward_search import Answer, Found
from geo.reference.wards import WardRegister

_LEADING = re.compile(
    r"^(?:(?:đoạn\s+)?(?:đi|chạy|kéo dài)\s+qua|thuộc|nằm (?:trên|trong|tại)|trên|tại|qua|địa bàn|khu vực"
    r"|giáp ranh(?: giữa)?|gồm|các đơn vị)\s*:?\s+(?:địa bàn\s+)?(?:giáp ranh\s+)?(?:của\s+)?",
    re.I,
)
_BORDER = re.compile(r"\b(?:giáp ranh|tiếp giáp|giáp)\b(?:\s+(?:với|giữa))?", re.I)
_WITH = re.compile(r"\s+với\s+(?=(?:phường|xã|p\.|x\.))", re.I)
_BEFORE_UNIT = re.compile(r"(\S+)\s+(?=(?:phường|xã|thị trấn)\s+[A-ZĐÀ-Ỹ])")
_NO_NAME = {
    "các", "những", "hai", "ba", "bốn", "và", "với", "ubnd", "của", "thuộc", "tại", "trên", "bàn", "dân", "an", "đoạn",
    "qua", "gồm", "là", "giữa", "vực",
}  # fmt: skip
_EITHER = re.compile(r"\b(?:hoặc|hay(?= (?:là )?(?:phường|xã|p\.|x\.)?\s*[A-ZĐÀ-Ỹ]))", re.I)
"""One ward or another: the text does not say which."""
_MANY = re.compile(r"^(?:các|những|hai|ba|\d+)\s+(?:xã|phường)", re.I)
_COMMAS = re.compile(r"\s*[,;]\s*|\s+và\s+", re.I)
_COUNTED_UNITS = re.compile(r"\b(hai|ba|bốn|0?\d)\s+(?=(?:xã|phường)\b)", re.I)
_DASHED = re.compile(r"\s*[-–—/]\s*")
_DISTRICT = re.compile(r"(?:quận|huyện|thị xã|thành phố|tp)\b|[qh]\.", re.I)
_DISTRICT_ALONE = re.compile(r"^(?:quận|huyện|thị xã|q\.|h\.)\s*\S", re.I)


@dataclass(frozen=True, slots=True)
class Wards:
    """The wards of a text: codes in its order, how sure, what is near instead, and why it is not sure."""

    codes: tuple[str, ...] = ()
    certainty: Certainty = "sure"
    suggested: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()


class PlaceReader:
    """Reads the places of one plan.

    `day`: that of the plan; before the merger of July 2025 a name is that of a unit of then.
    """

    def __init__(self, register: WardRegister, day: date | None) -> None:
        self._register = register
        self.day = day
        self._is_old = day is not None and day < UNITS_SINCE

    def wards(self, text: str, district: str = "") -> Wards:
        """The wards that a text names, in a district where a column of its own gives one."""
        bare = balanced(" ".join(text.replace("\n", ", ").split()))
        if not bare.strip(" -–—.…"):
            return Wards()
        if _DISTRICT_ALONE.match(bare) and not re.search(r"\b(?:phường|xã)\b", bare, re.I):
            return Wards((), "look", (), (Message("importing.plan-district-only", text=bare),))
        answer, is_open = self._answer(self._parts(bare), district)
        found = self._judged(bare, answer, is_open=is_open)
        return found if not answer.missing else self._rejoined(bare, district) or found

    def _rejoined(self, text: str, district: str) -> Wards | None:
        """The wards of a text in which a name is broken in two (`Hoàn g Mai`), joined where that is a known ward."""
        for gap in re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text):
            joined = text[: gap.start()] + text[gap.end() :]
            if not text[gap.end()].islower():
                continue
            answer, is_open = self._answer(self._parts(joined), district)
            if answer.found and not answer.missing and not is_open:
                found = self._judged(joined, answer, is_open=False)
                reason = Message("importing.plan-word-broken", text=text, joined=joined)
                return replace(found, certainty=worst([found.certainty, "look"]), reasons=(*found.reasons, reason))
        return None

    def wrapped(self, text: str, district: str = "") -> tuple[str, Wards]:
        """A cell of one or more lines, and its wards: a line ends a name, or is only broken where the cell ends."""
        flowing = " ".join(text.split())
        apart = " ".join(text.replace("\n", ", ").split())
        found = self.wards(flowing, district)
        if flowing == apart:
            return balanced(flowing), found
        by_lines = self.wards(apart, district)
        if set(by_lines.codes) == set(found.codes):
            best = min((found, by_lines), key=lambda wards: wards.certainty != "sure")
            return balanced(flowing if best is found else apart), best
        if found.certainty == "sure" and by_lines.suggested + by_lines.reasons:
            return balanced(flowing), found
        if by_lines.certainty == "sure" and found.suggested + found.reasons:
            return balanced(apart), by_lines
        reason = Message("importing.plan-open-reading", text=apart)
        doubtful = worst([by_lines.certainty, "look"])
        return balanced(apart), replace(by_lines, certainty=doubtful, reasons=(*by_lines.reasons, reason))

    def is_whole_unit(self, name: str) -> bool:
        """Whether the name of a site names nothing but a ward, a commune or a district: 'Phường Phú Bài', 'Phú Bài'."""
        if _UNITS_OF_TEXT.search(name):
            return not _AROUND_UNITS.sub("", _UNITS_OF_TEXT.sub("", name))
        bare = fold(_AROUND_UNITS.sub(" ", name))
        return bare in {fold(ward.name) for ward in self._register.wards}

    def _parts(self, text: str) -> str:
        before = ""
        while before != text:
            before, text = text, _LEADING.sub("", text)
        spread = _COUNTED_UNITS.sub("các ", _WITH.sub("; ", _BORDER.sub("; ", text)))
        return _BEFORE_UNIT.sub(_ended, spread).strip(" ;")

    def _answer(self, text: str, district: str) -> tuple[Answer, bool]:
        """What the text means, and whether it may also mean something else.

        Aliases, which plans print, come first; names joined by dashes are taken apart last.
        """
        alias = self._register.search.alias(text) if not district else None
        if alias is not None:
            return Answer((Found(alias, "alias"),)), False
        whole = f"{text}, {district}" if district else text
        answer = self._with_aliases(self._register.search.search(whole))
        old = self._is_old and not _MANY.match(text)
        if not district and not old and (apart := self._apart(_COMMAS.split(text))) is not None:
            same = {one.ward.code for one in apart.found} == {one.ward.code for one in answer.found}
            return apart, not (same or _MANY.match(text))
        if answer.missing and _DASHED.search(text) and (apart := self._apart(_DASHED.split(whole))) is not None:
            return apart, True
        return answer, False

    def _apart(self, parts: list[str]) -> Answer | None:
        """What parts mean, where there are several and each is the name of one ward of today."""
        answers = [self._with_aliases(self._register.search.search(part)) for part in parts if part]
        if len(answers) < 2 or not all(len(one.found) == 1 and not one.missing for one in answers):
            return None
        found = tuple(one.found[0] for one in answers)
        if any(one.how == "former" for one in found):
            return None
        return Answer(found, tuple(unit for one in answers for unit in one.also_former))

    def _with_aliases(self, answer: Answer) -> Answer:
        """The answer with the wards of recorded aliases for phrases that are missing."""
        found, missing = list(answer.found), []
        for phrase in answer.missing:
            ward = self._register.search.alias(_printed(phrase))
            if ward is None:
                missing.append(phrase)
            else:
                found.append(Found(ward, "alias"))
        return Answer(tuple(found), answer.also_former, answer.notes, tuple(missing))

    def _judged(self, text: str, answer: Answer, *, is_open: bool) -> Wards:
        reasons: list[Message] = []
        codes = tuple(dict.fromkeys(found.ward.code for found in answer.found))
        former = [found for found in answer.found if found.how == "former"]
        if former:
            names = dict.fromkeys(unit.name for found in former for unit, _ in found.former)
            heirs = dict.fromkeys(found.ward.full_name for found in former)
            reasons.append(Message("importing.plan-former-unit", units=listed(names), wards=listed(heirs)))
        today = [found.ward.full_name for found in answer.found if found.how in ("official", "plain", "alias")]
        if self._is_old and today:
            reasons.append(Message("importing.plan-name-of-then", wards=listed(dict.fromkeys(today))))
        stated = _COUNTED_UNITS.findall(text)
        if len(stated) == 1 and not former and not answer.missing and _number(stated[0]) != len(codes):
            reasons.append(Message("importing.plan-wards-counted", text=text, count=len(codes)))
        if is_open or _EITHER.search(text):
            reasons.append(Message("importing.plan-open-reading", text=text))
        if _BORDER.search(text):
            reasons.append(Message("importing.plan-border", text=text))
        suggested: tuple[str, ...] = ()
        if answer.missing:
            suggested = self._suggested(answer.missing)
            reasons.append(self._missing(answer.missing, suggested))
        certainty: Certainty = "none" if not codes and not suggested else "look" if reasons else "sure"
        return Wards(codes, certainty, suggested, tuple(reasons))

    def _suggested(self, missing: tuple[Phrase, ...]) -> tuple[str, ...]:
        """The wards of today that are near the names that mean nothing as they stand; the best of each."""
        by_name = {ward.full_name: ward.code for ward in self._register.wards}
        codes = []
        for phrase in missing:
            near = [by_name[name] for name in self._register.search.suggestions([phrase]) if name in by_name]
            codes += near[:1]
        return tuple(dict.fromkeys(codes))

    def _missing(self, missing: tuple[Phrase, ...], suggested: tuple[str, ...]) -> Message:
        names = listed([_printed(phrase) for phrase in missing])
        if not suggested:
            return Message("importing.plan-no-ward", names=names)
        near = listed([self._register.by_code(code).full_name for code in suggested])
        return Message("importing.plan-no-ward-near", names=names, near=near)


_UNITS_OF_TEXT = re.compile(
    r"\b(?i:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|đặc khu|tỉnh|p\.|x\.|q\.|h\.|tp\.?)\s*"
    r"[A-ZĐÀ-Ỹ\d][\w'’]*(?:[\s-]+[A-ZĐÀ-Ỹ\d][\w'’]*)*",
)
_AROUND_UNITS = re.compile(
    r"\b(?:khu vực|địa bàn|toàn bộ|toàn|cả|các|những|tụ điểm|điểm|phường|xã|trên|tại|ở|thuộc|trong|giáp ranh|giữa|và"
    r"|với|trung tâm)\b|[\W\d_]+",
    re.I,
)


def balanced(text: str) -> str:
    """A text without a bracket that was closed once too often, and with one closed that was left open.

    >>> balanced("Phường Dương Nội)"), balanced("Đường Kim Giang (đoạn từ Cầu Tó")
    ('Phường Dương Nội', 'Đường Kim Giang (đoạn từ Cầu Tó)')
    """
    depth, signs = 0, []
    for sign in text:
        if sign == ")" and not depth:
            continue
        depth += (sign == "(") - (sign == ")")
        signs.append(sign)
    return "".join(signs).strip() + ")" * depth


def mentioned(text: str) -> str:
    """The part of a text that names wards with their kind: 'Đường Láng (phường Láng)' → 'phường Láng'; '' without."""
    found = re.findall(r"(?:phường|xã|thị trấn)\s+(?:[A-ZĐÀ-Ỹ][\w'’]*)(?:[\s-]+[A-ZĐÀ-Ỹ][\w'’]*)*", text)
    return "; ".join(found)


def as_district(text: str) -> str:
    """What a column of districts holds, as a district: its bare name may be a ward's of today.

    >>> as_district("Ba Đình"), as_district("Huyện Sóc Sơn"), as_district("")
    ('quận Ba Đình', 'Huyện Sóc Sơn', '')
    """
    bare = " ".join(text.split())
    return f"quận {bare}" if bare and not _DISTRICT.match(bare) else bare


def _number(word: str) -> int:
    return int(word) if word.strip().isdigit() else {"hai": 2, "ba": 3, "bốn": 4}[word.strip().casefold()]


def _ended(found: re.Match[str]) -> str:
    """What stands before a unit, with a sign that a name ends there, unless it is no name."""
    word = found[1]
    return f"{word} " if word.casefold() in _NO_NAME or word.isdigit() or word[-1] in ",;(" else f"{word}; "


def _printed(phrase: Phrase) -> str:
    kind, name = split_kind(phrase.name)
    unit = phrase.unit or kind
    return f"{unit.capitalize()} {name}" if unit else name
