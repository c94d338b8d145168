"""The words of the dossiers in one language: the shipped catalogue, and before it what an office words otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.i18n.message import Message
from geo.i18n.translator import Translator, translator
from geo.output.dossier.edition import Edition
from geo.output.shared.theme import theme
from geo.reference.programme.in_use import is_known


def words(edition: Edition) -> Translator:
    """The words of an edition: the domain `dossier`, overlaid with the office's own `vi.toml` or `en.toml`.

    Raises
    ------
    InputError
        The office's own catalogue is not TOML (with its line), or holds something other than texts.
    DataFileMissingError
        It can't be read.
    """
    shipped, own = translator(edition.lang, "dossier"), edition.own_words()
    if own is None:
        return shipped
    return replace(shipped, texts={**shipped.texts, **_read(own, own.stat().st_mtime_ns)})


def heads(w: Translator, *names: str) -> tuple[str, ...]:
    """The headings of a table's columns."""
    return tuple(w.text(f"head_{name}") for name in names)


def themed(w: Translator, key: str) -> str:
    """The words that the theme has for `key`."""
    return w.pick(theme().text(key))


def level_name(w: Translator, level: object) -> str:
    """An activity level."""
    return w.pick(theme().lines[str(level)].label) if is_known("level", level) else str(level)


def listed(w: Translator, names: Sequence[str]) -> str:
    """Names with commas, and 'and' before the last."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {w.text('and')} {names[-1]}"


def sentence(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> Mapping[str, str]:
    del stamp  # part of the key only: a changed file is read again
    try:
        raw = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("output.broken-words", str(path), reason=str(error))) from error
    wrong = [key for key, value in raw.items() if not isinstance(value, str)]
    if wrong:
        raise InputError([Problem("output.not-a-text", str(path), key=key) for key in wrong])
    return raw


def hidden(w: Translator, what: str) -> str:
    """That records of a kind are hidden from whoever the edition is for."""
    return Message(f"visibility.{what}-hidden").text(w.lang)
