"""Who signs in next, while more want to than passwords can be hashed: each costs a processor for a while, on purpose.

A flood comes from many networks, and a place for each of them would be the flood's. So browsers from which somebody
signed in before come first, each account's own in turn; then whoever comes from where the fewest were refused lately: a
provider's range (IPv4 /16, IPv6 /32) before all, a network within it. Where too many wait, the last in this order goes.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from api.core.problems import TooManyError
from geo.errors import Problem

_MOST_WAITING = 200
_LONGEST_S = 20.0
_FORGOTTEN_S = 300.0
"""Refusals are counted for so long, and once more as long."""


@dataclass(frozen=True, slots=True)
class Comer:
    """Who wants to sign in: of which `network`, and the account whose known browser it is, '' for any other."""

    network: str
    account: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """By what it is counted, the widest first."""
        return (f"account {self.account}",) if self.account else (_range(self.network), self.network)


@dataclass(slots=True, eq=False)
class _Waiting:
    comer: Comer
    number: int
    turn: asyncio.Future[None] = field(repr=False)


class SignInQueue:
    """The places of a process to sign in; to be used within one event loop."""

    def __init__(self, places: int, most_waiting: int = _MOST_WAITING) -> None:
        self._free, self._most = places, most_waiting
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._refused = _Recent()

    @asynccontextmanager
    async def place(self, comer: Comer) -> AsyncIterator[None]:
        """A place, as soon as it is the comer's turn.

        Raises
        ------
        TooManyError
            It did not come in time, or others who come before have filled the queue.
        """
        await self._wait(comer)
        try:
            yield
        finally:
            self._free += 1
            self._call()

    def refused(self, comer: Comer) -> None:
        """Count that somebody was not let in."""
        self._refused.add(comer.lines)

    async def _wait(self, comer: Comer) -> None:
        one = _Waiting(comer, next(self._numbers), asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._call()
        if len(self._waiting) > self._most:
            last = max(self._waiting, key=self._order)
            self._waiting.remove(last)
            last.turn.set_exception(TooManyError(Problem("accounts.busy")))
        try:
            async with asyncio.timeout(_LONGEST_S):
                await one.turn
        except TimeoutError:
            self._gone(one)
            raise TooManyError(Problem("accounts.busy")) from None
        except asyncio.CancelledError:
            self._gone(one)
            raise

    def _gone(self, one: _Waiting) -> None:
        """Whoever went away while it was called gives the place on."""
        if one in self._waiting:
            self._waiting.remove(one)
        elif one.turn.done() and not one.turn.cancelled() and one.turn.exception() is None:
            self._free += 1
            self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            first = min(self._waiting, key=self._order)
            self._waiting.remove(first)
            if not first.turn.done():
                self._free -= 1
                first.turn.set_result(None)

    def _order(self, one: _Waiting) -> tuple[bool, tuple[int, ...], int]:
        return not one.comer.account, self._refused.counts(one.comer.lines), one.number


class _Recent:
    """How often something was, within five to ten minutes."""

    def __init__(self) -> None:
        self._now: Counter[str] = Counter()
        self._before: Counter[str] = Counter()
        self._until = 0.0

    def add(self, names: tuple[str, ...]) -> None:
        """Count one of each."""
        self._pass()
        self._now.update(names)

    def counts(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """How often each was."""
        return tuple(self._now[name] + self._before[name] for name in names)

    def _pass(self) -> None:
        now = asyncio.get_running_loop().time()
        if now > self._until:
            self._before, self._now, self._until = self._now, Counter(), now + _FORGOTTEN_S


@lru_cache(maxsize=4096)
def _range(network: str) -> str:
    """What a provider has of which a network is a part: of IPv4 a /16, of IPv6 a /32."""
    try:
        begin = ipaddress.ip_network(network).network_address
    except ValueError:
        return ""
    return str(ipaddress.ip_network((begin, 16 if begin.version == 4 else 32), strict=False))
