"""What answers follow from, at the cost of a look: the day, the version of the records, the files of the registers.

Two looks that agree mean that nothing was written between them, by whichever process: an answer kept under the first is
the answer at the second.
"""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from weakref import WeakKeyDictionary

from geo import settings
from geo.i18n.formats import VIET_NAM_TIME
from geo.records.store import Clock, Store

Stamp = tuple[tuple[int, int, int], ...]
State = tuple[str, date, Stamp]
_LOOK_S = 0.02
_looked: tuple[float, str | None, Stamp] = (0.0, None, ())


class VersionWatch:
    """Looks at the version of the records; those who ask while a look is under way share the one after it.

    A look that began before somebody asked may have missed what was written in between, so nobody is given that one.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._day = _Day(clock)
        self._stamp: Stamp = ()
        self._stamped_until = 0.0
        self._in_file = store.in_file
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()
        self._thread: ThreadPoolExecutor | None = None
        self._turn: asyncio.AbstractEventLoop | None = None
        self._seen: State = ("", date.min, ())

    async def state(self) -> State:
        """Version, day and registers as they are now, from within an event loop; errors as `Store.version`."""
        if self._turn is not None and self._turn is asyncio.get_running_loop():
            return self._seen
        glanced = self._store.glance() if self._in_file else None
        if glanced is None:
            return await self.version(), self._day.today(), self._registers()
        self._seen = seen = glanced, self._day.today(), self._registers()
        # Whoever waits for the loop by now had asked before this look, so it tells them as well; it ends before those
        # who come after it have their turn.
        self._turn = loop = asyncio.get_running_loop()
        loop.call_soon(self._end_turn)
        return seen

    def _end_turn(self) -> None:
        self._turn = None

    def _registers(self) -> Stamp:
        now = time.monotonic()
        if now >= self._stamped_until:
            self._stamp, self._stamped_until = registers_stamp(), now + _LOOK_S
        return self._stamp

    async def version(self) -> str:
        """`Store.version`, from within an event loop; errors as there."""
        glanced = self._store.glance() if self._in_file else None
        if glanced is not None:
            return glanced
        loop = asyncio.get_running_loop()
        one = self._rounds.setdefault(loop, _Round())
        waiting: asyncio.Future[str] = loop.create_future()
        one.waiting.append(waiting)
        if not one.looking:
            self._look(loop, one)
        return await waiting

    def close(self) -> None:
        """End the thread of the looks."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _look(self, loop: asyncio.AbstractEventLoop, one: _Round) -> None:
        asked, one.waiting, one.looking = one.waiting, [], True
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="diaban-version")
        told = loop.run_in_executor(self._thread, self._store.version)
        told.add_done_callback(partial(self._tell, loop, one, asked))

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        one: _Round,
        asked: list[asyncio.Future[str]],
        told: asyncio.Future[str],
    ) -> None:
        error = told.exception()
        for waiting in asked:
            if waiting.done():
                continue
            if error is None:
                waiting.set_result(told.result())
            else:
                waiting.set_exception(error)
        one.looking = False
        if one.waiting:
            self._look(loop, one)


class _Day:
    """The day in Việt Nam by a clock; worked out once a day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told = date.min
        self._begins = self._ends = datetime.max.replace(tzinfo=VIET_NAM_TIME)

    def today(self) -> date:
        now = self._clock()
        if not self._begins <= now < self._ends:
            self._told = now.astimezone(VIET_NAM_TIME).date()
            begins = datetime.combine(self._told, datetime.min.time(), VIET_NAM_TIME)
            # Moments of one zone are compared at once.
            self._begins, self._ends = ((begins + timedelta(days=days)).astimezone(now.tzinfo) for days in (0, 1))
        return self._told


@dataclass(slots=True, weakref_slot=True)
class _Round:
    """Who waits for the next look of an event loop, and whether one is under way."""

    waiting: list[asyncio.Future[str]] = field(default_factory=list)
    looking: bool = False


def registers_stamp() -> Stamp:
    """File number, size and time of change of every file that the registers are read from; another file, another stamp.

    A folder that gets or loses a file is noticed as well. The files are looked at fifty times a second at most: they
    are part of an installation, and what is recorded never changes them.
    """
    global _looked  # noqa: PLW0603 - one look for all services of the process
    folder, now = settings.text("data_dir"), time.monotonic()
    until, seen, stamp = _looked
    if now < until and seen == folder:
        return stamp
    programmes = _stamp(_programmes(folder))
    stamp = (programmes, *map(_stamp, _files(folder, programmes)))
    _looked = now + _LOOK_S, folder, stamp
    return stamp


@lru_cache(maxsize=8)
def _programmes(_folder: str | None) -> str:
    return str(settings.data_dir() / "programmes")


@lru_cache(maxsize=8)
def _files(_folder: str | None, _programmes: tuple[int, int, int]) -> tuple[str, ...]:
    programmes = sorted((settings.data_dir() / "programmes").glob("*.toml"))
    return (str(settings.wards_file()), str(settings.sites_file()), *map(str, programmes))


def _stamp(file: str) -> tuple[int, int, int]:
    try:
        found = os.stat(file)  # noqa: PTH116 - asked with every request, and a Path costs more than the look
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns
