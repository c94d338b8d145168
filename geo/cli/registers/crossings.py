"""`diaban crossings`: which ward answers for which metre of which site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import note, phase_word, print_notes, table, word, working, written
from geo.cli.base.options import (
    AnyCityOption,
    CrsOption,
    DayOption,
    LayerOption,
    OutputOption,
    SitesOption,
    WardOption,
    WardsCrsOption,
    WardsLayerOption,
    WardsOption,
    register_day,
)
from geo.cli.cities.everywhere import crossed_everywhere
from geo.cli.common import (
    FOUND,
    emit_made,
    emit_tables,
    explained,
    format_option,
    of_city,
    opened,
    sites_in_force,
    written_to,
)
from geo.cli.geometry_files import GeometryFiles
from geo.cli.overlaps import say_overlapping, say_overlaps
from geo.cli.registers.ward_sites import phases_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from geopandas import GeoDataFrame
    from rich.table import Table

    from geo.analysis.reconcile import Agreement
    from geo.reference.wards import Ward, WardRegister
    from geo.scale.stream import Streamed


def crossings(
    site_id: Annotated[list[str] | None, typer.Argument(metavar="SITE_ID")] = None,
    ward: WardOption = None,
    city: AnyCityOption = "",
    day: DayOption = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    wards_crs: WardsCrsOption = None,
    wards_layer: WardsLayerOption = None,
    format: Annotated[str | None, format_option("crossings")] = None,
    output: OutputOption = None,
) -> None:
    """The wards that each site meets: metres, share, chainage, border stretches; declared against computed.

    All sites of --city, of every city where none is given; sites and a ward that are named say of which city they are.
    With --day by the registers in force on that day, which may lie ahead; without it by those of today.
    Lengths are geodesic metres; chainage counts from the start of the route. A stretch that lies on a border is given
    to one ward, and `border` says for how long another ward lies within 25 m; who agreed to answer for a stretch is
    said beside it. What lies in no ward is a row of its own; exit code 1 if there is any, if a point stands among the
    lines of a file, if wards of a file overlap on a site, or if the file says that it holds a part of the features
    alone.
    """
    with explained(), working("measuring"):
        from geo.analysis.crossings.table import crossings as cross
        from geo.analysis.reconcile import reconcile
        from geo.errors import InputError, Problem
        from geo.output.shared.formats import format_of

        found = format_of("crossings", output, format)
        if day is not None and sites is not None:
            raise InputError(Problem("cli.day-of-a-file", "--day"))
        on = register_day(day, wards)
        files = GeometryFiles(
            sites=sites, wards=wards, crs=crs, layer=layer, wards_crs=wards_crs, wards_layer=wards_layer
        )
        register = files.register()
        if found.name == "parquet" and output and sites and not (site_id or ward or crs or layer):
            streamed = _file_to_file(sites, files, register, output)
            if streamed is not None:
                _end(streamed.outside, streamed.outside_m)
                return
        read = files.read_sites(register) if sites else None
        listed = read.frame if read else _listed(on, city, named=bool(site_id or ward))
        chosen = _chosen(listed, site_id or [])
        if read and read.is_of_other_zone and not wards:
            # Every zone leads to some ward of the country: measured there, a wrong one would look like a sound answer.
            note("zone-in-doubt")
            rows = cross(chosen, register.frame)
        elif read and not wards:
            rows, register = crossed_everywhere(chosen, register)
        else:
            rows = cross(chosen, register.frame)
        agreements = reconcile(chosen, rows)
        if ward is not None:
            codes = {match.code for match in register.find(ward).wards}
            here = set(rows.loc[rows["ward_code"].isin(codes), "site_id"])
            chosen, rows = chosen[chosen["site_id"].isin(here)], rows[rows["site_id"].isin(here)]
            agreements = tuple(a for a in agreements if a.site_id in here)
        if found.writer:
            emit_made(found, output, chosen, rows, agreements)
        else:
            from dataclasses import replace

            phases = phases_in_force(files, on)
            named = {one.code: replace(one, phase=phases.get(one.code, one.phase)) for one in register.wards}
            emit_tables([_table(rows, agreements, named)], output)
    if not (sites or wards):
        print_notes(_agreed(chosen["site_id"].tolist(), on))
    _say_overlaps(files, chosen, register)
    outside = rows[rows["ward_code"].isna()]
    _end(len(outside), float(outside["length_m"].sum()))
    if read and read.has_points_among_lines:
        raise typer.Exit(FOUND)


def _listed(day: date | None, city: str, *, named: bool) -> GeoDataFrame:
    """The sites in force: of all cities where sites or a ward are named, which say of which city they are."""
    found = sites_in_force(day)
    if named or not city:
        return found
    from geo.errors import InputError, Problem
    from geo.reference.cities import city as city_named

    own = of_city(found, city)
    if own.empty:
        raise InputError(Problem("cli.city-without-sites", city, name=city_named(city).name))
    return own


def _say_overlaps(files: GeometryFiles, sites: GeoDataFrame, register: WardRegister) -> None:
    """Wards of a file may overlap; the shipped ones do not."""
    if files.wards is not None:
        say_overlaps(sites, register.frame)


def _agreed(sites: Sequence[str], day: date | None) -> list[str]:
    """Who agreed to answer for stretches of these sites on a day: said beside the legal cut, which stays as it is."""
    from geo import settings
    from geo.records.first_plan import may_be_agreed

    if not settings.has_records() or not may_be_agreed():
        return []
    from geo.importing.registers.changes import city_of
    from geo.situation import at
    from geo.situation.agreed import said_of_agreed

    with opened() as store:
        situations = {slug: at(day or store.today, city=slug, store=store) for slug in {city_of(s).slug for s in sites}}
        return [f"{site}: {said}" for site in sites for said in said_of_agreed(situations[city_of(site).slug], site)]


def _file_to_file(sites: Path, files: GeometryFiles, register: WardRegister, output: Path) -> Streamed | None:
    """GeoParquet to GeoParquet in batches, of any number of sites; None where a file has to be read as any other."""
    from geo.scale.stream import cross_file

    if sites.suffix.lower() != ".parquet" or not sites.is_file():
        return None
    done = cross_file(sites, register.frame, output)
    if done is not None:
        written_to(output)
        if files.wards is not None:
            say_overlapping(register.frame)
    return done


def _end(outside: int, metres: float) -> None:
    """Say what lies in no ward, if anything does, and end with the code for it."""
    if outside:
        note("outside-sites" if metres else "outside-places", count=outside, metres=metres)
        raise typer.Exit(FOUND)


def _chosen(sites: GeoDataFrame, wanted: Sequence[str]) -> GeoDataFrame:
    from geo.errors import UnknownSiteError
    from geo.reference.names import suggest

    if not wanted:
        return sites
    known = sites["site_id"].tolist()
    for site in wanted:
        if site not in known:
            raise UnknownSiteError(site, suggest(site, known))
    return sites.set_index("site_id", drop=False).loc[list(dict.fromkeys(wanted))].reset_index(drop=True)


def _table(rows: GeoDataFrame, agreements: Sequence[Agreement], named: Mapping[str, Ward]) -> Table:
    right = ("metres", "share", "chainage", "border-metres")
    drawn = table(word("title.crossings"), "site", "ward", "phase", *right, "border-with", "plan", right=right)
    for agreement in agreements:
        _add_site(drawn, rows[rows["site_id"] == agreement.site_id], agreement, named)
    return drawn


def _add_site(drawn: Table, here: GeoDataFrame, agreement: Agreement, named: Mapping[str, Ward]) -> None:
    """A line for each ward that the site meets, then one for each that the plan names and it does not meet."""
    from geo.output.shared.crossing_rows import crossing_rows
    from geo.output.shared.stretches import added_shares, least_share

    text, rows = written(), crossing_rows(here)
    shares = added_shares([(agreement.site_id, row["share"]) for row in rows])
    for number, (row, share) in enumerate(zip(rows, shares, strict=True)):
        ward = named.get(row["ward_code"])
        size = text.square_metres(row["area_m2"]) if row["area_m2"] else text.fixed(row["length_m"], 1)
        drawn.add_row(
            agreement.site_id if number == 0 else "",
            f"{ward.full_name} ({ward.code})" if ward else f"[red]{word('in-no-ward')}[/]",
            phase_word(ward.phase) if ward else "",
            size,
            text.some_share(least_share(share, row["share"])),
            "; ".join(f"{text.fixed(a)}–{text.fixed(b)}" for a, b in row["intervals_m"]),
            text.fixed(row["border_m"]),
            ", ".join(named[code].name for code in row["border_with"]),
            _verdict(agreement, ward.code) if ward else "",
            end_section=number == len(here) - 1,
        )
    unmet = [(code, f"[red]{word('verdict.absent')}[/]") for code in agreement.absent]
    unmet += [(code, _verdict(agreement, code)) for code in agreement.on_border]
    for code, verdict in unmet:
        if code not in set(here["ward_code"]):
            name = f"{named[code].full_name} ({code})" if code in named else code
            drawn.add_row("", name, "", "–", "–", "", "", "", verdict, end_section=True)


def _verdict(agreement: Agreement, code: str) -> str:
    if code in agreement.on_border:
        return f"[green]{word('verdict.on-border')}[/]"
    if code in agreement.confirmed:
        return f"[green]{word('verdict.confirmed')}[/]"
    if code in agreement.slivers:
        declared = code in agreement.absent
        return f"[red]{word('verdict.declared-sliver')}[/]" if declared else f"[dim]{word('verdict.sliver')}[/]"
    return f"[yellow]{word('verdict.undeclared')}[/]" if agreement.declared else f"[cyan]{word('verdict.answer')}[/]"
