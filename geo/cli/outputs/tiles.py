"""`diaban tiles`: vector tiles of wards in one file, for maps of a whole country."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.common import err, explained

app = typer.Typer(help="Vector tiles of wards in one file: MBTiles or PMTiles.")


@app.callback()
def root() -> None:
    """Vector tiles of wards in one file: MBTiles or PMTiles."""


@app.command("build")
def build(
    wards: Annotated[Path, typer.Argument(help="GeoParquet, GeoJSON or GeoPackage: code and areas.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .mbtiles or .pmtiles.")],
    least: Annotated[int, typer.Option("--from", min=0, max=14, help="Farthest zoom.")] = 4,
    most: Annotated[int, typer.Option("--to", min=0, max=14, help="Closest zoom; programs enlarge it.")] = 10,
    attribution: Annotated[str, typer.Option("--attribution", help="Whose wards these are.")] = "",
) -> None:
    """Write the wards as vector tiles, generalised for each zoom so that neighbours keep their common edges."""
    with explained():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from geo.output.tiles import VectorTiles, country_layers, read_wards
        from geo.output.tiles.container import write_tiles

        tiles = VectorTiles(country_layers(read_wards(wards)))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err(), transient=True) as bar:
            task = bar.add_task("đang cắt ô · cutting tiles", total=None)
            count = write_tiles(
                tiles,
                output,
                range(least, most + 1),
                name=output.stem,
                attribution=attribution,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    sys.stdout.write(f"{count:,} tiles of {len(tiles.layers[0].facts):,} wards → {output}\n")
