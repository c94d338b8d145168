"""What a person knows and a street network doesn't: other names of a street, places, files whose lines bear no name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.names import fold, half_marked, has_diacritics, plain

_Entry = TypeVar("_Entry", "Alias", "NamedPlace", "RouteFile")


@dataclass(frozen=True, slots=True)
class Alias:
    """`name`, as a plan prints a street, is `network_name` in the network; `reason` says how that is known."""

    name: str
    network_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place known by `name`: where `streets` meet, or at `lonlat` (WGS 84), to `accuracy_m` metres."""

    name: str
    reason: str
    accuracy_m: float
    streets: tuple[str, ...] = ()
    lonlat: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class RouteFile:
    """Lines of `file` (its bare name) with one of `values` in `column` run along a street: they take these tags.

    `oneway` follows OpenStreetMap: `yes` along the line as drawn, `-1` against it, `no` both ways.
    """

    file: str
    column: str
    values: tuple[int | str, ...]
    name: str
    ref: str
    highway: str
    oneway: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """By-hand knowledge that `place` and `load_network` use; empty unless loaded."""

    aliases: tuple[Alias, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    routes: tuple[RouteFile, ...] = ()

    def alias(self, street: str) -> Alias | None:
        """The alias recorded for a street name, also typed with some of its marks or none; None without one."""
        return _recorded(self.aliases, street)

    def place(self, name: str) -> NamedPlace | None:
        """The place recorded under a name, also typed with some of its marks or none; None without one."""
        return _recorded(self.places, name)


_Named = TypeVar("_Named", Alias, NamedPlace)


def _recorded(entries: tuple[_Named, ...], name: str) -> _Named | None:
    key = fold(name)
    exact = next((entry for entry in entries if fold(entry.name) == key), None)
    if exact:
        return exact
    bare, marked = plain(name), has_diacritics(name)
    alike = (entry for entry in entries if plain(entry.name) == bare)
    return next((entry for entry in alike if not marked or half_marked(name, entry.name)), None)


def load_gazetteer(path: str | os.PathLike[str] | None = None) -> Gazetteer:
    """The `[[alias]]`, `[[place]]` and `[[route]]` entries of a TOML file.

    By default of `data/sites.toml`; an empty gazetteer, if there is no such file.

    Raises
    ------
    DataFileMissingError, InputError
        The file is not there, is not TOML, or an entry lacks a field.
    """
    source = settings.data_dir() / "sites.toml" if path is None else Path(path)
    if path is None and not source.is_file():
        return Gazetteer()
    try:
        table = tomllib.loads(read_bytes(source).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("reference.not-toml", str(source), reason=str(error))) from error
    return gazetteer_of(table, str(source))


def gazetteer_of(table: Mapping[str, Any], where: str) -> Gazetteer:
    """The gazetteer in a TOML table already read; `where` names its file in errors."""
    return Gazetteer(
        aliases=_entries(table, "alias", Alias, where),
        places=_entries(table, "place", NamedPlace, where),
        routes=_entries(table, "route", RouteFile, where),
    )


def _entries(table: Mapping[str, Any], key: str, kind: type[_Entry], where: str) -> tuple[_Entry, ...]:
    entries, problems = [], []
    for index, row in enumerate(table.get(key, ())):
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
        try:
            entries.append(kind(**values))
        except TypeError as error:
            problems.append(Problem("reference.entry-fields", f"{where}, {key} {index + 1}", reason=str(error)))
    if problems:
        raise InputError(problems)
    return tuple(entries)
