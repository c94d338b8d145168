"""Wards as people write them: each spelling means the ward or wards that it should, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import UnknownWardError
from geo.reference.names import fold, plain, split_unit, y_as_i
from geo.reference.ward_names.legacy_encodings import from_tcvn3, from_vni
from geo.reference.wards import WardRegister

REGISTER = WardRegister.load()
YEN_HOA, CAU_GIAY, NGHIA_DO, DINH_CONG = "00175", "00166", "00160", "00316"
MINH_KHAI_HAI_BA = {"00292", "00322"}

TODAY = [
    *("Yên Hòa", "Yên Hoà", "yên hòa", "YÊN HÒA", "Phường Yên Hòa", "PHƯỜNG YÊN HÒA", "phường yên hoà", "yen hoa"),
    *("P. Yên Hòa", "P.Yên Hòa", "P Yên Hòa", "p yên hòa", "Ph. Yên Hòa", "Phường  Yên   Hòa", "phuong yen hoa"),
    *("Yen Hoa Ward", "Yen Hoa ward", "Ward Yen Hoa", "UBND phường Yên Hòa", "Ủy ban nhân dân phường Yên Hòa"),
    *("Uỷ ban nhân dân P. Yên Hòa", "Công an phường Yên Hòa", "Trạm Y tế phường Yên Hòa", "HĐND phường Yên Hòa"),
    *(
        "phường Yên Hòa, TP Hà Nội",
        "phường Yên Hòa, thành phố Hà Nội",
        "Phường Yên Hòa, Hà Nội",
        "Yen Hoa Ward, Hanoi City",
    ),
    *("phường Yên Hòa - Hà Nội", "phường Yên Hòa (Hà Nội)", "phường Yên Hòa, TP. Hà Nội, Việt Nam"),
    *(
        "1. Phường Yên Hòa",
        "1) Phường Yên Hòa;",
        "(1) Phường Yên Hòa",
        "- Phường Yên Hòa",
        "• Phường Yên Hòa.",
        "12. P. Yên Hòa ;",
    ),
    *(
        "Phường Yên Hòa (1)",
        "Phường Yên Hòa [2]",
        "Phường Yên Hòa*",
        "Phường Yên Hòa¹",
        "“Phường Yên Hòa”",
        "'Yên Hòa'",
    ),
    *(
        "Phường\u00a0Yên\u00a0Hòa",
        "Phường Yên\u200b Hòa",
        "Ph\u00adường Yên Hòa",
        "\ufeffPhường Yên Hòa",
        "Phường Yên Hòa\u200e",
    ),
    *("00175", "175", " 00175 ", "0175", "tại phường Yên Hòa", "thuộc phường Yên Hòa", "địa bàn phường Yên Hòa"),
    *("Phöôøng Yeân Hoøa", "Ph\u00adêng Yªn Hßa", "Phường Yên-Hòa"),
]


def test_i_and_y_are_one_letter_and_no_two_names_become_one() -> None:
    for text, name in (("Vĩ Dạ", "Phường Vỹ Dạ"), ("vi da", "Phường Vỹ Dạ"), ("Xã Mĩ Đức", "Xã Mỹ Đức")):
        assert [ward.full_name for ward in REGISTER.find(text).wards] == [name]
    assert {unit.name for one in REGISTER.search.search("Lí Thái Tổ").found for unit, _ in one.former} == {
        "Phường Lý Thái Tổ"
    }
    names = [ward.name for ward in REGISTER.wards] + [split_unit(unit.name)[1] for unit in REGISTER.search.former.units]
    for key in (fold, plain):
        keys = {key(name) for name in names}
        assert len(keys) == len({y_as_i(one) for one in keys})


@pytest.mark.parametrize("text", TODAY)
def test_a_ward_of_today_in_every_spelling(text: str) -> None:
    assert {ward.code for ward in REGISTER.find(text).wards} == {YEN_HOA}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Phường Ðịnh Công", {DINH_CONG}),
        ("phường Đinḥ Công".replace("inḥ", "ịnh"), {DINH_CONG}),
        ("Phường Văn Miếu-Quốc Tử Giám", {"00226"}),
        ("Văn Miếu – Quốc Tử Giám", {"00226"}),
        ("TT Phùng", {"09784"}),
        ("Thị trấn Phùng, huyện Đan Phượng", {"09784"}),
        ("TT. Phùng (H. Đan Phượng)", {"09784"}),
        ("Phùng Town", {"09784"}),
        ("Phường Minh Khai (quận Hai Bà Trưng)", MINH_KHAI_HAI_BA),
        ("Phường Minh Khai, Q. Hai Bà Trưng", MINH_KHAI_HAI_BA),
        ("P. Minh Khai - Q.Hai Bà Trưng - Hà Nội", MINH_KHAI_HAI_BA),
        ("Minh Khai quận Hai Bà Trưng", MINH_KHAI_HAI_BA),
        ("Minh Khai, Hai Bà Trưng", MINH_KHAI_HAI_BA),
        ("Minh Khai ward, Hai Ba Trung district, Hanoi", MINH_KHAI_HAI_BA),
        ("phuong minh khai, quan hai ba trung", MINH_KHAI_HAI_BA),
        ("phường Minh Khai cũ (quận Hai Bà Trưng)", MINH_KHAI_HAI_BA),
        ("Xã Phú Sơn, thị xã Hương Thủy", {"19960"}),
        ("Xã Phú Sơn, TX. Hương Thuỷ, TP Huế", {"19960"}),
        ("xã Phú Sơn, Huế", {"19960"}),
        ("xã Phú Sơn, tỉnh Thừa Thiên Huế", {"19960"}),
        ("Xã Phú Sơn, Thừa Thiên - Huế", {"19960"}),
        ("Phường Minh Khai, Hai Bà Trưng, Hà Nội", MINH_KHAI_HAI_BA),
        ("Thị trấn Lăng Cô", {"20137"}),
        ("Phường Thuận Hòa, quận Phú Xuân, Huế", {"19753"}),
        ("Phường Yên Hòa, Phường Nghĩa Đô", {YEN_HOA, NGHIA_DO}),
        ("Phường Yên Hòa và Nghĩa Đô", {YEN_HOA, NGHIA_DO}),
        ("các phường: Yên Hòa, Cầu Giấy và Nghĩa Đô", {YEN_HOA, CAU_GIAY, NGHIA_DO}),
        ("Yên Hòa; Nghĩa Đô", {YEN_HOA, NGHIA_DO}),
        ("P. Yên Hòa + P. Nghĩa Đô", {YEN_HOA, NGHIA_DO}),
        ("Phường Yên Hòa\nPhường Nghĩa Đô", {YEN_HOA, NGHIA_DO}),
        ("00175, 00160", {YEN_HOA, NGHIA_DO}),
        ("Quaän Hai Baø Tröng".replace("Quaän", "Phöôøng"), {"00256"}),
        ("Thuận An", {"00562", "19900"}),
        ("Phường Thuận An", {"19900"}),
        ("Xã Thuận An", {"00562"}),
        ("Thuận An, Huế", {"19900"}),
        ("Phường Phúc Diễn", {"00619", "00622"}),
        ("Phường Minh Khai thuộc quận Hai Bà Trưng trước đây", MINH_KHAI_HAI_BA),
        ("nguyên phường Minh Khai, quận Hai Bà Trưng", MINH_KHAI_HAI_BA),
        ("nguyên phường Trung Hòa", {YEN_HOA, "00367", "00637"}),
        ("phường Cửa Nam (trước 01/7/2025)", {"00004", "00070", "00082", "00226"}),
        ("phường Cửa Nam trước khi sáp nhập", {"00004", "00070", "00082", "00226"}),
        ("xã Nguyên Khê", {"00466", "00475"}),
        ("1. Yên Hòa (phường); 2. Nghĩa Đô (phường)", {YEN_HOA, NGHIA_DO}),
        ("1-Phường Yên Hòa", {YEN_HOA}),
        ("the ward of Yen Hoa", {YEN_HOA}),
        ("Phuong Liet Ward, Ha Noi City", {"00352"}),
        ("Phuong Duc commune", {"10279"}),
        ("Kim Long ward Hue", {"19774"}),
        ("phuong mai", {"00229", "00292"}),
    ],
)
def test_districts_cities_brackets_and_several_names(text: str, codes: set[str]) -> None:
    assert {ward.code for ward in REGISTER.find(text).wards} == codes


def test_namesakes_without_a_district_are_all_shown_with_theirs() -> None:
    found = REGISTER.find("Xã Kim Chung").answer.found
    assert {unit.district for one in found for unit, _ in one.former} == {"Huyện Đông Anh", "Huyện Hoài Đức"}
    only = REGISTER.find("Xã Kim Chung, huyện Đông Anh").answer.found
    assert {one.ward.full_name for one in only} == {"Xã Thiên Lộc", "Xã Vĩnh Thanh"}


def test_a_former_unit_that_bore_the_name_of_a_ward_of_today_is_said_beside_it() -> None:
    answer = REGISTER.find("Phường Đại Mỗ").answer
    assert [one.ward.full_name for one in answer.found] == ["Phường Đại Mỗ"]
    [former] = answer.also_former
    names = {REGISTER.by_code(heir.code).name for heir in former.heirs}
    assert (former.district, names) == (
        "Quận Nam Từ Liêm",
        {"Đại Mỗ", "Tây Mỗ", "Xuân Phương", "Dương Nội", "Hà Đông"},
    )


def test_text_of_an_old_font_is_converted_and_said_so() -> None:
    [note] = REGISTER.find("Phöôøng Yeân Hoøa").answer.notes
    assert (note.parameters["encoding"], note.parameters["text"]) == ("VNI", "Phường Yên Hòa")
    assert from_vni("PHÖÔØNG ÑÒNH COÂNG") == "PHƯỜNG ĐỊNH CÔNG"
    assert from_tcvn3("QuËn Hai Bµ Tr\u00adng") == "Quận Hai Bà Trưng"


@pytest.mark.parametrize(
    ("text", "first", "never"),
    [
        ("Phường Văn Miếu", "Phường Văn Miếu - Quốc Tử Giám", "Hoàng Mai"),
        ("Phường Yên Hoàa", "Phường Yên Hòa", "Huế"),
        ("Phường Thuận Hoas, Huế", "Phường Thuận Hóa", "Hà Nội"),
    ],
)
def test_suggestions_are_close(text: str, first: str, never: str) -> None:
    with pytest.raises(UnknownWardError) as refused:
        REGISTER.find(text)
    assert first in refused.value.suggestions
    assert not any(never in name for name in refused.value.suggestions)


@pytest.mark.parametrize("text", ["", "   ", "1.", "phường", "UBND", "99999", "(quận Cầu Giấy)", "xyz qwk", "và", "P."])
def test_what_names_no_ward_is_refused(text: str) -> None:
    with pytest.raises(UnknownWardError):
        REGISTER.find(text)


def test_one_name_of_several_that_is_unknown_refuses_the_whole() -> None:
    with pytest.raises(UnknownWardError):
        REGISTER.find("Phường Yên Hòa, Phường Xyzw")


@given(st.text(max_size=60))
def test_any_text_gives_wards_or_a_clear_refusal(text: str) -> None:
    try:
        assert REGISTER.find(text).wards
    except UnknownWardError as refused:
        assert refused.problems[0].code.startswith("unknown.")


@given(st.sampled_from(REGISTER.wards), st.sampled_from(["{}", "1. {};", "UBND {}", "{} (1)", "{}, Việt Nam", "- {}"]))
def test_every_official_name_is_found_in_every_frame(ward, frame: str) -> None:  # type: ignore[no-untyped-def]
    assert ward in REGISTER.find(frame.format(ward.full_name)).wards


def test_a_text_of_any_length_is_answered_at_once() -> None:
    # As many readings as words, squared: minutes for a cell of this length, were it read.
    answer = REGISTER.search.search("số 1 " * 8_000)
    assert answer.found == ()
    assert len(answer.missing) == 1
