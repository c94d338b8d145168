"""`diaban map …`: maps as one HTML file that opens without any network, or as a picture for print."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import CityOption, DayOption, SitesOption, WardsOption, chosen_day, err, explained, ward_code
from geo.cli.recorded import PublicOption, recorded_situation, viewer

if TYPE_CHECKING:
    from geo.output.maps.drawing.drawing import Drawing
    from geo.situation import Situation

app = typer.Typer(no_args_is_help=True)


class MapFormat(StrEnum):
    """What a map is written as: a page, or a picture of 300 dots an inch."""

    HTML = "html"
    PNG = "png"


class Paper(StrEnum):
    """The size of a picture; it lies across."""

    A4 = "A4"
    A3 = "A3"


FileOption = Annotated[Path, typer.Option("-o", "--output", help="The file to write.", dir_okay=False)]
FormatOption = Annotated[MapFormat | None, typer.Option("--format", help="html or png; else by the file's ending.")]
PaperOption = Annotated[Paper, typer.Option("--paper", help="Size of a PNG: A4 or A3, across.")]
DayArgument = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d", "%d/%m/%Y"])]


@app.callback()
def maps() -> None:
    """Draw a map (bản đồ): one HTML file that opens offline, or a PNG for print.

    A background of tiles: set DIABAN_TILES_URL (an XYZ address, or a path beside the page) or DIABAN_TILES_FILE (a
    .pmtiles or .mbtiles file of pictures, of which a page carries what fits), and DIABAN_TILES_ATTRIBUTION.
    """


@app.command("overview")
def overview(
    output: FileOption,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """The whole city: wards by programme phase, sites by activity level (bản đồ tổng quan)."""
    with explained():
        from geo.output.maps import overview_drawing

        _write(overview_drawing(_situation(city, day, wards, sites, public)), output, format, paper)


@app.command("site")
def site(
    site_id: Annotated[str, typer.Argument(help="A site, like HN-I-1.")],
    output: FileOption,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """One site: whose is which stretch, chainage, what the plan says (bản đồ điểm)."""
    with explained():
        from geo.output.maps import site_drawing

        _write(site_drawing(_situation(city, day, wards, sites, public), site_id), output, format, paper)


@app.command("ward")
def ward(
    name: Annotated[str, typer.Argument(metavar="CODE|NAME", help="A ward's code or name.")],
    output: FileOption,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """One ward: its stretches, and reports and flags where there are any (bản đồ địa bàn)."""
    with explained():
        from geo.output.maps import ward_drawing

        situation = _situation(city, day, wards, sites, public)
        _write(ward_drawing(situation, ward_code(name, situation.wards)), output, format, paper)


@app.command("risk")
def risk(
    output: FileOption,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """Wards by their highest flag, and where the flags point (bản đồ cờ cảnh báo)."""
    with explained():
        from geo.output.maps import risk_drawing

        _write(risk_drawing(_situation(city, day, wards, sites, public)), output, format, paper)


@app.command("coverage")
def coverage(
    output: FileOption,
    target: Annotated[str | None, typer.Option("--target", help="Shade wards by this target's figures.")] = None,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """How much of the programme's figures each ward has entered, or one target (bản đồ độ bao phủ chương trình)."""
    with explained():
        from geo.output.maps import coverage_drawing, target_drawing

        found = _situation(city, day, wards, sites, public)
        drawing = target_drawing(found, target) if target else coverage_drawing(found)
        _write(drawing, output, format, paper)


@app.command("compare")
def compare(
    before: DayArgument,
    after: DayArgument,
    output: FileOption,
    format: FormatOption = None,
    paper: PaperOption = Paper.A4,
    city: CityOption = "hanoi",
    wards: WardsOption = None,
    sites: SitesOption = None,
    public: PublicOption = False,
) -> None:
    """What changed between two days: by swipe on a page, side by side on a picture (so sánh hai thời điểm)."""
    with explained():
        from geo.output.maps import compare_drawing

        old, new = (_situation(city, day, wards, sites, public) for day in (before, after))
        _write(compare_drawing(old, new), output, format, paper)


def _situation(
    slug: str, day: datetime | None, wards: Path | None, sites: Path | None, public: bool = False
) -> Situation:
    """The situation of a day as it may be shown: of the records where there are any, of register files if named."""
    from geo.visibility import visible

    if wards or sites:
        return visible(_of_files(slug, day, wards, sites), viewer(public))
    return recorded_situation(day, slug, viewer(public))


def _of_files(slug: str, day: datetime | None, wards: Path | None, sites: Path | None) -> Situation:
    from geo.reference.cities import city
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards
    from geo.situation import from_registers

    place = city(slug)
    listed = load_sites(sites)
    mine = listed["site_id"].str.startswith(f"{place.site_prefix}-")
    chosen = listed if sites else listed.loc[mine].reset_index(drop=True)
    return from_registers(chosen_day(day), place.slug, load_wards(wards, city=place), chosen)


def _write(drawing: Drawing, output: Path, kind: MapFormat | None, paper: Paper) -> None:
    from geo.files import write_atomic

    data = _bytes(drawing, kind or _by_ending(output), paper)
    err().print(f"[dim]→[/] {write_atomic(output, data)} ({len(data) / 1000:,.0f} kB)", highlight=False)


def _bytes(drawing: Drawing, kind: MapFormat, paper: Paper) -> bytes:
    if kind is MapFormat.PNG:
        from geo.output.maps.picture.figure import picture

        return picture(drawing, paper.value)
    from geo.output.maps import folium_map, render

    return render(folium_map(drawing)).encode("utf-8")


def _by_ending(output: Path) -> MapFormat:
    return MapFormat.PNG if output.suffix.lower() == ".png" else MapFormat.HTML
