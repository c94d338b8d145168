"""The texts of one domain in one language, and how that language writes figures and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from geo.i18n import catalogue
from geo.i18n.catalogue import ONE
from geo.i18n.formats import Formats, formats
from geo.i18n.language import Lang
from geo.i18n.message import Bilingual


@dataclass(frozen=True, slots=True)
class Translator:
    """One language (`lang`): `texts` by key, and how it writes figures and days (`written`)."""

    lang: Lang
    texts: Mapping[str, str]
    written: Formats

    def text(self, key: str, **values: object) -> str:
        """The text of a key, its `{places}` filled in; a key that the catalogue lacks is a `KeyError`.

        `n` or `count`, as a number or as it is written, chooses among plural forms.
        """
        text = self.texts[key]
        if str(values.get("n", values.get("count"))) == "1":
            text = self.texts.get(key + ONE, text)
        return text.format_map(values) if values else text

    def pick(self, words: Bilingual) -> str:
        """The text of a bilingual label in this language; the Vietnamese one where there is no other."""
        return words.vi if self.lang == "vi" else words.en or words.vi

    def number(self, value: float | None, decimals: int = 0) -> str:
        """See `Formats.number`."""
        return self.written.number(value, decimals)

    def metres(self, length: float) -> str:
        """See `Formats.length`."""
        return self.written.length(length)

    def percent(self, share: float) -> str:
        """See `Formats.share`."""
        return self.written.share(share)

    def day(self, value: object) -> str:
        """See `Formats.day`."""
        return self.written.day(value)

    def moment(self, value: datetime) -> str:
        """See `Formats.moment`."""
        return self.written.moment(value)


@cache
def translator(lang: Lang, domain: str) -> Translator:
    """The texts of a domain, by their keys without its name (`dossier.office` is `office`).

    >>> translator("en", "dossier").text("office")
    'DEPARTMENT OF HEALTH'

    Raises
    ------
    FileNotFoundError
        The catalogues did not come with the package.
    """
    found = catalogue.texts(lang, domain)
    own = {key.removeprefix(f"{domain}."): text for key, text in found.items()}
    return Translator(lang, own, formats(lang))
