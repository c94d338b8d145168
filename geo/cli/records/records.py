"""`diaban status`, `diaban report`, `diaban review`: what happened since the plan, recorded and told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import emit, err, explained, out
from geo.cli.records.import_summary import AgainOption, MapOption, print_summary

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.importing.reports import ReportFile
    from geo.records.model.entries import Actor
    from geo.records.store import Store

_SHOWN = 5

status_app = typer.Typer(help="The activity level of a site: record it, and see what it was.", no_args_is_help=True)
report_app = typer.Typer(help="Reports about places: one, or a file of them.", no_args_is_help=True)
review_app = typer.Typer(help="Handover reviews of a site with its wards.", no_args_is_help=True)

_DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
AccountOption = Annotated[
    str,
    typer.Option("--account", envvar="DIABAN_ACCOUNT", help="Account that records: of an office, never of a person."),
]
OfficeOption = Annotated[str, typer.Option("--office", envvar="DIABAN_OFFICE", help="Office that records.")]
DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=_DAYS, help="Day since when it is so; today if absent.")
]
NoteOption = Annotated[str, typer.Option("--note", help="About the place only; nothing about persons.")]
CorrectsOption = Annotated[int | None, typer.Option("--corrects", help="Number of the row that this one corrects.")]


class HistoryFormat(StrEnum):
    """How a history is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@status_app.command("set")
def set_status(
    site: Annotated[str, typer.Argument(help="Id of the site, like HN-I-1.")],
    level: Annotated[str, typer.Argument(help="complex, active, low or inactive, or the Vietnamese words.")],
    document: Annotated[str, typer.Option("--document", help="Number of the document it was found in.")],
    office: OfficeOption,
    day: DayOption = None,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = "local",
) -> None:
    """Record the activity level of a site from a day on."""
    with explained(), _opened() as store:
        from geo.records.model.entries import NewAssessment

        term = store.vocabulary.find("level", level)
        entry = NewAssessment(
            site_id=site.upper(), level=term.id, day=_day(store, day), document=document, office=office, note=note
        )
        receipt = store.add(entry, _actor(account, office), corrects=corrects)
        _say(f"{entry.site_id}: {term.vi} ({term.en.lower()}) from {entry.day:%d/%m/%Y}", receipt.id)


@status_app.command("history")
def status_history(
    site: Annotated[str, typer.Argument(help="Id of the site, like HN-I-1.")],
    format: Annotated[HistoryFormat, typer.Option("--format", help="table, json or csv.")] = HistoryFormat.TABLE,
) -> None:
    """Every level recorded for a site, with its document; corrections and withdrawals too."""
    with explained(), _opened() as store:
        site_id = _known_site(store, site)
        rows = store.history("assessment", site_id=site_id)
        columns = ["id", "day", "level", "document", "office", "note", "corrects_id", "withdrawn", "recorded_at"]
        if format is HistoryFormat.TABLE:
            _print_history(store, site_id, rows)
        elif format is HistoryFormat.JSON:
            emit(_json(rows[columns]), None)
        else:
            from geo.output.shared.crossing_rows import inert_texts

            emit(inert_texts(rows[columns]).to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S"), None)


@report_app.command("add")
def add_report(
    kind: Annotated[str, typer.Option("--kind", help="Kind of report; see the vocabulary.")],
    channel: Annotated[str, typer.Option("--channel", help="Where it came from; see the vocabulary.")],
    office: OfficeOption,
    lon: Annotated[float | None, typer.Option("--lon", help="Longitude, WGS 84 degrees.")] = None,
    lat: Annotated[float | None, typer.Option("--lat", help="Latitude, WGS 84 degrees.")] = None,
    site: Annotated[str | None, typer.Option("--site", help="Id of a site, instead of a point.")] = None,
    chainage: Annotated[float | None, typer.Option("--chainage", help="Metres from the start of its route.")] = None,
    day: DayOption = None,
    verified: Annotated[bool, typer.Option("--verified/--unverified", help="Whether it was verified.")] = False,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = "local",
) -> None:
    """Record one report about a place."""
    with explained(), _opened() as store:
        from geo.records.model.entries import NewReport

        kind_term = store.vocabulary.find("kind", kind)
        entry = NewReport(
            day=_day(store, day),
            kind=kind_term.id,
            channel=store.vocabulary.find("channel", channel).id,
            lon=lon,
            lat=lat,
            site_id=site.upper() if site else None,
            chainage_m=chainage,
            verified=verified,
            note=note,
        )
        receipt = store.add(entry, _actor(account, office), corrects=corrects)
        _say(f"report of {entry.day:%d/%m/%Y}: {kind_term.vi} ({kind_term.en.lower()})", receipt.id)


@report_app.command("import")
def import_reports(
    file: Annotated[
        Path,
        typer.Argument(help="A text, .xlsx, .xls or .ods file; `diaban report template` makes one."),
    ],
    office: OfficeOption,
    commit: Annotated[bool, typer.Option("--commit", help="Write; without it the file is only checked.")] = False,
    mapped: MapOption = None,
    again: AgainOption = False,
    account: AccountOption = "local",
) -> None:
    """Check a file of reports, and with --commit write all that is new in it, or nothing."""
    with explained(), _opened() as store:
        from geo.importing import mappings
        from geo.importing import reports as intake
        from geo.importing.columns import read_mapped
        from geo.importing.reports.columns import READ_COLUMNS

        said = read_mapped(mapped or (), READ_COLUMNS)
        headings = mappings.with_remembered(store, "report", office, said)
        with _progress(f"reading {file.name}") as seen:
            read = intake.examine_reports(file, store, mapped=headings, progress=seen)
        print_summary(read.summary)
        read.refuse()
        read = read.with_recorded() if again else read
        _print_summary(store, read)
        if not commit:
            err().print("[dim]nothing was written; add --commit to write these rows[/]", highlight=False)
            return
        with _progress("writing") as seen:
            receipt = intake.commit(store, read, _actor(account, office, "import"), progress=seen)
        mappings.remember(store, "report", _actor(account, office, "import"), said)
        _say(f"{receipt.count:,} reports from {file.name} are recorded", None)


@report_app.command("template")
def template(
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.")] = Path("tin-bao.xlsx"),
) -> None:
    """Write an empty file to fill in, with the columns explained."""
    with explained():
        from geo.importing.report_template import write_report_template

        err().print(f"[dim]→[/] {write_report_template(file)}", highlight=False)


@review_app.command("add")
def add_review(
    site: Annotated[list[str], typer.Option("--site", help="Id of a site; again for several.")],
    ward: Annotated[list[str], typer.Option("--ward", help="Code or name of a ward; again for several.")],
    conclusion: Annotated[str, typer.Option("--conclusion", help="quiet, watch, reactivating or reactivated.")],
    document: Annotated[str, typer.Option("--document", help="Number of the minutes.")],
    office: OfficeOption,
    day: DayOption = None,
    next_day: Annotated[datetime | None, typer.Option("--next", formats=_DAYS, help="Day of the next review.")] = None,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = "local",
) -> None:
    """Record a handover review: which wards, which sites, what was concluded, when next."""
    with explained(), _opened() as store:
        from geo.records.model.entries import NewReview

        term = store.vocabulary.find("conclusion", conclusion)
        entry = NewReview(
            day=_day(store, day),
            wards=tuple(dict.fromkeys(_ward(store, name) for name in ward)),
            sites=tuple(dict.fromkeys(name.upper() for name in site)),
            conclusion=term.id,
            document=document,
            next_day=next_day.date() if next_day else None,
            note=note,
        )
        receipt = store.add(entry, _actor(account, office), corrects=corrects)
        _say(f"review of {', '.join(entry.sites)}: {term.vi} ({term.en.lower()})", receipt.id)


@review_app.command("list")
def list_reviews(day: DayOption = None) -> None:
    """The handover reviews up to a day, and when the next ones are due."""
    with explained(), _opened() as store:
        from rich.table import Table

        table = Table(title="Rà soát điểm đã bàn giao")
        for heading in ("#", "Ngày", "Điểm", "Xã, phường", "Kết luận", "Lần sau", "Văn bản"):
            table.add_column(heading)
        for row in store.reviews(_day(store, day)).to_dict("records"):
            conclusion = store.vocabulary.groups["conclusion"][row["conclusion"]].vi
            due = "" if row["next_day"] != row["next_day"] else f"{row['next_day']:%d/%m/%Y}"
            places = (" ".join(row["sites"]), " ".join(row["wards"]))
            table.add_row(str(row["id"]), f"{row['day']:%d/%m/%Y}", *places, conclusion, due, _escaped(row["document"]))
        out().print(table)


@contextmanager
def _opened() -> Iterator[Store]:
    from geo.records.open import opened_store

    with opened_store() as store:
        yield store


def _actor(account: str, office: str, origin: str = "cli") -> Actor:
    from geo.records.model.entries import Actor

    return Actor(account, office, origin)


def _day(store: Store, day: datetime | None) -> date:
    return store.today if day is None else day.date()


def _ward(store: Store, name: str) -> str:
    registers = store.registers
    return registers.ward_named(name) if registers is not None and registers.ward_named is not None else name


def _known_site(store: Store, site: str) -> str:
    from geo.errors import UnknownSiteError
    from geo.reference.names import suggest

    known = list(store.registers.site_lengths) if store.registers is not None else []
    if site.upper() not in known:
        raise UnknownSiteError(site, suggest(site.upper(), known))
    return site.upper()


def _print_history(store: Store, site_id: str, rows: DataFrame) -> None:
    from rich.table import Table

    table = Table(title=f"{site_id}: mức độ phức tạp qua thời gian")
    for heading in ("#", "Từ ngày", "Mức độ", "Văn bản", "Cơ quan", "Ghi chú"):
        table.add_column(heading)
    replaced = set(rows["corrects_id"].dropna().tolist())
    for row in rows.to_dict("records"):
        label = store.vocabulary.groups["level"][row["level"]].vi
        if row["withdrawn"]:
            label = f"(thu hồi #{row['corrects_id']})"
        elif row["id"] in replaced:
            label = f"[strike]{label}[/] (đã sửa)"
        day = "" if row["withdrawn"] else f"{row['day']:%d/%m/%Y}"
        table.add_row(str(row["id"]), day, label, *(_escaped(row[name]) for name in ("document", "office", "note")))
    out().print(table)


def _print_summary(store: Store, read: ReportFile) -> None:
    """What the file would write: how many, between which days, by kind, and the first rows."""
    from collections import Counter

    from rich.table import Table

    days = [report.day for report in read.reports]
    console = out()
    console.print(f"{len(days):,} reports, {min(days):%d/%m/%Y} to {max(days):%d/%m/%Y}", highlight=False)
    for kind, count in Counter(report.kind for report in read.reports).most_common():
        term = store.vocabulary.groups["kind"][kind]
        console.print(f"  {count:>7,}  {term.vi} ({term.en.lower()})", highlight=False)
    table = Table(title=f"the first {min(_SHOWN, len(days))} rows")
    for heading in ("Ngày", "Loại", "Nguồn", "Nơi", "Ghi chú"):
        table.add_column(heading)
    for report in read.reports[:_SHOWN]:
        chainage = "" if report.chainage_m is None else f" {report.chainage_m:.0f} m"
        place = f"{report.lon:.5f}, {report.lat:.5f}" if report.site_id is None else f"{report.site_id}{chainage}"
        table.add_row(f"{report.day:%d/%m/%Y}", report.kind, report.channel, place, _escaped(report.note[:60]))
    console.print(table)


def _json(rows: DataFrame) -> str:
    records = json.loads(rows.to_json(orient="records", date_format="iso"))
    return json.dumps([row | {"day": row["day"][:10]} for row in records], ensure_ascii=False, indent=2)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f} rows"))
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done: bar.update(task, completed=done)


def _say(what: str, number: int | None) -> None:
    out().print(_escaped(what) + ("" if number is None else f"  [dim]#{number}[/]"), highlight=False)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
