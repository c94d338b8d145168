"""Point look-up on made coverages, against the polygons themselves."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.lookup import point_lookup


def cells(seed: int, count: int) -> np.ndarray:
    """A random coverage: the cells of a Voronoi diagram."""
    sites = shapely.multipoints(np.random.default_rng(seed).uniform(0, 1000, (count, 2)))
    return np.array(shapely.get_parts(shapely.voronoi_polygons(sites)), dtype=object)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60))
def test_agrees_with_the_polygons(seed: int, count: int) -> None:
    polygons = cells(seed, count)
    lookup = point_lookup(polygons)
    random = np.random.default_rng(seed)
    corners = shapely.get_coordinates(polygons)
    xy = np.concatenate([random.uniform(-500, 1500, (500, 2)), corners, 0.5 * (corners[1:] + corners[:-1])])
    point, polygon = shapely.STRtree(polygons).query(shapely.points(xy), predicate="intersects")
    expected = np.full(len(xy), len(polygons))
    np.minimum.at(expected, point, polygon)
    expected[expected == len(polygons)] = -1
    rows = lookup.rows(xy[:, 0], xy[:, 1])
    assert (rows == expected).all()
    assert [lookup.row(*p) for p in xy[:200]] == rows[:200].tolist()


def test_holes_gaps_and_islands() -> None:
    ring = shapely.box(0, 0, 90, 90).difference(shapely.box(30, 30, 60, 60))
    islands = shapely.MultiPolygon([shapely.box(200, 0, 210, 10), shapely.box(200, 50, 210, 60)])
    lookup = point_lookup(np.array([ring, islands], dtype=object))
    x, y = np.array([15.0, 45.0, 205.0, 205.0, 150.0]), np.array([15.0, 45.0, 5.0, 55.0, 5.0])
    assert lookup.rows(x, y).tolist() == [0, -1, 1, 1, -1]


def test_shape_of_the_question_is_kept() -> None:
    lookup = point_lookup(np.array([shapely.box(0, 0, 1, 1)], dtype=object))
    assert lookup.rows(np.zeros((2, 3)) + 0.5, np.zeros((2, 3)) + 0.5).shape == (2, 3)


def test_the_polygons_that_were_given_stay_as_they_were() -> None:
    # A prepared polygon that two threads ask at once ends the process.
    squares = shapely.box(np.arange(3.0), 0, np.arange(3.0) + 1, 1)
    lookup = point_lookup(squares)
    assert lookup.row(1.5, 0.5) == 1
    lookup.rows(np.linspace(0.01, 2.99, 50), np.full(50, 0.999))
    assert not shapely.is_prepared(np.concatenate([squares, lookup.polygons])).any()
