"""The steps of `diaban coverage import`: read, compare with what is recorded, record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cli.base.console import note, print_problems, word
from geo.cli.records.import_summary import print_summary

if TYPE_CHECKING:
    from geo.importing.coverage import CoverageFile
    from geo.importing.coverage_commit import Compared
    from geo.records.entries import Actor, NewCoverageEntry
    from geo.records.store import Store
    from geo.reference.programmes import Programme

_SHOWN = 20
"""Of the changes that a file would make, so many are listed one by one."""


def examined(
    file: Path, programme: Programme, mapped: Mapping[str, str], sheet: str, store: Store, office: str
) -> CoverageFile:
    """What a file of figures holds; where something in it is wrong, the summary is printed and the error raised.

    `office`: whose figures they are where no column says it.
    """
    from geo.importing.coverage import examine_entries
    from geo.records.validation.privacy import screen
    from geo.reference.cities import city
    from geo.reference.wards import WardRegister

    register = WardRegister.load(city=city(programme.city))
    read = examine_entries(
        file,
        programme,
        register,
        screen=screen,
        mapped=mapped,
        sheet=sheet,
        office=office,
        phase_on=store.registers.phase_on if store.registers else None,
    )
    if read.problems:
        print_summary(read.summary())
        read.refuse()
    return read


def compared(store: Store, programme: Programme, read: CoverageFile) -> tuple[NewCoverageEntry, ...]:
    """The entries of a file, once it is printed how they stand to what is recorded."""
    from geo.importing.coverage_commit import compare_coverage, coverage_entries, new_and_changed
    from geo.importing.coverage_parts import unlike_parts

    entries = coverage_entries(read.written)
    found = compare_coverage(store, entries)
    print_summary(read.summary(found))
    _print_compared(found)
    below = unlike_parts(programme, store.coverage(), new_and_changed(found))
    print_problems([each.problem for each in below], "yellow")
    return entries


def record(store: Store, file: Path, entries: tuple[NewCoverageEntry, ...], who: Actor, *, again: bool) -> None:
    """Write what is new among the entries (`again`: all of them), and print how many that were."""
    from geo.importing.coverage_commit import add_coverage, everything, new_and_changed

    source = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}"
    receipt = add_coverage(store, entries, who, source=source, choice=everything if again else new_and_changed)
    if receipt.count:
        note("figures-recorded", count=receipt.count, version=str(receipt.version))
    else:
        note("nothing-new")


def _print_compared(found: Compared) -> None:
    """How the entries of a file stand to what is recorded; the first changes one by one."""
    note("compared", new=len(found.new), changed=len(found.replaced), same=found.same)
    for change in found.replaced[:_SHOWN]:
        entry = change.entry
        where = [entry.ward_code or word("whole-city"), entry.indicator, entry.period]
        note(
            "change" if change.counts else "change-later",
            where=" ".join(where),
            old=change.value,
            old_day=change.day,
            old_document=change.document,
            new=entry.value,
            new_day=entry.day,
            new_document=entry.document,
        )
    if len(found.replaced) > _SHOWN:
        note("more-changes", count=len(found.replaced) - _SHOWN)
