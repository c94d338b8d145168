"""Rows of unequal length in two flat arrays: no Python list is made until somebody asks for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row i holds `values[offsets[i]:offsets[i + 1]]`; `values` (n) or (n, k), `offsets` (rows + 1)."""

    values: NDArray[Any]
    offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def taken(self, rows: Ints) -> Ragged:
        """These rows, in this order."""
        begin, count = self.offsets[rows], np.diff(self.offsets)[rows]
        offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.intp)
        where = np.repeat(begin - offsets[:-1], count) + np.arange(offsets[-1])
        return Ragged(self.values[where], offsets)

    def lists(self) -> NDArray[np.object_]:
        """Every row as a list, in an array of objects."""
        count = np.diff(self.offsets)
        # Rows of one value and of none, which most are, are made into lists all at once.
        empty, single, others = (np.flatnonzero(chosen) for chosen in (count == 0, count == 1, count > 1))
        rest = self.taken(others)
        lists = np.empty(len(self), dtype=object)
        with uncollected():
            lists[empty] = _objects([[] for _ in range(empty.size)])
            lists[single] = _objects(self.values[self.offsets[single], None].tolist())
            values = rest.values.tolist()
            lists[others] = _objects([values[begin:end] for begin, end in pairwise(rest.offsets.tolist())])
        return lists


def _objects(rows: list[list[Any]]) -> NDArray[np.object_]:
    """Lists as the values of an array, not as lines of it."""
    return np.fromiter(rows, dtype=object, count=len(rows))


_FROZEN: list[bool] = []
"""One entry as soon as something was found frozen: nobody unfreezes what the process started with."""


def _is_frozen() -> bool:
    """Whether somebody froze what there is; counted until it is so, for all of it is walked through each time."""
    if not _FROZEN and gc.get_freeze_count():
        _FROZEN.append(True)
    return bool(_FROZEN)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for circles of garbage while many lists or geometries are made, which are none: it takes longer."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not _is_frozen():  # what somebody froze stays so
            # To the old ones at once: the search that is due would go through all of them.
            gc.freeze()
            gc.unfreeze()
        gc.enable()


def ragged(values: NDArray[Any], row: Ints, count: int) -> Ragged:
    """Values with the number of the row of each (sorted, below `count`)."""
    return Ragged(values, np.searchsorted(row, np.arange(count + 1)).astype(np.intp))


def joined(parts: Sequence[Ragged]) -> Ragged:
    """The rows of all parts, one after the other; at least one part."""
    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    return Ragged(np.concatenate([part.values for part in parts]), offsets)
