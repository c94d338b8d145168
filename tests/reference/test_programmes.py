"""Both programmes against the plans' own words, and the schema against every kind of slip."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from geo import settings
from geo.errors import InputError, UnknownNameError
from geo.reference.cities import cities, city
from geo.reference.names import fold
from geo.reference.programmes import Period, Programme, load_programme, load_programmes, read_programme
from geo.reference.wards import WardRegister

PLANS = {"hanoi-2026": "hanoi_07_KH-UBND_2026.txt", "hue-2026-2030": "hue_292_KH-UBND_2026-2030.txt"}
HANOI_IDS = ["1", "2", "3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", *map(str, range(4, 16))]
HUE_IDS = ["a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "b4"]
# Numbers in the printed texts that promise nothing: team 178, the divisor of 100/126, and '100/126' itself,
# which follows from 80 % of the wards.
NO_TARGETS = {"178", "126"}


def spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture(params=sorted(PLANS))
def programme(request: pytest.FixtureRequest) -> Programme:
    return load_programme(request.param)


def plan_text(shared: Path, programme: Programme) -> str:
    return spaced((shared / "plans" / PLANS[programme.id]).read_text(encoding="utf-8"))


def plan_list(shared: Path, programme: Programme) -> str:
    """The part of the plan that lists the indicators: Appendix I in Hà Nội, part I.3 in Huế."""
    text = plan_text(shared, programme)
    if programme.city == "hanoi":
        return text.split("DANH MỤC CÁC CHỈ TIÊU")[1].split("DANH SÁCH ĐIỂM PHỨC TẠP VỀ TỆ NẠN MẠI DÂM ĐÃ BÀN GIAO")[0]
    return text.split("3. Chỉ tiêu")[1].split("II. NHIỆM VỤ")[0]


def test_indicators_are_those_of_the_plans_in_printed_order() -> None:
    assert [entry.id for entry in load_programme("hanoi-2026").indicators] == HANOI_IDS
    assert [entry.id for entry in load_programme("hue-2026-2030").indicators] == HUE_IDS


@pytest.mark.shared
def test_every_text_and_body_is_printed_so_in_this_order(shared: Path, programme: Programme) -> None:
    """Each indicator's text, lead and support stand in the plan's list one after the other."""
    text, position = plan_list(shared, programme), 0
    for indicator in programme.indicators:
        for part in filter(None, (indicator.text, indicator.lead, indicator.support)):
            found = text.find(spaced(part), position)
            assert found >= 0, f"{programme.id} {indicator.id}: not printed so: {part}"
            position = found + len(spaced(part))


@pytest.mark.shared
def test_no_text_is_cut_short(shared: Path, programme: Programme) -> None:
    """What stands between two texts of the list is only numbering, separators and headings of the table."""
    text = plan_list(shared, programme)
    for indicator in programme.indicators:
        for part in filter(None, (indicator.text, indicator.lead, indicator.support)):
            text = text.replace(spaced(part), "", 1)
    allowed = (
        "DANH MỤC TRÊN ĐỊA BÀN THÀNH PHỐ HÀ NỘI NĂM CỦA KẾ HOẠCH PHÒNG CHỐNG MẠI DÂM Kèm theo Kế hoạch số KH UBND ngày "
        "tháng năm của Ủy ban nhân dân thành phố Hà Nội STT Chỉ tiêu Cơ quan chủ trì phối hợp Ghi chú a Hàng b Đến"
    )
    left = set(re.findall(r"[^\W\d_]+", text))
    assert left - set(allowed.split()) == set()


def test_every_printed_figure_is_a_target(programme: Programme) -> None:
    """The numbers in an indicator's text are its targets' figures, what follows from them, or name a team."""
    wards = {"hanoi": 126, "hue": 40}[programme.city]
    for indicator in programme.indicators:
        printed = {str(int(number.replace(".", ""))) for number in re.findall(r"\d[\d.]*(?<!\.)", indicator.text)}
        reported = {f"{target.figure:g}" for target in indicator.targets}
        reported |= {str(target.among) for target in indicator.targets}
        derived = {str(int(target.figure * wards // 100)) for target in indicator.targets if target.rounding == "down"}
        assert printed - NO_TARGETS - derived <= reported, indicator.id


def test_indicators_with_several_figures_have_several_targets() -> None:
    figures = {target.id: (target.measure, target.figure, target.rule) for target in load_programme("hanoi").targets}
    assert figures["3.3a"] == ("count", 200, "at_least")
    assert figures["3.3b"] == ("count", 300, "at_least")
    assert figures["3.6a"] == ("count", 6000, "at_least")
    assert figures["3.6b"] == ("count", 600, "at_least")
    assert figures["7"] == ("share_of_wards", 80, "reach")
    assert figures["11a"] == ("count", 40, "at_least")
    assert figures["11b"] == ("number_of_wards", 15, "at_least")
    assert figures["12a"] == ("share_of_items", 60, "at_least")
    assert figures["13a"] == figures["13b"] == ("count", 0, "none")
    assert figures["14a"] == ("number_of_wards", 42, "reach")
    assert figures["14b"] == ("number_of_wards", 6, "reach")
    assert figures["15a"] == ("count", 550, "reach")
    assert figures["15b"] == ("share_of_items", 60, "at_least")


def test_the_misprint_of_hue_is_kept_and_explained() -> None:
    indicator = load_programme("hue").indicator("a5")
    assert indicator.text.startswith("100% tin tức giặc, tin báo,")
    assert "tin tố giác" in indicator.note


@pytest.mark.shared
def test_phases_are_printed_so_with_these_numbers(shared: Path) -> None:
    programme = load_programme("hanoi")
    text = plan_text(shared, programme)
    lists = text.split("cung cấp dịch vụ hỗ trợ hòa nhập cộng đồng đã triển khai năm 2025")[1]
    first, second = lists.split("2. Các xã, phường triển khai nhân rộng")
    for names, part in ((programme.phases.printed("pilot"), first), (programme.phases.printed("expansion"), second)):
        for number, name in enumerate(names, 1):
            assert f"| {number} | {name} |" in part


def test_phases_name_42_and_6_wards_of_the_register() -> None:
    programme = load_programme("hanoi")
    register = WardRegister.load(city=city("hanoi"))
    for phase, count in (("pilot", 42), ("expansion", 6)):
        names = programme.official_names(phase)
        codes = {register.by_name(name).code for name in names}
        assert len(names) == len(codes) == count
        assert all(register.by_code(code).phase == phase for code in codes)


def test_the_only_alias_is_the_misprint() -> None:
    programme = load_programme("hanoi")
    assert [(alias.printed, alias.official) for alias in programme.aliases] == [("Phường Phúc Diễn", "Phường Phú Diễn")]
    official = {fold(ward.full_name) for ward in WardRegister.load(city=city("hanoi")).wards}
    printed = [name for _, names in programme.phases.lists for name in names]
    assert [name for name in printed if fold(name) not in official] == ["Phường Phúc Diễn"]


def test_deadlines_are_before_the_printed_day() -> None:
    hanoi, hue = load_programme("hanoi"), load_programme("hue")
    assert [entry.day for entry in hanoi.deadlines] == [date(2026, 6, 17), date(2026, 12, 17)]
    assert [entry.last_day for entry in hanoi.deadlines] == [date(2026, 6, 16), date(2026, 12, 16)]
    expected = [date(year, *day) for year in range(2026, 2031) for day in ((6, 20), (11, 30))]
    assert [entry.day for entry in hue.deadlines] == expected
    assert all("trước ngày" in entry.printed for entry in (*hanoi.deadlines, *hue.deadlines))


def test_days_left_end_before_the_printed_day() -> None:
    deadline = load_programme("hanoi").deadline(Period.parse("2026-H1"))
    assert [deadline.days_left(date(2026, 6, day)) for day in (1, 16, 17, 18)] == [16, 1, 0, -1]


@pytest.mark.shared
def test_deadlines_are_printed_so(shared: Path, programme: Programme) -> None:
    text = plan_text(shared, programme)
    assert all(spaced(entry.printed) in text for entry in programme.deadlines)


def test_a_second_half_goes_with_its_year() -> None:
    programme = load_programme("hanoi")
    assert programme.deadline(Period.parse("2026-H2")) == programme.deadline(Period.parse("2026"))
    with pytest.raises(InputError, match="does not run in 2027"):
        programme.deadline(Period.parse("2027"))


def test_next_deadline() -> None:
    programme = load_programme("hanoi")
    days = (date(2026, 1, 1), date(2026, 6, 16), date(2026, 6, 17), date(2027, 1, 1))
    assert [str(programme.next_deadline(day).period) for day in days] == ["2026-H1", "2026-H1", "2026", "2026"]


def test_the_report_of_a_period_that_has_not_begun_is_not_the_next_one() -> None:
    """In Huế the report on the year is due before 30 November: in December it is late, and not that of next June."""
    programme = load_programme("hue")
    days = (date(2025, 12, 1), date(2026, 11, 29), date(2026, 12, 1), date(2027, 1, 1), date(2031, 1, 1))
    assert [str(programme.next_deadline(day).period) for day in days] == ["2026-H1", "2026", "2026", "2027-H1", "2030"]


@pytest.mark.parametrize(
    "text", ["", "26", "2026-H3", "2026 H1", "2026-Q5", "2026-13", "2026-M03", "H1-2026", "２０２６"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a period"):
        Period.parse(text)


def test_periods_follow_one_another() -> None:
    texts = ["2026-01", "2026-03", "2026-Q1", "2026-06", "2026-Q2", "2026-H1", "2026-H2", "2026", "2027-H1"]
    assert [str(period) for period in sorted(map(Period.parse, reversed(texts)))] == texts


def test_periods_hold_their_parts() -> None:
    year, quarter = Period.parse("2026"), Period.parse("2026-Q2")
    assert [str(part) for part in quarter.parts] == ["2026-04", "2026-05", "2026-06"]
    assert [str(part) for part in year.parts] == ["2026-H1", "2026-H2"]
    assert year.holds(quarter) and not quarter.holds(year)
    assert (quarter.first_day, quarter.last_day) == (date(2026, 4, 1), date(2026, 6, 30))
    assert (quarter.label, quarter.label_en) == ("quý II năm 2026", "quarter II of 2026")
    assert (quarter.parts[0].label, quarter.parts[0].label_en) == ("tháng 4 năm 2026", "April 2026")


def test_a_quarter_and_a_month_go_with_the_report_that_holds_them() -> None:
    programme = load_programme("hanoi")
    due = {text: str(programme.deadline(Period.parse(text)).period) for text in ("2026-Q2", "2026-06", "2026-07")}
    assert due == {"2026-Q2": "2026-H1", "2026-06": "2026-H1", "2026-07": "2026"}
    assert len(programme.entry_periods) == 19


def test_every_city_has_a_programme_and_the_reverse() -> None:
    assert {entry.programme for entry in cities()} == {programme.id for programme in load_programmes()}


def test_an_unknown_programme_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError) as caught:
        load_programme("../cities")
    assert caught.value.suggestions == ("hanoi-2026", "hue-2026-2030")


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    source = (settings.data_dir() / "programmes" / "hanoi-2026.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    path = tmp_path / "hanoi-2026.toml"
    path.write_text(source, encoding="utf-8")
    return path


def test_all_problems_are_told_at_once_with_key_and_remedy(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ('measure = "share_of_wards"', 'measure = "share_of_ward"'),
        ("figure = 5300", 'figure = "5.300"'),
        ("last_year = 2026", "last_yaer = 2026"),
        ("month = 6", "month = 13"),
        ('base_combine = "sum"', ""),
        ('    "Xã Ngọc Hồi", # 2', '    "Xã Thanh Trì", # 2'),
    )
    with pytest.raises(InputError) as caught:
        read_programme(path)
    reported = {(problem.where, problem.what) for problem in caught.value.problems}
    file = "hanoi-2026.toml"
    assert {
        (f"{file}: indicator 1: target 1: measure", "'share_of_ward' is not one of its values"),
        (f"{file}: indicator 3.1: target 3.1: figure", 'is "5.300"'),
        (file, "'last_year' is missing"),
        (f"{file}: last_yaer", "this key is not known"),
        (f"{file}: deadlines 1", "day 17 of month 13 is not in every year"),
        (f"{file}: indicator 8: target 8", "a share of items needs its total"),
        (f"{file}: phases", "'Xã Thanh Trì' stands twice"),
    } <= reported
    assert all(problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("figure = 80", "figure = 180", "is 180"),
        ("figure = 80", "figure = true", "is true"),
        ('id = "2b"', 'id = "2a"', "stands twice"),
        ('parent = "3"', 'parent = "33"', "no indicator '33'"),
        ('part_of = "3.6a"', 'part_of = "3.6x"', "no target '3.6x'"),
        ("figure = 0\n", "figure = 5\n", "does not fit rule 'none'"),
        ('id = "hanoi-2026"', 'id = "hanoi"', "is 'hanoi'"),
        ('report = "year"', 'report = "half-year"', "deadlines for the"),
        ("first_year = 2026", "first_year = 2027", "comes after"),
        ("last_year = 2026", "last_year = 2026.5", "is 2026.5"),
    ],
)
def test_single_slips_are_named(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(InputError, match=re.escape(what)):
        read_programme(changed(tmp_path, (old, new)))


def test_what_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for content in (b"= 3", b"\xff\xfe\x00", b"indicators = [1]\nid = 3"):
        path.write_bytes(content)
        with pytest.raises(InputError):
            read_programme(path)


def test_a_third_city_is_a_file(tmp_path: Path) -> None:
    source = (settings.data_dir() / "programmes" / "hue-2026-2030.toml").read_text(encoding="utf-8")
    path = tmp_path / "danang-2027.toml"
    path.write_text(source.replace("hue-2026-2030", "danang-2027").replace('city = "hue"', 'city = "danang"'), "utf-8")
    programme = read_programme(path)
    assert programme.city == "danang"
    assert len(programme.targets) == len(load_programme("hue").targets)
    assert tomllib.loads(path.read_text("utf-8"))["id"] == programme.id
