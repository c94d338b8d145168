"""The command line: what there is, and where it lives."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

COMMANDS = {
    "check": "registers.check:check",
    "ward": "registers.ward:ward",
    "crossings": "registers.crossings:crossings",
    "map": "outputs.map:app",
    "place": "registers.place:place",
    "coverage": "records.coverage:app",
    "risk": "analysis.risk:app",
    "backtest": "analysis.backtest:backtest",
    "status": "records.records:status_app",
    "report": "records.records:report_app",
    "review": "records.records:review_app",
    "record": "records.records:record_app",
    "dossier": "outputs.dossier:dossier",
    "atlas": "outputs.dossier:atlas",
    "minutes": "outputs.dossier:minutes",
    "serve": "service.serve:serve",
    "scale": "registers.scale:app",
    "tiles": "outputs.tiles:app",
    "user": "service.user:app",
    "backup": "service.backup:backup",
    "restore": "service.backup:restore",
    "purge": "service.backup:purge",
    "doctor": "service.doctor:doctor",
}
"""The commands, and where in `geo.cli` each lives: a function, or a group of commands."""


def application(names: Iterable[str] = tuple(COMMANDS)) -> typer.Typer:
    """The command line with these of the commands; `KeyError` where there is none of a name."""
    app = typer.Typer(
        name="diaban",
        help=_root.__doc__,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
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
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Which ward answers for which metre of a complex site, what is starting, and what to put on the review table."""


def main() -> None:
    """Entry point of the command `diaban`."""
    # Imports and registers make objects that stay: looking for rubbish among them every 700 (or 50,000) costs a tenth
    # of a command's time.
    gc.set_threshold(400_000, 20, 20)
    atexit.register(gc.freeze)  # nor need all of them be looked through when the process ends
    # One command is set up in a fraction of the time that all of them take.
    wanted = sys.argv[1:2]
    application(wanted if set(wanted) & COMMANDS.keys() else COMMANDS)()
