"""`diaban backup`, `diaban restore`, `diaban purge`: the records kept, put back, and let go."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import err, explained, out, working

if TYPE_CHECKING:
    from geo.records.backup.snapshot import Manifest

YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
LONGEST_MONTHS = 1200


def backup(file: Annotated[Path, typer.Argument(help="The file to write; an older backup there is replaced.")]) -> None:
    """Copy all records into one file while writing goes on (sao lưu); the same file serves SQLite and PostgreSQL."""
    with explained():
        from geo.records.backup.create import backup as make

        with working("copying the records"):
            made = make(file)
        err().print(f"[dim]→[/] {file} ({file.stat().st_size / 1000:,.0f} kB)", highlight=False)
        _tell(made)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `diaban backup` wrote.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only look at the file from all sides; change nothing.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Put a backup in the place of the records (phục hồi), after a look from all sides; what was there is kept."""
    with explained():
        from geo.records.backup.restore import check_backup
        from geo.records.backup.restore import restore as put_back
        from geo.records.database.engine import database_url

        with working("looking at the backup"):
            _tell(check_backup(file))
        if check:
            return
        place = database_url().render_as_string()
        if not yes:
            typer.confirm(f"Replace the records of {place}?", abort=True, err=True)
        with working("putting it back"):
            done = put_back(file)
        if done.replaced is not None:
            err().print(f"what was there before: {done.replaced}", highlight=False)
        err().print(f"[dim]→[/] {place}", highlight=False)
        err().print("all sessions ended; passwords and tokens are those of the backup", highlight=False)


def purge(
    before: Annotated[
        datetime | None,
        typer.Option("--before", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Remove reports of days before this one."),
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", help="Remove reports older than this many months.", min=1, max=LONGEST_MONTHS),
    ] = None,
    account: Annotated[
        str, typer.Option("--account", envvar="DIABAN_ACCOUNT", help="Account that records it.")
    ] = "local",
    office: Annotated[str, typer.Option("--office", envvar="DIABAN_OFFICE", help="Office that records it.")] = "diaban",
    yes: YesOption = False,
) -> None:
    """Count old reports by month, ward, site and kind, then remove them (xóa tin báo cũ); an audit line says so."""
    with explained():
        from geo.records.entries import Actor
        from geo.records.open import opened_store

        with opened_store() as store:
            day = _first_day_kept(before, older_than, store.today)
            if not yes:
                typer.confirm(f"Remove all reports of days before {day:%d/%m/%Y} for good?", abort=True, err=True)
            removed = store.purge(day, Actor(account, office, "cli"))
        out().print(f"{removed:,} rows of reports before {day:%d/%m/%Y} were counted and removed", highlight=False)
        if removed:
            err().print("backups made before hold them still: delete those too", highlight=False)


def _first_day_kept(before: datetime | None, months: int | None, today: date) -> date:
    from geo.errors import InputError, Problem

    if (before is None) == (months is None):
        raise InputError(Problem("give one of the two", "--before, --older-than", "like --older-than 36"))
    if before is not None:
        if before.date() > today:
            raise InputError(Problem(f"{before:%d/%m/%Y} is yet to come", "--before", "give a day that is past"))
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


def _tell(made: Manifest) -> None:
    console = out()
    console.print(
        f"made {made.made_at:%Y-%m-%d %H:%M} UTC by diaban {made.made_by}, schema {made.schema}", highlight=False
    )
    console.print(f"{made.count:,} entries, data version {made.version}", highlight=False)
    console.print(made.digest, highlight=False)
