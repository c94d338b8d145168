"""The cache class: values by key, bounded in size, each computed once however many threads ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

import cachetools

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_STRIPES = 64


class _Entry(NamedTuple, Generic[Value]):
    value: Value
    version: Hashable
    size: int


def _one(_: object) -> int:
    return 1


def _no_version() -> None:
    return None


class Cache(Generic[Key, Value]):
    """The values used last, up to `limit` in all by `size_of` (1 each by default). Safe between threads.

    While one thread computes a value the others that want it wait for that one. A value may carry a version: requested
    in another version it is computed again and takes the place of the old one; those who waited look at the version
    again, so that under steady writing one value is computed at a time, not one for each write.

    A value larger than a quarter of the limit is not stored; with `at_least`, so many of those used last are stored
    however large they are. A value that grew counts as what it is when it is next found. None is no value.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int] = _one, at_least: int = 0) -> None:
        self._size_of = size_of
        self._at_least = at_least
        self._lock = Lock()
        self._computing = tuple(Lock() for _ in range(_STRIPES))
        self._set_limit(limit)
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The size of all values together."""
        return int(self._entries.currsize)

    def get(self, key: Key, compute: Callable[[], Value], version: Callable[[], Hashable] = _no_version) -> Value:
        """The value of a key in its present version, else what `compute` returns; `compute` must not ask this cache."""
        found = self.find(key, version())
        if found is not None:
            return found
        with self._computing[hash(key) % _STRIPES]:
            now = version()
            found = self.find(key, now)
            if found is None:
                self.misses += 1
                found = compute()
                # What was written over in the meantime is not requested again.
                if version() == now:
                    self.put(key, found, now)
        return found

    def find(self, key: Key, version: Hashable = None) -> Value | None:
        """The value of a key in a version, if it is there; never waits for one that is being computed."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.version != version:
                return None
            self.hits += 1
            if self._size_of is not _one and self._counted(entry.value) != entry.size:
                self._store(key, entry.value, version)
            value: Value = entry.value
            return value

    def put(self, key: Key, value: Value, version: Hashable = None) -> None:
        """Store a value in place of the one that the key had before."""
        with self._lock:
            self._store(key, value, version)

    def drop(self, is_old: Callable[[Key, Value], bool]) -> None:
        """Remove the values that are no longer requested."""
        with self._lock:
            for key in [key for key in self._entries if is_old(key, self._peek(key).value)]:
                del self._entries[key]

    def clear(self) -> None:
        """Remove all values."""
        with self._lock:
            self._entries.clear()

    def resize(self, limit: int) -> None:
        """Set another limit; the values that are there are removed."""
        with self._lock:
            self._set_limit(limit)

    def _peek(self, key: Key) -> _Entry[Value]:
        """An entry without counting it as used."""
        return cachetools.Cache.__getitem__(self._entries, key)

    def _set_limit(self, limit: int) -> None:
        self._largest = (limit + 3) // 4
        if self._at_least:
            limit = max(limit, self._at_least)
            self._largest = limit // self._at_least
        self._entries: cachetools.LRUCache[Key, _Entry[Value]] = cachetools.LRUCache(
            limit, getsizeof=lambda entry: entry.size
        )

    def _counted(self, value: Value) -> int:
        size = self._size_of(value)
        return min(size, self._largest) if self._at_least else size

    def _store(self, key: Key, value: Value, version: Hashable) -> None:
        size = self._counted(value)
        if size <= self._largest:
            self._entries[key] = _Entry(value, version, size)
        else:
            self._entries.pop(key, None)
