"""`diaban check`: both registers against their rules and the plan; and the repair of narrow gaps and overlaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import note, out, say, table, word, working, written
from geo.cli.base.options import (
    AnyCityOption,
    CrsOption,
    LayerOption,
    OutputOption,
    SitesOption,
    WardsCrsOption,
    WardsLayerOption,
    WardsOption,
)
from geo.cli.common import FOUND, emit, explained, format_option, of_city, opened, written_to
from geo.cli.geometry_files import GeometryFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geopandas import GeoDataFrame
    from rich.table import Table

    from geo.analysis.findings import Finding
    from geo.analysis.ward_coverage import FaultGroup, WardRepair

_STYLE = {"error": "bold red", "difference": "yellow", "note": "dim"}


def check(
    wards: WardsOption = None,
    sites: SitesOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    wards_crs: WardsCrsOption = None,
    wards_layer: WardsLayerOption = None,
    city: AnyCityOption = "",
    repair: Annotated[bool, typer.Option("--repair")] = False,
    width: Annotated[float | None, typer.Option("--width", min=0.001, max=100.0)] = None,
    format: Annotated[str | None, format_option("findings")] = None,
    output: OutputOption = None,
) -> None:
    """Validate both registers and reconcile the sites with the plan.

    Those of --city, of every city where none is given. Texts of the recorded registers that are about a person are
    errors: plans, sites and programmes are public.
    Gaps between wards and overlaps are listed with place and size. With --repair, those that are nowhere wider than
    --width metres (1 by default) are closed and the wards written to a file; wards that have none stay as they are.

    Exit code 0 if nothing is to be corrected or settled, 1 if there are errors or differences. Notes do not count. With
    --repair: 1 if a gap or an overlap is left; --format json lists what was closed and what is left.
    """
    with explained():
        _require_together(repair, output, width, wards)
        files = GeometryFiles(
            sites=sites, wards=wards, crs=crs, layer=layer, wards_crs=wards_crs, wards_layer=wards_layer
        )
        if repair and output is not None:
            _repair(files, output, width, format)
            return
        with working("checking"):
            from geo.analysis.register_validation import validate_registers
            from geo.output.shared.formats import format_of
            from geo.reference.cities import city as city_named

            found = format_of("findings", None, format)
            findings = validate_registers(
                wards,
                sites,
                read_wards=lambda _: _wards(files, city),
                read_sites=lambda _: _sites(files, city),
                named=city_named(city) if city else None,
            )
            findings += [] if wards or sites else _published_persons()
    if found.name == "json":
        emit(_json(findings), None)
    else:
        _print(findings)
    if any(finding.severity != "note" for finding in findings):
        raise typer.Exit(FOUND)


def _wards(files: GeometryFiles, city: str) -> GeoDataFrame:
    """The wards of a file; else those of the data set, of one city where one is named."""
    from geo.reference.cities import city as city_named

    return files.load_wards() if files.wards or not city else files.load_wards(city_named(city))


def _sites(files: GeometryFiles, city: str) -> GeoDataFrame:
    """The sites of a file; else those of the data set, of one city where one is named."""
    found = files.load_register_sites()
    return found if files.sites or not city else of_city(found, city)


def _published_persons() -> list[Finding]:
    """What the recorded registers have published about persons; without records there is nothing but the files."""
    from geo import settings
    from geo.analysis.findings import Finding

    if not settings.has_records():
        return []
    from geo.situation.drafts.published_texts import private_texts

    with opened() as store:
        return [Finding("error", problem) for problem in private_texts(store)]


def _require_together(repair: bool, output: Path | None, width: float | None, wards: Path | None) -> None:
    from geo.errors import InputError, Problem

    if repair and output is None:
        raise InputError(Problem("cli.repair-where", "--repair"))
    if not repair and (output is not None or width is not None):
        raise InputError(Problem("cli.without-repair", "-o" if output is not None else "--width"))
    if output is not None and wards is not None and output.resolve() == wards.resolve():
        raise InputError(Problem("cli.repair-over-input", str(output)))


def _repair(files: GeometryFiles, output: Path, width: float | None, format: str | None) -> None:
    with working("checking"):
        from geo.analysis.ward_coverage import REPAIR_WIDTH_M, repair_wards
        from geo.output.shared.formats import format_of
        from geo.reference.geojson import write_frame

        form = format_of("findings", None, format)
        format_of("wards-file", output)
        widest = REPAIR_WIDTH_M if width is None else width
        done = repair_wards(files.load_wards(), widest)
        place = write_frame(done.wards, output)
    if form.name == "json":
        emit(_repair_json(done, widest, place), None)
    else:
        _print_repair(done, widest)
        written_to(place)
    if done.left or done.unmatched:
        raise typer.Exit(FOUND)


def _repair_json(done: WardRepair, width: float, place: Path) -> str:
    groups = {key: [_fault(group) for group in found] for key, found in (("closed", done.closed), ("left", done.left))}
    changed = [{"code": code, "area_m2": round(m2, 2)} for code, m2 in done.changed]
    document = {"file": str(place), "width_m": width, **groups, "changed": changed, "unmatched": list(done.unmatched)}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _fault(group: FaultGroup) -> dict[str, object]:
    return {
        "kind": group.kind,
        "wards": [{"code": code, "full_name": name} for code, name in group.wards],
        "count": group.count,
        "area_m2": round(group.area_m2, 2),
        "lon": round(group.lon, 7),
        "lat": round(group.lat, 7),
    }


def _print_repair(done: WardRepair, width: float) -> None:
    for key, groups in (("closed", done.closed), ("left", done.left)):
        if groups:
            out().print(_faults(key, groups))
    gained = sorted(done.changed, key=lambda change: -abs(change[1]))
    if gained:
        text = written()
        signs = [f"{code} ({'+' if m2 > 0 else ''}{text.fixed(m2, 1)} m²)" for code, m2 in gained]
        say(word("repair-changed", wards=signs))
    counts = {key: sum(g.count for g in groups) for key, groups in (("closed", done.closed), ("left", done.left))}
    say(word("repair-counts", width=width, **counts))
    if done.unmatched:
        note("repair-unmatched", wards=list(done.unmatched))


def _faults(key: str, groups: Sequence[FaultGroup]) -> Table:
    right = ("count", "square-metres")
    drawn = table(word(f"title.repair-{key}"), "fault", "ward", *right, "place", right=right)
    text = written()
    for group in groups:
        names = ", ".join(f"{name} ({code})" for code, name in group.wards)
        kind = word(f"fault.{group.kind}")
        drawn.add_row(kind, names, text.fixed(group.count), text.fixed(group.area_m2, 1), group.near)
    return drawn


def _print(findings: Sequence[Finding]) -> None:
    if findings:
        drawn = table(word("title.check"), "", "where", "what", "remedy")
        for column in drawn.columns:
            column.overflow = "fold"
        for finding in findings:
            label = f"[{_STYLE[finding.severity]}]{word(f'severity.{finding.severity}')}[/]"
            drawn.add_row(label, _short(finding.where), finding.what, finding.remedy)
        out().print(drawn)
    say(word("check-counts", **{f"{severity}s": count for severity, count in _counts(findings).items()}))


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    listed: list[str] = [finding.severity for finding in findings]
    return {severity: listed.count(severity) for severity in _STYLE}


def _json(findings: Sequence[Finding]) -> str:
    rows = [{"severity": finding.severity, **finding.problem.document()} for finding in findings]
    return json.dumps({"findings": rows, "counts": _counts(findings)}, ensure_ascii=False, indent=2)


def _short(where: str) -> str:
    """A path is shown by its last part: the table has to stay readable."""
    path, mark, feature = where.partition(": ")
    return path.rsplit("/", 1)[-1] + mark + feature
