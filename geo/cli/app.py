"""The command line: what there is, and where it lives."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated

import typer

from geo.cli.base.commands import Commands

COMMANDS = {
    "check": "registers.check:check",
    "ward": "registers.ward:ward",
    "crossings": "registers.crossings:crossings",
    "city": "cities.city:app",
    "map": "outputs.map:app",
    "place": "registers.place:place",
    "plan": "registers.plan:app",
    "site": "registers.site:app",
    "programme": "cities.programme:app",
    "phase": "registers.phase:phase_app",
    "responsibility": "registers.phase:responsibility_app",
    "draft": "registers.draft:app",
    "coverage": "records.coverage:app",
    "risk": "analysis.risk:app",
    "clusters": "analysis.clusters:app",
    "backtest": "analysis.backtest:backtest",
    "status": "records.records:status_app",
    "report": "records.records:report_app",
    "review": "records.records:review_app",
    "record": "records.records:record_app",
    "dossier": "outputs.dossier:dossier",
    "atlas": "outputs.dossier:atlas",
    "minutes": "outputs.dossier:minutes",
    "package": "outputs.package:package",
    "serve": "service.serve:serve",
    "scale": "registers.scale:app",
    "tiles": "outputs.tiles:app",
    "user": "service.user:app",
    "audit": "service.audit:audit",
    "backup": "service.backup:backup",
    "restore": "service.backup:restore",
    "purge": "service.backup:purge",
    "doctor": "service.doctor:doctor",
}
"""The commands, and where in `geo.cli` each lives: a function, or a group of commands."""


def application(names: Iterable[str] = tuple(COMMANDS)) -> Commands:
    """The command line with these of the commands; `KeyError` where there is none of a name."""
    app = Commands(name="diaban", no_args_is_help=True)
    app.callback()(_root)
    for name in names:
        module, _, found = COMMANDS[name].partition(":")
        command = getattr(import_module(f"geo.cli.{module}"), found)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from geo import __version__

        sys.stdout.write(f"diaban {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Which ward answers for which metre of a site, what is starting, and what to put on the review table."""


def main() -> None:
    """Entry point of the command `diaban`."""
    # Imports and registers make objects that stay: collecting garbage among them every 700 (or 50,000) costs a tenth
    # of a command's time.
    gc.set_threshold(400_000, 20, 20)
    atexit.register(gc.freeze)  # nor need all of them be looked through when the process ends
    application_for(sys.argv[1:])(prog_name="diaban")


def application_for(words: Sequence[str]) -> Commands:
    """The command line for these words: one command is set up in a fraction of the time that all of them take."""
    name = _first_name(words)
    return application([name] if name in COMMANDS else COMMANDS)


def _first_name(words: Sequence[str]) -> str:
    """The first word that is no option of `diaban` itself."""
    rest = list(words)
    while rest and rest[0].partition("=")[0] == "--lang":
        rest = rest[1:] if "=" in rest[0] else rest[2:]
    return rest[0] if rest else ""
