"""What strangers send, whole before it takes a place: a body that stands still holds up nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Message, Receive

from api.core.problems import TooManyError
from geo.errors import Problem

MOST, MOST_OF_ONE = 48_000_000, 16_000_000
"""Bytes of bodies that are here and wait: of all strangers of a process, and of one network."""
_LEAST = 64_000
"""What each body counts for at least."""


class WholeBodies:
    """The bodies of a process; to be used within one event loop."""

    def __init__(self) -> None:
        self._bytes: Counter[str] = Counter()

    @asynccontextmanager
    async def whole(self, network: str, receive: Receive) -> AsyncIterator[Receive]:
        """What `receive` gives once all of it is here.

        Raises
        ------
        TooManyError
            The network, or all together, have too much here already.
        """
        messages: list[Message] = []
        counted = 0
        try:
            more = True
            counted += self._count(network, _LEAST)
            while more:
                message = await receive()
                messages.append(message)
                counted += self._count(network, len(message.get("body", b"")))
                more = message.get("more_body", False)
            yield _again(messages, receive)
        finally:
            self._bytes[network] -= counted
            if self._bytes[network] <= 0:
                del self._bytes[network]

    def _count(self, network: str, more: int) -> int:
        if self._bytes[network] + more > MOST_OF_ONE or self._bytes.total() + more > MOST:
            raise TooManyError(Problem("service.too-many-waiting"))
        self._bytes[network] += more
        return more


def _again(messages: list[Message], receive: Receive) -> Receive:
    left = messages[::-1]

    async def received() -> Message:
        return left.pop() if left else await receive()

    return received
