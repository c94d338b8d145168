"""Gaps and overlaps of polygons are found wherever they are, and what is narrow is closed: made cases and the wards."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.spatial.coverage_faults import faults, invalid
from geo.spatial.coverage_repair import repaired
from geo.spatial.measure import Ellipsoid, Plane

box = shapely.box


def shapes(*polygons: shapely.Geometry) -> np.ndarray:
    array = np.empty(len(polygons), dtype=object)
    array[:] = polygons
    return array


LEFT, RIGHT = box(0, 0, 100, 100), box(100, 0, 200, 100)
CASES = {
    "sound": (shapes(LEFT, RIGHT), []),
    "slit open to the outside": (shapes(LEFT, box(100.5, 0, 200, 100)), [("gap", 50.0, (0, 1))]),
    "closed gap": (shapes(LEFT, RIGHT.difference(box(100, 20, 100.5, 80))), [("gap", 30.0, (0, 1))]),
    "gap where three meet": (
        shapes(box(0, 0, 100, 49.7), box(100, 0, 200, 49.7), box(0, 50, 200, 100), box(0, 49.7, 99, 50), box(101, 49.7, 200, 50)),
        [("gap", 0.6, (0, 1, 2, 3, 4))],
    ),
    "hole": (shapes(LEFT.difference(box(40, 40, 60, 60)), RIGHT), [("gap", 400.0, (0,))]),
    "overlap": (shapes(LEFT, box(99, 0, 200, 100)), [("overlap", 100.0, (0, 1))]),
    "one within another": (shapes(LEFT, box(10, 10, 20, 20), RIGHT), [("overlap", 100.0, (0, 1))]),
    "twice the same": (shapes(LEFT, LEFT, RIGHT), [("overlap", 10_000.0, (0, 1))]),
    "a bay is no gap": (shapes(LEFT.difference(box(95, 80, 100, 100)), RIGHT), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_faults_have_kind_size_and_members(name: str) -> None:
    polygons, expected = CASES[name]
    found = faults(polygons, Plane())
    assert [(fault.kind, pytest.approx(fault.area_m2), fault.members) for fault in found] == expected
    assert all(shapely.intersects_xy(fault.shape, *fault.at) for fault in found)


def test_a_slit_of_nine_metres_is_found() -> None:
    [fault] = faults(shapes(box(0, 0, 100, 300), box(109, 0, 200, 300)), Plane())
    assert (fault.kind, fault.area_m2, fault.members) == ("gap", pytest.approx(2700.0), (0, 1))


@pytest.mark.parametrize("width", [4.0, 12.0])
def test_a_slit_as_wide_as_is_asked_for_is_closed(width: float) -> None:
    polygons = shapes(box(0, 0, 100, 300), box(100 + 0.9 * width, 0, 200, 300))
    assert not repaired(polygons, 0.6 * width, Plane(), 7).closed
    done = repaired(polygons, width, Plane(), 7)
    assert [fault.area_m2 for fault in done.closed] == [pytest.approx(0.9 * width * 300)]
    assert not done.left
    assert shapely.area(shapely.union_all(done.polygons)) == pytest.approx(200 * 300)


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_narrow_is_closed(name: str) -> None:
    polygons, expected = CASES[name]
    done = repaired(polygons, 2.0, Plane(), 7)
    assert len(done.closed) == sum(area <= 100.0 and name != "one within another" for _, area, _ in expected)
    assert len(done.left) == len(expected) - len(done.closed)
    if not expected:
        assert shapely.equals(polygons, done.polygons).all()
    if name == "sound":
        assert all(old is new for old, new in zip(polygons, done.polygons, strict=True))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 15))
def test_a_coverage_that_was_shaken_is_one_again(seed: int, count: int) -> None:
    """Corners moved by up to 20 cm, each ward for itself, leave slivers; a width of 3 m closes all that stay narrow."""
    random = np.random.default_rng(seed)
    square = box(0, 0, 1000, 1000)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(random.uniform(0, 1000, (count, 2))), extend_to=square)
    )
    cells = shapely.intersection(cells, square)
    cells = shapely.segmentize(cells[shapely.area(cells) > 1.0], 150.0)
    shaken = shapes(*(_shaken(shape, random) for shape in cells))
    done = repaired(shaken, 3.0, Plane(), 7)
    assert sum(fault.area_m2 for fault in done.left) < 0.01 * sum(fault.area_m2 for fault in done.closed)
    assert done.left or not invalid(done.polygons).size
    assert shapely.area(done.polygons) == pytest.approx(shapely.area(cells), abs=0.5 * shapely.length(cells).max())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 15))
def test_gaps_are_the_holes_of_the_union(seed: int, count: int) -> None:
    """The borders' faces are what the union of all polygons encloses: also with islands, and where one is missing."""
    random = np.random.default_rng(seed)
    points = shapely.multipoints(random.uniform(0, 1000, (count, 2)))
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points)), box(0, 0, 1000, 1000))
    cells = np.delete(cells[shapely.area(cells) > 1.0], 0)
    island = shapely.buffer(shapely.points(*random.uniform(100, 900, 2)), 40.0)
    pond = shapely.difference(cells, shapely.buffer(island, 20.0))
    polygons = shapes(*(_shaken(part, random) for part in shapely.get_parts(pond)), island)
    found = [fault for fault in faults(polygons, Plane()) if fault.kind == "gap" and not fault.is_open]
    union = shapely.get_parts(shapely.union_all(polygons, grid_size=1e-4))
    holes = shapely.get_parts([shapely.polygons(ring) for part in union for ring in part.interiors])
    enclosed = shapely.difference(shapely.union_all(holes), shapely.union_all(polygons, grid_size=1e-4))
    assert sum(fault.area_m2 for fault in found) == pytest.approx(shapely.area(enclosed), abs=0.02 * len(polygons))


def _shaken(shape: shapely.Polygon, random: np.random.Generator) -> shapely.Polygon:
    xy = shapely.get_coordinates(shape)[:-1]
    moved = shapely.Polygon(xy + random.uniform(-0.2, 0.2, xy.shape))
    return moved if moved.is_valid else shape


def test_the_shipped_wards_are_a_coverage() -> None:
    wards = np.asarray(geo.load_wards().geometry, dtype=object)
    assert faults(wards, Ellipsoid()) == ()
