"""Names of persons that a form gives away: initials beside a name, 'tên' after a person, names of other peoples.

The Ê Đê, Gia Rai and Mơ Nông write Y, H' and K' before a name; the Hmông put A, Seo or Mí between clan and name.
Streets are shortened too ('phố Lê V. Lương'): what follows a word for a place is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from geo.records.validation.privacy_names import UPPER
from geo.records.validation.privacy_words import SURNAMES

_UPPER = f"[{UPPER}]"
_NAME = rf"{_UPPER}[^\W\d_]+"
_SHORT = rf"(?:{'|'.join(SURNAMES)}|Ng|Ngu|Tr|Ph)"
_INITIALS = re.compile(rf"(?<![\w.]){_SHORT}\s?(?:\.\s?(?:{_UPPER}|{_NAME}|[vt])|\s{_UPPER})\.\s?{_NAME}")
_CLANS = (
    "Vàng|Giàng|Sùng|Thào|Lầu|Lý|Ly|Ma|Má|Mã|Tráng|Cư|Cứ|Vừ|Hạng|Hầu|Mùa|Sình|Sồng|Chang|Cháng|Hờ|Phàng|Lù|Chảo|"
    "Phàn|Tẩn"
)
_PEOPLES = (
    re.compile(rf"(?<!\w)(?:{_CLANS})\s(?:A|Seo|Mí|Chứ|Pà|Láo|Sín|Diếu)\s{_NAME}"),
    re.compile(
        rf"(?<!\w)(?<!học )(?<!khoa )Y\s(?!T[ếẾ]\b|(?:Học|Khoa|Dược|Sinh|Tá|Sĩ|Đức|Tý)\b)"
        rf"{_UPPER}[a-zà-ỹăđơưê]+\s{_NAME}"
    ),
    re.compile(rf"(?<!\w)[HK]['’ʼ](?!M[ôo]ng\b|MÔNG\b|Leo\b|leo\b|Re\b|rê\b){_NAME}"),
    re.compile(
        rf"(?<!\w)(?:Rơ Châm|Rơ Mah|Rơ Lan|Rơ Ô|Rah Lan|Rmah|Ksor|Kpă|Kpuih|Siu|Niê|Êban|Ayun|Mlô|Đinh Y)\s"
        rf"(?:{_NAME}|[HKY]['’]?\s?{_NAME})"
    ),
    re.compile(rf"(?<!\w)(?:Bh['’ʼ]?[rn]\w+|Alăng|Bríu|Zơrâm|Pơloong|Arâl|Coor|Bling|Hốih|Bhling)\s{_NAME}"),
    re.compile(rf"(?<!\w)(?:Tôn Nữ|Công Huyền|Công Tằng)\s{_NAME}"),
    re.compile(rf"(?<!\w)(?:thằng|bé|gã|mụ|ả|lão|con)\s{_NAME}"),
)
_PERSON = (
    "cô gái|chàng trai|thanh niên|phụ nữ|đàn ông|đối tượng|người|chủ quán|chủ nhà|chủ|nhân viên|bảo vệ|quản lý|khách|"
    "nam|nữ|anh|chị|em|bà|ông|cô|chú|cháu|bé"
)
_CALLED = re.compile(rf"(?<!\w)(?i:{_PERSON})(?: này| đó| ấy| kia)?,?\s(?:có\s)?(?i:tên)(?: là)?\s[\"“']?{_NAME}")


def holds_name_by_form(text: str, follows_place: Callable[[str, int], bool]) -> bool:
    """Whether a text (as a reader sees it) holds such a name; `follows_place`: whether a word for a place is before."""
    if _CALLED.search(text) or any(pattern.search(text) for pattern in _PEOPLES):
        return True
    return any(not follows_place(text, match.start()) for match in _INITIALS.finditer(text))
