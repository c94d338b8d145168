"""`diaban doctor`: what is there on this machine, what is missing, and how to get it."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import FOUND, emit, out, working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.cli.service.examine import Finding

_STYLES = {"fine": "green", "optional": "dim", "soon": "yellow", "broken": "bold red"}


class DoctorFormat(StrEnum):
    """How the findings are printed."""

    TABLE = "table"
    JSON = "json"


def doctor(
    format: Annotated[DoctorFormat, typer.Option("--format", help="table or json.")] = DoctorFormat.TABLE,
) -> None:
    """Look at versions, data, database, fonts, programs and folders; exit code 1 where something is broken."""
    from geo.cli.service.examine import State, examine

    with working("looking"):
        findings = examine()
    if format is DoctorFormat.JSON:
        emit(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2), None)
    else:
        _print(findings)
    if any(finding.state is State.BROKEN for finding in findings):
        raise typer.Exit(FOUND)


def _print(findings: Sequence[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=False)
    table.add_column("what", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("found", overflow="fold")
    for finding in findings:
        told = Text(finding.found)
        if finding.remedy:
            told.append(f"\n→ {finding.remedy}", style="bold")
        table.add_row(finding.name, Text(finding.state, style=_STYLES[finding.state]), told)
    out().print(table)
