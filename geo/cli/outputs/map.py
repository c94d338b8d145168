"""`diaban map …`: maps as one HTML file that opens without any network, or as a picture for print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.options import DayArgument, FileOption, SiteArgument, WardArgument, with_options
from geo.cli.common import AskedOfFiles, explained, format_option, situation, ward_code, written_to

if TYPE_CHECKING:
    from geo.output.maps.drawing.drawing import Drawing

app = Commands(no_args_is_help=True)


class Paper(StrEnum):
    """The size of a picture; it lies across."""

    A4 = "A4"
    A3 = "A3"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions(AskedOfFiles):
    """The options that all maps have."""

    output: FileOption
    format: Annotated[str | None, format_option("map")] = None
    paper: Annotated[Paper, typer.Option("--paper")] = Paper.A4


@app.callback()
def maps() -> None:
    """Draw a map (bản đồ): one HTML file that opens offline, or a PNG, SVG or PDF for print."""


@app.command("overview")
@with_options(MapOptions)
def overview(options: MapOptions) -> None:
    """The whole city: wards by programme phase, sites by activity level (bản đồ tổng quan)."""
    with explained():
        from geo.output.maps import overview_drawing

        _write(overview_drawing(situation(options)), options)


@app.command("site")
@with_options(MapOptions)
def site(options: MapOptions, site_id: SiteArgument) -> None:
    """One site: whose is which stretch, chainage, what the plan says (bản đồ điểm)."""
    with explained():
        from geo.output.maps import site_drawing

        _write(site_drawing(situation(options), site_id), options)


@app.command("ward")
@with_options(MapOptions)
def ward(options: MapOptions, name: WardArgument) -> None:
    """One ward: its stretches, and reports and flags where there are any (bản đồ địa bàn)."""
    with explained():
        from geo.output.maps import ward_drawing

        found = situation(options)
        _write(ward_drawing(found, ward_code(name, found.wards)), options)


@app.command("risk")
@with_options(MapOptions)
def risk(options: MapOptions) -> None:
    """Wards by their highest flag, and where the flags point (bản đồ cờ cảnh báo)."""
    with explained():
        from geo.output.maps import risk_drawing

        _write(risk_drawing(situation(options)), options)


@app.command("coverage")
@with_options(MapOptions)
def coverage(
    options: MapOptions, target: Annotated[str | None, typer.Option("--target", metavar="TARGET")] = None
) -> None:
    """How much of the programme's figures each ward has entered, or one target (bản đồ độ bao phủ chương trình)."""
    with explained():
        from geo.output.maps import coverage_drawing, target_drawing

        found = situation(options)
        _write(target_drawing(found, target) if target else coverage_drawing(found), options)


@app.command("compare")
@with_options(MapOptions)
def compare(options: MapOptions, before: DayArgument, after: DayArgument) -> None:
    """What changed between two days: by swipe on a page, side by side on a picture (so sánh hai thời điểm)."""
    with explained():
        from geo.output.maps import compare_drawing

        old, new = (situation(replace(options, day=day)) for day in (before, after))
        _write(compare_drawing(old, new), options)


def _write(drawing: Drawing, options: MapOptions) -> None:
    from geo.cli.base.console import word
    from geo.files import write_atomic
    from geo.output.shared.formats import format_of

    data = format_of("map", options.output, options.format).made(drawing, options.paper.value)
    written_to(word("written", file=write_atomic(options.output, data), kilobytes=round(len(data) / 1000)))
