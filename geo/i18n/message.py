"""A message: a code and what differs each time; worded in a language when somebody reads it.

>>> Message("place.row", file="sites.csv", row=1234).en
'sites.csv: row 1234'
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from numbers import Integral, Real
from typing import Any, Protocol, runtime_checkable

from geo.i18n.catalogue import find
from geo.i18n.formats import NOTHING, Formats, formats
from geo.i18n.language import Lang, current

_LONGEST_LITERAL = 80


@runtime_checkable
class Bilingual(Protocol):
    """Anything with a Vietnamese and an English text: messages, labels of the theme, terms of the vocabulary."""

    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Vietnamese (`vi`) and in English (`en`), where a catalogue would be too much.

    `id` is what programs call it, where it has a name for them.
    """

    vi: str
    en: str
    id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FileValue:
    """A value of a file as JSON writes it, so that a text and a number differ; programs get the value itself."""

    value: Any

    def __str__(self) -> str:
        text = json.dumps(jsonable(self.value), ensure_ascii=False)
        return text if len(text) <= _LONGEST_LITERAL else f"{text[:_LONGEST_LITERAL]}…"


class Message:
    """A code of the catalogues with its parameters; equal where both are.

    Parameters may be texts (shown as they are), numbers, days, moments, messages, bilingual labels, and lists of these
    (joined by commas). `{name}` of a text writes each as the language does; `{name:length}` and `{name:fixed.1}` name
    a method of `Formats` and the decimals, `{name:plain}` leaves a number that is a name or a year as it is,
    `{name:clauses}` joins a list by semicolons. Where a text has plural forms, the parameter `count` chooses among
    them.
    """

    __slots__ = ("code", "parameters")

    def __init__(self, code: str, /, **parameters: Any) -> None:
        self.code = code
        self.parameters: Mapping[str, Any] = parameters

    def text(self, lang: Lang | None = None) -> str:
        """The message in a language, that of the context if none is given."""
        return worded(self.code, self.parameters, lang or current())

    @property
    def vi(self) -> str:
        """The message in Vietnamese."""
        return self.text("vi")

    @property
    def en(self) -> str:
        """The message in English."""
        return self.text("en")

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return "".join([f"Message({self.code!r}", *(f", {k}={v!r}" for k, v in self.parameters.items()), ")"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.code, self.parameters) == (other.code, other.parameters)

    def __hash__(self) -> int:
        return hash((self.code, tuple(map(str, self.parameters))))


def listed(items: Iterable[Any]) -> Any:
    """Items as a list within a sentence, the last after 'and'; a single one as it is.

    >>> str(listed(["a", "b", "c"])), listed(["a"])
    ('a, b and c', 'a')
    """
    return _joined("common.and", list(items))


def either(items: Iterable[Any]) -> Any:
    """As `listed`, the last after 'or'.

    >>> str(either(["a", "b", "c"]))
    'a, b or c'
    """
    return _joined("common.or", list(items))


def _joined(code: str, items: list[Any]) -> Any:
    if len(items) < 2:
        return items[0] if items else ""
    return Message(code, first=items[:-1], last=items[-1])


def quoted(items: Iterable[Any]) -> list[Message]:
    """Each item in quotation marks.

    >>> print(*quoted(["Láng", "Láng Hạ"]))
    'Láng' 'Láng Hạ'
    """
    return [Message("common.quoted", text=item) for item in items]


def worded(code: str, parameters: Mapping[str, Any], lang: Lang) -> str:
    """The text of a code in a language; the code with its parameters where the catalogues lack it.

    What goes wrong while wording must not hide what the message is about: a parameter that is missing stays a
    placeholder.

    >>> worded("nothing.of-the-kind", {"n": 1}, "en")
    "nothing.of-the-kind {'n': 1}"
    """
    text = find(lang, code, parameters.get("count"))
    if text is None:
        return f"{code} {dict(parameters)}" if parameters else code
    return text.format_map(_Values({name: _Value(value, lang) for name, value in parameters.items()}))


def shown(value: Any, lang: Lang) -> str:
    """A value of a message as a language writes it.

    >>> shown([1234.5, date(2026, 1, 7), None, "Láng"], "vi")
    '1.234,5, 07/01/2026, –, Láng'
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(part, lang) for part in value)
    if value is None or isinstance(value, Real | date):
        return _figure(value, formats(lang))
    if isinstance(value, Bilingual):
        return value.vi if lang == "vi" else value.en or value.vi
    return str(value)


def jsonable(value: Any) -> Any:
    """A value of a message as JSON holds it: messages by code and parameters, terms by id, days in ISO form.

    >>> jsonable({"day": date(2026, 1, 7), "what": Message("common.quoted", text="Láng")})
    {'day': '2026-01-07', 'what': {'code': 'common.quoted', 'parameters': {'text': 'Láng'}}}
    """
    if isinstance(value, FileValue):
        value = value.value
    if isinstance(value, Message):
        value = {"code": value.code, "parameters": value.parameters}
    if isinstance(value, Mapping):
        return {str(name): jsonable(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    return _json_figure(value) if isinstance(value, Real) else _json_text(value)


def _json_figure(value: Real) -> int | float | str | None:
    if isinstance(value, Integral):
        # What a client sent may be larger than JSON numbers of 64 bits; as a text it stays what it is.
        return int(value) if abs(int(value)) < 2**63 else str(value)
    return float(value) if isfinite(value) else None


def _json_text(value: Any) -> str | dict[str, str]:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Bilingual) and not getattr(value, "id", ""):
        return {"vi": value.vi, "en": value.en}
    return str(getattr(value, "id", value))


def _figure(value: Any, written: Formats) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return written.moment(value)
    if isinstance(value, date):
        return written.day(value)
    return str(value) if isinstance(value, bool) else written.number(float(value), 2)


class _Value:
    """A value at its place in a text; what stands after the colon there says how it is written."""

    __slots__ = ("_lang", "_value")

    def __init__(self, value: Any, lang: Lang) -> None:
        self._value = value
        self._lang = lang

    def __format__(self, spec: str) -> str:
        if not spec:
            return shown(self._value, self._lang)
        if spec == "plain":
            return str(self._value)
        if spec == "clauses":
            return "; ".join(shown(part, self._lang) for part in self._value)
        name, _, decimals = spec.partition(".")
        written = getattr(formats(self._lang), name)
        return str(written(self._value, int(decimals)) if decimals else written(self._value))


class _Values(dict[str, _Value]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
