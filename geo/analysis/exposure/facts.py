"""What the registers say about a site and its wards, before any weight: the facts that exposure is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.table import in_wards
from geo.analysis.reconcile import Agreement, reconcile
from geo.spatial.same_shapes import SameShapes

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Metres = tuple[str, float]
"""A ward code and the metres in it (0 for a site that is an area or a point)."""
_adjoining: SameShapes[dict[int, list[int]]] = SameShapes(16)
"""By the polygons, for the rows asked for so far: no report changes the borders of wards."""


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward as the reasons need it; `covered` says whether the support programme covers it (pilot or expansion)."""

    code: str
    kind: str
    name: str
    full_name: str
    phase: str

    @property
    def covered(self) -> bool:
        """Whether the ward is in either list of the programme."""
        return self.phase != "none"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site's position, read off the registers. All wards are codes; slivers under 25 m are in none of them.

    `wards`: (code, share) in the order of the way, shares adding to 1; `metres` by ward; `outside`: the wards among
    them that the programme does not cover; `undeclared`: those that the plan does not name; `declared`: whether it
    names any; `border_m`: metres within 25 m of another ward; `border`: (ward, metres, wards along it);
    `adjoining`: wards that share a border with one of the site's, without these; `adjoining_outside`: those among them
    that the programme does not cover.
    """

    site_id: str
    name: str
    level: str
    handed_over: int | None
    wards: tuple[tuple[str, float], ...]
    metres: Mapping[str, float]
    outside: tuple[str, ...]
    undeclared: tuple[str, ...]
    declared: bool
    border_m: float
    border: tuple[tuple[str, float, tuple[str, ...]], ...]
    adjoining: tuple[str, ...]
    adjoining_outside: tuple[str, ...]

    @property
    def outside_share(self) -> float:
        """The share of the site in wards that the programme does not cover."""
        return sum(share for code, share in self.wards if code in self.outside)


def known_wards(wards: GeoDataFrame) -> dict[str, Ward]:
    """The wards by code, in the order of the register."""
    columns = (wards[name].tolist() for name in ("code", "kind", "name", "full_name", "phase"))
    return {code: Ward(code, kind, name, full, phase) for code, kind, name, full, phase in zip(*columns, strict=True)}


def selects_wards(wards: Iterable[Ward]) -> bool:
    """Whether the programme names wards at all; where it names none, no ward is 'outside' it."""
    return any(ward.covered for ward in wards)


def site_facts(sites: GeoDataFrame, crossings: GeoDataFrame, wards: GeoDataFrame) -> tuple[SiteFacts, ...]:
    """The facts of each site, in the order of `sites`; frames as in `geo.analysis.crossings.table`."""
    known = known_wards(wards)
    by_site: dict[str, list[Any]] = {}
    for row in in_wards(crossings).drop(columns="geometry").itertuples(index=False):
        by_site.setdefault(str(row.site_id), []).append(row)
    agreements = {agreement.site_id: agreement for agreement in reconcile(sites, crossings)}
    here = {str(row.ward_code) for rows in by_site.values() for row in rows}
    beside = adjoining(wards, here)
    selects = selects_wards(known.values())
    return tuple(
        _facts(
            site,
            by_site.get(str(site.site_id), []),
            agreements[str(site.site_id)],
            known=known,
            beside=beside,
            selects=selects,
        )
        for site in sites.drop(columns="geometry").itertuples(index=False)
    )


def adjoining(wards: GeoDataFrame, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each of the codes the wards with which it shares a border (a corner is none), in the register's order."""
    code = wards["code"].tolist()
    wanted = np.flatnonzero(wards["code"].isin(sorted(codes)).to_numpy())
    polygons = np.asarray(wards.geometry, dtype=object)
    if not wanted.size:
        return {}
    known = _adjoining.find(polygons) or {}
    missing = np.array([row for row in wanted.tolist() if row not in known], dtype=np.intp)
    if missing.size:  # a route that is moved a little asks for one ward more, and not for all of them anew
        known = known | _beside(polygons, missing)
        _adjoining.put(polygons, known)
    return {code[row]: tuple(code[other] for other in known[row]) for row in wanted.tolist()}


def _beside(polygons: NDArray[np.object_], wanted: NDArray[np.intp]) -> dict[int, list[int]]:
    """The rows, in order, of the polygons that share a border with each of those wanted."""
    asked, found = shapely.STRtree(polygons).query(polygons[wanted], predicate="intersects")
    own = wanted[asked]
    pairs = shapely.relate_pattern(polygons[own], polygons[found], "****1****") & (own != found)
    beside: dict[int, list[int]] = {row: [] for row in wanted.tolist()}
    for row, other in zip(own[pairs].tolist(), found[pairs].tolist(), strict=True):
        beside[row].append(other)
    return {row: sorted(others) for row, others in beside.items()}


def _facts(
    site: Any,
    rows: list[Any],
    agreement: Agreement,
    *,
    known: Mapping[str, Ward],
    beside: Mapping[str, tuple[str, ...]],
    selects: bool,
) -> SiteFacts:
    whole = [row for row in rows if row.ward_code not in agreement.slivers and row.ward_code in known]
    total = sum(float(row.share) for row in whole)
    wards = tuple((str(row.ward_code), float(row.share) / total) for row in whole if total > 0)
    codes = [code for code, _ in wards]
    around = dict.fromkeys(other for code in codes for other in beside.get(code, ()) if other not in codes)
    return SiteFacts(
        site_id=str(site.site_id),
        name=str(site.name),
        level=str(site.level),
        handed_over=_year(site.handed_over),
        wards=wards,
        metres={str(row.ward_code): float(row.length_m) for row in whole},
        outside=tuple(code for code in codes if selects and not known[code].covered),
        undeclared=tuple(code for code in agreement.undeclared if code in codes),
        declared=bool(agreement.declared),
        border_m=sum(float(row.border_m) for row in rows),
        border=tuple((str(r.ward_code), float(r.border_m), tuple(r.border_with)) for r in whole if r.border_m > 0),
        adjoining=tuple(around),
        adjoining_outside=tuple(code for code in around if selects and not known[code].covered),
    )


def _year(value: object) -> int | None:
    return int(value) if isinstance(value, int | float | np.integer | np.floating) and value == value else None
