"""No persons: what looks like a name, number, address or portrait of somebody is refused, with the reason.

The records are about places and duties. Free text is the one way by which a person could slip in, so every text is
screened before it is stored. Rules lean towards refusing; what officials write every day about places (dates, document
numbers, chainages, coordinates, lengths, streets named after people) must pass.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from geo.cache import Cache
from geo.records.validation.hidden_names import holds_hidden_name
from geo.records.validation.hidden_numbers import BARRIER, numbers_in
from geo.records.validation.names_by_call import holds_call_name
from geo.records.validation.names_by_form import holds_name_by_form
from geo.records.validation.names_in_context import holds_name_in_context
from geo.records.validation.numbers import labelled
from geo.records.validation.numbers.homes import is_home
from geo.records.validation.numbers.said import as_digits
from geo.records.validation.persons import holds_name_by_lexicon
from geo.records.validation.persons.surroundings import is_business, may_be_given
from geo.records.validation.privacy_names import UPPER, holds_bare_name, place_names
from geo.records.validation.privacy_words import (
    ALL_CAPS_WORDS,
    HONORIFICS,
    PLACE_NAMES,
    PLACE_WORDS,
    REFUSED_COLUMNS,
    REFUSED_EXACT_COLUMNS,
    ROLES_OF_PERSONS,
    SURNAMES,
)
from geo.records.validation.typed import as_meant, as_written_in_old_fonts
from geo.reference.names import plain
from geo.settings import data_dirs

TELEPHONE = "records.private-telephone"
IDENTITY = "records.private-identity"
EMAIL = "records.private-email"
PROFILE = "records.private-profile"
PLATE = "records.private-plate"
ACCOUNT = "records.private-account"
BIRTH = "records.private-birth"
NAME = "records.private-name"
ADDRESS = "records.private-address"
LONG_NUMBER = "records.private-number"


def _not_after(*words: str) -> str:
    """A regular expression that refuses to begin just after one of these words and a space."""
    return "".join(rf"(?<!\b{word} )" for word in words)


_GAP = r"[\s.\-–()/]{0,2}"
_ZERO = r"[0oO]"

_HARMLESS = re.compile(
    # dates; without a year only with a slash, because '09.12 345 678' is a telephone number
    r"(?<![\d./\-])(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:0?[1-9]|1[0-2])\s?[/.\-]\s?(?:19|20)\d\d(?![\d/]|[.\-]\d)"
    r"|(?<![\d./\-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/]|[.\-]\d)"
    r"|(?<![\d\-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)\d{1,6}(?:/\d{4})?/[A-ZĐa-zđ]{1,10}(?:[-–][A-ZĐa-zđ\d]{1,10})*"  # 07/KH-UBND, 10/2003/PL-UBTVQH11
    r"|(?i:\bkm)\s?\d{1,4}(?:\s?\+\s?\d{1,3}(?:[.,]\d+)?)?(?!\d)|(?<![\d+])\d{1,4}\s?\+\s?\d{3}(?!\d|\s?\+\s?\d)"
    r"|(?<![\d.,])(?:10[2-9]|1\d|2[0-3])[.,]\d{3,15}(?!\d)"  # degrees
    r"|(?<!\d)\d{1,3}(?:[.,]\d{3}){0,2}(?:,\d+)?\s?(?:m|km|mét|m2|m²|ha|người|lượt|vụ)(?!\w)"
    r"|(?<![\d.,])\d{1,3}(?:[.,]\d{3}){0,4}(?:,\d+)?\s?(?i:đồng|triệu|tỷ|đ|vnđ|vnd|nghìn|ngàn|k|usd|tr)(?!\w)"
    r"|(?<![\d.])1[89]00[ .]?\d{4}(?:[ .]?\d\d)?(?!\d)"  # numbers that anybody may call, 1800 and 1900
    r"|(?<!\d)[012]?\d[:hg][0-5]\d(?!\d)"  # times of day
    r"|(?<!\d)(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d(?!\d)"  # spans of years
)
_PHONE = re.compile(
    rf"(?<![\d.,])(?:(?:\+|00)?\s?84{_GAP}{_ZERO}?|{_ZERO}){_GAP}(?:[35789]|1{_GAP}[2689]|2{_GAP}\d)"
    rf"(?:{_GAP}[\doO]){{8,9}}(?!\d)"
)
_SPELLED = r"(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín)"
_SPELLED_NUMBER = re.compile(rf"(?:\b{_SPELLED}\b[\s,.\-]*){{8,}}", re.I)
_PHONE_WORD = re.compile(
    r"\b(?:sđt|sdt|đt|dt|điện thoại|dien thoai|di động|hotline|phone|tel|mobile|liên hệ|zalo)\b"
    r"\D{0,20}(?:\d[\s.\-]*){6,}",
    re.I,
)
_IDENTITY_WORD = re.compile(
    r"\b(?:cccd|cmnd|cmt|cmtnd|căn cước|can cuoc|chứng minh (?:thư|nhân dân)|định danh|hộ chiếu|ho chieu|passport|"
    r"mã số thuế|bhxh)\b"
    r"\D{0,25}\w?(?:\d[\s.\-]*){5,}",
    re.I,
)
_IDENTITY = re.compile(r"(?<![\d.,])(?:\d[\s.\-]?){11}\d(?![\d])|(?<![\d.,])\d{3}[\s.\-]?\d{3}[\s.\-]?\d{3}(?![\d])")
_PASSPORT = re.compile(r"\b[A-Z]\d{7,8}\b")
_LONG = re.compile(r"(?<![\d.,])\d{8,}")
_EMAIL = re.compile(
    # One character before the sign is enough to find it; a run of them would take time by the square of its length.
    r"[\w.+\-]\s?(?:@|\(at\)|\[at\])\s?[\w\-]+\s?(?:\.|\(dot\)|\[dot\])\s?\w{2,}|\b(?:gmail|yahoo)\b",
    re.I,
)
_PROFILE = re.compile(
    r"\b(?:facebook|fb|instagram|tiktok|zalo|threads|twitter|telegram|t|x|m|wa)\.(?:com|me|vn)/\S*"
    r"|\byoutube\.com/@\S*"
    r"|\b(?:facebook|fb|zalo|viber|telegram|tiktok|instagram|insta|nick|nickname|wechat|line id)\s?[:=]\s*\S+"
    r"|(?<![\w@])@[A-Za-z]\w{2,}",
    re.I,
)
_PLATE = re.compile(
    r"(?<![\w/])[1-9]\d\s?[-.]?\s?(?:[A-ZĐ]{1,2}|[a-gk-lnp-z])\d?\s?[-–. ]?\s?(?:\d{3}[. ]?\d{2})(?!\w)"
    r"|(?<![\w/])[1-9]\d\s?-?\s?[A-ZĐ]{1,2}\d?-\d{4}(?!\w)"
    r"|(?<![\w/])[1-9]\d-[A-ZĐ]\d [\d.]{4,6}(?!\w)",
)
_PLATE_WORD = re.compile(r"\b(?:biển (?:số|kiểm soát|xe)|bien so|bks|bsx)\b\D{0,15}\d", re.I)
_ACCOUNT = re.compile(
    r"\b(?:stk|số tài khoản|so tai khoan|tài khoản|tai khoan|số thẻ|iban)\b\D{0,25}(?:\d[\s.\-]*){6,}", re.I
)
_BIRTH = re.compile(
    _not_after("học", "phát", "vệ", "nảy", "dân", "an", "y", "tái")
    + r"\b(?:sinh (?:ngày|năm)|sinh:?|ngày sinh|năm sinh|dob|sn)"
    r"[\s:]{0,3}(?:ngày )?(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|(?:19|20)\d\d)",
    re.I,
)
_AGE = re.compile(
    r"\b(?:nam|nữ|bé gái|bé trai|bé|cháu|nữ sinh|nam sinh|cô gái|cô|chị|anh|em|bà|ông|thanh niên|phụ nữ|"
    r"đối tượng|người này)\b\D{0,20}\b\d{2}\s?(?:tuổi|t)\b"
    r"|\b\d{2} tuổi,? (?:nam|nữ)\b(?! giới)|(?<=[a-zà-ỹ]), \d{2} tuổi\b|\b\d{2} tuổi,? (?:quê|người|trú|"
    r"ngụ|hktt)\b|\b(?:nam|nữ),? (?:19[4-9]\d|200\d)\b",
    re.I,
)
_DWELLING = re.compile(
    r"\b(?:căn hộ|can ho|phòng trọ)\s?(?:số\s?)?:?\s?[A-Z]?\d(?!\d*\s(?:phòng|m))"
    r"|\bcăn (?:số )?[A-Z]?\d{3,4}\b(?! ?(?:hộ|m))"
    r"|\b(?:nhà riêng|chỗ ở|nơi ở|địa chỉ nhà|thường trú|tạm trú|ngụ tại|trú tại|trọ tại|sống tại)\b[^.;]{0,20}?\d"
    r"(?!\d*\s(?:người|khách|lượt|trường hợp|hộ|lao động|nữ|nam|cháu))",
    re.I,
)
_ROOM = re.compile(
    r"(?<!mở )(?<!kiểm tra )(?<!khóa )\b(?:phòng số|phòng(?= \d{3}(?![.,]\d)))\s?(?:số\s?)?:?\s?[A-Z]?\d", re.I
)
"""Not 'từ chối mở phòng 305', which says of nobody that it is theirs."""
_HOUSE = re.compile(
    r"\b(?:số nhà|nhà số|so nha|nha so)\s?(?:số\s?)?:?\s?[A-Z]?\d|\bnhà \d{1,4}[A-Za-z]?(?:/\d{1,4}){1,4}"
    r"|"
    + _not_after("đường", "phố", "km", "mốc", "cột", "đèn", "điểm", "trạm", "đội", "tổ", "bến", "cổng", "lô", "trí")
    + r"\bsố \d{1,4}[A-Za-z]?(?:[/\-]\d{1,4}[A-Za-z]?)*,?\s(?:ngõ|ngách|hẻm|kiệt|đường|phố)\b"
    r"|"
    + _not_after("ngõ", "ngách", "hẻm", "kiệt", "lối", "đường", "phố")  # a lane, which is a place
    + r"(?<![\d/])\b\d{1,4}[A-Za-z]?(?:/\d{1,4}){1,4},?\s(?:ngõ|ngách|hẻm|kiệt|đường|phố)\b",
    re.I,
)
_LABELLED_NAME = re.compile(
    r"\b(?:họ (?:và )?tên|ho (?:va )?ten|tên (?:người|là|thật|gọi)|tên đối tượng|danh tính|full ?name|biệt danh|tức)"
    rf"\s?[:=]?\s?(?:[\"“'])?[{UPPER}]"
)
_HONORIFIC = re.compile(rf"(?<!\w)((?i:{'|'.join(HONORIFICS)}))\.?\s([{UPPER}][\w]*)((?:\s[{UPPER}]\w*)*)")
_PERSON_ROLE = re.compile(rf"(?<!\w)(?i:{'|'.join(ROLES_OF_PERSONS)})\s?:?\s(?:{'|'.join(SURNAMES)})\s[{UPPER}]")
_MALE_NAME = re.compile(rf"(?<!\w)(?:do|của|gặp|với|bởi|khách)\s(?:{'|'.join(SURNAMES)})\s(?:Văn|VĂN)\s[{UPPER}]")
_FEMALE_NAME = re.compile(rf"(?<!\w)(?:{'|'.join(SURNAMES)})\s(?:Thị|THỊ)\s[{UPPER}]\w*(?:\s[{UPPER}]\w*)?")
_BARE_HONORIFIC = re.compile(
    rf"(?<!\w)(?:ong|anh|chi|ba)\s(?:{'|'.join(plain(name).title() for name in SURNAMES)})\s[A-Z]"
)


# Documents, offices and texts of plans come again and again, and each takes milliseconds to judge: those of the data
# set were most of the first start. Reasons are stored by a digest: no text of somebody stays in memory.
_JUDGED: Cache[bytes, tuple[str, ...]] = Cache(8_192)
_KEY = secrets.token_bytes(16)


def screen(text: str) -> tuple[str, ...]:
    """Why `text` must not be stored, as codes of messages; empty when nothing speaks against it.

    >>> screen("Tụ tập sau 22h tại Km 12+300, theo văn bản 07/KH-UBND ngày 07/01/2026")
    ()
    >>> screen("Gọi 0912 345 678")
    ('records.private-telephone',)
    """
    if not text:
        return ()
    return _JUDGED.get(_digest(text), lambda: _judged(text), data_dirs)  # in which names of places are listed


def _digest(text: str) -> bytes:
    """Stands for a text that may be about a person, and from which nobody reads it: only this process knows the key."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=_KEY).digest()


def _judged(text: str) -> tuple[str, ...]:
    clean = _visible(text)
    has_digits = bool(_ANY_DIGIT.search(as_digits(clean)))
    streams = _HARMLESS.sub(f" {BARRIER} ", labelled.DOCUMENTS.sub(f" {BARRIER} ", clean)) if has_digits else clean
    numbers = streams.replace(BARRIER, "\N{MIDDLE DOT}")
    tests = (*_TESTS_OF_DIGITS, *_TESTS_OF_WORDS) if has_digits else _TESTS_OF_WORDS
    reasons = {reason for reason, test in tests if test(clean, numbers)}
    found = [reason for reason in _ORDER if reason in reasons]
    found = _with_hidden(clean, streams, found)
    if NAME not in found and any(_names_somebody(_visible(reading)) for reading in _raw_readings(text)):
        found.append(NAME)
    if LONG_NUMBER in found and len(found) > 1:
        found.remove(LONG_NUMBER)
    return tuple(found)


def _raw_readings(text: str) -> Iterator[str]:
    """What a text also says, before its signs are folded."""
    if "\t" in text:
        yield text.replace("\t", "; ")  # a row of a table: what stands in the cell before is no word before a name
    yield from as_written_in_old_fonts(text)


def _with_hidden(clean: str, streams: str, found: list[str]) -> list[str]:
    """What was found, with what is found only when a disguise is looked through."""
    telephone, identity = numbers_in(streams)
    if not (telephone and identity) and (said := as_digits(streams)) != streams:
        also = numbers_in(said)
        telephone, identity = telephone or also[0], identity or also[1]
    hidden = {
        TELEPHONE: TELEPHONE not in found and (telephone or _said(streams, labelled.SAID_PHONES)),
        IDENTITY: IDENTITY not in found and identity,
        NAME: NAME not in found and holds_hidden_name(clean),
    }
    return found + [reason for reason, is_there in hidden.items() if is_there]


def refused_column(header: str) -> bool:
    """Whether a column of this heading would hold something about persons (`họ tên`, `SĐT`, `CCCD`, `địa chỉ`)."""
    key = " ".join(re.findall(r"[a-z0-9]+", plain(_visible(header))))
    return key in REFUSED_EXACT_COLUMNS or any(f" {word} " in f" {key} " for word in REFUSED_COLUMNS)


def _in_order(marks: re.Match[str]) -> str:
    """Marks of a letter with its own before its tone, as Vietnamese is composed; typed otherwise they look alike."""
    return "".join(sorted(marks[0], key=lambda mark: mark not in "\N{COMBINING CIRCUMFLEX ACCENT}\u0306\u031b"))


_ANY_DIGIT = re.compile(r"\d")
_MARKS = re.compile(r"[\u0300-\u036f]{2,}")


def _visible(text: str) -> str:
    """The text as a reader sees it: compatibility forms folded, marks in order, characters without width taken out."""
    folded = unicodedata.normalize("NFKC", _MARKS.sub(_in_order, unicodedata.normalize("NFKD", text)))
    return "".join(" " if char.isspace() else char for char in folded if unicodedata.category(char) != "Cf")


def _names_somebody(text: str) -> bool:
    return _names_as_written(text) or any(
        _names_as_written(reading) or holds_hidden_name(reading) for reading in _other_readings(text)
    )


_GLUED = re.compile(rf"(?<=[{UPPER.lower()}])(?=[{UPPER}][{UPPER.lower()}])")
"""Between 'chị' and 'Thanh' in 'chịThanh' and 'IMG_anhThanh_01'."""


def _other_readings(text: str) -> Iterator[str]:
    """The text with its keys as letters, and with words apart that are glued."""
    yield from as_meant(text)
    apart = _GLUED.sub(" ", text)
    if apart.count(" ") > text.count(" "):
        yield apart.replace("_", " ")


def _names_as_written(text: str) -> bool:
    if any(pattern.search(text) for pattern in (_LABELLED_NAME, _PERSON_ROLE, _MALE_NAME, _BARE_HONORIFIC)):
        return True
    if holds_bare_name(text) or holds_name_by_form(text, _follows_place) or holds_name_in_context(text):
        return True
    if holds_call_name(text) or holds_name_by_lexicon(text):
        return True
    if any(_is_woman(text, match) for match in _FEMALE_NAME.finditer(text)):
        return True
    return any(_is_person(text, match) for match in _HONORIFIC.finditer(text))


def _is_person(text: str, match: re.Match[str]) -> bool:
    title, name, rest = match.groups()
    before = _words_before(text, match.start())
    if _after_place_word(before) or (title[0].isupper() and is_business(before)):
        return False
    if title.casefold() in ("em", "con") and before and before[-1].casefold() in ("anh", "chị", "bà"):
        return False  # 'chị em Hội Phụ nữ'
    phrase = f"{title} {name}{rest}".casefold()
    longer = f"{before[-1]} {title} {name}".casefold() if before else ""
    if phrase in PLACE_NAMES or longer in PLACE_NAMES:
        return False
    if title.isupper() and len(title) > 1 and (name.casefold() in ALL_CAPS_WORDS or not may_be_given(name + rest)):
        return False  # in a note that is all capitals only a given name says something
    # 'Đông Anh', 'Đào Duy Anh', 'Hai Bà Trưng': the last word of a longer place name, not a form of address.
    inside_name = bool(before) and title[0].isupper() and before[-1][:1].isupper()
    return not (inside_name and title.casefold() in {"anh", "bà", "ông", "em"})


def _is_woman(text: str, match: re.Match[str]) -> bool:
    if _after_place_word(_words_before(text, match.start())):
        return False
    return not any(match[0].casefold().startswith(place) for place in place_names())


def _words_before(text: str, position: int) -> list[str]:
    """Up to four words just before `position`; a comma, full stop or semicolon ends the reach."""
    reach = re.split(r"[,.;:(]", text[max(0, position - 40) : position])[-1]
    return reach.split()[-4:]


def _follows_place(text: str, position: int) -> bool:
    return _after_place_word(_words_before(text, position))


def _after_place_word(before: list[str]) -> bool:
    tail = [word.casefold().strip("–-") for word in before]
    if not tail or tail[-2:] == ["gia", "đình"]:
        return False
    return tail[-1] in PLACE_WORDS or " ".join(tail[-2:]) in PLACE_WORDS or before[-1] in {"-", "–"}


_Test = Callable[[str, str], bool]


def _on_text(*patterns: re.Pattern[str]) -> _Test:
    return lambda text, _: any(pattern.search(text) for pattern in patterns)


def _on_numbers(*patterns: re.Pattern[str]) -> _Test:
    return lambda _, numbers: any(pattern.search(numbers) for pattern in patterns)


def _on_digits(*patterns: re.Pattern[str]) -> _Test:
    """On the text, and on it with the numbers that are said in words as digits."""
    return lambda text, _: any(pattern.search(said) for said in {text, as_digits(text)} for pattern in patterns)


def _on_either(*patterns: re.Pattern[str]) -> _Test:
    """On the text as it is; where a plate is said, on its digits."""
    return lambda text, _: any(pattern.search(text) for pattern in patterns) or _said(text, labelled.SAID_PLATES)


def _said(text: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    """Whether a text holds one of these in words."""
    digits = as_digits(text)
    return digits != text and any(pattern.search(digits) for pattern in patterns)


# What could be a date, chainage or document number is taken out before numbers are judged; words are judged as written.
_TESTS_OF_DIGITS: tuple[tuple[str, _Test], ...] = (
    (TELEPHONE, _on_numbers(_PHONE, _PHONE_WORD, *labelled.PHONES)),
    (IDENTITY, _on_numbers(_IDENTITY, _IDENTITY_WORD, _PASSPORT, *labelled.IDENTITIES)),
    (PLATE, _on_either(_PLATE, *labelled.PLATES)),
    (PLATE, _on_digits(_PLATE_WORD)),
    (ACCOUNT, _on_digits(_ACCOUNT, *labelled.ACCOUNTS)),
    (BIRTH, _on_digits(_BIRTH, _AGE, *labelled.BIRTHS)),
    (ADDRESS, _on_text(_DWELLING, _ROOM)),
    (ADDRESS, lambda text, _: is_home(text, _HOUSE.finditer(text))),
    (LONG_NUMBER, _on_numbers(_LONG)),
)
"""What holds of no text without a digit: most names and notes are spared these."""
_TESTS_OF_WORDS: tuple[tuple[str, _Test], ...] = (
    (TELEPHONE, _on_numbers(_SPELLED_NUMBER)),
    (IDENTITY, _on_text(*labelled.OF_PATIENTS)),
    (EMAIL, _on_text(_EMAIL, *labelled.EMAILS)),
    (PROFILE, _on_text(_PROFILE, *labelled.PROFILES)),
    (BIRTH, _on_digits(*labelled.BIRTHS_IN_WORDS)),
    (NAME, lambda text, _: _names_somebody(text)),
    (ADDRESS, _on_text(*labelled.ADDRESSES)),
)
_ORDER = (TELEPHONE, IDENTITY, EMAIL, PROFILE, PLATE, ACCOUNT, BIRTH, NAME, ADDRESS, LONG_NUMBER)
"""In which reasons are named."""
