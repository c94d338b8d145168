"""What a client names or sends and the service can't take as it is: refused or said, never an empty or a silent answer."""

from __future__ import annotations

from typing import Any

import pytest
from api_house import HOAI_DUC, House

from geo.records.kinds.registry import kind

REPORT = {
    "day": "2026-06-20",
    "kind": "other",
    "channel": "letter",
    "lon": 105.7061,
    "lat": 21.0607,
    "note": "ngõ vắng",
}
ITEMS = "/ogc/collections/reports/items"


@pytest.mark.parametrize("path", ["coverage", "flags", "crossings", "wards", "reports", "sites"])
def test_a_ward_that_there_is_not_gets_404(house: House, path: str) -> None:
    answer = house.client.get(f"/api/v1/{path}?ward=99999", headers=house.as_("city"))
    assert answer.status_code == 404, answer.text
    assert "99999" in answer.text
    assert house.client.get(f"/api/v1/{path}?ward={HOAI_DUC}", headers=house.as_("city")).status_code == 200


@pytest.mark.parametrize("path", ["flags", "crossings", "reports"])
def test_a_site_that_there_is_not_gets_404_with_those_that_are_near(house: House, path: str) -> None:
    answer = house.client.get(f"/api/v1/{path}?site=HN-I-99", headers=house.as_("city"))
    assert answer.status_code == 404 and "HN-I-" in answer.json()["problems"][0]["remedy"], answer.text
    assert house.client.get(f"/api/v1/{path}?site=HN-I-1", headers=house.as_("city")).status_code == 200


@pytest.mark.parametrize(
    ("collection", "name", "text"),
    [
        ("crossings", "ward_code", "99999"),
        ("crossings", "site_id", "HN-I-99"),
        ("sites", "site_id", "HN-I-99"),
        ("wards", "code", "99999"),
        ("reports", "ward_code", "99999"),
        ("reports", "site_id", "HN-I-99"),
        ("reviews", "wards", "99999"),
    ],
)
def test_a_filter_by_a_ward_or_site_that_there_is_not_gets_400(
    house: House, collection: str, name: str, text: str
) -> None:
    here = f"/ogc/collections/{collection}/items"
    answer = house.client.get(here, params={name: text}, headers=house.as_("admin"))
    assert answer.status_code == 400 and text in answer.json()["problems"][0]["what"], answer.text


def test_a_point_finds_its_city_by_itself(house: House) -> None:
    for headers in ({}, house.as_("admin")):
        answer = house.client.get("/api/v1/wards/at?lon=107.58&lat=16.46", headers=headers)
        assert answer.status_code == 200 and answer.json()["province_code"] == "46", answer.text


def test_a_report_that_is_recorded_already_is_refused_unless_it_is_sent_again(house: House) -> None:
    mine = house.as_("city")
    first = house.client.post("/api/v1/reports", json=REPORT, headers=mine)
    assert first.status_code == 201, first.text
    near = REPORT | {"lat": REPORT["lat"] + 0.0001, "note": "khác"}  # type: ignore[operator]
    second = house.client.post("/api/v1/reports", json=near, headers=mine)
    assert second.status_code == 409 and str(first.json()["id"]) in second.json()["problems"][0]["what"], second.text
    corrected = house.client.post("/api/v1/reports", json=near | {"corrects": first.json()["id"]}, headers=mine)
    assert corrected.status_code == 201, corrected.text
    assert house.client.post("/api/v1/reports?again=true", json=near, headers=mine).status_code == 201
    other = REPORT | {"channel": "press"}
    assert house.client.post("/api/v1/reports", json=other, headers=mine).status_code == 201


@pytest.mark.parametrize("name", ["assessment", "review", "observation", "measure", "explanation"])
def test_a_record_of_any_kind_that_says_the_same_is_refused_unless_it_is_sent_again(house: House, name: str) -> None:
    spec, mine = kind(name), house.as_("city")
    body, path = dict(spec.example) | {"document": f"77/{name}"}, f"/api/v1/{spec.sent_to}"
    first = house.client.post(path, json=body, headers=mine)
    assert first.status_code == 201, first.text
    version = house.store.version()
    second = house.client.post(path, json=body, headers=mine)
    assert second.status_code == 409, second.text
    assert second.json()["problems"][0]["parameters"]["items"] == [first.json()["id"]]
    assert house.store.version() == version
    # Another document, another matter; and what is wanted again.
    assert house.client.post(path, json=body | {"document": f"78/{name}"}, headers=mine).status_code == 201
    assert house.client.post(f"{path}?again=true", json=body, headers=mine).status_code == 201


def _feature(place: list[float], own: Any = None, **properties: Any) -> dict[str, Any]:
    facts = {"day": "2026-06-21", "kind": "other", "channel": "letter", "note": ""} | properties
    made = {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": facts}
    return made if own is None else made | {"id": own}


def test_two_ids_are_refused_and_a_height_is_said(house: House) -> None:
    mine, place = house.as_("city"), [105.7064, 21.0612]
    two = house.client.post(ITEMS, json=_feature(place, 7, id=8), headers=mine)
    assert two.status_code == 422 and "7" in two.text and "8" in two.text
    made = house.client.post(f"{ITEMS}?again=true", json=_feature([*place, 12.5], 7, id=7), headers=mine)
    unused, height = made.json()["notes"]
    assert made.status_code == 201 and "'7'" in unused and "12.5" in height, made.text
    here = made.headers["location"]
    flat = house.client.post(f"{ITEMS}?again=true", json=_feature([*place, 0]), headers=mine)
    assert (flat.status_code, flat.content) == (201, b"")
    number = int(here.rsplit("/", 1)[1])
    other = house.client.put(here, json=_feature(place, id=number + 1), headers=mine)
    assert other.status_code == 422, other.text
    assert "12.5" in house.client.put(here, json=_feature([*place, 12.5], number), headers=mine).json()["notes"][0]
    assert house.client.put(here, json=_feature(place, number, id=number), headers=mine).status_code == 204


def test_a_figure_before_its_period_is_refused_and_within_it_is_said(house: House) -> None:
    figure = {"ward_code": HOAI_DUC, "programme": "hanoi-2026", "indicator": "1", "value": 1, "document": "9/BC"}

    def send(period: str, day: str) -> Any:
        sent = figure | {"period": period, "day": day}
        return house.client.post("/api/v1/coverage/entries", json=sent, headers=house.as_("city"))

    early = send("2026-H2", "2026-06-10")
    assert early.status_code == 422 and "2026-07-01" in early.text, early.text
    within = send("2026-Q2", "2026-06-10")
    assert within.status_code == 201 and "2026-Q2" in within.json()["notes"][0], within.text
    assert send("2026-Q1", "2026-04-10").json()["notes"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ogc/collections/wards/items?bbox=105.8,21.0,105.9,21.1&f=json", 200),
        ("/ogc/collections/wards/items?bbox=21.0,105.8,21.1,105.9&f=json", 400),
        ("/ogc/collections/wards/items?bbox=21.0,105.8,21.1,105.9&bbox-crs=EPSG:4326", 200),
        ("/ogc/collections/wards/items?bbox=105.8,21.0,105.9,21.1&bbox-crs=EPSG:4326", 400),
        ("/ogc/collections/wards/items?bbox=-180,-90,180,90", 200),
        ("/api/v1/flags?bbox=21.0,105.8,21.1,105.9", 400),
        ("/api/v1/flags?bbox=105.8,21.0,105.9,21.1", 200),
    ],
)
def test_a_box_with_latitude_first_is_refused_where_it_is_not_meant(house: House, path: str, status: int) -> None:
    answer = house.client.get(path, headers=house.as_("city"))
    assert answer.status_code == status, answer.text[:300]


def test_the_system_of_a_body_may_be_said_by_its_header(house: House) -> None:
    body = b"LINESTRING (585000 2325000, 585500 2325500)"
    metres = "<http://www.opengis.net/def/crs/EPSG/0/5897>"
    own = {**house.as_("city"), "Content-Type": "text/plain"}
    by_header = house.client.post("/api/v1/crossings", content=body, headers={**own, "Content-Crs": metres})
    by_name = house.client.post("/api/v1/crossings?crs=EPSG:5897", content=body, headers=own)
    assert by_header.status_code == 200 and by_header.json() == by_name.json(), by_header.text[:300]
    both = {**own, "Content-Crs": metres}
    assert house.client.post("/api/v1/crossings?crs=EPSG:5897", content=body, headers=both).status_code == 200
    other = house.client.post("/api/v1/crossings?crs=EPSG:5896", content=body, headers=both)
    assert other.status_code == 422 and "5896" in other.text, other.text[:300]
