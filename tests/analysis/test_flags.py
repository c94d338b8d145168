"""Flags on a small town and on the shipped data: what is raised, what is said, and what becomes of it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_town import lonlat, town_sites, town_wards
from scipy.spatial import KDTree
from shapely import LineString, Point

from geo.analysis.crossings.table import crossings
from geo.analysis.flags import FLAG_LEVELS, flags, open_flags
from geo.analysis.flags.near import pairs_at_least
from geo.analysis.flags.places import located, study_area_of
from geo.analysis.flags.unclosed import is_over
from geo.situation import load_registers

DAY = date(2026, 6, 30)
WARDS = town_wards()
SITES = town_sites(
    {"site_id": "S", "geometry": LineString([(500, 500), (1500, 500)]), "declared_wards": ("A", "B")},
    {"site_id": "Q", "geometry": LineString([(2500, 200), (2500, 800)]), "declared_wards": ("C",)},
)
CROSSINGS = crossings(SITES, WARDS)


def frame(rows, **columns):
    """Reports from (x, y, days ago) in town metres; None for x is no point."""
    data = {
        "report_id": range(1, len(rows) + 1),
        "day": pd.to_datetime([DAY - timedelta(days=int(ago)) for _, _, ago in rows]),
        "verified": True,
        "status": "confirmed",
        **columns,
    }
    points = [None if x is None else lonlat(Point(x, y)) for x, y, _ in rows]
    return geopandas.GeoDataFrame(data, geometry=points, crs="EPSG:4326")


SITE_PAST = [(1250.0, 510.0, 400), (1300.0, 490.0, 560), (1400.0, 500.0, 700)]


def background(count=120, seed=1):
    """Reports all over the town, away from the sites, for two years, and three at the site in its past."""
    rng = np.random.default_rng(seed)
    return SITE_PAST + [
        (x, y, ago)
        for x, y, ago in zip(
            rng.uniform(0, 3000, count), rng.uniform(1000, 2000, count), rng.integers(0, 730, count), strict=True
        )
    ]


AT_SITE = [(1200 + 20 * i, 500, 5 * i) for i in range(8)]
CLUSTER = [(640 + 60 * (i % 3), 1440 + 60 * (i // 3), 2 * i) for i in range(9)]


def raised(rows, day=DAY, events=None, **columns):
    reports = rows if isinstance(rows, geopandas.GeoDataFrame) else frame(rows, **columns)
    found = flags(day, WARDS, SITES, CROSSINGS, reports=reports, events=events)
    return [flag for flag in found if flag.rule != "exposure"]


def only(rule, *args, **others):
    (found,) = [flag for flag in raised(*args, **others) if flag.rule == rule]
    return found


def happened(*rows):
    columns = ("flag_id", "event", "day", "note")
    table = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)
    return table.assign(day=pd.to_datetime(table["day"]))


# ---- registers alone


def test_the_plan_alone_raises_exposure_ranked(plan_registers):
    ground = plan_registers
    found = flags(date(2026, 1, 7), ground.wards, ground.sites, ground.crossings)
    assert [(f.flag_id, f.level) for f in found] == [
        ("exposure:HN-I-1", "high"),
        ("exposure:HN-I-7", "notable"),
        ("exposure:HN-II-5", "slight"),
        ("exposure:HN-I-6", "slight"),
    ]
    for flag in found:
        assert sum(share for _, share in flag.wards) == pytest.approx(1.0)
        assert flag.score == pytest.approx(sum(points for points, _, _ in flag.reasons))
        assert flag.observed is None
        assert flag.p is None


def test_a_city_without_sites_or_wards_raises_nothing():
    hue = load_registers("hue")
    assert flags(DAY, hue.wards, hue.sites, hue.crossings) == ()
    assert flags(DAY, WARDS.iloc[:0], SITES.iloc[:0], CROSSINGS.iloc[:0]) == ()


def test_a_city_without_sites_has_clusters():
    found = flags(DAY, WARDS, SITES.iloc[:0], CROSSINGS.iloc[:0], reports=frame(background() + CLUSTER))
    assert [f.rule for f in found if f.level != "watch"] == ["emergence"]


# ---- what reports raise


def test_reactivation_says_where_when_and_how_many():
    flag = only("reactivation", background() + AT_SITE)
    assert (flag.flag_id, flag.site_id, flag.level) == ("reactivation:S", "S", "alert")
    assert flag.observed == 8
    assert flag.expected is not None
    assert flag.expected < 1
    assert (DAY - flag.first_day).days + 1 == 45  # all eight within the second window
    assert flag.last_day == DAY
    assert flag.wards == (("B", 1.0),)  # the reports' ward, not all that the site crosses
    assert flag.geometry.equals(SITES.geometry.iloc[0])
    assert "8 tin báo (8 đã xác minh)" in flag.text_vi
    assert "45 ngày đến 30/06/2026" in flag.text_vi


def test_emergence_says_where_when_and_how_many():
    flag = only("emergence", background() + CLUSTER)
    assert flag.level != "watch"
    assert flag.site_id is None
    assert flag.observed >= 4
    assert sum(share for _, share in flag.wards) == pytest.approx(1.0)
    assert {code for code, _ in flag.wards} <= {"D", "E"}
    assert flag.geometry.distance(lonlat(Point(700, 1500))) < 0.001
    assert flag.geometry.geom_type == "Polygon"
    assert "ngoài hành lang của mọi địa điểm đã biết" in flag.text_vi


def test_a_cluster_that_touches_a_corridor_is_no_emergence():
    rows = background() + [(1200 + 50 * (i % 3), 520 + 50 * (i // 3), 3 * i) for i in range(9)]
    found = raised(rows)
    assert {(flag.rule, flag.site_id) for flag in found if flag.observed >= 4} == {("reactivation", "S")}
    assert len({flag.flag_id for flag in found}) == len(found)


def test_a_cluster_at_a_site_is_not_reported_twice():
    found = raised(background() + AT_SITE)
    assert [flag.flag_id for flag in found] == ["reactivation:S"]


def contagious(places):
    """Each of many reports followed by another within 60 m and 4 days, in `places` places; the last ones lately."""
    rng = np.random.default_rng(3)
    pairs = [
        (x, y, ago)
        for x, y, ago in zip(
            rng.uniform(0, 3000, places), rng.uniform(1100, 1900, places), np.linspace(4, 700, places), strict=True
        )
    ]
    return background(60, seed=4) + pairs + [(x + 60, y, ago - 3) for x, y, ago in pairs]


def test_near_repeats_are_a_watch_round_recent_verified_reports():
    found = [flag for flag in raised(contagious(60)) if flag.rule == "near_repeat"]
    assert found
    for flag in found:
        assert flag.level == "watch"
        assert flag.last_day > DAY - timedelta(days=1)
        assert sum(share for _, share in flag.wards) == pytest.approx(1.0)
        assert flag.p is not None
        assert flag.p <= 0.05


@pytest.mark.parametrize("side", [800.0, 5000.0])
def test_too_many_pairs_are_counted_by_squares_and_never_too_high(side):
    points = np.random.default_rng(4).uniform(-side, side, (700, 2))
    pairs = len(KDTree(points).query_pairs(500.0))
    assert pairs / 8 < pairs_at_least(points, 500.0) <= pairs


def test_one_cluster_does_not_make_a_city_of_near_repeats():
    assert not [flag for flag in raised(background(60, seed=4) + CLUSTER) if flag.rule == "near_repeat"]


@pytest.mark.parametrize("crowds", [1, 3])
def test_crowds_beside_chance_pairs_do_not_make_a_city_of_near_repeats(crowds):
    """In 20 cities without any near repeat beside what chance brings: one of 20 is within the error of 5 %."""
    raised_in = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        corners = rng.uniform((200, 1100), (2800, 1900), (crowds, 2))
        crowd = [
            (x + dx, y + dy, ago)
            for x, y in corners
            for (dx, dy), ago in zip(rng.normal(0, 80, (10, 2)), range(0, 20, 2), strict=True)
        ]
        raised_in += any(flag.rule == "near_repeat" for flag in raised(background(100, seed) + crowd))
    assert raised_in <= 2


# ---- what is counted


def test_unfounded_reports_of_late_do_not_count():
    rows = background() + AT_SITE
    status = ["confirmed"] * len(background()) + ["unfounded"] * len(AT_SITE)
    assert not [flag for flag in raised(rows, status=status) if flag.rule == "reactivation"]


def test_later_reports_play_no_part():
    rows = background() + AT_SITE
    assert raised(frame(rows + [(1200, 500, -3)] * 9)) == raised(frame(rows))


def test_a_report_without_a_point_lies_on_its_site():
    rows = [(None, None, 5 * i) for i in range(8)]
    columns = {"site_id": "S", "chainage_m": [700.0 + 10 * i for i in range(8)], "lon": np.nan, "lat": np.nan}
    reports = pd.concat([frame(background()), frame(rows, **columns)], ignore_index=True)
    flag = only("reactivation", geopandas.GeoDataFrame(reports, crs="EPSG:4326"))
    assert (flag.flag_id, flag.observed, flag.wards) == ("reactivation:S", 8, (("B", 1.0),))


def test_reports_that_name_only_a_site_count_there_but_make_no_cluster():
    middle = SITES.geometry.iloc[0].interpolate(0.5, normalized=True)
    rows = [(None, None, i) for i in range(9)]
    columns = {"site_id": "S", "chainage_m": np.nan, "lon": np.nan, "lat": np.nan}
    named = frame(rows, **columns).set_geometry([middle] * 9, crs="EPSG:4326")
    reports = geopandas.GeoDataFrame(pd.concat([frame(background()), named], ignore_index=True), crs="EPSG:4326")
    found = raised(reports)
    assert [flag.flag_id for flag in found] == ["reactivation:S"]
    assert dict(found[0].wards) == pytest.approx({"A": 0.5, "B": 0.5}, abs=0.01)


def test_places_that_are_no_places_are_left_out():
    ground = study_area_of(WARDS, SITES)
    rows = [(500, 500, 1), (1000, 1000, 1), (90_000, 500, 1), (None, None, 1), (500, 500, 1)]
    reports = frame(rows, site_id=[None, None, None, "nowhere", None])
    reports["day"] = [*reports["day"][:4], pd.NaT]
    far = geopandas.GeoSeries([Point(2.35, 48.85), Point(np.inf, 0)], crs="EPSG:4326")
    more = frame([(0, 0, 1)] * 2).set_geometry(far)
    everything = geopandas.GeoDataFrame(pd.concat([reports, more], ignore_index=True), crs="EPSG:4326")
    assert len(located(everything, DAY, ground)) == 2


@pytest.mark.parametrize("rows", [[], [(500, 500, 1)], [(500, 500, 1)] * 2])
def test_next_to_nothing_raises_nothing(rows):
    assert raised(rows) == []


def test_thousands_at_one_point_are_one_matter_every_few_days():
    rng = np.random.default_rng(2)
    rows = background() + [(700, 1500, ago) for ago in rng.integers(0, 20, 2000)]
    found = raised(rows)
    assert {flag.rule for flag in found} == {"emergence"}
    assert max(flag.observed for flag in found) < 12  # of 2,000 reports
    assert "2.0" in found[0].text_vi  # how many reports they were is said


# ---- ids and order


def test_ids_stay_while_days_pass_and_reports_come():
    rows = background() + AT_SITE + CLUSTER
    before = {
        flag.flag_id: flag.rule
        for flag in raised(rows)
        if flag.observed >= 4 and flag.p < 0.5 and flag.rule != "near_repeat"
    }
    assert set(before.values()) == {"reactivation", "emergence"}
    for later in (1, 3, 7):
        now = {flag.flag_id for flag in raised([*rows, (640, 1480, 0)], day=DAY + timedelta(days=later))}
        assert before.keys() <= now


def test_the_same_reports_in_any_order_give_the_same_flags():
    rows = background() + AT_SITE + CLUSTER
    turned = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    assert raised(turned) == raised(rows)


def test_gravest_first():
    found = flags(DAY, WARDS, SITES, CROSSINGS, reports=frame(background() + AT_SITE + CLUSTER))
    ranks = [FLAG_LEVELS.index(flag.level) for flag in found]
    assert ranks == sorted(ranks, reverse=True)


# ---- what is said


def test_sentences_are_one_sentence_and_nfc():
    for flag in raised(background() + AT_SITE + CLUSTER) + raised(contagious(60)):
        for text in (flag.text_vi, flag.text_en):
            assert unicodedata.is_normalized("NFC", text)
            assert text.endswith(".")
            assert not re.search(r"[.!?] [A-ZĐ]", text)
        assert str(flag.observed) in flag.text_vi


def test_a_watch_does_not_claim_certainty():
    rows = [(1200, 500, 10 * i) for i in range(4)] + [(1200, 500, 200 + 90 * i) for i in range(5)]
    flag = only("reactivation", background() + rows)
    assert flag.level == "watch"
    assert "ngẫu nhiên cũng có thể gây ra" in flag.text_vi
    assert "%" not in flag.text_vi


# ---- standing


def test_acknowledged_and_closed_with_their_notes():
    rows = background() + AT_SITE + CLUSTER
    alert = only("emergence", rows)
    acknowledged = only("emergence", rows, events=happened((alert.event_id, "acknowledged", DAY, "đang rà soát")))
    assert (acknowledged.status, acknowledged.note) == ("acknowledged", "đang rà soát")
    events = happened(
        (alert.event_id, "acknowledged", DAY - timedelta(days=1), "đang rà soát"),
        (alert.flag_id, "closed", DAY, "đã xử lý"),
    )
    closed = only("emergence", rows, events=events)
    assert (closed.status, closed.note) == ("closed", "đã xử lý")
    assert closed not in open_flags([closed])
    assert only("reactivation", rows, events=events).status == "raised"


@pytest.mark.parametrize(
    ("since", "verified", "status"),
    [(2, True, "closed"), (3, True, "raised"), (4, False, "closed"), (5, False, "raised")],
)
def test_a_closed_flag_comes_up_again_when_enough_was_reported_since(since, verified, status):
    old = [(x, y, ago + 15) for x, y, ago in AT_SITE]
    fresh = [(1300 + 50 * i, 500, i + 1) for i in range(since)]
    known = [True] * (len(background()) + len(old)) + [verified] * since
    closed = happened(("reactivation:S:alert", "closed", DAY - timedelta(days=10), "đã rà soát"))
    found = raised(background() + old + fresh, verified=known, events=closed)
    assert {flag.flag_id: flag.status for flag in found}["reactivation:S"] == status


def test_what_was_done_for_a_milder_level_does_not_hold_for_a_graver():
    rows = background() + AT_SITE
    for event in ("acknowledged", "closed"):
        flag = only("reactivation", rows, events=happened(("reactivation:S:watch", event, DAY, "ghi chú")))
        assert (flag.level, flag.status, flag.note) == ("alert", "raised", "ghi chú")


def test_an_exposure_flag_stays_closed_until_it_is_graver(plan_registers):
    ground = plan_registers
    events = happened(("exposure:HN-I-6:slight", "closed", date(2026, 2, 1), "đã thống nhất"))
    usual = flags(DAY, ground.wards, ground.sites, ground.crossings, events=events)
    assert {f.flag_id: f.status for f in usual}["exposure:HN-I-6"] == "closed"
    assert usual[-1].flag_id == "exposure:HN-I-6"  # closed ones come last
    outside = ground.wards.assign(phase=ground.wards["phase"].where(ground.wards["code"] != "00679", "none"))
    graver = flags(DAY, outside, ground.sites, ground.crossings, events=events)
    (flag,) = [f for f in graver if f.flag_id == "exposure:HN-I-6"]
    assert (flag.level, flag.status) == ("notable", "raised")


def test_raised_again_is_raised():
    events = happened(("reactivation:S:alert", "closed", DAY, "xong"), ("reactivation:S:alert", "raised", DAY, ""))
    assert only("reactivation", background() + AT_SITE, events=events).status == "raised"


def test_a_recorded_id_is_kept_when_an_older_report_turns_up():
    rows = background() + CLUSTER
    first = only("emergence", rows)
    older = [*rows, (760, 1490, 12), (900, 1490, 24), (1040, 1490, 45)]
    events = happened((first.event_id, "acknowledged", DAY, "đang rà soát"))
    assert only("emergence", older, events=events).status == "acknowledged"


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-500, 3500), st.floats(-500, 2500), st.integers(-10, 900)),
        max_size=40,
    )
)
def test_any_reports_give_flags_that_hold_together(rows):
    for flag in raised(rows):
        assert flag.geometry.is_valid
        assert not shapely.is_empty(flag.geometry)
        assert flag.first_day <= flag.last_day
        assert sum(share for _, share in flag.wards) == pytest.approx(1.0) or not flag.wards


@pytest.fixture(scope="module")
def plan_registers():
    return load_registers("hanoi")


# ---- what is counted, and what lives on


def test_kinds_and_channels_that_are_no_sign_of_activity_do_not_count():
    rows = background() + AT_SITE
    usual = ["hotline"] * len(background())
    assert "reactivation:S" in {flag.flag_id for flag in raised(rows, channel=usual + ["hotline"] * 8)}
    for channel in ("outreach", "handover_review", "team_178"):
        assert not raised(rows, channel=usual + [channel] * 8)
    kinds = ["public_space"] * len(background()) + ["support_need"] * 8
    assert not raised(rows, kind=kinds)


def test_unverified_reports_alone_raise_no_more_than_a_watch():
    rows = background() + AT_SITE + CLUSTER
    found = raised(rows, verified=[True] * len(background()) + [False] * (len(AT_SITE) + len(CLUSTER)))
    assert {flag.level for flag in found} == {"watch"}


def test_linked_reports_are_one_matter():
    rows = background() + AT_SITE
    same = [None] * (len(background()) + 1) + [len(background()) + 1] * 7
    assert not [flag for flag in raised(rows, same_as=same) if flag.rule == "reactivation"]


def test_a_recorded_flag_stands_until_it_is_closed_and_says_so():
    later = DAY + timedelta(days=200)
    rows = background() + AT_SITE + CLUSTER
    stands = [flag for flag in raised(rows) if flag.level != "watch"]
    stands += [flag for flag in raised(contagious(60)) if flag.rule == "near_repeat"]
    assert {flag.rule for flag in stands} >= {"reactivation", "near_repeat"}
    events = happened(*((flag.event_id, "raised", DAY, "") for flag in stands))
    now = {flag.flag_id: flag for flag in raised(rows, day=later, events=events)}
    for old in stands:
        flag = now[old.flag_id]
        assert (flag.level, flag.status, flag.first_day) == (old.level, "raised", DAY)
        assert flag.quiet_days == 200
        assert "chưa kết thúc" in flag.text_vi
        assert flag.geometry.is_valid
    closed = happened(
        *((flag.event_id, "raised", DAY, "") for flag in stands),
        *((flag.event_id, "closed", DAY + timedelta(days=9), "xong") for flag in stands),
    )
    assert not {flag.flag_id for flag in raised(rows, day=later, events=closed)} & now.keys()


def test_earlier_flags_of_the_same_place_are_linked():
    rows = background() + CLUSTER
    flag = only("emergence", rows)
    cell = flag.flag_id.split(":")[-1]
    events = happened((f"emergence:202401:{cell}:warning", "closed", date(2024, 3, 1), "cũ"))
    assert only("emergence", rows, events=events).earlier == (f"emergence:202401:{cell}",)


def test_sentences_say_their_assumptions_and_the_interval():
    for flag in raised(background() + AT_SITE + CLUSTER):
        if flag.level == "watch":
            continue
        assert "nếu các tin báo độc lập" in flag.text_vi
        assert "if reports come independently" in flag.text_en
        assert "without any cause" not in flag.text_en
        assert flag.recurrence_years == pytest.approx(1 / flag.p)


def test_after_a_level_fell_the_ring_is_looked_at():
    rng = np.random.default_rng(6)
    ring = [
        (x, y, ago)
        for x, y, ago in zip(rng.uniform(400, 1600, 14), rng.uniform(700, 900, 14), range(5, 117, 8), strict=True)
    ]
    levels = pd.DataFrame(
        {"site_id": ["S", "S"], "level": ["active", "low"], "day": pd.to_datetime([date(2024, 1, 1), date(2026, 3, 1)])}
    )
    found = flags(DAY, WARDS, SITES, CROSSINGS, reports=frame(background() + ring), assessments=levels)
    (flag,) = [flag for flag in found if flag.rule == "displacement"]
    assert flag.flag_id == "displacement:S:20260301"
    assert flag.level == "warning"
    assert not flag.geometry.contains(SITES.geometry.iloc[0])


def again(rows, times=3):
    """The same told of by others, on the same day beside the same place."""
    return [(x + 2 * n, y, ago) for x, y, ago in rows for n in range(times)]


def test_sentences_of_the_ring_and_of_near_repeats_say_of_how_many_reports_their_matters_are_the_sum():
    rng = np.random.default_rng(6)
    xy = zip(rng.uniform(400, 1600, 14), rng.uniform(700, 900, 14), range(5, 117, 8), strict=True)
    levels = pd.DataFrame(
        {"site_id": ["S", "S"], "level": ["active", "low"], "day": pd.to_datetime([date(2024, 1, 1), date(2026, 3, 1)])}
    )
    found = flags(DAY, WARDS, SITES, CROSSINGS, reports=frame(background() + again(xy)), assessments=levels)
    (ring,) = [flag for flag in found if flag.rule == "displacement"]
    # One of the ring's matters is of the background, told of once.
    assert f"{ring.observed} matters ({ring.observed} verified), of {3 * ring.observed - 2} reports" in ring.text_en
    assert f"{ring.observed} vụ việc" in ring.text_vi
    near = [flag for flag in raised(again(contagious(60))) if flag.rule == "near_repeat"]
    assert near
    for flag in near:
        assert "verified matter" in flag.text_en
        assert f"(of {3 * flag.observed} reports)" in flag.text_en
        assert f"(từ {3 * flag.observed} tin báo)" in flag.text_vi


# ---- one matter, one open flag


GRAVER = [(700 + 20 * i, 1510, 2 * i) for i in range(8)]


def test_a_near_repeat_that_becomes_a_graver_flag_goes_on_as_that_one():
    cell = only("emergence", contagious(60) + GRAVER).flag_id.split(":")[-1]
    months = {f"{DAY - timedelta(days=ago):%Y%m}" for _, _, ago in GRAVER}
    old = f"near_repeat:{max(months)}:{cell}"
    found = raised(contagious(60) + GRAVER, events=happened((f"{old}:watch", "raised", DAY, "")))
    graver = next(flag for flag in found if flag.rule == "emergence")
    taken = next(flag for flag in found if flag.flag_id == old)
    assert (taken.heir, graver.earlier) == (graver.flag_id, (old,))
    assert is_over(taken, 999)
    assert not is_over(graver, 999)


def test_a_near_repeat_in_the_place_of_an_open_graver_flag_is_not_raised_beside_it():
    rows = contagious(60)
    watch = next(flag for flag in raised(rows) if flag.rule == "near_repeat")
    stands = watch.flag_id.replace("near_repeat", "emergence")
    found = raised(rows, events=happened((f"{stands}:warning", "raised", DAY - timedelta(days=9), "")))
    assert stands in {flag.flag_id for flag in found}
    assert watch.flag_id not in {flag.flag_id for flag in found}
    closed = happened((f"{stands}:warning", "closed", DAY - timedelta(days=9), "xong"))
    assert watch.flag_id in {flag.flag_id for flag in raised(rows, events=closed)}


def usual_at_the_site(count=10, seed=5):
    """A site at which something is reported every now and then, so that much is needed for a flag of its own."""
    rng = np.random.default_rng(seed)
    drawn = zip(rng.uniform(500, 1500, count), rng.integers(60, 720, count), strict=True)
    return background() + [(x, 500.0, ago) for x, ago in drawn]


HOT = [(1200 + 6 * i, 500, 3 * i + 1) for i in range(7)]
ASIDE = [(600, 500, 15)]


def test_a_site_s_own_flag_is_left_out_beside_a_graver_cluster_of_its_reports():
    (flag,) = [flag for flag in raised(usual_at_the_site() + HOT + ASIDE) if flag.site_id]
    assert (flag.level, flag.observed, flag.flag_id.count(":")) == ("alert", 7, 3)


def test_a_site_s_own_flag_stands_beside_a_cluster_where_enough_was_reported_elsewhere():
    elsewhere = [(520 + 60 * i, 500, 4 * i + 2) for i in range(8)]
    assert "reactivation:S" in {flag.flag_id for flag in raised(usual_at_the_site() + HOT + elsewhere)}


def test_a_recorded_flag_of_a_site_goes_on_as_the_graver_cluster_of_its_reports():
    events = happened(("reactivation:S:warning", "raised", DAY - timedelta(days=2), ""))
    found = raised(usual_at_the_site() + HOT + ASIDE, events=events)
    old = next(flag for flag in found if flag.flag_id == "reactivation:S")
    graver = next(flag for flag in found if flag.level == "alert")
    assert (old.heir, graver.earlier) == (graver.flag_id, ("reactivation:S",))
    assert is_over(old, 999)


def test_a_flag_in_a_cell_of_another_city_is_none_of_this_one():
    here = only("emergence", background() + CLUSTER).flag_id
    there = here.replace(":01E", ":33E")  # another zone of VN-2000 has such metres too
    for elsewhere in ("emergence:202606:E1126N3640", there):
        events = happened((f"{elsewhere}:alert", "raised", DAY, ""))
        found = {flag.flag_id: flag for flag in raised(background() + CLUSTER, events=events)}
        assert elsewhere not in found
        assert found[here].earlier == ()


def test_an_id_that_was_recorded_without_a_province_stays():
    named = only("emergence", background() + CLUSTER).flag_id
    old = named.replace(":01E", ":E")
    assert old != named
    (flag,) = raised(background() + CLUSTER, events=happened((f"{old}:alert", "acknowledged", DAY, "cũ")))
    assert (flag.flag_id, flag.status) == (old, "acknowledged")
