"""A new site by its words: what is said of where its route is from stands in the record, whoever the street is named after."""

from __future__ import annotations

import pytest

from geo.importing.registers.routes import route_of_words
from geo.records.validation.privacy import screen
from geo.reference.cities import city


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("hue", "đường Phạm Ngũ Lão"),
        ("hue", "đường Võ Thị Sáu"),
        ("hanoi", "đường Cao Lỗ"),
        ("hanoi", "phố Trần Khánh Dư"),
    ],
)
def test_the_source_of_a_route_names_nobody(slug: str, words: str) -> None:
    route = route_of_words(words, city(slug), choose=1)
    assert words in route.source
    assert screen(route.source) == ()
