"""The programme of a city that nobody filled yet: one indicator, from `data/templates/programme.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

from geo import settings
from geo.errors import InputError
from geo.files import read_bytes
from geo.reference import programme_schema as schema
from geo.reference.provinces import find_province

if TYPE_CHECKING:
    from geo.reference.cities import City

FIRST_DAY = date(2026, 4, 24)
"""Since when the national programme runs (732/QĐ-TTg)."""
LAST_YEAR = 2030
"""Its last year."""


def blank_text(place: City, day: date = FIRST_DAY) -> str:
    """The text of the file; it runs from the year of `day` until `LAST_YEAR`.

    Raises
    ------
    InputError
        The template of the data set makes no programme.
    """
    template = read_bytes(settings.data_dir() / "templates" / "programme.toml").decode("utf-8")
    province = find_province(place.province_code)
    values = {
        "full_name": province.full_name if province else place.name,
        "slug": place.slug,
        "id": place.programme or f"{place.slug}-{day.year}",
        "name_en": place.name_en,
        "first_year": day.year,
        "last_year": max(day.year, LAST_YEAR),
        "issued": day.isoformat(),
    }
    text = template.format_map(values)
    wrong = schema.problems(tomllib.loads(text), "templates/programme.toml")
    if wrong:
        raise InputError(wrong)
    return text
