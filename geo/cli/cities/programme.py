"""`diaban programme`: what a programme file says, and whether anything is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import print_problems, say, table, word
from geo.cli.common import FOUND, emit_tables, explained
from geo.i18n.message import Words, shown

if TYPE_CHECKING:
    from rich.table import Table

    from geo.errors import Problem
    from geo.reference.programmes import Programme

app = Commands(no_args_is_help=True)


@app.callback()
def _programmes() -> None:
    """Programmes: what the list of a city is about, in a file."""


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Read a programme file, say all that is wrong with it, each with its place and what to do; exit code 1 if any."""
    from geo.errors import DiabanError
    from geo.reference.programme.in_use import clashes
    from geo.reference.programmes import read_programme

    with explained():
        try:
            programme = read_programme(file)
            problems = [*clashes(programme.id, programme.terms), *_persons(programme)]
        except DiabanError as error:
            print_problems(error.problems)
            raise typer.Exit(FOUND) from None
        emit_tables([_terms(programme)], None)
        print_problems(problems)
        if problems:
            raise typer.Exit(FOUND)
        counts = {"indicators": len(programme.indicators), "targets": len(programme.targets)}
        title = Words(programme.title, programme.title_en)
        say(word("programme-sound", id=programme.id, title=title, deadlines=len(programme.deadlines), **counts))


def _persons(programme: Programme) -> list[Problem]:
    """What of the programme is about a person: all of it would be public."""
    from geo.records.model.programme_documents import definition_of
    from geo.records.validation.texts_within import private_faults

    return [found.problem for found in private_faults(programme.id, definition_of(programme))]


def _terms(programme: Programme) -> Table:
    """What the programme calls things."""
    from geo.i18n.language import current
    from geo.records.model.vocabulary import vocabulary_of
    from geo.reference.programme.terms import TERM_TYPES

    lang, offered = current(), vocabulary_of(programme)
    drawn = table(word("title.programme", id=programme.id), "what", "id", "words")
    for group in TERM_TYPES:
        for term in offered.terms(group):
            drawn.add_row(word(f"term.{group}"), term.id, shown(term, lang))
    return drawn
