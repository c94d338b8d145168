"""The terms that records may use: kinds, channels, levels, conclusions, roles.

They are those of `data/vocabulary.toml` and what programmes add (`geo.reference.programme.terms`).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.records.model.errors import UnknownTermError
from geo.reference.cities import City, cities
from geo.reference.names import fold, plain, suggest
from geo.reference.programme.in_use import terms_in_use
from geo.reference.programme.terms import NO_TERMS, NOT_COVERED, Terms
from geo.reference.programme.terms import Term as OwnTerm
from geo.reference.programmes import Programme

GROUPS = (
    *("level", "group", "phase", "kind", "channel", "outcome", "conclusion", "flag_event", "flag_result"),
    *("explanation_step", "office", "role", "document"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: the `id` that is stored, its Vietnamese and English label, and what `also` means it in a file.

    Documents also carry the `day` of issue and the issuing `office`.
    """

    id: str
    vi: str
    en: str
    also: tuple[str, ...] = ()
    day: date | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms by group (`GROUPS`), each group in the order of the file."""

    groups: Mapping[str, Mapping[str, Term]]

    def terms(self, group: str) -> tuple[Term, ...]:
        """The terms of a group, in the order in which they are shown."""
        return tuple(self.groups[group].values())

    def holds(self, group: str, term_id: str) -> bool:
        """Whether `term_id` is the id of a term of the group."""
        return term_id in self.groups[group]

    def find(self, group: str, text: str, where: str = "") -> Term:
        """The term whose id, Vietnamese or English label is `text`; case, tone placement and dashes don't matter.

        Raises
        ------
        UnknownTermError
            There is none; the suggestions are the nearest ids, or all ids where none is near.
        """
        entries = self.groups[group]
        if text in entries:
            return entries[text]
        for key in (fold, plain):
            for term in entries.values():
                if key(text) in map(key, (term.id, term.vi, term.en, *term.also)):
                    return term
        labels = {label: term.id for term in entries.values() for label in (term.id, term.vi, term.en)}
        near = list(dict.fromkeys(labels[label] for label in suggest(text, labels)))
        raise UnknownTermError(group, text, near or list(entries), where)


def vocabulary() -> Vocabulary:
    """The vocabulary of the service: that of the data set, and what the programmes of its cities add.

    Raises
    ------
    DataFileMissingError, InputError
        `vocabulary.toml` is not there, is not TOML, or an entry lacks a field or repeats an id; a programme file is
        broken, or gives an id of another one other words.
    """
    return _with_programmes(settings.data_dir() / "vocabulary.toml", terms_in_use())


def vocabulary_of(programme: Programme) -> Vocabulary:
    """What is offered where a programme holds: its own terms, those of the data set where it has none."""
    return _of_programme(settings.data_dir() / "vocabulary.toml", programme.terms)


def offered_by_city() -> Mapping[str, Vocabulary]:
    """Prefix of site ids, and code of the province → what is offered in a city; empty where no programme has terms of
    its own, and all cities have the same ones. Errors as `vocabulary`."""
    own = terms_in_use()
    return _offered(settings.data_dir() / "vocabulary.toml", cities(), own) if own else {}


@lru_cache(maxsize=16)
def _offered(path: Path, places: tuple[City, ...], own: tuple[tuple[str, Terms], ...]) -> Mapping[str, Vocabulary]:
    terms = dict(own)
    found = [(city, _of_programme(path, terms.get(city.programme, NO_TERMS))) for city in places]
    return {key: offered for city, offered in found for key in (city.site_prefix, city.province_code)}


@lru_cache(maxsize=64)
def _of_programme(path: Path, terms: Terms) -> Vocabulary:
    shipped = _read(path)
    own = {group: _entries(terms.of(group)) for group in GROUPS if terms.of(group)}
    if "phase" in own:
        own["phase"][NOT_COVERED] = shipped.groups["phase"][NOT_COVERED]
    return Vocabulary({**shipped.groups, **own})


@lru_cache(maxsize=16)
def _with_programmes(path: Path, own: tuple[tuple[str, Terms], ...]) -> Vocabulary:
    groups = {group: dict(terms) for group, terms in _read(path).groups.items()}
    for programme, terms in own:
        for group, known in groups.items():
            for id, term in _entries(terms.of(group)).items():
                if (there := known.setdefault(id, term)) != term and (there.vi, there.en) != (term.vi, term.en):
                    raise InputError(Problem("reference.term-twice", f"{programme}: terms.{group}", id=id))
    return Vocabulary(groups)


def _entries(terms: Iterable[OwnTerm]) -> dict[str, Term]:
    return {term.id: Term(term.id, term.vi, term.en, term.also) for term in terms}


@cache
def _read(path: Path) -> Vocabulary:
    try:
        raw = tomllib.loads(read_bytes(path).decode("utf-8"))
        groups = {group: [_term(row) for row in raw[group]] for group in GROUPS}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("records.no-vocabulary", str(path), error=str(error))) from error
    return Vocabulary({group: _group(terms, f"{path}: {group}") for group, terms in groups.items()})


def _term(row: dict[str, Any]) -> Term:
    return Term(**row | {"also": tuple(row.get("also", ()))})


def _group(terms: list[Term], where: str) -> dict[str, Term]:
    found = {term.id: term for term in terms}
    twice = [id for id, count in Counter(term.id for term in terms).items() if count > 1]
    if twice:
        raise InputError([Problem("records.id-twice", where, id=id) for id in twice])
    return found
