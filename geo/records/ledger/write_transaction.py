"""The order of writes: each takes its turn, carries one moment and one version, and leaves an audit line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from geo.errors import InputError, Problem
from geo.records.model.entries import Actor
from geo.records.model.errors import ConflictError, PrivacyError, UnknownRowError
from geo.records.model.tables import Audit, DataVersion, Entry
from geo.records.validation.entry_checks import Fault, clean

IMPORT = "report.import"
"""What the audit calls a batch of reports."""
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class WriteTransaction:
    """A write in its turn: the `connection` inside its transaction, the `moment` that its rows carry, its `version`."""

    connection: Connection
    moment: datetime
    version: str

    def insert(self, table: type[Entry], values: dict[str, Any], actor: Actor) -> int:
        """Insert a row with the stamp of this turn; its number."""
        row = {"withdrawn": False, "corrects_id": None, "root_id": None} | values | self.stamp(actor)
        return int(self.connection.execute(insert(table).values(**row).returning(table.id)).scalar_one())

    def stamp(self, actor: Actor) -> dict[str, Any]:
        """What every row of this turn carries: when, by which account, of which office."""
        return {"recorded_at": self.moment, "recorded_by": actor.who, "recorded_office": clean(actor.office)}

    def audit(self, actor: Actor, action: str, subject: str, detail: str = "") -> None:
        """Write the audit line of this turn."""
        write_audit(self.connection, self.moment, actor, action=action, subject=subject, detail=detail)


def begin_write(connection: Connection, now: datetime) -> WriteTransaction:
    """Wait for the writers before, then hold the version row until the transaction ends.

    Versions and moments rise in the order of commits, also when the clock goes back: what was known at a moment in the
    past never changes later.
    """
    counter, last = connection.execute(
        select(DataVersion.counter, DataVersion.recorded_at).where(DataVersion.id == 1).with_for_update()
    ).one()
    moment = now.astimezone(UTC)
    if last is not None and moment <= last:
        moment = last + timedelta(microseconds=1)
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
    line = {"who": actor.who, "office": clean(actor.office), "origin": actor.origin}
    connection.execute(insert(Audit).values(at=moment, action=action, subject=subject, detail=detail, **line))


def refuse(found: Sequence[Fault]) -> None:
    """Raise all faults at once; a `PrivacyError` where one of them is about a person."""
    if not found:
        return
    problems = [fault.problem for fault in found]
    raise PrivacyError(problems) if any(fault.private for fault in found) else InputError(problems)


def refuse_repeated(connection: Connection, source: str) -> None:
    """Refuse a file that was imported before, by its digest; inside the turn, so that two at once can't both pass.

    Raises
    ------
    InputError
        The audit holds an import of this source; sources that are no digests may come again.
    """
    query = select(Audit.at).where(Audit.subject == source, Audit.action == IMPORT).limit(1)
    before = connection.execute(query).scalar() if source.startswith("sha256:") else None
    if before is not None:
        what = f"was imported before, on {before.astimezone(UTC):%d/%m/%Y %H:%M} UTC"
        raise InputError(Problem(what, "file", "import only what is new"))


def correction(connection: Connection, table: type[Entry], corrects: int) -> dict[str, Any]:
    """The columns that make a row the correction of row `corrects`.

    Raises
    ------
    UnknownRowError, ConflictError
        There is no such row; it was corrected before; it is a withdrawal.
    """
    name = table.__tablename__
    old = connection.execute(select(table.root_id, table.withdrawn).where(table.id == corrects)).one_or_none()
    if old is None:
        raise UnknownRowError(name, str(corrects))
    if old.withdrawn:
        raise ConflictError(Problem(f"{name} {corrects} is a withdrawal", str(corrects), "add a new entry"))
    newer = connection.execute(select(table.id).where(table.corrects_id == corrects)).scalar()
    if newer is not None:
        what = f"{name} {corrects} was corrected before, by {newer}"
        raise ConflictError(Problem(what, str(corrects), f"look at {newer}, and correct that"))
    return {"corrects_id": corrects, "root_id": old.root_id or corrects}


def root_of(connection: Connection, table: type[Entry], row_id: int) -> int:
    """The number by which a thing is known: the first row of its chain of corrections.

    Raises
    ------
    UnknownRowError
        There is no such row.
    """
    found = connection.execute(select(table.id, table.root_id).where(table.id == row_id)).one_or_none()
    if found is None:
        raise UnknownRowError(table.__tablename__, str(row_id))
    return int(found.root_id or found.id)


def version_text(counter: int, moment: datetime | None) -> str:
    """A data version as text: how many writes there were, and the moment of the last one (None before any)."""
    # The moment tells two histories apart that have the same length, as after a restored backup.
    return f"{counter}.{((moment or EPOCH) - EPOCH) // timedelta(microseconds=1):x}"
