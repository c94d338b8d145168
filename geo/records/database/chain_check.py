"""Whether the hash chain holds: every row as it was written, in its order, none added or taken past the records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, inspect, select

from geo.i18n.message import Message
from geo.records.database.bulk_insert import CHUNK
from geo.records.database.hash_chain import FIRST, Link, row_digest
from geo.records.model.tables import ChainHead, HashChain

MOST = 20
"""So many faults are named; a chain that was cut apart has one for every row."""
_PURGED = ("report", "verification")
_LINKED = "chain_number", "chain_salt", "chain_digest"


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain of a database: how many `links`, the hash of the last (`head`, hex), and what is wrong (`faults`).

    It began at `begun_at` (UTC) with `begun_with` rows that were there; what happened to those before, it can't say.
    """

    links: int
    head: str
    begun_at: datetime
    begun_with: int
    faults: tuple[Message, ...]


def check_chain(connection: Connection) -> ChainState | None:
    """Compare every row with its link, and every link with the one before; None where the schema has no chain yet.

    In a reading transaction of either database, or in a copy. At most `MOST` faults are named.
    """
    tables = set(inspect(connection).get_table_names())
    if HashChain.__tablename__ not in tables:
        return None
    head = connection.execute(select(ChainHead.__table__)).one_or_none()
    if head is None:
        return ChainState(0, "", datetime.fromtimestamp(0, UTC), 0, (Message("records.chain-no-head"),))
    faults = tuple(islice(_faults(connection, tables, head), MOST))
    return ChainState(head.number, head.chained.hex(), head.begun_at, head.begun_with, faults)


def _faults(connection: Connection, tables: set[str], head: Any) -> Iterator[Message]:
    yield from _broken_links(connection, head)
    named = connection.execute(select(HashChain.table_name).distinct().order_by(HashChain.table_name)).scalars().all()
    for table in named:
        if table not in tables:
            yield Message("records.chain-no-table", table=table)
    for table in sorted(tables & {*named, *_append_only()}):
        yield from _other_rows(connection, table)
        yield from _lost_rows(connection, table)


def _append_only() -> frozenset[str]:
    from geo.records.kinds.registry import kinds

    return frozenset({"audit", "report_summary", *(spec.name for spec in kinds())})


def _broken_links(connection: Connection, head: Any) -> Iterator[Message]:
    number, before = 0, FIRST
    for row in _streamed(connection, "SELECT * FROM hash_chain ORDER BY number"):
        link = Link(row.table_name, row.row_id, bool(row.removed), row.salt, row.digest)
        about = {"table": row.table_name, "row": str(row.row_id), "number": str(row.number)}
        if row.number != number + 1:
            yield Message("records.chain-gap", first=str(number + 1), last=str(row.number - 1))
        elif link.chained(row.number, before) != row.chained:
            yield Message("records.chain-link", **about)
        if row.removed and row.table_name not in _PURGED:
            yield Message("records.chain-removed", **about)
        number, before = row.number, row.chained
    if (number, before) != (head.number, head.chained):
        yield Message("records.chain-cut", number=str(number), head=str(head.number))


def _other_rows(connection: Connection, table: str) -> Iterator[Message]:
    """Rows that are not as they were written, were written past the records, or were removed and are back."""
    number, salt, digest = (
        f"link.{name} AS {_LINKED[place]}" for place, name in enumerate(("number", "salt", "digest"))
    )
    query = (
        f'SELECT recorded.*, {number}, {salt}, {digest} FROM "{table}" recorded LEFT JOIN hash_chain link '
        f"ON link.table_name = '{table}' AND link.row_id = recorded.id AND NOT link.removed ORDER BY recorded.id"
    )
    for found in _streamed(connection, query):
        *_, linked, salted, wanted = found
        about = {"table": table, "row": str(found.id)}
        if linked is None:
            yield Message("records.chain-unlinked", **about)
        elif salted is None:
            yield Message("records.chain-back", **about)
        elif row_digest(table, sorted(zip(found._fields[:-3], found, strict=False)), salted) != wanted:
            yield Message("records.chain-changed", **about)


def _lost_rows(connection: Connection, table: str) -> Iterator[Message]:
    """Rows that have a link and are gone, though no retention removed them."""
    query = (
        f"SELECT link.row_id FROM hash_chain link WHERE link.table_name = '{table}' AND NOT link.removed "
        f'AND NOT EXISTS (SELECT 1 FROM "{table}" recorded WHERE recorded.id = link.row_id) '
        "AND NOT EXISTS (SELECT 1 FROM hash_chain gone WHERE gone.table_name = link.table_name "
        "AND gone.row_id = link.row_id AND gone.removed) ORDER BY link.row_id"
    )
    for row in _streamed(connection, query):
        yield Message("records.chain-lost", table=table, row=str(row.row_id))


def _streamed(connection: Connection, query: str) -> Iterator[Any]:
    options = {"stream_results": True, "yield_per": CHUNK}
    yield from connection.exec_driver_sql(query, execution_options=options)
