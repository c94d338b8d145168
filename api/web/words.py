"""The words of the pages: Babel catalogues in Vietnamese and English, figures and days as each language writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geo.errors import Problem
from geo.records.settled import VIET_NAM_TIME

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")
DEFAULT: Lang = "vi"
FOLDER = Path(__file__).with_name("locale")
_DAY = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_NO_BREAK = "\N{NO-BREAK SPACE}"


class Bilingual(Protocol):
    """Anything with a Vietnamese and an English text: labels of the theme, terms of the vocabulary."""

    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """One language (`lang`): `texts` by key, and how it writes figures and days."""

    lang: Lang
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """The text of a key, its `{places}` filled in; a key that the catalogue lacks is a `KeyError`."""
        text = self.texts[key]
        return text.format_map(values) if values else text

    def pick(self, words: Bilingual) -> str:
        """The text of a bilingual label in this language; the Vietnamese one where there is no other."""
        return words.vi if self.lang == "vi" else words.en or words.vi

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A figure with its thousands apart and at most so many decimals; '–' where there is none."""
        if value is None or not math.isfinite(value):
            return self.text("figure.none")
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
        return str(format_decimal(round(float(value), decimals), format=pattern, locale=self.lang))

    def metres(self, length: float) -> str:
        """A length in whole metres."""
        return f"{self.number(length)}{_NO_BREAK}m"

    def percent(self, share: float) -> str:
        """A share (0 to 1) in per cent, with a decimal."""
        figure = format_decimal(round(share * 100, 1), format="#,##0.0", locale=self.lang)
        return f"{figure}{_NO_BREAK}%"

    def day(self, value: object) -> str:
        """A day (date, or text that begins with an ISO date); '–' where there is none."""
        if value is None or value != value:
            return self.text("figure.none")
        day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
        return str(format_date(day, format=_DAY[self.lang], locale=self.lang))

    def moment(self, value: datetime) -> str:
        """A moment by the clock of Việt Nam."""
        local = value.astimezone(VIET_NAM_TIME)
        return f"{self.day(local.date())} {local:%H:%M}"

    def problem(self, problem: Problem) -> Problem:
        """A problem in this language, as far as the catalogue knows its wording (`api.web.refusals`)."""
        from api.web.refusals import translated

        return translated(problem) if self.lang == "vi" else problem


@cache
def words(lang: Lang) -> Words:
    """The words of a language; the catalogue is read once.

    Raises
    ------
    FileNotFoundError
        The catalogue did not come with the package.
    """
    with (FOLDER / f"{lang}.po").open("rb") as file:
        catalogue = read_po(file, locale=lang)
    return Words(lang, {str(entry.id): _text(entry.string) for entry in catalogue if entry.id and not entry.context})


def chosen(query: str | None, cookie: str | None) -> Lang:
    """The language that a request asks for: by its address, else as chosen before, else Vietnamese."""
    for wish in (query, cookie):
        for lang in LANGS:
            if wish == lang:
                return lang
    return DEFAULT


def _text(string: Any) -> str:
    return string if isinstance(string, str) else str(string[0])
