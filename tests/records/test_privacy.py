"""The privacy screen: what must be refused, and what officials write every day that must pass."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thorough import some

from geo.cache import Cache
from geo.records.validation import privacy
from geo.records.validation.numbers.said import as_digits
from geo.records.validation.privacy import refused_column, screen
from geo.records.validation.privacy_names import place_names
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards

REFUSED = [
    ("Gọi 0912345678 để biết thêm", privacy.TELEPHONE),
    ("SĐT 0912 345 678", privacy.TELEPHONE),
    ("số 0912.345.678", privacy.TELEPHONE),
    ("liên hệ 091-234-5678", privacy.TELEPHONE),
    ("+84 912 345 678", privacy.TELEPHONE),
    ("+84912345678", privacy.TELEPHONE),
    ("(+84) 38 123 4567", privacy.TELEPHONE),
    ("84.912.345.678", privacy.TELEPHONE),
    ("0084 912 345 678", privacy.TELEPHONE),
    ("máy bàn 024 3825 1234", privacy.TELEPHONE),
    ("máy (0234) 3822 222 gọi sau 18h", privacy.TELEPHONE),
    ("o912 345 678", privacy.TELEPHONE),
    ("０９１２３４５６７８", privacy.TELEPHONE),
    ("09\u200b12\u200b345678", privacy.TELEPHONE),
    ("không chín một hai ba bốn năm sáu bảy tám", privacy.TELEPHONE),
    ("đt: 3825 123", privacy.TELEPHONE),
    ("01234 567 890", privacy.TELEPHONE),
    ("0 9 1 2 3 4 5 6 7 8", privacy.TELEPHONE),
    ("CCCD 001203004567", privacy.IDENTITY),
    ("001 203 004 567", privacy.IDENTITY),
    ("CMND 012345678", privacy.IDENTITY),
    ("giấy tờ 112233445", privacy.IDENTITY),
    ("hộ chiếu C1234567", privacy.IDENTITY),
    ("số định danh 0012 0300 4567", privacy.IDENTITY),
    ("thư gửi abc.xyz@gmail.com", privacy.EMAIL),
    ("abc (at) example.vn", privacy.EMAIL),
    ("xem https://www.facebook.com/nguoi.nao.do", privacy.PROFILE),
    ("fb.com/abc", privacy.PROFILE),
    ("zalo: hoamai88", privacy.PROFILE),
    ("kênh t.me/abcxyz", privacy.PROFILE),
    ("tài khoản @hoamai_88 đăng tin", privacy.PROFILE),
    ("xe 29A-123.45 dừng đỗ", privacy.PLATE),
    ("xe 30F 567.89", privacy.PLATE),
    ("xe 29X1-123.45", privacy.PLATE),
    ("xe máy 29a1-123.45", privacy.PLATE),
    ("ô tô 51F12345", privacy.PLATE),
    ("biển số 1234", privacy.PLATE),
    ("29Y-1234", privacy.PLATE),
    ("STK 1903 4567 8901", privacy.ACCOUNT),
    ("số tài khoản: 123456", privacy.ACCOUNT),
    ("sinh năm 1998", privacy.BIRTH),
    ("sinh ngày 05/03/1998", privacy.BIRTH),
    ("SN 1998", privacy.BIRTH),
    ("nữ khoảng 25 tuổi", privacy.BIRTH),
    ("ông Tuấn báo tin", privacy.NAME),
    ("Bà Hoa, chủ quán", privacy.NAME),
    ("gặp chị Nguyễn Thị Hoa", privacy.NAME),
    ("do anh Minh phản ánh", privacy.NAME),
    ("Anh Tuấn phản ánh", privacy.NAME),
    ("gặp cô Lan", privacy.NAME),
    ("họ tên: Trần Minh", privacy.NAME),
    ("Họ và tên Trần Minh", "name"),
    ("đối tượng Nguyễn Văn Bảy", privacy.NAME),
    ("chủ quán Trần Minh", privacy.NAME),
    ("quán của Trần Văn Minh", privacy.NAME),
    ("Lê Thị Mận hay đứng ở đây", privacy.NAME),
    ("CHỊ HOA", privacy.NAME),
    ("bà Triệu Thị Hoa", privacy.NAME),
    ("ong Nguyen Van A", privacy.NAME),
    ("Mr. Smith", privacy.NAME),
    ("số nhà 12", privacy.ADDRESS),
    ("nhà số 12 trong ngõ", privacy.ADDRESS),
    ("tại số 12 ngõ 34", privacy.ADDRESS),
    ("số 12/5 đường Láng", privacy.ADDRESS),
    ("12/34/5 phố Kim Giang", privacy.ADDRESS),
    ("căn hộ 1203 tòa A", privacy.ADDRESS),
    ("phòng 502", privacy.ADDRESS),
    ("thường trú tại tổ 5", privacy.ADDRESS),
    ("mã 1234567890123456789", privacy.LONG_NUMBER),
]

PASSES = [
    "",
    "Tụ tập sau 22h tại Km 12+300 QL32",
    "Km12+300 đến Km 13+050",
    "12+300",
    "lý trình 1.250 m đến 2.400 m",
    "dài 2500m, rộng 12,5 m",
    "Theo văn bản 07/KH-UBND ngày 07/01/2026",
    "Văn bản số 1234/QĐ-UBND",
    "Pháp lệnh số 10/2003/PL-UBTVQH11 ngày 17/03/2003",
    "07-01-2026 08-01-2026 09-01-2026",
    "các ngày 01/02/2026, 03/04/2026, 05/06/2026 và 7/8/2026",
    "2026-01-07 đến 2026-03-15",
    "05.03.2026",
    "tọa độ 21.0285110, 105.8542230",
    "21,0285 105,8542",
    "105.854223 21.028511",
    "từ 20:00 đến 23:30",
    "khoảng 20h30 tối thứ 7",
    "giai đoạn 2021 - 2025",
    "kinh phí 123.456.789 đồng",
    "tuyên truyền cho 60.000 người lao động",
    "đường Bà Triệu",
    "Bà Triệu - Trần Nhân Tông",
    "quanh phố Bà Triệu, phường Hai Bà Trưng",
    "Hai Bà Trưng",
    "đường Ông Ích Khiêm, thành phố Huế",
    "phố Bà Huyện Thanh Quan",
    "chùa Bà Đá",
    "huyện Đông Anh cũ",
    "xã Đông Anh và xã Thư Lâm",
    "phố Đào Duy Anh",
    "Đường Trần Duy Hưng",
    "đường Phan Trọng Tuệ từ điểm giao cắt với đường Ngọc Hồi tới Cầu Tó",
    "phố Nguyễn Thị Định giao với Trần Duy Hưng",
    "tại Nguyễn Thị Minh Khai",
    "Bùi Thị Xuân",
    "ngã tư Lê Văn Lương - Nguyễn Tuân",
    "bà con phản ánh nhiều lần",
    "theo kế hoạch của Hà Nội, do Hà Đông cũ bàn giao",
    "ven Hồ Tây, gần Mai Dịch",
    "chị em phụ nữ trong tổ dân phố",
    "Quỹ bảo trợ trẻ em Việt Nam",
    "học sinh năm 2026",
    "phát sinh ngày 05/03/2026",
    "vệ sinh ngày 05/03/2026",
    "sinh viên khu trọ",
    "người trên 18 tuổi",
    "ngõ 34 đường Láng",
    "đường số 12 khu đô thị",
    "cột đèn số 12 đường Láng",
    "tổ dân phố số 5",
    "Đội Kiểm tra liên ngành 178",
    "Đội 178 kiểm tra 40 cơ sở",
    "UBND phường Yên Hòa",
    "Sở Y tế Hà Nội",
    "đường dây nóng 1900 9095",
    "tổng đài 111",
    "Ứng dụng iHanoi",
    "QL32, QL 6, Quốc lộ 1A, ĐT 427",
    "chiếu sáng kém, đất trống, lều lán cạnh sông",
    "CHÚ Ý: ĐIỂM TÁI HOẠT ĐỘNG",
    "AN NINH TRẬT TỰ",
    "Bác sĩ trạm y tế lưu động",
    "tuyến xe buýt 32, 29 và 20A",
    "50m-100m tính từ cầu",
    "cách bến xe Yên Nghĩa 300 m về phía Tây",
    "điểm HN-I-1, HN-II-5",
    "mã phường 00004, 00008",
    "khoảng 3-5 lượt mỗi tối",
    "60% số cơ sở, 100/126 xã, phường",
    "báo https://hanoimoi.vn/bai-viet",
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_about_a_person_is_refused(text: str, reason: str) -> None:
    assert any(reason in found for found in screen(text)), screen(text)


@pytest.mark.parametrize("text", PASSES)
def test_what_is_about_a_place_passes(text: str) -> None:
    assert screen(text) == ()


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_decomposed_letters_change_nothing(text: str, reason: str) -> None:
    assert screen(unicodedata.normalize("NFD", text)) == screen(text)


@pytest.mark.parametrize(
    "header",
    ["Họ tên", "HỌ VÀ TÊN", "ten", "Tên", "SĐT", "sđt người báo", "Số điện thoại", "CCCD", "số CCCD/CMND", "địa chỉ",
     "dia chi", "Địa chỉ nhà", "email", "E-mail", "Ngày sinh", "năm sinh", "Biển số xe", "STK", "phone number",
     "Full name", "Zalo", "Người báo tin", "đối tượng", "Giới tính", "dob"],
)  # fmt: skip
def test_columns_about_persons_are_refused(header: str) -> None:
    assert refused_column(header)


@pytest.mark.parametrize(
    "header",
    ["Ngày", "day", "Loại tin", "Nguồn tin", "Kinh độ", "vĩ độ", "lon", "lat", "Điểm", "Lý trình (m)", "Đã xác minh",
     "Ghi chú", "note", "tên điểm", "Tên phường", "site", "chainage_m"],
)  # fmt: skip
def test_columns_about_places_pass(header: str) -> None:
    assert not refused_column(header)


@given(
    prefix=st.sampled_from(["09", "03", "07", "08", "05"]),
    rest=st.text("0123456789", min_size=8, max_size=8),
    cuts=st.sets(st.integers(1, 9), max_size=4),
    separator=st.sampled_from([" ", ".", "-", " -", ") "]),
)
def test_every_mobile_number_is_seen_however_it_is_cut(prefix: str, rest: str, cuts: set[int], separator: str) -> None:
    digits = prefix + rest
    spaced = "".join(separator + digit if i in cuts else digit for i, digit in enumerate(digits))
    assert screen(f"gọi số {spaced} nhé"), spaced


@given(st.dates())
def test_every_date_passes(day: object) -> None:
    assert screen(f"ngày {day:%d/%m/%Y}") == () or day.year < 1900  # type: ignore[attr-defined]


@given(st.integers(0, 99_999), st.integers(0, 999))
def test_every_chainage_passes(metres: int, rest: int) -> None:
    assert screen(f"lý trình {metres} m, Km {metres // 1000}+{rest:03d}") == ()


@pytest.mark.shared
@pytest.mark.parametrize("plan", ["hanoi_07_KH-UBND_2026.txt", "hue_292_KH-UBND_2026-2030.txt"])
def test_nothing_in_the_plans_is_taken_for_a_person(plan: str, shared: Path) -> None:
    lines = (shared / "plans" / plan).read_text(encoding="utf-8").splitlines()
    found = {line.strip(): screen(line) for line in lines if screen(line)}
    # The names of those who signed the plans are names of persons.
    assert all("Người ký" in line or line == "Trần Hữu Thùy Giang" for line in found)
    assert set(found.values()) <= {(privacy.NAME,)}


def test_no_ward_of_today_or_before_is_taken_for_a_person() -> None:
    wards = load_wards()
    former = [name for names in wards["merged_from"] for name in names]
    assert [name for name in [*wards["full_name"], *former] if screen(f"tại {name}")] == []


@pytest.mark.shared
def test_no_street_is_taken_for_a_person(shared: Path) -> None:
    roads = pd.read_parquet(shared / "data" / "roads_hanoi_osm.parquet", columns=["name"])
    names = sorted(set(roads["name"].dropna()))
    assert [name for name in names if screen(f"tại {name}")] == []


BARE = (
    "Nguyễn Văn Bảy đứng ở gốc cây",
    "Gặp Trần Minh Đức lúc 22h",
    "theo lời Phạm Thu Hương",
    "Đặng Quốc Hùng phản ánh",
    "Bùi Lan bán nước ở đầu ngõ",
    "nhận tiền của Lê Hoàng Yến Nhi",
    "Hoàng Văn Nam và Vũ Đức Long hay đến",
    "báo cáo: Đỗ Thanh Tùng",
    "Hồ Thị Kỳ cho biết",
)
NO_NAMES = (
    "Nguyễn Trãi đông xe sau 22h",
    "Trần Duy Hưng, đoạn gần hầm chui",
    "Hoàng Mai giáp Hai Bà Trưng",
    "Đoàn Thanh niên, Đoàn Kiểm tra và Đoàn Công tác đi thực địa",
    "Đoàn Thanh Niên phường",
    "Hồ Hoàn Kiếm, Hồ Thanh Nhàn và Hồ Văn Quán",
    "Hà Nội Tower, Cao Bằng, Thái Bình Dương",
    "Vũ Trọng Phụng - Nguyễn Trãi",
    "tại Nguyễn Lộ Trạch, đến Hà Huy Giáp",
    "Trường Lê Quý Đôn, Bệnh viện Phạm Ngọc Thạch",
    "nút giao Nguyễn Khang Trung Kính",
    "Lê Văn Lương kéo dài",
    "Nguyễn Trãi Hà Đông",
)


@pytest.mark.parametrize("text", BARE)
def test_a_name_without_a_form_of_address_is_refused(text: str) -> None:
    assert screen(text) == (privacy.NAME,)


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_place_with_the_name_of_somebody_passes(text: str) -> None:
    assert screen(text) == ()
    assert screen(f"{text}; {text}") == ()


def test_no_site_is_taken_for_a_person() -> None:
    sites = load_sites()
    texts = [text for name in ("name", "from", "to", "declared_text", "note") for text in sites[name].dropna()]
    assert [text for text in texts if screen(text)] == []


@pytest.mark.parametrize("frame", some(["{}", "tại {}", "{} đông xe sau 22h", "phường {}", "khu vực {} và lân cận"]))
def test_no_name_on_the_list_of_places_is_taken_for_a_person(frame: str) -> None:
    wards = load_wards()
    names = {*place_names(), *wards["name"], *(name for names in wards["merged_from"] for name in names)}
    assert [name for name in sorted(names) if screen(frame.format(name))] == []
    assert [name for name in sorted(names) if screen(frame.format(name.title()))] == []


@pytest.mark.shared
@pytest.mark.parametrize("frame", some(["{}", "{} đông xe sau 22h", "{}, {}", "quanh {} có lều lán"]))
def test_no_street_alone_is_taken_for_a_person(shared: Path, frame: str) -> None:
    roads = pd.read_parquet(shared / "data" / "roads_hanoi_osm.parquet", columns=["name"])
    names = sorted(set(roads["name"].dropna()))
    assert [name for name in names if privacy.NAME in screen(frame.format(name, name))] == []


def test_a_text_is_judged_once_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    judged = privacy._judged
    monkeypatch.setattr(privacy, "_JUDGED", Cache(8))
    monkeypatch.setattr(privacy, "_judged", lambda text: asked.append(text) or judged(text))
    texts = ("Gọi 0912 345 678", "Tụ tập sau 22h", "Gọi 0912 345 679")
    first = [screen(text) for text in texts]
    assert first == [screen(text) for text in texts] == [(privacy.TELEPHONE,), (), (privacy.TELEPHONE,)]
    assert asked == list(texts)
    held = repr(list(privacy._JUDGED._entries.items()))
    assert "0912" not in held


def test_what_is_tried_on_digits_alone_holds_of_no_text_without() -> None:
    """Most texts have no digit and are spared these tests: each of them has to ask for one, in digits or in words."""
    lists = Path(__file__).parent / "privacy_lists"
    texts = [(lists / f"{name}.txt").read_text(encoding="utf-8") for name in ("numbers", "numbers_fresh", "honest_new")]
    bare = {re.sub(r"\d", "", text) for text in [text for text, _ in REFUSED] + "\n".join(texts).splitlines()}
    without = [text for text in bare if not re.search(r"\d", as_digits(text))]
    assert len(without) > 300
    assert [text for text in without for _, holds in privacy._TESTS_OF_DIGITS if holds(text, text)] == []


def test_names_of_places_of_another_data_set_are_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    street = "rẽ vào Đinh Thị Hạ Mây gần cổng chợ"
    assert screen(street) == (privacy.NAME,)
    (tmp_path / "place_names.txt").write_text("# đường\nĐinh Thị Hạ Mây\n", encoding="utf-8")
    monkeypatch.setenv("DIABAN_DATA_DIR", str(tmp_path))
    assert screen(street) == ()
    monkeypatch.undo()
    assert screen(street) == (privacy.NAME,)
