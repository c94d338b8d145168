"""Which province or city a plan is of, by its own words; and what is said where that is another one than the chosen
one, or several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from geo.i18n.message import Message, Words, listed
from geo.importing.plans.understood import Named
from geo.importing.plans.words.plain_words import words_of
from geo.reference.cities import City, cities
from geo.reference.cities import city as city_named
from geo.reference.provinces import provinces

COMMITTEE = re.compile(r"(?:ủy|uỷ) ban nhân dân|ubnd", re.I)
PLACE_AND_DAY = re.compile(
    r"^\W*[\w\s.]{2,30},\s*ngày\s+(\d{1,2})\s*(?:\s+tháng\s+|[/.-]\s*)(\d{1,2})\s*(?:\s+năm\s+|[/.-]\s*)(\d{4})\W*$",
    re.I,
)
_KINDS = "(?:thanh pho|tinh|tp)"


def provinces_named(head: Sequence[str], lines: Sequence[str]) -> tuple[Named, ...]:
    """The provinces that a plan may be of: those of the first line of its letterhead (`head`) that names one; without
    such a line that which it names most by far, else all that it names as often.

    A place and day, or a committee with the line below it, is such a line.
    """
    for at, line in enumerate(head):
        own = " ".join([line, *head[at + 1 : at + 2]]) if words_of(line).endswith("uy ban nhan dan") else line
        is_head = PLACE_AND_DAY.search(line) or (COMMITTEE.search(line) and len(line) < 80)
        if is_head and (found := _named(words_of(own))):
            return found
    return _most_named(words_of(" ".join(lines)))


def city_of(named: Sequence[Named]) -> City | None:
    """The city of the data set that is the one province which is named; None where it is none, or several are."""
    if len(named) != 1:
        return None
    return next((city for city in cities() if city.province_code == named[0].code), None)


def said_of_city(named: Sequence[Named], chosen: str) -> Iterator[Message]:
    """That a plan is of another province than the chosen city, or that its letterhead names several."""
    codes = [one.code for one in named]
    own = city_named(chosen) if chosen else None
    if own is not None and named and own.province_code not in codes:
        other = Words(own.name, own.name_en, own.slug)
        yield Message("importing.plan-other-city", city=_names(named), chosen=other)
    elif len(named) > 1:
        yield Message("importing.plan-several-cities", cities=_names(named))


def _names(named: Sequence[Named]) -> Message | Words:
    words = [Words(one.name, one.name_en, one.slug) for one in named]
    return words[0] if len(words) == 1 else listed(words)


def _named(words: str) -> tuple[Named, ...]:
    return tuple(one for one in _all() if re.search(rf"\b{words_of(one.name)}\b", words))


def _all() -> tuple[Named, ...]:
    country = [Named(one.code, one.slug, one.name, one.name_en) for one in provinces()]
    known = {one.code for one in country}
    own = [Named(one.province_code, one.slug, one.name, one.name_en) for one in cities()]
    return (*country, *(one for one in own if one.code not in known))


def _most_named(words: str) -> tuple[Named, ...]:
    counts = Counter({one: len(re.findall(rf"\b{_KINDS} {words_of(one.name)}\b", words)) for one in _all()})
    found = [(one, count) for one, count in counts.most_common() if count]
    if not found:
        return ()
    most = found[0][1]
    return tuple(one for one, count in found if 2 * count >= most)
