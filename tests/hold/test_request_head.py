"""What comes before a body is bounded by the service itself, whatever is in front of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
import uvicorn

from api.core.request_head import BoundedHead
from api.core.settings import ApiSettings
from api.main import _uvicorn_options

MUCH = 3_000_000
NO_END = 200_000_000
"""More than the buffers between a client and a server that has long refused it take."""


async def _app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Says how many headers and bytes came."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    said = f"{len(scope['headers'])} {len(body)}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


class Hasty(BoundedHead):
    """As the service's, with little time."""

    seconds = 0.2


@contextmanager
def _serving(http: Any) -> Iterator[int]:
    """The port of a server that speaks a protocol."""
    server = uvicorn.Server(uvicorn.Config(_app, http=http, log_config=None, lifespan="off"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with the protocol that the service runs with."""
    with _serving(_uvicorn_options(ApiSettings(secret="s" * 40))["http"]) as port:  # type: ignore[arg-type]
        yield port


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """A server that waits for a head as shortly as can be tested."""
    with _serving(Hasty) as port:
        yield port


def _sent(port: int, *parts: bytes, repeated: bytes = b"", until: int = MUCH) -> tuple[bytes, int]:
    """What is answered to parts, and to more of the same until so many bytes went; and how many were taken."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        taken = 0
        try:
            for part in parts:
                connection.sendall(part)
            while repeated and taken < until:
                connection.sendall(repeated)
                taken += len(repeated)
            return _answer(connection), taken
        except (ConnectionError, BrokenPipeError):
            return b"", taken


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while part := connection.recv(4_096):
        answer += part
        if b"\r\n\r\n" in answer and not answer.endswith(b"\r\n\r\n"):
            break
    return answer


@pytest.mark.parametrize(
    ("begins", "repeated"),
    [
        (b"GET /?q=", b"a" * 10_000),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a" * 10_000),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: a\r\n" * 1_000),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX", b"x" * 10_000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X-A: a\r\n" * 1_000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: ", b"a" * 10_000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a" * 10_000),
    ],
)
def test_nobody_sends_a_head_without_an_end(port: int, begins: bytes, repeated: bytes) -> None:
    answer, taken = _sent(port, begins, repeated=repeated, until=NO_END)
    assert taken < NO_END
    assert answer[:12] in (b"", b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 10_000 + b"\r\n",
        b"GET /?q=%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 70_000),
    ],
    ids=["headers", "address"],
)
def test_a_long_head_in_one_piece_is_refused_too(port: int, head: bytes) -> None:
    answer, _ = _sent(port, head)
    assert answer[:12] in (b"", b"HTTP/1.1 400")  # b"": the connection was closed while the rest was on its way


def test_what_browsers_send_passes(port: int) -> None:
    head = b"GET /?q=%b HTTP/1.1\r\nHost: x\r\nCookie: %b\r\n\r\n" % (b"a" * 15_000, b"b" * 15_000)
    assert _sent(port, head)[0].endswith(b"2 0")
    assert _sent(port, head[:9_000], head[9_000:])[0].endswith(b"2 0")
    body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % MUCH
    assert _sent(port, body, repeated=b"a" * 10_000)[0].endswith(b"2 %d" % MUCH)


def test_headers_after_the_body_are_none_of_the_request(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    assert _sent(port, head)[0].endswith(b"2 1")


@pytest.mark.parametrize("begins", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET"])
def test_a_head_that_does_not_end_is_cut_off(hasty: int, begins: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty), timeout=3) as connection:
        connection.sendall(begins)
        while connection.recv(4_096):
            pass
