"""`diaban scale`: the same answers for more routes than one machine holds, on a Dask cluster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import FOUND, WardsOption, err, explained

if TYPE_CHECKING:
    from geo.scale.run import Summary

app = typer.Typer(help="Crossings of millions of routes: GeoParquet in and out, on a Dask cluster.")
_STEPS = {
    "index": "chỉ mục · index of ward edges",
    "shuffle": "sắp xếp · sites by place",
    "crossings": "đang đo · measuring",
}


@app.callback()
def root() -> None:
    """Crossings of millions of routes: GeoParquet in and out, on a Dask cluster."""


@app.command("crossings")
def crossings(
    sites: Annotated[Path, typer.Argument(help="GeoParquet file or folder of them: site_id and geometry.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the run, in reach of every worker.")],
    wards: WardsOption = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="A running Dask scheduler.")
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes of a local cluster.")] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Sites in a partition.")] = 50_000,
) -> None:
    """The wards that each site meets, partition by partition; a run that was stopped goes on where it stood."""
    with explained():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from geo.scale.run import scale_crossings

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err(), transient=True) as bar:
            task = bar.add_task("", total=None)

            def progress(done: int, of: int, what: str) -> None:
                bar.update(task, completed=done, total=of or None, description=_STEPS[what])

            summary = scale_crossings(
                sites, output, wards=wards, scheduler=scheduler, workers=workers, rows=rows, progress=progress
            )
    _tell(summary, output)
    if summary.failed:
        raise typer.Exit(FOUND)


def _tell(summary: Summary, output: Path) -> None:
    console = err()
    for partition, why in summary.retried:
        console.print(f"[yellow]partition {partition} asked again[/]: {why}", highlight=False)
    for partition, why in summary.failed:
        console.print(f"[red]partition {partition} failed[/]: {why}", highlight=False)
    sites, rows = (sum(getattr(outcome, name) for outcome in summary.outcomes) for name in ("sites", "crossings"))
    done = len(summary.outcomes) + summary.finished
    sys.stdout.write(
        f"{done} of {summary.partitions} partitions, {summary.finished} kept from before; "
        f"{sites:,} sites, {rows:,} crossings now → {output / 'crossings'}\n"
    )
