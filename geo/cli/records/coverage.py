"""`diaban coverage`: what a city's programme promised, where it stands, and the papers about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import DayOption, OutputOption, chosen_day, emit, err, explained, out
from geo.cli.records.import_summary import AgainOption, MapOption, print_summary

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geo.analysis.coverage.attainment import Attainment
    from geo.importing.coverage import CoverageFile
    from geo.importing.coverage_commit import Compared
    from geo.reference.programmes import Period, Programme

_SHOWN = 20
"""Of the changes that a file would make, so many are told one by one."""


class CoverageFormat(StrEnum):
    """How the attainment is given out."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class ReportFormat(StrEnum):
    """What a report is written as."""

    DOCX = "docx"
    XLSX = "xlsx"


CityOption = Annotated[str, typer.Option("--city", help="City: hanoi or hue.")]
ProgrammeOption = Annotated[str | None, typer.Option("--programme", help="Programme id; that of the city if absent.")]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026, 2026-H1 or 2026-H2; what is due next if absent.")
]
EntriesOption = Annotated[
    Path | None, typer.Option("--entries", help="Take the figures from this XLSX or CSV file, not from the records.")
]
PublicOption = Annotated[bool, typer.Option("--public", help="Withhold counts from 1 to 4, as for the public.")]
FileOption = Annotated[Path, typer.Option("-o", "--output", help="The file to write.")]

app = typer.Typer(help="The programme's indicators by ward and period, against target and deadline.")


@app.callback(invoke_without_command=True)
def coverage(
    context: typer.Context,
    city: CityOption = "hanoi",
    programme: ProgrammeOption = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="One indicator, ward by ward: 12, 3.1, a2.")
    ] = None,
    period: PeriodOption = None,
    day: DayOption = None,
    entries: EntriesOption = None,
    public: PublicOption = False,
    format: Annotated[
        CoverageFormat, typer.Option("--format", help="table, json, csv or xlsx.")
    ] = CoverageFormat.TABLE,
    output: OutputOption = None,
) -> None:
    """Where the programme stands: by indicator against its target, who has reported, and when the report is due."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        chosen = _chosen(programme or city, indicator)
        told = _attainment(programme or city, period, day, entries, public)
        if format is CoverageFormat.TABLE:
            _print_table(told, chosen)
        elif format is CoverageFormat.JSON:
            emit(_json(told, chosen, indicator), output)
        elif format is CoverageFormat.CSV:
            from geo.output.reports import attainment_table
            from geo.output.shared.crossing_rows import inert_texts

            table = inert_texts(attainment_table(told))
            emit(table[table["target"].isin(chosen)].to_csv(index=False, lineterminator="\n"), output)
        else:
            from geo.output.reports import report_xlsx

            _write(output or Path(f"{told.programme.id}-{told.period}.xlsx"), report_xlsx(told))


@app.command("template")
def template(
    output: FileOption,
    city: CityOption = "hanoi",
    programme: ProgrammeOption = None,
    period: PeriodOption = None,
    day: DayOption = None,
) -> None:
    """The workbook to fill: a row for each ward, what the city enters, every column explained."""
    with explained():
        from geo.output.reports import template_xlsx
        from geo.reference.programmes import load_programme
        from geo.reference.wards import load_wards

        plan = load_programme(programme or city)
        _write(output, template_xlsx(plan, load_wards(), _period(plan, period, chosen_day(day))))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A filled template, or a list as CSV, XLSX, XLS or ODS.")],
    city: CityOption = "hanoi",
    programme: ProgrammeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    mapped: MapOption = None,
    again: AgainOption = False,
    account: Annotated[str, typer.Option("--account", help="Office account that records (not a person).")] = "cli",
    office: Annotated[str, typer.Option("--office", help="The office that records.")] = "Sở Y tế",
) -> None:
    """Record the figures of a file: all of them, or none. Every fault is named with its cell."""
    from geo.importing import mappings
    from geo.importing.columns import read_mapped
    from geo.importing.coverage.cells import COVERAGE_COLUMNS
    from geo.importing.coverage_commit import (
        add_coverage,
        compare_coverage,
        coverage_entries,
        everything,
        new_and_changed,
    )
    from geo.records.model.entries import Actor
    from geo.records.open import opened_store

    with explained(), opened_store() as store:
        actor, said = Actor(account, office, "import"), read_mapped(mapped or (), COVERAGE_COLUMNS)
        headings = mappings.with_remembered(store, "coverage_entry", office, said)
        read = _examined(file, programme or city, headings)
        entries = coverage_entries(read.frame)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if read.problems:
            print_summary(read.summary())
            read.refuse()
        found = compare_coverage(store, entries)
        print_summary(read.summary(found))
        _print_compared(found)
        if dry_run:
            err().print("dry run: nothing was written")
            return
        choice = everything if again else new_and_changed
        receipt = add_coverage(store, entries, actor, source=f"sha256:{digest[:32]}", choice=choice)
        mappings.remember(store, "coverage_entry", actor, said)
        if receipt.count:
            err().print(f"{receipt.count} figures recorded (version {receipt.version})")
        else:
            err().print("everything in it is recorded already: nothing was written")


def _print_compared(found: Compared) -> None:
    """How the entries of a file stand to what is recorded; the first changes one by one."""
    err().print(f"new: {len(found.new)}; changed: {len(found.replaced)}; recorded already: {found.same}")
    for change in found.replaced[:_SHOWN]:
        entry = change.entry
        late = "" if change.counts else " (the recorded one is of a later day and goes on to count)"
        old = f"{change.value:g} of {change.day:%d/%m/%Y} ({change.document})"
        where = f"{entry.ward_code or 'city'} {entry.indicator} {entry.period}"
        err().print(
            f"  {where}: {old} → {entry.value:g} of {entry.day:%d/%m/%Y} ({entry.document}){late}", markup=False
        )
    if len(found.replaced) > _SHOWN:
        err().print(f"  and {len(found.replaced) - _SHOWN} more")


@app.command("report")
def report(
    output: FileOption,
    city: CityOption = "hanoi",
    programme: ProgrammeOption = None,
    period: PeriodOption = None,
    day: DayOption = None,
    entries: EntriesOption = None,
    public: PublicOption = False,
    format: Annotated[
        ReportFormat | None, typer.Option("--format", help="docx or xlsx; by the file's ending if absent.")
    ] = None,
) -> None:
    """The half-year or year report, in the plan's own order of indicators, as DOCX or XLSX."""
    with explained():
        from geo.output.reports import report_docx, report_xlsx

        told = _attainment(programme or city, period, day, entries, public)
        workbook = format is ReportFormat.XLSX or (format is None and output.suffix.lower() == ".xlsx")
        _write(output, report_xlsx(told) if workbook else report_docx(told))


@app.command("calendar")
def calendar(output: FileOption, city: CityOption = "hanoi", programme: ProgrammeOption = None) -> None:
    """The reporting dates of the programme, as a calendar file (.ics)."""
    with explained():
        from geo.output.reports import deadlines_ics
        from geo.reference.programmes import load_programme

        _write(output, deadlines_ics(load_programme(programme or city)))


def _entries(file: Path, plan: Programme, wards: GeoDataFrame) -> pd.DataFrame:
    from geo.importing.coverage import read_entries
    from geo.records.validation.privacy import screen
    from geo.reference.cities import city
    from geo.reference.wards import WardRegister

    own = wards[wards["province_code"] == city(plan.city).province_code]
    return read_entries(file, plan, WardRegister(own), screen=screen)


def _examined(file: Path, plan: str, mapped: Mapping[str, str]) -> CoverageFile:
    from geo.importing.coverage import examine_entries
    from geo.records.validation.privacy import screen
    from geo.reference.cities import city
    from geo.reference.programmes import load_programme
    from geo.reference.wards import WardRegister

    programme = load_programme(plan)
    register = WardRegister.load(city=city(programme.city))
    return examine_entries(file, programme, register, screen=screen, mapped=mapped)


def _recorded() -> pd.DataFrame:
    from geo.records.store import open_store

    with open_store() as store:
        return store.coverage()


def _attainment(name: str, period: str | None, day: datetime | None, entries: Path | None, public: bool) -> Attainment:
    from geo.analysis.coverage.attainment import attainment
    from geo.analysis.coverage.published import public_of
    from geo.analysis.crossings.table import crossings
    from geo.reference.programmes import load_programme
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards

    plan, today = load_programme(name), chosen_day(day)
    wanted = _period(plan, period, today)
    wards = load_wards()
    frame = _entries(entries, plan, wards) if entries else _recorded()
    sites = load_sites()
    crossed = crossings(sites, wards)

    def made(each: Period) -> Attainment:
        return attainment(plan, frame, wards, today, each, crossings=crossed, sites=sites)

    return public_of(plan, wanted, made) if public else made(wanted)


def _period(plan: Programme, asked: str | None, today: date) -> Period:
    """The period asked for, if the programme runs then; else the one that is due next."""
    from geo.reference.programmes import Period

    if asked is None:
        return plan.next_deadline(today).period
    wanted = Period.parse(asked)
    plan.deadline(wanted)
    return wanted


def _chosen(name: str, indicator: str | None) -> list[str]:
    """The ids of the targets asked for: all, one, or those of an indicator and of its sub-items."""
    from geo.reference.programmes import load_programme

    plan = load_programme(name)
    if indicator is None:
        return [target.id for target in plan.targets]
    if any(target.id == indicator for target in plan.targets):
        return [indicator]
    asked = plan.indicator(indicator).id
    held = [entry for entry in plan.indicators if asked in (entry.id, entry.parent)]
    return [target.id for entry in held for target in entry.targets]


def _json(told: Attainment, chosen: list[str], indicator: str | None) -> str:
    from geo.output.reports import attainment_dict, ward_dicts

    content = attainment_dict(told)
    content["results"] = [entry for entry in content["results"] if entry["target"] in chosen]
    content["phases"] = [entry for entry in content["phases"] if entry["target"] in chosen]
    if indicator is not None:
        content["wards"] = [row for target in chosen for row in ward_dicts(told, target)]
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)


def _print_table(told: Attainment, chosen: list[str]) -> None:
    from rich.table import Table

    from geo.output.reports import wording

    table = Table(title=wording.title(told), title_justify="left", caption=_caption(told), caption_justify="left")
    for column in ("mã", "nội dung", "mục tiêu", "kết quả", "còn thiếu", "đã báo cáo", "đánh giá"):
        table.add_column(column)
    for result in told.results:
        if result.target.id in chosen:
            answered = f"{result.reporting}/{result.wards}" if result.target.level == "ward" else "–"
            table.add_row(
                result.target.id,
                result.target.label,
                wording.aim(result.target, result.needed),
                wording.attained(result),
                wording.still_missing(result),
                answered,
                wording.STATES[result.state][0],
            )
    out().print(table)


def _caption(told: Attainment) -> str:
    from geo.output.reports import wording

    answered = told.reporting
    lines = [
        f"{answered.reporting}/{answered.wards} xã, phường đã báo cáo · hạn {wording.due_text(told)}",
        *([wording.EXAMPLE] if told.example else []),
        *([f"{told.unused} số liệu không đúng cấp, chưa tính"] if told.unused else []),
    ]
    if told.outside is not None and len(told.outside):
        pairs = zip(told.outside["ward_name"], told.outside["site_id"], strict=True)
        listed = ", ".join(f"{ward} ({site})" for ward, site in pairs)
        lines.append(f"Ngoài chương trình, có điểm đang hoạt động đi qua: {listed}")
    return "\n".join(lines)


def _write(path: Path, content: bytes) -> None:
    from geo.files import write_atomic

    err().print(f"[dim]→[/] {write_atomic(path, content)}", highlight=False)
