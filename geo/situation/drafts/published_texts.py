"""What the registers have published already that is about a person."""

from __future__ import annotations

from collections.abc import Iterator

from geo.errors import Problem
from geo.records.drafting.content import PUBLISHABLE
from geo.records.kinds.registry import kind
from geo.records.kinds.spec import KindSpec
from geo.records.store import Store
from geo.records.validation.entry_checks import Context


def private_texts(store: Store) -> Iterator[Problem]:
    """The texts of register entries that would be refused today because they are about a person, with the place."""
    for name in PUBLISHABLE:
        yield from _of_kind(store, kind(name))


def _of_kind(store: Store, spec: KindSpec) -> Iterator[Problem]:
    names = [column.name for column in spec.columns]
    context = Context(store.vocabulary, store.registers, store.today)
    for number, *values in store.rows(spec.name, ("id", *names)):
        entry = spec.entry(**dict(zip(names, values, strict=True)))
        for found in spec.faults(entry, context):
            if found.private:
                subject = getattr(entry, spec.subject)
                yield found.problem.at(f"{subject} ({spec.name} {number}): {found.problem.where}")
