"""Figures, names and lists as sentences hold them, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_UNITS = {"xã": "commune", "phường": "ward", "đặc khu": "special zone"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same words in Vietnamese (`vi`) and in English (`en`)."""

    vi: str
    en: str


def number(value: float, decimals: int = 0) -> Phrase:
    """A figure with its thousands marked.

    >>> number(1234.56, 1)
    Phrase(vi='1.234,6', en='1,234.6')
    """
    text = f"{value:,.{decimals}f}"
    return Phrase(text.translate(str.maketrans(",.", ".,")), text)


def percent(share: float) -> Phrase:
    """A share from 0 to 1 in whole percent; what is neither none nor all is not rounded to either.

    >>> percent(0.938), percent(0.9999).en, percent(0.0001).en
    (Phrase(vi='94 %', en='94 %'), '99 %', '1 %')
    """
    whole = round(share * 100)
    if 0.0 < share < 1.0 - 1e-9:
        whole = min(max(whole, 1), 99)
    return Phrase(f"{whole} %", f"{whole} %")


def expected(value: float) -> Phrase:
    """An expected count: one decimal, or 'under 0.1'.

    >>> expected(1.46), expected(0.02).vi
    (Phrase(vi='1,5', en='1.5'), 'chưa đến 0,1')
    """
    return Phrase("chưa đến 0,1", "under 0.1") if value < 0.095 else number(value, 1)


def chance(p: float) -> Phrase:
    """A probability in percent: 'at most 0.1 %' (what 999 simulations can tell), a decimal below 10 %, whole above.

    >>> chance(0.012), chance(0.0004).en, chance(0.234).vi
    (Phrase(vi='1,2 %', en='1.2 %'), 'at most 0.1 %', '23 %')
    """
    if p <= 0.001:
        return Phrase("không quá 0,1 %", "at most 0.1 %")
    figure = number(p * 100, 1 if p < 0.1 else 0)
    return Phrase(f"{figure.vi} %", f"{figure.en} %")


def day_text(day: date) -> Phrase:
    """A date.

    >>> day_text(date(2026, 1, 7))
    Phrase(vi='07/01/2026', en='7 January 2026')
    """
    return Phrase(f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}")


def unit(kind: str, name: str) -> Phrase:
    """A ward in the middle of a sentence.

    >>> unit("xã", "Hoài Đức")
    Phrase(vi='xã Hoài Đức', en='Hoài Đức commune')
    """
    return Phrase(f"{kind} {name}", f"{name} {_UNITS.get(kind, 'ward')}")


def listed(items: Sequence[Phrase]) -> Phrase:
    """One or more phrases as a list, the last after 'and'.

    >>> listed([Phrase("a", "a"), Phrase("b", "b"), Phrase("c", "c")])
    Phrase(vi='a, b và c', en='a, b and c')
    """
    return Phrase(_joined([i.vi for i in items], "và"), _joined([i.en for i in items], "and"))


def _joined(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
