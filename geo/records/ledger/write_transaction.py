"""The order of writes: one transaction after another, each with one moment, one data version and an audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from geo.errors import InputError, Problem
from geo.i18n.formats import VIET_NAM_TIME
from geo.records.database import hash_chain
from geo.records.database.audit_shipping import AuditLine
from geo.records.database.bulk_insert import Progress, insert_rows
from geo.records.database.lists import list_of
from geo.records.kinds.registry import kind
from geo.records.kinds.spec import KindSpec
from geo.records.ledger.names_of_persons import text_fields
from geo.records.model.actor import PLAN, Actor
from geo.records.model.errors import ConflictError, PrivacyError, UnknownRowError
from geo.records.model.hidden import HIDDEN
from geo.records.model.tables import LIST, Audit, DataVersion
from geo.records.validation.entry_checks import Fault, clean

EPOCH = datetime.fromtimestamp(0, UTC)
_FIRST = {"withdrawn": False, "corrects_id": None, "root_id": None}


class NothingToWrite(Exception):  # noqa: N818
    """Undoes a transaction that was begun for nothing."""


@dataclass(frozen=True, slots=True)
class WriteTransaction:
    """A write: the `connection` inside its transaction, the `moment` that its rows carry, its data `version`."""

    connection: Connection
    moment: datetime
    version: str

    def insert(self, spec: KindSpec, values: dict[str, Any], actor: Actor) -> int:
        """Insert a row of a kind; its number. What links to other records is led to the first row of their chains."""
        row = _FIRST | values | self._links(spec, values) | self.stamp(actor)
        query = insert(spec.table).values(**row).returning(spec.table.c.id)
        number = int(self.connection.execute(query).scalar_one())
        hash_chain.note_row(self.connection, spec.table.name, number)
        return number

    def correct(self, spec: KindSpec, values: dict[str, Any], actor: Actor, corrects: int) -> int:
        """Insert a row that replaces row `corrects`, with its audit line; its number. Errors as `correction`."""
        number = self.insert(spec, values | correction(self.connection, spec, corrects), actor)
        self.audit(actor, spec.action("correct"), str(number), f"corrects {corrects}")
        return number

    def insert_many(
        self, spec: KindSpec, rows: Iterable[dict[str, Any]], actor: Actor, progress: Progress | None = None
    ) -> int:
        """Insert many first rows of a kind; how many. `progress` gets the count so far; links as in `insert`."""
        stamp = _FIRST | self.stamp(actor)
        hash_chain.note_rows_from_here(self.connection, spec.table.name)
        made = (row | self._links(spec, row) | stamp for row in rows)
        return insert_rows(self.connection, spec.table, made, progress)

    def _links(self, spec: KindSpec, values: dict[str, Any]) -> dict[str, int]:
        """What links to other records, led to the first row of their chains; errors as `root_of`."""
        return {
            column.name: root_of(self.connection, kind(column.rule.link), values[column.name])
            for column in spec.columns
            if column.rule.link and values[column.name] is not None
        }

    def stamp(self, actor: Actor) -> dict[str, Any]:
        """What every row of this write carries: when, by which account, of which office, in which list."""
        said = {"recorded_at": self.moment, "recorded_by": actor.who, "recorded_office": clean(actor.office)}
        return said | {LIST: list_of(self.connection)}

    def audit(self, actor: Actor, action: str, subject: str, detail: str = "") -> None:
        """Write the audit line of this write."""
        write_audit(self.connection, self.moment, actor, action=action, subject=subject, detail=detail)


def begin_write(
    connection: Connection, now: datetime, guard: Callable[[Connection], None] | None = None
) -> WriteTransaction:
    """Wait for the writers before, then hold the version row until the transaction ends.

    Versions and moments rise in the order of commits, also when the clock goes back: what was known at a moment in the
    past never changes later. `guard` looks at what is recorded by then, and raises what forbids the write.
    """
    counter, last = connection.execute(
        select(DataVersion.counter, DataVersion.recorded_at).where(DataVersion.id == 1).with_for_update()
    ).one()
    moment = now.astimezone(UTC)
    if last is not None and moment <= last:
        moment = last + timedelta(microseconds=1)
    if guard is not None:
        guard(connection)
    connection.execute(update(DataVersion).values(counter=counter + 1, recorded_at=moment))
    return WriteTransaction(connection, moment, version_text(counter + 1, moment))


def current_version(connection: Connection) -> tuple[str, datetime]:
    """The version of the data and the moment of the last write (the epoch before any)."""
    counter, moment = connection.execute(select(DataVersion.counter, DataVersion.recorded_at)).one()
    return version_text(counter, moment), moment or EPOCH


def write_audit(
    connection: Connection, moment: datetime, actor: Actor, *, action: str, subject: str, detail: str = ""
) -> None:
    """One audit line: who, of which office, by which way in, did what to which subject."""
    line = AuditLine(moment, actor.who, clean(actor.office), actor.origin, action, subject, detail)
    columns = ("at", "who", "office", "origin", "action", "subject", "detail")
    query = insert(Audit).values(**{name: getattr(line, name) for name in columns}).returning(Audit.id)
    hash_chain.note_audit_line(connection, connection.execute(query).scalar_one(), line)


def refuse(found: Sequence[Fault]) -> None:
    """Raise all faults at once, each once; a `PrivacyError` where one of them is about a person."""
    if not found:
        return
    # What several entries have wrong in the same words is one thing to mend.
    problems = list({repr(fault.problem): fault.problem for fault in found}.values())
    raise PrivacyError(problems) if any(fault.private for fault in found) else InputError(problems)


def refuse_by_draft(spec: KindSpec) -> None:
    """Refuse to write a register past its draft, and past the second person who may have to publish it."""
    if spec.by_draft:
        raise InputError(Problem("records.written-by-draft", spec.name, kind=spec.shown))


def rows_text(count: int) -> str:
    """How many rows, as a line of the audit log says it."""
    return f"{count} row" if count == 1 else f"{count} rows"


def refuse_repeated(connection: Connection, spec: KindSpec, source: str) -> None:
    """Refuse a file that was imported before, by its digest; inside the write, so that two at once can't both pass.

    Raises
    ------
    InputError
        The audit holds an import of this source; sources that are no digests may come again.
    """
    query = select(Audit.at).where(Audit.subject == source, Audit.action == spec.action("import")).limit(1)
    before = connection.execute(query).scalar() if source.startswith("sha256:") else None
    if before is not None:
        raise InputError(Problem("records.imported-before", "file", at=before))


def correction(connection: Connection, spec: KindSpec, corrects: int, *, by_draft: bool = False) -> dict[str, Any]:
    """The columns that make a row the correction of row `corrects`; `by_draft`: a draft that is published does it.

    Raises
    ------
    UnknownRowError, ConflictError
        There is no such row; it was corrected before; it is a withdrawal; it belongs to a published plan, which only a
        draft changes.
    """
    table, named = spec.table.c, {"kind": spec.shown, "row": str(corrects)}
    old = connection.execute(select(table.root_id, table.withdrawn).where(table.id == corrects)).one_or_none()
    if old is None:
        raise UnknownRowError(spec.shown, str(corrects))
    if old.withdrawn:
        raise ConflictError(Problem("records.is-withdrawal", str(corrects), **named))
    newer = connection.execute(select(table.id).where(table.corrects_id == corrects)).scalar()
    if newer is not None:
        raise ConflictError(Problem("records.corrected-before", str(corrects), **named, newer=str(newer)))
    if not by_draft:
        _refuse_published(connection, spec, corrects)
    return {"corrects_id": corrects, "root_id": old.root_id or corrects}


def withdraw(
    write: WriteTransaction,
    spec: KindSpec,
    row_id: int,
    actor: Actor,
    reason: str,
    *,
    by_draft: bool = False,
    names_person: bool = False,
) -> int:
    """Take back a row: a new row that refers to it says so, and why; its number. `names_person`: the new row repeats
    none of its texts. Errors as `correction`."""
    link = correction(write.connection, spec, row_id, by_draft=by_draft)
    query = select(spec.table).where(spec.table.c.id == row_id)
    old = dict(write.connection.execute(query).mappings().one())
    del old["id"]
    old |= {name: HIDDEN for name in text_fields(spec) if names_person and old[name]}
    row = write.insert(spec, old | link | {"withdrawn": True, "note": clean(reason)}, actor)
    write.audit(actor, spec.action("withdraw"), str(row), f"withdraws {row_id}")
    return row


def mark_names(write: WriteTransaction, spec: KindSpec, row_id: int, actor: Actor, reason: str) -> None:
    """Record that a row, with all that it corrects, is taken back because it names a person."""
    table, withdrawals = spec.table.c, kind("withdrawal")
    root = write.connection.execute(select(func.coalesce(table.root_id, table.id)).where(table.id == row_id)).scalar()
    chain = or_(table.id == root, table.root_id == root)
    rows = write.connection.execute(select(table.id, table[spec.subject]).where(chain, table.withdrawn.is_(False)))
    day = write.moment.astimezone(VIET_NAM_TIME).date()
    for number, subject in rows.all():
        said = {"kind": spec.name, "row": number, "subject": str(subject or ""), "names_person": True, "day": day}
        write.insert(withdrawals, said | {"document": "", "office": actor.office, "note": reason}, actor)


def _refuse_published(connection: Connection, spec: KindSpec, row_id: int) -> None:
    """Refuse to correct or take back by itself what a published draft, or the first plan, brought into force."""
    if spec.name == "register_draft":
        return
    table, publications = spec.table.c, kind("publication").table.c
    found = connection.execute(select(table.recorded_at, table.recorded_by).where(table.id == row_id)).one()
    # All that a draft brings into force bears the moment of its publication, and nothing else does.
    same = select(publications.id).where(publications.recorded_at == found.recorded_at)
    if spec.by_draft or found.recorded_by == PLAN or connection.execute(same).scalar() is not None:
        said = {"kind": spec.shown, "row": str(row_id)}
        raise ConflictError(Problem("records.by-draft-only", str(row_id), **said))


def root_of(connection: Connection, spec: KindSpec, row_id: int) -> int:
    """The number by which a thing is known: the first row of its chain of corrections.

    Raises
    ------
    UnknownRowError
        There is no such row.
    """
    table = spec.table.c
    found = connection.execute(select(table.id, table.root_id).where(table.id == row_id)).one_or_none()
    if found is None:
        raise UnknownRowError(spec.shown, str(row_id))
    return int(found.root_id or found.id)


def version_text(counter: int, moment: datetime | None) -> str:
    """A data version as text: how many writes there were, and the moment of the last one (None before any)."""
    # The moment makes two histories of the same length differ, as after a restored backup.
    return f"{counter}.{((moment or EPOCH) - EPOCH) // timedelta(microseconds=1):x}"
