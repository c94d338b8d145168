"""A new kind of map is one entry in the table: a page, a picture and an address of the service follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.message import Message
from geo.output import maps
from geo.output.maps.drawing.cards import Links, card_context
from geo.output.maps.drawing.drawing import Drawing
from geo.output.maps.drawing.layers import level_legend, site_layer
from geo.output.maps.kinds import MAP_KINDS, MapKind
from geo.output.maps.kinds.overview import city_drawing
from geo.output.maps.picture.figure import picture
from geo.situation import Situation, at


def toy_drawing(situation: Situation, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The sites alone."""
    context = card_context(situation, links, lang)
    drawn = city_drawing(context, key="overview", layers=(site_layer(context),), legend=(level_legend(context),))
    return replace(drawn, key="toy", title="Đồ chơi" if lang == "vi" else "Toy")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> MapKind:
    """A kind of map that is added by one entry."""
    kind = MapKind("toy", f"{__name__}:toy_drawing", Message("maps.toy-title"), Message("maps.toy-about"))
    monkeypatch.setitem(MAP_KINDS, "toy", kind)
    return kind


def test_it_is_a_page_and_a_picture(toy: MapKind) -> None:
    situation = at(date(2026, 6, 17))
    assert "<title>Đồ chơi – Hà Nội" in maps.render(maps.toy(situation))
    assert Image.open(BytesIO(picture(toy.draw(situation, lang="en")))).format == "PNG"


def test_it_has_an_address_in_both_languages(toy: MapKind, visitor: Callable[..., TestClient]) -> None:
    client = visitor()
    page = client.get("/maps/toy")
    assert (page.status_code, page.headers["content-language"]) == (200, "vi")
    assert "<title>Đồ chơi – Hà Nội" in page.text
    assert "/sites/{id}" not in page.text
    assert "/sites/HN-I-1" in page.text
    assert "<title>Toy – Hanoi" in client.get("/maps/toy?lang=en").text
    assert "<title>Toy · Đồ chơi – Hanoi" in client.get("/maps/toy?lang=en&bilingual=1").text
    assert client.get("/maps/toy/HN-I-1").status_code == 404


def test_without_its_entry_there_is_no_address(visitor: Callable[..., TestClient]) -> None:
    assert visitor().get("/maps/toy").status_code == 404
    assert visitor().get("/maps/site").status_code == 404


def test_days_worth_comparing_are_one_click_away(visitor: Callable[..., TestClient]) -> None:
    city = visitor("city").get("/?map=compare&day=2026-08-01")
    assert "Từ lần rà soát gần nhất (02/03/2026)" in city.text
    assert "before=2026-03-02" in city.text
    assert "Từ ngày ban hành kế hoạch (07/01/2026)" in city.text
    assert "Từ một năm trước (01/08/2025)" in city.text
    early = visitor().get("/?map=compare&day=2026-02-01&before=2026-01-07").text
    assert "rà soát gần nhất" not in early
    assert 'before=2026-01-07" aria-current="true">Từ ngày ban hành kế hoạch' in early
    swapped = visitor().get("/maps/compare?day=2026-02-01&before=2026-06-01").text
    assert "01/02/2026 → 01/06/2026" in swapped


def test_the_subject_of_a_map_says_which_city_it_lies_in(visitor: Callable[..., TestClient]) -> None:
    answer = visitor().get("/maps/ward/19753")
    assert answer.status_code == 200
    assert "Huế" in answer.text
