"""Whether a programme can stand beside the others of a service: an id means one thing in all of them."""

from __future__ import annotations

from collections.abc import Iterator

from geo.errors import Problem
from geo.reference.programme.terms import SHIPPED, TERM_TYPES
from geo.reference.programmes import Programme, load_programmes


def clashes(programme: Programme) -> Iterator[Problem]:
    """The terms to which another programme of the service, or the data set, gives other words."""
    others = [other for other in load_programmes() if other.id != programme.id]
    for group in TERM_TYPES:
        known = {term.id: term for other in others for term in other.terms.of(group)}
        for term in programme.terms.of(group):
            where = f"{programme.id}: terms.{group} {term.id}"
            if term.id in SHIPPED.get(group, ()) or known.get(term.id, term) != term:
                yield Problem("reference.term-twice", where, id=term.id)
