"""The memory of answers: one bounded cache class."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """The last few values by key, safe between threads; a value may be built twice, never half.

    Up to `room` in all by `size_of`, but the two used last in any case.
    """

    def __init__(self, limit: int, room: int = 0, size_of: Callable[[Value], int] = lambda _: 0) -> None:
        self._limit = limit
        self._room = room
        self._size_of = size_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            size = sum(map(self._size_of, self._values.values()))
            while len(self._values) > self._limit or (len(self._values) > 2 and size > self._room):
                size -= self._size_of(self._values.popitem(last=False)[1])
        return value

    def drop(self, is_old: Callable[[Key, Value], bool]) -> None:
        with self._lock:
            for key in [key for key, value in self._values.items() if is_old(key, value)]:
                del self._values[key]
