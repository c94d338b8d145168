"""Which passwords are refused: too short, made of the account's own name, or among those that everybody tries first.

`common_passwords.txt` has words of this service, of offices and of everyday passwords in Việt Nam, of which no password
consists alone. `frequent_passwords.txt.gz` has the 3,000 most frequent passwords of at least five characters, 800
frequent given names, and all passwords of twelve characters and more among the 30,000 most frequent ones, after the
lists of zxcvbn 4.5.0 (MIT). A password is refused that is one of these or two in a row, with whatever numbers.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from geo.records.validation.entry_checks import Fault, fault
from geo.reference.names import plain

MIN_PASSWORD = 12
MAX_PASSWORD = 256
_FEWEST_SIGNS = 5
_LEET = str.maketrans("013457@$!", "oleastasi")
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgb",
    "1qaz2wsx3edc",
)


def password_faults(username: str, password: str) -> Iterator[Fault]:
    """What is wrong with a password; nothing where it may be used."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        yield fault("password", "records.password-length", count=len(password), least=MIN_PASSWORD, most=MAX_PASSWORD)
    if username.casefold() in password.casefold() or len(set(password)) < _FEWEST_SIGNS:
        yield fault("password", "records.password-easy")
    elif is_common(password):
        yield fault("password", "records.password-common")


def is_common(password: str) -> bool:
    """Whether a password is made of what everybody tries first: words of the list, runs of keys, years and numbers.

    >>> is_common("Password12345"), is_common("matkhau@2026!!"), is_common("sáu cây cầu bắc ngang")
    (True, True, False)
    """
    typed = plain(password)
    readings = {re.sub(r"[^a-z0-9]", "", text) for text in (typed, typed.translate(_LEET))}
    return any(not _rest(reading) or _is_frequent(reading) for reading in readings)


def _is_frequent(text: str) -> bool:
    """Whether a text is a frequent password or two of them, with whatever numbers before and behind."""
    known, bare = _frequent(), text.strip("0123456789")
    if text in known or bare in known:
        return True
    return any(bare[:place] in known and bare[place:] in known for place in range(1, len(bare)))


def _rest(text: str) -> str:
    """What is left of a text without words of the list, runs of keys and numbers; the longest are taken out first."""
    for word in _words():
        text = text.replace(word, " ")
    for row in _ROWS:
        for run in (row, row[::-1]):
            for size in range(len(run), 3, -1):
                for begin in range(len(run) - size + 1):
                    text = text.replace(run[begin : begin + size], " ")
    text = re.sub(r"(.)\1{2,}", " ", text)
    return re.sub(r"[0-9 ]", "", text) if len(re.sub(r"[0-9 ]", "", text)) > 2 else ""


@cache
def _words() -> tuple[str, ...]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split()
    return tuple(sorted(set(lines), key=lambda word: (-len(word), word)))


@cache
def _frequent() -> frozenset[str]:
    packed = Path(__file__).with_name("frequent_passwords.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode().split()
    return frozenset(re.sub(r"[^a-z0-9]", "", plain(line)) for line in lines) - {""}
