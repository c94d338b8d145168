"""Whoever answers for wards of a city gets that city where an address names none; links carry it on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from web_house import ACTOR, HOAI_DUC, PASSWORD

from geo.records.accounts import NewAccount
from geo.records.store import Store

Visitor = Callable[..., TestClient]
PHU_XUAN = "19753"
PAGES = (
    "/",
    "/reports",
    "/tasks",
    "/coverage",
    "/flags",
    "/dashboard",
    "/reviews",
    "/reports/new",
    "/search",
    "/crossings",
)


@pytest.fixture
def officer(store: Store) -> str:
    """The account of a ward of Huế, and one of a ward of each city."""
    known = {account.username for account in store.accounts.all()}
    for name, wards in (("phu-xuan", (PHU_XUAN,)), ("hai-noi", (PHU_XUAN, HOAI_DUC))):
        if name not in known:
            new = NewAccount(username=name, password=PASSWORD, role="ward", office="UBND phường Phú Xuân", wards=wards)
            store.accounts.add(new, ACTOR)
    return "phu-xuan"


@pytest.mark.parametrize("path", PAGES)
def test_a_plain_address_is_that_of_the_own_city(visitor: Visitor, officer: str, path: str) -> None:
    page = visitor(officer).get(path)
    assert page.status_code == 200
    assert re.findall(r'href="(/\?city=[a-z]+)">(?:Hà Nội|Huế)</a>', page.text) == ["/?city=hanoi"]
    links = re.findall(r'href="(/(?:coverage|tasks|flags|reports|dashboard)[^"]*)"', page.text)
    assert links
    assert all("city=hue" in link for link in links if "lang=" not in link), links
    other = visitor(officer).get(path, params={"city": "hanoi"}).text
    there = re.findall(r'href="(/(?:coverage|tasks|flags|dashboard)(?:\?[^"]*)?)"', other)
    assert there
    assert all("city=hanoi" in link for link in there), there


def test_the_interface_takes_the_city_of_the_account(visitor: Visitor, officer: str) -> None:
    client = visitor(officer)
    client.headers["Accept"] = "application/json"
    wards = client.get("/api/v1/wards", params={"limit": 1000}).json()["items"]
    assert PHU_XUAN in {ward["code"] for ward in wards}
    assert client.get("/api/v1/situation").json()["city"] == "hue"
    assert client.get("/api/v1/situation", params={"city": "hanoi"}).json()["city"] == "hanoi"
    assert visitor().get("/api/v1/situation").json()["city"] == "hanoi"
    assert client.get("/api/v1/places", params={"q": "Lê Lợi"}).json()["items"][0]["city"] == "hue"
    there = client.get("/api/v1/wards/at", params={"lon": 105.8342, "lat": 21.0368})
    assert there.json()["city"] == "hanoi"  # a point finds its city itself


def test_the_lowest_code_decides_where_wards_lie_in_two_cities(visitor: Visitor, officer: str) -> None:
    assert officer
    page = visitor("hai-noi").get("/tasks").text
    assert '<a href="/?city=hue">Huế</a>' in page


def test_a_ward_is_offered_no_entry_in_another_city(visitor: Visitor, officer: str) -> None:
    client = visitor(officer)
    assert "/coverage/entry" in client.get("/coverage").text
    assert "/coverage/entry" not in client.get("/coverage?city=hanoi").text
    assert "/coverage/entry" in visitor("city").get("/coverage?city=hanoi").text
