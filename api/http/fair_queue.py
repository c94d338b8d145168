"""Whose request is worked on next: those who signed in first, then strangers in turn, last those who took most.

A first-come queue belongs to whoever fills it. Here each client has a line of its own, the lines are served in turn,
nobody holds more than a part of the places, strangers never hold all of them, and those of them who took much lately
(`Client.heavy`) hold one together: what they ask for next will take much too. After each of their requests they rest,
as long as others come: Python runs one thread at a time, and one place that is always taken is half of a processor.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.core.problems import TooManyError
from geo.errors import Problem

PLACES = 4
"""Reading requests that are worked on at once, in each process: more would only share out the processor among
themselves, and hold up writes and the loop, which must have it for moments. Threads are 40."""
_STRANGERS, _ONE_STRANGER, _ONE_ACCOUNT = 3, 2, 3
"""Of the places, what those without an account hold together, what one of them holds, and what one account holds."""
_MOST_WAITING, _ONE_WAITING = 1000, 100
_REST = 4.0
"""Those who took much rest so many times as long as they were worked on: a fifth of a processor is theirs."""
_QUIET_S = 10.0
"""Where nobody else came for so long, they need not rest."""
_TICK_S = 0.05
"""A clock may call so much too early."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: `name` of an account or network, '' where neither is known; whether it `signed_in`.

    `heavy`: a network that took much of the processor lately.
    """

    name: str
    signed_in: bool
    heavy: bool = False

    @property
    def rank(self) -> int:
        """Which lines it stands in: those of a lower rank are called first."""
        return 0 if self.signed_in else 1 + self.heavy


class FairQueue:
    """The places of a process; to be used within one event loop."""

    def __init__(self, places: int = PLACES, one_account: int = _ONE_ACCOUNT) -> None:
        self._places, self._one_account = places, one_account
        self._running: Counter[Client] = Counter()
        self._lines: tuple[OrderedDict[Client, deque[asyncio.Future[None]]], ...] = (
            OrderedDict(),
            OrderedDict(),
            OrderedDict(),
        )
        self._rests_until = self._others_at = float("-inf")

    @asynccontextmanager
    async def place(self, client: Client) -> AsyncIterator[None]:
        """A place, as soon as it is the client's turn.

        Raises
        ------
        TooManyError
            The client, or all together, have too many requests waiting.
        """
        await self._wait(client)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            now = loop.time()
            if not client.heavy:
                self._others_at = now
            elif self._others_at > began - _QUIET_S:
                self._rests_until = now + _REST * (now - began)
                loop.call_at(self._rests_until, self._wake)
            self._leave(client)

    async def _wait(self, client: Client) -> None:
        if self._fits(client) and client not in self._lines[client.rank]:
            self._running[client] += 1
            return
        line = self._lines[client.rank].setdefault(client, deque())
        waiting = sum(map(len, self._lines[client.rank].values()))
        if waiting >= _MOST_WAITING or (client.name and len(line) >= _ONE_WAITING):
            raise TooManyError(Problem("service.too-many-waiting"))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        if client.heavy:  # the rest may have begun in a loop that ended
            asyncio.get_running_loop().call_at(self._rests_until, self._wake)
        try:
            await turn
        except asyncio.CancelledError:
            # Whoever went away while it was called gives the place on.
            if turn.done() and not turn.cancelled():
                self._leave(client)
            raise

    def _leave(self, client: Client) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        for lines in self._lines:
            self._call(lines)

    def _wake(self) -> None:
        if self._is_resting():  # another has begun, and wakes them
            return
        self._rests_until = float("-inf")
        self._call(self._lines[-1])

    def _is_resting(self) -> bool:
        return asyncio.get_running_loop().time() + _TICK_S < self._rests_until

    def _call(self, lines: OrderedDict[Client, deque[asyncio.Future[None]]]) -> None:
        """Call those who come next, one of each client in turn, as long as there are places for them."""
        for client in list(lines):
            line = lines[client]
            while line and line[0].done():  # gone meanwhile
                line.popleft()
            if line and self._fits(client):
                self._running[client] += 1
                line.popleft().set_result(None)
                lines.move_to_end(client)
            if not line:
                del lines[client]

    def _fits(self, client: Client) -> bool:
        if self._running.total() >= self._places:
            return False
        if not client.name:
            return True
        if client.signed_in:
            return self._running[client] < self._one_account
        strangers = sum(count for one, count in self._running.items() if one.name and not one.signed_in)
        if client.heavy and (self._is_resting() or any(one.heavy for one in self._running)):
            return False
        return strangers < _STRANGERS and self._running[client] < _ONE_STRANGER
