"""`diaban check`: both registers against their rules and the plan."""

from __future__ import annotations

import typer

from geo.cli.base.console import out, say, table, word, working
from geo.cli.base.options import (
    CrsOption,
    LayerOption,
    SitesOption,
    WardsCrsOption,
    WardsLayerOption,
    WardsOption,
)
from geo.cli.common import FOUND, explained
from geo.cli.geometry_files import GeometryFiles

_STYLE = {"error": "bold red", "difference": "yellow", "note": "dim"}


def check(
    wards: WardsOption = None,
    sites: SitesOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    wards_crs: WardsCrsOption = None,
    wards_layer: WardsLayerOption = None,
) -> None:
    """Validate both registers and reconcile the sites with the plan.

    Exit code 0 if nothing is to be corrected or settled, 1 if there are errors or differences. Notes do not count.
    """
    with explained(), working("checking"):
        from geo.analysis.register_validation import validate_registers

        files = GeometryFiles(
            sites=sites, wards=wards, crs=crs, layer=layer, wards_crs=wards_crs, wards_layer=wards_layer
        )
        findings = validate_registers(
            wards, sites, read_wards=lambda _: files.load_wards(), read_sites=lambda _: files.load_register_sites()
        )
    if findings:
        drawn = table(word("title.check"), "", "where", "what", "remedy")
        for column in drawn.columns:
            column.overflow = "fold"
        for finding in findings:
            label = f"[{_STYLE[finding.severity]}]{word(f'severity.{finding.severity}')}[/]"
            drawn.add_row(label, _short(finding.where), finding.what, finding.remedy)
        out().print(drawn)
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _STYLE}
    say(word("check-counts", errors=counts["error"], differences=counts["difference"], notes=counts["note"]))
    if counts["error"] or counts["difference"]:
        raise typer.Exit(FOUND)


def _short(where: str) -> str:
    """A path is shown by its last part: the table has to stay readable."""
    path, mark, feature = where.partition(": ")
    return path.rsplit("/", 1)[-1] + mark + feature
