"""`diaban map …`: maps as one HTML file that opens without any network, or as a picture for print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import word
from geo.cli.base.options import DayArgument, FileOption, SiteArgument, WardArgument, with_options
from geo.cli.common import RegisterOptions, explained, format_option, situation, ward_code, written_to
from geo.i18n.language import current, other_language

if TYPE_CHECKING:
    from geo.i18n.language import Lang
    from geo.output.maps.drawing.drawing import Drawing

app = Commands(no_args_is_help=True)


class Paper(StrEnum):
    """The size of a picture; it lies across."""

    A4 = "A4"
    A3 = "A3"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions(RegisterOptions):
    """The options that all maps have."""

    output: FileOption
    format: Annotated[str | None, format_option("map")] = None
    paper: Annotated[Paper, typer.Option("--paper")] = Paper.A4
    bilingual: Annotated[bool, typer.Option("--bilingual")] = False


@app.callback()
def maps() -> None:
    """Draw a map (bản đồ): one HTML file that opens offline, or a PNG, SVG or PDF for print."""


@app.command("overview")
@with_options(MapOptions)
def overview(options: MapOptions) -> None:
    """The whole city: wards by programme phase, sites by activity level (bản đồ tổng quan)."""
    _draw(options, lambda maps, lang: maps.overview_drawing(situation(options), lang=lang))


@app.command("site")
@with_options(MapOptions)
def site(options: MapOptions, site_id: SiteArgument) -> None:
    """One site: whose is which stretch, chainage, what the plan says (bản đồ điểm)."""
    _draw(options, lambda maps, lang: maps.site_drawing(situation(options), site_id, lang=lang))


@app.command("ward")
@with_options(MapOptions)
def ward(options: MapOptions, name: WardArgument) -> None:
    """One ward: its stretches, and reports and flags where there are any (bản đồ địa bàn)."""

    def drawing(maps: Any, lang: Lang) -> Drawing:
        found = situation(options)
        made: Drawing = maps.ward_drawing(found, ward_code(name, found.wards), lang=lang)
        return made

    _draw(options, drawing)


@app.command("risk")
@with_options(MapOptions)
def risk(options: MapOptions) -> None:
    """Wards by their highest flag, and where the flags point (bản đồ cờ cảnh báo)."""
    _draw(options, lambda maps, lang: maps.risk_drawing(situation(options), lang=lang))


@app.command("coverage")
@with_options(MapOptions)
def coverage(
    options: MapOptions, target: Annotated[str | None, typer.Option("--target", metavar="TARGET")] = None
) -> None:
    """How much of the programme's figures each ward has entered, or one target (bản đồ độ bao phủ chương trình)."""
    if target is None:
        _draw(options, lambda maps, lang: maps.coverage_drawing(situation(options), lang=lang))
    else:
        _draw(options, lambda maps, lang: maps.target_drawing(situation(options), target, lang=lang))


@app.command("compare")
@with_options(MapOptions)
def compare(options: MapOptions, before: DayArgument, after: DayArgument) -> None:
    """What changed between two days: by swipe on a page, side by side on a picture (so sánh hai thời điểm)."""
    old, new = (replace(options, day=day) for day in (before, after))
    _draw(options, lambda maps, lang: maps.compare_drawing(situation(old), situation(new), lang=lang))


def _draw(options: MapOptions, drawing: Callable[[Any, Lang], Drawing]) -> None:
    """Write what `drawing` makes with the functions of `geo.output.maps`, after a look at the ending of the file."""
    with explained():
        from geo.files import write_atomic
        from geo.output import maps
        from geo.output.maps.drawing.bilingual import bilingual
        from geo.output.shared.formats import format_of

        chosen, lang = format_of("map", options.output, options.format), current()
        drawn = drawing(maps, lang)
        if options.bilingual:
            drawn = bilingual(drawn, drawing(maps, other_language(lang)))
        content = chosen.made(drawn, options.paper.value)
        place = write_atomic(options.output, content)
        written_to(word("written", file=place, kilobytes=round(len(content) / 1000)))
