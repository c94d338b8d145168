"""How many passwords are hashed at a time: each takes 64 MB and a processor, on purpose, whoever sends it.

They are hashed in threads that step back behind all others of the machine: a flood of sign-ins takes what nobody else
needs, and no more. Whoever is known, or comes from where no flood comes, is hashed `ahead`: in places and threads of
its own, which do not step back.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from threading import Condition, get_native_id
from typing import ParamSpec, TypeVar

from geo.errors import Problem
from geo.records.model.errors import SignInBusyError

P = ParamSpec("P")
R = TypeVar("R")

_NICE = 10
"""A tenth of the processor time of an ordinary thread, where both want it."""
_WAIT_S = 3.0
_WAITING_EACH = 4
"""How many may wait for each that is hashed: more would hold the threads that everybody needs."""


class HashingLimit:
    """Places for so many hashes at a time, one for each processor; whoever waits does so briefly."""

    def __init__(self, places: int) -> None:
        self._free = self.places = places
        self._waiting = 0
        self._changed = Condition()

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place to hash one password.

        Raises
        ------
        SignInBusyError
            Too many wait already, or it did not come in time.
        """
        with self._changed:
            if not self._free and self._waiting >= _WAITING_EACH * self.places:
                raise SignInBusyError(Problem("accounts.busy"))
            self._waiting += 1
            came = self._changed.wait_for(lambda: self._free > 0, _WAIT_S)
            self._waiting -= 1
            if not came:
                raise SignInBusyError(Problem("accounts.busy"))
            self._free -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify()


SPARE = 1
"""So many places more there are for those who are hashed ahead."""
_limit = HashingLimit(os.cpu_count() or 1)
_limit_ahead = HashingLimit(_limit.places + SPARE)
_is_ahead: ContextVar[bool] = ContextVar("is_ahead", default=False)


def share_between(workers: int) -> None:
    """In a worker: its part of the processors, at least one."""
    global _limit, _limit_ahead  # noqa: PLW0603 - one for the process
    _limit = HashingLimit(max(1, (os.cpu_count() or 1) // max(1, workers)))
    _limit_ahead = HashingLimit(_limit.places + SPARE)


def places() -> int:
    """How many passwords this process hashes at a time."""
    return _limit.places


@contextmanager
def ahead(*, is_ahead: bool = True) -> Iterator[None]:
    """Within this, in the same request: whether passwords are hashed ahead of all others."""
    token = _is_ahead.set(is_ahead)
    try:
        yield
    finally:
        _is_ahead.reset(token)


def hashed(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What `work(*args, **named)` returns, which hashes one password, as soon as there is a place for it.

    Errors as `HashingLimit.place`.
    """
    with hashing():
        return stepped_back(work, *args, **named)


def hashing() -> AbstractContextManager[None]:
    """A place to hash one password in (`stepped_back`), with what has to be done before and after; errors as there."""
    return (_limit_ahead if _is_ahead.get() else _limit).place()


def stepped_back(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What `work(*args, **named)` returns, in a thread behind all others, or in an ordinary one (`ahead`)."""
    return (_threads_ahead if _is_ahead.get() else _threads).submit(work, *args, **named).result()


def _step_back() -> None:
    if sys.platform == "linux":  # where each thread has a priority of its own
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)


_threads = ThreadPoolExecutor(os.cpu_count() or 1, "diaban-hash", _step_back)
_threads_ahead = ThreadPoolExecutor(_limit_ahead.places, "diaban-hash-ahead")
