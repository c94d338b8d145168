"""Streets in pieces, and reports on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from geo.analysis.detection.street_pieces import nearest_piece, street_pieces


def pieces_of(*lines):
    return street_pieces(np.array(lines, dtype=object))


def test_equal_pieces_of_at_most_the_length():
    cut = pieces_of(LineString([(0, 0), (250, 0)]), LineString([(0, 50), (60, 50)]))
    assert cut.length_m == pytest.approx([250 / 3] * 3 + [60])


def test_parts_are_cut_apart_and_other_geometry_is_left_out():
    cut = pieces_of(MultiLineString([[(0, 0), (100, 0)], [(500, 0), (600, 0)]]), Point(1, 1))
    assert cut.length_m == pytest.approx([100, 100])
    assert len(pieces_of().lines) == 0


@given(st.floats(1, 5000))
def test_nothing_is_lost(length):
    cut = pieces_of(LineString([(0, 0), (length, 0)]))
    assert cut.length_m.sum() == pytest.approx(length)
    assert cut.length_m.max() <= 100 + 1e-6


def test_reports_go_to_the_nearest_piece_in_reach():
    cut = pieces_of(LineString([(0, 0), (200, 0)]), LineString([(0, 30), (100, 30)]))
    points = np.array([[50.0, 1.0], [50.0, 29.0], [190.0, 20.0], [150.0, -101.0], [100.0, 0.0]])
    assert nearest_piece(cut, points).tolist() == [0, 2, 1, -1, 0]
    assert nearest_piece(cut, np.zeros((0, 2))).tolist() == []
    assert nearest_piece(pieces_of(), points).tolist() == [-1] * 5
