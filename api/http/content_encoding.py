"""Bodies that are sent compressed (`Content-Encoding`): unpacked in parts, so that a small one fills no memory.

Only gzip and deflate are read, once each: what else a body is packed in is refused, and never read as it came.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from api.core.problems import EncodedBodyError
from geo.errors import InputError, Problem

READ = ("gzip", "deflate")
"""What is read, besides `identity`."""
_NAMES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
_ANY_HEADER, _NO_HEADER = 47, -15
"""What zlib is asked for: gzip or zlib by its first bytes, or deflate without either, as some programs send it."""
_ZLIB, _MULTIPLE = 8, 31
_PART = 256_000
"""Bytes that are handed on at a time."""


class Unpacked:
    """The body of one request, unpacked, in parts of bounded size; whoever takes them counts them."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._waiting = b""
        self._stream: zlib._Decompress | None = None
        self._has_more = True

    async def receive(self) -> Message:
        """The next part of the body.

        Raises
        ------
        InputError
            It is damaged, or ends before its end.
        """
        while self._has_more or self._waiting:
            if not self._waiting:
                message = await self._receive()
                if message["type"] != "http.request":
                    return message
                self._waiting = message.get("body", b"")
                self._has_more = message.get("more_body", False)
                if not self._waiting:
                    continue
            text = self._next()
            if text:
                await asyncio.sleep(0)  # others are answered while a large one is unpacked
                return {"type": "http.request", "body": text, "more_body": True}
        self._check_whole()
        return {"type": "http.request", "body": b"", "more_body": False}

    def _next(self) -> bytes:
        """What the waiting bytes hold, as far as one part goes."""
        stream = self._stream or _stream(self._waiting)
        self._stream = stream
        try:
            text = stream.decompress(self._waiting, _PART)
        except zlib.error as error:
            raise _damaged() from error
        self._waiting = stream.unconsumed_tail
        if stream.eof:  # several may stand one after the other
            self._waiting, self._stream = stream.unused_data.lstrip(b"\0"), None
        return text

    def _check_whole(self) -> None:
        if self._stream is not None:
            raise _damaged()


def named_encoding(scope: Scope) -> str:
    """What a body is packed in, '' for nothing; where no body is looked at, nothing is.

    Raises
    ------
    EncodedBodyError
        It is nothing that is read, or it is packed several times.
    """
    named = ",".join(Headers(scope=scope).getlist("content-encoding")).lower()
    found = [name for name in (part.strip() for part in named.split(",")) if name not in ("", "identity")]
    if not found or scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return ""
    if len(found) > 1 or found[0] not in _NAMES:
        raise EncodedBodyError(Problem("service.body-encoding", "Content-Encoding", name=", ".join(found)[:60]))
    return _NAMES[found[0]]


def of_text(scope: Scope) -> MutableMapping[str, Any]:
    """The request without what its headers say of the packed body."""
    said = (b"content-encoding", b"content-length")
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in said]}


def _stream(head: bytes) -> zlib._Decompress:
    has_header = head[:1] == b"\x1f" or (
        head[0] & 15 == _ZLIB and (len(head) == 1 or int.from_bytes(head[:2], "big") % _MULTIPLE == 0)
    )
    return zlib.decompressobj(_ANY_HEADER if has_header else _NO_HEADER)


def _damaged() -> InputError:
    return InputError(Problem("service.body-damaged", "body"))
