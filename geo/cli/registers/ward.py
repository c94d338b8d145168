"""`diaban ward`: a ward by code, by any spelling of its name, or by a point."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import BAD_USE, Format, OutputOption, SitesOption, WardsOption, emit, err, explained, out

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.reference.wards import Match, WardRegister

_HOW = {
    "code": "by code",
    "official": "official name",
    "alias": "recorded alias",
    "plain": "name without diacritics",
    "former": "unit before July 2025",
    "point": "by point",
}


def ward(
    query: Annotated[
        list[str] | None, typer.Argument(help="Codes or names; names before July 2025 are followed.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="LON,LAT", help="The ward at a point, in degrees.")] = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    format: Annotated[Format, typer.Option("--format", help="table, json or csv.")] = Format.TABLE,
    output: OutputOption = None,
) -> None:
    """Code, official name, phase of a ward, and the sites that cross it.

    Exit code 2 if a name is not known; the nearest names are suggested.
    """
    if not query and at is None:
        err().print("diaban: give a name, a code, or --at LON,LAT", style="red")
        raise typer.Exit(BAD_USE)
    with explained():
        from geo.analysis.crossings.table import crossings
        from geo.reference.sites import load_sites
        from geo.reference.wards import WardRegister

        register = WardRegister.load(wards)
        matches = [(text, register.find(text)) for text in query or []]
        if at is not None:
            matches.append((at, _at(register, at)))
        rows = _rows(matches, crossings(load_sites(sites), register.frame))
    _print(rows, format, output)


def _at(register: WardRegister, at: str) -> Match:
    from geo.errors import InputError, Problem, UnknownWardError
    from geo.reference.wards import Match

    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError:
        raise InputError(Problem(f"'{at}' is not LON,LAT", "--at", "write degrees, for example 105.85,21.03")) from None
    if lon != lon or lat != lat or abs(lat) > 90:
        remedy = "longitude comes first, for example 105.85,21.03"
        raise InputError(Problem(f"'{at}' is no point in longitude and latitude", "--at", remedy))
    found = register.at(lon, lat)
    if found is None:
        raise UnknownWardError(f"at {at}", [], "no ward holds this point")
    return Match((found,), "code")


def _rows(matches: list[tuple[str, Match]], crossed: GeoDataFrame) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for text, match in matches:
        for found in match.wards:
            here = crossed[crossed["ward_code"] == found.code]
            sites = [
                {"site_id": site, "length_m": round(float(length), 1)}
                for site, length in zip(here["site_id"], here["length_m"], strict=True)
            ]
            rows.append(
                {
                    "query": text,
                    "code": found.code,
                    "full_name": found.full_name,
                    "kind": found.kind,
                    "province_code": found.province_code,
                    "phase": found.phase,
                    "found": _HOW["point"] if "," in text else _HOW[match.how],
                    "sites": sites,
                }
            )
    return rows


def _print(rows: list[dict[str, object]], format: Format, output: OutputOption) -> None:
    if format is Format.JSON or format is Format.GEOJSON:
        emit(json.dumps({"wards": rows}, ensure_ascii=False, indent=2), output)
    elif format is Format.CSV or output is not None:
        emit(_csv(rows), output)
    else:
        from rich.table import Table

        table = Table(title="Xã, phường · wards", title_justify="left")
        for column in ("code", "official name", "phase", "found", "sites that cross it"):
            table.add_column(column)
        for row in rows:
            table.add_row(str(row["code"]), str(row["full_name"]), str(row["phase"]), str(row["found"]), _sites(row))
        out().print(table)


def _csv(rows: list[dict[str, object]]) -> str:
    import csv
    import io

    from geo.output.shared.crossing_rows import inert

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ("query", "code", "full_name", "kind", "province_code", "phase", "found")
    writer.writerow([*columns, "sites"])
    writer.writerows([*(inert(row[c]) for c in columns), _sites(row)] for row in rows)
    return text.getvalue()


def _sites(row: dict[str, object]) -> str:
    sites = row["sites"]
    assert isinstance(sites, list)
    return ", ".join(f"{site['site_id']} ({site['length_m']:.0f} m)" for site in sites) or "–"
