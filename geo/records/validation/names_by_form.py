"""Names of persons that a form gives away: initials beside a name, 'tên' after a person, names of other peoples.

The Ê Đê, Gia Rai and Mơ Nông write Y, H' and K' before a name; the Hmông put A, Seo or Mí between clan and name.
Streets are shortened too ('phố Lê V. Lương'): what follows a word for a place is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from geo.records.validation.privacy_names import UPPER, is_place
from geo.records.validation.privacy_words import SURNAMES
from geo.reference.names import plain

_UPPER = f"[{UPPER}]"
_NAME = rf"{_UPPER}[^\W\d_]+"
_SHORT = rf"(?:{'|'.join(SURNAMES)}|Ng|Ngu|Tr|Ph)"
_INITIALS = re.compile(rf"(?<![\w.]){_SHORT}\s?(?:\.\s?(?:{_UPPER}|{_NAME}|[vt])|\s{_UPPER})\.\s?{_NAME}")
_SHORTENED = {*SURNAMES[:22], *(plain(name).title() for name in SURNAMES[:22])} - {"Ho", "Hồ", "Do"}
_SMALL_INITIALS = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(_SHORTENED))})\s[^\W\d_]\.\s?[^\W\d_]{{2,}}", re.I)
_SHORT_SURNAME = re.compile(rf"(?<![\w.]){_UPPER}\.\s?(?=((?:Văn|Thị)\s{_NAME}))")
"""N.Văn Hải; P.Văn Quán and Đ. Văn Cao are places."""
_DONE_BY_PERSONS = (
    "trực|bán|dẫn|khai|báo|gọi|đứng|ngồi|bị|hay|ký|nhận|thuê|bảo|kể|nói|là chủ|quản lý|ở trọ|môi giới|cầm đầu"
)
_ALL_INITIALS = re.compile(
    rf"(?<![\w.])(?:{_SHORT}\s?[.\s]\s?{_UPPER}\.(?:\s?{_UPPER}\b\.?)+"  # Nguyễn V. T., VÕ T. K. NGÂN
    rf"|(?:{'|'.join(name.upper() for name in SURNAMES)})\s(?:{_UPPER}\.\s?)+{_UPPER}+"
    rf"|(?:{'|'.join(SURNAMES)})[\s_][VT][\s_]{_NAME}"
    rf"|(?:Ng|Tr|Ph)[.~_/\-]\s?(?:Văn|Thị|[VT])\.?\s{_NAME}"
    rf"|Ng\.\s?{_NAME}\s{_NAME}"
    rf"|(?:{'|'.join(SURNAMES)})\s{_UPPER}\.(?=\s(?:cùng|và|với|bỏ|khai|bị|là|đã|làm|thuê|trông|quản|bán|hay)\b)"
    rf"|{_UPPER}\.\s?[VT]\.\s?{_UPPER}\b(?!\.{_UPPER})"
    rf"|[NTLPHVĐBDCMQK]\.\s{_UPPER}\.\s{_UPPER}\b\.?(?!\s?{_UPPER})"  # P. Đ. Q.
    rf"|[NTLPHVĐBDCMQK]\.{_UPPER}\.{_UPPER}\.?\s(?:{_DONE_BY_PERSONS})(?!\w))"
)
_CLANS = (
    "Vàng|Giàng|Sùng|Thào|Lầu|Lý|Ly|Ma|Má|Mã|Tráng|Cư|Cứ|Vừ|Hạng|Hầu|Mùa|Sình|Sồng|Chang|Cháng|Hờ|Phàng|Lù|Chảo|"
    "Phàn|Tẩn|Voòng|Voong|Vòng|Chíu|Chìu|Sằm|Lồ|Hồ|Xồng|Lờ|Mào|Phá|Phử|Sộng|Ly|Dinh|Tếnh"
)
_NO_PERSONS_OF_A_AND_Y = (
    r"(?:Lưới|Roàng|Ngo|Đớt|Sap|Sờ|Dơi|Túc|Vao|Bung|Xing|Co|Hồng|Sào|Đăng|Pa|Chi|Di|T[ếẾ]|Học|Khoa|Dược|Sinh|Tá|Sĩ|"
    r"Đức|Tý|Can|Jút|Ngông|Yên|La|Miếu)\b"
)
_PEOPLES = (
    re.compile(rf"(?<!\w)(?:{_CLANS})\s(?:A|Y|Seo|Mí|Chứ|Pà|Láo|Sín|Diếu)\s{_NAME}"),
    re.compile(
        rf"(?:^|[.,;:(]\s?|(?<!\w)(?:gặp|do|với|của|theo|cho|thấy|là|tên|có|anh|chị|em|ông|bà|nhờ)\s)"
        rf"(?:A|Y)\s(?!{_NO_PERSONS_OF_A_AND_Y}){_UPPER}[a-zà-ỹăđơưêôâ]+(?=\s[a-zà-ỹđ]|[,.(]|$)"
        r"(?!\s(?:là|thuộc) (?:xã|huyện))"
    ),
    re.compile(
        rf"(?<!\w)(?<!học )(?<!khoa )Y\s(?!T[ếẾ]\b|(?:Học|Khoa|Dược|Sinh|Tá|Sĩ|Đức|Tý)\b)"
        rf"{_UPPER}[a-zà-ỹăđơưê]+\s{_NAME}"
    ),
    re.compile(rf"(?<!\w)[HK]['’ʼ]\s?(?!M[ôo]ng\b|MÔNG\b|Leo\b|leo\b|Re\b|rê\b){_NAME}"),
    re.compile(
        rf"(?<!\w)(?:Rơ Châm|Rơ Mah|Rơ Lan|Rơ Ô|Rah Lan|Rmah|Ksor|Kpă|Kpuih|Siu|Niê|Êban|Ayun|Mlô|Đinh Y)\s"
        rf"(?:{_NAME}|[HKY]['’]?\s?{_NAME})"
    ),
    # Without the sign after H, Y or K the last name must be one of theirs.
    re.compile(
        rf"(?<!\w)(?:H|Y|{_NAME})\s(?:{_NAME}\s)?(?:Niê|Êban|Mlô|Byă|Adrơng|Kbuôr|Knul|Ênuôl|Ktla|Kriêng|Hđơk|Bkrông|Hwing)"
        r"(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)(?:Cil|Cill|Kơ Să|Lơ Mu|Bon Krong|Bon Niêng|Liêng Hot|Liêng Jrang|Rơ Ông|Păng Ting|Kră Jăn|Đa Cát|"
        rf"Điểu|Blúp|Rơ Chăm|Pơ Loong|Rapat|Ra Pát)\s(?:K['’]?\s?)?{_NAME}"
    ),
    re.compile(
        r"(?<!\w)(?:Thạch|Kim|Danh|Sơn|Châu|Trầm|Liêu|Tăng|Lâm)\s"
        rf"(?:Sa|Sà|Sô|So|Sóc|Sok|Sóc|Sane|Phol|Pholl|Chanh|Rương|Đa|Ươl|Rây|Som|Sarone|Thone|Na|Út)\s?(?:{_NAME}|\w+)"
    ),
    re.compile(
        r"(?<!\w)(?:Pờ|Lỳ|Sừng|Vù|Khoàng|Toán|Mạ|Phùng|Lý|Chu|Lò|Tẩn|Chảo|Phàn|Lờ)\s"
        rf"(?:Xuân|Phù|Hừ|Go|Chà|Xá|Mò|Sừng|Khai|Chẳn|Gì|Cà|Pư|Xì|Ha|Mý|Mẩy|Lở|Láo|Ông|San|Sài|Vần)\s{_NAME}"
    ),
    re.compile(
        rf"(?<![^\W\d_]\s)(?<!\w)(?:A|Kăn|Ku|Pả|Vỗ)\s(?!Lưới|Roàng|Ngo|Đớt|Sap|Sờ|Dơi|Túc|Vao|Bung|Xing|Co\b|Hồng)"
        rf"{_NAME}\s(?:(?=\w*[à-ỹ]){_NAME}|xác nhận|khai|báo|dẫn|ở|thuê)"
    ),
    re.compile(rf"(?<!\w)(?:Bh['’ʼ]?[rn]\w+|Alăng|Bríu|Zơrâm|Pơloong|Arâl|Coor|Bling|Hốih|Bhling)\s{_NAME}"),
    re.compile(rf"(?<!\w)(?:Tôn Nữ|Công Huyền|Công Tằng)\s{_NAME}"),
    re.compile(rf"(?<!\w)(?:thằng|bé|gã|mụ|ả|lão|con)\s{_NAME}"),
)
_PERSON = (
    "cô gái|khach|doi tuong|chàng trai|thanh niên|phụ nữ|đàn ông|đối tượng|người|chủ quán|chủ nhà|chủ|nhân viên|"
    "bảo vệ|quản lý|khách|nam|nữ|anh|chị|em|bà|ông|cô|chú|cháu|bé"
)
_CALLED = re.compile(
    rf"(?<!\w)(?i:{_PERSON})(?: này| đó| ấy| kia)?,?\s"
    rf"(?:có\s)?(?i:tên|ten)(?: là| la)?\s[\"“']?{_NAME}"
)


def holds_name_by_form(text: str, follows_place: Callable[[str, int], bool]) -> bool:
    """Whether a text (as a reader sees it) holds such a name; `follows_place`: whether a word for a place is before."""
    if _CALLED.search(text) or any(pattern.search(text) for pattern in _PEOPLES):
        return True
    if any(not is_place(match[1].split()) for match in _SHORT_SURNAME.finditer(text)):
        return True
    initials = (match for pattern in (_INITIALS, _ALL_INITIALS, _SMALL_INITIALS) for match in pattern.finditer(text))
    return any(not follows_place(text, match.start()) for match in initials)
