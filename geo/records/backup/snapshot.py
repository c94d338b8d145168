"""A copy of the records as one SQLite file, whatever database they are in: rows, numbers, manifest and digest.

A copy is made row by row inside one reading transaction, so that writing goes on meanwhile, and what retention removed
leaves no trace in it. Browser sessions are left out: nobody gets in by a copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, exc, inspect

from geo.errors import InputError, Problem
from geo.files import scratch
from geo.i18n.message import Message
from geo.records.database.engine import explained, make_engine, writing
from geo.records.database.hash_chain import stored
from geo.records.database.migrate import config
from geo.records.database.migrations import VERSION_TABLE

MANIFEST = "diaban_backup"
"""Name of the table that says what a copy is; the records themselves have none of this name."""
LEFT_OUT = ("login_session",)
_CHUNK = 5_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself.

    `made_at`: UTC, by the clock of the machine; `made_by`: version of diaban; `schema`: of the records; `version`: of
    the data; `digest`: `sha256:…` over all rows; `rows`: table → number of rows.
    """

    made_at: datetime
    made_by: str
    schema: str
    version: str
    digest: str
    rows: Mapping[str, int]

    @property
    def count(self) -> int:
        """Number of entries, without the tables that are only about them."""
        about = {"audit", "data_version", "hash_chain", "chain_head", VERSION_TABLE}
        return sum(rows for table, rows in self.rows.items() if table not in about)


def sqlite_url(path: Path) -> URL:
    """The URL of an SQLite file."""
    return URL.create("sqlite+pysqlite", database=str(path))


def make_empty(path: Path, revision: str) -> Engine:
    """A new SQLite file with the schema `revision` and not one row; the caller disposes of the engine."""
    path.touch(mode=0o600)
    path.write_bytes(_empty(revision))
    return make_engine(sqlite_url(path))


@cache
def _empty(revision: str) -> bytes:
    """The bytes of an SQLite file with a schema and without rows; making one takes Alembic a while."""
    from alembic import command

    with scratch() as folder:
        path = folder / "empty.sqlite"
        engine = make_engine(sqlite_url(path))
        with explained(engine.url), writing(engine) as connection:
            command.upgrade(config(connection), revision)
            tables = inspect(connection).get_table_names()
            for table in {"data_version", "chain_head", VERSION_TABLE}.intersection(tables):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        engine.dispose()
        settle(path)
        return path.read_bytes()


def settle(path: Path) -> None:
    """Leave an SQLite file that nobody has open as one file, without a journal beside it, safe on disk."""
    with explained_file(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = DELETE")  # brings the journal home, and removes it
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def columns_of(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Table → columns of the records in an SQLite database, both by name; without what copies leave out."""
    listed = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars()
    tables = [name for name in listed if not name.startswith("sqlite_") and name not in (MANIFEST, *LEFT_OUT)]
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        rows = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
        found[table] = tuple(sorted(row[1] for row in rows))
    return found


def copy_rows(source: Connection, target: Connection, progress: Progress | None = None) -> dict[str, int]:
    """Copy every row of the `target`'s tables from a `source` of the same schema; table → number of rows."""
    target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    counts: dict[str, int] = {}
    for table, names in columns_of(target).items():
        counts[table] = 0
        fields, marks = _quoted(names), ", ".join("?" * len(names))
        for chunk in _chunks(source, f'SELECT {fields} FROM "{table}"'):
            with explained(target.engine.url):  # else a full disk here would be put down to the source
                target.exec_driver_sql(f'INSERT INTO "{table}" ({fields}) VALUES ({marks})', chunk)
            counts[table] += len(chunk)
            if progress is not None:
                progress(sum(counts.values()))
    _copy_numbers(source, target)
    return counts


def digest(connection: Connection) -> str:
    """SHA-256 over every value of every row of an SQLite copy, in an order that does not hang on the file."""
    found = hashlib.sha256()
    for table, names in columns_of(connection).items():
        found.update(f"\n{table} {' '.join(names)}\n".encode())
        keys = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
        order = _quoted(tuple(row[1] for row in sorted(keys, key=lambda row: row[5]) if row[5])) or "rowid"
        for chunk in _chunks(connection, f'SELECT {_quoted(names)} FROM "{table}" ORDER BY {order}'):
            found.update(repr(chunk).encode())
    for row in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence WHERE seq > 0 ORDER BY name"):
        found.update(repr(tuple(row)).encode())
    return f"sha256:{found.hexdigest()}"


def write_manifest(connection: Connection, made: Manifest) -> None:
    """Write what a copy is into the copy."""
    connection.exec_driver_sql(f"CREATE TABLE {MANIFEST} (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    values = {
        "made_at": made.made_at.isoformat(),
        "made_by": made.made_by,
        "schema": made.schema,
        "version": made.version,
        "digest": made.digest,
        "rows": json.dumps(dict(made.rows)),
    }
    connection.exec_driver_sql(f"INSERT INTO {MANIFEST} VALUES (?, ?)", list(values.items()))


def read_manifest(path: Path) -> Manifest | None:
    """What an SQLite file says of itself as a copy; None if it says nothing of the kind, or is no SQLite file."""
    try:
        with read_only(path) as connection:
            values = dict(connection.execute(f"SELECT name, value FROM {MANIFEST}").fetchall())
        rows = {str(table): int(count) for table, count in json.loads(values["rows"]).items()}
        made_at = datetime.fromisoformat(values["made_at"])
        texts = (values["made_by"], values["schema"], values["version"], values["digest"])
        return Manifest(made_at, *texts, rows=rows)
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError):
        return None


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, not even a journal beside the file."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    finally:
        connection.close()


def broken_chains(connection: Connection) -> list[Message]:
    """What is wrong with the append-only order of an SQLite copy; empty when it is sound.

    A correction comes after what it corrects and belongs to the same chain; numbers and moments rise together; every
    row has the audit line of its moment; no row is newer than the data version.
    """
    tables = columns_of(connection)
    faults: list[Message] = []
    for table in (name for name, columns in tables.items() if "corrects_id" in columns):
        for code, query in _CHAIN_TESTS:
            count = connection.exec_driver_sql(query.format(table=table)).scalar()
            if count:
                faults.append(Message(code, table=table, count=count))
    if connection.exec_driver_sql("SELECT count(*) FROM data_version").scalar() != 1:
        faults.append(Message("records.version-rows"))
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        faults.append(Message("records.dangling-row"))
    return faults


_CHAIN_TESTS = (
    (
        "records.chain-order",
        "SELECT count(*) FROM {table} new JOIN {table} old ON old.id = new.corrects_id "
        "WHERE new.id <= old.id OR new.root_id IS NOT coalesce(old.root_id, old.id)",
    ),
    (
        "records.chain-without-correction",
        "SELECT count(*) FROM {table} WHERE (corrects_id IS NULL) <> (root_id IS NULL)",
    ),
    (
        "records.chain-moments",
        "SELECT count(*) FROM (SELECT recorded_at, lag(recorded_at) OVER (ORDER BY id) AS before FROM {table}) "
        "WHERE recorded_at < before",
    ),
    (
        "records.chain-without-audit",
        "SELECT count(*) FROM {table} WHERE recorded_at NOT IN (SELECT at FROM audit)",
    ),
    (
        "records.chain-newer",
        "SELECT count(*) FROM {table} WHERE recorded_at > coalesce((SELECT recorded_at FROM data_version), '')",
    ),
)


@contextmanager
def explained_file(path: Path) -> Iterator[None]:
    """Turn what SQLite raises about a file into a `StoreError` that says what to do."""
    with explained(sqlite_url(path)):
        try:
            yield
        except sqlite3.Error as error:
            raise exc.OperationalError(None, None, error) from error


def refused(path: Path, code: str, **parameters: Any) -> InputError:
    """The error for a file that is no sound backup."""
    return InputError(Problem(code, str(path), **parameters))


def _copy_numbers(source: Connection, target: Connection) -> None:
    """Carry over which numbers were given out, so that a number that retention freed is never given out again."""
    if source.dialect.name == "sqlite":
        rows = source.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
        numbers = {name: seq for name, seq in rows if name not in LEFT_OUT}
    else:
        numbers = _sequences(source, target)
    target.exec_driver_sql("DELETE FROM sqlite_sequence")
    if numbers:
        target.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", list(numbers.items()))


def _sequences(source: Connection, target: Connection) -> dict[str, int]:
    made = target.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").scalars().all()
    numbers: dict[str, int] = {}
    for table in made:
        sequence = source.exec_driver_sql(f"SELECT pg_get_serial_sequence('\"{table}\"', 'id')").scalar()
        last, called = source.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
        if called or last > 1:
            numbers[table] = int(last) - (not called)
    return numbers


def _chunks(source: Connection, query: str) -> Iterator[list[tuple[Any, ...]]]:
    result = source.execution_options(stream_results=True).exec_driver_sql(query)
    for rows in result.partitions(_CHUNK):
        yield [tuple(map(stored, row)) for row in rows]


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
