"""What a browser that was left open cannot do, what a token that reads may ask, and a client that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from hold_house import ACTOR, PASSWORD, House, StandingClock, served
from starlette.types import Message

from geo.records.accounts import NewAccount
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

OFFICE = "tay-ho"
CHANGES = (
    {"act": "rights", "role": "city", "office": "Sở Y tế", "wards": ""},
    {"act": "password", "password": "nam sau bay tam chin muoi"},
    {"act": "close"},
    {"act": "reopen"},
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('fresh') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        found = served(store, clock)
        clock.at(date(2026, 8, 10))
        new = NewAccount(username=OFFICE, password=PASSWORD, role="ward", office="UBND phường", wards=("00004",))
        store.accounts.add(new, ACTOR)
        yield found


def _signed_in(house: House) -> TestClient:
    client = house.browser()
    answer = client.post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    client.follow_redirects = False
    return client


def test_accounts_are_made_and_changed_by_whoever_signed_in_lately(house: House) -> None:
    client, before = _signed_in(house), house.store.accounts.get(OFFICE)
    house.clock.moment += timedelta(minutes=16)
    made = {"username": "moi", "password": PASSWORD, "role": "admin", "office": "Sở", "wards": ""}
    for path, form in (("/admin/users", made), *((f"/admin/users/{OFFICE}", change) for change in CHANGES)):
        answer = client.post(path, data=form | {"csrf_token": client.headers["X-CSRF-Token"]})
        assert answer.headers["location"] == "/login?next=%2Fadmin%2Fusers", form
    assert house.store.accounts.get(OFFICE) == before
    assert "moi" not in [account.username for account in house.store.accounts.all()]
    assert "/login?next=" in client.get("/admin/users").text
    client = _signed_in(house)
    for change in CHANGES:
        form = change | {"csrf_token": client.headers["X-CSRF-Token"]}
        assert client.post(f"/admin/users/{OFFICE}", data=form).headers["location"] == "/admin/users?saved=1"
    assert house.store.accounts.get(OFFICE) != before


def test_sessions_are_ended_by_whoever_signed_in_lately(house: House) -> None:
    client, other = _signed_in(house), _signed_in(house)
    form = {"csrf_token": client.headers["X-CSRF-Token"]}
    house.clock.moment += timedelta(minutes=16)
    assert client.post("/account/sessions", data=form).headers["location"] == "/login?next=%2Faccount"
    assert other.get("/api/v1/session").json()["username"] == "admin"
    client = _signed_in(house)
    form = {"csrf_token": client.headers["X-CSRF-Token"]}
    assert client.post("/account/sessions", data=form).headers["location"] == "/account?saved=1"
    assert other.get("/api/v1/session").json()["username"] == "anonymous"


def test_a_token_that_reads_may_ask_where_a_route_lies(house: House) -> None:
    secret = house.store.accounts.add_token("city", "bảng tính", ACTOR, read_only=True)
    line = {"type": "LineString", "coordinates": [[105.8400, 21.0100], [105.8450, 21.0150]]}
    answer = house.browser().post("/api/v1/crossings", json=line, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/api/v1/crossings", "/login", "/crossings"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_client_that_goes_away_is_no_failure_of_the_service(house: House, path: str, kind: str) -> None:
    """It goes while its body is on the way: what is raised here stands in the log of a server with its traceback."""
    told: list[Message] = [{"type": "http.request", "body": b'{"type":', "more_body": True}]
    sent: list[Message] = []

    async def receive() -> Message:
        return told.pop() if told else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = {"host": "localhost", "content-type": kind, "content-length": "900", "origin": "http://localhost"}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
    }
    scope |= {"headers": [(name.encode(), value.encode()) for name, value in headers.items()], "root_path": ""}
    scope |= {"client": ("203.0.113.5", 1), "server": ("localhost", 8000)}
    asyncio.run(house.app(scope, receive, send))  # type: ignore[arg-type]
    assert all(message.get("status", 400) < 500 for message in sent)
