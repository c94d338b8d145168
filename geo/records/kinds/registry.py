"""The kinds of record that there are: every module of this package that has a `SPEC`, and what a test adds."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module

from sqlalchemy import MetaData

import geo.records.kinds as package
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.model.tables import Base


def kinds() -> tuple[KindSpec, ...]:
    """All kinds, in the order of their names."""
    return tuple(_by_name()[name] for name in sorted(_by_name()))


def kind(name: str) -> KindSpec:
    """The kind of this name; `KeyError` where there is none."""
    return _by_name()[name]


def kind_of(entry: NewEntry) -> KindSpec:
    """The kind of an entry."""
    return next(spec for spec in _by_name().values() if spec.entry is type(entry))


def metadata() -> MetaData:
    """All tables: those of the kinds, and those beside them."""
    _by_name()
    return Base.metadata


@contextmanager
def registered(spec: KindSpec) -> Iterator[KindSpec]:
    """One kind more within a block; its table stands in the metadata meanwhile, and is for the caller to make."""
    _by_name()[spec.name] = spec
    spec.table  # noqa: B018 - made by looking
    try:
        yield spec
    finally:
        del _by_name()[spec.name]
        Base.metadata.remove(spec.table)
        del spec.__dict__["table"]


@cache
def _by_name() -> dict[str, KindSpec]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    modules = [import_module(info.name) for info in found]
    specs = [module.SPEC for module in modules if isinstance(getattr(module, "SPEC", None), KindSpec)]
    for spec in specs:
        spec.table  # noqa: B018 - the metadata holds the tables of all kinds
    return {spec.name: spec for spec in specs}
