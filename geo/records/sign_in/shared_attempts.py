"""Wrong passwords counted in a file that all workers of a server map, so that each does not allow as many anew."""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from geo.records.sign_in.attempts import counted, name_of

_SLOTS, _ROW, _PROBES = 65_536, 64, 8
"""Slots, how many of them a name may fill with its networks, and how many are looked at for one network."""
_SLOT = struct.Struct("<QQId")
"""Hash of name and network, hash of the name, how many attempts, and when the last one was; all zero where free."""
_SALT_BYTES = 16


class SharedAttempts:
    """As `Attempts`, for all processes that open the file `path`, which is of a fixed size (1.8 MB).

    Names and networks stand in it as hashes with a salt of the file: what somebody typed as a name may be a password.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = Lock()
        with self._held():
            if os.fstat(self._file).st_size == 0:
                os.ftruncate(self._file, _SALT_BYTES + _SLOTS * _SLOT.size)
                os.pwrite(self._file, os.urandom(_SALT_BYTES), 0)
            self._map = mmap.mmap(self._file, 0)
        self._salt = self._map[:_SALT_BYTES]

    def begin(self, username: str, network: str, now: datetime) -> int:
        """See `Attempts.begin`."""
        name, key = self._hashes(username, network)
        with self._held():
            place, count, last = self._find(key, name)
            moment = datetime.fromtimestamp(last, UTC) if count else now
            count = counted(count, moment, now)
            _SLOT.pack_into(self._map, place, key, name, count, now.timestamp())
            return count

    def forget(self, username: str, network: str | None = None) -> None:
        """See `Attempts.forget`."""
        name, key = self._hashes(username, network or "")
        with self._held():
            for place in self._places(name):
                found, whose, *_ = _SLOT.unpack_from(self._map, place)
                if whose == name and (network is None or found == key):
                    _SLOT.pack_into(self._map, place, 0, 0, 0, 0.0)

    def _hashes(self, username: str, network: str) -> tuple[int, int]:
        name = name_of(username)
        return self._hash(name), self._hash(f"{name}\0{network}")

    def _hash(self, text: str) -> int:
        found = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).digest()
        return int.from_bytes(found, "little") or 1

    def _find(self, key: int, name: int) -> tuple[int, int, float]:
        """The slot of a key with its count and last moment; else the one that was used longest ago, free ones first."""
        oldest, since = -1, float("inf")
        for place in self._places(name, key):
            found, whose, count, last = _SLOT.unpack_from(self._map, place)
            if (found, whose) == (key, name):
                return place, count, last
            if last < since:
                oldest, since = place, last
        return oldest, 0, 0.0

    def _places(self, name: int, key: int | None = None) -> Iterator[int]:
        """Where the counts of a name may be: a row of slots of its own, so that all its networks are found again."""
        begins = (name % (_SLOTS // _ROW)) * _ROW
        first = 0 if key is None else key % _ROW
        for step in range(_ROW if key is None else _PROBES):
            yield _SALT_BYTES + (begins + (first + step) % _ROW) * _SLOT.size

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
