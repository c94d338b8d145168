"""The words of the pages in one language; figures and days by `geo.i18n.formats`."""

from __future__ import annotations

from geo.i18n.language import DEFAULT, LANGS, Lang
from geo.i18n.translator import Translator, translator

__all__ = ["Translator", "chosen", "words"]


def words(lang: Lang) -> Translator:
    """The words of a language; the catalogue is read once.

    Raises
    ------
    FileNotFoundError
        The catalogue did not come with the package.
    """
    return translator(lang, "pages")


def chosen(query: str | None, cookie: str | None) -> Lang:
    """The language that a request asks for: by its address, else as chosen before, else Vietnamese."""
    for wish in (query, cookie):
        for lang in LANGS:
            if wish == lang:
                return lang
    return DEFAULT
