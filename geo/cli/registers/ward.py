"""`diaban ward`: a ward by code, by any spelling of its name, or by a point."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.console import err, phase_word, table, word, written
from geo.cli.base.options import (
    AnyCityOption,
    CrsOption,
    DayOption,
    LayerOption,
    OutputOption,
    SitesOption,
    WardsCrsOption,
    WardsLayerOption,
    WardsOption,
    register_day,
)
from geo.cli.cities.everywhere import queried_everywhere, register_at, register_with
from geo.cli.common import emit, emit_tables, explained, format_option
from geo.cli.geometry_files import GeometryFiles
from geo.cli.overlaps import say_overlaps
from geo.cli.registers.ward_at import position_of, ward_at
from geo.cli.registers.ward_sites import crossing_sites, listed_sites, phases_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from rich.table import Table

    from geo.errors import Problem
    from geo.reference.ward_names.former_units import Heir
    from geo.reference.ward_names.ward_query import Query
    from geo.reference.ward_names.ward_search import Answer, Found
    from geo.reference.wards import WardRegister

Row = dict[str, Any]

_HOW = {  # what JSON and CSV hold
    "code": "by code",
    "official": "official name",
    "alias": "recorded alias",
    "plain": "name without diacritics",
    "former": "unit before July 2025",
    "point": "by point",
}


def ward(
    query: Annotated[list[str] | None, typer.Argument(metavar="CODE|NAME")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="LON,LAT")] = None,
    city: AnyCityOption = "",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    wards_crs: WardsCrsOption = None,
    wards_layer: WardsLayerOption = None,
    format: Annotated[str | None, format_option("wards")] = None,
    output: OutputOption = None,
) -> None:
    """Code, official name, phase of a ward, and the sites that cross it.

    With --at, the ward at a point (degrees in either order, or with --crs), and the others within 25 m of it with their
    distance. Exit code 2 if a name is not known or no ward is at the point; the nearest names are suggested, and the
    others are answered.
    """
    with explained():
        from geo.errors import InputError, Problem
        from geo.output.shared.formats import format_of

        if day is not None and sites is not None:
            raise InputError(Problem("cli.day-of-a-file", "--day"))
        if not query and at is None:
            raise InputError(Problem("cli.which-ward"))
        found = format_of("wards", output, format)
        files = GeometryFiles(
            sites=sites,
            wards=wards,
            crs=crs if at is None else None,
            layer=layer,
            wards_crs=wards_crs,
            wards_layer=wards_layer,
            has_point=at is not None,
        )
        register = files.register()
        asked = (_asked if wards is None else _asked_of_file)(register, query or [], city, at, crs)
        if asked.found:
            register = asked.register
            rows = _rows(asked.answers, register, files, register_day(day, wards))
            if asked.beside is not None:
                rows[-1]["neighbours"] = asked.beside
            notes = [str(note) for _, answer in asked.answers for note in answer.notes]
            notes += [_beside(row) for row in asked.beside or ()]
            _print(rows, _also(asked.answers, register), notes, found.name, output)
        if asked.problems:
            raise InputError(asked.problems)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the names and the point mean, each with its text; the wards `beside` the point, None without a point.

    `register` has every ward that is answered, those of other provinces, too.
    """

    answers: list[tuple[str, Answer]]
    problems: list[Problem]
    beside: list[Row] | None
    register: WardRegister

    @property
    def found(self) -> bool:
        return any(answer.found for _, answer in self.answers)


def _asked(register: WardRegister, query: list[str], city: str, at: str | None, crs: str | None) -> _Asked:
    """The names, then the point; what the cities lack is looked for in the whole country."""
    from geo.reference.cities import city as city_named

    queries = queried_everywhere(register, query, city_named(city) if city else None) if query else []
    register = register_with(register, [one.answer for one in queries])
    return _answered(queries, register, at, crs, register_at)


def _asked_of_file(register: WardRegister, query: list[str], city: str, at: str | None, crs: str | None) -> _Asked:
    """The names, then the point, in the wards of a file alone: what it lacks another register would answer wrongly."""
    from geo.reference.cities import city as city_named
    from geo.reference.ward_names.ward_query import queried

    queries = queried(register.search, query, city_named(city) if city else None) if query else []
    return _answered(queries, register, at, crs, _said_twice)


def _said_twice(register: WardRegister, lon: float, lat: float) -> WardRegister:
    """The register; says where two of its wards overlap at the point."""
    import shapely
    from geopandas import GeoDataFrame

    say_overlaps(GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs=register.frame.crs), register.frame)
    return register


def _answered(
    queries: list[Query],
    register: WardRegister,
    at: str | None,
    crs: str | None,
    wards_of: Callable[[WardRegister, float, float], WardRegister],
) -> _Asked:
    """Names that were looked up, and the point in the wards that are `wards_of` it; a fault in one spoils no other."""
    from geo.errors import InputError

    answers = [(one.text, one.answer) for one in queries]
    problems = [problem for one in queries for problem in one.problems]
    if at is None:
        return _Asked(answers, problems, None, register)
    try:
        lon, lat = position_of(register, at, crs)
        match, beside = ward_at(wards_of(register, lon, lat), lon, lat, at)
    except InputError as error:
        return _Asked(answers, [*problems, *error.problems], None, register)
    register = register_with(register, [match.answer])
    return _Asked([*answers, (at, match.answer)], problems, beside, register)


def _beside(row: Row) -> str:
    return word("beside", ward=f"{row['full_name']} ({row['code']})", metres=row["distance_m"])


def _rows(
    answers: list[tuple[str, Answer]], register: WardRegister, files: GeometryFiles, day: date | None
) -> list[Row]:
    """A row for each ward as of a day; the crossings of these wards alone are measured."""
    codes = {found.ward.code for _, answer in answers for found in answer.found}
    crossed = crossing_sites(listed_sites(files, register, day), register, codes)
    phases = phases_in_force(files, day)
    return [_row(text, found, crossed, phases) for text, answer in answers for found in answer.found]


def _row(text: str, found: Found, crossed: Mapping[str, list[Row]], phases: Mapping[str, str]) -> Row:
    ward = found.ward
    return {
        "query": text,
        "code": ward.code,
        "full_name": ward.full_name,
        "kind": ward.kind,
        "province_code": ward.province_code,
        "phase": phases.get(ward.code, ward.phase),
        "found": _HOW[found.how],
        "former": [{"name": unit.name, "district": unit.district, **_share(heir)} for unit, heir in found.former],
        "sites": crossed.get(ward.code, []),
    }


def _share(heir: Heir) -> Row:
    """How much of a former unit an heir has, and by what; area and side where an outline of the unit is known."""
    known = {} if heir.area_m2 is None else {"area_m2": round(heir.area_m2), "side": heir.side}
    return {"extent": heir.extent, "resolution": heir.resolution, "item": heir.item, **known}


def _also(answers: list[tuple[str, Answer]], register: WardRegister) -> list[Row]:
    """Former units that bore the name of a ward of today, with those that took them over."""
    units = dict.fromkeys(unit for _, answer in answers for unit in answer.also_former)
    names = {ward.code: ward.full_name for ward in register.wards}  # a file may lack an heir: its code is left
    return [
        {
            "name": unit.name,
            "district": unit.district,
            "heirs": [
                {"code": heir.code, "full_name": names.get(heir.code, heir.code), **_share(heir)} for heir in unit.heirs
            ],
        }
        for unit in units
    ]


def _print(rows: list[Row], also: list[Row], notes: list[str], format: str, output: Path | None) -> None:
    if format == "json":
        document = {"wards": rows, "also_former": also, "notes": notes}
        emit(json.dumps(document, ensure_ascii=False, indent=2), output)
    elif format == "csv":
        emit(_csv(rows), output)
        for note in [*map(_former_line, filter(_moved, also)), *notes]:
            err().print(note, markup=False)
    else:
        emit_tables([_table(rows), *map(_former_line, filter(_moved, also)), *notes], output)


def _table(rows: list[Row]) -> Table:
    names = _provinces_shown(rows)
    columns = ("code", "official-name", *(("province",) if names else ()), "phase", "found", "sites-crossing")
    drawn = table(word("title.wards"), *columns)
    how = {english: key for key, english in _HOW.items()}
    for row in rows:
        found, phase = word(f"found.{how[str(row['found'])]}"), phase_word(str(row["phase"]))
        if row["found"] == _HOW["former"]:
            found = "\n".join([found, *(_unit_line(unit) for unit in row["former"])])
        where = (names[str(row["province_code"])],) if names else ()
        drawn.add_row(str(row["code"]), str(row["full_name"]), *where, phase, found, _shown_sites(row))
    return drawn


def _provinces_shown(rows: list[Row]) -> dict[str, str]:
    """Code → name of the provinces, where a table must say which: wards of several, or of none of the cities."""
    from geo.reference.cities import cities
    from geo.reference.provinces import provinces

    codes = {str(row["province_code"]) for row in rows}
    if not all(codes):  # wards of a file that does not name their provinces
        return {}
    if len(codes) == 1 and codes <= {place.province_code for place in cities()}:
        return {}
    return {entry.code: entry.full_name for entry in provinces()}


def _unit_line(unit: Row) -> str:
    place = f"{unit['name']}, {unit['district']}" if unit["district"] else str(unit["name"])
    line = word(f"former.{unit['extent']}", place=place, resolution=unit["resolution"], item=str(unit["item"]))
    return "".join([line, *(f", {part}" for part in _measured(unit))])


def _measured(share: Row) -> list[str]:
    """Square metres of a share of a former unit, and of a part its side, where an outline of the unit is known."""
    from geo.i18n.message import Message

    if "area_m2" not in share:
        return []
    in_part = share["extent"] == "part" and share["side"]
    side = [Message(f"reference.side.{share['side']}").text()] if in_part else []
    return [written().square_metres(share["area_m2"]), *side]


def _moved(unit: Row) -> bool:
    """Whether more came of a former unit than the ward of today of the same name."""
    return len(unit["heirs"]) > 1 or unit["heirs"][0]["full_name"] != unit["name"]


def _former_line(unit: Row) -> str:
    heirs = [
        f"{heir['full_name']} ({', '.join([word('extent.' + heir['extent']), *_measured(heir)])})"
        for heir in unit["heirs"]
    ]
    return word("also-former", name=unit["name"], district=unit["district"], heirs=heirs)


def _csv(rows: list[Row]) -> str:
    import csv
    import io

    from geo.output.shared.crossing_rows import inert

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ("query", "code", "full_name", "kind", "province_code", "phase", "found")
    writer.writerow([*columns, "sites", "former"])
    writer.writerows([*(inert(row[c]) for c in columns), _sites(row), inert(_units(row))] for row in rows)
    return text.getvalue()


def _units(row: Row) -> str:
    """The former units of which a ward has a share, in one cell; the same in every language."""
    return "; ".join(
        ", ".join(str(part) for part in (unit["name"], unit["district"], unit["extent"], unit["resolution"]) if part)
        + f" ({unit['item']})"
        for unit in row["former"]
    )


def _sites(row: Row) -> str:
    return ", ".join(f"{site['site_id']} ({site['length_m']:.0f} m)" for site in _listed(row)) or "–"


def _shown_sites(row: Row) -> str:
    return ", ".join(f"{site['site_id']} ({written().length(site['length_m'])})" for site in _listed(row)) or "–"


def _listed(row: Row) -> list[dict[str, Any]]:
    sites = row["sites"]
    assert isinstance(sites, list)
    return sites
