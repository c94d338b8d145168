"""The command line: what there is, and where it lives."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from geo.cli import (
    backtest,
    backup,
    check,
    coverage,
    crossings,
    doctor,
    dossier,
    place,
    records,
    risk,
    scale,
    serve,
    tiles,
    user,
    ward,
)
from geo.cli import map as maps

app = typer.Typer(
    name="diaban",
    help="Which ward answers for which metre of a complex site, what is starting, and what to put on the review table.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from geo import __version__

        sys.stdout.write(f"diaban {__version__}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Which ward answers for which metre of a complex site, what is starting, and what to put on the review table."""


app.command("check")(check.check)
app.command("ward")(ward.ward)
app.command("crossings")(crossings.crossings)
app.add_typer(maps.app, name="map")
app.command("place")(place.place)
app.add_typer(coverage.app, name="coverage")
app.add_typer(risk.app, name="risk")
app.command("backtest")(backtest.backtest)
app.add_typer(records.status_app, name="status")
app.add_typer(records.report_app, name="report")
app.add_typer(records.review_app, name="review")
app.command("dossier")(dossier.dossier)
app.command("atlas")(dossier.atlas)
app.command("minutes")(dossier.minutes)
app.command("serve")(serve.serve)
app.add_typer(scale.app, name="scale")
app.add_typer(tiles.app, name="tiles")
app.add_typer(user.app, name="user")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("purge")(backup.purge)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Entry point of the command `diaban`."""
    # Imports make objects that stay: looking for rubbish among them every 700 costs a tenth of a command's time.
    gc.set_threshold(50_000, 20, 20)
    app()
