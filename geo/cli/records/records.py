"""`diaban status`, `diaban report`, `diaban review`: what happened since the plan, recorded and listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import err, note, out, say, table, word, written
from geo.cli.base.options import (
    ACCOUNT,
    DAYS,
    AccountOption,
    AnyCityOption,
    CrsOption,
    DayOption,
    NoteOption,
    OfficeOption,
    OutputOption,
    SiteArgument,
)
from geo.cli.common import actor, emit, explained, format_option, opened, slug_of, written_to
from geo.cli.records.import_summary import (
    AgainOption,
    ChangesOption,
    MapOption,
    RepeatedOption,
    SheetOption,
    print_summary,
)
from geo.cli.records.kind_commands import CorrectsOption, record_app
from geo.i18n.language import current
from geo.i18n.message import shown

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.importing.reports import ReportFile
    from geo.records.store import Store

__all__ = ["record_app", "report_app", "review_app", "status_app"]
_SHOWN = 5

status_app = Commands(no_args_is_help=True)
report_app = Commands(no_args_is_help=True)
review_app = Commands(no_args_is_help=True)

DocumentOption = Annotated[str, typer.Option("--document")]


@status_app.command("set")
def set_status(
    site: SiteArgument,
    level: Annotated[str, typer.Argument(metavar="LEVEL")],
    document: DocumentOption,
    office: OfficeOption,
    day: DayOption = None,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record the activity level of a site from a day on."""
    with explained(), opened() as store:
        from geo.records.entries import NewAssessment

        term = store.context.offered_at(site.upper(), None).find("level", level)
        entry = NewAssessment(
            site_id=site.upper(), level=term.id, day=_day(store, day), document=document, office=office, note=note
        )
        receipt = store.add(entry, actor(account, office), corrects=corrects)
        _say(word("status-set", site=entry.site_id, level=term, day=entry.day), receipt.id)


@status_app.command("history")
def status_history(
    site: SiteArgument,
    format: Annotated[str | None, format_option("history")] = None,
) -> None:
    """Every level recorded for a site, with its document; corrections and withdrawals too."""
    with explained(), opened() as store:
        from geo.output.shared.formats import format_of

        chosen, site_id = format_of("history", None, format).name, _known_site(store, site)
        rows = store.history("assessment", site_id=site_id)
        columns = ["id", "day", "level", "document", "office", "note", "corrects_id", "withdrawn", "recorded_at"]
        if chosen == "table":
            _print_history(store, site_id, rows)
        elif chosen == "json":
            emit(_json(rows[columns]), None)
        else:
            from geo.output.shared.crossing_rows import inert_texts

            emit(inert_texts(rows[columns]).to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S"), None)


@report_app.command("add")
def add_report(
    kind: Annotated[str, typer.Option("--kind")],
    channel: Annotated[str, typer.Option("--channel")],
    office: OfficeOption,
    lon: Annotated[float | None, typer.Option("--lon")] = None,
    lat: Annotated[float | None, typer.Option("--lat")] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="SITE_ID")] = None,
    chainage: Annotated[float | None, typer.Option("--chainage")] = None,
    day: DayOption = None,
    verified: Annotated[bool, typer.Option("--verified/--unverified")] = False,
    same_as: Annotated[int | None, typer.Option("--same-as")] = None,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record one report about a place."""
    with explained(), opened() as store:
        from geo.records.entries import NewReport

        offered = store.context.offered_at(site.upper() if site else None, None)
        kind_term = offered.find("kind", kind)
        entry = NewReport(
            day=_day(store, day),
            kind=kind_term.id,
            channel=offered.find("channel", channel).id,
            lon=lon,
            lat=lat,
            site_id=site.upper() if site else None,
            chainage_m=chainage,
            verified=verified,
            same_as=same_as,
            note=note,
        )
        receipt = store.add(entry, actor(account, office), corrects=corrects)
        _say(word("report-added", day=entry.day, kind=kind_term), receipt.id)


@report_app.command("import")
def import_reports(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    office: OfficeOption,
    commit: Annotated[bool, typer.Option("--commit")] = False,
    mapped: MapOption = None,
    sheet: SheetOption = "",
    again: AgainOption = False,
    repeated: RepeatedOption = False,
    accept_changes: ChangesOption = False,
    crs: CrsOption = None,
    account: AccountOption = ACCOUNT,
) -> None:
    """Check a file of reports, and with --commit write all that is new in it, or nothing."""
    with explained(), opened() as store:
        from geo.importing import mappings, reports
        from geo.importing.columns import read_mapped
        from geo.importing.geometries import Question
        from geo.importing.reports.columns import READ_COLUMNS
        from geo.importing.tally import Decisions

        said = read_mapped(mapped or (), READ_COLUMNS)
        headings = mappings.with_remembered(store, "report", office, said)
        with _progress(word("reading", file=file.name)) as seen:
            read = reports.examine_reports(
                file, store, mapped=headings, sheet=sheet, question=Question(crs), progress=seen
            )
        read = read.deciding(Decisions(again, repeated, accept_changes))
        print_summary(read.summary)
        read.refuse()
        _print_summary(store, read)
        if not commit:
            if read.new or read.corrections:
                note("add-commit")
            return
        who = actor(account, office, "import")
        with _progress(word("writing")) as seen:
            receipt = reports.commit(store, read, who, progress=seen)
        mappings.remember(store, "report", who, said)
        _say(word("reports-recorded", count=receipt.count, file=file.name))
        if read.corrections:
            _say(word("reports-corrected", count=len(read.corrections)))


@report_app.command("template")
def template(
    output: OutputOption = None,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", hidden=True)] = None,
) -> None:
    """Write an empty file to fill in, with the columns explained."""
    with explained():
        from geo.errors import InputError, Problem
        from geo.importing.report_template import write_report_template
        from geo.output.shared.formats import format_of

        if output is not None and file is not None:
            raise InputError(Problem("cli.two-outputs", "-o", output=output, file=file))
        file = output or file or Path("tin-bao.xlsx")
        format_of("report-template", file)
        written_to(write_report_template(file))


@review_app.command("add")
def add_review(
    site: Annotated[list[str], typer.Option("--site", metavar="SITE_ID")],
    ward: Annotated[list[str], typer.Option("--ward", metavar="CODE|NAME")],
    conclusion: Annotated[str, typer.Option("--conclusion")],
    document: DocumentOption,
    office: OfficeOption,
    day: DayOption = None,
    next_day: Annotated[datetime | None, typer.Option("--next", formats=DAYS)] = None,
    note: NoteOption = "",
    corrects: CorrectsOption = None,
    account: AccountOption = ACCOUNT,
) -> None:
    """Record a handover review: which wards, which sites, what was concluded, when next."""
    with explained(), opened() as store:
        from geo.records.entries import NewReview

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
        receipt = store.add(entry, actor(account, office), corrects=corrects)
        _say(word("review-added", sites=list(entry.sites), conclusion=term), receipt.id)


@review_app.command("list")
def list_reviews(day: DayOption = None, city: AnyCityOption = "") -> None:
    """The handover reviews up to a day, of one city or of all, and when the next ones are due."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import city_of

        columns = ("number", "day", "site", "ward", "conclusion", "next", "document")
        drawn, text = table(word("title.reviews"), *columns), written()
        slug = slug_of(city)
        for row in store.reviews(_day(store, day)).to_dict("records"):
            if slug and slug not in {city_of(site).slug for site in row["sites"]}:
                continue
            conclusion = _term(store, "conclusion", row["conclusion"])
            due = "" if row["next_day"] != row["next_day"] else text.day(row["next_day"])
            places = (" ".join(row["sites"]), " ".join(row["wards"]))
            drawn.add_row(str(row["id"]), text.day(row["day"]), *places, conclusion, due, _escaped(row["document"]))
        out().print(drawn)


def _term(store: Store, group: str, key: str) -> str:
    """A word of the vocabulary in the language of the command."""
    return shown(store.vocabulary.groups[group][key], current())


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
    columns = ("number", "since", "activity", "document", "office", "note")
    drawn = table(word("title.history", site=site_id), *columns)
    replaced = set(rows["corrects_id"].dropna().tolist())
    for row in rows.to_dict("records"):
        label = _term(store, "level", row["level"])
        if row["withdrawn"]:
            number = f"#{row['corrects_id']}"
            label = f"({word('withdrawn', number=number)})"
        elif row["id"] in replaced:
            label = f"[strike]{label}[/] ({word('corrected')})"
        day = "" if row["withdrawn"] else written().day(row["day"])
        drawn.add_row(str(row["id"]), day, label, *(_escaped(row[name]) for name in ("document", "office", "note")))
    out().print(drawn)


def _print_summary(store: Store, read: ReportFile) -> None:
    """What the file would write: how many, between which days, by kind, and the first rows."""
    from collections import Counter

    new, text = read.new, written()
    if not new:
        say(word("reports-none-new"))
        return
    days = [report.day for report in new]
    say(word("reports-in-file", count=len(days), first=min(days), last=max(days)))
    for kind, count in Counter(report.kind for report in new).most_common():
        say(f"  {text.number(count):>7}  {_term(store, 'kind', kind)}")
    drawn = table(word("title.first-rows", count=min(_SHOWN, len(days))), "day", "kind", "channel", "place", "note")
    for report in new[:_SHOWN]:
        chainage = "" if report.chainage_m is None else f" {text.length(report.chainage_m)}"
        place = f"{report.lon:.5f}, {report.lat:.5f}" if report.site_id is None else f"{report.site_id}{chainage}"
        terms = (_term(store, "kind", report.kind), _term(store, "channel", report.channel))
        drawn.add_row(text.day(report.day), *terms, place, _escaped(report.note[:60]))
    out().print(drawn)


def _json(rows: DataFrame) -> str:
    records = json.loads(rows.to_json(orient="records", date_format="iso"))
    return json.dumps([row | {"day": row["day"][:10]} for row in records], ensure_ascii=False, indent=2)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn(word("rows", count="{task.completed:.0f}")),
    )
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done: bar.update(task, completed=done)


def _say(what: str, number: int | None = None) -> None:
    say(what if number is None else f"{what}  #{number}")


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
