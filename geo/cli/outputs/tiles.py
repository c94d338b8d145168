"""`diaban tiles`: vector tiles of wards in one file, for maps of a whole country."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import err, say, word
from geo.cli.base.options import CrsOption, FileOption, LayerOption
from geo.cli.common import explained
from geo.cli.geometry_files import say_notes

app = Commands()


@app.callback()
def root() -> None:
    """Vector tiles of wards in one file: MBTiles or PMTiles."""


@app.command("build")
def build(
    wards: Annotated[Path, typer.Argument(metavar="FILE")],
    output: FileOption,
    crs: CrsOption = None,
    layer: LayerOption = None,
    least: Annotated[int, typer.Option("--from", min=0, max=14)] = 4,
    most: Annotated[int, typer.Option("--to", min=0, max=14)] = 10,
    attribution: Annotated[str, typer.Option("--attribution")] = "",
) -> None:
    """Write the wards as vector tiles, generalised for each zoom so that neighbours share their common edges."""
    with explained():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from geo.importing.geometries import Question, read_areas
        from geo.output.shared.formats import format_of
        from geo.output.tiles import VectorTiles, country_layers
        from geo.output.tiles.container import write_tiles

        format_of("tiles", output)
        read = read_areas(wards, Question(crs, layer))
        say_notes(read.notes)
        tiles = VectorTiles(country_layers(read.frame))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err(), transient=True) as bar:
            task = bar.add_task(word("cutting-tiles"), total=None)
            count = write_tiles(
                tiles,
                output,
                range(least, most + 1),
                name=output.stem,
                attribution=attribution,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    say(word("tiles-done", tiles=count, wards=len(tiles.layers[0].facts), file=str(output)))
