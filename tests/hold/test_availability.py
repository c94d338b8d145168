"""What nobody may do to the service: stop it, hold it up for others, or fill its memory."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hold_house import ACTOR, PASSWORD, House, StandingClock, served
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event

from api.core.problems import TooManyError
from api.core.settings import ApiSettings
from api.http.fair_queue import Client, FairQueue
from api.main import create_app
from api.security.buckets import MemoryBuckets, SharedBuckets
from api.security.identity import network_of
from api.security.rate_limit import WorkBudget
from geo.records.accounts import Accounts
from geo.records.entries import NewReport
from geo.records.model.errors import AccessError, SignInBusyError, StoreFullError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.sign_in.hashing import HashingLimit
from geo.records.store import open_store


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service of its own."""
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('siege') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        yield served(store, clock)


def _zigzag(count: int, west: float = 105.3, east: float = 106.0) -> dict[str, Any]:
    number = np.arange(count)
    places = np.column_stack([np.where(number % 2, west, east), 20.7 + 0.6 * number / count])
    return {"type": "LineString", "coordinates": places.round(4).tolist()}


# ---- routes


def test_a_zigzag_across_the_city_is_refused_before_it_is_cut(house: House) -> None:
    client = house.browser()
    client.post("/api/v1/crossings", json=_zigzag(10))  # the index is made
    answer = client.post("/api/v1/crossings", json=_zigzag(45_000))
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (413, "service.too-far-to-cut")
    assert len(answer.content) < 2_000


def test_areas_and_many_routes_count_as_well(house: House) -> None:
    ring = _zigzag(4_000)["coordinates"]
    area = {"type": "Polygon", "coordinates": [[*ring, [106.0, 21.3], [106.01, 21.3], [106.01, 20.7], ring[0]]]}
    routes = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": _zigzag(10)} for _ in range(500)],
    }
    for body in (area, routes):
        answer = house.browser().post("/api/v1/crossings", json=body)
        assert answer.status_code == 413, answer.text[:300]


def test_a_survey_of_many_vertices_is_still_answered(house: House) -> None:
    answer = house.browser().post("/api/v1/crossings", json=_zigzag(40_000, 105.8, 105.801))
    assert answer.status_code == 200, answer.text[:300]
    assert answer.json()["items"][0]["length_m"] > 1_000_000


# ---- bodies


def _scope(path: str, length: int | None = None) -> dict[str, Any]:
    headers = [(b"content-type", b"application/json"), (b"host", b"testserver")]
    headers += [(b"content-length", str(length).encode())] if length is not None else []
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    return scope | {"scheme": "http", "server": ("testserver", 80), "client": ("203.0.113.9", 1), "root_path": ""}


def _answered(app: Any, scope: dict[str, Any], parts: list[bytes]) -> tuple[int, int]:
    """The status, and how many parts of the body were read; after the last part nothing comes any more."""
    sent: list[int] = []
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        if read == len(parts):
            await asyncio.sleep(60)
        read += 1
        return {"type": "http.request", "body": parts[read - 1], "more_body": True}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    asyncio.run(asyncio.wait_for(app(scope, receive, send), 600))
    return sent[0], read


def test_a_body_that_stands_still_is_given_up(house: House) -> None:
    settings = ApiSettings(secret="s" * 40, log_requests=False, body_seconds=0.2)
    app = create_app(settings, house.store, house.clock)
    assert _answered(app, _scope("/api/v1/crossings"), [b'{"type":']) == (408, 1)
    assert _answered(app, _scope("/api/v1/session"), []) == (408, 0)


@pytest.mark.parametrize(
    ("path", "length"),
    [("/login", 2_100_000), ("/api/v1/session", 2_100_000), ("/api/v1/crossings", 1_100_000), ("/ogc/x", 2_100_000)],
)
def test_what_is_too_large_is_refused_before_any_of_it_is_read(house: House, path: str, length: int) -> None:
    assert _answered(house.app, _scope(path, length), []) == (413, 0)


# ---- passwords


class _Counting(PasswordHash):
    """A real hash that notes how many run at once."""

    def __init__(self) -> None:
        super().__init__((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),))
        self.now = self.most = 0
        self._lock = threading.Lock()

    def verify(self, *given: Any, **named: Any) -> bool:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            time.sleep(0.02)
            return bool(super().verify(*given, **named))
        finally:
            with self._lock:
                self.now -= 1


def test_forty_sign_ins_at_once_hash_as_many_passwords_as_there_are_processors(house: House) -> None:
    hasher = _Counting()
    accounts = Accounts(house.store._engine, now=house.clock, registers=house.store.registers, hasher=hasher)
    refused: list[type[AccessError]] = []

    def enter(number: int) -> None:
        try:
            accounts.check_password(f"stranger-{number}", PASSWORD, "api:net")
        except AccessError as error:
            refused.append(type(error))

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hasher.most <= (os.cpu_count() or 1)
    assert len(refused) == 40
    assert SignInBusyError in refused


def test_a_place_that_does_not_come_in_time_is_said() -> None:
    limit = HashingLimit(1)
    with limit.place(), pytest.raises(SignInBusyError), limit.place():
        pass
    with limit.place():
        pass


# ---- the queue and the budgets


def test_an_account_goes_before_strangers_and_no_stranger_holds_the_queue() -> None:
    async def run() -> list[str]:
        queue, order, go = FairQueue(), list[str](), asyncio.Event()
        busy, other, office = Client("203.0.113.1", False), Client("203.0.113.2", False), Client("city", True)

        async def ask(client: Client) -> None:
            async with queue.place(client):
                order.append(client.name)
                await go.wait()

        tasks = [asyncio.create_task(ask(busy)) for _ in range(60)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(ask(client)) for client in (other, office)]
        await asyncio.sleep(0)
        first = list(order)
        go.set()
        await asyncio.gather(*tasks)
        return first

    first = asyncio.run(run())
    assert sorted(first) == ["203.0.113.1", "203.0.113.1", "203.0.113.2", "city"]


def test_those_who_wait_are_served_in_turn_and_whoever_leaves_gives_the_place_on() -> None:
    async def run() -> list[str]:
        queue, order = FairQueue(places=1), list[str]()
        a, b = Client("198.51.100.1", False), Client("198.51.100.2", False)

        async def ask(client: Client) -> None:
            async with queue.place(client):
                order.append(client.name[-1])
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(ask(client)) for client in (a, a, a, a, b, b)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return order

    assert "".join(asyncio.run(run())) == "11212"


def test_a_network_is_an_address_or_a_64_of_ipv6() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("testclient") == network_of(None) == ""


@pytest.mark.parametrize("shared", [False, True])
def test_budgets_are_spent_and_fill_again_and_workers_share_them(tmp_path: Path, shared: bool) -> None:
    one = SharedBuckets(tmp_path / "b") if shared else MemoryBuckets()
    other = SharedBuckets(tmp_path / "b") if shared else one
    assert [one.take("x", 1, 3, 1, 100.0) for _ in range(2)] == [2, 1]
    assert other.take("x", 1, 3, 1, 100.0) == 0
    assert one.take("x", 1, 3, 1, 100.0) < 0
    assert one.take("x", 1, 3, 1, 101.0) == 0
    assert one.take("y", 1, 3, 1, 101.0) == 2


def test_a_network_that_used_up_its_seconds_waits_and_an_account_does_not(house: House) -> None:
    budget = WorkBudget(house.app.state.service, MemoryBuckets())
    budget.charge("203.0.113.1", 1000.0, signed_in=False)
    with pytest.raises(TooManyError):
        budget.check("203.0.113.1", signed_in=False)
    budget.check("203.0.113.1", signed_in=True)
    budget.check("203.0.113.2", signed_in=False)
    budget.check("127.0.0.1", signed_in=False)


def test_a_network_that_took_much_lately_is_heavy_until_its_budget_fills(house: House) -> None:
    budget = WorkBudget(house.app.state.service, MemoryBuckets())
    assert not budget.check("203.0.113.1", signed_in=False)
    budget.charge("203.0.113.1", 0.3 * house.app.state.service.settings.work_seconds, signed_in=False)
    assert budget.check("203.0.113.1", signed_in=False)
    assert not budget.check("203.0.113.2", signed_in=False)
    assert not budget.check("203.0.113.1", signed_in=True)


# ---- past days, the edges of time, a full disk


def test_moments_between_two_writes_are_one_snapshot(house: House) -> None:
    service = house.app.state.service
    moments = [datetime(2026, 8, 9, hour, minute, tzinfo=UTC) for hour in (1, 5) for minute in (0, 17, 59)]
    found = {id(service.situation(date(2026, 8, 9), known_at=moment)) for moment in moments}
    assert len(found) == 1


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"]
)
def test_the_edges_of_time_are_refused(house: House, moment: str) -> None:
    for path in ("situation", "wards", "flags", "sites/HN-I-1/history"):
        answer = house.browser().get(f"/api/v1/{path}", params={"known_at": moment})
        assert answer.status_code == 422, answer.text


def test_a_full_disk_is_said_to_the_client_and_by_ready(tmp_path: Path) -> None:
    clock = StandingClock()
    with open_store(f"sqlite:///{tmp_path / 'r.sqlite'}", registers=load_register_lookup(), now=clock) as store:
        house = served(store, clock)
        mine = house.token("city")
        store.close()

        def full(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")

        event.listen(store._engine, "connect", full)
        body = {"site_id": "HN-I-1", "level": "low", "day": "2026-07-01", "document": "1/BC", "note": "x" * 900}
        statuses = {house.browser().post("/api/v1/assessments", json=body, headers=mine).status_code for _ in range(90)}
        assert 507 in statuses
        assert statuses <= {201, 507}
        with pytest.raises(StoreFullError):  # not a line more has room
            for _ in range(1000):
                store.accounts.note(ACTOR, "session.open", "city")
        assert house.browser().get("/api/v1/reports", headers=mine).status_code == 200
        assert "report.view" not in set(store.audit()["action"])
        store.close()
        event.remove(store._engine, "connect", full)
        assert house.browser().get("/api/v1/reviews", headers=mine).status_code == 200
        lines = store.audit().set_index("action")["detail"]
        assert lines["report.view"].startswith("2026-")  # when it was looked at: the line itself is of later
        assert lines["review.view"] == ""
        settings = ApiSettings(secret="s" * 40, log_requests=False, least_free_bytes=10**18)
        house = House(create_app(settings, store, clock), store, clock)
        answer = house.browser().get("/ready")
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:diaban:problem:disk-full")


@pytest.mark.parametrize("query", ["day=2026-0{month}-{day:02}", "known_at=2026-0{month}-{day:02}T03:00:00Z"])
def test_past_days_are_on_the_budget_of_a_network_and_accounts_are_not(house: House, query: str) -> None:
    settings = ApiSettings(secret="s" * 40, log_requests=False, work_seconds=1)
    app = create_app(settings, house.store, house.clock)
    stranger = TestClient(app, client=("203.0.113.77", 1))
    paths = [f"/api/v1/situation?{query.format(month=month, day=day)}" for month in range(2, 8) for day in range(1, 28)]
    statuses = (stranger.get(path).status_code for path in paths)
    assert 429 in statuses
    assert TestClient(app, client=("203.0.113.77", 1)).get(paths[-1]).status_code == 429
    assert TestClient(app, client=("203.0.113.77", 1)).get(paths[-1], headers=house.token("city")).status_code == 200
    assert TestClient(app, client=("198.51.100.9", 1)).get("/api/v1/wards").status_code == 200


def test_a_past_day_is_made_once_until_something_is_written_that_its_reader_sees(house: House) -> None:
    service = house.app.state.service
    day = date(2026, 3, 3)
    assert service.situation(day) is service.situation(day)
    seen = service.public_situation(day)
    report = NewReport(day=date(2026, 3, 1), kind="other", channel="hotline", lon=105.8364, lat=21.0394)
    house.store.add(report, ACTOR)
    assert service.public_situation(day) is seen
    assert service.situation(day) is not seen
