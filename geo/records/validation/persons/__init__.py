"""Names of persons by lexicon: titles, given names, what is said of somebody, names of other countries."""

from __future__ import annotations

from geo.records.validation.persons.foreign import holds_foreign_name
from geo.records.validation.persons.titled import holds_titled_name
from geo.records.validation.persons.words import words_of
from geo.records.validation.persons.written import holds_written_name


def holds_name_by_lexicon(text: str) -> bool:
    """Whether a text (as a reader sees it) names somebody by one of these lists."""
    words = words_of(text)
    return any(holds(text, words) for holds in (holds_titled_name, holds_written_name, holds_foreign_name))
