"""What was recorded of a list that was removed: a list of its address takes these records up again, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem
from geo.records.database.engine import database_url
from geo.records.model.vocabulary import vocabulary_of
from geo.records.store import Store, open_store

if TYPE_CHECKING:
    from geo.reference.cities import City
    from geo.reference.programmes import Programme

_TERMS = (("assessment", "level"), ("phase_change", "phase"), ("report", "kind"), ("report", "channel"))
"""Kinds of record and their columns that hold terms of the programme."""
_SITES = ("site_version", "assessment")


def refuse_another_list(place: City, programme: Programme) -> None:
    """Refuse a further list at whose address another one was recorded: with other letters, or terms that it lacks.

    Raises
    ------
    InputError
        It is so.
    StoreError
        The records can't be read.
    """
    url = database_url(None)
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
        return
    with open_store() as store:
        found = [*_letters(store.of_list(place.slug), place), *_terms(store.of_list(place.slug), programme)]
    if found:
        raise InputError(Problem("cli.list-recorded", place.slug, slug=place.slug, items=list(dict.fromkeys(found))))


def _letters(store: Store, place: City) -> Iterator[str]:
    sites = [site for kind in _SITES for (site,) in store.rows(kind, ("site_id",))]
    yield from sorted({f"{letters}-…" for site in sites if (letters := site.partition("-")[0]) != place.site_prefix})


def _terms(store: Store, programme: Programme) -> Iterator[str]:
    known = vocabulary_of(programme).groups
    for kind, group in _TERMS:
        yield from sorted({term for (term,) in store.rows(kind, (group,))} - known[group].keys())
