"""A line through points follows the streets between them, and goes straight where there are none."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.reference.streets.along import FARTHEST_M, along_streets

LADDER = [
    shapely.LineString([(0, 0), (500, 0), (1000, 0)]),
    shapely.LineString([(0, 300), (500, 300), (1000, 300)]),
    shapely.LineString([(500, 0), (500, 300)]),
]
TREE = shapely.STRtree(LADDER)


def line(*points: tuple[float, float]) -> list[tuple[float, float]]:
    found = along_streets(np.array(points, dtype=float), TREE)
    assert found is not None
    return [(round(x), round(y)) for x, y in found.line.coords]


def test_it_follows_the_streets() -> None:
    assert line((100, 20), (900, 310)) == [(100, 0), (500, 0), (500, 300), (900, 300)]
    found = along_streets(np.array([(100, 20), (900, 310)], dtype=float), TREE)
    assert found is not None
    assert found.straight_m == 0
    assert found.line.length == pytest.approx(1100)


def test_a_point_between_leads_the_line() -> None:
    assert line((100, 0), (900, 0), (500, 290)) == [(100, 0), (500, 0), (900, 0), (500, 0), (500, 290)]


@pytest.mark.parametrize("end", [(100, 2000), (FARTHEST_M + 200, 0)])
def test_where_no_street_leads_it_is_straight(end: tuple[float, float]) -> None:
    found = along_streets(np.array([(100, 0), end], dtype=float), TREE)
    assert found is not None
    assert found.straight_m > 0
    assert list(found.line.coords) == [(100, 0), end]


def test_points_that_make_no_line() -> None:
    assert along_streets(np.array([(1.0, 2.0)]), TREE) is None
    assert along_streets(np.array([(0.0, 5000.0), (0.0, 5000.0)]), TREE) is None
