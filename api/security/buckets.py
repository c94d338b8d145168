"""Token buckets by key: in the memory of a process, or in a file that several processes map."""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Protocol

_CLIENTS = 10_000
_SLOTS, _PROBES = 8192, 4
_SLOT = struct.Struct("<Qdd")
"""The key's digest, what is left, and when that was."""


class Buckets(Protocol):
    """Where buckets are."""

    def take(
        self, key: str, cost: float, capacity: float, per_second: float, now: float, *, into_debt: bool = False
    ) -> float:
        """Take `cost` out of the bucket of a key, which holds `capacity` and fills by `per_second`; what is left.

        Below zero where there was not enough: nothing is taken then, unless it may go `into_debt` (to one capacity).
        """


def _taken(left: float, cost: float, capacity: float, filled: float, *, into_debt: bool) -> tuple[float, float]:
    """What a bucket holds afterwards, and what `take` returns."""
    before = min(capacity, left + filled)
    after = before - cost
    if into_debt:
        stored = max(-capacity, after)
        return stored, stored
    return (after, after) if after >= 0 else (before, after)


class MemoryBuckets:
    """The buckets of one process; those used last are forgotten last."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(
        self, key: str, cost: float, capacity: float, per_second: float, now: float, *, into_debt: bool = False
    ) -> float:
        """See `Buckets`."""
        with self._lock:
            left, since = self._left.pop(key, (capacity, now))
            stored, shown = _taken(left, cost, capacity, max(0.0, now - since) * per_second, into_debt=into_debt)
            self._left[key] = stored, now
            while len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
            return shown


class SharedBuckets:
    """Buckets in a file of fixed size, for all processes that open it; keys stand in it as digests alone."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, _SLOTS * _SLOT.size)
        self._map = mmap.mmap(self._file, _SLOTS * _SLOT.size)
        self._lock = Lock()

    def take(
        self, key: str, cost: float, capacity: float, per_second: float, now: float, *, into_debt: bool = False
    ) -> float:
        """See `Buckets`."""
        digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little") or 1
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                place, left, since = self._find(digest, capacity, now)
                stored, shown = _taken(left, cost, capacity, max(0.0, now - since) * per_second, into_debt=into_debt)
                _SLOT.pack_into(self._map, place, digest, stored, now)
                return shown
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, digest: int, capacity: float, now: float) -> tuple[int, float, float]:
        """The slot of a key, or the one next to it that was used longest ago."""
        places = [((digest + step) % _SLOTS) * _SLOT.size for step in range(_PROBES)]
        slots = [(_SLOT.unpack_from(self._map, place), place) for place in places]
        for (found, left, since), place in slots:
            if found == digest:
                return place, left, since
        _, place = min((since if found else -1.0, place) for (found, _, since), place in slots)
        return place, capacity, now
