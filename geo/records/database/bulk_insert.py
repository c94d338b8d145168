"""Many rows at once: COPY on PostgreSQL, prepared inserts in chunks on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

CHUNK = 5_000
Progress = Callable[[int], None]


def insert_rows(
    connection: Connection, table: Table, rows: Iterable[dict[str, Any]], progress: Progress | None = None
) -> int:
    """Insert rows (all with the same columns) in the connection's transaction; how many. `progress` gets the count."""
    write = _copy if connection.dialect.name == "postgresql" else _insert
    done = 0
    for chunk in _chunks(iter(rows)):
        write(connection, table, chunk)
        done += len(chunk)
        if progress is not None:
            progress(done)
    return done


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _insert(connection: Connection, table: Table, chunk: list[dict[str, Any]]) -> None:
    connection.execute(insert(table), chunk)


def _copy(connection: Connection, table: Table, chunk: list[dict[str, Any]]) -> None:
    # COPY takes values as psycopg adapts them; the columns of reports need no conversion of SQLAlchemy's.
    names = list(chunk[0])
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in chunk:
            copy.write_row([row[name] for name in names])
