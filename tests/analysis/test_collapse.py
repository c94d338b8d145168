"""One matter, one report; and from when a place is observed."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.detection import observation
from geo.analysis.detection.collapse import collapsed
from geo.analysis.detection.inputs import reports
from geo.analysis.detection.observation import NEVER, first_day, late_start, ward_starts
from geo.analysis.detection.thresholds import load_thresholds

RULES = load_thresholds()
RULE = RULES.collapse


def matters(rows, **others):
    """Matters of (x, y, day, verified)."""
    x, y, day, sure = zip(*rows, strict=True)
    return collapsed(reports(np.column_stack([x, y]), day, sure), RULE, **others)


def test_one_evening_is_one_matter_and_verified_if_one_of_it_is():
    found = matters([(0, 0, 5, False), (20, 10, 5, True), (30, 0, 6, False), (500, 0, 5, False)])
    assert found.matter_of.tolist() == [0, 0, 0, 1]
    assert found.reports.verified.tolist() == [True, False]
    assert found.rows_of(np.array([0])).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("rows", "matter_of"),
    [
        pytest.param([(0, 0, 5), (10, 0, 5), (70, 0, 7)], [0, 0, 1], id="two-tell"),
        pytest.param([(0, 0, 5), (10, 0, 5), (20, 0, 6), (90, 0, 7)], [0, 0, 0, 0], id="three-tell"),
        pytest.param([(0, 0, 5), (10, 0, 5), (20, 0, 6), (90, 0, 8)], [0, 0, 0, 1], id="later"),
        pytest.param([(0, 0, 5), (10, 0, 5), (20, 0, 6), (110, 0, 6)], [0, 0, 0, 1], id="farther"),
        pytest.param([(-70, 0, 5), (0, 0, 6), (10, 0, 6), (20, 0, 7)], [0, 0, 0, 0], id="before"),
    ],
)
def test_what_is_talked_about_takes_in_who_places_it_wide(rows, matter_of):
    assert matters([(*row, False) for row in rows]).matter_of.tolist() == matter_of


def test_a_busy_place_is_no_single_matter():
    found = matters([(0, 0, day, True) for day in range(30)])
    assert len(found.reports) == 30 // (RULE.days + 1)


def test_reports_of_one_point_are_looked_at_once_and_give_the_same_matters():
    """As those of points a hair apart, which are looked at one by one; and 20,000 of them in no time."""
    rng = np.random.default_rng(8)
    for _ in range(200):
        points, days = rng.integers(0, 5, (40, 2)) * 35.0, np.sort(rng.integers(0, 9, 40))
        sure = rng.random(40) < 0.5
        order = np.lexsort((points[:, 1], points[:, 0], days))
        points, days = points[order], days[order]
        apart = points + 1e-7 * np.arange(40)[:, None]
        one, other = (collapsed(reports(xy, days, sure), RULE) for xy in (points, apart))
        assert one.matter_of.tolist() == other.matter_of.tolist()
    days = np.arange(20_000) % 200
    fixed, wide = np.zeros((20_000, 2)), rng.uniform(0, 20_000, (20_000, 2))
    seconds = []
    for xy in (wide, fixed):
        begin = time.process_time()
        collapsed(reports(xy, days, np.ones(20_000, dtype=bool)), RULE)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < 5 * seconds[0]


def test_what_was_linked_is_one_matter_wherever_it_is():
    far = [(0, 0, 5, False), (900, 0, 60, True), (900, 10, 61, False), (3000, 0, 5, False)]
    assert matters(far, linked=np.array([7, 7, -1, -1])).matter_of.tolist() == [0, 0, 0, 1]


def test_links_of_several_matters_that_hang_together_are_one():
    # The first two are one evening; links join it with the third, and the third's evening with the fifth.
    rows = [(0, 0, 5, False), (20, 0, 5, False), (900, 0, 40, False), (920, 0, 40, False), (0, 2000, 9, True)]
    found = matters(rows, linked=np.array([-1, 3, 3, 8, 8]))
    assert found.matter_of.tolist() == [0, 0, 0, 0, 0]
    assert found.first.tolist() == [0]


def test_a_linked_inspection_joins_no_matters_of_others():
    rows = [(0, 0, 5, False), (9000, 0, 6, True), (0, 9000, 7, False), (9000, 9000, 8, False)]
    found = matters(rows, effort=np.array([False, True, False, False]), linked=np.array([4, 4, -1, -1]))
    assert found.matter_of.tolist() == [0, -1, 1, 2]


def test_inspections_make_no_matter_and_verify_one():
    rows = [(0, 0, 5, False), (200, 0, 20, True), (5000, 0, 20, True)]
    found = matters(rows, effort=np.array([False, True, True]))
    assert found.matter_of.tolist() == [0, 0, -1]
    assert found.reports.verified.tolist() == [True]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 20), st.booleans()), min_size=1))
def test_each_report_is_of_a_matter_near_it_and_order_plays_no_part(rows):
    found = matters(rows)
    seen = np.array([row[:3] for row in rows], dtype=float)
    first = seen[found.first[found.matter_of]]
    assert ((seen - first)[:, 2] <= RULE.days).all()
    for matter in range(len(found.reports)):
        inside = seen[found.matter_of == matter, :2]
        gaps = np.hypot(*(inside[:, None] - inside[None]).transpose(2, 0, 1))
        reach = RULE.told_metres if len(inside) > RULE.told_reports else RULE.metres
        assert len(inside) == 1 or (np.sort(gaps, axis=1)[:, 1] <= reach).all()
    turned = matters(rows[::-1])
    assert turned.reports.points_m.tolist() == found.reports.points_m.tolist()
    assert turned.reports.days.tolist() == found.reports.days.tolist()


def test_one_old_report_opens_no_time():
    assert first_day(np.array([3, 1000, 1050, 1100]), RULES.observation) == 1000
    assert first_day(np.array([3, 1000]), RULES.observation) == NEVER
    assert first_day(np.array([], dtype=np.int64), RULES.observation) == NEVER
    assert observation.__doc__


@pytest.mark.parametrize(
    ("days", "start"),
    [
        (np.arange(600, 1000, 20), 600),  # steady from day 600 on: never silent for so long by chance
        (np.arange(0, 1000, 50), None),  # from the beginning
        (np.arange(960, 1000, 4), None),  # a burst is no beginning
        (np.arange(600, 720, 20), None),  # too few to say
    ],
)
def test_where_silence_is_longer_than_chance_a_place_begins_later(days, start):
    assert late_start(days, 0, RULES.observation) == start


def test_a_ward_begins_later_only_with_several_places():
    days = np.tile(np.arange(600, 1000, 20), 2)
    ward = np.repeat([0, 1], 20)
    spread = np.column_stack([np.tile(np.arange(20) * 700.0, 2), np.zeros(40)])
    spread[20:] = 50.0
    starts = ward_starts(ward, spread, days, [None, None, 300], 0, RULES.observation)
    assert starts.tolist() == [600, 0, 300]


def test_a_crowd_is_no_beginning_of_its_ward_however_many_tell_of_it():
    past = np.arange(20, 1000, 60)  # seventeen reports in as many places, before and beside the crowd
    crowd = np.arange(800, 1000)
    points = np.column_stack([np.r_[np.arange(len(past)) * 1_300.0, np.full(len(crowd), 640.0)], np.zeros(217)])
    days, ward = np.r_[past, crowd], np.zeros(217, dtype=int)
    assert late_start(days, 0, RULES.observation, RULES.observation.ward_stray_share) == 800
    assert ward_starts(ward, points, days, [None], 0, RULES.observation).tolist() == [0]
