"""Which list a command is about: that of its city, of the site that it names, or of the city of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from geo import settings
from geo.errors import DiabanError
from geo.reference.cities import further_lists, list_of

_NOT_IN_IDS = re.compile(r"[\s/]")
"""What no site id holds: a note or the number of a document may begin with the letters of a list."""


def chosen_list(given: Mapping[str, Any]) -> str:
    """The key of the list that the values of a command's options and arguments mean; '' for those of the cities."""
    try:
        further = further_lists()
    except DiabanError:  # whatever reads the cities says what is wrong with them
        return ""
    if not further:
        return ""
    city = given.get("city")
    if isinstance(city, str) and city:
        return list_of(city)
    named = settings.text("city")
    words = [word for value in given.values() for word in _words(value) if not _NOT_IN_IDS.search(word)]
    for one in further:
        if named == one.slug or any(word.upper().startswith(f"{one.site_prefix}-") for word in words):
            return one.list_key
    return ""


def _words(value: Any) -> Iterable[str]:
    parts = value if isinstance(value, list | tuple) else (value,)
    return (part for part in parts if isinstance(part, str))
