"""What answers follow from: the day, the version of the records, that of their public part, the files of the registers.

Two states that are equal mean that nothing was written between them, by whichever process: an answer that was cached in
the first is the answer in the second.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from geo import settings
from geo.i18n.formats import VIET_NAM_TIME
from geo.records.store import Clock, Store

Stamp = tuple[tuple[int, int, int], ...]
PUBLIC_KINDS: tuple[str, ...] = (
    "assessment",
    "phase_change",
    "flag_event",
    "site_version",
    "site_event",
    "programme_version",
    "city_plan",
    "responsibility",
)
"""Kinds of record of which the public sees something before it is published as a count."""
_PROBE_S = 0.02
_probed: tuple[float, tuple[str, str] | None, str] = (0.0, None, "")


class DataState(NamedTuple):
    """The version of all records, that of what the public sees of them, the day, and the files of the registers.

    `files` is a text that differs where the stamps of the files do: the hash of a text is computed once.
    """

    recorded: str
    public: str
    day: date
    files: str


class PublicVersion:
    """The version of what the public can see: no write that is hidden from it changes it, nor costs it more than a
    question to the database.

    `content` returns all that public answers follow from; it is read when a row of `PUBLIC_KINDS` was written.
    """

    def __init__(self, store: Store, content: Callable[[], object]) -> None:
        self._store = store
        self._content = content
        self._lock = Lock()
        self._known: tuple[str, str] = "", ""
        self._ids: tuple[int | None, ...] = ()

    def known(self, recorded: str) -> str | None:
        """The public version that goes with a version of all records, if it is known already; never waits."""
        version, public = self._known
        return public if version == recorded else None

    def of(self, recorded: str) -> str:
        """The public version that goes with the present version of all records; errors as `Store.version`."""
        with self._lock:
            version, public = self._known
            if version == recorded:
                return public
            ids = tuple(number for store in self._store.each_list() for number in store.last_ids(*PUBLIC_KINDS))
            # A counter that went back is that of a database which was restored: its rows may bear the same numbers.
            if ids != self._ids or _counter(recorded) < _counter(version):
                public = hashlib.blake2b(repr(self._content()).encode(), digest_size=8).hexdigest()
            self._ids, self._known = ids, (recorded, public)
            return public


class VersionReader:
    """Reads the state of the data from within an event loop.

    In a file that takes microseconds, once for all requests that the loop has in hand. On a server the requests that
    come while a question is under way share the next one: that question may have missed what was written after it
    began, so nobody is given its answer who came later.
    """

    def __init__(self, store: Store, public: PublicVersion, clock: Clock) -> None:
        self._store = store
        self._public = public
        self._clock = clock
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()
        self._thread: ThreadPoolExecutor | None = None
        self._turn: asyncio.AbstractEventLoop | None = None
        self._seen = DataState("", "", date.min, "")

    async def state(self) -> DataState:
        """The state as it is now; errors as `Store.version`."""
        loop = asyncio.get_running_loop()
        if self._turn is loop:
            return self._seen
        found = self._at_once()
        if found is None:
            return self._of(*await self._shared())
        # Whoever waits for the loop by now had asked before this, so it is the state for them as well; it ends before
        # those who come after it are served.
        self._seen, self._turn = self._of(*found), loop
        loop.call_soon(self._end_turn)
        return self._seen

    def _end_turn(self) -> None:
        self._turn = None

    def _of(self, recorded: str, public: str) -> DataState:
        return DataState(recorded, public, today(self._clock), registers_stamp())

    def close(self) -> None:
        """End the thread of the questions."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _at_once(self) -> tuple[str, str] | None:
        recorded = self._store.glance() if self._store.in_file else None
        public = None if recorded is None else self._public.known(recorded)
        return None if recorded is None or public is None else (recorded, public)

    def _read(self) -> tuple[str, str]:
        recorded = self._store.version()
        return recorded, self._public.of(recorded)

    async def _shared(self) -> tuple[str, str]:
        loop = asyncio.get_running_loop()
        one = self._rounds.setdefault(loop, _Round())
        waiting: asyncio.Future[tuple[str, str]] = loop.create_future()
        one.waiting.append(waiting)
        if not one.reading:
            self._begin(loop, one)
        return await waiting

    def _begin(self, loop: asyncio.AbstractEventLoop, one: _Round) -> None:
        served, one.waiting, one.reading = one.waiting, [], True
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="diaban-version")
        loop.run_in_executor(self._thread, self._read).add_done_callback(partial(self._end, loop, one, served))

    def _end(
        self,
        loop: asyncio.AbstractEventLoop,
        one: _Round,
        served: list[_Waiting],
        read: asyncio.Future[tuple[str, str]],
    ) -> None:
        error = read.exception()
        for waiting in (waiting for waiting in served if not waiting.done()):
            if error is None:
                waiting.set_result(read.result())
            else:
                waiting.set_exception(error)
        one.reading = False
        if one.waiting:
            self._begin(loop, one)


_Waiting = asyncio.Future[tuple[str, str]]


@dataclass(slots=True, weakref_slot=True)
class _Round:
    """Who waits for the next question of an event loop, and whether one is under way."""

    waiting: list[_Waiting] = field(default_factory=list)
    reading: bool = False


def today(clock: Clock) -> date:
    """The day in Việt Nam (UTC+7) by a clock."""
    return clock().astimezone(VIET_NAM_TIME).date()


def registers_stamp() -> str:
    """File number, size and time of change of every file that the registers are read from; another file, another stamp.

    A text, for its hash is computed once.

    A folder that gets or loses a file is noticed as well. The files are looked at fifty times a second at most: they
    are part of an installation, and what is recorded never changes them.
    """
    global _probed  # noqa: PLW0603 - one for all services of the process
    folders, now = (settings.text("data_dir"), settings.text("cities_dir")), time.monotonic()
    until, seen, stamp = _probed
    if now < until and seen == folders:
        return stamp
    added = _stamp(_added(folders))
    listed = tuple(map(_stamp, _programmes(folders, added)))
    stamp = _name((added, *listed, *map(_stamp, _files(folders, added, listed))))
    _probed = now + _PROBE_S, folders, stamp
    return stamp


@lru_cache(maxsize=8)
def _name(stamp: Stamp) -> str:
    return repr(stamp)


_Folders = tuple[str, str]


@lru_cache(maxsize=8)
def _added(_folders: _Folders) -> str:
    return str(settings.cities_dir())


@lru_cache(maxsize=8)
def _programmes(_folders: _Folders, _added: tuple[int, int, int]) -> tuple[str, ...]:
    return tuple(str(folder / "programmes") for folder in settings.data_dirs())


@lru_cache(maxsize=8)
def _files(_folders: _Folders, _added: tuple[int, int, int], _programmes: Stamp) -> tuple[str, ...]:
    return tuple(map(str, settings.register_files()))


def _stamp(file: str) -> tuple[int, int, int]:
    try:
        found = os.stat(file)  # noqa: PTH116 - done with every request, and a Path costs more than the call
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns


def _counter(version: str) -> int:
    return int(version.partition(".")[0] or 0)
