"""Days, moments and figures as they may be sent: as the OpenAPI document says, and nothing that merely looks like them.

Without these, `0` is 1 January 1970, `0.5` a moment of that day, and `false` the figure 0.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from geo.i18n.message import Message
from geo.importing.cells import CellError, as_degrees
from geo.records.model.vocabulary import vocabulary

_DAY = re.compile(r"(?a)\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(?a)\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

_NUMBER = r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,3})?"


def _day(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise _refused("records.no-day")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and not _MOMENT.fullmatch(value)):
        raise _refused("records.no-moment")
    return value


def _within_time(value: datetime) -> datetime:
    """At the edges of time no zone can be added or taken away."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise _refused("records.no-moment")
    return value


def _refused(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, str(Message(code)))


def _degrees(value: Any) -> Any:
    """Degrees with minutes are a number too; what is none is left to the type to refuse."""
    if not isinstance(value, str) or not re.search("[°º˚]", value):
        return value
    try:
        return as_degrees(value)
    except CellError:
        return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, written `2026-06-01`."""
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_within_time)]
"""A moment as RFC 3339 writes it; whether it needs a zone is for the route to say."""
Figure = Annotated[float, Field(strict=True)]
"""A JSON number; neither a text nor `true` is one."""
Degrees = Annotated[float, BeforeValidator(_degrees), Field(allow_inf_nan=False)]
"""Degrees in a query: `105.8353`, or with minutes and seconds as receivers show them: `105°50.12'E`."""
Number = Annotated[int, Field(ge=1, le=2**62, strict=True)]
"""The number of a row."""
Flag = Annotated[bool, Field(strict=True)]
"""`true` or `false`."""


def term(group: str) -> Any:
    """A field that takes a term of a group of the vocabulary."""

    def describe(schema: dict[str, Any]) -> None:
        schema["enum"] = [term.id for term in vocabulary().terms(group)]

    return Field(max_length=LONGEST_TEXT, json_schema_extra=describe)


def _chosen(group: str) -> Any:
    """A term of a group of the vocabulary in a query."""

    def known() -> list[str]:
        return [term.id for term in vocabulary().terms(group)]

    def check(value: str) -> str:
        if value not in known():
            expected = " or ".join(f"'{one}'" for one in known())
            raise PydanticCustomError("enum", "Input should be {expected}", {"expected": expected})
        return value

    def describe(schema: dict[str, Any]) -> None:
        schema["enum"] = known()

    return Annotated[str, AfterValidator(check), Field(json_schema_extra=describe)]


LONGEST_TEXT = 200
"""Characters of a text for which no other limit stands in its kind."""
BOX_PATTERN = rf"^ *{_NUMBER} *(?:, *{_NUMBER} *){{3}}(?:(?:, *{_NUMBER} *){{2}})?$"
"""Four numbers, or six."""
Level = _chosen("level")
"""A level of a site, of whichever programme."""
Group = _chosen("group")
"""A part of a list of sites, of whichever programme."""
Phase = _chosen("phase")
"""A phase of a ward, of whichever programme."""
ReportKind = _chosen("kind")
"""A kind of report."""
