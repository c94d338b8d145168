"""What the words and signs beside a number say that it is: somebody's plate, account, birth, card, or number abroad."""

from __future__ import annotations

import re


def _small(*parts: str) -> re.Pattern[str]:
    """A pattern in which capitals do not matter."""
    return re.compile("".join(parts), re.I)


_CODE = r"(?=[\w.\-]*\d{3})[A-Z\d][\w.\-]{3,}"
_BANKS = (
    r"techcombank|tcb|vcb|vietcombank|bidv|vietinbank|agribank|mb ?bank|mb|acb|vp ?bank|tp ?bank|sacombank|vib|shb|"
    r"hd ?bank|ocb|msb|seabank|eximbank|lpbank|momo|zalo ?pay|viettel ?pay|viettel money|shopee ?pay|napas|"
    r"visa|mastercard"
)
_DIGITS = r"(?:\d[\s.\-]{0,2}){6,24}"
PHONES = (
    re.compile(r"(?<![\w+])\+\s?(?!84)\d(?:[\s.\-()/]{0,3}\d){8,13}(?!\d)"),  # abroad
    re.compile(r"(?<!\d)0[35789]\d{1,2}[\s.\-]?\d{0,3}[\s.\-]?[xX*•#]{2,}[\s.\-]?\d{2,4}(?!\d)"),  # a part left out
    re.compile(r"(?<!\d)0[35789]\d{1,2}[\s.\-]?\d{3}[\s.\-]?[xX*•#]{2,}"),
    _small(r"\b(?:số máy|máy bàn|số bàn|alo|a lô|gọi số|gọi vào)\b\D{0,12}(?:\d[\s.\-]{0,2}){6,}"),
    _small(r"(?:\b(?:đầu|giữa|đuôi|cuối)\b\D{0,8}\d{3,6}\D{0,12}){2}"),  # its parts by their place
)
SAID_PHONES = (re.compile(r"(?<!\d)(?:0[35789]\d{7,8}|[35789]\d{8})(?!\d)"),)
IDENTITIES = (
    re.compile(
        r"(?<!\w)(?i:(?:mã|thẻ|số)(?: số)? (?:sinh viên|học sinh|học viên|nhân viên|bệnh nhân|bhyt|bhxh)|mssv|msnv|"
        r"gplx|bằng lái(?: xe)?|giấy phép lái xe|thẻ căn cước|cccd|cmnd|cmtnd?|hộ chiếu|passport|visa|pp|hc|cc)"
        r"(?: no\.?| số| số:)?\s?[:.]?\s?" + _CODE
    ),
)
_SIGNS = r"[\s.\-*_|/]"
PLATES = (
    re.compile(
        rf"(?<![\w/])(?!\d\d/[A-ZĐ]{{2}}-)[1-9][\dO]{_SIGNS}{{0,2}}[A-ZĐ]{{1,2}}\d?(?:{_SIGNS}{{1,2}}|\s(?:đuôi|số)\s)"
        rf"\d{{3}}{_SIGNS}?\d{{2}}(?!\w)"
    ),
    re.compile(r"(?<![\w/])[1-9]O[\s.\-]?[A-ZĐ]{1,2}\d?[\s.\-]{0,2}\d{3}\.?\d{2}(?!\w)"),
    re.compile(
        r"(?<!\w)(?i:xe|ô tô|oto|xe máy|biển|bs|taxi|grab)(?: \w+){0,2}[\s:]{1,2}"
        r"[1-9]\d\s?-?\s?[A-Za-zĐđ]{1,2}\d?[\s.\-]{0,3}\d{4,5}(?!\w)"
    ),
    re.compile(  # of the army
        r"(?<!\w)(?:A[ABCDTV]|B[BCHKLPSTV]|H[ABCDEHNQT]|K[ABCDKPTV]|P[AGKMPQT]|Q[ABCHK]|T[CHKMNT]|V[BKT])"
        r"-\d\d[\-.]\d\d(?!\w)"
    ),
    re.compile(r"(?<!\w)(?i:xe|biển|ô tô)(?: quân đội| quân sự| đỏ)*:?\s[ABHKPQTV][A-Z][\s\-]\d\d[\s.\-]\d\d(?!\w)"),
)
SAID_PLATES = (re.compile(r"(?<!\w)[1-9]\d\s[a-zA-Z]{1,2}(?:\s?\d)?\s\d{4,5}(?!\w)"),)
ACCOUNTS = (
    _small(rf"(?<!\w)(?:s[ốo] (?:tk|thẻ|tài khoản)|stk|tk|ck|chuyển khoản|{_BANKS})(?!\w)\D{{0,25}}{_DIGITS}"),
    _small(rf"{_DIGITS}\s?\(?(?:{_BANKS})(?!\w)"),
    re.compile(r"(?<!\d)(?:\d{4}[\s.\-]){3}\d{4}(?!\d)"),
    re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?\d{4}){3,}"),
)
_OTHERS_BORN = (
    "học", "phát", "vệ", "nảy", "dân", "an", "y", "tái", "tuyển", "thí", "nữ", "nam", "sản", "ký", "vi", "hộ", "cứu",
    "khai", "môn",
)  # fmt: skip
_BORN = "".join(rf"(?<!\b{word} )" for word in _OTHERS_BORN) + r"\b"
_YEAR = r"(?:19[3-9]\d|20[0-2]\d)"
_DAY = r"(?:ngày )?\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}"
_SAID = r"(?:(?:mùng |mồng )?(?:không|một|mốt|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)\b|(?:mùng |mồng )?\d)"
_BRANCHES = r"(?:tý|tí|sửu|dần|mão|mẹo|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi)"
BIRTHS = (
    _small(_BORN, rf"sinh (?:vào |hồi )?(?:ngày|tháng|năm)\s?:?\s?{_SAID}"),
    _small(rf"\b(?:ngày sinh|năm sinh|sinh nhật)\W{{1,3}}(?:ngày |năm )?{_SAID}"),
    _small(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4} (?:là|\() ?(?:ngày )?sinh\b"),
    _small(_BORN, rf"(?:sinh|sn|ns|s)\.?\s?[:\-]?\s?(?:{_DAY}|{_YEAR}|2k\d)(?!\d)"),
    _small(r"\b(?:sn|sinh năm)\s?[:.]?\s?(?:'?\d{2}|2k\d{1,2})(?!\d)"),
    _small(
        r"\b(?:born|birthday|date of birth|d\.o\.b\.?|dob|b\.)\s?(?:in|on|:)?\s?"
        r"(?:\d{1,2}[/.\- ]|(?:19|20)\d\d|[a-z]+ \d)"
    ),
    _small(rf"\b(?:quê|hktt|tuổi {_BRANCHES})\b\D{{0,12}}{_YEAR}(?!\d)"),
    _small(rf"\({_YEAR}\)[\s,]+(?:hktt|quê|trú|ở|người)\b"),
    _small(rf"\btuổi (?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý) {_BRANCHES}\b"),
)
_AT = r"(?:@|\(at\)|\[at\]|at|a còng|a cong|a-còng|a móc)"
_DOT = r"(?:\.|\(dot\)|\[dot\]|dot|chấm|cham)"
EMAILS = (
    _small(rf"\w\s?{_AT}\s?[\w\-]+\s?{_DOT}\s?(?:com|vn|net|org|edu|gov|info|co)\b"),
    _small(r"\b(?:gmail|hotmail|yahoo|outlook|icloud|protonmail)\b\s?(?:\.|chấm|cham|dot)"),
)
_NETS = (
    r"(?:zalo|facebook|fb|instagram|insta|ig|tiktok|telegram|tele|viber|wechat|whatsapp|skype|twitter|youtube|line|"
    r"threads|messenger)"
)
PROFILES = (
    _small(rf"\b{_NETS}\b(?:\s(?:id|nick|acc|account|tên|cá nhân|là|của))*\s?(?:[:=@\"“]|\bid\b)\s?\S+"),
    _small(rf"\b(?:nick|acc|account|tài khoản)\s{_NETS}\s\S+|\blive:\w"),
    _small(rf"\b{_NETS}\s(?:id|nick|acc|account|cá nhân)\s\S+"),
    _small(rf"\b{_NETS}\s(?=[a-z._]*\d)[a-z][\w.]{{3,}}"),
)
ADDRESSES = (_small(r"\b(?:hktt|đkhktt|nơi thường trú|hộ khẩu(?: thường trú)?)\s?[:\s]\s?\w|\bnhà ở (?:tại )?số \d"),)

_MOBILE = r"(?:0|\+?84)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}(?!\d)"
DOCUMENTS = re.compile(
    r"(?<!\w)(?i:mã số doanh nghiệp|msdn|gpkd|gpxd|đkkd|gcn(?:đkkd)?|"
    r"mã (?:số )?(?:hồ sơ|điểm|thửa|phản ánh|đơn vị|địa điểm|văn bản|tra cứu|vụ việc|tin)|"
    r"giấy phép(?! lái)(?: [^\W\d_]+ [^\W\d_]+)?|giấy chứng nhận(?: đkkd| đăng ký kinh doanh)?|"
    r"(?:hồ sơ|biên bản|công văn|văn bản|quyết định|thông báo|tờ trình|báo cáo|phiếu|phiếu phản ánh|giấy mời|hóa đơn|"
    r"biên lai|hợp đồng|lệnh|đơn|số (?:lưu trữ|hiệu|seri|đăng ký|vào sổ))(?: [^\W\d_]+)?)"
    rf"(?: số| no\.?)?\s?:?\s?(?!{_MOBILE})(?:[A-Z\d]+[.\-/])*[A-Z\d]*\d[\w.\-/]*"
)
"""Numbers of documents and businesses behind a word that says so, unless they are a mobile telephone's."""
