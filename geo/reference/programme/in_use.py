"""The terms of all programmes of a service: read off their files, whatever else these hold."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.programme.terms import (
    NO_TERMS,
    SHIPPED,
    SHIPPED_ACTIVE,
    Level,
    ReportTerm,
    Term,
    Terms,
    terms_of,
)
from geo.reference.programme.terms_schema import term_problems


def terms_in_use() -> tuple[tuple[str, Terms], ...]:
    """The id of each programme that has terms of its own, with them, by file.

    Raises
    ------
    InputError
        A programme file is no TOML, or its terms are not as the schema asks.
    """
    files = (file for file in settings.register_files() if file.suffix == ".toml")
    read = ((file.stem, _terms(file, file.stat().st_mtime_ns)) for file in files)
    return tuple((id, terms) for id, terms in read if terms != NO_TERMS)


@lru_cache(maxsize=256)
def _terms(file: Path, _changed: int) -> Terms:
    content = read_bytes(file)
    if b"terms" not in content:  # most have none, and reading TOML takes its time
        return NO_TERMS
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(Problem("reference.not-toml", file.name, reason=str(error))) from error
    found = list(term_problems(data, file.name))
    if found:
        raise InputError(found)
    return terms_of(data.get("terms", {}))


def own_terms(group: str) -> dict[str, Term]:
    """The terms that the programmes of all cities add to a group of the vocabulary, by id.

    Raises
    ------
    InputError
        A programme file is broken, or two of them give one id other words.
    """
    found: dict[str, Term] = {}
    for id, terms in terms_in_use():
        for term in terms.of(group):
            if found.setdefault(term.id, term) != term:
                raise InputError(Problem("reference.term-twice", f"{id}: terms.{group}", id=term.id))
    return found


def clashes(programme: str, terms: Terms) -> list[Problem]:
    """The terms to which another programme of the service, or the data set, gives other words."""
    others = [other for id, other in terms_in_use() if id != programme]
    return [
        Problem("reference.term-twice", f"{programme}: terms.{group} {term.id}", id=term.id)
        for group in ("level", "group", "phase", "kind", "channel")
        for term in terms.of(group)
        if term.id in SHIPPED.get(group, ())
        or any(one.id == term.id and one != term for other in others for one in other.of(group))
    ]


def own_levels() -> list[Level]:
    """The levels that programmes add to those of the data set."""
    return [term for term in own_terms("level").values() if isinstance(term, Level)]


def active_levels() -> tuple[str, ...]:
    """The levels of all programmes at which something goes on."""
    return (*SHIPPED_ACTIVE, *(level.id for level in own_levels() if level.active))


def signs(group: str) -> frozenset[str]:
    """The kinds or channels that programmes add and that say that something goes on at a place."""
    return frozenset(term.id for term in own_terms(group).values() if isinstance(term, ReportTerm) and term.sign)


def is_known(group: str, id: object) -> bool:
    """Whether a level, a group or a phase is one of some programme of the service."""
    return isinstance(id, str) and (id in SHIPPED[group] or id in own_terms(group))


def known_ids(group: str) -> list[str]:
    """The levels, groups or phases of all programmes of the service."""
    return [*SHIPPED[group], *own_terms(group)]


def ranks(group: str) -> dict[str, tuple[int, int]]:
    """The place of each level or phase in the order of its programme, the first 0, and how many there are."""
    orders = [SHIPPED[group], *(terms.ids(group) for _, terms in terms_in_use())]
    return {id: (rank, len(order)) for order in orders for rank, id in enumerate(order)}
