"""Who signs in next, while more want to than passwords can be hashed: each costs a processor for a while, on purpose.

A flood comes from many networks, and a place for each of them would be the flood's. So browsers from which somebody
signed in before come first, each account's own in turn; then whoever comes from where the fewest were refused lately: a
provider's range (IPv4 /16, IPv6 /32) before all, a network within it. Where too many wait, the last in this order goes.

Who is known, and who comes alone from a range where nobody was refused lately, goes *ahead*: a place is spared for
them, so that they do not wait for a stranger's password that is being hashed, slowly, behind all other work; and their
own is hashed beside the other work, not behind it. Of those who are not known, so many a minute as no flood gains by.
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
from geo.records.sign_in.hashing import SPARE

_MOST_WAITING = 200
_LONGEST_S = 20.0
_FORGOTTEN_S = 300.0
"""Refusals are counted for so long, and once more as long."""
_WRONG_OF_ACCOUNT = 5
"""With so many wrong passwords lately a known browser goes ahead no more."""
_NEW_AHEAD, _NEW_WITHIN_S = 30, 60.0
"""So many who are not known go ahead in a minute: some seconds of a processor, from however many ranges."""


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
    is_ahead: bool
    turn: asyncio.Future[None] = field(repr=False)
    is_spared: bool = False
    """Whether its place is one of those that are spared."""


class SignInQueue:
    """The places of a process to sign in, and the `spare` ones of those who go ahead; for use within one event loop."""

    def __init__(self, places: int, most_waiting: int = _MOST_WAITING, spare: int = SPARE) -> None:
        self._free, self._most, self._spare = places, most_waiting, spare
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._refused = _Recent()
        self._here = Counter[str]()
        self._new_until, self._new_left = 0.0, 0

    @asynccontextmanager
    async def place(self, comer: Comer) -> AsyncIterator[bool]:
        """A place, as soon as it is the comer's turn; whether it goes ahead.

        Raises
        ------
        TooManyError
            It did not come in time, or others who come before have filled the queue.
        """
        widest = comer.lines[0]
        self._here[widest] += 1
        try:
            one = await self._wait(comer)
            try:
                yield one.is_ahead
            finally:
                self._give_back(one)
        finally:
            self._here[widest] -= 1
            self._here += Counter()  # without those of which nobody is here

    def refused(self, comer: Comer) -> None:
        """Count that somebody was not let in."""
        self._refused.add(comer.lines)

    def _goes_ahead(self, comer: Comer) -> bool:
        wrong = self._refused.counts(comer.lines)[0]
        if comer.account:
            return wrong < _WRONG_OF_ACCOUNT
        now = asyncio.get_running_loop().time()
        if now > self._new_until:
            self._new_until, self._new_left = now + _NEW_WITHIN_S, _NEW_AHEAD
        is_ahead = not wrong and self._here[comer.lines[0]] == 1 and self._new_left > 0
        self._new_left -= is_ahead
        return is_ahead

    async def _wait(self, comer: Comer) -> _Waiting:
        turn = asyncio.get_running_loop().create_future()
        one = _Waiting(comer, next(self._numbers), self._goes_ahead(comer), turn)
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
        return one

    def _gone(self, one: _Waiting) -> None:
        """Whoever went away while it was called gives the place on."""
        if one in self._waiting:
            self._waiting.remove(one)
        elif one.turn.done() and not one.turn.cancelled() and one.turn.exception() is None:
            self._give_back(one)

    def _give_back(self, one: _Waiting) -> None:
        if one.is_spared:
            self._spare += 1
        else:
            self._free += 1
        self._call()

    def _call(self) -> None:
        while able := [one for one in self._waiting if self._free or (self._spare and one.is_ahead)]:
            first = min(able, key=self._order)
            self._waiting.remove(first)
            if not first.turn.done():
                self._take(first)

    def _take(self, one: _Waiting) -> None:
        one.is_spared = one.is_ahead and self._spare > 0
        if one.is_spared:
            self._spare -= 1
        else:
            self._free -= 1
        one.turn.set_result(None)

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
