"""Declared against computed: does the plan name the wards that a site really crosses?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SLIVER_M = 25.0
"""A ward crossed for less than this may owe it to the accuracy of borders and streets, and is listed apart."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the plan declares for a site against what is computed; all are tuples of ward codes.

    `confirmed`: declared and crossed; `undeclared`: crossed, not declared (for a blank declaration, the answer);
    `absent`: declared, not crossed, or only as a sliver; `slivers`: crossed for less than 25 m.
    """

    site_id: str
    declared: tuple[str, ...]
    confirmed: tuple[str, ...]
    undeclared: tuple[str, ...]
    absent: tuple[str, ...]
    slivers: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the plan names all wards that the site crosses, and no other."""
        return not self.undeclared and not self.absent


def reconcile(sites: GeoDataFrame, crossings: GeoDataFrame, *, sliver_m: float = SLIVER_M) -> tuple[Agreement, ...]:
    """One agreement a site, in the order of `sites`.

    Parameters
    ----------
    sites
        `site_id` and `declared_wards` (lists of codes).
    crossings
        As `geo.crossings` returns them.
    sliver_m
        Lines that cross a ward for less than this many metres do not confirm it; a site that is itself shorter than
        twice that is held to half of its length. Areas and points have no slivers.
    """
    computed: dict[str, list[tuple[str, float]]] = {}
    for site, ward, length in zip(crossings["site_id"], crossings["ward_code"], crossings["length_m"], strict=True):
        computed.setdefault(site, []).append((ward, float(length)))
    return tuple(
        _agreement(site, tuple(declared), computed.get(site, []), sliver_m)
        for site, declared in zip(sites["site_id"], sites["declared_wards"], strict=True)
    )


def _agreement(site: str, declared: tuple[str, ...], found: Sequence[tuple[str, float]], sliver_m: float) -> Agreement:
    total = sum(length for _, length in found)
    limit = min(sliver_m, total / 2.0)
    slivers = tuple(ward for ward, length in found if total > 0 and length < limit)
    wards = tuple(ward for ward, _ in found if ward not in slivers)
    return Agreement(
        site_id=site,
        declared=declared,
        confirmed=tuple(ward for ward in declared if ward in wards),
        undeclared=tuple(ward for ward in wards if ward not in declared),
        absent=tuple(ward for ward in declared if ward not in wards),
        slivers=slivers,
    )
