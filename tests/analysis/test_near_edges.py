"""What is said to be clear of all edges is, and no edge that touches a box is missed: on made coverages."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.crossings import batches as line_crossings
from geo.analysis.crossings.batches import ward_lengths, ward_stretches
from geo.spatial.edge_buckets import candidates, expand, step_boxes
from geo.spatial.edge_index import EdgeIndex, edge_index
from geo.spatial.measure import Plane
from geo.spatial.ragged import Ragged, joined, ragged, uncollected

CORNER = np.array([500_000.0, 2_000_000.0])


def grown(seed: int, count: int) -> np.ndarray:
    """Voronoi cells of a square kilometre, at some distance from the origin."""
    square = shapely.box(500_000, 2_000_000, 501_000, 2_001_000)
    points = np.random.default_rng(seed).uniform(0, 1000, (count, 2)) + CORNER
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=square))
    clipped = shapely.intersection(parts, square)
    return np.asarray(clipped[shapely.area(clipped) > 1], dtype=object)


def boxes_of(seed: int, count: int = 400) -> np.ndarray:
    """Boxes of all sizes, also beyond the wards."""
    random = np.random.default_rng(seed)
    corner = random.uniform(-300, 1300, (count, 2)) + CORNER
    return np.hstack([corner, corner + random.uniform(0, 1, (count, 2)) * 10 ** random.uniform(-1, 3, (count, 1))])


def edges(index: EdgeIndex) -> np.ndarray:
    return np.asarray(shapely.linestrings(np.stack(index.ends(np.arange(len(index))), axis=1)), dtype=object)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_a_clear_box_touches_no_edge(seed: int, wards: int) -> None:
    index, boxes = edge_index(grown(seed, wards)), boxes_of(seed)
    clear = index.clearance.clear(boxes)
    touched, _ = shapely.STRtree(edges(index)).query(shapely.box(*boxes.T), predicate="intersects")
    assert not clear[touched].any()


def test_small_boxes_amid_a_ward_are_clear() -> None:
    index = edge_index(np.array([shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)], dtype=object))
    assert index.clearance.clear(np.array([[400.0, 400.0, 600.0, 600.0], [900.0, 400.0, 1100.0, 600.0]])).tolist() == [
        True,
        False,
    ]
    assert not index.clearance.clear(np.array([[np.nan] * 4, [-1e9, 0.0, 1e9, 1.0]])).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_no_edge_that_touches_a_box_is_missed(seed: int, wards: int) -> None:
    index, boxes = edge_index(grown(seed, wards)), boxes_of(seed, 60)
    found = set(zip(*(rows.tolist() for rows in candidates(index.buckets, boxes, index.lookup.raster)), strict=True))
    touched = shapely.STRtree(edges(index)).query(shapely.box(*boxes.T), predicate="intersects")
    assert set(zip(*touched.tolist(), strict=True)) <= found


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_steps_cover_their_segment(seed: int) -> None:
    index = edge_index(grown(seed, 8))
    ends = np.random.default_rng(seed).uniform(-5000, 5000, (2, 8, 2)) + CORNER
    segment, boxes = step_boxes(ends[0], ends[1], index.lookup.raster, np.zeros(2))
    for row in range(8):
        line = shapely.LineString(ends[:, row])
        cover = shapely.union_all(shapely.buffer(shapely.box(*boxes[segment == row].T), 1e-6))
        assert shapely.length(shapely.difference(line, cover)) < 1e-6


def test_batches_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    index = edge_index(grown(5, 30))
    xy = np.random.default_rng(5).uniform(-100, 1100, (90, 9, 2)) + CORNER
    lines = np.asarray(shapely.linestrings(xy), dtype=object)
    whole, (_, whole_said) = ward_lengths(lines, index, Plane()), ward_stretches(lines, index, Plane())
    monkeypatch.setattr(line_crossings, "BATCH", 70)
    monkeypatch.setattr(line_crossings, "STRETCH_BATCH", 70)
    parts, (_, said) = ward_lengths(lines, index, Plane()), ward_stretches(lines, index, Plane())
    assert parts.line.tolist() == whole.line.tolist()
    assert parts.ward.tolist() == whole.ward.tolist()
    assert np.abs(parts.length_m - whole.length_m).max() < 1e-6
    assert np.abs(said.border_m - whole_said.border_m).max() < 1e-6
    assert said.border_with.lists().tolist() == whole_said.border_with.lists().tolist()


def test_empty_parts_and_lines_are_passed_over() -> None:
    index = edge_index(grown(5, 30))
    xy = np.random.default_rng(7).uniform(0, 1000, (3, 4, 2)) + CORNER
    one, two, three = shapely.linestrings(xy)
    empty = shapely.LineString()
    apart = shapely.from_wkt("MULTILINESTRING EMPTY")
    lines = np.array([empty, one, shapely.MultiLineString([two]), empty, apart, three, empty], dtype=object)
    table = ward_lengths(lines, index, Plane())
    alone = ward_lengths(np.array([one, two, three], dtype=object), index, Plane())
    assert table.line.tolist() == np.array([1, 2, 5])[alone.line].tolist()
    assert table.ward.tolist() == alone.ward.tolist()
    assert np.abs(table.length_m - alone.length_m).max() < 1e-6


def test_heights_are_left_out_of_the_geometry_and_flat_lines_are_not_copied() -> None:
    index = edge_index(grown(5, 30))
    flat = shapely.linestrings(np.random.default_rng(9).uniform(400, 401, (4, 3, 2)) + CORNER)
    high = shapely.force_3d(flat, 7.0)
    (_, low), (_, said) = (ward_stretches(np.asarray(of, dtype=object), index, Plane()) for of in (flat, high))
    assert not shapely.has_z(said.geometry).any()
    assert shapely.equals_exact(said.geometry, low.geometry).all()


def test_rows_of_unequal_length() -> None:
    rows = ragged(np.array([5, 6, 7]), np.array([0, 0, 2]), 3)
    assert rows.lists().tolist() == [[5, 6], [], [7]]
    assert rows.taken(np.array([2, 0])).lists().tolist() == [[7], [5, 6]]
    assert joined([rows, Ragged(np.array([9]), np.array([0, 1]))]).lists().tolist() == [[5, 6], [], [7], [9]]
    found, row = expand(np.array([3, 8]), np.array([2, 1]))
    assert (found.tolist(), row.tolist()) == ([3, 4, 8], [0, 0, 1])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_sides_of_an_edge_are_its_wards(seed: int, wards: int) -> None:
    polygons = grown(seed, wards)
    index = edge_index(polygons)
    begin, end = index.ends(np.arange(len(index)))
    way = end - begin
    long = np.hypot(*way.T) > 0.1
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.hypot(*way.T)[:, None] * 1e-3
    for side, sign in ((0, 1.0), (1, -1.0)):
        beside = 0.5 * (begin + end) + sign * normal
        held = index.lookup.rows(beside[:, 0], beside[:, 1])
        assert (held == index.owners[:, side])[long & index.sure].all()
    assert index.sure.all() or not shapely.coverage_is_valid(polygons)


def test_where_wards_overlap_no_side_is_trusted() -> None:
    # The third lies over both others: what follows from a crossing of their border would forget it.
    squares = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(8, 2, 12, 8)], dtype=object)
    index = edge_index(squares)
    ends = np.stack(index.ends(np.arange(len(index))), axis=1)
    over = shapely.intersects(np.asarray(shapely.linestrings(ends)), squares[2])
    assert (index.sure == ~over).all()
    assert 0 < over.sum() < len(index)
    apart = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(40, 0, 50, 10)], dtype=object)
    index = edge_index(apart)
    assert index.sure.all()
    line = np.array([shapely.LineString([(2, 5), (18, 5), (18, 50), (45, 50), (45, 5)])], dtype=object)
    found = ward_lengths(line, index, Plane())
    assert list(zip(found.ward.tolist(), found.length_m.tolist(), strict=True)) == [(0, 8.0), (1, 13.0), (2, 5.0)]


def test_what_was_frozen_stays_so_and_garbage_is_collected_again() -> None:
    marks = [[number] for number in range(3)]
    gc.freeze()
    before = gc.get_freeze_count()
    for _ in range(2):
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled()
    assert 0 < gc.get_freeze_count() <= before
    assert len(marks) == 3
