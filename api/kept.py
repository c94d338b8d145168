"""Values kept by key, each made once, however many ask for it at the same moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
_STRIPES = 64


class Kept(Generic[Value]):
    """The values used last, up to `limit` in all by `size_of` (1 each, unless told). Safe between threads.

    While one thread makes a value the others that want it wait for that one, instead of making it too: after a write,
    two hundred readers cost one picture of the day. A value that is larger than a quarter of the limit is not kept.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int] = lambda _: 1) -> None:
        self._limit = limit
        self._size_of = size_of
        self._size = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()
        self._makers = tuple(Lock() for _ in range(_STRIPES))
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under `key`, else the one that `make` makes; `make` must not ask here for another one."""
        found = self.find(key)
        if found is not None:
            return found
        with self._makers[hash(key) % _STRIPES]:
            found = self.find(key)
            if found is not None:
                return found
            value = make()
            self.put(key, value)
        return value

    def find(self, key: Hashable) -> Value | None:
        """The value kept under `key`, if any."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                self.misses += 1
                return None
            self._values.move_to_end(key)
            self.hits += 1
            return found

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value in place of the one kept under `key` before."""
        size = self._size_of(value)
        if 4 * size > self._limit + 3:
            return
        with self._lock:
            before = self._values.pop(key, None)
            self._size -= 0 if before is None else self._size_of(before)
            self._values[key] = value
            self._size += size
            while self._size > self._limit:
                _, dropped = self._values.popitem(last=False)
                self._size -= self._size_of(dropped)


class Latest(Generic[Value]):
    """The newest value of each of the last `limit` subjects, made once for each state that a subject is found in.

    One at a time is made of a subject. Those who ask meanwhile wait, and then look at the state again: what was written
    while they waited, they get together. So under steady writing there is one value in the making, not one a write, and
    what is out of date takes no memory. Safe between threads.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Hashable, tuple[Hashable, Value]] = OrderedDict()
        self._lock = Lock()
        self._makers = tuple(Lock() for _ in range(_STRIPES))

    def get(self, subject: Hashable, state: Callable[[], Hashable], make: Callable[[], Value]) -> Value:
        """The value of a subject in its present `state`, else the one that `make` makes; `make` must not ask here."""
        found = self.find(subject, state())
        if found is not None:
            return found
        with self._makers[hash(subject) % _STRIPES]:
            now = state()
            found = self.find(subject, now)
            if found is not None:
                return found
            value = make()
            with self._lock:
                self._values[subject] = now, value
                self._values.move_to_end(subject)
                while len(self._values) > self._limit:
                    self._values.popitem(last=False)
        return value

    def find(self, subject: Hashable, state: Hashable) -> Value | None:
        """The value of a subject in a state, if it is there; never waits for one that is being made."""
        with self._lock:
            kept, value = self._values.get(subject, (None, None))
            if value is None or kept != state:
                return None
            self._values.move_to_end(subject)
            return value
