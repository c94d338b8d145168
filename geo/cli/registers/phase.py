"""`diaban phase` and `diaban responsibility`: phases of wards, and who agreed to answer for a stretch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import phase_word, print_notes, say, table, word, written
from geo.cli.base.options import CITY, CityOption, DayOption, SiteArgument, chosen_day, with_options
from geo.cli.common import FOUND, emit, emit_tables, explained, format_option, opened
from geo.cli.registers.drafting import PaperOptions, draft, papers, titled, ward_labels

if TYPE_CHECKING:
    from geo.importing.registers.changes import NamedWards

phase_app = Commands(no_args_is_help=True)
responsibility_app = Commands(no_args_is_help=True)

PhaseArgument = Annotated[str, typer.Argument(metavar="PHASE")]
WardsArgument = Annotated[list[str], typer.Argument(metavar="CODE|NAME")]
FromOption = Annotated[float | None, typer.Option("--from")]
ToOption = Annotated[float | None, typer.Option("--to")]


@phase_app.callback()
def _phases() -> None:
    """Phases of wards in the programme."""


@phase_app.command("list")
def list_phases(
    city: CityOption = CITY, day: DayOption = None, format: Annotated[str | None, format_option("history")] = None
) -> None:
    """The wards of each phase, since when and by which document.

    Where the programme in force lists others, that is said on the error stream, and the exit code is 1.
    """
    with explained(), opened() as store:
        from geo.analysis.listed_phases import said_of_phases
        from geo.output.shared.formats import format_of
        from geo.records.programmes import programmes_on
        from geo.reference.cities import city as city_named
        from geo.reference.wards import WardRegister

        chosen, where, on = format_of("history", None, format), city_named(city), chosen_day(day)
        register, frame = WardRegister.load(city=where), store.phases(on)
        names = {ward.code: ward.full_name for ward in register.wards}
        rows = [
            {"phase": row["phase"], "ward": row["ward_code"], "name": names[row["ward_code"]]}
            | {"day": row["day"].date(), "document": row["document"]}
            for row in frame.to_dict("records")
            if row["ward_code"] in names and row["phase"] != "none"
        ]
        emit_rows(chosen.name, sorted(rows, key=lambda row: (row["phase"], row["ward"])))
        recorded = dict(zip(frame["ward_code"], frame["phase"], strict=True))
        terms = {term.id: term for term in store.vocabulary.terms("phase")}
        said = said_of_phases(programmes_on(on, where, store)[-1], register, recorded, terms)
    print_notes(map(str, said))
    if said:
        raise typer.Exit(FOUND)


def emit_rows(form: str, rows: list[dict[str, Any]]) -> None:
    """Rows of phases as a table, CSV or JSON."""
    if form == "json":
        emit(json.dumps(rows, ensure_ascii=False, indent=2, default=str), None)
        return
    if form == "csv":
        import pandas as pd

        from geo.output.shared.crossing_rows import inert_texts

        emit(inert_texts(pd.DataFrame(rows)).to_csv(index=False), None)
        return
    drawn = table(word("title.phases"), "phase", "ward", "since", "document")
    for row in rows:
        ward = f"{row['name']} ({row['ward']})"
        drawn.add_row(phase_word(row["phase"]), ward, written().day(row["day"]), row["document"])
    emit_tables([drawn], None)


@phase_app.command("set")
@with_options(PaperOptions)
def set_phase(options: PaperOptions, phase: PhaseArgument, wards: WardsArgument, city: CityOption = CITY) -> None:
    """The phase of wards from a day on, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import named_wards, phases
        from geo.records.model.vocabulary import vocabulary_of
        from geo.reference.cities import city as city_named
        from geo.reference.programmes import programme_of_city

        where = city_named(city)
        term = vocabulary_of(programme_of_city(where)).find("phase", phase)
        named = named_wards(wards, where)
        entries = phases(named, term.id, papers(store, options))
        say(word("draft.phase-wards", wards=ward_names(named)))
        draft(store, where.slug, titled("phases", count=len(entries)), entries, options, note=named.note)


def ward_names(wards: NamedWards) -> list[str]:
    """The wards that the names which were typed mean, as they are called: another one may have been meant."""
    labels = ward_labels()
    return [labels[code] for code in wards.codes]


@responsibility_app.callback()
def _responsibilities() -> None:
    """Agreed responsibility for stretches on borders."""


@responsibility_app.command("set")
@with_options(PaperOptions)
def set_responsibility(
    options: PaperOptions,
    site: SiteArgument,
    wards: WardsArgument,
    from_m: FromOption = None,
    to_m: ToOption = None,
) -> None:
    """Who agreed to answer for a stretch of a site, as a draft."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import city_of, named_wards, responsibility, version_of

        paper = papers(store, options)
        old = version_of(store, site, paper.day)
        where = city_of(old.site_id)
        named = named_wards(wards, where)
        entry = responsibility(old.site_id, named, paper, from_m, to_m)
        say(word("draft.phase-wards", wards=ward_names(named)))
        draft(store, where.slug, titled("responsibility", site=old.site_id), [entry], options, note=named.note)


@responsibility_app.command("end")
@with_options(PaperOptions)
def end_responsibility(
    options: PaperOptions, site: SiteArgument, from_m: FromOption = None, to_m: ToOption = None
) -> None:
    """An agreement on a stretch of a site ends, as a draft: from that day on the legal cut alone says who answers."""
    with explained(), opened() as store:
        from geo.importing.registers.changes import NamedWards, city_of, responsibility, version_of

        paper = papers(store, options)
        old = version_of(store, site, paper.day)
        entry = responsibility(old.site_id, NamedWards(()), paper, from_m, to_m)
        draft(store, city_of(old.site_id).slug, titled("responsibility-end", site=old.site_id), [entry], options)
