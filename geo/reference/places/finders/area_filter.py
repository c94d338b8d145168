"""The streets of a name that lie in the ward or district that a description names."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from geo.reference.places.grammar.qualifiers import Area
from geo.reference.places.place_index import PlaceIndex, Rows, union_of
from geo.reference.places.street_groups import StreetGroup, street_groups

MOST_GROUPS = 12
"""Streets of one name that are tried; only lanes have more."""
MOSTLY, TOUCHING = 0.6, 0.25
IN_AREA_M = 20.0
"""So many metres of a street in a ward make it a street of that ward."""


def groups_in(index: PlaceIndex, name: str, area: Area) -> tuple[tuple[StreetGroup, ...], int]:
    """The streets of a name, those in the area where it holds any; and how many there are in all."""
    groups = street_groups(index, name)
    if not area.codes or not groups:
        return groups[:MOST_GROUPS], len(groups)
    shape = union_of(index, area.codes)
    metres = [_metres_in(index, group.rows, shape) for group in groups]
    share = [
        inside / float(shapely.length(index.lines[g.rows]).sum()) for inside, g in zip(metres, groups, strict=True)
    ]
    # A street that lies in the area leaves out one that only touches it.
    least = TOUCHING if max(share) >= MOSTLY else 0.0
    rows = zip(groups, metres, share, strict=True)
    chosen = tuple(group for group, inside, part in rows if inside >= IN_AREA_M and part >= least)
    return (chosen or groups)[:MOST_GROUPS], len(groups)


def _metres_in(index: PlaceIndex, rows: Rows, shape: BaseGeometry) -> float:
    return float(shapely.length(shapely.intersection(index.lines[rows], shape)).sum())
