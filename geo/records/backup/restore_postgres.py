"""The second half of a restore where the records are on a PostgreSQL server."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Boolean, Connection, Date, DateTime, inspect

from geo.errors import Problem
from geo.files import scratch
from geo.records.backup.snapshot import columns_of, copy_rows, digest, make_empty, sqlite_url
from geo.records.database.engine import explained, make_engine, reading, shown, writing
from geo.records.database.migrate import ensure_schema
from geo.records.database.migrations import HEAD
from geo.records.kinds.registry import metadata
from geo.records.model.errors import StoreError


def into_server(copy: Path, target: URL) -> None:
    """Put the rows of an SQLite `copy` (schema `HEAD`) in the place of a PostgreSQL database's.

    In one transaction, and compared with the copy before it is committed: the old rows or the new, never a mixture.

    Raises
    ------
    StoreError
        The server can't be reached or written, or holds another value than it was given; nothing was changed.
    """
    engine, source = make_engine(target), make_engine(sqlite_url(copy))
    try:
        with explained(target):
            ensure_schema(engine)
            with writing(engine) as server, reading(source) as rows:
                _empty(server)
                _fill(server, rows)
                _compare(server, digest(rows))
    finally:
        engine.dispose()
        source.dispose()


def _empty(server: Connection) -> None:
    tables = [table.name for table in metadata().sorted_tables]
    for name in tables:
        server.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
    server.exec_driver_sql("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
    for name in tables:
        server.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')


def _fill(server: Connection, rows: Connection) -> None:
    columns, numbers = columns_of(rows), _numbers(rows)
    driver: Any = server.connection.driver_connection
    for table in (table.name for table in metadata().sorted_tables if table.name in columns):
        names = ", ".join(f'"{name}"' for name in columns[table])
        readers = _readers(server, table, columns[table])
        query = rows.exec_driver_sql(
            f'SELECT {names} FROM "{table}"' + (" ORDER BY id" if "id" in columns[table] else "")
        )
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in query:
                copy.write_row([None if v is None else read(v) for read, v in zip(readers, row, strict=True)])
        if "id" in columns[table]:
            last = numbers.get(table) or rows.exec_driver_sql(f'SELECT max(id) FROM "{table}"').scalar()
            _count_from(server, table, last)


def _numbers(rows: Connection) -> dict[str, int]:
    return {str(name): int(last) for name, last in rows.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}


def _count_from(server: Connection, table: str, last: int | None) -> None:
    """Have the next row numbered after the `last` number that was given out."""
    sequence = server.exec_driver_sql(f"SELECT pg_get_serial_sequence('\"{table}\"', 'id')").scalar()
    if sequence:
        # Not setval, which no rollback takes back: a restore that dies would leave old rows with new numbers.
        server.exec_driver_sql(f"ALTER SEQUENCE {sequence} RESTART WITH {int(last or 0) + 1}")


def _readers(server: Connection, table: str, names: tuple[str, ...]) -> list[Any]:
    """How a value as SQLite stores it becomes one of the server's, by column."""
    types = {column["name"]: column["type"] for column in inspect(server).get_columns(table)}
    return [next((read for kind, read in _READERS if isinstance(types[name], kind)), _same) for name in names]


def _same(value: Any) -> Any:
    return value


_READERS: tuple[tuple[type, Any], ...] = (
    (DateTime, lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)),
    (Date, date.fromisoformat),
    (Boolean, bool),
)


def _compare(server: Connection, wanted: str) -> None:
    with scratch() as folder:
        path = folder / "again.sqlite"
        engine = make_empty(path, HEAD)
        try:
            with writing(engine) as again:
                copy_rows(server, again)
                found = digest(again)
        finally:
            engine.dispose()
    if found != wanted:
        where = shown(server.engine.url)
        raise StoreError(Problem("records.restored-otherwise", where))
