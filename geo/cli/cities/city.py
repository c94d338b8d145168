"""`diaban city`: the cities that there are, and one more from the wards of the country and a map of its streets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import note, print_problems, say, table, word, working, written
from geo.cli.base.options import DayOption, YesOption, chosen_day
from geo.cli.common import FOUND, emit, emit_tables, explained, format_option, written_to
from geo.i18n.message import Words

if TYPE_CHECKING:
    from datetime import date

    from geo.analysis.findings import Finding
    from geo.reference.build.added.city import Source
    from geo.reference.cities import City
    from geo.reference.programmes import Programme
    from geo.reference.provinces import Province

app = Commands(no_args_is_help=True)

SlugArgument = Annotated[str, typer.Argument(metavar="SLUG")]
FormatOption = Annotated[str | None, format_option("history")]


@app.callback()
def _cities() -> None:
    """The cities that there are; a further one is added by one command."""


@app.command()
def add(
    slug: SlugArgument,
    province: Annotated[str, typer.Option("--province", metavar="CODE|NAME")],
    osm: Annotated[Path | None, typer.Option("--osm", metavar="FILE")] = None,
    layers: Annotated[Path | None, typer.Option("--layers", metavar="FOLDER")] = None,
    layers_slug: Annotated[str, typer.Option("--layers-name", metavar="NAME")] = "",
    data_day: Annotated[str, typer.Option("--data-day", metavar="DAY")] = "",
    epsg: Annotated[int | None, typer.Option("--epsg", metavar="EPSG")] = None,
    prefix: Annotated[str, typer.Option("--prefix", metavar="LETTERS")] = "",
    day: DayOption = None,
    programme: Annotated[Path | None, typer.Option("--programme", metavar="FILE")] = None,
    sites: Annotated[Path | None, typer.Option("--sites", metavar="FILE")] = None,
) -> None:
    """Add a city or province: wards, coordinate system, streets, names, base map, a programme to fill.

    Streets come from an extract of OpenStreetMap (--osm, .osm.pbf or .osm) or from a folder of layers (--layers);
    without either the wards are all there is. What is made lies in the user's data folder (DIABAN_CITIES_DIR).
    """
    with explained():
        from geo.reference.build.added.city import Source
        from geo.reference.provinces import province as province_of

        where, files = province_of(province), CityFiles.read(programme, sites)
        place = _city(slug, where, epsg, prefix, files.id or f"{slug}-{chosen_day(day).year}")
        source = _source(Source(osm, layers, data_day, layers_slug))
        _refuse_ground(place, source, files)
        with working("adding-city"):
            counts, folder = _made(place, source, files, chosen_day(day))
        if not place.further_of:
            _say_zone(where, place)
        written_to(folder)
        say(word("city-added", name=where.full_name, wards=counts["wards"], slug=slug))
        if place.further_of:
            note("list-added", slug=slug, city=place.further_of)
        elif "streets" in counts:
            say(word("city-ground", **{name: counts[name] for name in ("streets", "places", "tiles")}))
        else:
            note("city-without-streets", slug=slug)
        if files.programme is None:
            note("city-programme-to-fill", file=str(folder / "programmes" / f"{place.programme}.toml"), slug=slug)
        else:
            say(word("city-programme", title=Words(files.programme.title, files.programme.title_en), **counts))


def _source(named: Source) -> Source:
    """Where streets come from: one source, since of two one would be passed over."""
    from geo.errors import InputError, Problem

    if named.osm is not None and named.layers is not None:
        raise InputError(Problem("cli.city-two-sources", "--osm, --layers"))
    return named


@app.command("list")
def list_cities(format: FormatOption = None) -> None:
    """The cities: those of the data set and those that were added."""
    with explained():
        from geo.output.shared.formats import format_of
        from geo.reference.cities import every_list, folder_of
        from geo.reference.lists.names import list_name

        chosen = format_of("history", None, format)
        rows = [{**asdict(entry), "folder": str(folder_of(entry))} for entry in every_list()]
        if chosen.name == "json":
            emit(json.dumps(rows, ensure_ascii=False, indent=2), None)
            return
        drawn = table(word("title.cities"), "city", "name", "province-code", "epsg", "programme", "folder")
        for entry, row in zip(every_list(), rows, strict=True):
            columns = ("province_code", "epsg", "programme", "folder")
            drawn.add_row(entry.slug, list_name(entry), *(str(row[name]) for name in columns))
        emit_tables([drawn], None)


@app.command()
def check(slug: SlugArgument) -> None:
    """Read every part of a city as commands do, and say what is missing or broken; exit code 1 if anything is."""
    with explained():
        from geo.reference.build.added.folder import parts_of

        parts = list(parts_of(slug))
        drawn = table(word("title.city-parts"), "part", "rows", right=("rows",))
        for part in parts:
            drawn.add_row(word(f"city.{part.name}"), "–" if part.rows is None else written().number(part.rows))
        emit_tables([drawn], None)
        problems = [problem for part in parts for problem in part.problems]
        if not any(part.name == "wards" and part.problems for part in parts):
            found = _coverage(slug)
            problems += [finding.problem for finding in found if finding.severity == "error"]
            print_problems([finding.problem for finding in found if finding.severity == "note"], style="dim")
        print_problems(problems)
        if problems:
            raise typer.Exit(FOUND)


def _coverage(slug: str) -> list[Finding]:
    """Gaps and overlaps of the wards, as `diaban check` finds them."""
    from geo.analysis.ward_coverage import coverage_findings
    from geo.reference.cities import city
    from geo.reference.wards import load_wards, outline_file

    place = city(slug)
    return list(coverage_findings(load_wards(city=place), str(outline_file(place))))


@app.command()
def remove(slug: SlugArgument, yes: YesOption = False) -> None:
    """Remove an added city from the user's data folder; what is recorded of it stays in the records."""
    with explained():
        from geo.errors import InputError, Problem
        from geo.reference.build.added.folder import remove_city

        if not yes:
            raise InputError(Problem("cli.city-remove-yes", "--yes", slug=slug))
        say(word("city-removed", slug=slug, folder=str(remove_city(slug))))


@dataclass(frozen=True, slots=True)
class CityFiles:
    """The programme and the list of sites that a city is added with: their files, and the programme that was read."""

    file: Path | None = None
    programme: Programme | None = None
    sites: Path | None = None

    @classmethod
    def read(cls, file: Path | None, sites: Path | None) -> CityFiles:
        """What the files hold; errors as `read_programme`."""
        from geo.reference.programmes import read_programme

        return cls(file, None if file is None else read_programme(file), sites)

    @property
    def id(self) -> str:
        """The id of the programme; '' without one."""
        return "" if self.programme is None else self.programme.id


def _city(slug: str, where: Province, epsg: int | None, prefix: str, programme: str) -> City:
    from geo.reference.build.added.choice import chosen_city

    return chosen_city(slug, where, epsg=epsg, prefix=prefix, programme=programme)


def _made(place: City, source: Source, files: CityFiles, day: date) -> tuple[dict[str, int], Path]:
    """The folder of the city, whole or not at all: it is made beside its place, and moved there at the end."""
    from geo.files import place_beside
    from geo.records.validation.build_place_names import names_of_city
    from geo.reference.build.added.city import make_ground, make_programme, make_wards
    from geo.reference.build.added.folder import folder_for
    from geo.reference.build.added.further_list import make_list
    from geo.reference.build.added.programme_file import copy_programme

    target = folder_for(place.slug)
    target.parent.mkdir(parents=True, exist_ok=True)
    with place_beside(target) as beside:
        folder = beside / place.slug
        if place.further_of and files.programme is not None and files.file is not None:
            counts = {"wards": make_list(place, folder, files.programme)}
            copy_programme(files.file, place, folder)
            folder.replace(target)
            return counts | {"sites": _put_sites(place, files, target)}, target
        wards = make_wards(place, folder, files.programme)
        counts = {"wards": len(wards)}
        if files.file is None:
            make_programme(place, folder, day)
        else:
            copy_programme(files.file, place, folder)
        if source.osm or source.layers:
            counts |= make_ground(place, wards, source, folder)
        names_of_city(place.slug, wards, folder)
        folder.replace(target)
    return counts | {"sites": _put_sites(place, files, target)}, target


def _refuse_ground(place: City, source: Source, files: CityFiles) -> None:
    """A further list has a programme of its own, the streets of the city, and an address without another's records."""
    from geo.cli.cities.recorded_list import refuse_another_list
    from geo.errors import InputError, Problem

    if not place.further_of:
        return
    said = {"slug": place.slug, "city": place.further_of}
    if files.programme is None:
        raise InputError(Problem("cli.list-without-programme", "--programme", **said))
    if source.osm or source.layers:
        raise InputError(Problem("cli.list-with-streets", "--osm" if source.osm else "--layers", **said))
    refuse_another_list(place, files.programme)


def _put_sites(place: City, files: CityFiles, folder: Path) -> int:
    """How many sites the city was given: their levels are known once its programme is in place, or all is undone."""
    from geo.errors import DiabanError
    from geo.reference.build.added.folder import remove_city
    from geo.reference.build.added.programme_file import put_sites

    if files.sites is None:
        return 0
    try:
        return put_sites(files.sites, place, folder)
    except DiabanError:
        remove_city(place.slug)
        raise


def _say_zone(where: Province, place: City) -> None:
    """Which zone was taken and why; for a province of several which others there are."""
    zone = next((zone for zone in where.zones if zone.epsg == place.epsg), None)
    if zone is None:
        note("city-zone-given", epsg=str(place.epsg))
        return
    said = {"epsg": str(zone.epsg), "meridian": zone.meridian, "ppm": zone.ppm}
    if len(where.zones) == 1:
        note("city-zone-only", former=", ".join(where.former), **said)
        return
    others = ", ".join(f"EPSG:{other.epsg} ({other.meridian}°)" for other in where.zones if other != zone)
    note("city-zone-chosen", former=", ".join(where.former), others=others, **said)
