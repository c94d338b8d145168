"""The filters of an items request: what somebody wrote, as the type of the property reads it, or what is wrong with it.

A value that no item can have would get an answer without items and look like one: it is refused, with what is allowed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.ogc.layers import Type
from geo.errors import Problem

_DAY = re.compile(r"(?a)\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"(?a)[+-]?\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?")
_WHOLE = re.compile(r"(?a)[+-]?\d{1,18}")
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Filter:
    """Items whose property is `value`; None stands for those that have none. In a list, one of its entries is it."""

    name: str
    value: Any

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether an item is meant."""
        found = row[self.name]
        if isinstance(found, list | tuple):
            return self.value in found if found else self.value is None
        return bool(found in (None, "")) if self.value is None else bool(found == self.value)


def parsed(name: str, text: str, about: Type) -> Filter | Problem:
    """The filter that a text is, by the JSON Schema of its property; an empty text asks for items without a value."""
    about = about["items"] if about["type"] == "array" else about
    if text == "":
        return Filter(name, None)
    code, read = _READERS[about.get("format") or about["type"]]
    value = read(text)
    given = {"text": text[:60]}
    if value is None:
        return Problem(code, name, **given)
    if "minimum" in about and value < about["minimum"]:
        return Problem("service.filter-too-small", name, **given, least=about["minimum"])
    if "enum" in about and value not in about["enum"]:
        return Problem("service.filter-no-choice", name, **given, offered=tuple(about["enum"]))
    if "pattern" in about and not re.search(about["pattern"], text):
        return Problem("service.filter-no-form", name, **given, pattern=about["pattern"])
    return Filter(name, value)


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _moment(text: str) -> str | None:
    try:
        return text if datetime.fromisoformat(text).tzinfo else None
    except ValueError:
        return None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "string": ("service.filter-no-form", str),
    "number": ("service.filter-no-number", _number),
    "integer": ("service.filter-no-whole-number", _whole),
    "boolean": ("service.filter-no-truth", _TRUTH.get),
    "date": ("service.filter-no-day", _day),
    "date-time": ("service.filter-no-moment", _moment),
}
"""What reads a text, by the format or the type of the property, and what is wrong where it finds nothing."""
