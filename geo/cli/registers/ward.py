"""`diaban ward`: a ward by code, by any spelling of its name, or by a point."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.console import table, word, written
from geo.cli.base.options import OutputOption, SitesOption, WardsOption
from geo.cli.common import emit, emit_tables, explained, format_option

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame
    from rich.table import Table

    from geo.reference.wards import Match, WardRegister

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
    wards: WardsOption = None,
    sites: SitesOption = None,
    format: Annotated[str | None, format_option("wards")] = None,
    output: OutputOption = None,
) -> None:
    """Code, official name, phase of a ward, and the sites that cross it.

    Exit code 2 if a name is not known; the nearest names are suggested.
    """
    with explained():
        from geo.analysis.crossings.table import crossings
        from geo.errors import InputError, Problem
        from geo.output.shared.formats import format_of
        from geo.reference.sites import load_sites
        from geo.reference.wards import WardRegister

        if not query and at is None:
            raise InputError(Problem("cli.which-ward"))
        found = format_of("wards", output, format)
        register = WardRegister.load(wards)
        matches = [(text, register.find(text)) for text in query or []]
        if at is not None:
            matches.append((at, _at(register, at)))
        rows = _rows(matches, crossings(load_sites(sites), register.frame))
        _print(rows, found.name, output)


def _at(register: WardRegister, at: str) -> Match:
    from geo.errors import InputError, Problem
    from geo.reference.wards import Match

    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError:
        raise InputError(Problem("cli.not-lon-lat", "--at", text=at)) from None
    if lon != lon or lat != lat or abs(lat) > 90:
        raise InputError(Problem("cli.no-point", "--at", text=at))
    found = register.at(lon, lat)
    if found is None:
        raise InputError(Problem("cli.no-ward-at-point", "--at", text=at))
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


def _print(rows: list[dict[str, object]], format: str, output: Path | None) -> None:
    if format == "json":
        emit(json.dumps({"wards": rows}, ensure_ascii=False, indent=2), output)
    elif format == "csv":
        emit(_csv(rows), output)
    else:
        emit_tables([_table(rows)], output)


def _table(rows: list[dict[str, object]]) -> Table:
    drawn = table(word("title.wards"), "code", "official-name", "phase", "found", "sites-crossing")
    how = {english: key for key, english in _HOW.items()}
    for row in rows:
        found, phase = word(f"found.{how[str(row['found'])]}"), word(f"phase.{row['phase']}")
        drawn.add_row(str(row["code"]), str(row["full_name"]), phase, found, _shown_sites(row))
    return drawn


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
    return ", ".join(f"{site['site_id']} ({site['length_m']:.0f} m)" for site in _listed(row)) or "–"


def _shown_sites(row: dict[str, object]) -> str:
    return ", ".join(f"{site['site_id']} ({written().length(site['length_m'])})" for site in _listed(row)) or "–"


def _listed(row: dict[str, object]) -> list[dict[str, Any]]:
    sites = row["sites"]
    assert isinstance(sites, list)
    return sites
