"""Audit lines sent to syslog once they are committed, as RFC 5424 says, where `DIABAN_SYSLOG` names a receiver.

A thread of its own sends them, so that no request waits for a receiver. What it can't send it tries again; of lines
that came meanwhile and do not fit into the queue the number is sent as a line of its own. The audit log in the database
is the record; syslog holds a copy of it, with the number and hash of each line's link in the hash chain, elsewhere.
"""

from __future__ import annotations

import atexit
import os
import queue
import select
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

from geo import settings
from geo.errors import InputError, Problem

QUEUE = 10_000
"""So many lines wait at most for a receiver that does not answer."""
HIDDEN = frozenset({"disclosure.seed"})
"""Actions whose detail is a secret of the records, and is not sent."""
_AGAIN_S, _END_S, _CONNECT_S = 1.0, 2.0, 5.0
_AUDIT, _NOTICE, _WARNING = 13, 5, 4
"""Facility and severities of RFC 5424."""
_PORT = 514
_ENTERPRISE = "diaban@32473"
"""The name of the structured data; 32473 is the number that IANA sets aside for documentation."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log as it is sent; `link` and `chained` (hex) are those of its link in the hash chain."""

    at: datetime
    who: str
    office: str
    origin: str
    action: str
    subject: str
    detail: str
    link: int = 0
    chained: str = ""

    def rfc5424(self, host: str, process: int) -> str:
        """The line without its priority (`<109>`), which the handler writes."""
        values = {
            name: getattr(self, name) for name in ("who", "office", "origin", "action", "subject", "link", "chained")
        }
        data = " ".join(f'{name}="{_escaped(str(value))}"' for name, value in values.items())
        detail = "" if self.action in HIDDEN else self.detail
        text = _one_line(f"{self.action} {detail}")
        return f"{_head(self.at, host, process, 'audit')} [{_ENTERPRISE} {data}] \ufeff{text}"


def ship(lines: Sequence[AuditLine]) -> None:
    """Hand over lines that were committed; returns at once, whatever the receiver does."""
    shipper = _shipper() if lines else None
    if shipper is not None:
        for line in lines:
            shipper.put(line)


def is_on() -> bool:
    """Whether lines are sent; `InputError` where the setting names no receiver."""
    return _shipper() is not None


@cache
def _shipper() -> Shipper | None:
    text = settings.text("syslog")
    return Shipper(text) if text else None


class Shipper:
    """A queue and the thread that empties it into a receiver: `udp://host:port`, `tcp://host:port`, or a socket's path.

    Raises
    ------
    InputError
        The address is none of these.
    """

    def __init__(self, address: str) -> None:
        self._address, self._kind = _receiver(address)
        self._waiting: queue.Queue[AuditLine] = queue.Queue(QUEUE)
        self._lost = 0
        self._socket: socket.socket | None = None
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None
        self._host = socket.gethostname() or "-"

    def put(self, line: AuditLine) -> None:
        """Take a line; where the queue is full, count it as lost."""
        self._begin()
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self._lost += 1

    def drain(self, seconds: float = _END_S) -> None:
        """Wait until everything was sent, for so long at most: a command that ends would lose its last lines."""
        until = time.monotonic() + seconds
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)

    def _begin(self) -> None:
        with self._begun:
            # A worker that was forked has no thread of its own yet.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="diaban-syslog", daemon=True)
                self._thread.start()
                atexit.register(self.drain)

    def _run(self) -> None:
        while True:
            line = self._waiting.get()
            self._send(line.rfc5424(self._host, os.getpid()), _NOTICE)
            self._waiting.task_done()
            if self._lost:
                lost, self._lost = self._lost, 0
                head = _head(datetime.now(UTC), self._host, os.getpid(), "audit-lost")
                self._send(f'{head} [{_ENTERPRISE} lost="{lost}"] \ufeff{lost} audit lines were not sent', _WARNING)

    def _send(self, text: str, severity: int) -> None:
        """Send a line, again and again until it is taken; a datagram is taken by being sent."""
        ending = "\n" if self._kind == socket.SOCK_STREAM else ""
        line = f"<{_AUDIT * 8 + severity}>{text}{ending}".encode()
        while True:
            with suppress(OSError):
                self._opened().sendall(line)
                return
            self._close()
            time.sleep(_AGAIN_S)

    def _opened(self) -> socket.socket:
        if self._socket is not None and self._kind == socket.SOCK_STREAM and _is_closed(self._socket):
            self._close()
        if self._socket is None:
            self._socket = _connected(self._address, self._kind)
        return self._socket

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _connected(address: tuple[str, int] | str, kind: socket.SocketKind) -> socket.socket:
    if isinstance(address, str):
        opened = socket.socket(socket.AF_UNIX, kind)
        opened.connect(address)
        return opened
    if kind == socket.SOCK_STREAM:
        return socket.create_connection(address, _CONNECT_S)
    family, _, _, _, place = socket.getaddrinfo(*address, type=kind)[0]
    opened = socket.socket(family, kind)
    opened.connect(place)
    return opened


def _is_closed(stream: socket.socket) -> bool:
    """Whether the receiver has closed a stream: what is sent into it then would be taken by nobody, unsaid."""
    readable, _, _ = select.select([stream], [], [], 0)
    return bool(readable) and stream.recv(1, socket.MSG_PEEK) == b""


def _receiver(address: str) -> tuple[tuple[str, int] | str, socket.SocketKind]:
    if address.startswith("/"):
        return address, socket.SOCK_DGRAM
    parts = urlsplit(address)
    try:
        port = parts.port or _PORT
    except ValueError:
        port = 0
    if parts.scheme not in ("udp", "tcp") or not parts.hostname or not port:
        raise InputError(Problem("settings.no-syslog", "DIABAN_SYSLOG", value=address))
    return (parts.hostname, port), socket.SOCK_STREAM if parts.scheme == "tcp" else socket.SOCK_DGRAM


def _head(at: datetime, host: str, process: int, kind: str) -> str:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"1 {moment} {host} diaban {process} {kind}"


def _escaped(value: str) -> str:
    for sign in ("\\", '"', "]"):
        value = value.replace(sign, f"\\{sign}")
    return _one_line(value)


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
