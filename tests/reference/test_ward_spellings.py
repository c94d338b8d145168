"""Everyday spellings of wards and former units: offices, districts before and behind, lists, old encodings, English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.reference.names import split_unit
from geo.reference.ward_names.former_units import FormerUnit, load_former_units, split_district
from geo.reference.wards import WardRegister

REGISTER = WardRegister.load()
SEARCH = REGISTER.search
NAMES = {ward.code: ward.full_name for ward in REGISTER.wards}
DISTRICTS = {"Quận": "Q.", "Huyện": "H.", "Thị": "TX"}
UNITS = {"Phường": "P.", "Xã": "X. ", "Thị": "TT "}
CITIES = {"01": ("TP Hà Nội", "Hà Nội"), "46": ("thành phố Huế", "tỉnh Thừa Thiên Huế")}
YEN_HOA, YEN_HOA_NGHIA_DO = "Phường Yên Hòa", "Phường Yên Hòa|Phường Nghĩa Đô"
DAI_MO = "Phường Đại Mỗ|Phường Tây Mỗ|Phường Xuân Phương|Phường Dương Nội|Phường Hà Đông"
MINH_KHAI = "Phường Bạch Mai|Phường Tương Mai"


def _forms(unit: FormerUnit) -> Iterator[str]:
    """How people write a former unit with its district."""
    city, province = CITIES[unit.province_code]
    kind, name = unit.name.split()[0], split_unit(unit.name)[1]
    bare = split_district(unit.district)[1]
    short = DISTRICTS[unit.district.split()[0]]
    unit_short = f"{UNITS[kind]}{name}"
    yield f"{unit.name}, {unit.district}"
    yield f"{unit.name} ({unit.district.lower()})"
    yield f"{unit.name} - {short} {bare}"
    yield f"{unit_short}, {short} {bare}, {city}"
    yield f"{unit_short} - {short} {bare} - {province}"
    yield f"{unit.name} {unit.district.lower()}"
    yield f"{unit_short}-{unit.district}"
    yield f"{unit.name}/{unit.district}"
    yield f"{unit.name} thuộc {unit.district.lower()} cũ"
    yield f"{unit.name} ({short} {bare}, {city})"
    yield f"{city}, {unit.district}, {unit.name}"
    yield f"{unit.district}: {unit.name}"
    yield f"{short} {bare} - {unit_short}"


@pytest.mark.parametrize("number", range(13))
def test_every_former_unit_is_found_with_its_district_as_people_write_it(number: int) -> None:
    wrong = []
    for unit in load_former_units():
        text = list(_forms(unit))[number]
        found = {(former.code, heir.code) for one in SEARCH.search(text).found for former, heir in one.former}
        if found != {(unit.code, heir.code) for heir in unit.heirs}:
            wrong.append(text)
    assert not wrong


@pytest.mark.parametrize(
    ("text", "wards"),
    [
        ("Hội đồng nhân dân, UBND phường Yên Hòa", YEN_HOA),
        ("ĐU - HĐND - UBND phường Yên Hòa", YEN_HOA),
        ("HĐND và UBND phường Yên Hòa", YEN_HOA),
        ("HĐND-UBND P.Yên Hòa", YEN_HOA),
        ("Chủ tịch UBND phường Yên Hòa", YEN_HOA),
        ("Trụ sở UBND phường Yên Hòa", YEN_HOA),
        ("CA phường Yên Hòa", YEN_HOA),
        ("CAP Yên Hòa", YEN_HOA),
        ("TYT phường Yên Hòa", YEN_HOA),
        ("Công an xã Quốc Oai", "Xã Quốc Oai"),
        ("Trạm y tế xã Quốc Oai, TP. Hà Nội", "Xã Quốc Oai"),
        ("Yen Hoa Ward People's Committee", YEN_HOA),
        ("People's Committee of Yen Hoa Ward", YEN_HOA),
        ("Police of Yen Hoa Ward, Ha Noi", YEN_HOA),
        ("Ward of Yen Hoa", YEN_HOA),
        ("Quoc Oai Commune", "Xã Quốc Oai"),
        ("Commune of Quoc Oai, Hanoi, Vietnam", "Xã Quốc Oai"),
        ("Yen Hoa and Nghia Do Wards", YEN_HOA_NGHIA_DO),
        ("Wards: Yen Hoa, Nghia Do", YEN_HOA_NGHIA_DO),
        ("x.Quốc Oai", "Xã Quốc Oai"),
        ("X Quốc Oai", "Xã Quốc Oai"),
        ("xa quoc oai", "Xã Quốc Oai"),
        ("TT.Phùng - Đan Phượng - Hà Nội", "Xã Đan Phượng"),
        ("thi tran phung", "Xã Đan Phượng"),
        ("thị trấn Trâu Quỳ/Gia Lâm", "Xã Gia Lâm|Xã Bát Tràng"),
        ("Yên Hòa/Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("P. Yên Hòa / P. Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("P.Yên Hòa&P.Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("Yên Hòa, Nghĩa Đô, Cầu Giấy", YEN_HOA_NGHIA_DO + "|Phường Cầu Giấy"),
        ("Phường Yên Hòa - Phường Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("1. Phường Yên Hòa\n2. Phường Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("a) Phường Yên Hòa; b) Phường Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("1) P Yên Hòa 2) P Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("ii) Phường Yên Hòa", YEN_HOA),
        ("1.2. Phường Yên Hòa", YEN_HOA),
        ("P.YEN HOA", YEN_HOA),
        ("Phường Yên Hòa Hà Nội", YEN_HOA),
        ("P.Yên Hòa, TP.HN", YEN_HOA),
        ("Phường Yên Hòa (mới)", YEN_HOA),
        ("Phường Yên Hòa (00175)", YEN_HOA),
        ("Mã 00175", YEN_HOA),
        ("175 và 160", YEN_HOA_NGHIA_DO),
        ("Phường Minh Khai Hai Bà Trưng", MINH_KHAI),
        ("phuong minh khai hai ba trung ha noi", MINH_KHAI),
        ("phường Minh Khai thuộc Hai Bà Trưng", MINH_KHAI),
        ("Quận Hai Bà Trưng: các phường Minh Khai", MINH_KHAI),
        ("QUAÄN HAI BAØ TRÖNG - PHÖÔØNG MINH KHAI", MINH_KHAI),
        ("QuËn Hai Bµ Tr\u00adng - Ph\u00adêng Minh Khai", MINH_KHAI),
        ("phuong quan thanh, quan ba dinh", "Phường Ba Đình"),
        ("Hà Nội, quận Hoàn Kiếm, phường Hàng Bạc", "Phường Hoàn Kiếm"),
        ("các phường, xã: Yên Hòa, Quốc Oai", "Phường Yên Hòa|Xã Quốc Oai"),
        ("Phường Đại Mỗ cũ", DAI_MO),
        ("Phường Đại Mỗ (cũ)", DAI_MO),
        ("Phường Đại Mỗ (Q. Nam Từ Liêm cũ)", DAI_MO),
        ("phuong thuan hoa, hue city", "Phường Thuận Hóa"),
        ("Thuỷ Xuân, T.P Huế", "Phường Thủy Xuân"),
        ("Xã A Lưới 2, huyện A Lưới", "Xã A Lưới 2"),
        ("A Luoi 4 commune, Hue City", "Xã A Lưới 4"),
        ("TT. Sịa (H. Quảng Điền)", "Xã Quảng Điền"),
        ("P.Hương Sơ, Q. Phú Xuân, TP Huế", "Phường Hương An"),
        ("Phường Thuận Lộc; Phường Đông Ba (quận Phú Xuân)", "Phường Phú Xuân"),
        ("các xã Hương Xuân, Thượng Nhật và Hương Sơn (huyện Phú Lộc)", "Xã Nam Đông"),
        ("Thị xã Hương Thủy: các phường Thủy Dương, Thủy Phương", "Phường Thanh Thủy"),
        ("Phöôøng Thuaän Hoùa, TP Hueá", "Phường Thuận Hóa"),
        ("X· Quèc Oai", "Xã Quốc Oai"),
        # two names by a dash, a number in Roman letters, a code or a row's number beside the name, half of the marks
        ("Ngọc Hà - Giảng Võ", "Phường Ngọc Hà|Phường Giảng Võ"),
        ("P. Ngọc Hà-Giảng Võ", "Phường Ngọc Hà|Phường Giảng Võ"),
        ("Yên Hòa – Nghĩa Đô", YEN_HOA_NGHIA_DO),
        ("Mỹ Đình I", "Phường Cầu Giấy|Phường Từ Liêm"),
        ("Phường Mỹ Đình II, Nam Từ Liêm", "Phường Cầu Giấy|Phường Từ Liêm"),
        ("mỹ đình i", "Phường Cầu Giấy|Phường Từ Liêm"),
        ("00175 Yên Hòa", YEN_HOA),
        ("Yên Hòa 00175", YEN_HOA),
        ("175 phường Yên Hòa", YEN_HOA),
        ("00175 - Phường Yên Hòa", YEN_HOA),
        ("12 Yên Hòa", YEN_HOA),
        ("Yen Hòa", YEN_HOA),
        ("phường Yên Hoa", YEN_HOA),
        ("Thuan Hóa, Huế", "Phường Thuận Hóa"),
        ("Văn Miếu - Quốc Tử Giam", "Phường Văn Miếu - Quốc Tử Giám"),
        ("Phường Định Cong", "Phường Định Công"),
    ],
)
def test_spellings_of_offices_lists_and_places(text: str, wards: str) -> None:
    answer = SEARCH.search(text)
    assert {one.ward.full_name for one in answer.found} == set(wards.split("|"))
    assert not answer.missing


@pytest.mark.parametrize("text", ["00175 Láng", "00175 - Phường Láng", "Phường Láng (00175)", "Láng 00175"])
def test_a_code_and_a_name_of_two_wards_are_both_shown_and_said(text: str) -> None:
    answer = SEARCH.search(text)
    assert {one.ward.full_name for one in answer.found} == {"Phường Yên Hòa", "Phường Láng"}
    assert [note.code for note in answer.notes] == ["reference.code-contradicts"]


def test_wrong_marks_are_no_half_of_the_marks() -> None:
    for text in ("Yến Hòa", "Yên Hoá", "00175 Không Có", "Ngọc Hà - Không Có"):
        assert SEARCH.search(text).missing, text


def test_a_district_behind_a_list_may_be_that_of_its_last_name() -> None:
    found = {one.ward.full_name for one in SEARCH.search("phường Minh Khai và phường Nghĩa Đô (quận Cầu Giấy)").found}
    assert {"Phường Nghĩa Đô", "Phường Bạch Mai", "Phường Tương Mai", "Phường Tây Tựu"} <= found


def test_a_name_that_ends_like_the_word_for_a_district_stays_whole() -> None:
    former = [unit for one in SEARCH.search("Phường Thổ Quan Q Đống Đa").found for unit, _ in one.former]
    assert [(unit.name, unit.district) for unit in former] == [("Phường Thổ Quan", "Quận Đống Đa")]


@pytest.mark.parametrize("text", ["P1", "Phường 4", "P.4", "xã 4"])
def test_a_number_behind_a_kind_is_a_name_and_no_code(text: str) -> None:
    assert not SEARCH.search(text).found


@pytest.mark.parametrize("text", ["Phường Ðịnh Công", "Phường Yên\u200b Hòa", "Ph\u00adường Yên Hòa"])
def test_hidden_marks_and_foreign_letters_are_mended_and_said_so(text: str) -> None:
    [note] = SEARCH.search(text).notes
    assert note.code == "reference.marks-removed"
    assert note.parameters["text"] in ("Phường Định Công", YEN_HOA)


def test_a_text_without_such_marks_has_no_note() -> None:
    assert SEARCH.search("Phường Yên Hòa, Đống Đa").notes == ()
