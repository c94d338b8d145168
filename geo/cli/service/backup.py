"""`diaban backup`, `diaban restore`, `diaban purge`: the records copied, restored, and old ones removed."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import note, say, word, working
from geo.cli.base.options import ACCOUNT, DAYS, AccountOption, OfficeOption, YesOption
from geo.cli.common import FOUND, actor, explained, opened, written_to
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geo.records.backup.snapshot import Manifest

LONGEST_MONTHS = 1200
FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


def backup(file: FileArgument) -> None:
    """Copy all records into one file while writing goes on (sao lưu); the same file serves SQLite and PostgreSQL."""
    with explained():
        from geo.records.backup.create import backup as make

        with working("copying"):
            made = make(file)
        written_to(word("written", file=file, kilobytes=round(file.stat().st_size / 1000)))
        sound = _print(made, file)
    if not sound:
        raise typer.Exit(FOUND)


def restore(
    file: FileArgument,
    check: Annotated[bool, typer.Option("--check")] = False,
    broken_chain: Annotated[bool, typer.Option("--broken-chain")] = False,
    yes: YesOption = False,
) -> None:
    """Put a backup in the place of the records (phục hồi), after a full check; what was there is saved to a file."""
    with explained():
        from geo.records.backup.restore import check_backup
        from geo.records.backup.restore import restore as put_back
        from geo.records.database.engine import database_url

        with working("checking-backup"):
            _print(check_backup(file, broken_chain=broken_chain), file)
        if check:
            return
        place = database_url().render_as_string()
        if not yes:
            confirm("replace-records", place=place)
        with working("restoring"):
            done = put_back(file, broken_chain=broken_chain)
        if done.replaced is not None:
            note("saved-before", file=str(done.replaced))
        written_to(place)
        note("sessions-ended")


def purge(
    before: Annotated[datetime | None, typer.Option("--before", formats=DAYS)] = None,
    older_than: Annotated[int | None, typer.Option("--older-than", min=1, max=LONGEST_MONTHS)] = None,
    account: AccountOption = ACCOUNT,
    office: OfficeOption = "diaban",
    yes: YesOption = False,
) -> None:
    """Count old reports by month, ward, site and kind, then remove them (xóa tin báo cũ); an audit line says so."""
    with explained():
        with opened() as store:
            day = _first_day_left(before, older_than, store.today)
            if not yes:
                confirm("remove-reports", day=day)
            removed = store.purge(day, actor(account, office))
        say(word("reports-removed", count=removed, day=day))
        if removed:
            note("older-backups")


def confirm(key: str, /, **parameters: object) -> None:
    """Ask before something that can't be undone; any answer but yes ends the command."""
    letters = word("yes-letters").split()
    typer.echo(f"{word(key, **parameters)} [{letters[0]}/N]: ", nl=False, err=True)
    if sys.stdin.readline().strip().lower() not in letters:
        raise typer.Abort


def _first_day_left(before: datetime | None, months: int | None, today: date) -> date:
    if (before is None) == (months is None):
        raise InputError(Problem("cli.one-of-two", "--before, --older-than"))
    if before is not None:
        if before.date() > today:
            raise InputError(Problem("cli.day-to-come", "--before", day=before.date()))
        return before.date()
    return months_before(today, months or 0)


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months before; the first of the next month where that month is too short.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 3, 1)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)  # no month of 30 days is the last of a year


def _print(made: Manifest, file: Path) -> bool:
    """Say what a backup holds and how its hash chain stands; whether the chain is sound."""
    from geo.records.backup.restore import chain_of

    chain = chain_of(file)
    say(word("backup-made", moment=made.made_at, program=str(made.made_by), schema=str(made.schema)))
    say(word("backup-holds", count=made.count, version=str(made.version)))
    if chain is not None:
        say(word("chain-holds", count=chain.links, head=chain.head))
    say(made.digest)
    faults = chain.faults if chain is not None else ()
    for fault in faults:
        note("chain-broken", fault=fault)
    return not faults
