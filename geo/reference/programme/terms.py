"""The words of a programme: what its list is about, how its places are graded, grouped and phased, what is reported.

They stand in `[words]` and `[[terms.…]]` of a programme file. A programme without terms of a group has those of
`data/vocabulary.toml`. A term's id is what records hold, so over all programmes of a service it means one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "level": ("complex", "active", "low", "inactive"),
    "group": ("establishment", "public"),
    "phase": ("pilot", "expansion"),
}
"""The terms of a programme that has none of its own; their words stand in `data/vocabulary.toml`."""
SHIPPED_ACTIVE = ("complex", "active")
"""Those levels among them at which something goes on."""
NOT_COVERED = "none"
"""The phase of a ward that takes no part in a programme."""


@dataclass(frozen=True, slots=True)
class Label:
    """The same words in Vietnamese and English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term: the `id` that records hold, its words, and what `also` means it in a file."""

    id: str
    vi: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level(Term):
    """How grave a place is (*mức độ*); levels stand in their order, the gravest first.

    `active`: whether something goes on there; `points` and `handover`: what it is worth in exposure, by itself and for
    two years after the place was handed over (`data/risk.toml`); `colour`: of its line, `#rrggbb`, '' for that of its
    rank.
    """

    active: bool = False
    points: float = 0.0
    handover: float = 0.0
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Group(Term):
    """A part of the list (*nhóm*); `number` stands in the ids of its sites: `DN-II-3` for `II`."""

    number: str = ""


@dataclass(frozen=True, slots=True)
class Phase(Term):
    """A phase (*giai đoạn*) in which a ward takes part in the programme; `colour` is that of its area, or ''."""

    colour: str = ""


@dataclass(frozen=True, slots=True)
class ReportTerm(Term):
    """A kind or channel of report; `sign`: whether such a report says that something goes on at a place."""

    sign: bool = True


@dataclass(frozen=True, slots=True)
class Wording:
    """What sentences and headings call the matter, a place of the list, and the list; () where nothing is said."""

    problem: Label | None = None
    site: Label | None = None
    sites: Label | None = None
    rule_reactivation: Label | None = None


Office = tuple[tuple[str, str | tuple[str, ...]], ...]
"""What a programme says of the office that issues its papers, as `data/offices.toml` has it: key, text or texts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a programme by group, each in its order; an empty group is that of the data set."""

    level: tuple[Level, ...] = ()
    group: tuple[Group, ...] = ()
    phase: tuple[Phase, ...] = ()
    kind: tuple[ReportTerm, ...] = ()
    channel: tuple[ReportTerm, ...] = ()

    def of(self, group: str) -> tuple[Term, ...]:
        """The programme's own terms of a group of the vocabulary; () for a group of which it has none."""
        found: tuple[Term, ...] = getattr(self, group, ())
        return found

    def ids(self, group: str) -> tuple[str, ...]:
        """Their ids."""
        return tuple(term.id for term in self.of(group))


NO_TERMS = Terms()
NO_WORDS = Wording()
TERM_TYPES: Mapping[str, type[Term]] = {
    "level": Level,
    "group": Group,
    "phase": Phase,
    "kind": ReportTerm,
    "channel": ReportTerm,
}
WORDS = tuple(field.name for field in fields(Wording))


def terms_of(table: Mapping[str, Any]) -> Terms:
    """The terms of the table `[terms]` of a programme file in which nothing is wrong."""
    return Terms(**{name: tuple(_term(TERM_TYPES[name], row) for row in rows) for name, rows in table.items()})


def words_of(table: Mapping[str, Any]) -> Wording:
    """The words of the table `[words]` of a programme file."""
    return Wording(**{name: Label(*pair) for name, pair in table.items()})


def office_of(table: Mapping[str, Any]) -> Office:
    """The office of the table `[office]` of a programme file."""
    return tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in table.items())


def _term(made: type[Any], row: Mapping[str, Any]) -> Any:
    return made(**{**row, "also": tuple(row.get("also", ()))})
