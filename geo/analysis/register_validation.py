"""Validation of both registers: against their own rules and against the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo import settings
from geo.analysis.crossings.table import crossings
from geo.analysis.findings import Finding
from geo.analysis.reconcile import Agreement, reconcile
from geo.analysis.ward_coverage import coverage_findings
from geo.errors import DiabanError, Problem
from geo.i18n.message import Message
from geo.reference.cities import City, cities, city, folder_of
from geo.reference.programmes import programme_of_city
from geo.reference.sites import load_sites
from geo.reference.tolerances import SLIVER_M, SLIVER_M2
from geo.reference.wards import WardRegister, load_wards, outline_file
from geo.spatial.measure import Ellipsoid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

AREA_SHARE = 0.02
"""An official area that differs by more than this share from the polygon's is noted."""

Read = Callable[[str | Path | None], "GeoDataFrame"]


def validate_registers(
    wards: str | Path | None = None,
    sites: str | Path | None = None,
    *,
    read_wards: Read = load_wards,
    read_sites: Read = load_sites,
    named: City | None = None,
) -> list[Finding]:
    """Every finding on both files (the shipped registers unless given), in the order of the files.

    `read_wards` and `read_sites` are what reads them; findings of a city that is `named` bear its files.

    Checked: format and geometry of every feature; that the wards of a city are a coverage; that every ward that the
    plan prints has its phase; that official areas agree with the polygons; that every site declares known wards, and
    crosses just these.
    """
    ward_frame, findings = _loaded(read_wards, wards)
    site_frame, more = _loaded(read_sites, sites)
    findings += more
    if ward_frame is not None:
        where = str(wards or (outline_file(named) if named else settings.wards_file()))
        findings += coverage_findings(ward_frame, where)
        findings += _missing_wards(ward_frame, where)
        findings += _phase_findings(WardRegister(ward_frame), where)
        findings += _area_findings(ward_frame, where)
    if ward_frame is not None and site_frame is not None and len(site_frame):
        findings += _site_findings(site_frame, ward_frame, str(sites or _sites_file(named)))
    return findings


def _sites_file(named: City | None) -> Path:
    folder = None if named is None else folder_of(named)
    return settings.sites_file() if folder is None else folder / settings.sites_file().name


def _loaded(load: Read, path: str | Path | None) -> tuple[GeoDataFrame | None, list[Finding]]:
    try:
        return load(path), []
    except DiabanError as error:
        return None, [Finding("error", problem) for problem in error.problems]


def _missing_wards(wards: GeoDataFrame, where: str) -> Iterator[Finding]:
    """Wards of the data set that a file of the same cities does not hold: at the edge of a city that is no gap."""
    known = load_wards()
    lacking = known[known["province_code"].isin(wards["province_code"]) & ~known["code"].isin(wards["code"])]
    for province, group in lacking.groupby("province_code"):
        names = [f"{name} ({code})" for name, code in zip(group["full_name"], group["code"], strict=True)]
        have = int((wards["province_code"] == province).sum())
        counts = {"have": have, "of": int((known["province_code"] == province).sum())}
        place = city(str(province)).name
        yield Finding("note", Problem("analysis.wards-missing", where, city=place, wards=names, **counts))


def _ward(where: str, code: str) -> Message:
    return Message("place.feature-key", file=where, key="code", value=code)


def _near(geometry: shapely.Geometry) -> str:
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.5f},{y:.5f}"


def _phase_findings(register: WardRegister, where: str) -> Iterator[Finding]:
    held = {ward.province_code for ward in register.wards}
    for place in cities():
        if place.province_code not in held:
            continue
        programme = programme_of_city(place)
        named: dict[str, str] = {}
        for phase, names in programme.phases.lists:
            for printed in names:
                try:
                    named[register.by_printed(printed).code] = phase
                except DiabanError as error:
                    yield Finding("error", error.problems[0].at(f"{programme.document}: {printed}"))
        for ward in register.wards:
            expected = named.get(ward.code, "none")
            if ward.province_code == place.province_code and ward.phase != expected:
                phases = {"phase": ward.phase, "expected": expected}
                problem = Problem("analysis.phase-differs", _ward(where, ward.code), ward=ward.full_name, **phases)
                yield Finding("error", problem)


def _area_findings(wards: GeoDataFrame, where: str) -> Iterator[Finding]:
    """Official areas that the polygons contradict: which of the two is wrong is for the authorities to say."""
    if "area_km2" not in wards:
        return
    drawn = Ellipsoid().areas(np.asarray(wards.geometry, dtype=object)) / 1e6
    rows = zip(wards["code"], wards["full_name"], wards["area_km2"].astype(float), drawn, strict=True)
    for code, name, official, measured in rows:
        share = abs(float(measured) / official - 1.0) if official else 0.0
        if share > AREA_SHARE:  # False where no official area is known (NaN)
            figures = {"official": official, "measured": float(measured), "share": share}
            yield Finding("note", Problem("analysis.area-differs", _ward(where, code), ward=name, **figures))


def _site_findings(sites: GeoDataFrame, wards: GeoDataFrame, where: str) -> Iterator[Finding]:
    rows = crossings(sites, wards)
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    columns = (rows[name].tolist() for name in ("site_id", "ward_code", "length_m", "area_m2"))
    sizes = {(site, ward): _size(metres, area) for site, ward, metres, area in zip(*columns, strict=True)}
    for agreement in reconcile(sites, rows):
        place = f"{where}: {agreement.site_id}"
        yield from _unknown_wards(agreement, names, place)
        yield from _differences(agreement, names, sizes, place)
    yield from _outside_findings(rows, where)


def _outside_findings(rows: GeoDataFrame, where: str) -> Iterator[Finding]:
    """Sites of which a part, or all, lies in no ward."""
    lost = rows[rows["ward_code"].isna()]
    columns = (lost[name].tolist() for name in ("site_id", "share", "length_m", "area_m2"))
    for site, share, metres, area, shape in zip(*columns, lost.geometry, strict=True):
        place, at = f"{where}: {site}", _near(shape)
        if share > 1.0 - 1e-9:
            yield Finding("error", Problem("analysis.meets-no-ward", place))
        elif metres > 0:
            yield Finding("error", Problem("analysis.metres-outside", place, metres=metres, near=at))
        else:
            yield Finding("error", Problem("analysis.part-outside", place, area=area, share=share, near=at))


def _unknown_wards(agreement: Agreement, names: dict[str, str], place: str) -> Iterator[Finding]:
    for code in agreement.declared:
        if code not in names:
            yield Finding("error", Problem("analysis.declares-unknown-ward", place, code=code))


def _differences(
    agreement: Agreement, names: dict[str, str], sizes: dict[tuple[str, str], Message], place: str
) -> Iterator[Finding]:
    def named(code: str) -> dict[str, Any]:
        return {"ward": names[code], "code": code}

    nothing = _size(0.0, 0.0)
    for code in agreement.absent:
        if code in names:
            size = sizes.get((agreement.site_id, code), nothing)
            yield Finding("difference", Problem("analysis.declared-absent", place, size=size, **named(code)))
    for code in agreement.on_border:
        size = sizes.get((agreement.site_id, code), nothing)
        yield Finding("note", Problem("analysis.declared-on-border", place, size=size, **named(code)))
    for code in agreement.undeclared:
        crossed = named(code) | {"size": sizes[agreement.site_id, code]}
        if agreement.declared:
            yield Finding("difference", Problem("analysis.crossed-undeclared", place, **crossed))
        else:
            yield Finding("note", Problem("analysis.crossed-blank", place, **crossed))
    for code in agreement.slivers:
        if code not in agreement.declared:
            size = sizes[agreement.site_id, code]
            limit = _size(0.0, SLIVER_M2) if size.code == "analysis.size-area" else _size(SLIVER_M, 0.0)
            yield Finding("note", Problem("analysis.sliver", place, size=size, limit=limit, **named(code)))


def _size(metres: float, area: float) -> Message:
    """How much of a site lies somewhere: metres of a line, square metres of an area."""
    if area > 0:
        return Message("analysis.size-area", area=area)
    return Message("analysis.size-metres" if metres >= SLIVER_M else "analysis.size-short", metres=metres)
