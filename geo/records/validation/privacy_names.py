"""Names of persons without a form of address: a surname and further syllables in capitals, which is no known place.

Most streets bear the names of persons, so a name is suspected only where nothing says that it is a place: no word for a
place or for a way to it stands before it, no other name is joined to it, and it is neither a street nor a ward of
`data/place_names.txt`. What is left over errs towards taking a text: a name on the list, or after 'tại', passes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from geo.records.validation.privacy_words import (
    AMBIGUOUS_SURNAMES,
    MIDDLE_NAMES,
    NO_NAMES,
    PLACE_NAMES,
    PLACE_WORDS,
    SURNAMES,
    TOWARDS_PLACES,
    WHAT_PERSONS_DO,
)
from geo.settings import data_dirs

_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
NAME = re.compile(rf"(?<!\w)((?:{'|'.join(SURNAMES)})(?:\s[{_UPPER}][a-zà-ỹđ]*){{1,3}})(?!\w)")
"""A surname and one to three further syllables, each with a capital."""


def holds_bare_name(text: str) -> bool:
    """Whether a text (NFC) holds what must be the name of a person."""
    return any(_is_person(text, match) for match in NAME.finditer(text))


def _is_person(text: str, match: re.Match[str]) -> bool:
    syllables = match[1].split()
    before, after = text[: match.start()], text[match.end() :]
    if _leads_to_place(before) or re.match(r"\s*[-–/]\s*\w", after):
        return False
    return _sounds_like_person(syllables, after) and not _is_place(syllables)


def _sounds_like_person(syllables: list[str], after: str) -> bool:
    surname, second = syllables[0], syllables[1]
    if " ".join(syllables[:2]).casefold() in NO_NAMES:
        return False
    if len(syllables) == 2:
        return surname not in AMBIGUOUS_SURNAMES and bool(_DOES.match(after))
    return surname not in AMBIGUOUS_SURNAMES or second in MIDDLE_NAMES


_DOES = re.compile(rf"\s+(?:{'|'.join(WHAT_PERSONS_DO)})(?!\w)")


def _leads_to_place(before: str) -> bool:
    """Whether the words just before a name say that a place follows, or that the name goes on from them."""
    if re.search(r"[-–/]\s*$", before):
        return True
    words = re.split(r"[.;:!?\n]", before)[-1].replace(",", " , ").split()[-2:]
    if not words or words[-1] == ",":
        return False
    tail = [word.casefold() for word in words]
    if tail[-1] in PLACE_WORDS | TOWARDS_PLACES or " ".join(tail) in PLACE_WORDS:
        return True
    # 'Trường Lê Quý Đôn', 'Times City Nguyễn Khoái': a capital that does not begin the sentence.
    return len(words) > 1 and words[-1][0].isupper()


def _is_place(syllables: list[str]) -> bool:
    known = place_names()
    return any(" ".join(syllables[:end]).casefold() in known for end in range(2, len(syllables) + 1))


def place_names() -> frozenset[str]:
    """Streets and wards whose names could be those of persons, folded to small letters; none where the list is missing.

    From `place_names.txt` of the data set and of each added city, a name a line, after lines that begin with '#'.
    """
    return _names_of(data_dirs())


@lru_cache(maxsize=4)
def _names_of(folders: tuple[Path, ...]) -> frozenset[str]:
    files = [folder / "place_names.txt" for folder in folders]
    lines = [line for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]
    names = (unicodedata.normalize("NFC", line).strip().casefold() for line in lines if not line.startswith("#"))
    return frozenset(filter(None, names)) | PLACE_NAMES
