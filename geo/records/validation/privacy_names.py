"""Names of persons without a form of address: a surname and further syllables in capitals, which is no known place.

Most streets bear the names of persons, so a name is suspected only where nothing says that it is a place: no word for a
place or for a way to it stands before it, no other name is joined to it, and it is neither a street nor a ward of
`data/place_names.txt`. What is left over errs towards taking a text: a name on the list, or after 'tại', passes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from geo.records.validation.privacy_words import (
    AMBIGUOUS_SURNAMES,
    DAYS_BEFORE,
    MIDDLE_NAMES,
    MORE_MIDDLES,
    NO_NAMES,
    PLACE_NAMES,
    PLACE_WORDS,
    SURNAMES,
    TOWARDS_PLACES,
    WHAT_PERSONS_DO,
    all_surnames,
    listed,
    sure_surnames,
)
from geo.reference.names import plain
from geo.settings import data_dirs

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
NAME = re.compile(rf"(?<!\w)((?:{'|'.join(SURNAMES)})(?:\s[{UPPER}][a-zà-ỹđ]*){{1,3}})(?!\w)")
"""A surname and one to three further syllables, each with a capital."""
_WHOLE = re.compile(
    rf"(?<!\w)((?:(?:{'|'.join(dict.fromkeys(SURNAMES + all_surnames()))})(?:\s[{UPPER}][a-zà-ỹđ]+){{2,3}}"
    rf"|[{UPPER}][a-zà-ỹđ]+\s(?:Thị|Văn)(?:\s[{UPPER}][a-zà-ỹđ]+){{1,2}}))(?!\w)(?!\s[{UPPER}])"
)
"""A surname, of whatever people, and two or three further syllables, and no more; any word before 'Thị' and 'Văn'."""


_ENGLISH_PLACE = re.compile(r"\s?(?:Street|St|Road|Avenue|Bridge|Lake|Market|Ward|District|Square|Lane|Alley|Park)\b")


def holds_bare_name(text: str) -> bool:
    """Whether a text (NFC) holds what must be the name of a person."""
    return any(_is_person(text, match) for match in NAME.finditer(text)) or any(
        _is_whole(text, match) for match in _WHOLE.finditer(text)
    )


def _is_whole(text: str, match: re.Match[str]) -> bool:
    syllables = match[1].split()
    if " ".join(syllables[:2]).casefold() in NO_NAMES or syllables[1] in ("Hóa", "Phòng", "Nghệ"):
        return False
    surname, middle = syllables[:2]
    if middle not in ("Thị", "Văn") and surname not in _SURE and middle not in _MIDDLES:
        return False
    if middle in ("Thị", "Văn") and surname.casefold() in PLACE_WORDS | _NO_SURNAMES:
        return False
    before, after = text[: match.start()], text[match.end() :]
    if leads_to_place(before) or re.match(r"\s*[-–/]\s*\w", after) or _ENGLISH_PLACE.match(syllables[-1]):
        return False
    return not is_place(syllables) and not is_place(syllables[1:])


_BEGIN_PLACES = AMBIGUOUS_SURNAMES - {"Hoàng", "Vũ", "Đào", "Tạ", "Tống", "Vương", "Nghiêm", "Quách", "Tô", "Lương"}
_SURE = frozenset(SURNAMES + sure_surnames()) - _BEGIN_PLACES
_MIDDLES = MIDDLE_NAMES | frozenset(MORE_MIDDLES)
_NO_SURNAMES = frozenset(
    listed("đô, siêu, nội, ngoại, thành, phú, sở, nhà, hội, ga, ban, tổ, khoa, cung, bảo, hồ, đoàn")
)
"""What stands before 'Thị' and 'Văn' where these belong to a word: 'Đô Thị', 'Hội Văn Nghệ'."""


def _is_person(text: str, match: re.Match[str]) -> bool:
    syllables = match[1].split()
    before, after = text[: match.start()], text[match.end() :]
    if leads_to_place(before) or re.match(r"\s*[-–/]\s*\w", after):
        return False
    return _sounds_like_person(syllables, after) and not is_place(syllables)


def _sounds_like_person(syllables: list[str], after: str) -> bool:
    surname, second = syllables[0], syllables[1]
    if " ".join(syllables[:2]).casefold() in NO_NAMES:
        return False
    if len(syllables) == 2:
        return surname not in AMBIGUOUS_SURNAMES and bool(_DOES.match(after))
    return surname not in AMBIGUOUS_SURNAMES or second in MIDDLE_NAMES


_DOES = re.compile(rf"\s+(?:{'|'.join(WHAT_PERSONS_DO)})(?!\w)")


def leads_to_place(before: str) -> bool:
    """Whether the words just before a name say that a place follows, or that the name goes on from them."""
    if before.rstrip().endswith(("-", "–", "/")):
        return True
    words = re.split(r"[.;:!?]", last_two(before))[-1].replace(",", " , ").split()[-2:]
    if not words or words[-1] == ",":
        return False
    tail = [word.casefold() for word in words]
    if " ".join(tail) in DAYS_BEFORE | {"gia đình"} or (tail[-1] == "cung" and before.isascii()):
        return False  # 'cung' is 'cùng' without its mark
    if tail[-1] in PLACE_WORDS | TOWARDS_PLACES or " ".join(tail) in PLACE_WORDS:
        return True
    # 'Trường Lê Quý Đôn', 'Times City Nguyễn Khoái': a capital that does not begin the sentence.
    return len(words) > 1 and words[-1][0].isupper()


def last_two(before: str) -> str:
    """The last two words of the last line: all that is looked at of a long text, before each of its words."""
    return " ".join(before.rpartition("\n")[2].rsplit(maxsplit=2)[-2:])


def is_place(syllables: list[str]) -> bool:
    """Whether a name, or how it begins, is that of a street or ward; without diacritics, of any that is written so."""
    name = " ".join(syllables).casefold()
    known = plain_places() if name.isascii() else place_names()
    return any(" ".join(name.split()[:end]) in known for end in range(2, len(syllables) + 1))


def place_names() -> frozenset[str]:
    """Streets and wards whose names could be those of persons, folded to small letters; none where the list is missing.

    From `place_names.txt` of the data set and of each added city, a name a line, after lines that begin with '#'.
    """
    return _names_of(data_dirs())


@cache
def plain_places() -> frozenset[str]:
    """The same without diacritics."""
    return frozenset(map(plain, place_names()))


def short_place_names() -> frozenset[str]:
    """Wards, communes, districts and streets, whose names of two syllables could be given names; small letters."""
    return _lines_of("short_place_names.txt", data_dirs())


@lru_cache(maxsize=4)
def _lines_of(name: str, folders: tuple[Path, ...]) -> frozenset[str]:
    files = [folder / name for folder in folders]
    lines = [line for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]
    names = (unicodedata.normalize("NFC", line).strip().casefold() for line in lines if not line.startswith("#"))
    return frozenset(filter(None, names))


@lru_cache(maxsize=4)
def _names_of(folders: tuple[Path, ...]) -> frozenset[str]:
    return _lines_of("place_names.txt", folders) | PLACE_NAMES | named_after()


@cache
def named_after() -> frozenset[str]:
    """After whom streets and schools are named everywhere."""
    lines = (Path(__file__).parent / "persons" / "named_after.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name.strip().casefold() for line in lines if not line.startswith("#") for name in line.split(","))
