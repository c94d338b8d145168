"""Names of persons by lexicon: titles, given names, what is said of somebody, names of other countries."""

from __future__ import annotations

from geo.records.validation.persons.announced import holds_announced_name
from geo.records.validation.persons.foreign import holds_foreign_name
from geo.records.validation.persons.in_passing import holds_name_in_passing
from geo.records.validation.persons.mistyped import holds_mistyped_name
from geo.records.validation.persons.said_of import holds_name_said_of
from geo.records.validation.persons.titled import holds_titled_name
from geo.records.validation.persons.words import words_of
from geo.records.validation.persons.written import holds_written_name


def holds_name_by_lexicon(text: str) -> bool:
    """Whether a text (as a reader sees it) names somebody by one of these lists."""
    words = words_of(text)
    tests = (
        *(holds_titled_name, holds_written_name, holds_foreign_name),
        *(holds_name_in_passing, holds_mistyped_name, holds_announced_name, holds_name_said_of),
    )
    return any(holds(text, words) for holds in tests)
