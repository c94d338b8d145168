"""What was worked out for geometries, found again without looking at a vertex: they are the very same objects.

A geometry of shapely 2 never changes. Whoever changes a frame in place puts another object into its array, so as long
as the objects are held here, and no other one can take their place in memory, the same objects are the same geometries.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from operator import is_
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Geometries = NDArray[np.object_]
Value = TypeVar("Value")


class _Entry(NamedTuple, Generic[Value]):
    shapes: list[object]
    also: Hashable
    value: Value


class SameShapes(Generic[Value]):
    """The values of the arrays of geometries that were asked for last; safe between threads.

    An entry holds its geometries in memory, so there are only a few.
    """

    def __init__(self, limit: int) -> None:
        self._entries: deque[_Entry[Value]] = deque(maxlen=limit)
        self._lock = Lock()

    def find(self, shapes: Geometries, also: Hashable = None) -> Value | None:
        """The value of these very objects in this order, and of what else it follows from; None if there is none."""
        objects = shapes.tolist()
        return next((entry.value for entry in tuple(self._entries) if _is_of(entry, objects, also)), None)

    def put(self, shapes: Geometries, value: Value, also: Hashable = None) -> None:
        """Hold the value of geometries in place of the one that they had; else the oldest one goes."""
        objects = shapes.tolist()
        with self._lock:
            others = [entry for entry in self._entries if not _is_of(entry, objects, also)]
            self._entries = deque([*others, _Entry(objects, also, value)], maxlen=self._entries.maxlen)

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._entries.clear()


def _is_of(entry: _Entry[Value], objects: list[object], also: Hashable) -> bool:
    """Whether an entry is of these very objects."""
    return len(entry.shapes) == len(objects) and all(map(is_, entry.shapes, objects)) and entry.also == also
