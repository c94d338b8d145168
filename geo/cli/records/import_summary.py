"""What a file of a table holds, printed before anything is written; shared by the commands that import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import err

if TYPE_CHECKING:
    from geo.importing.tally import Summary

MapOption = Annotated[list[str] | None, typer.Option("--map", metavar="HEADING=FIELD")]
AgainOption = Annotated[bool, typer.Option("--again")]
RepeatedOption = Annotated[bool, typer.Option("--repeated")]
ChangesOption = Annotated[bool, typer.Option("--accept-changes")]
SheetOption = Annotated[str, typer.Option("--sheet", metavar="NAME")]


def print_summary(found: Summary) -> None:
    """The counts, what was passed over and why, and what else to know."""
    console = err()
    console.print("; ".join(map(str, found.counts)), highlight=False, markup=False)
    for line in (*found.passed, *found.notices):
        console.print(f"  {line}", highlight=False, markup=False)
