"""The words of a map in its one language: the catalogue `maps`, and the labels of the theme."""

from __future__ import annotations

from geo.i18n.language import Lang
from geo.i18n.translator import Translator, translator
from geo.output.shared.theme import theme


def map_words(lang: Lang) -> Translator:
    """The texts of the catalogue `maps`, and how their language writes figures and days."""
    return translator(lang, "maps")


def themed(words: Translator, key: str) -> str:
    """What the theme has for `key` (`legend`, `population`, …); a key that it lacks is a `KeyError`."""
    return words.pick(theme().text(key))
