"""What a text and a writer must be before anything is stored; every check returns all problems, with what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.model.actor import Actor
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.vocabulary import Vocabulary
from geo.records.validation.privacy import screen
from geo.reference.ward_names.legacy_encodings import without_footnotes

FIRST_DAY = date(2010, 1, 1)
MAX_NOTE = 1000
MAX_TEXT = 200
VIET_NAM = (102.0, 6.5, 118.0, 24.0)
"""West, south, east, north in degrees, with Hoàng Sa and Trường Sa: a point outside is a slip of the hand."""
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_ORIGIN = re.compile(r"[a-z][a-z:-]{0,39}")
_UNPRINTABLE = ("Cc", "Cs", "Cn", "Co")
_NO_VALUES = frozenset(("", "0", "00", "nan", "nat", "none", "null", "nil", "na", "undefined", "unknown"))
_LEGACY = re.compile(r"[A-Za-zÀ-ỹ][¡-©¬-¯´µ¶¸¹¼¾ÆÇËÎÏÑÖ×ØÛÜÞßåæçëîïðñöøûüþÿ]|[¡-©¬®¯´µ¶¸¹¼¾][A-Za-z]")


@dataclass(frozen=True, slots=True)
class Context:
    """What entries are checked against; without `registers` ids and places are checked for their form alone."""

    vocabulary: Vocabulary
    registers: RegisterLookup | None
    today: date
    offered: Mapping[str, Vocabulary] = field(default_factory=dict)
    """What each city offers, by the prefix of its sites and by the code of its province; none: the same everywhere."""

    def offered_at(self, site_id: str | None, ward_code: str | None) -> Vocabulary:
        """The terms of the city of a site, else of a ward; all terms where neither says."""
        province = self.registers.provinces.get(ward_code or "", "") if self.registers else ""
        return self.offered.get((site_id or "").partition("-")[0] or province, self.vocabulary)


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of one field of an entry; `private` when it is about a person."""

    field: str
    problem: Problem
    private: bool = False


def fault(field: str, code: str, **parameters: Any) -> Fault:
    """A fault of a field, by the code of its message."""
    return Fault(field, Problem(code, field, **parameters))


def actor_faults(actor: Actor) -> list[Fault]:
    """Everything that is wrong with who writes: the name of an account, its office, the origin."""
    found = [*text_faults("who", actor.who, MAX_TEXT), *text_faults("office", actor.office, MAX_TEXT)]
    if not USERNAME.fullmatch(actor.who):
        found.append(fault("who", "records.no-account-name", name=actor.who[:60]))
    if not _ORIGIN.fullmatch(actor.origin):
        found.append(fault("origin", "records.no-origin"))
    return found


def text_faults(field: str, text: str, limit: int, *, required: bool = True) -> list[Fault]:
    """What is wrong with a text: missing, too long, not printable, like a formula, or about a person."""
    if not text.strip():
        return [fault(field, "records.missing")] if required else []
    found = [Fault(field, Problem(code, field), private=True) for code in screen(text[:limit])]
    if len(text) > limit:
        found.append(fault(field, "records.too-long", count=str(len(text)), limit=str(limit)))
    if any(unicodedata.category(char) in _UNPRINTABLE for char in text if char not in "\n\t"):
        found.append(fault(field, "records.unprintable"))
    if like_formula(text):
        found.append(fault(field, "records.formula"))
    if legacy_encoded(text):
        found.append(fault(field, "records.old-font"))
    return found


def says_nothing(text: str) -> bool:
    """Whether a text stands for none: a dash, dots, nought, or what programs write where there is no value.

    >>> [says_nothing(text) for text in ("-", "0", "nan", "N/A", "12/BC")]
    [True, True, True, True, False]
    """
    return "".join(filter(str.isalnum, text)).lower() in _NO_VALUES


def like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula (`=1+1`, `@SUM(A1)`, `+cmd|...`)."""
    return bool(re.match(r"\s*(?:[=@\t\r]|[+\-](?![\s\d.,–-]|$))", text))


def legacy_encoded(text: str) -> bool:
    """Whether letters touch signs that Vietnamese never has there, as when TCVN3 or VNI text is read as Unicode."""
    return bool(_LEGACY.search(without_footnotes(unicodedata.normalize("NFC", text))))


def clean(text: str) -> str:
    """A text as it is stored: NFC, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def numbered(found: Fault, shown: Any, number: int) -> Fault:
    """A fault of one of many entries of a kind (`shown`: what it is called), named by its number."""
    where = Message("records.nth", kind=shown, number=number)
    return replace(found, problem=found.problem.at(where))
