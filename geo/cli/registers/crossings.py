"""`diaban crossings`: which ward answers for which metre of which site."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import Format, OutputOption, SitesOption, WardsOption, emit, explained, out, working

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geopandas import GeoDataFrame
    from rich.table import Table

    from geo.analysis.reconcile import Agreement
    from geo.reference.wards import Ward, WardRegister


def crossings(
    site_id: Annotated[list[str] | None, typer.Argument(help="Sites to tell of; all, if none is named.")] = None,
    ward: Annotated[str | None, typer.Option("--ward", metavar="CODE|NAME", help="Only sites in this ward.")] = None,
    wards: WardsOption = None,
    sites: SitesOption = None,
    format: Annotated[Format, typer.Option("--format", help="table, json, csv or geojson.")] = Format.TABLE,
    output: OutputOption = None,
) -> None:
    """The wards that each site meets: metres, share, chainage, border stretches; declared against computed.

    Lengths are geodesic metres; chainage counts from the start of the route. A stretch that lies on a border is given
    to one ward, and `border` tells for how long another ward lies within 25 m.
    """
    with explained(), working("đang đo · measuring"):
        from geo.analysis.crossings.table import crossings as cross
        from geo.analysis.reconcile import reconcile
        from geo.reference.sites import load_sites
        from geo.reference.wards import WardRegister

        register = WardRegister.load(wards)
        chosen = _chosen(load_sites(sites), site_id or [])
        rows = cross(chosen, register.frame)
        agreements = reconcile(chosen, rows)
        if ward is not None:
            codes = {found.code for found in register.find(ward).wards}
            here = set(rows.loc[rows["ward_code"].isin(codes), "site_id"])
            chosen, rows = chosen[chosen["site_id"].isin(here)], rows[rows["site_id"].isin(here)]
            agreements = tuple(a for a in agreements if a.site_id in here)
    _print(chosen, rows, agreements, register, format, output)


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


def _print(
    sites: GeoDataFrame,
    rows: GeoDataFrame,
    agreements: tuple[Agreement, ...],
    register: WardRegister,
    format: Format,
    output: OutputOption,
) -> None:
    from geo.output.shared import crossing_rows as tables

    if format is Format.JSON:
        emit(tables.to_json(tables.crossings_document(sites, rows, agreements)), output)
    elif format is Format.CSV:
        emit(tables.to_csv(rows), output)
    elif format is Format.GEOJSON:
        emit(tables.to_geojson(rows), output)
    else:
        _table(rows, agreements, register, output)


def _table(
    rows: GeoDataFrame,
    agreements: tuple[Agreement, ...],
    register: WardRegister,
    output: OutputOption,
) -> None:
    from rich.console import Console

    table = _headed()
    named = {ward.code: ward for ward in register.wards}
    for agreement in agreements:
        _add_site(table, rows[rows["site_id"] == agreement.site_id], agreement, named)
    if output is None:
        out().print(table)
        return
    text = io.StringIO()
    Console(width=200, file=text).print(table)
    emit(text.getvalue(), output)


def _headed() -> Table:
    from rich.table import Table

    table = Table(title="Điểm phức tạp và xã, phường · sites and wards", title_justify="left")
    for column in ("site", "ward", "phase"):
        table.add_column(column)
    for column in ("metres", "share", "chainage", "border m"):
        table.add_column(column, justify="right")
    table.add_column("border with")
    table.add_column("plan")
    return table


def _add_site(table: Table, here: GeoDataFrame, agreement: Agreement, named: Mapping[str, Ward]) -> None:
    """A line for each ward that the site meets, then one for each that the plan names and it does not meet."""
    from geo.output.shared.crossing_rows import crossing_rows

    for number, row in enumerate(crossing_rows(here)):
        ward = named[row["ward_code"]]
        size = f"{row['area_m2']:,.0f} m²" if row["area_m2"] else f"{row['length_m']:,.1f}"
        table.add_row(
            agreement.site_id if number == 0 else "",
            f"{ward.full_name} ({ward.code})",
            ward.phase,
            size,
            f"{row['share']:.1%}",
            "; ".join(f"{a:.0f}–{b:.0f}" for a, b in row["intervals_m"]),
            f"{row['border_m']:,.0f}",
            ", ".join(named[code].name for code in row["border_with"]),
            _verdict(agreement, ward.code),
            end_section=number == len(here) - 1,
        )
    for code in agreement.absent:
        if code not in set(here["ward_code"]):
            name = f"{named[code].full_name} ({code})" if code in named else code
            table.add_row("", name, "", "–", "–", "", "", "", "[red]declared, absent[/]", end_section=True)


def _verdict(agreement: Agreement, code: str) -> str:
    if code in agreement.confirmed:
        return "[green]confirmed[/]"
    if code in agreement.slivers:
        return "[dim]sliver[/]" if code not in agreement.absent else "[red]declared, sliver[/]"
    return "[yellow]undeclared[/]" if agreement.declared else "[cyan]answer[/]"
