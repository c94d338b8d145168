"""A probe of the data version: over a connection for that alone, at a cost that every request can bear.

It returns what a reading transaction that begins at that moment would see, so a write that was acknowledged by any
process is seen by whoever asks after it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import URL, Engine, exc
from sqlalchemy.pool import PoolProxiedConnection

_CHECK_S = 0.02
_QUERY = "SELECT counter, recorded_at FROM data_version"
Row = tuple[int, datetime | None]


class VersionProbe(Protocol):
    """Reads the version row without waiting; None where that fails, so that the slow path must be taken."""

    def row(self) -> Row | None:
        """The counter of writes and the moment of the last one (UTC, None before any).

        In a file the same object again as long as nothing was written.
        """

    def close(self) -> None:
        """Give the connection back."""


def probe(engine: Engine) -> VersionProbe:
    """The probe for this database."""
    if engine.dialect.name == "sqlite":
        return _SqliteProbe(engine.url)
    return _ServerProbe(engine.raw_connection)


class _SqliteProbe:
    """Microseconds: SQLite sees in its shared memory whether anything was written, and has the row at hand if not."""

    def __init__(self, url: URL) -> None:
        self._path = str(url.database)
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor | None = None
        self._file: tuple[int, int] | None = None
        self._until = 0.0
        self._seen: tuple[tuple[int, str | None], Row] | None = None

    def row(self) -> Row | None:
        with self._lock:
            try:
                return self._read()
            except (OSError, sqlite3.Error):
                self._drop()
                return None

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _read(self) -> Row:
        if self._connection is None or time.monotonic() >= self._until:
            self._check_file()
        assert self._cursor is not None
        raw: tuple[int, str | None] = self._cursor.execute(_QUERY).fetchone()
        if self._seen is None or self._seen[0] != raw:
            counter, text = raw
            self._seen = raw, (counter, None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC))
        return self._seen[1]

    def _check_file(self) -> None:
        # A file that was moved away and made anew is another database; it takes a stopped service to do that well.
        found = os.stat(self._path)  # noqa: PTH116 - a Path would cost more than the probe itself
        self._until = time.monotonic() + _CHECK_S
        if self._connection is None or (found.st_dev, found.st_ino) != self._file:
            self._open((found.st_dev, found.st_ino))

    def _open(self, file: tuple[int, int]) -> None:
        self._drop()
        # No waiting: whoever finds the database busy takes the slow path, which waits as it should.
        self._connection = sqlite3.connect(
            self._path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=1
        )
        self._cursor = self._connection.cursor()
        self._cursor.execute("PRAGMA trusted_schema = OFF")
        self._file = file

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._cursor = self._file = self._seen = None


class _ServerProbe:
    """One short query to the server, over a connection of its own."""

    def __init__(self, connect: Callable[[], PoolProxiedConnection]) -> None:
        self._connect = connect
        self._lock = Lock()
        self._connection: Any = None

    def __del__(self) -> None:
        self._drop()

    def row(self) -> Row | None:
        with self._lock:
            try:
                if self._connection is None:
                    self._open()
                counter, moment = self._connection.execute(_QUERY, prepare=True).fetchone()
            except Exception as error:  # drivers raise their own kinds; the slow path explains them
                self._drop()
                if not _is_trouble_of_database(error):
                    raise
                return None
            return counter, None if moment is None else moment.astimezone(UTC)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _open(self) -> None:
        pooled = self._connect()
        self._connection = pooled.driver_connection
        pooled.detach()
        self._connection.autocommit = True

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
        self._connection = None


def _is_trouble_of_database(error: Exception) -> bool:
    import psycopg

    return isinstance(error, (psycopg.Error, exc.SQLAlchemyError, OSError))
