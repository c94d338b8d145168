"""`diaban status`, `report`, `review`, `record`: what happened since the plan; most commands follow from the kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import err, explained, out
from geo.cli.records.kind_commands import (
    AccountOption,
    CorrectsOption,
    DayOption,
    FormatOption,
    ListFormat,
    OfficeOption,
    cell,
    kind_app,
    note,
    print_table,
    record_app,
    records,
    say,
    show,
    write,
)

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.importing.reports import ReportFile
    from geo.records.store import Store

__all__ = ["record_app", "report_app", "review_app", "status_app"]
_SHOWN = 5

status_app = kind_app("assessment", "The activity level of a site: record it, and see what it was.")
report_app = kind_app("report", "Reports about places: one, or a file of them.")
review_app = kind_app("review", "Handover reviews of a site with its wards.")


@status_app.command("set")
def set_status(
    site: Annotated[str, typer.Argument(help="Id of the site, like HN-I-1.")],
    level: Annotated[str, typer.Argument(help="complex, active, low or inactive, or the Vietnamese words.")],
    document: Annotated[str, typer.Option("--document", help="Number of the document it was found in.")],
    office: OfficeOption,
    day: DayOption = None,
    note: Annotated[str, typer.Option("--note", help="About the place only; nothing about persons.")] = "",
    corrects: CorrectsOption = None,
    account: AccountOption = "local",
) -> None:
    """Record the activity level of a site from a day on."""
    with explained(), records() as store:
        from geo.records.entries import NewAssessment

        entry = NewAssessment(
            site_id=site.upper(),
            level=store.vocabulary.find("level", level).id,
            day=store.today if day is None else day.date(),
            document=document,
            office=office,
            note=note,
        )
        write(store, entry, account, office, corrects)


@status_app.command("history")
def status_history(
    site: Annotated[str, typer.Argument(help="Id of the site, like HN-I-1.")],
    format: FormatOption = ListFormat.TABLE,
) -> None:
    """Every level recorded for a site, with its document; corrections and withdrawals too."""
    with explained(), records() as store:
        from geo.records.kinds.registry import kind

        rows = store.history("assessment", site_id=_known_site(store, site))
        if format is ListFormat.TABLE:
            _print_history(store, rows)
            return
        names = ["id", "day", "level", "document", "office", "note", "corrects_id", "withdrawn", "recorded_at"]
        show(store, kind("assessment"), rows, names, format)


@report_app.command("import")
def import_reports(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file; `diaban report template` makes an empty one.")],
    office: OfficeOption,
    commit: Annotated[bool, typer.Option("--commit", help="Write; without it the file is only checked.")] = False,
    account: AccountOption = "local",
) -> None:
    """Check a file of reports, and with --commit write all of it or nothing."""
    with explained(), records() as store:
        from geo.i18n.message import Message
        from geo.importing import reports as importing
        from geo.records.entries import Actor

        with _progress(Message("records.reading", file=file.name)) as seen:
            read = importing.read_reports(file, store, progress=seen)
        _print_summary(store, read)
        if not commit:
            note(Message("records.only-checked"))
            return
        with _progress(Message("records.writing")) as seen:
            receipt = importing.commit(store, read, Actor(account, office, "import"), progress=seen)
        say(Message("records.reports-recorded", count=receipt.count, file=file.name), None)


@report_app.command("template")
def template(
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.")] = Path("tin-bao.xlsx"),
) -> None:
    """Write an empty file to fill in, with the columns explained."""
    with explained():
        from geo.importing.report_template import write_report_template

        err().print(f"[dim]→[/] {write_report_template(file)}", highlight=False)


def _known_site(store: Store, site: str) -> str:
    from geo.errors import UnknownSiteError
    from geo.reference.names import suggest

    known = list(store.registers.site_lengths) if store.registers is not None else []
    if site.upper() not in known:
        raise UnknownSiteError(site, suggest(site.upper(), known))
    return site.upper()


def _print_history(store: Store, rows: DataFrame) -> None:
    from geo.i18n.message import Message
    from geo.records.kinds.registry import kind

    spec, names = kind("assessment"), ["id", "day", "level", "document", "office", "note"]
    replaced = set(rows["corrects_id"].dropna().tolist())
    lines: list[list[str]] = []
    for row in rows.to_dict("records"):
        cells = {name: cell(store, spec, name, row[name]) for name in names}
        if row["withdrawn"]:
            cells |= {"day": "", "level": str(Message("records.withdraws", row=str(row["corrects_id"])))}
        elif row["id"] in replaced:
            cells["level"] = str(Message("records.corrected", value=cells["level"]))
        lines.append(list(cells.values()))
    print_table(spec, names, lines)


def _print_summary(store: Store, read: ReportFile) -> None:
    """What the file would write: how many, between which days, by kind, and the first rows."""
    from collections import Counter

    from geo.i18n.message import Message
    from geo.records.kinds.registry import kind

    days = [report.day for report in read.reports]
    out().print(
        str(Message("records.reports-in-file", count=len(days), first=min(days), last=max(days))), highlight=False
    )
    for name, count in Counter(report.kind for report in read.reports).most_common():
        line = Message("records.reports-of-kind", count=count, kind=store.vocabulary.groups["kind"][name])
        out().print(str(line), highlight=False)
    spec, names = kind("report"), ["day", "kind", "channel", "lon", "lat", "site_id", "chainage_m", "note"]
    first = [spec.values(report) for report in read.reports[:_SHOWN]]
    print_table(spec, names, [[cell(store, spec, name, row[name])[:60] for name in names] for row in first])


@contextmanager
def _progress(what: object) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"))
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task(str(what), total=None)
        yield lambda done: bar.update(task, completed=done)
