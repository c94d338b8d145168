"""What is put right in the sources of a base, each with its reason: names, and the same thing twice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.base.table import BaseLayers, Table
from geo.reference.crs import to_metric

_SAME_M = 400.0
"""Landmarks of one name within so many metres are one."""


def corrected(ground: BaseLayers, names: Path, province_code: str) -> BaseLayers:
    """A ground with the names of the file `names`, rivers named along their line, and every landmark once.

    Raises
    ------
    InputError
        The file of names is not TOML of the form `[[name]] found, shown, reason`.
    """
    renamed = read_names(names)
    made = {layer: _renamed(rows, renamed) for layer, rows in ground.items()}
    made["water"] = _without_names_of_lines(made["water"], made["waterways"])
    made["landmarks"] = _once(made["landmarks"], province_code)
    return made


def read_names(path: Path) -> dict[str, str]:
    """Names as found in the sources → as a map should show them; none where there is no file."""
    if not path.is_file():
        return {}
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["name"]
        return {str(row["found"]): str(row["shown"]) for row in rows}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.not-base-names", str(path), reason=str(error))) from error


def _renamed(rows: Table, names: dict[str, str]) -> Table:
    shown = np.array([names.get(str(name), name) for name in rows.name], dtype=object)
    return Table(rows.geometries, rows.kind, shown)


def _without_names_of_lines(water: Table, lines: Table) -> Table:
    """Surfaces without the names that a river's line bears: some surfaces are one with a lagoon of another name."""
    rivers = set(lines.name[lines.kind == "river"])
    own = np.array(["" if name in rivers else name for name in water.name], dtype=object)
    return Table(water.geometries, water.kind, own)


def _once(rows: Table, province_code: str) -> Table:
    if not len(rows):
        return rows
    places = shapely.get_coordinates(to_metric(rows.geometries, province_code))
    taken: dict[str, list[int]] = {}
    for row, name in enumerate(rows.name):
        before = taken.setdefault(str(name).casefold(), [])
        if all(np.hypot(*(places[row] - places[other])) > _SAME_M for other in before):
            before.append(row)
    return rows.take(np.array(sorted(row for found in taken.values() for row in found), dtype=np.intp))
