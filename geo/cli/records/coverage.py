"""`diaban coverage`: what a city's programme promised, where it stands, and the papers about it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import note, table, word
from geo.cli.base.options import (
    CITY,
    AccountOption,
    CityOption,
    DayOption,
    FileOption,
    OfficeOption,
    OutputOption,
    PublicOption,
    chosen_day,
    with_options,
)
from geo.cli.common import (
    actor,
    emit_made,
    emit_tables,
    explained,
    format_option,
    opened,
    programme_in_force,
    write,
)
from geo.cli.records.coverage_import import compared, examined, record
from geo.cli.records.import_summary import AgainOption, MapOption, RepeatedOption, SheetOption

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geo.analysis.coverage.attainment import Attainment
    from geo.i18n.translator import Translator
    from geo.reference.duties import Body
    from geo.reference.programmes import Period, Programme
    from geo.situation import Situation

ProgrammeOption = Annotated[str | None, typer.Option("--programme", metavar="PROGRAMME")]
PeriodOption = Annotated[str | None, typer.Option("--period", metavar="PERIOD")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Which figures are shown."""

    city: CityOption = CITY
    programme: ProgrammeOption = None
    period: PeriodOption = None
    day: DayOption = None
    entries: Annotated[Path | None, typer.Option("--entries", metavar="FILE")] = None
    public: PublicOption = False

    @property
    def plan(self) -> str:
        """The programme, that of the city where none is named."""
        return self.programme or self.city


app = Commands()


@app.callback(invoke_without_command=True)
@with_options(Figures)
def coverage(
    figures: Figures,
    context: typer.Context,
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="INDICATOR")] = None,
    format: Annotated[str | None, format_option("attainment")] = None,
    output: OutputOption = None,
) -> None:
    """Where the programme stands: by indicator against its target, who has reported, and when the report is due."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        from geo.output.shared.formats import format_of

        found = format_of("attainment", output, format)
        chosen = _chosen(_plan(figures), indicator)
        attained = _attainment(figures)
        if not found.writer:
            _print_table(attained, chosen, output)
        elif found.name == "xlsx":
            file = output or Path(f"{attained.programme.id}-{attained.period}.xlsx")
            write(file, found.made(attained, chosen, indicator is not None))
        else:
            emit_made(found, output, attained, chosen, indicator is not None)


@app.command("template")
def template(
    output: FileOption,
    city: CityOption = CITY,
    programme: ProgrammeOption = None,
    period: PeriodOption = None,
    day: DayOption = None,
) -> None:
    """The workbook to fill: a row for each ward, what the city enters, every column explained."""
    with explained():
        from geo.output.shared.formats import format_of
        from geo.reference.wards import load_wards

        made, plan = format_of("programme-template", output), programme_in_force(programme or city, day, period)
        write(output, made.made(plan, load_wards(), _period(plan, period, chosen_day(day))))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    city: CityOption = CITY,
    programme: ProgrammeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    mapped: MapOption = None,
    sheet: SheetOption = "",
    again: AgainOption = False,
    repeated: RepeatedOption = False,
    account: AccountOption = "cli",
    office: OfficeOption = "Sở Y tế",
) -> None:
    """Record the figures of a file: all of them, or none. Every error is named with its cell."""
    from geo.importing import mappings
    from geo.importing.columns import read_mapped
    from geo.importing.coverage.cells import COVERAGE_COLUMNS
    from geo.importing.tally import Decisions
    from geo.records.programmes import programme_named

    with explained(), opened() as store:
        plan = programme_named(programme or city, store.today, store)
        who, said = actor(account, office, "import"), read_mapped(mapped or (), COVERAGE_COLUMNS)
        known = mappings.with_remembered(store, "coverage_entry", office, said)
        read = examined(file, plan, known, sheet, store, office)
        entries = compared(store, plan, read.deciding(Decisions(again, repeated)))
        if dry_run:
            note("dry-run")
            return
        record(store, file, entries, who, again=again)
        mappings.remember(store, "coverage_entry", who, said)


@app.command("report")
@with_options(Figures)
def report(
    figures: Figures,
    output: FileOption,
    format: Annotated[str | None, format_option("programme-report")] = None,
    span: Annotated[str | None, typer.Option("--span", metavar="MONTH|QUARTER")] = None,
    body: Annotated[str | None, typer.Option("--body", metavar="NUMBER|NAME")] = None,
) -> None:
    """The half-year or year report, that of a month or quarter, or of one body: DOCX, ODT, PDF, or XLSX."""
    with explained():
        from geo.i18n.language import current
        from geo.output.shared.formats import format_of

        made = format_of("programme-report", output, format)
        options = _report_options(figures, span, body)
        write(output, made.made(options.pop("attained"), current(), **options))


def _report_options(figures: Figures, span: str | None, body: str | None) -> dict[str, Any]:
    """What a report is made from: `attained`, and for a month, a quarter or a body what belongs to it."""
    from geo.output.reports.spans import Span

    options: dict[str, Any] = {}
    if body is not None:
        options["body"] = _body(_plan(figures), body)
    if span is None:
        return {"attained": _attainment(figures), **options}
    asked = Span.parse(span)
    year = replace(figures, period=str(asked.first.year))
    options["span"] = asked
    if body is None:
        options["before"] = _attainment(replace(year, day=datetime.combine(asked.before, time())))
    return {"attained": _attainment(replace(year, day=datetime.combine(asked.last, time()))), **options}


def _body(plan: Programme, name: str) -> Body:
    """A body of a plan; of one that goes on with the indicators of the city's first plan, of that."""
    from geo.reference.cities import city
    from geo.reference.duties import bodies
    from geo.reference.duties import body as body_named
    from geo.reference.programmes import programme_of_city

    own = bool(bodies(plan.id)) or not plan.indicators_of
    return body_named(plan.id if own else programme_of_city(city(plan.city)).id, name)


@app.command("calendar")
def calendar(output: FileOption, city: CityOption = CITY, programme: ProgrammeOption = None) -> None:
    """The reporting dates of the programme, as a calendar file (.ics)."""
    with explained():
        from geo.output.shared.formats import format_of

        made = format_of("calendar", output)
        write(output, made.made(programme_in_force(programme or city)))


def _entries(file: Path, plan: Programme, wards: GeoDataFrame) -> pd.DataFrame:
    from geo.importing.coverage import read_entries
    from geo.records.validation.privacy import screen
    from geo.reference.cities import city
    from geo.reference.wards import WardRegister

    own = wards[wards["province_code"] == city(plan.city).province_code]
    return read_entries(file, plan, WardRegister(own), screen=screen)


def _attainment(figures: Figures) -> Attainment:
    from geo import settings
    from geo.analysis.coverage.attainment import attainment
    from geo.analysis.coverage.published import public_of
    from geo.situation import at

    plan, today = _plan(figures), chosen_day(figures.day)
    if figures.public and figures.entries is None:
        return _published(plan, figures.period, today)
    wanted = _period(plan, figures.period, today)
    # The phases and sites of a year that is over are those of its last day.
    last = min(today, date(wanted.year, 12, 31))
    with opened() if settings.has_records() else nullcontext() as store:
        then = at(last, city=plan.city, store=store)
        recorded = None if store is None else store.coverage()
    frame = _entries(figures.entries, plan, then.wards) if figures.entries else recorded

    def made(each: Period) -> Attainment:
        return attainment(plan, frame, then.wards, today, each, crossings=then.crossings, sites=then.sites)

    attained = public_of(plan, wanted, made) if figures.public else made(wanted)
    return _with_new_sites(attained, then, is_public=figures.public)


def _with_new_sites(attained: Attainment, then: Situation, *, is_public: bool) -> Attainment:
    from geo import settings
    from geo.visibility.new_sites import with_new_sites
    from geo.visibility.viewer import EVERYTHING, PUBLIC

    with opened() if settings.has_records() else nullcontext() as store:
        return with_new_sites(attained, then, store, PUBLIC if is_public else EVERYTHING)


def _published(plan: Programme, period: str | None, today: date) -> Attainment:
    """What everybody may see of the recorded figures: a published period, the latest one if none is named."""
    from geo.reference.programmes import Period
    from geo.situation import at
    from geo.visibility import Published

    wanted = None if period is None else Period.parse(period)
    with opened() as store:
        then = at(today, city=plan.city, store=store)
        shown = Published(store, store.today).coverage(then, wanted)
    return _with_new_sites(shown, then, is_public=True)


def _plan(figures: Figures) -> Programme:
    return programme_in_force(figures.plan, figures.day, figures.period)


def _period(plan: Programme, requested: str | None, today: date) -> Period:
    """The chosen period, if the programme runs then; else the one that is due next."""
    from geo.reference.programmes import Period

    if requested is None:
        return plan.next_deadline(today).period
    wanted = Period.parse(requested)
    plan.deadline(wanted)
    return wanted


def _chosen(plan: Programme, indicator: str | None) -> list[str]:
    """The ids of the chosen targets: all, one, or those of an indicator and of its sub-items."""
    if indicator is None:
        return [target.id for target in plan.targets]
    if any(target.id == indicator for target in plan.targets):
        return [indicator]
    requested = plan.indicator(indicator).id
    held = [entry for entry in plan.indicators if requested in (entry.id, entry.parent)]
    return [target.id for entry in held for target in entry.targets]


def _print_table(attained: Attainment, chosen: list[str], output: Path | None) -> None:
    from geo.i18n.language import current
    from geo.output.reports import wording

    w = wording.words(current())
    columns = ("code", "content", "aim", "result", "missing", "reported", "assessment")
    drawn = table(wording.title(w, attained), *columns, caption=_caption(attained), caption_justify="left")
    for result in attained.results:
        if result.target.id in chosen:
            answered = f"{result.reporting}/{result.wards}" if result.target.level == "ward" else "–"
            drawn.add_row(
                result.target.id,
                result.target.label,
                wording.aim(w, result.target, result.needed),
                wording.attained(w, result),
                wording.still_missing(w, result),
                answered,
                w.text(f"state_{result.state}"),
            )
    emit_tables([drawn], output)


def _caption(attained: Attainment) -> str:
    from geo.i18n.language import current
    from geo.output.reports import wording

    w, answered = wording.words(current()), attained.reporting
    due = wording.due_text(w, attained)
    lines = [
        word("caption-reported", reporting=answered.reporting, wards=answered.wards, due=due),
        *filter(None, [wording.carried(w, attained.programme)]),
        *([w.text("example")] if attained.example else []),
        *([word("caption-unused", count=attained.unused)] if attained.unused else []),
    ]
    if attained.outside is not None and len(attained.outside):
        pairs = zip(attained.outside["ward_name"], attained.outside["site_id"], strict=True)
        lines.append(word("caption-outside", wards=[f"{ward} ({site})" for ward, site in pairs]))
    lines += _of_new_sites(w, attained)
    return "\n".join(lines)


def _of_new_sites(w: Translator, attained: Attainment) -> list[str]:
    """The places that answer a target, below what is said of them; or that the plan asks for none."""
    from geo.output.reports.new_sites import all_rows, new_site_row, new_sites_said, not_asked

    if attained.new_sites is None:
        return list(filter(None, [not_asked(w, attained.programme)]))
    said = f"{attained.new_sites.target}: {' '.join(new_sites_said(w, attained.new_sites, attained))}"
    return [said, *(" · ".join(new_site_row(w, site)) for site in all_rows(attained.new_sites))]
