"""A point, a code, a box, a name or a route says its city itself; a city that is named is the only one."""

from __future__ import annotations

from typing import Any

import pytest
from api_house import House

from geo.reference.wards import load_wards

HUE = load_wards().query("province_code == '46'").iloc[0]
POINT = HUE.geometry.representative_point()


def _get(house: House, path: str, status: int = 200, **params: Any) -> Any:
    answer = house.client.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_point_finds_its_city_anew_and_from_the_cache(house: House) -> None:
    for _ in range(2):
        found = _get(house, "/api/v1/wards/at", lon=round(POINT.x, 6), lat=round(POINT.y, 6))
        assert (found["city"], found["code"], found["province_code"]) == ("hue", HUE.code, "46")
    assert _get(house, "/api/v1/wards/at", lon=105.8342, lat=21.0368)["city"] == "hanoi"
    with_minutes = _get(house, "/api/v1/wards/at", lon="105°50.052'E", lat="N 21°02'12.5\"")
    assert with_minutes["code"] == _get(house, "/api/v1/wards/at", lon=105.8342, lat=21.0368)["code"]
    assert _get(house, "/api/v1/wards/at", 422, lon="105°61.1'E", lat=21.0368)["problems"][0]["where"] == "lon"
    (nan,) = _get(house, "/api/v1/wards/at", 422, lon="nan", lat=21.0368)["problems"]
    assert nan["code"] == "service.invalid.finite-number"
    assert _get(house, "/api/v1/wards/at", lon=106.7, lat=10.8)["city"] == "ho-chi-minh", "a province beyond the cities"
    _get(house, "/api/v1/wards/at", 404, lon=107.3, lat=20.7)
    _get(house, "/api/v1/wards/at", 404, lon=round(POINT.x, 6), lat=round(POINT.y, 6), city="hanoi")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/api/v1/wards/{code}", {}),
        ("/api/v1/wards/{code}/sites", {}),
        ("/api/v1/wards", {"ward": HUE.code}),
        ("/api/v1/crossings", {"ward": HUE.code}),
        ("/api/v1/coverage", {"ward": HUE.code}),
        ("/api/v1/flags", {"ward": HUE.code}),
        ("/api/v1/sites", {"ward": HUE.code}),
        ("/api/v1/wards", {"bbox": f"{POINT.x - 0.001},{POINT.y - 0.001},{POINT.x + 0.001},{POINT.y + 0.001}"}),
    ],
)
def test_a_code_or_a_box_finds_its_city(house: House, path: str, params: dict[str, str]) -> None:
    assert _get(house, path.format(code=HUE.code), **params)["city"] == "hue"


def test_a_code_of_another_city_than_the_one_named_is_not_there(house: House) -> None:
    _get(house, f"/api/v1/wards/{HUE.code}", 404, city="hanoi")


def test_wards_of_two_cities_are_refused(house: House) -> None:
    answer = house.client.get(f"/api/v1/wards?ward=00004&ward={HUE.code}")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["code"] == "service.several-cities"


def test_a_name_is_looked_for_in_every_city(house: House) -> None:
    found = _get(house, "/api/v1/wards/search", q=HUE.full_name)
    assert (HUE.code, "hue") in {(item["code"], item["city"]) for item in found["items"]}
    own = _get(house, "/api/v1/wards/search", q="Phường Ba Đình")
    assert own["items"][0]["city"] == "hanoi"
    assert _get(house, "/api/v1/wards/search", q=HUE.full_name, city="hanoi")["items"] == []
    assert _get(house, "/api/v1/wards/search", q="zzzz")["suggestions"] == []


def test_of_several_names_the_known_are_answered_and_the_others_named(house: House) -> None:
    found = _get(house, "/api/v1/wards/search", q="Yên Hòa, Phường Xyzw; Kim Long, Phường Ba Đìn")
    assert [(item["full_name"], item["city"]) for item in found["items"]] == [
        ("Phường Yên Hòa", "hanoi"),
        ("Phường Kim Long", "hue"),
    ]
    assert found["missing"] == [
        {"name": "Phường Xyzw", "suggestions": []},
        {"name": "Phường Ba Đìn", "suggestions": ["Phường Ba Đình"]},
    ]
    assert (
        _get(house, "/api/v1/wards/search", q="Kim Long, Huế; Yên Hòa", city="hanoi")["missing"][0]["name"]
        == "Kim Long"
    )


def _post(house: House, *lines: Any, **params: str) -> Any:
    features = [{"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}} for line in lines]
    body = {"type": "FeatureCollection", "features": features}
    answer = house.client.post("/api/v1/crossings", json=body, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_route_is_answered_with_the_wards_that_it_meets(house: House) -> None:
    there = [[POINT.x - 0.02, POINT.y], [POINT.x + 0.02, POINT.y]]
    here = [[105.80, 21.03], [105.82, 21.03]]
    hue = _post(house, there)
    assert (hue["city"], hue["cities"]) == ("hue", ["hue"])
    assert len(hue["items"][0]["crossings"]) > 1
    both = _post(house, here, there)
    assert both["cities"] == ["hanoi", "hue"]
    assert all(item["crossings"] for item in both["items"])
    beyond = _post(house, [[106.70, 10.8], [106.71, 10.8]])
    assert (beyond["cities"], beyond["items"][0]["outside_m"], len(beyond["notes"])) == (["ho-chi-minh"], 0, 1)
    nowhere = _post(house, [[107.3, 20.7], [107.31, 20.7]])
    for answer in (nowhere, _post(house, there, city="hanoi")):
        assert answer["city"] == "hanoi"
        [item] = answer["items"]
        assert [row["ward_code"] for row in item["crossings"]] == [None]
        assert item["outside_m"] == item["length_m"] > 0
    assert nowhere["notes"] == []
    assert "city=hue" in _post(house, there, city="hanoi")["notes"][0]
    far = _post(house, [here[0], there[0]])
    assert far["items"][0]["outside_m"] < far["items"][0]["length_m"]
    assert [row["ward_code"] for row in far["items"][0]["crossings"]].count(None) == 1


def test_a_page_of_a_ward_or_site_finds_its_city(house: House) -> None:
    assert HUE.full_name in house.client.get(f"/?ward={HUE.code}").text
