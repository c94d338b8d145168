"""`diaban scale`: the same answers for more routes than one machine holds, on a Dask cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import err, note, say, word
from geo.cli.base.options import CrsOption, LayerOption, WardsOption
from geo.cli.common import FOUND, explained
from geo.cli.geometry_files import GeometryFiles
from geo.cli.overlaps import say_overlapping

if TYPE_CHECKING:
    from geo.scale.run import Summary

app = Commands()


@app.callback()
def root() -> None:
    """Crossings of millions of routes: GeoParquet in and out, on a Dask cluster."""


@app.command("crossings")
def crossings(
    sites: Annotated[Path, typer.Argument(metavar="FILE")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER")],
    wards: WardsOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1)] = None,
    rows: Annotated[int, typer.Option("--rows", min=1)] = 50_000,
) -> None:
    """The wards that each site meets, partition by partition; a run that was stopped goes on where it stood.

    What lies in no ward is a row without a ward. Exit code 1 if there is any, or if a partition failed.
    """
    with explained():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from geo.scale.run import scale_crossings

        register = None if wards is None else GeometryFiles(wards=wards, crs=crs, layer=layer).load_wards()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err(), transient=True) as bar:
            task = bar.add_task("", total=None)

            def progress(done: int, of: int, what: str) -> None:
                bar.update(task, completed=done, total=of or None, description=word(f"scale.{what}"))

            summary = scale_crossings(
                sites, output, wards=register, scheduler=scheduler, workers=workers, rows=rows, progress=progress
            )
    _print(summary, output)
    if register is not None:
        say_overlapping(register)
    if summary.failed or any(outcome.outside_m for outcome in summary.outcomes):
        raise typer.Exit(FOUND)


def _print(summary: Summary, output: Path) -> None:
    console = err()
    for key, style, partitions in (("retried", "yellow", summary.retried), ("failed", "red", summary.failed)):
        for partition, why in partitions:
            text = word(f"scale.partition-{key}", partition=partition, reason=why)
            console.print(text, highlight=False, markup=False, style=style)
    sites, rows = (sum(getattr(outcome, name) for outcome in summary.outcomes) for name in ("sites", "crossings"))
    done = len(summary.outcomes) + summary.finished
    say(word("scale.done", done=done, partitions=summary.partitions, before=summary.finished, sites=sites, rows=rows))
    outside = sum(outcome.outside for outcome in summary.outcomes)
    if outside:
        note("outside-sites", count=outside, metres=sum(outcome.outside_m for outcome in summary.outcomes))
    say(f"→ {output / 'crossings'}")
