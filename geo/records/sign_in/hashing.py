"""How many passwords are hashed at a time: each takes 64 MB and a processor, on purpose, whoever sends it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Condition

from geo.errors import Problem
from geo.records.model.errors import SignInBusyError

_WAIT_S = 3.0
_WAITING_EACH = 4
"""How many may wait for each that is hashed: more would hold the threads that everybody needs."""


class HashingLimit:
    """Places for so many hashes at a time, one for each processor; whoever waits does so briefly."""

    def __init__(self, places: int) -> None:
        self._free = self._places = places
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
            if not self._free and self._waiting >= _WAITING_EACH * self._places:
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


_limit = HashingLimit(os.cpu_count() or 1)


def share_between(workers: int) -> None:
    """In a worker: its part of the processors, at least one."""
    global _limit  # noqa: PLW0603 - one for the process
    _limit = HashingLimit(max(1, (os.cpu_count() or 1) // max(1, workers)))


def place() -> AbstractContextManager[None]:
    """A place of the process; see `HashingLimit.place`."""
    return _limit.place()
