"""The catalogues: gettext files by language and domain, read when a text of the domain is first needed.

The domain is what stands before the first dot of a key: `records.future-day` stands in `vi/records.po` and
`en/records.po`. Keys of pages (`about.accuracy`) stand in `pages.po`, and are read through `texts` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from geo.i18n.language import LANGS, Lang

FOLDER = Path(__file__).with_name("catalogues")
ONE = " (one)"
"""What follows a key for the form of its text that speaks of one, where a text has plural forms."""


@cache
def texts(lang: Lang, domain: str) -> Mapping[str, str]:
    """All texts of a domain by key; empty where there is no such domain.

    Raises
    ------
    FileNotFoundError
        The catalogues did not come with the package.
    """
    if not FOLDER.is_dir():
        raise FileNotFoundError(FOLDER)
    file = FOLDER / lang / f"{domain}.po"
    return _read(file, lang) if file.is_file() else {}


@cache
def domains() -> tuple[str, ...]:
    """The domains that there are, sorted."""
    return tuple(sorted({file.stem for lang in LANGS for file in (FOLDER / lang).glob("*.po")}))


def find(lang: Lang, key: str, count: Any = None) -> str | None:
    """The text of a key, its `{places}` not filled; in the other language where this one lacks it, None where both do.

    `count` chooses among the plural forms of a text that has them.
    """
    domain = key.partition(".")[0]
    if domain not in domains():
        return None
    for known in (texts(lang, domain), *(texts(other, domain) for other in LANGS if other != lang)):
        if key in known:
            return known.get(key + ONE, known[key]) if count == 1 else known[key]
    return None


def _read(file: Path, lang: Lang) -> Mapping[str, str]:
    from babel.messages.pofile import read_po  # a twentieth of a second, which a command without words does without

    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=lang)
    found: dict[str, str] = {}
    for entry in catalogue:
        if isinstance(entry.id, str):
            found |= {entry.id: str(entry.string)} if entry.id else {}
        else:
            found |= {entry.id[0] + ONE: entry.string[0], entry.id[0]: entry.string[-1]}
    return found
