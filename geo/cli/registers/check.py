"""`diaban check`: both registers against their rules and the plan."""

from __future__ import annotations

import typer

from geo.cli.common import FOUND, SitesOption, WardsOption, explained, out, working

_STYLE = {"error": "bold red", "difference": "yellow", "note": "dim"}
_LABEL = {"error": "lỗi · error", "difference": "khác · difference", "note": "ghi chú · note"}


def check(wards: WardsOption = None, sites: SitesOption = None) -> None:
    """Validate both registers and reconcile the sites with the plan.

    Exit code 0 if nothing is to be mended or settled, 1 if there are errors or differences. Notes do not count.
    """
    with explained(), working("đang kiểm tra · checking"):
        from geo.analysis.register_validation import validate_registers

        findings = validate_registers(wards, sites)
    from rich.table import Table

    console = out()
    if findings:
        table = Table(title="Kiểm tra · check", title_justify="left")
        for column in ("", "where", "what", "remedy"):
            table.add_column(column, overflow="fold")
        for finding in findings:
            label = f"[{_STYLE[finding.severity]}]{_LABEL[finding.severity]}[/]"
            table.add_row(label, _short(finding.where), finding.what, finding.remedy)
        console.print(table)
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _LABEL}
    console.print(
        f"{counts['error']} lỗi · errors, {counts['difference']} khác giữa kế hoạch và thực địa · differences, "
        f"{counts['note']} ghi chú · notes"
    )
    if counts["error"] or counts["difference"]:
        raise typer.Exit(FOUND)


def _short(where: str) -> str:
    """A path is told by its last part: the table has to stay readable."""
    path, mark, feature = where.partition(": ")
    return path.rsplit("/", 1)[-1] + mark + feature
