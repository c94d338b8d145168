"""What several commands share: how they end with an error, write a result, and open the records."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from geo.cli.base import commands
from geo.cli.base.commands import BAD_USE
from geo.cli.base.console import err, print_problems
from geo.cli.base.options import (
    CITY,
    CityOption,
    CrsOption,
    DayOption,
    KnownAtOption,
    LayerOption,
    PublicOption,
    SitesOption,
    WardsCrsOption,
    WardsLayerOption,
    WardsOption,
    chosen_day,
    known_at,
)
from geo.cli.geometry_files import GeometryFiles
from geo.errors import DiabanError, InputError, Problem, UnknownSiteError, UnknownWardError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.output.shared.formats import Format
    from geo.records.entries import Actor
    from geo.records.store import Store
    from geo.reference.programmes import Programme
    from geo.situation import Situation
    from geo.visibility import Viewer

FOUND = commands.FOUND
"""Exit code of a command that worked and found something to correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationOptions:
    """Which situation an output is of: the options that all such commands have."""

    day: DayOption = None
    known_at: KnownAtOption = None
    city: CityOption = CITY
    public: PublicOption = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOptions(SituationOptions):
    """The same, with registers of the user's own in place of the shipped ones."""

    wards: WardsOption = None
    sites: SitesOption = None
    crs: CrsOption = None
    layer: LayerOption = None
    wards_crs: WardsCrsOption = None
    wards_layer: WardsLayerOption = None

    @property
    def files(self) -> GeometryFiles:
        """The files that are named, with what is said of them."""
        names = ("sites", "wards", "crs", "layer", "wards_crs", "wards_layer")
        return GeometryFiles(**{name: getattr(self, name) for name in names})


@contextmanager
def explained(code: int = BAD_USE) -> Iterator[None]:
    """Turn a `DiabanError` into its text on the error stream and an exit code."""
    try:
        yield
    except UnknownSiteError as error:
        print_problems([_of_other_days(error) or error.problems[0]])
        raise typer.Exit(code) from None
    except DiabanError as error:
        print_problems(error.problems)
        raise typer.Exit(code) from None


def _of_other_days(error: UnknownSiteError) -> Problem | None:
    """That a site is on the list of other days, where the records know it."""
    from geo import settings
    from geo.situation import not_listed

    if not settings.has_records():
        return None
    try:
        with opened() as store:
            return not_listed(store, error.name.upper())
    except DiabanError:
        return None


def ward_code(name: str, wards: GeoDataFrame) -> str:
    """The code of the one ward of a city's `wards` that a code or name means.

    Raises
    ------
    UnknownWardError, InputError
        None bears it, or several do; for a ward of another city, the option that leads there is named.
    """
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
        raise InputError(Problem("cli.ward-of-another-city", name=name, city=place.name, slug=place.slug)) from None


def emit(text: str, output: Path | None) -> None:
    """Print `text`, or write it to `output`, whole or not at all, and say where."""
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    write(output, text)


def write(output: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all, and say where."""
    from geo.files import write_atomic

    if isinstance(content, str) and output.suffix.lower() == ".csv":
        from geo.output.shared.tables import with_bom

        content = with_bom(content)
    written_to(write_atomic(output, content))


def written_to(place: object) -> None:
    """Say where something was written."""
    err().print(f"→ {place}", highlight=False, markup=False)


def emit_made(found: Format, output: Path | None, *arguments: Any) -> None:
    """Print or write an output in a format that has a writer."""
    made = found.made(*arguments)
    if isinstance(made, bytes) and found.ending not in ("csv", "json", "txt"):
        if output is None:
            raise InputError(Problem("formats.needs-file", "--format", name=found.name, ending=found.ending))
        write(output, made)
        return
    emit(made if isinstance(made, str) else made.decode(), output)


def emit_tables(parts: list[Any], output: Path | None) -> None:
    """Print tables and texts, or write them as plain text."""
    from rich.console import Console

    from geo.cli.base.console import out

    if output is None:
        console = out()
        for part in parts:
            console.print(part, highlight=False)
        return
    import io

    text = io.StringIO()
    drawn = Console(width=200, file=text, emoji=False)
    for part in parts:
        drawn.print(part, highlight=False)
    emit(text.getvalue(), output)


@contextmanager
def opened() -> Iterator[Store]:
    """The records of the list in view with its registers, closed in the end."""
    from geo.records.open import opened_store
    from geo.reference.cities import list_in_view

    with opened_store() as store:
        yield store.of_list(list_in_view())


def actor(account: str, office: str, origin: str = "cli") -> Actor:
    """Who records."""
    from geo.records.entries import Actor

    return Actor(account, office, origin)


def situation(options: SituationOptions) -> Situation:
    """The situation that the options ask for, with the records where there are any; filtered with --public.

    Drawing a map makes no database: without one, the registers are all there is.
    """
    from geo import settings
    from geo.situation import at
    from geo.visibility import Published, visible

    if isinstance(options, RegisterOptions) and (options.wards or options.sites):
        return visible(of_files(options, options.files.load_drawn_sites()), viewer(options))
    if not settings.has_records():
        return visible(at(_day(options), city=options.city), viewer(options))
    with opened() as store:
        found = at(_day(options), city=options.city, store=store, known_at=known_at(options.known_at))
        return visible(found, viewer(options), Published(store, store.today))


def sites_in_force(day: date | None = None) -> GeoDataFrame:
    """The sites in force on a day, today by default, in all cities; the shipped ones where there are no records."""
    from geo import settings
    from geo.records.first_plan import as_shipped, first_sites
    from geo.reference.sites import load_sites

    if not settings.has_records():
        return load_sites()
    shipped = load_sites()
    rows = first_sites(shipped["site_id"]) if day is None else None
    found = None if rows is None else as_shipped(rows, shipped)
    if found is not None:
        return found
    import pandas as pd

    from geo.reference.cities import cities
    from geo.situation import registers_on

    with opened() as store:
        parts = [registers_on(day or store.today, city.slug, store).sites for city in cities()]
    listed = [part for part in parts if len(part)]
    return pd.concat(listed, ignore_index=True) if listed else shipped.iloc[:0]


def slug_of(city: str) -> str:
    """The address of a city that is named by it or by its code; '' where none is."""
    from geo.reference.cities import city as city_named

    return city_named(city).slug if city else ""


def of_city(sites: GeoDataFrame, city: str) -> GeoDataFrame:
    """Those of a frame of sites that are of a city."""
    from geo.importing.registers.changes import city_of

    slug = slug_of(city)
    own = [city_of(site).slug == slug for site in sites["site_id"]]
    return sites[own].reset_index(drop=True)


def programme_in_force(name: str, day: datetime | None = None, period: str | None = None) -> Programme:
    """The programme with an id, or that of a city (slug): the one in force on a day, or which ran in a period's year.

    Errors as `programme_named`, `Period.parse` and the records.
    """
    from geo import settings
    from geo.cli.base.options import chosen_day
    from geo.records.programmes import programme_for, programme_named, programmes_on
    from geo.reference.cities import cities
    from geo.reference.programmes import Period

    known = next((city for city in cities() if city.slug == name), None)
    today = chosen_day(day)
    with opened() if settings.has_records() else nullcontext() as store:
        if known is None or period is None:
            return programme_named(name, today, store)
        return programme_for(programmes_on(today, known, store), Period.parse(period))


def viewer(options: SituationOptions) -> Viewer:
    """For whom a command writes: everybody with `--public`, else whoever may read the records' own file."""
    from geo.visibility import EVERYTHING, PUBLIC

    return PUBLIC if options.public else EVERYTHING


def _day(options: SituationOptions) -> date:
    from geo.reference.ward_names.units_since import refuse_before_units

    return refuse_before_units(chosen_day(options.day))


def of_files(options: RegisterOptions, listed: GeoDataFrame) -> Situation:
    """The situation of registers that the user names, with the sites `listed`; the shipped one in place of another."""
    from geo.reference.cities import city
    from geo.situation import from_registers

    place = city(options.city)
    mine = listed["site_id"].str.startswith(f"{place.site_prefix}-")
    chosen = listed if options.sites else listed.loc[mine].reset_index(drop=True)
    return from_registers(chosen_day(options.day), place.slug, options.files.load_wards(place), chosen)


def format_option(kind: str, option: str = "--format", between: str = "|") -> Any:
    """The option that chooses a format of an output; without it the ending of the file does."""
    from geo.output.shared.formats import names

    return typer.Option(option, metavar=between.join(names(kind)))
