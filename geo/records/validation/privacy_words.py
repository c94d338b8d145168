"""Word lists of the privacy screen: forms of address, surnames, places named after people, refused columns."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(entry.split()) for entry in text.split(","))


# Forms of address that come before a name.
HONORIFICS = _listed("ông, bà, anh, chị, cô, chú, bác, cậu, em, cháu, thím, dì, mợ, mr, mrs, ms")

# Words for somebody in a case; a name is suspected only where a surname follows.
ROLES_OF_PERSONS = _listed("""
    đối tượng, nghi phạm, bị can, bị cáo, nạn nhân, chủ quán, chủ cơ sở, chủ nhà, nhân viên, tên, người tên,
    quản lý là, chủ là
""")

SURNAMES = _listed("""
    Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đào, Đinh, Trịnh, Mai, Lương,
    Tạ, Chu, Cao, Hà, Lưu, Tô, Thái, Trương, Đoàn, Kiều, Nghiêm, Quách, Tống, Vương
""")

# What makes the next words a place: 'đường Bà Triệu', 'chùa Bà Đá', 'ngã tư Nguyễn Thị Định'.
PLACE_WORDS = frozenset(
    _listed("""
    đường, phố, ngõ, ngách, hẻm, kiệt, phường, xã, chùa, đền, chợ, cầu, hồ, đình, miếu, phủ, làng, thôn, xóm, bến, quận,
    huyện, tượng, trường, thpt, thcs, viện, tuyến, đoạn, nút, hai, trẻ, tiếng, nước, khu, vườn, sông, núi, đảo,
    công viên, ngã ba, ngã tư, ngã năm, quảng trường, bệnh viện, tượng đài, khu vực, nút giao, giao với
""")
)

# Places that begin like a form of address or like the full name of a woman (streets of Hà Nội and Huế).
PLACE_NAMES = frozenset(
    _listed("""
    bà triệu, bà trưng, hai bà trưng, ông ích khiêm, bà huyện thanh quan, bà đá, bà kiệu, bà nà, bà rịa, bà chúa kho,
    bác hồ, anh đào, cô tô, đông anh, chú ý, em việt nam, anh quốc, cô giang, cô bắc, nguyễn thị minh khai,
    nguyễn thị định, nguyễn thị thập, võ thị sáu, bùi thị xuân, đoàn thị điểm, nguyễn thị duệ, lê thị riêng,
    trần thị lý, nguyễn thị lưu, nguyễn thị thuận, ngô thị nhậm, hồ thị kỷ
""")
)

# After a form of address in capitals, in a note that is all capitals: no name.
ALL_CAPS_WORDS = frozenset(
    _listed("con, em, gái, ý, bỏ, đơn, sĩ, hùng, ninh, hưởng, dâu, họ, cháu, bà, ông, ruột, thích, trọng")
)

# Columns that hold something about persons wherever these words stand in the heading (without diacritics).
REFUSED_COLUMNS = _listed("""
    ho ten, ho va ten, ten nguoi, ten doi tuong, sdt, so dien thoai, dien thoai, phone, mobile, tel, cccd, cmnd, cmt,
    can cuoc, dinh danh, ho chieu, passport, dia chi, address, email, e mail, ngay sinh, nam sinh, date of birth, dob,
    birthday, so nha, que quan, thuong tru, tam tru, bien so, bien kiem soat, plate, tai khoan, stk, bank, zalo,
    facebook, fb, nguoi bao, nguoi to giac, doi tuong, nan nhan, full name, first name, last name, surname, person,
    gioi tinh, gender, sex, tuoi, age, dan toc, nghe nghiep, ma so thue, anh chan dung, photo, biet danh, nickname
""")

REFUSED_EXACT_COLUMNS = frozenset(_listed("ten, name, ho, dem, ho dem, ten goi, id card, dt, nguoi, dc, anh"))

# Surnames that also begin the names of places, lakes, provinces, unions; after them a middle name must follow.
AMBIGUOUS_SURNAMES = frozenset(
    _listed("""
    Hồ, Hà, Cao, Mai, Thái, Dương, Đoàn, Kiều, Tô, Chu, Lưu, Lý, Lương, Hoàng, Vũ, Đào, Tạ, Tống, Vương, Nghiêm, Quách
""")
)

MIDDLE_NAMES = frozenset(
    _listed("""
    Văn, Thị, Đức, Quang, Ngọc, Hữu, Đình, Thế, Quốc, Mạnh, Duy, Trọng, Bá, Như, Thùy, Bích, Tuấn, Khánh, Xuân, Thu
""")
)

# What begins like a name but is none.
NO_NAMES = frozenset(
    _listed("""
    đoàn thanh, đoàn công, đoàn kiểm, hồ văn, hồ ngọc, hồ chí, hồ xuân, hà nội, thái bình, dương văn, lê duẩn,
    tô hiến
""")
)

# Words before a name that say where something is or leads to.
TOWARDS_PLACES = frozenset(
    _listed("""
    tại, ở, trên, gần, cạnh, giáp, đến, từ, tới, giao, và, hướng, diện, sau, trước, cuối, đầu, dọc, qua, ra, vào, về,
    sang, quanh, ven, nối, cắt, ql, tổ, ga, chân, dốc, gầm, hầm, vành, kênh, mương, bãi, nghĩa trang, ubnd
""")
)

# What is said of persons and not of streets.
WHAT_PERSONS_DO = _listed("""
    phản ánh, báo, báo tin, cho biết, trình báo, khai, nói, kể, gọi, bán, mua, đứng, ngồi, môi giới, dẫn, chở, làm chủ,
    là chủ, quản lý, thuê, trú, sinh, hay, thường đứng, nhận
""")
