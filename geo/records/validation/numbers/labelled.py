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
    re.compile(
        r"(?<![\w/])(?=0[35789])(?=(?:[^\d]*\d){7})0[35789](?:[\s.\-]?[\dxX*#•?]){8}(?!\w)"
    ),  # a digit or more left out
    re.compile(r"(?<![\w+])\+\s?(?!84)\d(?:[\s.\-()/]{0,3}\d){8,13}(?!\d)"),  # abroad
    re.compile(r"(?<!\d)0[35789]\d{1,2}[\s.\-]?\d{0,3}[\s.\-]?[xX*•#]{2,}[\s.\-]?\d{2,4}(?!\d)"),  # a part left out
    re.compile(r"(?<!\d)0[35789]\d{1,2}[\s.\-]?\d{3}[\s.\-]?[xX*•#]{2,}"),
    _small(r"\b(?:số máy|máy bàn|số bàn|alo|a lô|gọi số|gọi vào)\b\D{0,12}(?:\d[\s.\-]{0,2}){6,}"),
    _small(r"(?:\b(?:đầu|giữa|đuôi|cuối)\b\D{0,8}\d{3,6}\D{0,12}){2}"),  # its parts by their place
    _small(r"\bđầu(?: số)?\s0?[35789]\d{1,3}\b.{0,40}\b(?:cuối|đuôi|kết thúc|sau cùng)\b\D{0,12}\d{2,6}"),
    _small(r"\b(?:kết thúc|đuôi|cuối)\b\D{0,12}\d{2,6}\b.{0,20}\bđầu(?: số)?\s0?[35789]\d{1,6}"),
    _small(r"\b(?:số điện thoại|điện thoại|sđt|sdt|đt|số máy)\b[^.]{0,15}0[35789]\d{1,2}\b(?:\D{1,25}\d{2,4}){2,4}"),
)
SAID_PHONES = (re.compile(r"(?<!\d)(?:0[35789]\d{7,8}|[35789]\d{8})(?!\d)"),)
OF_PATIENTS = (
    re.compile(
        r"(?<!\w)(?i:bệnh án|bệnh nhân|người bệnh|điều trị|methadone|mmt|arv|prep|hiv|khám bệnh|ra viện|"
        r"xét nghiệm của)(?!\w)"
        r"(?i:[^.;\d]{0,25}?(?<!\w)(?:mã|số|id|code)(?: số| bn| hồ sơ)?(?!\w))"
        r"[^.;\d]{0,25}?\s(?=[\w.\-/]*\d{2})[A-Z\d][\w\-/]*[.\-/]\d[\w.\-/]*"
    ),
    re.compile(
        r"(?<!\w)(?i:hồ sơ bệnh án|mã bệnh án|mã bệnh nhân|số bệnh án|mã bn|mã điều trị|mã (?:số )?(?:prep|"
        r"arv|mmt|methadone|bhyt|định danh))(?: số)?\s?:?\s?[A-Z]*[\d.\-/]{4,}"
    ),
    re.compile(
        r"(?<!\w)(?i:số hiệu(?: cand| sĩ quan| công an)?|thẻ ngành|thẻ đảng(?: viên)?|thẻ đoàn|"
        r"chứng minh sĩ quan)(?: số)?\s?:?\s?\d[\d.\-]{5,}"
    ),
)
IDENTITIES = (
    re.compile(
        r"(?<!\w)(?i:thị thực|visa|thẻ tạm trú|thẻ thường trú|giấy thông hành|thẻ căn cước|"
        r"mã số bảo hiểm(?: xã hội| y tế)?|"
        r"sổ bảo hiểm(?: xã hội)?|sổ bhxh|thẻ bảo hiểm(?: y tế)?|số seri|serial|imei|thẻ nhân viên|"
        r"thẻ sinh viên|thẻ hướng dẫn viên)"
        r"(?: no\.?| số| so| mã)?\s?[:.]?\s?(?:[A-Z]{0,3}\s?\d(?:[\s.\-]?\d){5,}|(?=[A-Z\d]*\d)[A-Z\d]{8,})"
    ),
    re.compile(
        r"(?<!\w)(?i:(?:mã|thẻ|số)(?: số)? (?:sinh viên|học sinh|học viên|nhân viên|bệnh nhân|bhyt|bhxh)|mssv|msnv|"
        r"gplx|bằng lái(?: xe)?|giấy phép lái xe|thẻ căn cước|cccd|cmnd|cmtnd?|hộ chiếu|passport|visa|pp|hc|cc)"
        r"(?: no\.?| số| số:)?\s?[:.]?\s?" + _CODE
    ),
    re.compile(
        r"(?<!\w)(?i:hộ chiếu|ho chieu|passport|hc|pp)(?i: no\.?| n[°º]| số| so)?\s?[:.]?\s?"
        r"[A-Z]{1,2}[\s.\-]?\d(?:[\s.\-]?\d){5,7}(?!\d)"
    ),
    _small(r"\b(?:mst|mã số thuế|ma so thue)(?: cá nhân| ca nhan)\s?[:.]?\s?(?:\d[\s.\-]{0,2}){8,13}(?!\d)"),
    _small(
        r"\b(?:cccd|căn cước|can cuoc|cmnd|cmt|chứng minh)\b[^.;]{0,25}?"
        r"\b(?:cuối|đuôi|đầu|kết thúc)\b\D{0,12}\d{3,6}"
    ),
)
_SIGNS = r"[\s.\-*_|/]"
PLATES = (
    re.compile(
        r"(?<!\w)(?i:xe|ô tô|oto|xe máy|biển|bs|taxi)(?: [^\W\d_]+){0,2}(?: số"
        r")?\s[1-9]\d\s?-?\s?[A-ZĐ]\d?\s\d{2,3}[\s.]\d{2,3}(?!\w)"
    ),
    _small(
        r"\b(?:xe|biển|ô tô|bks|bsx)\b[^.;\d]{0,25}\b(?:đuôi|cuối)\s\d{3}\.?\d{1,2}(?!\w|\s?(?:xe|người|lượt|vụ|m\b))"
    ),
    re.compile(
        r"(?<!\w)(?i:xe|ô tô|oto)(?: tải| con| khách| máy)? (?i:lào|campuchia|thái lan|trung quốc)"
        r":?\s(?i:biển |số )*[A-ZĐก-ฮ\d]{1,4}[\s\-]?\d{2,5}"
    ),
    re.compile(r"(?<!\w)(?:NG|QT|NN|CV|LX|LB|LD)[\s.\-]?\d{2,3}-\d{2,3}(?:-\d{2})?(?!\w)"),  # foreign missions, firms
    re.compile(r"(?<!\w)\d{2}-\d{3}-(?:NG|QT|NN|CV)-?\d{2}(?!\w)"),
    re.compile(r"(?<!\w)(?i:xe|ô tô|oto|xe máy|biển|bs|taxi)(?: số)?\s[1-9]\s?\d\s?[A-Za-zĐđ]\d?(?:\s\d){4,5}(?!\w)"),
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
    _small(
        r"\b(?:xe|biển(?: số)?|bks|bsx|ô tô)\b[^.;]{0,15}\b[1-9]\d\s?-?[a-zđ]{1,2}\d?,?\s"
        r"(?:số|đuôi|rồi|cuối)\s\d{3}\.?\d{1,2}(?!\w)"
    ),
    _small(
        r"\b(?:bks|bsx|biển kiểm soát|biển số xe|xe biển|biển xe)\b[^.;\d]{0,25}"
        r"\d{2,3}(?!\w|\s?(?:xe|người|lượt|vụ|m\b))"
    ),
    re.compile(
        r"(?<!\w)(?i:biển|xe)(?: số)? (?i:lào|campuchia|trung quốc|ngoại giao|nước ngoài|tạm):?\s"
        r"[A-ZĐ\d]{1,4}[\s\-]?\d{2,5}"
    ),
    re.compile(r"(?<![\w/])(?:[1-9]\d[\s\-]?)?(?:MĐ|MD|LD|NG|NN|QT|CV|DA|KT|HC|TĐ|R|RM)\d?[\s\-]\d{3}[.\-]\d{2}(?!\w)"),
    re.compile(r"(?<!\w)(?i:xe|biển|ô tô)(?: quân đội| quân sự| đỏ)*:?\s[ABHKPQTV][A-Z][\s\-]\d\d[\s.\-]\d\d(?!\w)"),
)
SAID_PLATES = (
    re.compile(
        r"(?<!\w)[1-9]\d\s(?:[a-zA-Z]{1,2}|bê|xê|đê|ép|gờ|giê|hát|ca|lờ|em|en|pê|ét|tê|vê|ích|dét)(?:\s?\d|\s(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín))?,?\s\d{4,5}(?!\w)"
    ),
)
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
    _small(
        r"\b(?:cháu|em|bé|người|nữ|nam|cô gái|học sinh|thiếu nữ)\b\D{0,15}\d{1,2}\s?(?:và|,|với)"
        r"\s?\d{1,2}\s?(?:tuổi|t)\b"
    ),
    _small(
        rf"(?<!\w)(?:s\s?[./]\s?n|d\s?[./]\s?o\s?[./]\s?b|n\s?[./]\s?s)\.?\s?[:\-]?\s?(?:{_DAY}|{_YEAR}|'?\d{{2}}(?!\d))"
    ),
    _small(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4} (?:là|\() ?(?:ngày )?sinh\b"),
    _small(_BORN, rf"(?:sinh|sn|ns|s)\.?\s?[:\-]?\s?(?:{_DAY}|{_YEAR}|2k\d)(?!\d)"),
    _small(r"\b(?:sn|sinh năm)\s?[:.]?\s?(?:'?\d{2}|2k\d{1,2})(?!\d)(?!\w?,?\s(?:ngõ|ngách|hẻm|kiệt|phố|đường)\b)"),
    _small(
        r"\b(?:born|birthday|date of birth|d\.o\.b\.?|dob|b\.)\s?(?:in|on|:)?\s?"
        r"(?:\d{1,2}[/.\- ]|(?:19|20)\d\d|[a-z]+\.? \d)"
    ),
    _small(rf"\b(?:quê|hktt|tuổi {_BRANCHES})\b\D{{0,12}}{_YEAR}(?!\d)"),
    _small(rf"\({_YEAR}\)[\s,]+(?:hktt|quê|trú|ở|người)\b"),
)
BIRTHS_IN_WORDS = (
    _small(rf"\b(?:ngày sinh|năm sinh|sinh nhật|ngày tháng năm sinh)\b[^.;\d]{{0,30}}{_SAID}"),
    _small(_BORN, rf"sinh (?:vào |hồi )?(?:ngày|tháng|năm|ngay|thang|nam)\s?:?\s?{_SAID}"),
    _small(
        _BORN,
        rf"sinh (?:vào |hồi |hôm |ngày )?(?:mùng |mồng )?(?:\d{{1,2}}|(?:[^\W\d_]+\s){{1,3}}) ?(?:tháng|thang) {_SAID}",
    ),
    _small(rf"\b(?:ngày sinh|năm sinh|sinh nhật)\W{{1,3}}(?:ngày |năm )?{_SAID}"),
    _small(rf"\btuổi (?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý) {_BRANCHES}\b"),
)
_AT = r"(?:@|\(at\)|\[at\]|at|a còng|a cong|a-còng|a móc)"
_DOT = r"(?:\.|\(dot\)|\[dot\]|dot|chấm|cham)"
EMAILS = (
    _small(rf"\w\s?{_AT}\s?[\w\-]+\s?{_DOT}\s?(?:com|vn|net|org|edu|gov|info|co)\b"),
    _small(r"\b(?:gmail|hotmail|yahoo|outlook|icloud|protonmail)\b\s?(?:\.|chấm|cham|dot)"),
)
_NETS = (
    r"(?:zalo|facebook|fb|face|instagram|insta|ig|locket|discord|kakao(?:talk)?|tiktok|telegram|tele|viber|wechat|whatsapp|skype|twitter|youtube|line|"
    r"threads|messenger)"
)
PROFILES = (
    re.compile(r"(?<!\w)IP(?:v4)?\b[^.;\d]{0,15}\d{1,3}(?:\.\d{1,3}){3}(?!\d)"),
    _small(rf"\b{_NETS}\b(?:\s(?:id|nick|acc|account|tên|cá nhân|là|của))*\s?(?:[:=@\"“]|\bid\b)\s?\S+"),
    _small(rf"\b(?:nick|acc|account|tài khoản)\s{_NETS}\s\S+|\blive:\w"),
    _small(r"\b(?:e?mail|snapchat|discord)\s?:\s?[a-z][\w.]{3,}|\bdiscord\s\w+#\d{4}|\bsnapchat\s(?=\w*[\d_.])\w{4,}"),
    _small(rf"\b{_NETS}\s(?:id|nick|acc|account|cá nhân)\s\S+"),
    _small(rf"\b{_NETS}\s?[/\\]?\s?(?=[a-z._\d]*(?:\d|[._][a-z]))[a-z][\w.]{{3,}}"),
    _small(
        r"\b(?:bit\.ly|goo\.gl|tinyurl\.com|m\.me|linktr\.ee|t\.ly|discord\.gg|zaloapp\.com|zalo\.me|wa\.me|onlyfans\.com|locket)\s?/\s?\S+"
    ),
)
ADDRESSES = (
    re.compile(
        r"(?<!\w)(?i:nơi |địa chỉ |đăng ký )?(?i:thường trú|tạm trú|cư trú)(?i:\s?:\s?\w|\s(?:tại |ở )?"
        r"(?:ấp|thôn|xã|xóm|tổ|phường|số|bản|buôn|khu|khối|làng|đường|huyện|quận|tỉnh|tp)\s)(?-i:[A-ZĐ\d]|(?<=:\s\w)\w)"
    ),
    _small(
        r"\b(?:nhà ở|kt[123] (?:tại|ở)|hộ khẩu (?:tại|ở)) (?:tại |số )?\d|\b(?:ở|tại) căn (?:hộ "
        r")?[a-z]?\d{1,2}[.\-]\d{2}"
    ),
    _small(
        r"\bquê\s?:\s?\w|\bngụ (?:tại |ở )?\d|\b(?:nơi cư trú|nơi đăng ký thường trú|chỗ ở hiện (?:nay|tại))"
        r"\s?[:\s]\s?\w"
    ),
    _small(r"\b(?:quê quán|nguyên quán|sinh quán|trú quán|chính quán)\s?[:\s]\s?\w"),
    _small(r"\bcăn \d{1,2}[A-Z]? (?:lô|tòa|block|nhà|chung cư|tầng)\b|\btọa độ nhà(?: riêng| ở)?\s?:?\s\d"),
    _small(r"\b(?:hktt|đkhktt|nơi thường trú|hộ khẩu(?: thường trú)?)\s?[:\s]\s?\w|\bnhà ở (?:tại )?số \d"),
)

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
