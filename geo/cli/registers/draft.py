"""`diaban draft`: drafts of registers, listed, published, withdrawn."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import print_notes, say, table, word, written
from geo.cli.base.options import ACCOUNT, CITY, AccountOption, AnyCityOption, CityOption, OfficeOption, with_options
from geo.cli.common import actor, emit, emit_tables, explained, format_option, opened, slug_of
from geo.cli.registers.drafting import PaperOptions, draft, papers, published, titled

app = Commands(no_args_is_help=True)

DraftArgument = Annotated[int, typer.Argument(metavar="DRAFT", min=1)]
RowsArgument = Annotated[list[str], typer.Argument(metavar="KIND:ROW")]
SubjectOption = Annotated[str, typer.Option("--about")]
NamesOption = Annotated[bool, typer.Option("--names-person")]
ReasonOption = Annotated[str, typer.Option("--reason")]


@app.command("list")
def list_drafts(city: AnyCityOption = "", format: Annotated[str | None, format_option("history")] = None) -> None:
    """The drafts that wait to be published, of one city or of all."""
    with explained(), opened() as store:
        from geo.output.shared.formats import format_of
        from geo.records.drafting.content import written as content_of
        from geo.records.publishing import drafts

        chosen, slug = format_of("history", None, format), slug_of(city)
        found = [one for one in drafts(store) if slug in ("", one.city)]
        if chosen.name == "json":
            rows = [
                {"draft": one.number, "title": one.title, "day": one.day, "city": one.city, "document": one.document}
                | {"written_by": one.written_by, "entries": [content_of(entry) for entry in one.entries]}
                for one in found
            ]
            emit(json.dumps(rows, ensure_ascii=False, indent=2, default=str), None)
            return
        drawn = table(word("title.drafts"), "number", "what", "since", "entries", "document", "written-by")
        for one in found:
            count = str(len(one.entries))
            drawn.add_row(str(one.number), one.title, written().day(one.day), count, one.document, one.written_by)
        emit_tables([drawn], None)


@app.command("files")
@with_options(PaperOptions)
def draft_files(options: PaperOptions, city: CityOption = CITY) -> None:
    """A draft of what the files of the data set say otherwise than what is recorded."""
    with explained(), opened() as store:
        from dataclasses import fields, replace

        from geo.errors import InputError, Problem
        from geo.records.changed_files import changed_files, of_city
        from geo.reference.cities import city as city_named

        where, paper = city_named(city).slug, papers(store, options)
        found = of_city(changed_files(store), where)
        if not found:
            raise InputError(Problem("cli.files-as-recorded", "data", city=where))
        said = {name: value for name, value in paper.said.items() if name != "note"}
        entries = [
            replace(entry, **{name: value for name, value in said.items() if name in {f.name for f in fields(entry)}})
            for entry in found
        ]
        draft(store, where, titled("files", count=len(entries)), entries, options)


@app.command("publish")
def publish_draft(number: DraftArgument, office: OfficeOption, account: AccountOption = ACCOUNT) -> None:
    """Bring a draft into force, all of it in one step; what there is to look at of it is said beside."""
    with explained(), opened() as store:
        from geo.records.publishing import conflicts_of, draft_of
        from geo.situation.drafts.findings import findings

        one = draft_of(store, number)
        if not conflicts_of(store, one):  # else it is refused, in the same words
            print_notes(str(finding.message) for finding in findings(store, one) if finding.look)
        published(store, number, account, office)


@app.command("withdraw")
def withdraw_draft(
    number: DraftArgument, office: OfficeOption, reason: ReasonOption, account: AccountOption = ACCOUNT
) -> None:
    """Take a draft back."""
    with explained(), opened() as store:
        from geo.records.publishing import withdraw_draft as taken_back

        taken_back(store, number, actor(account, office), reason=reason)
        say(word("draft.withdrawn", number=str(number)))


@app.command("rows")
def list_rows(
    city: CityOption = CITY,
    about: SubjectOption = "",
    format: Annotated[str | None, format_option("history")] = None,
) -> None:
    """What was published and holds, row by row: what `draft revoke` can take back."""
    with explained(), opened() as store:
        from geo.output.shared.formats import format_of
        from geo.records.drafting.content import written as content_of
        from geo.records.published.rows import rows_in_force
        from geo.reference.cities import city as city_named

        chosen, found = format_of("history", None, format), rows_in_force(store, city_named(city), about)
        if chosen.name == "json":
            rows = [
                {"kind": one.kind, "row": one.row, "subject": one.subject, "entry": content_of(one.entry)["entry"]}
                for one in found
            ]
            emit(json.dumps(rows, ensure_ascii=False, indent=2, default=str), None)
            return
        drawn = table(word("title.rows"), "number", "what", "about", "since", "document")
        for one in found:
            entry: Any = one.entry
            drawn.add_row(f"{one.kind}:{one.row}", one.said, one.subject, written().day(entry.day), entry.document)
        emit_tables([drawn], None)


@app.command("revoke")
@with_options(PaperOptions)
def revoke(
    options: PaperOptions,
    rows: RowsArgument,
    reason: ReasonOption,
    city: CityOption = CITY,
    names_person: NamesOption = False,
) -> None:
    """A draft that takes back what was published, with the reason."""
    with explained(), opened() as store:
        from geo.records.published.rows import rows_named, withdrawal_of
        from geo.reference.cities import city as city_named

        where, paper = city_named(city), papers(store, options)
        entries = [
            withdrawal_of(one, paper.day, paper.document, paper.office, reason, names_person)
            for one in rows_named(store, where, rows)
        ]
        draft(store, where.slug, titled("revoke", count=len(entries), rows=rows), entries, options)
