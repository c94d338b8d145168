"""Word lists of the privacy screen: forms of address, surnames, places named after people, refused columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path


def listed(text: str) -> tuple[str, ...]:
    """The words of a text, apart by commas."""
    return tuple(" ".join(entry.split()) for entry in text.split(","))


# Forms of address that come before a name.
HONORIFICS = listed("ông, bà, anh, chị, cô, chú, bác, cậu, em, cháu, thím, dì, mợ, mệ, mự, dượng, mr, mrs, ms")

# Words for somebody in a case; a name is suspected only where a surname follows.
ROLES_OF_PERSONS = listed("""
    đối tượng, nghi phạm, bị can, bị cáo, nạn nhân, chủ quán, chủ cơ sở, chủ nhà, nhân viên, tên, người tên,
    quản lý là, chủ là
""")

SURNAMES = listed("""
    Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đào, Đinh, Trịnh, Mai, Lương,
    Tạ, Chu, Cao, Hà, Lưu, Tô, Thái, Trương, Đoàn, Kiều, Nghiêm, Quách, Tống, Vương
""")

NOBODY = frozenset(
    listed("""
    phó, trưởng, bí, chủ, giám, cục, chánh, công, cán, đội, ủy, uỷ, thường, tổ, ban, bộ, sở, phòng, chi, đoàn, hội,
    đảng, trung, bệnh, trạm, chính, tổng, văn, tòa, viện, ubnd, hđnd, mttq, cty, doanh, hợp, người, nhà, y, mặt, tư,
    hải, biên, thuế, dân, thư, kiểm, hiệu, quản, nhân, bảo, cảnh, điều, thành, xã, phường, vạn, sinh
    """)
)
"""How offices and posts begin, which stand where a name could."""

# What makes the next words a place: 'đường Bà Triệu', 'chùa Bà Đá', 'ngã tư Nguyễn Thị Định'.
PLACE_WORDS = frozenset(
    listed("""
    đường, phố, ngõ, ngách, hẻm, kiệt, phường, xã, chùa, đền, chợ, cầu, hồ, đình, miếu, phủ, làng, thôn, xóm, bến, quận,
    huyện, tượng, trường, thpt, thcs, viện, tuyến, đoạn, nút, hai, trẻ, tiếng, nước, khu, vườn, sông, núi, đảo,
    cầu vượt, hầm chui, khu đô thị, tòa nhà, chung cư,
    công viên, ngã ba, ngã tư, ngã năm, quảng trường, bệnh viện, tượng đài, khu vực, nút giao, giao với, tiểu học,
    thị trấn, thị xã, tỉnh, thành phố, ấp, buôn,
    trung học, cơ sở, phổ thông,
    nhà hát, quỹ, tập đoàn, công ty, tnhh, cp, cổ phần, mtv, htx, hợp tác xã, ngân hàng, giải, nhà văn hóa,
    nhà thi đấu, nhà thờ, nhà lưu niệm, di tích, đền thờ, giáo xứ, công trường, bưu điện, xưởng, kho, ktx, ký túc xá,
    sân vận động, svđ, tháp, vòng xoay, bùng binh, cảng, đài, bv, đh, cđ, gdtx, khách sạn, vườn hoa, phà, đò, đập,
    lễ hội, hội quán, danh nhân,
    đèo, kè, bờ kè, đê, mũi, vịnh, đầm, phá, suối, hang, thác, bán đảo, cửa khẩu, biển, rạp, cung, điện, lò gốm,
    rạch, tịnh xá, thiền viện, tu viện, kcn, kcx, khu công nghiệp, cụm công nghiệp, ks, mái ấm, am, cây đa, cây
    gạo, nghĩa trang, nghĩa địa,
    bản, sóc, phum, cồn, cù lao, gò, đồi, bàu, ao, giếng, cổng, chốt, bãi tắm, khu tập thể, ktt, kđt, kdc, khu dân
    cư, tdp, kênh, mương,
    bia, đài liệt sĩ, nhà máy, thánh thất, dinh, văn phòng, cống, trạm, giải thưởng, cúp, sân, sân bóng, hội
    trường, rừng, vụng, hòn,
    mầm non, mẫu giáo, đại học, cao đẳng, học viện, thư viện, bảo tàng, lăng, lăng chủ tịch
""")
)

# Places that begin like a form of address or like the full name of a woman (streets of Hà Nội and Huế).
PLACE_NAMES = frozenset(
    listed("""
    bà triệu, bà trưng, hai bà trưng, ông ích khiêm, bà huyện thanh quan, bà đá, bà kiệu, bà nà, bà rịa, bà chúa kho,
    bác hồ, anh đào, cô tô, đông anh, chú ý, em việt nam, anh quốc, cô giang, cô bắc, nguyễn thị minh khai,
    nguyễn thị định, nguyễn thị thập, võ thị sáu, bùi thị xuân, đoàn thị điểm, nguyễn thị duệ, lê thị riêng,
    phu văn lâu, bà bầu, ông táo, ông công, ông địa, bà chúa, trần thị lý, nguyễn thị lưu, nguyễn thị thuận, ngô
    thị nhậm, hồ thị kỷ
""")
)

# After a form of address in capitals, in a note that is all capitals: no name.
ALL_CAPS_WORDS = frozenset(
    listed("con, em, gái, ý, bỏ, đơn, sĩ, hùng, ninh, hưởng, dâu, họ, cháu, bà, ông, ruột, thích, trọng")
)

# Columns that hold something about persons wherever these words stand in the heading (without diacritics).
REFUSED_COLUMNS = listed("""
    ho ten, ho va ten, ten nguoi, ten doi tuong, sdt, so dien thoai, dien thoai, phone, mobile, tel, cccd, cmnd, cmt,
    can cuoc, dinh danh, ho chieu, passport, dia chi, address, email, e mail, ngay sinh, nam sinh, date of birth, dob,
    birthday, so nha, que quan, thuong tru, tam tru, bien so, bien kiem soat, plate, tai khoan, stk, bank, zalo,
    facebook, fb, nguoi bao, nguoi to giac, doi tuong, nan nhan, full name, first name, last name, surname, person,
    gioi tinh, gender, sex, tuoi, age, dan toc, nghe nghiep, ma so thue, anh chan dung, photo, biet danh, nickname
""")

REFUSED_EXACT_COLUMNS = frozenset(listed("ten, name, ho, dem, ho dem, ten goi, id card, dt, nguoi, dc, anh"))

# Surnames that also begin the names of places, lakes, provinces, unions; after them a middle name must follow.
AMBIGUOUS_SURNAMES = frozenset(
    listed("""
    Hồ, Hà, Cao, Mai, Thái, Dương, Đoàn, Kiều, Tô, Chu, Lưu, Lý, Lương, Hoàng, Vũ, Đào, Tạ, Tống, Vương, Nghiêm, Quách
""")
)

MIDDLE_NAMES = frozenset(
    listed("""
    Văn, Thị, Đức, Quang, Ngọc, Hữu, Đình, Thế, Quốc, Mạnh, Duy, Trọng, Bá, Như, Thùy, Bích, Tuấn, Khánh, Xuân, Thu
""")
)

# More of them, which are words or places too.
MORE_MIDDLES = listed("""
    Hoàng, Minh, Thanh, Kim, Hồng, Công, Đăng, Gia, Bảo, Phương, Viết, Tiến, Anh, Ánh, Mỹ, Thành, Nhật, Tấn, Trung, Hải,
    Việt, Diệu, Cẩm, Mai, Lan, Hoài, Tú, Xuân, Thúy, Nguyên, Quỳnh, Nhã, Hà, Thái, Tuyết, Vĩnh, Khắc, Sỹ, Lệ, Kiều,
    Phúc, Chí, Huy, Trà, Yến, Tường, Ái, Hiền
""")

# What begins like a name but is none.
NO_NAMES = frozenset(
    listed("""
    đoàn thanh, đoàn công, đoàn kiểm, hồ văn, hồ ngọc, hồ chí, hồ xuân, hà nội, thái bình, dương văn, lê duẩn,
    tô hiến, hoàng thành, nông trường, đèo hải, cung an, cung diên, cung trường, hoàng cung
""")
)

# Words before a name that say where something is or leads to.
TOWARDS_PLACES = frozenset(
    listed("""
    tại, ở, trên, gần, cạnh, giáp, đến, từ, tới, giao, và, hướng, diện, sau, trước, cuối, đầu, dọc, qua, ra, vào, về,
    sang, quanh, ven, nối, cắt, ql, tổ, ga, chân, dốc, gầm, hầm, vành, kênh, mương, bãi, nghĩa trang, ubnd
""")
)

# 'qua' leads to a place, but not in these.
DAYS_BEFORE = frozenset(listed("hôm qua, đêm qua, tối qua, sáng qua, chiều qua, tháng qua, tuần qua, vừa qua"))

# What is said of persons and not of streets.
WHAT_PERSONS_DO = listed("""
    phản ánh, báo, báo tin, cho biết, trình báo, khai, nói, kể, gọi, bán, mua, đứng, ngồi, môi giới, dẫn, chở, làm chủ,
    là chủ, quản lý, thuê, trú, sinh, hay, thường đứng, nhận
""")


@cache
def sure_surnames() -> tuple[str, ...]:
    """Surnames of `surnames.txt` that are nothing else."""
    return _surnames(lambda line: "" if line.startswith(("#", "?")) else line)


@cache
def doubtful_surnames() -> tuple[str, ...]:
    """Those that are everyday words too, or begin the names of places."""
    return _surnames(lambda line: line[1:] if line.startswith("?") else "")


def all_surnames() -> tuple[str, ...]:
    """Both."""
    return sure_surnames() + doubtful_surnames()


def _surnames(chosen: Callable[[str], str]) -> tuple[str, ...]:
    lines = Path(__file__).with_name("surnames.txt").read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(name for line in lines for name in chosen(line).split()))
