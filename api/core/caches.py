"""Values kept by key, each made once, however many ask for it at the same moment."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
_STRIPES = 64


class KeyedCache(Generic[Value]):
    """The values used last, up to `limit` in all by `size_of` (1 each, unless told). Safe between threads.

    While one thread makes a value the others that want it wait for that one, instead of making it too: after a write,
    two hundred readers cost one picture of the day. A value that is larger than a quarter of the limit is not kept. One
    that grew since it was put (another form of it was made) counts as what it is when it is next found.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int] = lambda _: 1) -> None:
        self._limit = limit
        self._size_of = size_of
        self._size = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self._makers = tuple(Lock() for _ in range(_STRIPES))
        self.hits = 0
        self.misses = 0

    @property
    def size(self) -> int:
        """How large all that is kept is together."""
        return self._size

    def __len__(self) -> int:
        return len(self._values)

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
            value, counted = found
            size = self._size_of(value)
            self._values.move_to_end(key)
            if size != counted:
                self._values[key] = value, size
                self._size += size - counted
                self._shrink()
            self.hits += 1
            return value

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value in place of the one kept under `key` before."""
        size = self._size_of(value)
        if 4 * size > self._limit + 3:
            return
        with self._lock:
            _, before = self._values.pop(key, (None, 0))
            self._values[key] = value, size
            self._size += size - before
            self._shrink()

    def clear(self) -> None:
        """Keep none of them any longer."""
        with self._lock:
            self._values.clear()
            self._size = 0

    def _shrink(self) -> None:
        while self._size > self._limit:
            _, (_, size) = self._values.popitem(last=False)
            self._size -= size


class VersionedCache(Generic[Value]):
    """The newest value of each of the last `limit` subjects, made once for each state that a subject is found in.

    One at a time is made of a subject. Those who ask meanwhile wait, and then look at the state again: what was written
    while they waited, they get together. So under steady writing there is one value in the making, not one a write.
    A state never comes back: what was made in another one is dropped at once. Up to `room` in all by `size_of`, but the
    two used last however large they are. Safe between threads.
    """

    def __init__(self, limit: int, room: float = math.inf, size_of: Callable[[Value], int] = lambda _: 0) -> None:
        self._limit = limit
        self._room = room
        self._size_of = size_of
        self._values: OrderedDict[Hashable, tuple[Hashable, Value]] = OrderedDict()
        self._lock = Lock()
        self._makers = tuple(Lock() for _ in range(_STRIPES))

    def __len__(self) -> int:
        return len(self._values)

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
            self._drop_all_but(now)
            value = make()
            # What was written over while it was made is asked for by nobody again.
            if state() == now:
                self._put(subject, now, value)
        return value

    def find(self, subject: Hashable, state: Hashable) -> Value | None:
        """The value of a subject in a state, if it is there; never waits for one that is being made."""
        with self._lock:
            kept, value = self._values.get(subject, (None, None))
            if value is None or kept != state:
                return None
            self._values.move_to_end(subject)
            return value

    def clear(self) -> None:
        """Keep none of them any longer."""
        with self._lock:
            self._values.clear()

    def _drop_all_but(self, now: Hashable) -> None:
        with self._lock:
            for subject in [subject for subject, (state, _) in self._values.items() if state != now]:
                del self._values[subject]

    def _put(self, subject: Hashable, now: Hashable, value: Value) -> None:
        with self._lock:
            self._values[subject] = now, value
            self._values.move_to_end(subject)
            size = sum(self._size_of(value) for _, value in self._values.values())
            while len(self._values) > self._limit or (len(self._values) > 2 and size > self._room):
                _, (_, dropped) = self._values.popitem(last=False)
                size -= self._size_of(dropped)
