"""The line between two lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference.streets.centreline import centre_line


def test_parallels() -> None:
    got = centre_line(shapely.LineString([(0, 0), (500, 0)]), shapely.LineString([(0, 20), (480, 20), (500, 20)]))
    assert shapely.get_coordinates(got.line)[:, 1] == pytest.approx(10, abs=0.01)
    assert (got.mean_width_m, got.width_m) == pytest.approx((20, 20), abs=0.5)


def test_one_carriageway_is_left_as_it_is() -> None:
    line = shapely.LineString([(0, 0), (100, 3), (200, -40)])
    got = centre_line(line, line)
    assert got.line.equals(line)
    assert got.width_m == 0


def test_carriageways_that_part_at_a_loose_end_are_cut_there() -> None:
    one = shapely.LineString([(0, 0), (400, 0), (450, -60)])
    two = shapely.LineString([(0, 20), (400, 20), (450, 80)])
    assert centre_line(one, two).line.length == pytest.approx(450, abs=10)
    assert centre_line(one, two, (0.0, 100.0)).line.length == pytest.approx(405, abs=15)


@given(amplitude=st.floats(0, 80), period=st.floats(500, 2000), width=st.floats(4, 40), spacing=st.floats(3, 90))
@settings(deadline=None, max_examples=40)
def test_the_line_lies_between_winding_carriageways(
    amplitude: float, period: float, width: float, spacing: float
) -> None:
    x = np.arange(0.0, 1200.0, 25.0)
    axis = shapely.LineString(np.column_stack([x, amplitude * np.sin(2 * np.pi * x / period)]))
    left = shapely.offset_curve(axis, width / 2, join_style="mitre")
    right = shapely.segmentize(shapely.offset_curve(axis, -width / 2, join_style="mitre"), spacing)
    got = centre_line(left, right)
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(got.line, 5.0)))
    assert shapely.distance(points, axis).max() < 0.15 * width + 2
    assert got.line.length == pytest.approx(axis.length, rel=0.02)
    assert got.line.is_simple
