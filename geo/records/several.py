"""Corrections and withdrawals of several rows at once: all or none, each a row of its own with its audit line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.records.kinds.registry import kind, kind_of
from geo.records.ledger import write_transaction as ledger
from geo.records.validation.entry_checks import MAX_NOTE, Fault, actor_faults, text_faults

if TYPE_CHECKING:
    from geo.records.kinds.spec import NewEntry
    from geo.records.model.actor import Actor
    from geo.records.store import Store


def correct_all(store: Store, entries: Sequence[tuple[int, NewEntry]], actor: Actor) -> list[int]:
    """Write entries of one kind, each in place of the row of the number beside it; the new numbers.

    Errors as `Store.add`.
    """
    if not entries:
        return []
    spec = kind_of(entries[0][1])
    rows = spec.rows([entry for _, entry in entries], store.registers)
    faults = [fault for _, entry in entries for fault in store.check(entry)]
    ledger.refuse([*actor_faults(actor), *faults])
    numbers = []
    with store.transaction() as write:
        for (corrects, _), row in zip(entries, rows, strict=True):
            number = write.insert(spec, row | ledger.correction(write.connection, spec, corrects), actor)
            write.audit(actor, spec.action("correct"), str(number), f"corrects {corrects}")
            numbers.append(number)
    return numbers


def withdraw_all(store: Store, kind_name: str, row_ids: Sequence[int], actor: Actor, reason: str) -> list[int]:
    """Take back several rows of a kind for one reason; the new numbers. Errors as `Store.withdraw`."""
    faults: list[Fault] = [*actor_faults(actor), *text_faults("reason", reason, MAX_NOTE)]
    ledger.refuse(faults)
    spec = kind(kind_name)
    with store.transaction() as write:
        return [ledger.withdraw(write, spec, row_id, actor, reason) for row_id in row_ids]
