"""Do the wards cover their ground, without gaps and overlaps? Where not: place and size, and a repair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.analysis.findings import Finding
from geo.errors import Problem
from geo.i18n.message import Message
from geo.reference.country.wards import country_table, has_country, provinces_at
from geo.reference.geojson import DECIMALS
from geo.spatial.coverage_faults import Fault, faults, invalid
from geo.spatial.coverage_repair import repaired
from geo.spatial.measure import Ellipsoid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

REPAIR_WIDTH_M = 1.0
"""What is nowhere wider than this is closed where nothing else is asked for: what drawing and rounding leave behind."""
_MOST = 200
"""So many gaps and overlaps are listed one by one."""


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Gaps between the same wards, or overlaps of the same, as one line: `wards` are (code, full name)."""

    kind: str
    wards: tuple[tuple[str, str], ...]
    count: int
    area_m2: float
    lon: float
    lat: float
    narrow: bool

    @property
    def near(self) -> str:
        """A point inside the largest, as LON,LAT in degrees."""
        return f"{self.lon:.5f},{self.lat:.5f}"

    @property
    def problem(self) -> Problem:
        """It in words, without the file."""
        names = self._names
        kind = "wards-overlap" if self.kind == "overlap" else "ward-hole" if len(names) == 1 else "wards-gap"
        code = f"analysis.{kind}-narrow" if self.narrow else f"analysis.{kind}"
        return Problem(code, count=self.count, area=self.area_m2, wards=names, near=self.near)

    @property
    def of_country(self) -> Problem:
        """It in words, without the file, where no ward of the country lies either."""
        counts = {"count": self.count, "area": self.area_m2}
        return Problem("analysis.gap-of-country", **counts, wards=self._names, near=self.near)

    @property
    def _names(self) -> list[str]:
        return [f"{name} ({code})" for code, name in self.wards]


@dataclass(frozen=True, slots=True)
class WardRepair:
    """The wards after a repair, as a frame with all their columns; what was `closed`, and what is `left` open.

    `changed`: (code, m² won, negative: lost) of the wards whose area changed; `unmatched`: codes of the wards whose
    edges still do not match their neighbours'.
    """

    wards: GeoDataFrame
    closed: tuple[FaultGroup, ...]
    left: tuple[FaultGroup, ...]
    changed: tuple[tuple[str, float], ...]
    unmatched: tuple[str, ...]


def coverage_findings(wards: GeoDataFrame, where: str) -> Iterator[Finding]:
    """Gaps and overlaps of wards (those of `load_wards`), the largest first, and wards whose borders do not match.

    A gap that the wards of the country have, too, is water or a gap of their source: a note.
    """
    polygons = np.asarray(wards.geometry, dtype=object)
    found = faults(polygons, Ellipsoid())
    given = {fault for fault in found if fault.kind == "gap" and _without_ward(*fault.at)}
    for group in grouped([fault for fault in found if fault in given], wards, REPAIR_WIDTH_M):
        yield Finding("note", group.of_country.at(where))
    groups = grouped([fault for fault in found if fault not in given], wards, REPAIR_WIDTH_M)
    for group in groups[:_MOST]:
        yield Finding("error", group.problem.at(where))
    rest = groups[_MOST:]
    if rest:
        more = {"count": sum(group.count for group in rest), "area": sum(group.area_m2 for group in rest)}
        yield Finding("error", Problem("analysis.more-faults", where, **more))
    edges, code = shapely.coverage_invalid_edges(polygons), wards["code"].tolist()
    for row in np.flatnonzero(~shapely.is_empty(edges)):
        x, y = shapely.get_coordinates(edges[row])[0]
        place = Message("place.feature-key", file=where, key="code", value=code[row])
        yield Finding("error", Problem("analysis.borders-mismatch", place, near=f"{x:.5f},{y:.5f}"))


def _without_ward(lon: float, lat: float) -> bool:
    """Whether no ward of the country lies at a point; False where the data set does not have them."""
    if not has_country():
        return False
    return not bool(shapely.intersects_xy(country_table(provinces_at(lon, lat)).shapes, lon, lat).any())


def repair_wards(wards: GeoDataFrame, width_m: float = REPAIR_WIDTH_M) -> WardRepair:
    """Wards (those of `load_wards`) without the gaps and overlaps that are nowhere wider than `width_m` metres.

    Each goes to the ward with the longest border on it; wards that have none keep their geometry, to the bit.
    """
    before = np.asarray(wards.geometry, dtype=object)
    done = repaired(before, width_m, Ellipsoid(), DECIMALS)
    new = np.flatnonzero(np.array([old is not shape for old, shape in zip(before, done.polygons, strict=True)]))
    gained = Ellipsoid().areas(done.polygons[new]) - Ellipsoid().areas(before[new])
    code = wards["code"].to_numpy(dtype=object)
    return WardRepair(
        wards=wards.set_geometry(done.polygons, crs=wards.crs),
        closed=grouped(done.closed, wards, width_m),
        left=grouped(done.left, wards, width_m),
        changed=tuple((str(code[row]), float(m2)) for row, m2 in zip(new, gained, strict=True) if abs(m2) >= 0.05),
        unmatched=tuple(code[invalid(done.polygons)].tolist()),
    )


def grouped(found: Iterable[Fault], wards: GeoDataFrame, width_m: float) -> tuple[FaultGroup, ...]:
    """Faults (the largest first) by their kind and wards, the largest group first."""
    groups: dict[tuple[str, tuple[int, ...]], list[Fault]] = {}
    for fault in found:
        groups.setdefault((fault.kind, fault.members), []).append(fault)
    names = [(str(code), str(name)) for code, name in zip(wards["code"], wards["full_name"], strict=True)]
    lines = [_group(kind, [names[row] for row in rows], same, width_m) for (kind, rows), same in groups.items()]
    return tuple(sorted(lines, key=lambda group: -group.area_m2))


def _group(kind: str, names: list[tuple[str, str]], same: Sequence[Fault], width_m: float) -> FaultGroup:
    narrow = all(fault.within(width_m, Ellipsoid()) for fault in same)
    area = sum(fault.area_m2 for fault in same)
    return FaultGroup(kind, tuple(names), len(same), area, *same[0].at, narrow)
