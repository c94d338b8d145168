"""The head of a request, its address and headers: bounded in bytes and in time.

`uvicorn` holds as many as are sent, for as long as that takes: a hundred megabytes of headers become ten times as much
in memory before anything here is asked. A proxy in front has bounds of its own; not every service stands behind one.
"""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST = 64_000
"""Bytes of an address with all headers; nginx passes on half as much at most."""
SECONDS = 30.0
"""So long may pass from the first byte of a connection, or of a head, to the end of the head."""
_A_HEADER = 16
"""What a header costs besides its bytes, at least."""


class BoundedHead(HttpToolsProtocol):
    """The protocol of a connection: a head that is too long gets 400, one that does not end is cut off.

    `_taken` are the bytes of the message's head, and of headers after its body, which count for nothing else;
    `_unclear` are those of pieces in which nothing ended, as the parser holds a header until it is whole.
    """

    seconds = SECONDS
    _in_head = True
    _taken = _unclear = 0
    _waiting: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a piece of what was sent."""
        self._unclear += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._unclear > LONGEST:
            self.send_400_response("Request head too long.")
        elif self._in_head and self._waiting is None:
            self._wait()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._taken = True, 0

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._take(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; one that comes after the body says nothing of the request that is being answered."""
        self._take(len(name) + len(value) + _A_HEADER)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head, self._unclear = False, 0
        self._wait_no_longer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._unclear = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of a request is here."""
        self._unclear = 0
        super().on_message_complete()

    def _take(self, size: int) -> None:
        self._taken += size
        if self._taken > LONGEST:
            raise ValueError(self._taken)  # the parser stops, and 400 is sent

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.seconds, self._late)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _late(self) -> None:
        """Cut off a connection whose head does not end; one that is still being answered gets its answer."""
        self._waiting = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self._wait()
