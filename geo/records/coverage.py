"""Many coverage entries at once: all of them written, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pandas import DataFrame

from geo.records import ledger
from geo.records.bulk import insert_rows
from geo.records.checks import Context, actor_faults, clean, faults
from geo.records.entries import Actor, BatchReceipt, NewCoverageEntry
from geo.records.models import CoverageEntry
from geo.records.store import Store


def coverage_entries(frame: DataFrame) -> tuple[NewCoverageEntry, ...]:
    """The rows of `geo.analysis.coverage_entries.read_entries` as entries to record."""
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


def add_coverage(store: Store, entries: Sequence[NewCoverageEntry], actor: Actor, *, source: str) -> BatchReceipt:
    """Write `entries`, all or none, with one audit line that names their `source` (a digest of the file).

    A later entry on the same figure replaces an earlier one in the analysis; both stay on record.

    Raises
    ------
    PrivacyError
        A text seems to be about a person.
    InputError
        Anything else is wrong; all problems are named, and nothing was written.
    StoreError
        The database failed; nothing was written.
    """
    context = Context(store.vocabulary, store.registers, store.today)
    wrong = [fault for number, entry in enumerate(entries, 1) for fault in faults(entry, context, f"entry {number}")]
    ledger.refuse([*actor_faults(actor), *wrong])
    with store.turn() as turn:
        stamp = turn.stamp(actor) | {"corrects_id": None, "root_id": None, "withdrawn": False}
        insert_rows(turn.connection, CoverageEntry, (_values(entry) | stamp for entry in entries))
        turn.audit(actor, "coverage_entry.import", source, f"{len(entries)} rows")
    return BatchReceipt(len(entries), turn.moment, turn.version)


def _values(entry: NewCoverageEntry) -> dict[str, object]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in asdict(entry).items()}
