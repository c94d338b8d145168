"""`diaban plan`: a plan of a city read from its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import print_notes, table, word, written
from geo.cli.base.options import OutputOption
from geo.cli.common import emit, emit_tables, explained, format_option
from geo.settings import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from geo.importing.plans import PlanIndicator, PlanReading, PlanSite

app = Commands()

FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]
PlanCityOption = Annotated[str, typer.Option("--city", metavar="CITY", envvar=TABLE["city"].variable)]


@app.callback()
def _plans() -> None:
    """Plans: read one from its file."""


@app.command()
def read(
    file: FileArgument,
    city: PlanCityOption = "",
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
    print_notes(_notes(reading))


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
