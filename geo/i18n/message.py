"""A message: a code and what differs each time; worded in a language when somebody reads it.

>>> str(Message("place.row", row=1234))
'row 1,234'
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from geo.i18n.catalogue import find
from geo.i18n.formats import Formats, formats
from geo.i18n.language import Lang, current


@runtime_checkable
class Bilingual(Protocol):
    """Anything with a Vietnamese and an English text: labels of the theme, terms of the vocabulary."""

    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


class Message:
    """A code of the catalogues with its parameters; equal where both are.

    Parameters may be texts (shown as they are), whole and other numbers, days, moments, messages, bilingual labels, and
    lists of these (joined by commas); each is written as the language writes it.
    """

    __slots__ = ("code", "parameters")

    def __init__(self, code: str, /, **parameters: Any) -> None:
        self.code = code
        self.parameters: Mapping[str, Any] = parameters

    def text(self, lang: Lang | None = None) -> str:
        """The message in a language, that of the context if none is given."""
        return worded(self.code, self.parameters, lang or current())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Message({self.code!r}, {', '.join(f'{k}={v!r}' for k, v in self.parameters.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.code, self.parameters) == (other.code, other.parameters)

    def __hash__(self) -> int:
        return hash((self.code, tuple(map(str, self.parameters.values()))))


def worded(code: str, parameters: Mapping[str, Any], lang: Lang) -> str:
    """The text of a code in a language; the code with its parameters where the catalogues lack it."""
    text = find(lang, code)
    if text is None:
        return f"{code} {dict(parameters)}" if parameters else code
    return text.format_map({name: shown(value, lang) for name, value in parameters.items()})


def shown(value: Any, lang: Lang) -> str:
    """A value of a message as a language writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, Bilingual):
        return value.vi if lang == "vi" else value.en or value.vi
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(part, lang) for part in value)
    return _figure(value, formats(lang))


def _figure(value: Any, written: Formats) -> str:
    if isinstance(value, datetime):
        return written.moment(value)
    if isinstance(value, date):
        return written.day(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return written.number(value, 2)
