"""Wrong passwords, counted by account and network together.

Whoever tries many passwords of an account waits; the office itself, elsewhere, does not: a lock on the account would be
one that strangers can set. Names that no account bears are counted the same way, so that nothing tells them apart.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from geo.errors import Problem
from geo.records.model.errors import AccountLockedError

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
_STORED = 50_000


def name_of(username: str) -> str:
    """A user name as attempts are counted by it."""
    return username[:100].casefold()


def counted(count: int, last: datetime, now: datetime) -> int:
    """The number of an attempt after `count` of which the last was at `last`.

    Raises
    ------
    AccountLockedError
        There were too many; how long to wait is in it.
    """
    if now - last >= LOCKED:
        return 1
    if count >= MAX_ATTEMPTS:
        minutes = -(-(last + LOCKED - now) // timedelta(minutes=1))
        raise AccountLockedError(Problem("records.account-locked", minutes=minutes))
    return count + 1


class Attempts:
    """The attempts of one process; of several that share a file: `geo.records.sign_in.shared_attempts`."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def begin(self, username: str, network: str, now: datetime) -> int:
        """Count an attempt before its password is looked at, so that many at once can't slip past; which one it is.

        Raises
        ------
        AccountLockedError
            There were too many wrong ones from this network; how long to wait is in it.
        """
        key = name_of(username), network
        with self._lock:
            count, last = self._known.pop(key, (0, now))
            self._known[key] = count, last  # also where the next line refuses: those used last are forgotten last
            number = counted(count, last, now)
            self._known[key] = number, now
            while len(self._known) > _STORED:
                self._known.popitem(last=False)
            return number

    def forget(self, username: str, network: str | None = None) -> None:
        """Begin the count anew: the password was right, or (of all networks) was set again."""
        name = name_of(username)
        with self._lock:
            for key in [(name, network)] if network is not None else [key for key in self._known if key[0] == name]:
                self._known.pop(key, None)
