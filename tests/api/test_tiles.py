"""Vector tiles of the service: media type, gzip, ETag, numbers that are none, and who sees what."""

from __future__ import annotations

import mapbox_vector_tile
import pytest
from api_house import House

TILE = "/tiles/11/1625/901"


def test_a_tile_comes_as_mvt_with_etag_and_gzip(house: House) -> None:
    with house.client.stream("GET", TILE, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert answer.headers["content-encoding"] == "gzip"
        etag = answer.headers["etag"]
        answer.read()
    reported = mapbox_vector_tile.decode(answer.content)
    assert "wards" in reported
    assert house.client.get(TILE, headers={"If-None-Match": etag}).status_code == 304
    assert house.client.get(TILE).content == answer.content


def test_the_tilejson_leads_to_the_tiles(house: House) -> None:
    document = house.client.get("/tiles.json").json()
    assert document["tilejson"] == "3.0.0"
    assert [layer["id"] for layer in document["vector_layers"]] == ["wards", "sites", "crossings"]
    address = document["tiles"][0].format(z=11, x=1625, y=901)
    assert house.client.get(address).content == house.client.get(TILE).content


@pytest.mark.parametrize("numbers", ["15/0/0", "3/8/0", "3/0/8", "-1/0/0", "x/0/0", "1/0/²", f"1/0/{'9' * 20}"])
def test_numbers_of_no_tile_are_reported_as_a_problem(house: House, numbers: str) -> None:
    answer = house.client.get(f"/tiles/{numbers}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_everybody_gets_the_same_tile(house: House) -> None:
    for url in (TILE, f"{TILE}?f=json"):
        reported = {
            house.client.get(url, headers=house.as_(who)).content for who in (None, "guest", "ba-dinh", "admin")
        }
        assert len(reported) == 1
        assert b"MARK" not in reported.pop()


def test_the_form_for_pages_says_the_same(house: House) -> None:
    reported = house.client.get(f"{TILE}?f=json").json()
    decoded = mapbox_vector_tile.decode(house.client.get(TILE).content)
    for name, layer in decoded.items():
        assert [facts for facts, _ in reported["layers"][name]] == [
            feature["properties"] for feature in layer["features"]
        ]
    assert house.client.get(f"{TILE}?f=png").status_code == 422
