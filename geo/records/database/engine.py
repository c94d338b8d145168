"""The database: one SQLite file without any set-up, or the PostgreSQL that `DIABAN_DATABASE_URL` names.

SQLite runs in WAL mode with `synchronous = FULL`: a write that was acknowledged survives the death of the process and
of the machine. Every write begins with `BEGIN IMMEDIATE`, so that processes wait for each other instead of failing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from geo import settings
from geo.errors import InputError, Problem
from geo.files import reason_of
from geo.records.database.audit_shipping import ship
from geo.records.database.hash_chain import UNSEALED, Unsealed, seal
from geo.records.database.lists import read_by_list
from geo.records.model.errors import StoreBusyError, StoreError, StoreFullError, StoreUnreachableError

BUSY_SECONDS = 30
_WRITES = "diaban_writes"
_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "foreign_keys = ON",
    "synchronous = FULL",
    "recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the DELETE triggers
    "trusted_schema = OFF",
)


def default_file() -> Path:
    """The SQLite file: `DIABAN_DATABASE_FILE`, else `diaban/diaban.sqlite` in the user's data folder (XDG)."""
    return settings.database_file()


def database_url(url: str | None = None) -> URL:
    """Where the records are: `url`, else `DIABAN_DATABASE_URL`, else the default SQLite file.

    Raises
    ------
    InputError
        The text is not a database URL, names another kind of database, or an SQLite database in memory.
    """
    text = url or settings.text("database_url")
    if not text:
        return URL.create("sqlite+pysqlite", database=str(default_file()))
    try:
        parsed = make_url(text)
    except (exc.ArgumentError, ValueError):
        # Without the error itself, which may quote the URL and the password in it.
        raise InputError(_bad_url("records.no-database-url")) from None
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return _with_hidden_password(parsed.set(drivername="postgresql+psycopg"))
    if backend != "sqlite":
        raise InputError(_bad_url("records.other-database", backend=backend))
    if not parsed.database or parsed.database == ":memory:":
        raise InputError(_bad_url("records.database-in-memory"))
    return parsed.set(drivername="sqlite+pysqlite")


def _with_hidden_password(url: URL) -> URL:
    """The URL with a password of its query where it is hidden when the URL is shown."""
    given = url.query.get("password")
    rest = url.difference_update_query(["password"])
    return rest.set(password=given) if isinstance(given, str) and url.password is None else rest


def shown(url: URL) -> str:
    """A database URL as it may be shown: without password, and without its query, which may hold others."""
    return url.set(query={}).render_as_string(hide_password=True)


def make_engine(url: URL) -> Engine:
    """An engine with the settings that the records rely on; makes a missing SQLite file, opens nothing yet.

    Raises
    ------
    StoreError
        The folder of the SQLite file can't be made or written to.
    """
    if url.get_backend_name() == "sqlite":
        _make_file(Path(str(url.database)))
        engine = create_engine(url, pool_size=10, max_overflow=40)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        read_by_list(engine)
        return engine
    settings = {
        "connect_timeout": 10,
        "application_name": "diaban",
        "options": f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s",
    }
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=10, max_overflow=40, connect_args=settings | dict(url.query)
    )
    read_by_list(engine)
    return engine


def require_room(engine: Engine, least: int) -> None:
    """Refuse to call records ready whose file can't grow by `least` bytes; a server sees to its own disk.

    Raises
    ------
    StoreFullError
        There is less room on the disk of the file.
    """
    if engine.dialect.name != "sqlite":
        return
    folder = Path(str(engine.url.database)).resolve().parent
    free = shutil.disk_usage(folder).free
    if free < least:
        raise StoreFullError(Problem("records.disk-nearly-full", str(folder), megabytes=free // 1_000_000))


@contextmanager
def writing(engine: Engine, options: Mapping[str, Any] | None = None) -> Iterator[Connection]:
    """A transaction that writes; committed and safe on disk when the block ends, undone when it raises.

    `options`: execution options of its connection (`geo.records.database.lists`).
    The append-only rows that it noted get their links in the hash chain before the commit, and its audit
    lines go to syslog after it, where that is set.
    """
    own: dict[str, Any] = {_WRITES: True, UNSEALED: Unsealed(), **(options or {})}
    with engine.connect().execution_options(**own) as connection, connection.begin():
        yield connection
        lines = seal(connection)
    ship(lines)


@contextmanager
def reading(engine: Engine, options: Mapping[str, Any] | None = None) -> Iterator[Connection]:
    """A transaction that reads one state of the data, whatever is written meanwhile; `options` as of `writing`."""
    level: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level, **(options or {})) as connection, connection.begin():
        yield connection


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database driver raises into a `StoreError` that says what to do; never shows a password."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreBusyError(Problem("records.connections-in-use", shown(url))) from error
    except exc.DBAPIError as error:
        raise _explain(url, error) from error


def _explain(url: URL, error: exc.DBAPIError) -> StoreError:
    lines = str(error.orig).strip().splitlines()
    text, where = lines[0] if lines else type(error.orig).__name__, shown(url)
    low = text.lower()
    if any(word in low for word in _BUSY):
        return StoreBusyError(Problem("records.database-busy", where, text=text))
    if any(word in low for word in _FULL):
        return StoreFullError(Problem("records.disk-full", where, text=text))
    for words, code in _CAUSES:
        if any(word in low for word in words):
            return StoreError(Problem(code, where, text=text))
    lost = error.connection_invalidated or (
        url.get_backend_name() == "postgresql" and isinstance(error, exc.OperationalError)
    )
    if lost:
        return StoreUnreachableError(Problem("records.database-unreachable", where, text=text))
    return StoreError(Problem("records.database-failed", where, text=text))


_FULL = ("disk is full", "no space left", "could not extend")
_BUSY = ("locked", "lock timeout", "deadlock", "could not serialize")
_CAUSES = (
    (("readonly", "read-only", "permission denied"), "records.database-read-only"),
    (("unable to open", "disk i/o error"), "records.database-not-opened"),
    (("not a database", "malformed", "encrypted"), "records.database-damaged"),
    (("password authentication", "does not exist"), "records.database-login"),
)


def _configure_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Python's own transaction handling is switched off: `_begin_sqlite` says how each transaction begins.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            # Reports are for officials: nobody else on the machine may read the file.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(Problem("records.database-not-made", str(path), reason=reason_of(error))) from error


def _bad_url(code: str, **parameters: str) -> Problem:
    return Problem(code, "DIABAN_DATABASE_URL", **parameters)
