"""The catalogues: gettext files by language and domain, read when a text of the domain is first needed.

The domain is what stands before the first dot of a key: `records.future-day` stands in `vi/records.po` and
`en/records.po`. Keys of pages (`about.accuracy`) stand in `pages.po`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo.i18n.language import Lang

FOLDER = Path(__file__).with_name("catalogues")


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
    return tuple(sorted({file.stem for lang in ("vi", "en") for file in (FOLDER / lang).glob("*.po")}))


def find(lang: Lang, key: str) -> str | None:
    """The text of a key, its `{places}` not filled; None where no catalogue has it."""
    domain = key.partition(".")[0]
    return texts(lang, domain).get(key) if domain in domains() else None


def _read(file: Path, lang: Lang) -> Mapping[str, str]:
    from babel.messages.pofile import read_po  # a twentieth of a second, which a command without words does without

    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=lang)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and not entry.context}
