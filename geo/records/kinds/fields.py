"""The fields of records: how each is checked, described to clients, read from a command, and which wards it is about.

A field stands as `Annotated[type, Field(…)]` in the dataclass of an entry; the type says how it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Annotated, Any, Protocol

from geo.i18n.message import Bilingual, Message, Words
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.vocabulary import Vocabulary
from geo.records.validation.entry_checks import (
    FIRST_DAY,
    MAX_NOTE,
    MAX_TEXT,
    Context,
    Fault,
    fault,
    says_nothing,
    text_faults,
)
from geo.reference.names import suggest
from geo.reference.ward_names.units_since import UNITS_SINCE

Label = Message | Bilingual
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_SITE_ID = re.compile(r"[A-Z]{2,4}-[A-Z0-9-]{1,20}")
_WARD_CODE = re.compile(r"[0-9]{5}")
_FLAG_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}")


@dataclass(frozen=True, slots=True)
class Concerned:
    """The wards that a record is about; `all_needed`: whether a writer must answer for every one, or for any."""

    wards: frozenset[str] = frozenset()
    all_needed: bool = True

    def within(self, own: frozenset[str]) -> bool:
        """Whether an account with these wards may write it."""
        if not self.wards:
            return False
        return self.wards <= own if self.all_needed else bool(self.wards & own)


class Duties(Protocol):
    """Who answers for what, as the packages above the records know it; no ward for what they do not know."""

    def of_site(self, site_id: str) -> frozenset[str]:
        """The codes of the wards that answer for a site."""

    def of_flag(self, flag_id: str) -> frozenset[str]:
        """The codes of the wards of a flag."""

    def of_row(self, kind: str, row_id: int) -> Concerned:
        """What a recorded row is about; raises `UnknownRowError` where there is none."""


Check = Callable[[str, Any, Context], Iterator[Fault]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """What a value must be.

    `check` gets the name of the field and each of its values; `schema` is JSON Schema of one value; `group` names the
    group of the vocabulary that it is a term of, `link` the kind of record whose number it is; `outlives` says that the
    linked record may be removed by retention before the one that links to it. `read` makes a value of
    what somebody typed. `concerns` says which wards a value is about. `own_office`: the office of the account that
    writes, where none is given. `label` heads it in lists, where the catalogue has no `records.field.<name>`.
    """

    check: Check | None = None
    schema: Mapping[str, Any] = attribute(default_factory=dict)
    group: str = ""
    link: str = ""
    outlives: bool = False
    read: Callable[[str, Context], str] | None = None
    concerns: Callable[[Any, Duties], Concerned] | None = None
    own_office: bool = False
    label: Label | None = None


def term(group: str, label: Label | None = None) -> Field:
    """A term of a group of the vocabulary."""

    def check(name: str, value: str, context: Context) -> Iterator[Fault]:
        yield from term_faults(name, group, value, context.vocabulary)

    return Field(check=check, group=group, read=lambda text, c: c.vocabulary.find(group, text).id, label=label)


def term_faults(name: str, group: str, value: str, offered: Vocabulary) -> Iterator[Fault]:
    """What is no term of a group of the vocabulary that is offered."""
    if not offered.holds(group, value):
        options = [Words(known.vi, known.id, known.id) for known in offered.terms(group)]
        yield fault(name, "records.unknown-choice", value=value[:60], options=options)


def text(
    limit: int = MAX_TEXT, *, required: bool = True, label: Label | None = None, own_office: bool = False
) -> Field:
    """A text of at most `limit` characters, screened for persons."""

    def check(name: str, value: str, _: Context) -> Iterator[Fault]:
        yield from text_faults(name, "" if required and says_nothing(value) else value, limit, required=required)

    schema = {"maxLength": limit} | ({"minLength": 1} if required else {})
    return Field(check=check, schema=schema, label=label, own_office=own_office)


def link(kind: str, label: Label | None = None, *, outlives: bool = False) -> Field:
    """The number of a record of a kind; stored is the first row of its chain of corrections."""
    return Field(
        link=kind,
        outlives=outlives,
        schema={"minimum": 1},
        concerns=lambda value, duties: duties.of_row(kind, int(value)),
        label=label,
    )


def check_day(name: str, day: date, context: Context) -> Iterator[Fault]:
    """A day up to today, and not before records began."""
    if day > context.today:
        yield fault(name, "records.future-day", day=day, today=context.today)
    if day < FIRST_DAY:
        yield fault(name, "records.early-day", day=day, year=str(FIRST_DAY.year))


def check_units_day(name: str, day: date, context: Context) -> Iterator[Fault]:
    """A day up to today, and not before the wards of today: what is said of them would be of wards that were not there.

    For what wards of today do, or what is shown by them: levels of sites, reviews, explanations. Reports, measures and
    observation are of places, which were there before: they take `check_day`.
    """
    yield from check_day(name, day, context)
    yield from early_unit_faults(name, day)


def early_unit_faults(name: str, day: date) -> Iterator[Fault]:
    """A day since records began that is before the wards of today."""
    if FIRST_DAY <= day < UNITS_SINCE:
        yield fault(name, "reference.before-units", day=day, first=UNITS_SINCE)


def check_site(name: str, site_id: str, context: Context) -> Iterator[Fault]:
    """An id of a site of the register; without registers, the form of one."""
    if context.registers is None:
        if not _SITE_ID.fullmatch(site_id):
            yield fault(name, "records.no-site-id", site=site_id[:60])
    elif site_id not in context.registers.site_lengths:
        near = suggest(site_id, context.registers.site_lengths)
        yield fault(name, "records.unknown-site-near" if near else "records.unknown-site", site=site_id[:60], near=near)


def ward_faults(name: str, code: str, registers: RegisterLookup | None) -> Iterator[Fault]:
    """A code of a ward of the register; without registers, the form of one."""
    known = registers.ward_codes if registers else None
    if not _WARD_CODE.fullmatch(code) or (known is not None and code not in known):
        yield fault(name, "records.unknown-ward", ward=code[:60])


def _form(pattern: re.Pattern[str], code: str) -> Check:
    def check(name: str, value: str, _: Context) -> Iterator[Fault]:
        if not pattern.fullmatch(value):
            yield fault(name, code, value=value[:60])

    return check


def _ward_named(text: str, context: Context) -> str:
    named = context.registers.ward_named if context.registers else None
    return text if named is None else named(text)


def _of_wards(value: Any, _: Duties) -> Concerned:
    codes = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return Concerned(frozenset(codes))


DAY = Field(check=check_day)
SITE = Field(
    check=check_site,
    schema={"pattern": f"^{_SITE_ID.pattern}$"},
    read=lambda text, _: text.upper(),
    concerns=lambda value, duties: Concerned(duties.of_site(value), all_needed=False),
)
WARD = Field(
    check=lambda name, code, context: ward_faults(name, code, context.registers),
    schema={"pattern": f"^{_WARD_CODE.pattern}$"},
    read=_ward_named,
    concerns=_of_wards,
)
FLAG = Field(
    check=_form(_FLAG_ID, "records.no-flag-id"),
    schema={"pattern": f"^{_FLAG_ID.pattern}$"},
    concerns=lambda value, duties: Concerned(duties.of_flag(value), all_needed=False),
)

Day = Annotated[date, DAY]
UnitsDay = Annotated[date, Field(check=check_units_day)]
"""A day on which the wards of today were there."""
SiteId = Annotated[str, SITE]
WardCode = Annotated[str, WARD]
FlagId = Annotated[str, FLAG]
Id = Annotated[str, Field(check=_form(ID, "records.no-programme-id"), schema={"pattern": f"^{ID.pattern}$"})]
"""An id of a programme file."""
Document = Annotated[str, text()]
Office = Annotated[str, text(own_office=True)]
Note = Annotated[str, text(MAX_NOTE, required=False)]
