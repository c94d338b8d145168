"""Registers over HTTP: another paper's word of the same day, a level with a version, what was taken back, agreements."""

from __future__ import annotations

from typing import Any

from api_house import House
from test_registers_api import SAID, body, version

from geo.records.model.hidden import HIDDEN

SITE = "HN-T-8801"
OTHER = SAID | {"document": "31/QĐ-SYT"}


def draft(house: House, *entries: dict[str, Any]) -> Any:
    return house.client.post("/api/v1/registers/drafts", json=body(*entries), headers=house.as_("city"))


def publish(house: House, answer: Any) -> int:
    assert answer.status_code == 201, answer.text
    number = int(answer.json()["id"])
    path = f"/api/v1/registers/drafts/{number}/publication"
    assert house.client.post(path, headers=house.as_("city")).status_code == 201
    return number


def test_what_another_paper_says_of_the_day_is_409_with_both(house: House) -> None:
    first = publish(house, draft(house, version(SITE, "Đường A")))
    another = version(SITE, "Đường B")
    another["entry"] |= OTHER | {"level": "low"}
    refused = draft(house, another)
    (problem,) = refused.json()["problems"]
    assert (refused.status_code, problem["code"]) == (409, "records.same-day-version")
    assert problem["parameters"]["in_force"]["name"] == "Đường A"
    assert problem["parameters"]["proposed"]["name"] == "Đường B"
    row = problem["parameters"]["in_force"]["id"]
    back = {"kind": "site_version", "row": row, "subject": SITE, "note": "Đính chính", **OTHER}
    second = publish(house, draft(house, {"kind": "withdrawal", "entry": back}, another))
    found = house.client.get(f"/api/v1/sites/{SITE}").json()
    assert (found["name"], found["level"]) == ("Đường B", "low")
    city = house.as_("city")
    shown = house.client.get(f"/api/v1/registers/drafts/{first}", headers=city).json()
    assert [(one["row"], one["document"], one["reason"]) for one in shown["taken_back"]] == [
        (row, "31/QĐ-SYT", "Đính chính")
    ]
    assert house.client.get(f"/api/v1/registers/drafts/{second}", headers=city).json()["taken_back"] == []


def test_an_agreement_is_shown_beside_the_cut(house: House) -> None:
    agreed = {"site_id": "HN-I-7", "wards": ["00643", "00664"], "from_m": 3464.0, "to_m": 3939.0, **SAID}
    publish(house, draft(house, {"kind": "responsibility", "entry": agreed}))
    (one,) = house.client.get("/api/v1/sites/HN-I-7").json()["agreed"]
    assert (one["wards"], one["from_m"], one["document"], one["fits"]) == (
        ["00643", "00664"],
        3464.0,
        "15/KH-UBND",
        True,
    )
    assert house.client.get("/api/v1/sites/HN-I-7?day=2026-07-31").json()["agreed"] == []
    page = house.client.get("/wards/00664", headers={"Accept": "text/html"}).text
    assert "15/KH-UBND (từ 01/08/2026)" in page and 'href="/sites/HN-I-7">I.7</a>: ' in page
    assert "15/KH-UBND (từ" not in house.client.get("/wards/00004", headers={"Accept": "text/html"}).text


def test_a_record_that_names_a_person_is_hidden_by_its_withdrawal(house: House) -> None:
    client, city = house.client, house.as_("city")
    sent = {"wards": ["00004"], "sites": ["HN-I-4"], "conclusion": "quiet", "day": "2026-07-01", "document": "1/BB"}
    row = client.post("/api/v1/reviews", json=sent | {"note": "Quán Hồng Nhung"}, headers=city)
    assert row.status_code == 201, row.text
    known = {"known_at": row.json()["recorded_at"], "limit": "100"}
    assert "Quán Hồng Nhung" in client.get("/api/v1/reviews", params=known, headers=city).text
    taken = {"reason": "Nêu tên người", "names_person": True}
    assert client.post(f"/api/v1/reviews/{row.json()['id']}/withdrawal", json=taken, headers=city).status_code == 201
    text = client.get("/api/v1/reviews", params=known, headers=city).text
    assert "Quán Hồng Nhung" not in text and HIDDEN in text
