"""Vietnamese for problems that still are English sentences, by patterns; `problem_texts` alone uses it.

The catalogue `refusals.vi.po` holds those sentences with `{name}` for what differs each time; one that it lacks is
shown as it is. Once every problem has a code, this file and that catalogue go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from geo.records.model.vocabulary import vocabulary

_PLACE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording: the expression that it matches, and its translation with the same names in braces."""

    expression: re.Pattern[str]
    translation: str


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
    """What stands at a place of a pattern; terms that are offered to choose from are shown by their labels."""
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
