"""What a description says."""

from __future__ import annotations

import pytest

from geo.errors import InputError
from geo.reference.streets.description import LimitKind, junction_streets, parse, parse_limit


@pytest.mark.parametrize(
    ("text", "street", "start", "end"),
    [
        (
            "Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)",
            "Đường Kim Giang",
            "Cầu Tó",
            "đường Nghiêm Xuân Yêm",
        ),
        ("Đường Kim Giang (đoạn từ Cầu Tó đến đường A", "Đường Kim Giang", "Cầu Tó", "đường A"),
        (
            "Đường Phan Trọng Tuệ từ điểm giao cắt với đường Ngọc Hồi tới Cầu Tó",
            "Đường Phan Trọng Tuệ",
            "đường Ngọc Hồi",
            "Cầu Tó",
        ),
        (
            "Đường Bưởi (Từ cầu T11-điểm giao cắt với đường Phan Kế Bính)",
            "Đường Bưởi",
            "cầu T11",
            "đường Phan Kế Bính",
        ),
        (
            "Đường Giải phóng đoạn từ ngã ba Đuôi Cá đến điểm giao cắt với đường Nguyễn Hữu Thọ",
            "Đường Giải phóng",
            "ngã ba Đuôi Cá",
            "đường Nguyễn Hữu Thọ",
        ),
        ("duong kim giang tu cau to den nghiem xuan yem", "duong kim giang", "cau to", "nghiem xuan yem"),
        ("Đường Từ Hoa từ Phố A tới Phố B", "Đường Từ Hoa", "Phố A", "Phố B"),
    ],
)
def test_street_and_both_limits(text: str, street: str, start: str, end: str) -> None:
    parsed = parse(text)
    assert parsed.start is not None
    assert parsed.end is not None
    assert (parsed.street, parsed.start.name, parsed.end.name) == (street, start, end)


def test_a_pair_is_a_street_up_to_a_limit() -> None:
    parsed = parse("Phố Yersin - Vườn hoa Pasteur")
    assert parsed.start is None
    assert parsed.end is not None
    assert (parsed.street, parsed.end.name) == ("Phố Yersin", "Vườn hoa Pasteur")


@pytest.mark.parametrize("text", ["Đường Trần Duy Hưng", "Khu vực Đường Trần Duy Hưng", " Đường Trần Duy Hưng. "])
def test_a_street_alone(text: str) -> None:
    parsed = parse(text)
    assert (parsed.street, parsed.start, parsed.end) == ("Đường Trần Duy Hưng", None, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cầu Tó", LimitKind.BRIDGE),
        ("cầu T11", LimitKind.BRIDGE),
        ("đường Cầu Bươu", LimitKind.CROSS),
        ("điểm giao cắt với đường Phan Kế Bính", LimitKind.CROSS),
        ("Ngã tư Sở", LimitKind.JUNCTION),
        ("ngã ba Đuôi Cá", LimitKind.JUNCTION),
        ("105.81,20.95", LimitKind.POINT),
        ("105.81 20.95", LimitKind.POINT),
    ],
)
def test_kinds_of_limits(text: str, kind: LimitKind) -> None:
    assert parse_limit(text).kind is kind


def test_a_coordinate_is_longitude_and_latitude() -> None:
    assert parse_limit("105.81,20.95").lonlat == (105.81, 20.95)
    with pytest.raises(InputError, match="longitude,latitude"):
        parse_limit("20.95,95.81")


def test_streets_of_a_junction() -> None:
    assert junction_streets("Ngã tư Trương Định - Kim Đồng") == ("Trương Định", "Kim Đồng")
    assert junction_streets("ngã ba với đường A") == ("đường A",)


@pytest.mark.parametrize("text", ["", "  ", "(từ A đến B)"])
def test_no_street_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="names no street"):
        parse(text)
