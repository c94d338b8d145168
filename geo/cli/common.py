"""What several commands share: where they print, how they say an error, how they write a result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from rich.console import Console

    from geo.errors import DiabanError

FOUND = 1
"""Exit code of a command that worked and found something to mend."""
BAD_USE = 2
"""Exit code of a command that could not be carried out as asked."""

WardsOption = Annotated[Path | None, typer.Option("--wards", help="Wards file instead of the shipped register.")]
SitesOption = Annotated[Path | None, typer.Option("--sites", help="Sites file instead of the shipped register.")]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="Write here instead of to the screen.")]
DayOption = Annotated[
    datetime | None,
    typer.Option("--day", formats=["%Y-%m-%d", "%d/%m/%Y"], help="The day to tell of; today if absent."),
]
CityOption = Annotated[str, typer.Option("--city", help="City: hanoi or hue.")]


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"


def out() -> Console:
    """Where results go; wide when the output is not a terminal, so that piped tables keep their columns."""
    from rich.console import Console

    return Console(emoji=False) if sys.stdout.isatty() else Console(emoji=False, width=160, soft_wrap=False)


def err() -> Console:
    """Where errors, notes and progress go."""
    from rich.console import Console

    return Console(emoji=False, stderr=True, soft_wrap=True)


def fail(error: DiabanError, code: int = BAD_USE) -> typer.Exit:
    """Print every problem of an error; returns the exit to raise."""
    from rich.text import Text

    console = err()
    for problem in error.problems:
        line = Text("diaban: ", style="bold red")
        line.append(f"{problem.where}: " if problem.where else "", style="bold")
        line.append(problem.what, style="default")
        if problem.remedy:
            line.append(f"\n        → {problem.remedy}", style="dim")
        console.print(line)
    return typer.Exit(code)


@contextmanager
def explained(code: int = BAD_USE) -> Iterator[None]:
    """Turn a `DiabanError` into its text on the error stream and an exit code."""
    from geo.errors import DiabanError

    try:
        yield
    except DiabanError as error:
        raise fail(error, code) from None


def ward_code(name: str, wards: GeoDataFrame) -> str:
    """The code of the one ward of a city's `wards` that a code or name means.

    Raises
    ------
    UnknownWardError, InputError
        None bears it, or several do; a ward of another city is told with the option that leads there.
    """
    from geo.errors import InputError, Problem, UnknownWardError
    from geo.reference.cities import cities
    from geo.reference.wards import WardRegister

    try:
        return WardRegister(wards).by_name(name).code
    except UnknownWardError as error:
        try:
            found = WardRegister.load().by_name(name)
        except UnknownWardError:
            raise error from None
        [place] = [city for city in cities() if city.province_code == found.province_code]
        raise InputError(Problem(f"ward '{name}' is in {place.name}", "", f"add --city {place.slug}")) from None


@contextmanager
def working(what: str) -> Iterator[None]:
    """A sign of life on the error stream while something takes its time; nothing where nobody looks."""
    console = err()
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def emit(text: str, output: Path | None) -> None:
    """Print `text`, or write it to `output`, whole or not at all, and say where."""
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    from geo.files import write_atomic

    err().print(f"[dim]→[/] {write_atomic(output, text)}", highlight=False)


def chosen_day(day: datetime | None) -> date:
    """The day asked for, or today in Việt Nam (UTC+7)."""
    if day is not None:
        return day.date()
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
