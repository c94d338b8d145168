"""Stretches along borders: the metres that the crossings count, told apart by the wards beside them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

import geo
from geo.analysis.border_stretches import border_stretches
from geo.analysis.crossings.indexed_wards import ward_index
from geo.reference.tolerances import SLIVER_M
from geo.spatial.chainage import Chainage

WARDS, SITES = geo.load_wards(), geo.load_sites()
INDEX = ward_index(WARDS)


@pytest.mark.parametrize("site", ["HN-I-1", "HN-I-7"])
def test_they_are_the_border_metres_of_the_crossings(site: str) -> None:
    shape = SITES.set_index("site_id").geometry[site]
    route = Chainage.of(shape)
    assert route is not None
    found = border_stretches(route, INDEX)
    rows = geo.crossings(SITES[SITES["site_id"] == site], WARDS)
    assert route.length == pytest.approx(rows["length_m"].sum(), abs=0.01)
    # A metre at each end, and what is shorter than a sliver, is not among them.
    metres = sum(stretch.to_m - stretch.from_m for stretch in found)
    assert metres == pytest.approx(rows["border_m"].sum(), abs=SLIVER_M + 2 * len(found) + 5)
    named = {WARDS["code"].iloc[ward] for stretch in found for ward in stretch.wards}
    assert named <= {code for row in rows["border_with"] for code in row} | set(rows["ward_code"])
    assert all(a.to_m <= b.from_m for a, b in pairwise(found))


def test_chainage_runs_over_gaps_without_metres_and_areas_have_none() -> None:
    parts = shapely.from_wkt("MULTILINESTRING ((105.8 21, 105.81 21), (105.9 21, 105.91 21))")
    route = Chainage.of(parts)
    assert route is not None
    assert route.length == pytest.approx(2 * 1040.0, abs=1.0)
    assert route.at(np.array([0.0, route.length]))[:, 0].tolist() == pytest.approx([105.8, 105.91])
    assert Chainage.of(parts.buffer(0.001)) is None
