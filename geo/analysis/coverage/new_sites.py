"""Where an indicator asks that no new sites arise (*không để phát sinh điểm mới*): the places that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geo.reference.programmes import Period, Programme, Target

LISTED = "new_sites"
"""What a target says in `lists` if places answer it."""
Origin = Literal["new", "returned", "candidate"]


@dataclass(frozen=True, slots=True)
class NewSite:
    """A place that came into the register on a `day`, or that a flag names since then as one that may (`candidate`).

    `id` of the site, or of the flag; `place`: the plan's words for its ends, '' where there are none; `wards`: code and
    name of those that it lies in, the most of it first; `document`: by which it came in, '' for a candidate.
    """

    origin: Origin
    id: str
    name: str
    day: date
    place: str
    wards: tuple[tuple[str, str], ...]
    document: str


@dataclass(frozen=True, slots=True)
class NewSites:
    """The places that answer a target: `sites` of the register and `candidates`, None where these are hidden
    or there are no reports that they follow from.

    All that came in from the day `since`, on which the plan was issued, up to and on `until`; what the plan itself adds
    to the one before it is among them.
    """

    target: str
    period: Period
    since: date
    until: date
    sites: tuple[NewSite, ...]
    candidates: tuple[NewSite, ...] | None = None

    @property
    def counted(self) -> int:
        """How many sites came in within the period: the number that a report on it is compared with."""
        return sum(site.day >= self.period.first_day for site in self.sites)


def listing_target(programme: Programme) -> Target | None:
    """The target of a programme that is answered by places; None where it has none."""
    return next((target for target in programme.targets if target.lists == LISTED), None)
