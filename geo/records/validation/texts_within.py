"""The texts inside what JSON holds, each with its place, and those among them that are about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.errors import Problem
from geo.records.validation.entry_checks import Fault
from geo.records.validation.privacy import screen


def texts_within(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value of JSON with where it stands: `indicators.3.text`, a thing of a list by its own number.

    >>> list(texts_within({"indicators": [{"number": "1.1", "text": "Không phát sinh điểm mới"}]}))[-1]
    ('indicators.1.1.text', 'Không phát sinh điểm mới')
    """
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts_within(part, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, 1):
            yield from texts_within(part, f"{place}.{_number(part) or number}".lstrip("."))


def private_faults(field: str, value: Any) -> Iterator[Fault]:
    """What is about a person in the texts of a value that a field of an entry holds."""
    seen: set[tuple[str, str]] = set()
    for place, text in texts_within(value):
        for code in screen(text):
            if (code, text) not in seen:  # a programme repeats an indicator as it was read
                seen.add((code, text))
                yield Fault(field, Problem(code, f"{field}: {place}"), private=True)


def _number(value: Any) -> str:
    found = value.get("number") or value.get("id") if isinstance(value, dict) else ""
    return str(found or "")
