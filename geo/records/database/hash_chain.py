"""The hash chain over everything that is append-only: each row has a link, each link the hash of the link before.

A write notes its rows (`note_row`, `note_rows_from_here`, `note_removed`); at its end, just before the commit, `seal`
reads them back as the database holds them and appends their links. Only then the head of the chain is held, so that
writers in parallel wait for each other for the length of a commit, also where one of them imports a file.

The hash of a row is taken with a salt of its own. When retention removes the row, the salt goes with it: the chain
stays whole, and what was in the row can't be guessed from its hash.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, CursorResult, insert, select, text, update

from geo.records.database import audit_shipping
from geo.records.database.audit_shipping import AuditLine
from geo.records.database.bulk_insert import CHUNK
from geo.records.model.tables import ChainHead, HashChain

UNSEALED = "diaban_unsealed"
"""The execution option of a writing connection that holds what it has written so far (`Unsealed`)."""
FIRST = bytes(32)
"""What the first link takes for the hash before it."""
_SALT_BYTES = 16
_PLAIN = frozenset({str, int, float})
_COLUMNS = ("number", "table_name", "row_id", "removed", "salt", "digest", "chained")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_OTHERWISE = (b"0.0000", b"e-", b"null")
"""Where orjson may write other bytes than `json` does: numbers below 0.0001, and those that are none."""


@dataclass(slots=True)
class Unsealed:
    """Rows of one write that have no link yet: numbers by table, the last number before a bulk insert, removed ones."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    removed: dict[str, list[int]] = field(default_factory=dict)
    lines: dict[int, AuditLine] = field(default_factory=dict)
    """Audit lines that are sent to syslog once they are committed, by their numbers."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says of a row; `salt` is None once the row was removed."""

    table_name: str
    row_id: int
    removed: bool
    salt: bytes | None
    digest: bytes

    def chained(self, number: int, before: bytes) -> bytes:
        """The hash of this link as the `number`-th (from 1), after a link with the hash `before`."""
        place = f'[{number},"{self.table_name}",{self.row_id},{"true" if self.removed else "false"}]'
        return hashlib.sha256(before + self.digest + place.encode()).digest()


def stored(value: Any) -> Any:
    """A value as SQLite stores it: the same for a row, whichever database it is in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def row_digest(table: str, values: Iterable[tuple[str, Any]], salt: bytes) -> bytes:
    """The hash of a row, whose columns come by name; empty ones do not count, so that a new one changes no old hash."""
    held = [(name, value if type(value) in _PLAIN else stored(value)) for name, value in values if value is not None]
    return hashlib.sha256(salt + encoded([table, held])).digest()


def encoded(value: Any) -> bytes:
    """A value as `json` writes it without blanks, in UTF-8; by orjson, in a fifth of the time, where that is the same.

    Hashes of years ago must come out the same: what `json` writes is what counts.
    """
    try:
        quick = orjson.dumps(value)
    except TypeError:  # halves of surrogate pairs, whole numbers of more than 64 bits
        quick = None
    small, smaller, none = _OTHERWISE
    if quick is not None and small not in quick and smaller not in quick and none not in quick:
        return quick
    return _encode(value).encode("utf-8", "surrogatepass")


# ---- what a write notes


def note_row(connection: Connection, table: str, row_id: int) -> None:
    """A row was inserted in this write."""
    _unsealed(connection).rows.setdefault(table, []).append(row_id)


def note_audit_line(connection: Connection, row_id: int, line: AuditLine) -> None:
    """A line of the audit log was inserted in this write; it is sent to syslog after the commit, where that is set."""
    note_row(connection, "audit", row_id)
    if audit_shipping.is_on():
        _unsealed(connection).lines[row_id] = line


def note_rows_from_here(connection: Connection, table: str) -> None:
    """Rows are about to be inserted after all that there are; the write holds the data version: none is another's."""
    last = connection.exec_driver_sql(f'SELECT coalesce(max(id), 0) FROM "{table}"').scalar_one()
    _unsealed(connection).after.setdefault(table, int(last))


def note_removed(connection: Connection, table: str, row_ids: Iterable[int]) -> None:
    """Retention is about to remove rows: their salts go at once, while its permit stands."""
    numbers = list(row_ids)
    for begin in range(0, len(numbers), CHUNK):
        chosen = HashChain.row_id.in_(numbers[begin : begin + CHUNK])
        mine = HashChain.table_name == table, chosen, HashChain.removed.is_(False)
        connection.execute(update(HashChain).where(*mine).values(salt=None))
    _unsealed(connection).removed.setdefault(table, []).extend(numbers)


def _unsealed(connection: Connection) -> Unsealed:
    found: Unsealed = connection.get_execution_options()[UNSEALED]
    return found


# ---- links


def seal(connection: Connection) -> list[AuditLine]:
    """Append the links of everything that this write noted; the last thing that it does. What is to be sent then."""
    noted = _unsealed(connection)
    links = [*_removals(connection, noted), *_insertions(connection, noted)]
    if not links:
        return []
    head = select(ChainHead.number, ChainHead.chained).where(ChainHead.id == 1).with_for_update()
    number, chained = connection.execute(head).one()
    _append(connection, links, number, chained)
    return _linked(connection, noted.lines)


def _linked(connection: Connection, lines: Mapping[int, AuditLine]) -> list[AuditLine]:
    """Audit lines with number and hash of their links."""
    if not lines:
        return []
    mine = HashChain.table_name == "audit", HashChain.row_id.in_(lines), HashChain.removed.is_(False)
    query = select(HashChain.row_id, HashChain.number, HashChain.chained).where(*mine).order_by(HashChain.number)
    return [replace(lines[row.row_id], link=row.number, chained=row.chained.hex()) for row in connection.execute(query)]


def begin_chain(connection: Connection, tables: Iterable[str], moment: datetime) -> int:
    """Begin the chain over the rows that there are, table by table, by their numbers; how many those are."""
    links = (link for table in tables for link in _links_of(connection, table, 0))
    connection.execute(insert(ChainHead).values(id=1, number=0, chained=FIRST, begun_at=moment, begun_with=0))
    count = _append(connection, links, 0, FIRST)
    connection.execute(update(ChainHead).values(begun_with=count))
    return count


def _append(connection: Connection, links: Iterable[Link], number: int, chained: bytes) -> int:
    """Append links after the one of this number and hash; how many."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    query = f"INSERT INTO hash_chain ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))})"
    last, rest = number, iter(links)
    while chunk := list(islice(rest, CHUNK)):
        rows: list[tuple[Any, ...]] = []
        for link in chunk:
            last += 1
            chained = link.chained(last, chained)
            rows.append((last, link.table_name, link.row_id, link.removed, link.salt, link.digest, chained))
        connection.exec_driver_sql(query, rows)
    connection.execute(update(ChainHead).where(ChainHead.id == 1).values(number=last, chained=chained))
    return last - number


def _insertions(connection: Connection, noted: Unsealed) -> Iterator[Link]:
    for table, numbers in noted.rows.items():
        for begin in range(0, len(numbers), CHUNK):
            chosen = ", ".join(map(str, numbers[begin : begin + CHUNK]))
            query = f'SELECT * FROM "{table}" WHERE id IN ({chosen}) ORDER BY id'
            yield from _links(table, connection.exec_driver_sql(query))
    for table, last in noted.after.items():
        yield from _links_of(connection, table, last)


def _links_of(connection: Connection, table: str, last: int) -> Iterator[Link]:
    """The links of the rows of a table after the one numbered `last`."""
    query = text(f'SELECT * FROM "{table}" WHERE id > :last ORDER BY id LIMIT {CHUNK}')
    while links := list(_links(table, connection.execute(query, {"last": last}))):
        yield from links
        last = links[-1].row_id


def _links(table: str, rows: CursorResult[Any]) -> Iterator[Link]:
    """A link for each row, with a salt of its own."""
    names = list(rows.keys())
    number, found = names.index("id"), rows.fetchall()
    sorted_names, in_order = sorted(names), itemgetter(*sorted(range(len(names)), key=names.__getitem__))
    salts = secrets.token_bytes(_SALT_BYTES * len(found))  # at once: each call asks the system
    for place, row in enumerate(found):
        salt = salts[place * _SALT_BYTES : (place + 1) * _SALT_BYTES]
        pairs = zip(sorted_names, in_order(row), strict=True)
        yield Link(table, row[number], False, salt, row_digest(table, pairs, salt))


def _removals(connection: Connection, noted: Unsealed) -> Iterator[Link]:
    for table, numbers in noted.removed.items():
        for begin in range(0, len(numbers), CHUNK):
            chosen = HashChain.row_id.in_(numbers[begin : begin + CHUNK])
            query = select(HashChain.row_id, HashChain.digest).where(HashChain.table_name == table, chosen)
            for row in connection.execute(query.order_by(HashChain.number)):
                yield Link(table, row.row_id, True, None, row.digest)
