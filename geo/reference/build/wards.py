"""`data/wards.geojson` from the official boundaries.

Per city: project to its VN-2000 zone, snap to a 0.1 m grid, clean the coverage (the source overlaps by 0.3 m² in all),
generalise it as a coverage (Visvalingam-Whyatt on shared edges, so that they stay shared), measure the displacement,
and write WGS 84 with 7 decimals.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo import settings
from geo.errors import InputError, Problem
from geo.files import write_atomic
from geo.i18n.message import Message
from geo.reference import crs
from geo.reference.cities import City, cities
from geo.reference.geojson import read_frame, to_geojson
from geo.reference.names import fold, split_unit
from geo.reference.programmes import read_programme

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

GRID_M = 0.1
TOLERANCE_M = 1.5
"""Visvalingam-Whyatt tolerance (square root of the area of a dropped triangle); 1.5 m displaces by up to 1.5 m."""
MAX_DISPLACEMENT_M = 3.0
MAX_AREA_CHANGE = 0.001
VALID_FROM = "2025-07-01"
"""The day on which the units of the 2025 reform came into being."""

_TOP_LEVEL_COMMA = re.compile(r",\s*(?![^()]*\))")


def build_wards(
    boundaries: GeoDataFrame, population: DataFrame, programmes: Path, names: DataFrame
) -> list[dict[str, Any]]:
    """The ward register as records with `geometry` (WGS 84), in order of province and code.

    Parameters
    ----------
    boundaries
        Official units in WGS 84: `code, full_name, name, area_km2, province_code`, MultiPolygon.
    population
        A row a unit of Hà Nội: `ten` (full name), `population`, `truoc_sap_nhap` (the units it was merged from).
    programmes
        Folder of the programme files, whose `[phases]` name the pilot and expansion wards as printed.
    names
        `code` and `name`, the full name as the resolutions and the statistics office print it. The boundaries place
        tones the older way (Yên Hoà); shown is the official spelling (Yên Hòa).

    Raises
    ------
    InputError
        A unit without a match, an official name that is another name than that of the boundaries, a printed name that
        resolves to no ward, or a coverage that can't be preserved.
    """
    boundaries = _officially_named(boundaries, names)
    units_before: list[Any] = list(population.itertuples())
    facts = {fold(row.ten): row for row in units_before}
    records: list[dict[str, Any]] = []
    for city in cities():
        units = boundaries[boundaries["province_code"] == city.province_code].sort_values("code")
        geometries = _coverage(np.asarray(units.geometry, dtype=object), city)
        phases = _phases(programmes / f"{city.programme}.toml", units)
        rows: list[Any] = list(units.itertuples())
        records += [
            _record(unit, geometry, phases.get(unit.code, "none"), facts.get(fold(unit.full_name)))
            for unit, geometry in zip(rows, geometries, strict=True)
        ]
    return records


def _officially_named(boundaries: GeoDataFrame, names: DataFrame) -> GeoDataFrame:
    """The boundaries with the official spelling of each name; a name that differs in more than spelling is refused."""
    official = dict(zip(names["code"], names["name"], strict=True))
    full = [official.get(code, name) for code, name in zip(boundaries["code"], boundaries["full_name"], strict=True)]
    other = [
        Problem("reference.official-name-differs", code, name=name, official=new)
        for code, name, new in zip(boundaries["code"], boundaries["full_name"], full, strict=True)
        if fold(name) != fold(new)
    ]
    if other:
        raise InputError(other)
    return boundaries.assign(full_name=full, name=[split_unit(name)[1] for name in full])


def _record(unit: Any, geometry: shapely.Geometry, phase: str, facts: Any) -> dict[str, Any]:
    kind = unit.full_name.split(" ", 1)[0].lower()
    known = facts is not None and unit.province_code == "01"
    return {
        "code": unit.code,
        "name": unit.name,
        "full_name": unit.full_name,
        "kind": kind,
        "province_code": unit.province_code,
        "area_km2": unit.area_km2,
        "population": int(facts.population) if known else None,
        "phase": phase,
        "valid_from": VALID_FROM,
        "merged_from": _TOP_LEVEL_COMMA.split(facts.truoc_sap_nhap) if known else [],
        "geometry": geometry,
    }


def _coverage(geometries: crs.Geometries, city: City) -> crs.Geometries:
    source = crs.to_metric(geometries, city.province_code)
    snapped = shapely.set_precision(source, GRID_M)
    clean = shapely.coverage_clean(snapped, gap_width=0.0, snapping_distance=0.0)  # type: ignore[attr-defined]
    simple = shapely.coverage_simplify(clean, TOLERANCE_M)
    _verify(source, simple, city)
    return crs.to_wgs84(simple, city.province_code)


def _verify(source: crs.Geometries, result: crs.Geometries, city: City) -> None:
    """Refuse a result that is no coverage, or that lies farther from the source than is promised."""
    problems = [] if shapely.coverage_is_valid(result) else [Problem("reference.coverage-invalid", city.name)]
    change = np.abs(shapely.area(result) / shapely.area(source) - 1.0)
    moved = np.array(displacements(source, result))
    problems += [
        Problem("reference.area-changed", Message("place.feature", file=city.name, number=row + 1), share=change[row])
        for row in np.flatnonzero(change > MAX_AREA_CHANGE).tolist()
    ]
    problems += [
        Problem("reference.displaced", Message("place.feature", file=city.name, number=row + 1), metres=moved[row])
        for row in np.flatnonzero(moved > MAX_DISPLACEMENT_M).tolist()
    ]
    if problems:
        raise InputError(problems)


def displacements(source: crs.Geometries, result: crs.Geometries, step_m: float = 5.0) -> list[float]:
    """Greatest distance in metres between the boundaries, unit by unit, measured both ways (at vertices, and every
    `step_m`)."""
    pairs = zip(source, result, strict=True)
    return [max(_one_way(a, b, step_m), _one_way(b, a, step_m)) for a, b in pairs]


def _one_way(a: shapely.Geometry, b: shapely.Geometry, step_m: float) -> float:
    """Greatest distance of the boundary of `a` from that of `b`, through a tree of the segments of `b`."""
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(a, step_m)))
    corners, ring = shapely.get_coordinates(shapely.get_parts(shapely.boundary(b)), return_index=True)
    same = ring[:-1] == ring[1:]
    segments = np.asarray(shapely.linestrings(np.stack([corners[:-1][same], corners[1:][same]], axis=1)))
    _, distance = shapely.STRtree(segments).query_nearest(points, return_distance=True, all_matches=False)
    return float(distance.max())


def _phases(programme: Path, units: DataFrame) -> dict[str, str]:
    """Code → phase, from the names as the programme prints them, misprints put right by its recorded aliases."""
    official = {fold(name): code for name, code in zip(units["full_name"], units["code"], strict=True)}
    plan = read_programme(programme)
    phases: dict[str, str] = {}
    unknown: list[Problem] = []
    for phase in ("pilot", "expansion"):
        for name in plan.official_names(phase):
            code = official.get(fold(name))
            if code is None:
                unknown.append(Problem("reference.printed-not-ward", str(programme), name=name))
            else:
                phases[code] = phase
    if unknown:
        raise InputError(unknown)
    return phases


def main(argv: Sequence[str]) -> int:
    """Command line of this step; returns the exit code."""
    import pandas

    parser = argparse.ArgumentParser(prog="python -m geo.reference.build wards", description=__doc__)
    parser.add_argument("boundaries", type=Path, help="GeoParquet of the official units (WGS 84)")
    parser.add_argument("population", type=Path, help="CSV of population and former units")
    parser.add_argument("names", type=Path, help="CSV of the official names: code, name")
    parser.add_argument("--programmes", type=Path, default=settings.data_dir() / "programmes")
    parser.add_argument("-o", "--output", type=Path, default=settings.wards_file())
    options = parser.parse_args(argv)
    population = pandas.read_csv(options.population, dtype=str)
    names = pandas.read_csv(options.names, dtype=str)
    records = build_wards(read_frame(options.boundaries), population, options.programmes, names)
    write_atomic(options.output, to_geojson(records))
    return 0
