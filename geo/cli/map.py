"""`diaban map …`: maps as one HTML file that opens without any network, or as a picture."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import CityOption, DayOption, SitesOption, WardsOption, chosen_day, err, explained

if TYPE_CHECKING:
    from geo.output.maps.drawing import Drawing
    from geo.situation import Situation

app = typer.Typer(no_args_is_help=True)


class MapFormat(StrEnum):
    """What a map is written as: a page, or a picture of 300 dots an inch."""

    HTML = "html"
    PNG = "png"


FileOption = Annotated[Path, typer.Option("-o", "--output", help="The file to write.", dir_okay=False)]
FormatOption = Annotated[MapFormat | None, typer.Option("--format", help="html or png; else by the file's ending.")]


@app.callback()
def maps() -> None:
    """Draw a map (bản đồ): one HTML file that opens offline, or a PNG for print."""


@app.command("overview")
def overview(
    output: FileOption,
    format: FormatOption = None,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
) -> None:
    """The whole city: wards by programme phase, sites by activity level (bản đồ tổng quan)."""
    with explained():
        from geo.output.maps import overview_drawing

        _write(overview_drawing(_situation(city, day, wards, sites)), output, format)


def _situation(slug: str, day: datetime | None, wards: Path | None, sites: Path | None) -> Situation:
    from geo.reference.cities import city
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards
    from geo.situation import from_registers

    place = city(slug)
    listed = load_sites(sites)
    mine = listed["site_id"].str.startswith(f"{place.site_prefix}-")
    chosen = listed if sites else listed.loc[mine].reset_index(drop=True)
    return from_registers(chosen_day(day), place.slug, load_wards(wards, city=place), chosen)


def _write(drawing: Drawing, output: Path, kind: MapFormat | None) -> None:
    from geo.files import write_atomic
    from geo.output.maps import folium_map, render

    del kind
    page = render(folium_map(drawing))
    err().print(f"[dim]→[/] {write_atomic(output, page)} ({len(page.encode()) / 1000:,.0f} kB)", highlight=False)
