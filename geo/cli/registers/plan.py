"""`diaban plan`: a plan of a city read from its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import print_notes, table, word, written
from geo.cli.base.options import (
    ACCOUNT,
    AccountOption,
    AnyCityOption,
    DayOption,
    FileOption,
    OfficeOption,
    OutputOption,
)
from geo.cli.common import FOUND, actor, emit, emit_tables, explained, format_option, opened, slug_of, write
from geo.cli.registers.drafting import PublishOption, saved, seen, titled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from geo.importing.plans import PlanIndicator, PlanReading, PlanSite
    from geo.importing.registers.plan_changes import SiteRow

app = Commands()

FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]
CountOption = Annotated[list[str] | None, typer.Option("--count", metavar="TARGET=KEY:VALUE,…")]
PlacesOption = Annotated[list[str] | None, typer.Option("--choose", metavar="NUMBER=N")]
RowsOption = Annotated[list[str] | None, typer.Option("--row", metavar="NUMBER=WHAT")]

_PRIVATE = "importing.plan-private"


@app.callback()
def _plans() -> None:
    """Plans: read one from its file."""


@app.command()
def read(
    file: FileArgument,
    city: AnyCityOption = "",
    format: Annotated[str | None, format_option("plan")] = None,
    output: OutputOption = None,
) -> None:
    """Read a plan: what is understood, how sure, and what is not."""
    with explained():
        from geo.importing.plans import read_plan
        from geo.output.shared.formats import format_of

        chosen = format_of("plan", output, format)
        reading = read_plan(file, city)
        if chosen.name == "json":
            emit(json.dumps(reading.document(), ensure_ascii=False, indent=2), output)
            return
        emit_tables(list(_parts(reading)), output)
    print_notes(map(str, reading.said_of_missing))
    print_notes(_notes(reading))


@app.command("import")
def import_plan(
    file: FileArgument,
    office: OfficeOption = "",
    city: AnyCityOption = "",
    number: Annotated[str, typer.Option("--number")] = "",
    day: DayOption = None,
    issuer: Annotated[str, typer.Option("--issuer")] = "",
    unsure: Annotated[bool, typer.Option("--unsure")] = False,
    row: RowsOption = None,
    count: CountOption = None,
    choose: PlacesOption = None,
    publish: PublishOption = False,
    account: AccountOption = ACCOUNT,
) -> None:
    """A draft of what a plan changes: sites, levels, phases, indicators; what is not sure is left out and named.

    What there is to look at before it is published is said as on its page; where somebody has to look at it, --publish
    waits for `diaban draft publish`. Exit code 1 then, and where a row that would change something, or a text about a
    person, is left out.
    """
    with explained(), opened() as store:
        from geo.importing.plans import read_plan
        from geo.importing.registers.plan_choices import read_choices
        from geo.importing.registers.plan_counting import read_counting
        from geo.importing.registers.plan_draft import draft_of_plan, said_of_none_sure, with_head
        from geo.importing.registers.plan_routes import read_places
        from geo.records.plan_files import PlanFile

        reading = with_head(read_plan(file, city), number, day.date() if day else None, issuer)
        said: dict[str, Any] = {"choices": read_choices(row or ()), "counting": read_counting(count or ())}
        said["places"] = read_places(choose or ())
        head, made = reading.head, draft_of_plan(store, reading, unsure=unsure, **said)
        emit_tables([_changes(made.found.sites), word("plan.phases-change", count=len(made.found.phases))], None)
        signed = office or head.issuer
        title, writer = titled("plan", number=head.number), actor(account, signed)
        brought = PlanFile(file.name, file.read_bytes())
        saved_as = saved(store, head.city, title, made.entries, made.papers, writer, brought)
        print_notes(word("plan.left-out", row=_row_name(row), reasons=_why(row)) for row in made.left)
        print_notes(str(problem) for problem in made.problems)
        print_notes(str(remark) for remark in made.remarks)
        print_notes(_notes(reading))
        seen(store, saved_as, account, signed, publish=publish and not said_of_none_sure(made.entries, made.left))
    private = made.found.private or any(remark.code == _PRIVATE for remark in reading.remarks)
    if private or any(row.state != "same" for row in made.left):
        raise typer.Exit(FOUND)


@app.command("list")
def list_plans(city: AnyCityOption = "", format: Annotated[str | None, format_option("history")] = None) -> None:
    """The plans that were published, of one city or of all, with the hash of the file that is stored of each."""
    with explained(), opened() as store:
        from geo.output.shared.formats import format_of
        from geo.records.plan_files import stored_digests

        chosen, stored, slug = format_of("history", None, format), stored_digests(store), slug_of(city)
        columns = ["number", "city", "title", "day", "document", "office", "file_digest"]
        rows = store.entries("city_plan")[columns].assign(day=lambda frame: frame["day"].dt.date)
        rows = rows[rows["city"] == slug] if slug else rows
        rows = rows.rename(columns={"file_digest": "file"})
        rows["file"] = [digest if digest in stored else "" for digest in rows["file"]]
        if chosen.name == "json":
            emit(json.dumps(rows.to_dict("records"), ensure_ascii=False, indent=2, default=str), None)
            return
        if chosen.name == "csv":
            from geo.output.shared.crossing_rows import inert_texts

            emit(inert_texts(rows).to_csv(index=False), None)
            return
        drawn = table(word("title.plans"), "number", "city", "since", "document", "file")
        for row in rows.to_dict("records"):
            drawn.add_row(row["number"], row["city"], written().day(row["day"]), row["document"], row["file"] or "–")
        emit_tables([drawn], None)


@app.command("file")
def file_of_plan(stored: Annotated[str, typer.Argument(metavar="NUMBER|HASH")], output: FileOption) -> None:
    """Write the file of a plan as it was brought."""
    with explained(), opened() as store:
        from geo.records.plan_files import plan_file

        rows = store.rows("city_plan", ("number", "file_digest"))
        digest = next((held for name, held in reversed(rows) if name == stored and held), stored)
        write(output, plan_file(store, digest).data)


def _changes(rows: Sequence[SiteRow]) -> Table:
    drawn = table(word("title.plan-changes"), "number", "site", "name", "what", "certainty")
    for row in rows:
        name = row.site.name if row.site else ""
        fields = ", ".join(word(f"plan.field.{name}") for name in row.differences)
        what = word(f"plan.state.{row.state}") + (f": {fields}" if fields else "")
        other = word("plan.in-other-words", name=row.in_other_words) if row.in_other_words else ""
        sure = "\n".join(filter(None, [word(f"certainty.{row.certainty}"), other, *map(str, row.reasons)]))
        drawn.add_row(row.key, row.site_id or "–", name, what, sure)
    return drawn


def _row_name(row: SiteRow) -> str:
    return " ".join(filter(None, [row.key, row.site_id, row.site.name if row.site else ""]))


def _why(row: SiteRow) -> str:
    """Why a row is left out, as a part of a sentence."""
    return "; ".join(map(str, row.reasons))


def _parts(reading: PlanReading) -> Iterator[Any]:
    head = reading.head
    yield word(
        "plan.head",
        number=head.number or word("plan.no-number"),
        day=head.day or word("plan.no-day"),
        issuer=head.issuer or word("plan.no-issuer"),
    )
    if reading.sites:
        yield _sites("title.plan-sites", reading.sites)
    if reading.cleared:
        yield _sites("title.plan-cleared", reading.cleared)
    if reading.others:
        yield _sites("title.plan-others", reading.others)
    if reading.indicators:
        yield _indicators(reading.indicators)
    if reading.wards:
        yield word("plan.phases", **{name: len(reading.phase(name)) for name in ("pilot", "expansion")})
    if reading.deadlines:
        yield word("plan.deadlines", days=list(reading.deadlines))


def _sites(title: str, sites: Sequence[PlanSite]) -> Table:
    from geo.i18n.language import current
    from geo.i18n.message import shown
    from geo.records.model.vocabulary import vocabulary

    levels = {term.id: term for term in vocabulary().terms("level")}
    drawn = table(word(title), "number", "site", "place", "wards", "level", "handover", "certainty")
    for site in sites:
        level = shown(levels[site.level], current()) if site.level in levels else "–"
        sure = "\n".join([word(f"certainty.{site.certainty}"), *map(str, site.reasons)])
        year = "–" if site.handed_over is None else str(site.handed_over)
        drawn.add_row(site.number, site.name, site.place, " ".join(site.wards), level, year, sure)
    return drawn


def _indicators(indicators: Sequence[PlanIndicator]) -> Table:
    drawn = table(word("title.plan-indicators"), "number", "indicator", "figures")
    for indicator in indicators:
        for entry in (indicator, *indicator.items):
            figures = (f"{written().number(figure.figure)} {figure.unit}" for figure in entry.figures)
            drawn.add_row(entry.number, entry.text, ", ".join(figures))
    return drawn


def _notes(reading: PlanReading) -> Iterator[str]:
    yield from map(str, reading.remarks)
    for line in reading.not_understood:
        yield word("plan.not-understood", line=line)
    for ward in reading.wards:
        for reason in ward.reasons:
            yield f"{ward.printed}: {reason}"
