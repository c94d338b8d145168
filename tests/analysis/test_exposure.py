"""Exposure: on a town whose answers are known by hand, and on the plan's data."""

from __future__ import annotations

import shutil
import unicodedata
from datetime import date

import numpy as np
import pytest
import shapely
from risk_town import town_sites, town_wards
from shapely import LineString, Point, box

import geo
from geo import settings
from geo.analysis.crossings.table import crossings
from geo.analysis.exposure.facts import adjoining
from geo.analysis.exposure.score import exposure, load_exposure_rules, ward_exposure
from geo.errors import InputError
from geo.situation import load_registers

DAY = date(2026, 1, 7)
THROUGH_A = LineString([(200, 500), (800, 500)])
A_TO_B = LineString([(500, 500), (1500, 500)])


def scored(sites, wards, day=DAY):
    return exposure(day, wards, sites, crossings(sites, wards))


def points(found):
    return {reason.rule: reason.points for reason in found.reasons}


def one(geometry, wards=None, day=DAY, **other):
    sites = town_sites({"site_id": "S", "geometry": geometry, **other})
    (found,) = scored(sites, town_wards() if wards is None else wards, day)
    return found


@pytest.fixture(scope="module")
def plan():
    ground = load_registers("hanoi")
    return ground, exposure(DAY, ground.wards, ground.sites, ground.crossings)


# ---- the matters, one by one


def test_a_site_in_one_covered_named_ward_has_only_its_level():
    assert points(one(THROUGH_A, declared_wards=("A",))) == {"level": 2.0}


def test_outside_counts_by_share():
    half = one(A_TO_B, town_wards(outside=["B"]), declared_wards=("A", "B"))
    whole = one(THROUGH_A, town_wards(outside=["A"]), declared_wards=("A",))
    assert points(half)["outside"] == pytest.approx(2.0, abs=0.05)
    assert points(whole)["outside"] == pytest.approx(4.0)
    (said,) = [r.vi for r in half.reasons if r.rule == "outside"]
    assert "50 %" in said
    assert "phường Tên B (500 m)" in said


def test_where_the_programme_names_no_ward_none_is_outside():
    wards = town_wards(outside=["A", "B", "C", "D", "E", "F"])
    found = one(A_TO_B, wards, declared_wards=("A", "B"))
    assert not {"outside", "neighbours"} & points(found).keys()
    sites = town_sites({"site_id": "S", "geometry": A_TO_B})
    assert not any(w.outside for w in ward_exposure(wards, sites, crossings(sites, wards)))


def test_split_counts_wards_beyond_the_first_up_to_the_limit():
    assert points(one(A_TO_B, declared_wards=("A", "B")))["split"] == 1.0
    round_trip = LineString([(500, 500), (2500, 500), (2500, 1500), (500, 1500)])
    assert points(one(round_trip, declared_wards=("A", "B", "C", "D", "E", "F")))["split"] == 2.0


@pytest.mark.parametrize(
    ("end", "outside", "split"), [(1020, False, False), (1024, False, False), (1030, True, False), (1120, True, True)]
)
def test_a_sliver_is_no_split_nor_is_less_than_the_border_band(end, outside, split):
    found = one(LineString([(200, 500), (end, 500)]), town_wards(outside=["B"]), declared_wards=("A",))
    assert ("split" in points(found)) is split
    assert ("outside" in points(found)) is outside
    assert sum(share for _, share in found.facts.wards) == pytest.approx(1.0)


def test_border_counts_from_the_least_stretch_and_says_with_whom():
    crossing_only = one(A_TO_B, declared_wards=("A", "B"))
    assert "border" not in points(crossing_only)
    along = one(LineString([(200, 990), (500, 990)]), declared_wards=("A",))
    assert points(along)["border"] == pytest.approx(1.2, abs=0.05)
    (said,) = [r for r in along.reasons if r.rule == "border"]
    assert said.vi == "300 m giáp ranh giữa phường Tên A và phường Tên D"
    assert said.en == "300 m of it run along the border between Tên A ward and Tên D ward"


def test_a_ward_that_the_plan_does_not_name_and_a_blank():
    unnamed = one(A_TO_B, declared_wards=("A",))
    assert any("kế hoạch không ghi phường Tên B (500 m)" in r.vi for r in unnamed.reasons)
    blank = one(THROUGH_A)
    assert any("để trống" in r.vi and "phường Tên A" in r.vi for r in blank.reasons)


def test_neighbours_share_a_border_and_a_corner_is_none():
    found = one(THROUGH_A, town_wards(outside=["D", "E"]), declared_wards=("A",))
    assert found.facts.adjoining == ("B", "D")
    assert found.facts.adjoining_outside == ("D",)
    assert points(found)["neighbours"] == 0.5


@pytest.mark.parametrize(
    ("year", "day", "recent"),
    [
        (2024, date(2026, 12, 31), True),
        (2024, date(2027, 1, 1), False),
        (2023, date(2026, 1, 7), False),
        (2025, date(2025, 6, 1), True),
        (2026, date(2026, 1, 7), True),
    ],
)
def test_recent_is_24_months_from_the_end_of_the_year(year, day, recent):
    found = one(THROUGH_A, day=day, handed_over=year, declared_wards=("A",))
    assert found.recent is recent
    assert ("handover" in points(found)) is recent


def test_before_its_handover_a_site_says_nothing():
    found = one(A_TO_B, town_wards(outside=["B"]), day=date(2015, 12, 31))
    assert found.score == 0
    assert found.flag is None
    assert not found.recent


def test_a_quiet_site_says_nothing_and_a_recent_handover_that_is_quiet_neither():
    assert one(A_TO_B, town_wards(outside=["B"]), level="inactive", handed_over=2025).reasons == ()


def test_areas_and_points_are_listed_without_metres():
    area = one(box(800, 200, 1200, 600), town_wards(outside=["B"]), declared_wards=("A", "B"))
    assert points(area)["outside"] == pytest.approx(2.0, abs=0.05)
    assert not any(" m)" in r.vi for r in area.reasons)
    assert points(one(Point(500, 500), declared_wards=("A",))) == {"level": 2.0}


def test_a_site_outside_all_wards_is_judged_by_its_level():
    assert points(one(LineString([(9000, 9000), (9500, 9000)]))) == {"level": 2.0}


def test_no_site_is_no_exposure():
    hue = load_registers("hue")
    assert exposure(DAY, hue.wards, hue.sites, hue.crossings) == ()
    assert ward_exposure(hue.wards, hue.sites, hue.crossings) == ()


# ---- wards


def test_wards_that_an_active_site_touches():
    wards = town_wards(outside=["B", "F"])
    sites = town_sites(
        {"site_id": "S", "geometry": LineString([(200, 990), (800, 990)])},
        {"site_id": "Q", "geometry": LineString([(2200, 1500), (2800, 1500)]), "level": "low"},
    )
    found = {w.code: w for w in ward_exposure(wards, sites, crossings(sites, wards))}
    assert list(found) == ["B", "A", "D"]  # outside the programme first; low activity touches nobody
    assert found["A"].inside == (("S", pytest.approx(600, abs=1)),)
    assert (found["D"].along, found["D"].near) == (("S",), ())
    assert (found["B"].along, found["B"].near, found["B"].outside) == ((), ("S",), True)


# ---- ranking and weights


def test_scores_add_up_and_rank(plan):
    _, found = plan
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    for exposed in found:
        assert exposed.score == pytest.approx(sum(r.points for r in exposed.reasons))


def test_another_phase_or_level_ranks_anew():
    sites = town_sites(
        {"site_id": "P", "geometry": THROUGH_A, "declared_wards": ("A",)},
        {"site_id": "Q", "geometry": LineString([(2200, 500), (2800, 500)]), "declared_wards": ("C",)},
    )
    order = [e.site_id for e in scored(sites, town_wards(outside=["C"]))]
    assert order == ["Q", "P"]
    assert [e.site_id for e in scored(sites, town_wards(outside=["A"]))] == ["P", "Q"]
    lowered = sites.assign(level=["active", "low"])
    assert [e.site_id for e in scored(lowered, town_wards())] == ["P", "Q"]


def test_weights_are_data(tmp_path, monkeypatch):
    shutil.copytree(settings.data_dir(), tmp_path / "data")
    file = tmp_path / "data" / "risk.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("points = 4.0 ", "points = 0.0 "), encoding="utf-8")
    wards, sites = town_wards(outside=["A"]), town_sites({"site_id": "S", "geometry": THROUGH_A})
    with monkeypatch.context() as patched:
        patched.setenv("DIABAN_DATA_DIR", str(tmp_path / "data"))
        (weightless,) = scored(sites, wards)
    (usual,) = scored(sites, wards)
    assert "outside" not in points(weightless)
    assert usual.score == pytest.approx(weightless.score + 4.0)


def test_every_fault_of_the_weights_is_named(tmp_path):
    file = tmp_path / "risk.toml"
    file.write_text(
        '[exposure]\nactive_levels = ["busy"]\nodd = 1\n[exposure.split]\npoints = -1\nextra = 2\n', encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_exposure_rules(file)
    said = str(caught.value)
    for part in ("active_levels", "'odd' is unknown", "'points' is -1", "'extra' is unknown", "[border]: is missing"):
        assert part in said


# ---- the plan's data


def test_national_road_32_is_first_and_says_why(plan):
    _, found = plan
    first = found[0]
    assert (first.site_id, first.flag) == ("HN-I-1", "high")
    assert first.facts.outside_share > 0.9
    assert set(first.facts.outside) == {"09832", "09817", "09784"}  # Hoài Đức, Ô Diên, Đan Phượng: in neither list
    assert {"outside", "split", "border", "undeclared"} <= points(first).keys()


def test_what_the_plan_shows(plan):
    ground, found = plan
    by_site = {e.site_id: e for e in found}
    assert {s for s, e in by_site.items() if e.facts.outside} == {"HN-I-1"}
    assert {s for s, e in by_site.items() if "split" in points(e)} == {"HN-I-1", "HN-I-7"}
    assert {s for s, e in by_site.items() if "border" in points(e)} == {"HN-I-1", "HN-I-7", "HN-II-5"}
    assert {s for s, e in by_site.items() if e.recent} == {"HN-I-6", "HN-I-7", "HN-II-5"}
    assert len(by_site["HN-II-1"].facts.wards) == 1  # slivers of 5 and 6 m at its ends
    outside = [w for w in ward_exposure(ground.wards, ground.sites, ground.crossings) if w.outside]
    assert {w.code for w in outside if w.inside} == {"09832", "09817", "09784"}
    assert all(w.along or w.near for w in outside if not w.inside)


def test_sentences_are_vietnamese_in_nfc_and_say_that_no_report_plays_a_part(plan):
    _, found = plan
    for exposed in found:
        said = exposed.sentence()
        assert unicodedata.is_normalized("NFC", said.vi)
        assert "(theo danh mục, không phải theo tin báo" in said.vi
        number = exposed.site_id.partition("-")[2].replace("-", ".")  # as the plan has it
        assert number in said.vi
        assert number in said.en


def test_the_range_is_what_the_route_s_own_accuracy_can_change():
    line = LineString([(200, 40), (900, 40)])  # 40 m from nothing below, and the wards' edge at x = 1,000 m
    sure = one(line, town_wards(outside=["B"]), declared_wards=("A",))
    assert sure.range == (sure.score, sure.score)
    vague = one(line, town_wards(outside=["B"]), declared_wards=("A",), accuracy_m=250.0)
    assert vague.range[0] <= vague.score < vague.range[1]
    assert "250 m" in vague.sentence().en


def test_a_handover_says_until_when_it_counts():
    recent = one(A_TO_B, declared_wards=("A", "B"), handed_over=2025)
    (said,) = [reason for reason in recent.reasons if reason.rule == "handover"]
    assert "01/01/2028" in said.full.vi
    assert "01/01/2028" in said.brief.vi


def test_borders_of_wards_are_those_of_the_whole_however_they_are_asked_for() -> None:
    """In parts, of which each adds to what is known, and at once."""
    wards = geo.load_wards().query("province_code == '01'").iloc[:40].reset_index(drop=True)
    codes, polygons = wards["code"].tolist(), np.asarray(wards.geometry, dtype=object)
    share = shapely.relate_pattern(polygons[:, None], polygons[None, :], "****1****") & ~np.eye(len(codes), dtype=bool)
    whole = {code: tuple(wards["code"][row].tolist()) for code, row in zip(codes, share, strict=True)}
    for begin, end in ((0, 5), (3, 20), (0, 40), (10, 12)):
        assert adjoining(wards, codes[begin:end]) == {code: whole[code] for code in codes[begin:end]}
