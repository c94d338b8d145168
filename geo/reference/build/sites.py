"""`data/sites.geojson` from `data/sites.toml` (what the plan says and what a person chose) and a street network."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.ops

from geo import settings
from geo.errors import DiabanError, InputError, Problem
from geo.files import read_bytes, write_atomic
from geo.i18n.message import Message
from geo.reference.crs import to_metric, to_wgs84
from geo.reference.geojson import read_frame, to_geojson
from geo.reference.names import fold
from geo.reference.streets import Gazetteer, Placement, StreetNetwork, load_network, place
from geo.reference.streets.gazetteer import gazetteer_of
from geo.reference.streets.placement import Carriageway

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

PROVINCE = "01"
SLIVER_M = 25.0
"""A ward that a site touches by less is not counted as crossed."""


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """One `[[site]]` of `data/sites.toml`: the plan's row, and what was chosen to draw it.

    `reason` says why these limits, `corridor_reason` why this `corridor_m`; both stay in the file. `accuracy_m` is the
    vagueness of the plan's text in metres (the placement's own accuracy counts when it is larger); `clip_to` are codes
    of wards: only the part from first entering to last leaving them counts.
    """

    site_id: str
    name: str
    group: str
    level: str
    handed_over: int
    start: str
    end: str
    declared_wards: tuple[str, ...]
    declared_text: str
    document: str
    description: str
    geometry_source: str
    accuracy_m: float
    corridor_m: float
    reason: str
    corridor_reason: str
    note: str
    carriageway: str = "both"
    clip_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A site as it is written (`record`, its geometry in WGS 84), how it was placed, and metres by ward code."""

    record: dict[str, Any]
    placement: Placement
    metres: dict[str, float]


def load_choices(path: Path) -> tuple[tuple[SiteChoice, ...], Gazetteer]:
    """The sites and the by-hand knowledge of a choices file.

    Raises
    ------
    DataFileMissingError, InputError
        The file is not there, is not TOML, or entries lack a field or have an unknown one; all are named.
    """
    try:
        table = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("reference.not-toml", str(path), reason=str(error))) from error
    choices, problems = [], []
    for row in table.get("site", ()):
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        try:
            choices.append(SiteChoice(**values))
        except TypeError as error:
            place = f"{path}, site {row.get('site_id')}"
            problems.append(Problem("reference.entry-fields", place, reason=str(error)))
    if problems:
        raise InputError(problems)
    return tuple(choices), gazetteer_of(table, str(path))


def build_sites(
    choices: Iterable[SiteChoice], network: StreetNetwork, gazetteer: Gazetteer, wards: GeoDataFrame
) -> list[BuiltSite]:
    """The sites in the order of the choices.

    Parameters
    ----------
    wards
        Columns `code`, `full_name`, `name`; WGS 84.

    Raises
    ------
    InputError
        With every problem of every site: a street or limit that is not found, a declared code that is not the ward
        that the plan prints.
    """
    built, problems = [], []
    for choice in choices:
        try:
            _check_declared(choice, wards)
            built.append(_build(choice, network, gazetteer, wards))
        except DiabanError as error:
            problems += [p.at(Message("place.within", outer=choice.site_id, inner=p.place)) for p in error.problems]
    if problems:
        raise InputError(problems)
    return built


def main(argv: Sequence[str]) -> int:
    """Command line of this step: write the file, report what each site touches; 1 if a declared ward is not crossed."""
    parser = argparse.ArgumentParser(prog="python -m geo.reference.build sites", description=__doc__)
    parser.add_argument("--streets", type=Path, action="append", required=True, help="a street network; repeatable")
    parser.add_argument("--wards", type=Path, default=settings.wards_file(), help="the wards: code, name, full_name")
    parser.add_argument("--choices", type=Path, default=settings.data_dir() / "sites.toml")
    parser.add_argument("-o", "--output", type=Path, default=settings.sites_file())
    options = parser.parse_args(argv)
    choices, gazetteer = load_choices(options.choices)
    wards = read_frame(options.wards)
    built = build_sites(choices, load_network(options.streets, PROVINCE, gazetteer), gazetteer, wards)
    write_atomic(options.output, to_geojson(site.record for site in built))
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    absent = [line for site in built for line in _report(site, names)]
    sys.stderr.write("".join(f"{line}\n" for line in absent))
    return 1 if absent else 0


def _build(choice: SiteChoice, network: StreetNetwork, gazetteer: Gazetteer, wards: GeoDataFrame) -> BuiltSite:
    placed = place(choice.description, network, gazetteer, Carriageway(choice.carriageway))
    line = placed.geometry
    if choice.clip_to:
        line = _clipped(line, wards[wards["code"].isin(choice.clip_to)])
    named = {"start": "from", "end": "to"}
    skipped = {"description", "reason", "corridor_reason", "carriageway", "clip_to"}
    record = {
        named.get(field.name, field.name): getattr(choice, field.name)
        for field in fields(choice)
        if field.name not in skipped
    }
    record["accuracy_m"] = max(float(choice.accuracy_m), placed.accuracy_m)
    note = record.pop("note")
    return BuiltSite({**record, "note": note, "geometry": line}, placed, _metres(line, wards))


def _clipped(line: shapely.LineString, wards: GeoDataFrame) -> shapely.LineString:
    """The part of a line (WGS 84) from where it first enters the wards to where it last leaves them."""
    metric = to_metric(np.array([line], dtype=object), PROVINCE)[0]
    # Both ends stay 10 cm inside: rounding to 7 decimals must not leave a stub of millimetres in the next ward.
    area = shapely.union_all(to_metric(np.asarray(wards.geometry.values, dtype=object), PROVINCE)).buffer(-0.1)
    inside = shapely.intersection(metric, area)
    if inside.is_empty:
        raise InputError(Problem("reference.clip-misses", "clip_to"))
    at = shapely.line_locate_point(metric, shapely.points(shapely.get_coordinates(inside)))
    part = shapely.ops.substring(metric, float(at.min()), float(at.max()))
    lonlat = to_wgs84(np.array([part], dtype=object), PROVINCE)[0]
    rounded: shapely.LineString = shapely.transform(lonlat, lambda xy: np.round(xy, 7))
    return rounded


def _check_declared(choice: SiteChoice, wards: GeoDataFrame) -> None:
    """The official name of each declared code must stand in the plan's text."""
    official = dict(zip(wards["code"], wards["name"], strict=True))
    printed = fold(choice.declared_text)
    wrong = [code for code in choice.declared_wards if fold(official.get(code, "?")) not in printed]
    if wrong:
        named = [f"{code} ({official.get(code, '?')})" for code in wrong]
        problem = Problem("reference.declared-not-printed", "declared_wards", wards=named, text=choice.declared_text)
        raise InputError(problem)
    if bool(choice.declared_wards) != bool(choice.declared_text):
        raise InputError(Problem("reference.declared-half", "declared_wards"))


def _metres(line: shapely.LineString, wards: GeoDataFrame) -> dict[str, float]:
    """Metres of a line in each ward that it touches, by code."""
    near = wards[shapely.intersects(np.asarray(wards.geometry.values, dtype=object), line)]
    areas = to_metric(np.asarray(near.geometry.values, dtype=object), PROVINCE)
    metric = to_metric(np.array([line], dtype=object), PROVINCE)[0]
    lengths = shapely.length(shapely.intersection(areas, metric))
    return dict(sorted(zip(near["code"], map(float, lengths), strict=True)))


def _report(site: BuiltSite, names: Mapping[str, str]) -> list[str]:
    """Print what a site touches; return a line for each declared ward that it does not cross."""
    record = site.record
    declared = record["declared_wards"]
    sys.stdout.write(f"{record['site_id']} {record['name']}: {site.placement.description}\n")
    for code, metres in site.metres.items():
        mark = "declared" if code in declared else "sliver" if metres < SLIVER_M else "undeclared"
        sys.stdout.write(f"    {metres:9.1f} m  {code} {names[code]} ({mark})\n")
    for line in (*site.placement.chosen, *site.placement.notes, *site.placement.alternatives):
        sys.stdout.write(f"    {line}\n")
    return [
        f"{record['site_id']}: declared {code} {names[code]} is not crossed"
        for code in declared
        if site.metres.get(code, 0.0) < SLIVER_M
    ]
