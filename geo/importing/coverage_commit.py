"""Many coverage entries at once: all of them written, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pandas import DataFrame

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.coverage_wholes import Half, above_wholes, half_notes, missing_halves
from geo.records.entries import Actor, NewCoverageEntry
from geo.records.kinds.registry import kind
from geo.records.ledger import queries
from geo.records.ledger import write_transaction as ledger
from geo.records.programmes import all_programmes
from geo.records.store import Store
from geo.records.validation.entry_checks import actor_faults


def coverage_entries(frame: DataFrame) -> tuple[NewCoverageEntry, ...]:
    """The rows of `geo.importing.coverage.read_entries` as entries to record."""
    return tuple(
        NewCoverageEntry(
            programme=str(row["programme"]),
            ward_code=row["ward_code"] if isinstance(row["ward_code"], str) else None,
            indicator=str(row["indicator"]),
            period=str(row["period"]),
            value=float(row["value"]),
            day=row["day"],
            document=str(row["document"]),
            office=str(row["office"]),
        )
        for row in frame.to_dict("records")
    )


@dataclass(frozen=True, slots=True)
class Replaced:
    """A figure that is recorded otherwise: what stands there now (`value`, `day`, `document`), and what would follow.

    `counts` is False where the recorded one is of a later day: the new one is then recorded, but the later one counts.
    """

    entry: NewCoverageEntry
    value: float
    day: date
    document: str

    @property
    def counts(self) -> bool:
        """Whether the new entry would be the last word on its figure."""
        return self.entry.day >= self.day


@dataclass(frozen=True, slots=True)
class Compared:
    """Entries beside what is recorded: `new` figures, `replaced` ones, and those that are recorded already: `known`.

    `halves`: that of some the count or the total is missing, which belongs to them.
    """

    new: tuple[NewCoverageEntry, ...]
    replaced: tuple[Replaced, ...]
    known: tuple[NewCoverageEntry, ...]
    halves: tuple[Message, ...] = ()

    @property
    def same(self) -> int:
        """How many are recorded already."""
        return len(self.known)


Choice = Callable[[Compared], tuple[NewCoverageEntry, ...]]
"""Which of the entries are written."""


def new_and_changed(found: Compared) -> tuple[NewCoverageEntry, ...]:
    """What is not recorded yet: new figures and changed ones."""
    return (*found.new, *(each.entry for each in found.replaced))


def everything(found: Compared) -> tuple[NewCoverageEntry, ...]:
    """All, also what is recorded already: under another document, say."""
    return (*new_and_changed(found), *found.known)


@dataclass(frozen=True, slots=True)
class CoverageReceipt:
    """How many entries were written (`count`) and how many were there already (`same`); the data version now.

    `recorded_at` is None where there was nothing to write.
    """

    count: int
    same: int
    recorded_at: datetime | None
    version: str


def compare_coverage(store: Store, entries: Sequence[NewCoverageEntry]) -> Compared:
    """What recording `entries` would do, checked as if they were written; errors as `add_coverage`.

    An entry is recorded already if its figure (ward, indicator, period) has the same value; or if it is of an earlier
    day than what counts now, and was said just so then.
    """
    _check(store, entries)
    recorded = store.coverage()
    found = _compared(recorded, entries)
    return replace(found, halves=half_notes(_fitting(store, recorded, new_and_changed(found))))


def _fitting(store: Store, recorded: DataFrame, entries: Sequence[NewCoverageEntry]) -> list[Half]:
    """Those of which the other half is missing.

    Raises
    ------
    InputError
        A part is above its whole, one of which is recorded already.
    """
    above, missing = list[Problem](), list[Half]()
    for plan in all_programmes(store):
        own = [entry for entry in entries if entry.programme == plan.id]
        if own:
            above += [each.problem for each in above_wholes(plan, recorded, own)]
            missing += missing_halves(plan, recorded, own)
    if above:
        raise InputError(above)
    return missing


def add_coverage(
    store: Store,
    entries: Sequence[NewCoverageEntry],
    actor: Actor,
    *,
    source: str,
    way: str = "import",
    choice: Choice = new_and_changed,
) -> CoverageReceipt:
    """Write those of `entries` that are not recorded yet, all or none, with one audit line that names their `source`.

    A later entry on the same figure replaces an earlier one in the analysis; both stay on record. Entries that are
    recorded already are passed over, so that the same file given twice, or twice at the same moment, is written once;
    `everything` as the `choice` writes them too. `way` (`import`, `add`) goes into the audit line.

    Raises
    ------
    PrivacyError
        A text seems to be about a person.
    InputError
        Anything else is wrong; all problems are named, and nothing was written.
    StoreError
        The database failed; nothing was written.
    """
    ledger.refuse(actor_faults(actor))
    nothing = CoverageReceipt(0, len(entries), None, store.version())
    if not choice(compare_coverage(store, entries)):
        return nothing
    try:
        with store.transaction() as write:
            # Compared again inside the write: another may have written the same meanwhile.
            recorded = queries.entries(write.connection, kind("coverage_entry"), None, None)
            found = _compared(recorded, entries)
            chosen = choice(found)
            _fitting(store, recorded, new_and_changed(found))
            if not chosen:
                raise ledger.NothingToWrite
            write.insert_many(kind("coverage_entry"), map(_values, chosen), actor)
            same = len(entries) - len(chosen)
            known = f", {same} recorded before" if same else ""
            write.audit(actor, f"coverage_entry.{way}", source, ledger.rows_text(len(chosen)) + known)
    except ledger.NothingToWrite:
        return replace(nothing, version=store.version())
    return CoverageReceipt(len(chosen), same, write.moment, write.version)


def _check(store: Store, entries: Sequence[NewCoverageEntry]) -> None:
    ledger.refuse(store.check_all(kind("coverage_entry"), entries))


_KEY = ["programme", "ward_code", "indicator", "period"]
_SAID = ("value", "day", "document", "office")


def _compared(recorded: DataFrame, entries: Sequence[NewCoverageEntry]) -> Compared:
    rows = recorded.sort_values(["day", "id"], kind="stable")
    rows = rows.assign(day=rows["day"].dt.date)[[*_KEY, *_SAID]]
    known = [(a, b if isinstance(b, str) else None, *rest) for a, b, *rest in rows.itertuples(index=False, name=None)]
    said = set(known)
    last = {row[: len(_KEY)]: row[len(_KEY) :] for row in known}
    new, replaced, same = list[NewCoverageEntry](), list[Replaced](), list[NewCoverageEntry]()
    for entry in entries:
        values = _values(entry)
        key, telling = tuple(values[name] for name in _KEY), tuple(values[name] for name in _SAID)
        if key not in last:
            new.append(entry)
        elif entry.value == last[key][0] or (entry.day < last[key][1] and (*key, *telling) in said):
            same.append(entry)
        else:
            replaced.append(Replaced(entry, *last[key][:3]))
    return Compared(tuple(new), tuple(replaced), tuple(same))


def _values(entry: NewCoverageEntry) -> dict[str, object]:
    return kind("coverage_entry").values(entry)
