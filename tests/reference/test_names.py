"""Two spellings of one name meet; two names never do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reference.names import fold, plain, plain_units, split_unit, suggest

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ -"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phường Yên Hòa", "Phường Yên Hoà"),
        ("Thuý Lĩnh", "Thúy Lĩnh"),
        ("Thuỵ Khuê", "Thụy Khuê"),
        ("Văn Miếu-Quốc Tử Giám", "Văn Miếu - Quốc Tử Giám"),
        ("Văn Miếu–Quốc Tử Giám", "văn miếu quốc tử giám"),
        ("  Ba   Đình ", "BA ĐÌNH"),
        ("Bưởi", unicodedata.normalize("NFD", "Bưởi")),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Phúc Diễn", "Phú Diễn"), ("Hà Đông", "Hạ Đông"), ("Đống Đa", "Dống Da"), ("Láng", "Lăng"), ("Tây Mỗ", "Tây Mỏ")],
)
def test_names_that_differ(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_plain_takes_every_mark_away() -> None:
    assert plain("Đường Nguyễn Khánh Toàn") == "duong nguyen khanh toan"


@pytest.mark.parametrize(
    ("text", "unit", "name"),
    [
        ("P. Yên Hòa", "phường", "Yên Hòa"),
        ("P.Yên Hòa", "phường", "Yên Hòa"),
        ("X. Ngọc Hồi", "xã", "Ngọc Hồi"),
        ("xã Ô Diên", "xã", "Ô Diên"),
        ("Thị trấn Phùng", "thị trấn", "Phùng"),
        ("Phương Mai", None, "Phương Mai"),
        ("Xuân Phương", None, "Xuân Phương"),
    ],
)
def test_unit_is_told_from_name(text: str, unit: str | None, name: str) -> None:
    assert split_unit(text) == (unit, name)


def test_plain_text_has_every_reading() -> None:
    assert plain_units("phuong mai") == ((None, "phuong mai"), ("phường", "mai"))


def test_suggestions_are_near_and_few() -> None:
    assert suggest("Phúc Diễn", ["Ba Đình", "Phú Diễn", "Phúc Lợi", "Láng"])[0] == "Phú Diễn"
    assert suggest("zzzz", ["Ba Đình"]) == []


@given(VIETNAMESE)
def test_fold_is_stable_under_normal_forms_and_itself(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(text.upper())
    assert plain(plain(text)) == plain(text)
