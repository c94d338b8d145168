"""`diaban doctor`: what is there on this machine, what is missing, and how to get it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import out, table, word, working
from geo.cli.common import FOUND, emit, explained, format_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.cli.service.examine import Finding

_STYLES = {"fine": "green", "optional": "dim", "soon": "yellow", "broken": "bold red"}


def doctor(format: Annotated[str | None, format_option("findings")] = None) -> None:
    """Look at versions, data, database, fonts, programs and folders; exit code 1 where something is broken."""
    from geo.cli.service.examine import State, examine
    from geo.output.shared.formats import format_of

    with explained(), working("looking"):
        chosen = format_of("findings", None, format)
        findings = examine()
    if chosen.name == "json":
        emit(json.dumps([finding.record() for finding in findings], ensure_ascii=False, indent=2), None)
    else:
        _print(findings)
    if any(finding.state is State.BROKEN for finding in findings):
        raise typer.Exit(FOUND)


def _print(findings: Sequence[Finding]) -> None:
    from rich.text import Text

    drawn = table("", "examined", "state", "result", show_lines=False)
    drawn.columns[0].no_wrap = drawn.columns[1].no_wrap = True
    drawn.columns[2].overflow = "fold"
    for finding in findings:
        text = Text(str(finding.found))
        remedy = str(finding.remedy or "")
        if remedy:
            text.append(f"\n→ {remedy}", style="bold")
        state = Text(word(f"state.{finding.state}"), style=_STYLES[finding.state])
        drawn.add_row(word(f"examined.{finding.name.replace(' ', '-')}"), state, text)
    out().print(drawn)
