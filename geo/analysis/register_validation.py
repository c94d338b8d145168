"""Is the ground true? Both registers against their own rules and against the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from geo import settings
from geo.analysis.crossings.table import crossings
from geo.analysis.reconcile import Agreement, reconcile
from geo.errors import DiabanError
from geo.reference.cities import cities
from geo.reference.programmes import load_programme
from geo.reference.sites import load_sites
from geo.reference.tolerances import SLIVER_M
from geo.reference.wards import WardRegister, load_wards

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Severity = Literal["error", "difference", "note"]


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One line of an audit.

    `severity`: `error` (the data can't be relied on), `difference` (plan and ground disagree, somebody has to decide),
    `note` (worth knowing, nothing to mend); `where`, `what` and the `remedy`.
    """

    severity: Severity
    where: str
    what: str
    remedy: str = ""


def audit(wards: str | Path | None = None, sites: str | Path | None = None) -> list[AuditFinding]:
    """Every finding on both files (the shipped registers unless given), in the order of the files.

    Checked: format and geometry of every feature; that the wards of a city are a coverage; that every ward that the
    plan prints has its phase; that every site declares known wards, and crosses just these.
    """
    ward_frame, findings = _loaded(load_wards, wards)
    site_frame, more = _loaded(load_sites, sites)
    findings += more
    if ward_frame is not None:
        where = str(wards or settings.wards_file())
        findings += _coverage_findings(ward_frame, where)
        findings += _phase_findings(WardRegister(ward_frame), where)
    if ward_frame is not None and site_frame is not None:
        findings += _site_findings(site_frame, ward_frame, str(sites or settings.sites_file()))
    return findings


def _loaded(load: object, path: str | Path | None) -> tuple[GeoDataFrame | None, list[AuditFinding]]:
    assert callable(load)
    try:
        return load(path), []
    except DiabanError as error:
        return None, [AuditFinding("error", p.where, p.what, p.remedy) for p in error.problems]


def _coverage_findings(wards: GeoDataFrame, where: str) -> Iterator[AuditFinding]:
    for province, group in wards.groupby("province_code"):
        geometries = np.asarray(group.geometry, dtype=object)
        faults = shapely.coverage_invalid_edges(geometries)
        for code, fault in zip(group["code"], faults, strict=True):
            if not shapely.is_empty(fault):
                what = f"has borders that do not match its neighbours', near {_near(fault)}"
                yield AuditFinding("error", f"{where}: code {code}", what, "clean the coverage (data/README.md)")
        area = float(shapely.area(geometries).sum())
        missing = shapely.union_all(geometries).area / area - 1.0
        if abs(missing) > 1e-9:
            yield AuditFinding("error", f"{where}: province {province}", "its wards overlap", "clean the coverage")


def _near(geometry: shapely.Geometry) -> str:
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.5f},{y:.5f}"


def _phase_findings(register: WardRegister, where: str) -> Iterator[AuditFinding]:
    held = {ward.province_code for ward in register.wards}
    for city in cities():
        if city.province_code not in held:
            continue
        programme = load_programme(city.programme)
        named: dict[str, str] = {}
        for phase in ("pilot", "expansion"):
            for printed in getattr(programme.phases, phase):
                try:
                    named[register.by_name(printed).code] = phase
                except DiabanError as error:
                    yield AuditFinding("error", f"{programme.document}: {printed}", error.problems[0].what)
        for ward in register.wards:
            expected = named.get(ward.code, "none")
            if ward.province_code == city.province_code and ward.phase != expected:
                what = f"{ward.full_name} has phase '{ward.phase}', the plan says '{expected}'"
                yield AuditFinding("error", f"{where}: code {ward.code}", what, "rebuild the register")


def _site_findings(sites: GeoDataFrame, wards: GeoDataFrame, where: str) -> Iterator[AuditFinding]:
    rows = crossings(sites, wards)
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    length = {(s, w): m for s, w, m in zip(rows["site_id"], rows["ward_code"], rows["length_m"], strict=True)}
    for agreement in reconcile(sites, rows):
        place = f"{where}: {agreement.site_id}"
        yield from _unknown_wards(agreement, names, place)
        yield from _differences(agreement, names, length, place)
    for site in sorted(set(sites["site_id"]) - set(rows["site_id"])):
        yield AuditFinding("error", f"{where}: {site}", "meets no ward", "check its coordinates")


def _unknown_wards(agreement: Agreement, names: dict[str, str], place: str) -> Iterator[AuditFinding]:
    for code in agreement.declared:
        if code not in names:
            yield AuditFinding("error", place, f"declares ward {code}, which the register does not hold")


def _differences(
    agreement: Agreement, names: dict[str, str], length: dict[tuple[str, str], float], place: str
) -> Iterator[AuditFinding]:
    for code in agreement.absent:
        if code in names:
            metres = length.get((agreement.site_id, code), 0.0)
            what = f"is declared in {names[code]} ({code}), but runs there for only {metres:.0f} m"
            yield AuditFinding("difference", place, what, "check the geometry and the plan")
    for code in agreement.undeclared:
        what = f"{length[agreement.site_id, code]:,.0f} m in {names[code]} ({code})"
        if agreement.declared:
            yield AuditFinding("difference", place, f"{what}, which the plan does not name", "settle it at the review")
        else:
            yield AuditFinding("note", place, f"{what}: the answer to a place that the plan leaves blank")
    for code in agreement.slivers:
        if code not in agreement.absent:
            metres = length[agreement.site_id, code]
            what = f"{metres:.1f} m in {names[code]} ({code}), under the sliver limit of {SLIVER_M:.0f} m"
            yield AuditFinding("note", place, what)
