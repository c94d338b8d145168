"""The numbers of the rows of lists: one that is printed twice, or is not the one that comes next, is looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from geo.i18n.message import Message
from geo.importing.plans.understood import PlanSite

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LAST = re.compile(r"^(.*?)(\d{1,3})$")


class Place(NamedTuple):
    """Where a row stands: in which part of which list (a table, or what is below a heading), and its printed number."""

    part: int
    number: str


@dataclass(slots=True)
class _Count:
    """How far the rows of a part were counted: the next number, and how many rows without one were passed."""

    expected: int
    blanks: int = 0

    def meets(self, number: int) -> bool:
        """Whether a number may come next; the count goes on either way, so that what is shifted stays doubtful."""
        fits = number in (self.expected, self.expected + self.blanks)
        self.expected = (number if fits else self.expected) + 1
        self.blanks = 0 if fits else self.blanks
        return fits


def numbered(sites: Sequence[PlanSite], places: Sequence[Place]) -> list[PlanSite]:
    """The sites, those of several lists that begin anew with the number of the list before theirs; rows whose numbers
    cannot be right as they are printed are to look at.

    `places` has one for each site.
    """
    doubts = _doubts(places)
    looked = [_doubted(site, doubt) for site, doubt in zip(sites, doubts, strict=True)]
    return _distinct(looked, places)


def _doubted(site: PlanSite, doubt: Message | None) -> PlanSite:
    if doubt is None:
        return site
    return replace(site, certainty="look", reasons=(*site.reasons, doubt))


def _doubts(places: Sequence[Place]) -> list[Message | None]:
    found: list[Message | None] = []
    last = 0
    for _, group in groupby(places, key=_part):
        numbers = [_own(place.number) for place in group]
        found += _of_part(numbers, last)
        last = next((number for number in reversed(numbers) if number is not None), last)
    return found


def _of_part(numbers: Sequence[int | None], before: int) -> Iterator[Message | None]:
    """What is doubtful of the numbers of a part; they begin at 1, or go on with those before."""
    times = Counter(numbers)
    first = next((number for number in numbers if number is not None), 1)
    count = _Count(first if first == before + 1 else 1)
    for number in numbers:
        if number is None:
            count.blanks += 1
            yield None
            continue
        expected = count.expected
        fits = count.meets(number)
        if times[number] > 1:
            yield Message("importing.plan-number-twice", number=str(number))
        else:
            yield None if fits else Message("importing.plan-number-shifted", number=str(number), expected=str(expected))


def _part(place: Place) -> tuple[int, str]:
    found = _LAST.match(place.number)
    return place.part, found[1] if found else ""


def _own(number: str) -> int | None:
    found = _LAST.match(number)
    return int(found[2]) if found else None


def _distinct(sites: list[PlanSite], places: Sequence[Place]) -> list[PlanSite]:
    """Sites whose numbers are the same because lists begin anew: the lists are numbered too."""
    numbers = [site.number for site in sites if site.standing not in ("cleared", "other")]
    lists = _lists(places)
    if len(set(numbers)) == len(numbers) or any("." in number for number in numbers) or not lists or lists[-1] == 1:
        return sites
    return [
        replace(site, number=f"{_ROMAN[min(at, len(_ROMAN)) - 1]}.{site.number}") if site.number else site
        for site, at in zip(sites, lists, strict=True)
    ]


def _lists(places: Sequence[Place]) -> list[int]:
    """Of which list each row is: one begins with a part whose first number is 1."""
    lists: list[int] = []
    for _, group in groupby(places, key=lambda place: place.part):
        rows = list(group)
        begins = next((own for own in (_own(place.number) for place in rows) if own is not None), 1) == 1
        lists += [(lists[-1] if lists else 0) + (begins or not lists)] * len(rows)
    return lists
