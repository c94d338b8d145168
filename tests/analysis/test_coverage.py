"""Attainment: checked by hand on the example period, and on entries of every awkward kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coverage.attainment import Attainment, attainment, outside_programme
from geo.analysis.coverage.published import public
from geo.analysis.disclosure.tables import suppress_public
from geo.errors import InputError
from geo.importing.coverage import read_entries
from geo.reference.cities import city
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister, load_wards
from geo.settings import data_dir

DAY = date(2026, 6, 12)
WARDS = pd.DataFrame(load_wards().drop(columns="geometry"))
HANOI = WARDS[WARDS["province_code"] == "01"].reset_index(drop=True)
CODES = HANOI["code"].tolist()
PILOT = HANOI.loc[HANOI["phase"] == "pilot", "code"].tolist()
NONE = HANOI.loc[HANOI["phase"] == "none", "code"].tolist()


def example(slug: str) -> pd.DataFrame:
    path = data_dir() / "examples" / f"{slug}-2026-H1.csv"
    return read_entries(path, load_programme(slug), WardRegister.load(city=city(slug)))


@pytest.fixture(scope="module")
def hanoi() -> Attainment:
    return attainment(load_programme("hanoi"), example("hanoi"), WARDS, DAY, "2026-H1")


def entry(
    ward: str | None, indicator: str, value: float, period: str = "2026-H1", day: str = "2026-06-10"
) -> dict[str, object]:
    return {"ward_code": ward, "indicator": indicator, "period": period, "value": value, "day": day}


def attained(*rows: dict[str, object], period: str = "2026-H1", day: date = DAY, slug: str = "hanoi") -> Attainment:
    return attainment(load_programme(slug), pd.DataFrame(list(rows)), WARDS, day, period)


# ---- checked by hand


def test_by_hand_indicator_1_share_of_wards(hanoi: Attainment) -> None:
    """Of the 126 wards 96 answered: 90 with 1 (yes), 6 with 0 (no); 30 said nothing.

    Attained 90 of 126 = 71.43 %. The target is 100 % = 126 wards, so 126 - 90 = 36 wards are missing: the 6 that said
    no and the 30 that said nothing, which stay two different things.
    """
    result = hanoi.result("1")
    assert (result.value, result.wards, result.reporting, result.zero, result.missing) == (90, 126, 96, 6, 30)
    assert result.share == pytest.approx(0.7142857, abs=1e-7)
    assert (result.needed, result.distance, result.state) == (126, 36, "under_way")


def test_by_hand_indicator_3_1_count(hanoi: Attainment) -> None:
    """42 pilot wards reached 45 residents each: 1,890. 6 expansion wards reached 30 each: 180. Of the other wards three
    answered: 3, 12 and 0, together 15. Wards: 1,890 + 180 + 15 = 2,085. The city itself reached 600: 2,685 in all.

    The target is 5,300, so 5,300 - 2,685 = 2,615 are missing. 42 + 6 + 3 = 51 wards answered, one of them zero.
    """
    result = hanoi.result("3.1")
    assert (result.value, result.distance, result.state) == (2685, 2615, "under_way")
    assert (result.reporting, result.zero, result.missing) == (51, 1, 75)
    by_phase = hanoi.rows("phase", target="3.1").set_index("phase")["value"]
    assert by_phase.to_dict() == {"pilot": 1890, "expansion": 180, "none": 15}
    assert hanoi.rows("own", target="3.1")["value"].tolist() == [600]


def test_by_hand_indicator_12a_share_of_items(hanoi: Attainment) -> None:
    """42 pilot wards inspected 9 of 20 establishments each: 378 of 840. 6 expansion wards 12 of 15 each: 72 of 90. Two
    other wards 3 of 4 and 10 of 12: 13 of 16. Together 378 + 72 + 13 = 463 of 840 + 90 + 16 = 946.

    463 ÷ 946 = 48.943 %, where the mean of the wards' own shares would say otherwise. The target is 60 %, so
    60 - 48.943 = 11.057 points are missing. 42 + 6 + 2 = 50 of 126 wards answered.
    """
    result = hanoi.result("12a")
    assert (result.value, result.base) == (463, 946)
    assert result.share == pytest.approx(0.489429, abs=1e-6)
    assert result.distance == pytest.approx(11.0571, abs=1e-4)
    assert (result.reporting, result.missing, result.state) == (50, 76, "under_way")


def test_by_hand_hue_a1_and_a2() -> None:
    """Huế: 36 of 40 wards answered on their plan, 32 yes and 4 no: 32 ÷ 40 = 80 %, 8 wards short of 100 %. Ten wards
    inspected 3 of 12 establishments each: 30 of 120 = 25 %, above the 20 % promised, but 30 wards said nothing.
    """
    result = attainment(load_programme("hue"), example("hue"), WARDS, DAY, "2026-H1")
    plan, inspected = result.result("a1a"), result.result("a2")
    assert (plan.value, plan.share, plan.distance, plan.zero, plan.missing) == (32, 0.8, 8, 4, 4)
    assert (inspected.value, inspected.base, inspected.share, inspected.state) == (30, 120, 0.25, "incomplete")
    assert result.days_left == 8


def test_the_example_says_that_it_is_one(hanoi: Attainment) -> None:
    assert hanoi.example
    assert not attained(entry(CODES[0], "3.1", 10)).example


# ---- the target of 100 of 126 wards


def test_100_of_126_wards_follows_from_80_per_cent() -> None:
    assert attained(entry(CODES[0], "7", 1)).result("7").needed == 100
    met = attained(*(entry(code, "7", 1) for code in CODES[:100])).result("7")
    short = attained(*(entry(code, "7", 1) for code in CODES[:99])).result("7")
    assert (met.state, met.distance) == ("met", 0)
    assert (short.state, short.distance) == ("under_way", 1)


def test_a_half_year_is_no_failure_of_the_year_and_the_year_is_judged() -> None:
    half, year = (attained(entry(None, "3.1", 2687), period=period).result("3.1") for period in ("2026-H1", "2026"))
    assert (half.state, half.of_year) == ("under_way", pytest.approx(0.50698, abs=1e-5))
    # Nor is the year, as long as it lasts.
    assert (year.state, year.of_year) == ("under_way", half.of_year)
    over = attained(entry(None, "3.1", 2687), period="2026", day=date(2027, 1, 5)).result("3.1")
    assert (over.state, over.of_year) == ("not_met", None)
    # What must not happen, and a rate, are judged in whichever part of the year.
    assert attained(entry(CODES[0], "8", 10), entry(CODES[0], "8-base", 90)).result("8").state == "not_met"
    # Places that are inspected once a year become more until its end.
    inspected = entry(CODES[0], "12a", 10), entry(CODES[0], "12a-base", 90)
    assert [attained(*inspected, period=period).result("12a").state for period in ("2026-H1", "2026")] == [
        "under_way"
    ] * 2
    assert attained(*inspected, period="2026", day=date(2027, 1, 5)).result("12a").state == "not_met"


def test_what_the_whole_programme_asks_for_is_judged_at_its_end() -> None:
    """60 % of those who do the work are trained by 2030; half of them is no failure in 2026, not even once 2026 is over."""

    def state(period: str, day: date) -> str:
        year = period[:4]
        rows = [entry(None, name, value, period, f"{year}-06-01") for name, value in (("b3a", 20), ("b3a-base", 40))]
        return attained(*rows, period=period, day=day, slug="hue").result("b3a").state

    assert [state("2026-H1", DAY), state("2026", date(2027, 2, 1))] == ["under_way"] * 2
    assert state("2030", date(2031, 2, 1)) == "not_met"


def test_quarters_and_months_make_halves_and_years_and_stand_for_themselves() -> None:
    """Tháng 1 and tháng 2 with 10 and 20, quý I with 50 as the last word on it, quý II with 30, tháng 7 with 5."""
    figures = {"2026-01": 10, "2026-02": 20, "2026-Q1": 50, "2026-Q2": 30, "2026-07": 5}
    rows = [entry(None, "3.1", value, period=period) for period, value in figures.items()]
    wanted = {"2026-01": 10, "2026-Q1": 50, "2026-H1": 80, "2026-Q3": 5, "2026-H2": 5, "2026": 85}
    found = {period: attained(*rows, period=period).result("3.1") for period in wanted}
    assert {period: result.value for period, result in found.items()} == wanted
    assert {result.state for period, result in found.items() if period != "2026"} == {"under_way"}
    assert attained(*rows, period="2026-03").result("3.1").state == "missing"
    assert attained(*rows, entry(None, "3.1", 70), period="2026").result("3.1").value == 75


def test_what_is_right_in_a_part_of_the_period_is_not_met_yet() -> None:
    ids = ("12a", 80), ("12a-base", 100)
    codes = CODES
    quarter = [entry(code, name, value, period="2026-Q1") for code in codes for name, value in ids]
    states = {period: attained(*quarter, period=period).result("12a").state for period in ("2026-Q1", "2026-H1")}
    assert states == {"2026-Q1": "met", "2026-H1": "incomplete"}
    both = [*quarter, *(row | {"period": "2026-Q2"} for row in quarter)]
    assert attained(*both).result("12a").state == "met"


def test_90_per_cent_of_40_wards_is_36() -> None:
    codes = WARDS.loc[WARDS["province_code"] == "46", "code"].tolist()
    assert attained(*(entry(code, "a3", 1) for code in codes[:36]), slug="hue").result("a3").state == "met"
    assert attained(*(entry(code, "a3", 1) for code in codes[:35]), slug="hue").result("a3").state == "under_way"


# ---- missing is not zero


def test_nothing_entered_is_missing_everywhere_and_never_zero() -> None:
    for slug, wards in (("hanoi", 126), ("hue", 40)):
        result = attainment(load_programme(slug), None, WARDS, DAY, "2026-H1")
        assert {entry.state for entry in result.results} == {"missing"}
        assert all(entry.value is None and entry.distance is None for entry in result.results)
        assert result.table["value"].isna().all()
        assert (result.reporting.wards, result.reporting.reporting) == (wards, 0)
        assert len(result.reporting.without) == wards


def test_zero_is_a_report() -> None:
    result = attained(entry(CODES[0], "3.1", 0))
    city_wide = result.result("3.1")
    assert (city_wide.value, city_wide.reporting, city_wide.zero, city_wide.missing) == (0, 1, 1, 125)
    assert result.reporting.reporting == 1
    assert CODES[0] not in result.reporting.without


def test_none_is_held_only_when_all_have_said_so() -> None:
    some = attained(*(entry(code, "13a", 0) for code in CODES[:125]))
    every = attained(*(entry(code, "13a", 0) for code in CODES))
    broken = attained(entry(CODES[0], "13a", 2))
    assert [attained.result("13a").state for attained in (some, every, broken)] == ["incomplete", "met", "not_met"]
    assert broken.result("13a").distance == 2


def test_a_figure_without_its_total_is_incomplete() -> None:
    result = attained(entry(PILOT[0], "12a", 5), entry(PILOT[1], "12a", 6), entry(PILOT[1], "12a-base", 10))
    states = result.rows("ward", target="12a").set_index("code")["state"]
    assert (states[PILOT[0]], states[PILOT[1]], states[PILOT[2]]) == ("incomplete", "reported", "missing")
    assert (result.result("12a").value, result.result("12a").base, result.result("12a").reporting) == (6, 10, 1)


def test_nothing_to_deal_with_is_no_division_by_zero() -> None:
    result = attained(entry(PILOT[0], "8", 0), entry(PILOT[0], "8-base", 0)).result("8")
    assert (result.value, result.base, result.share, result.state) == (0, 0, None, "incomplete")


def test_a_ward_that_is_not_asked_is_outside_and_no_gap() -> None:
    result = attained(*(entry(code, "14a", 1) for code in PILOT), entry(NONE[0], "14a", 1))
    assert (result.result("14a").value, result.result("14a").state) == (42, "met")
    states = result.rows("ward", target="14a").set_index("code")["state"]
    assert states[NONE[1]] == "outside"


# ---- periods, days, corrections


def test_halves_add_up_to_a_year_unless_the_year_says_otherwise() -> None:
    halves = [entry(CODES[0], "3.1", 10), entry(CODES[0], "3.1", 7, "2026-H2", "2026-12-01")]
    late = date(2026, 12, 31)
    assert attained(*halves, period="2026", day=late).result("3.1").value == 17
    assert attained(*halves, period="2026-H2", day=late).result("3.1").value == 7
    year = entry(CODES[0], "3.1", 20, "2026", "2026-12-10")
    assert attained(*halves, year, period="2026", day=late).result("3.1").value == 20
    assert attained(*halves, year, period="2026-H1", day=late).result("3.1").value == 10


def test_a_total_is_not_added_twice() -> None:
    """Establishments inspected add up over the year; the number there are is the latest one."""
    rows = [entry(CODES[0], "12a", 4), entry(CODES[0], "12a-base", 10)]
    rows += [entry(CODES[0], name, value, "2026-H2", "2026-12-01") for name, value in (("12a", 3), ("12a-base", 12))]
    result = attained(*rows, period="2026", day=date(2026, 12, 31)).result("12a")
    assert (result.value, result.base) == (7, 12)


def test_a_year_without_needs_both_halves_without() -> None:
    rows = [entry(CODES[0], "7", 0), entry(CODES[0], "7", 1, "2026-H2", "2026-12-01")]
    assert attained(*rows, period="2026", day=date(2026, 12, 31)).result("7").value == 0


def test_a_later_entry_replaces_an_earlier_one_and_the_future_is_not_known() -> None:
    rows = [entry(CODES[0], "3.1", 9, day="2026-06-10"), entry(CODES[0], "3.1", 5, day="2026-06-01")]
    assert attained(*rows).result("3.1").value == 9
    assert attained(*rows, day=date(2026, 6, 5)).result("3.1").value == 5
    assert attained(*rows, day=date(2026, 5, 1)).result("3.1").value is None
    same_day = [entry(CODES[0], "3.1", 9), entry(CODES[0], "3.1", 8)]
    assert attained(*same_day).result("3.1").value == 8


def test_targets_for_2030_carry_on_from_year_to_year() -> None:
    ward = WARDS.loc[WARDS["province_code"] == "46", "code"].iloc[0]
    rows = [entry(ward, "b1", 1, "2026"), entry(ward, "a3", 1, "2026")]
    other = WARDS.loc[WARDS["province_code"] == "46", "code"].iloc[1]
    rows.append(entry(other, "b1", 1, "2028"))
    result = attained(*rows, period="2028", day=date(2028, 12, 1), slug="hue")
    assert (result.result("b1").value, result.result("b1").reporting, result.result("b1").missing) == (2, 1, 39)
    assert result.result("a3").value is None
    assert (result.reporting.reporting, ward in result.reporting.without) == (1, True)
    states = result.rows("ward", target="b1").set_index("code")["state"]
    assert (states[ward], states[other]) == ("missing", "reported")
    before = attained(entry(ward, "b1", 1, "2028"), period="2027", day=date(2028, 12, 1), slug="hue")
    assert before.result("b1").value is None


@pytest.mark.parametrize(
    ("period", "last"), [("2026-H2", "2026-12-31"), ("2027-H1", "2027-06-30"), ("2027", "2027-12-31")]
)
def test_a_period_for_which_nobody_entered_is_missing_though_an_earlier_figure_stands(period: str, last: str) -> None:
    """Targets for 2030 of half-years: what stands at the end of June is no report on the half after it."""
    codes = WARDS.loc[WARDS["province_code"] == "46", "code"].tolist()
    rows = [entry(code, name, 3) for code in codes for name in ("b2", "b2-base", "b3b", "b3b-base")]
    rows += [entry(code, "b1", 1) for code in codes] + [entry(None, name, 20) for name in ("b3a", "b3a-base")]
    shown = attained(*rows, period=period, day=date.fromisoformat(last), slug="hue")
    assert {(entry.state, entry.value, entry.reporting) for entry in shown.results} == {("missing", None, 0)}
    assert (shown.reporting.reporting, len(shown.reporting.without)) == (0, 40)
    assert set(shown.rows("ward")["state"]) == {"missing"}
    half = attained(*rows, slug="hue")
    assert (half.reporting.reporting, half.result("b1").value, half.result("b3a").share) == (40, 40, 1)


def test_departments_that_have_no_plan_yet_are_no_failure_in_the_middle_of_the_year() -> None:
    rows = [entry(None, "a1b", 8), entry(None, "a1b-base", 12)]
    states = {
        (period, day): attained(*rows, period=period, day=date.fromisoformat(day), slug="hue").result("a1b").state
        for period, day in (
            ("2026-H1", "2026-06-12"),
            ("2026-H1", "2026-09-01"),
            ("2026", "2026-12-01"),
            ("2026", "2027-01-05"),
        )
    }
    assert list(states.values()) == ["under_way"] * 3 + ["not_met"]
    # What was not dealt with in time stays so: the total of such reports adds up.
    ward = WARDS.loc[WARDS["province_code"] == "46", "code"].iloc[0]
    late = [entry(ward, "a5", 8), entry(ward, "a5-base", 12)]
    assert attained(*late, slug="hue").result("a5").state == "not_met"


def test_what_fits_no_level_is_counted_and_not_used() -> None:
    result = attained(entry(None, "7", 1), entry(CODES[0], "9", 5), entry("99999", "3.1", 5), entry(None, "9", 3))
    assert result.unused == 3
    assert result.result("9").value == 3


def test_entries_of_another_programme_are_left_alone() -> None:
    rows = [{**entry(CODES[0], "3.1", 5), "programme": name} for name in ("hanoi-2026", "hanoi-2027")]
    assert attained(*rows).result("3.1").value == 5


@pytest.mark.parametrize(
    "row",
    [
        {**entry(CODES[0], "3.1", 5), "day": "?"},
        {**entry(CODES[0], "3.1", 5), "period": "2026-Q5"},
        {**entry(CODES[0], "3.1", -5)},
        {**entry(CODES[0], "3.1", np.inf)},
        {"ward_code": CODES[0], "indicator": "3.1"},
    ],
)
def test_entries_that_cannot_be_read_are_refused(row: dict[str, object]) -> None:
    with pytest.raises(InputError):
        attained(row)


def test_wards_of_no_city_are_refused() -> None:
    with pytest.raises(InputError, match="no ward of Huế"):
        attainment(load_programme("hue"), None, HANOI, DAY, "2026-H1")


@settings(max_examples=12, deadline=None)
@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 500), max_size=126), st.integers(0, 50))
def test_wards_phases_and_own_add_up_to_the_city(values: dict[str, int], own: int) -> None:
    result = attained(*(entry(code, "3.1", value) for code, value in values.items()), entry(None, "3.1", own))
    assert result.rows("ward", target="3.1")["value"].sum() + own == result.result("3.1").value
    assert result.rows("phase", target="3.1")["value"].sum() + own == result.result("3.1").value
    of_wards = result.result("3.1")
    assert of_wards.reporting == len(values)
    assert of_wards.reporting + of_wards.missing == 126
    assert of_wards.zero == sum(value == 0 for value in values.values())


# ---- sites and the programme


def crossing(ward: str, site: str, length: float) -> dict[str, object]:
    return {"ward_code": ward, "ward_name": "x", "site_id": site, "length_m": length, "area_m2": 0.0, "share": 0.5}


def test_active_sites_outside_the_programme_are_listed() -> None:
    crossings = pd.DataFrame(
        [
            crossing(NONE[0], "S-1", 800.0),
            crossing(NONE[1], "S-1", 24.9),
            crossing(PILOT[0], "S-1", 900.0),
            crossing(NONE[2], "S-2", 500.0),
            crossing(NONE[3], "S-3", 0.0),
        ]
    )
    sites = pd.DataFrame(
        {"site_id": ["S-1", "S-2", "S-3"], "name": ["a", "b", "c"], "level": ["active", "low", "complex"]}
    )
    listed = outside_programme(crossings, HANOI, sites)
    assert listed[["ward_code", "site_id"]].values.tolist() == [[NONE[0], "S-1"], [NONE[3], "S-3"]]
    assert listed["ward_name"].iloc[0] == HANOI.set_index("code")["full_name"][NONE[0]]
    result = attainment(load_programme("hanoi"), None, WARDS, DAY, "2026-H1", crossings=crossings, sites=sites)
    assert result.outside is not None
    assert result.result("13b").wards == 4
    assert result.result("13a").wards == 126


@pytest.mark.parametrize("dtype", [object, float])
def test_no_site_and_no_phase_are_no_error(dtype: type) -> None:
    """Columns of no row have any type: that of the crossings of a city whose list begins later is float."""
    columns = ["ward_code", "ward_name", "site_id", "length_m", "area_m2", "share"]
    crossings = pd.DataFrame(columns=columns, dtype=dtype)
    sites = pd.DataFrame(columns=["site_id", "name", "level"])
    for slug in ("hanoi", "hue"):
        result = attainment(load_programme(slug), None, WARDS, DAY, "2026-H1", crossings=crossings, sites=sites)
        assert result.outside is not None
        assert result.outside.empty


def test_the_plan_leaves_highway_32_outside_its_programme() -> None:
    """The three communes of Quốc lộ 32 are in neither list of Appendix III, though the site is active."""
    from geo.analysis.crossings.table import crossings
    from geo.reference.sites import load_sites

    sites = load_sites()
    listed = outside_programme(crossings(sites, load_wards()), HANOI, sites)
    assert set(listed.loc[listed["site_id"] == "HN-I-1", "ward_name"]) == {"Xã Hoài Đức", "Xã Đan Phượng", "Xã Ô Diên"}


# ---- what the public sees


def test_small_counts_are_suppressed_and_zero_and_missing_stay() -> None:
    shown = public(attained(entry(CODES[0], "9", 1), entry(None, "9", 3), entry(CODES[0], "3.1", 0)))
    cases = shown.result("9")
    assert (cases.value, cases.distance, cases.suppressed, cases.state) == (None, None, True, "under_way")
    residents = shown.rows("ward", target="3.1").set_index("code")
    assert residents.loc[CODES[0], "value"] == 0
    assert residents.loc[CODES[1], "state"] == "missing"
    assert shown.audience == "public"


def test_a_single_small_count_takes_three_others_with_it() -> None:
    """2 beside 30, 50, 60 and 70 in one phase of which the total is shown: 30 goes too, or the reader subtracts, and 50,
    or the ward with the 30 does, and 60, or the wards with the 30 and the 50 do together."""
    figures = zip(PILOT, (2, 30, 50, 60, 70), strict=False)
    shown = public(attained(*(entry(code, "3.1", figure) for code, figure in figures)))
    values = shown.rows("ward", target="3.1").set_index("code")["value"]
    assert values[PILOT[:4]].isna().all()
    assert values[PILOT[4]] == 70
    assert shown.result("3.1").value == 212


def test_a_small_remainder_of_a_share_is_suppressed() -> None:
    """18 of 20 dealt with leaves 2, so the 18 is suppressed; and the 20 with it, or the city's sums would tell."""
    shown = public(attained(entry(PILOT[0], "8", 18), entry(PILOT[0], "8-base", 20)))
    row = shown.rows("ward", target="8").set_index("code").loc[PILOT[0]]
    assert np.isnan(row[["value", "base", "share"]].to_numpy(dtype=float)).all()


def test_answers_with_yes_or_no_are_no_small_counts() -> None:
    shown = public(attained(entry(CODES[0], "7", 1)))
    assert shown.result("7").value == 1
    assert not shown.table["suppressed"].any()


counts = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["pilot", "expansion", "none"]), counts), min_size=1, max_size=12),
    st.one_of(st.none(), counts),
)
def test_no_suppressed_count_follows_from_what_is_shown(wards: list[tuple[str, int]], own: int | None) -> None:
    """An attacker knows every shown ward, phase and city figure, and that suppressed ones are above zero.

    From the shown totals and parts the sums of suppressed parts follow: one for each phase whose total is shown, and one
    for the rest if the city's is. Each such sum must leave every part room from 1 to at least 5, also for whoever knows
    one of the parts.
    """
    table = _table(wards, own)
    shown = suppress_public(table)
    visible = shown.loc[~shown["suppressed"], "value"]
    assert not visible.between(1, 4).any()
    parts = shown["level"].isin(["ward", "own"])
    totals_shown = set(shown.loc[(shown["level"] == "phase") & ~shown["suppressed"], "phase"])
    groups = [shown[parts & (shown["phase"] == phase)].index for phase in totals_shown]
    if not shown.loc[shown["level"] == "city", "suppressed"].any():
        groups.append(shown[parts & ~shown["phase"].isin(totals_shown)].index)
    for group in groups:
        suppressed = table.loc[group][shown.loc[group, "suppressed"]]["value"]
        room = suppressed.sum() - suppressed.max() - (len(suppressed) - 2)
        assert suppressed.empty or (len(suppressed) >= 3 and room >= 5)


def _table(wards: list[tuple[str, int]], own: int | None) -> pd.DataFrame:
    rows = [{"level": "ward", "phase": phase, "value": float(value)} for phase, value in wards]
    totals = pd.DataFrame(rows).groupby("phase")["value"].sum()
    rows += [{"level": "phase", "phase": str(phase), "value": value} for phase, value in totals.items()]
    rows.append({"level": "own", "phase": "", "value": np.nan if own is None else float(own)})
    rows.append({"level": "city", "phase": "", "value": float(totals.sum() + (own or 0))})
    return pd.DataFrame(rows).assign(target="3.1", measure="count", base=np.nan, share=np.nan)


def test_public_and_internal_differ_in_nothing_else(hanoi: Attainment) -> None:
    shown = public(hanoi)
    kept = ~shown.table["suppressed"]
    columns = ["level", "code", "target", "value", "base", "share", "state", "reporting", "missing"]
    pd.testing.assert_frame_equal(shown.table.loc[kept, columns], hanoi.table.loc[kept, columns])
    assert [entry.state for entry in shown.results] == [entry.state for entry in hanoi.results]
    assert shown.table["suppressed"].sum() > 0


def test_the_input_is_left_as_it_was(hanoi: Attainment) -> None:
    before = hanoi.table.copy()
    public(hanoi)
    pd.testing.assert_frame_equal(hanoi.table, before)


def test_examples_lie_outside_the_default() -> None:
    folder = data_dir() / "examples"
    assert (folder / "README.md").is_file()
    assert all("VÍ DỤ" in path.read_text("utf-8").splitlines()[1] for path in Path(folder).glob("*.csv"))
