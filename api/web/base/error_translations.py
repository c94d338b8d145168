"""Refusals in Vietnamese: the wording of problems, matched against the patterns of the catalogue.

A problem is worded once, in English, where it is found. The catalogue `refusals.vi.po` holds those wordings with
`{name}` for what differs each time; a wording that it lacks is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from geo.errors import Problem
from geo.i18n.language import Lang
from geo.records.model.vocabulary import vocabulary

_PLACE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording: the expression that it matches, and its translation with the same names in braces."""

    expression: re.Pattern[str]
    translation: str


def translated(problem: Problem, lang: Lang) -> Problem:
    """The problem in a language, part by part, as far as the catalogue goes."""
    what, where, remedy = problem.in_language(lang)
    if lang != "vi":
        return Problem(what, where, remedy)
    return Problem(phrase(what), phrase(where), phrase(remedy))


def phrase(text: str) -> str:
    """One text in Vietnamese; the text itself where the catalogue lacks it."""
    for pattern in patterns():
        found = pattern.expression.fullmatch(text)
        if found:
            return pattern.translation.format_map(
                {name: _named(name, part) for name, part in found.groupdict().items()}
            )
    return text


def _named(name: str, part: str) -> str:
    """What stands at a place of a pattern; terms that are offered to choose from are told by their labels."""
    if name != "options":
        return part
    labels = {term.id: term.vi for group in vocabulary().groups.values() for term in group.values()}
    return ", ".join(labels.get(option, option) for option in part.split(", "))


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns of the catalogue, the longest first, so that the most exact one counts."""
    with (Path(__file__).parents[1] / "locale" / "refusals.vi.po").open("rb") as file:
        catalogue = read_po(file, locale="vi")
    pairs = sorted(((str(entry.id), str(entry.string)) for entry in catalogue if entry.id), key=lambda p: -len(p[0]))
    return tuple(Pattern(_expression(english), vietnamese) for english, vietnamese in pairs)


def _expression(english: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)
