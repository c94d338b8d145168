"""Words and figures of the dossiers in one language, from one catalogue file a language (`words/vi.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.i18n.message import Message
from geo.output.dossier.edition import Edition, Lang
from geo.output.shared.theme import Label, theme

_VIETNAMESE = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a language by key, and figures as this language writes them."""

    lang: Lang
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text `key` with its `{places}` filled; a key that the catalogue lacks is a `KeyError`."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def sentence(self, key: str, **values: object) -> str:
        """The text `key`, filled, its first letter large."""
        text = self(key, **values)
        return text[:1].upper() + text[1:]

    def maybe(self, key: str, default: str) -> str:
        """The text `key`, or `default` where the catalogue has none: for terms that data may add."""
        return self.texts.get(key, default)

    def label(self, label: Label) -> str:
        """A label of the theme in this language."""
        return label.en or label.vi if self.lang == "en" else label.vi

    def themed(self, key: str) -> str:
        """The words that the theme has for `key`."""
        return self.label(theme().text(key))

    def message(self, code: str) -> str:
        """The message of a code of the catalogues."""
        return Message(code).text(self.lang)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with this language's separators: 1.234,5 in Vietnamese, 1,234.5 in English."""
        text = f"{value:,.{decimals}f}"
        return text.translate(_VIETNAMESE) if self.lang == "vi" else text

    def metres(self, value: float) -> str:
        """A length in whole metres; what is longer than nothing is never written as zero."""
        return f"< {self.number(1)} m" if 0 < value < 0.5 else f"{self.number(value)} m"

    def percent(self, share: float) -> str:
        """A share (0 to 1) with one decimal."""
        return f"{self.number(share * 100, 1)} %"

    def day(self, day: date) -> str:
        """A day, day first."""
        return f"{day:%d/%m/%Y}"

    def listed(self, names: Iterable[str]) -> str:
        """Names with commas, and 'and' before the last."""
        known = list(names)
        if len(known) < 2:
            return "".join(known)
        return f"{', '.join(known[:-1])} {self('and')} {known[-1]}"


def words(edition: Edition) -> Words:
    """The words of an edition.

    Raises
    ------
    InputError
        The office's own catalogue is not TOML (with its line), or holds something other than texts.
    DataFileMissingError
        A catalogue can't be read.
    """
    shipped, own = edition.words_file()
    texts = dict(_read(shipped, shipped.stat().st_mtime_ns))
    if own is not None:
        texts |= _read(own, own.stat().st_mtime_ns)
    return Words(edition.lang, texts)


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> Mapping[str, str]:
    del stamp  # part of the key only: a changed file is read again
    try:
        raw = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = f"compare with the shipped {path.name}"
        raise InputError(Problem(f"is not a catalogue: {error}", str(path), remedy)) from error
    wrong = [key for key, value in raw.items() if not isinstance(value, str)]
    if wrong:
        raise InputError([Problem(f"'{key}' is not a text", str(path), "put it in quotation marks") for key in wrong])
    return raw
