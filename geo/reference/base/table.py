"""The layers of a base as tables of shapes, each with a kind and a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]
Texts = NDArray[np.object_]

LAYERS = ("land", "water", "waterways", "rail", "streets", "borders", "places", "landmarks")
"""The layers of a base, from the bottom up."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one layer: geometries in degrees (WGS 84), `kind` of each, `name` ('' for none)."""

    geometries: Geometries
    kind: Texts
    name: Texts

    def __len__(self) -> int:
        return len(self.geometries)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Table:
        """The rows of a mask, or of these numbers."""
        return Table(self.geometries[rows], self.kind[rows], self.name[rows])

    def moved(self, geometries: Geometries) -> Table:
        """The same rows with other geometries; those that are empty are left out."""
        there = ~(shapely.is_empty(geometries) | shapely.is_missing(geometries))
        return Table(geometries[there], self.kind[there], self.name[there])


BaseLayers = Mapping[str, Table]
"""Tables by layer."""


def table(geometries: Iterable[object], kind: Iterable[object], name: Iterable[object]) -> Table:
    """A table of these columns; whatever is no text of a name becomes ''."""
    shapes = np.array(list(geometries), dtype=object)
    names = [text.strip() if isinstance(text, str) else "" for text in name]
    return Table(shapes, np.array(list(kind), dtype=object), np.array(names, dtype=object))


def nothing() -> Table:
    """A table without rows."""
    return table((), (), ())


def joined(*tables: Table) -> Table:
    """Tables one after the other."""
    found = [part for part in tables if len(part)] or [nothing()]
    return Table(*(np.concatenate([getattr(part, column) for part in found]) for column in Table.__slots__))
