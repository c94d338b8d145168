"""Answers given again: the same bytes as made anew, for everybody only their own, and never older than the last write."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date

import pytest
from api_house import ACTOR, BA_DINH, CLOCK, House

from api.core.data_version import PublicVersion, VersionReader
from api.main import create_app
from geo.records.entries import NewAssessment
from geo.records.store import open_store

WHO = (None, "guest", "hoai-duc", "ba-dinh", "city", "admin")
URLS = (
    "/api/v1/wards",
    "/api/v1/wards?f=geojson&limit=3&offset=2",
    "/api/v1/wards/09832",
    "/api/v1/wards/at?lon=105.834&lat=21.037",
    "/api/v1/wards/search?q=yen+hoa",
    "/api/v1/sites/HN-I-1",
    "/api/v1/sites/HN-I-1/crossings?f=csv",
    "/api/v1/sites/HN-I-1/history",
    "/api/v1/situation",
    "/api/v1/flags",
    "/api/v1/coverage",
    "/api/v1/reports",
    "/ogc/collections/wards/items?bbox=105.83,21.03,105.86,21.06",
    "/ogc/collections/wards/items?limit=20&f=html",
    "/ogc/collections/sites/items/HN-I-1",
    "/ogc/collections/crossings/items?site_id=HN-I-1",
    "/api/v1/wards/nowhere",
    "/ogc/collections/wards/items?nix=1",
)
FORMS: tuple[dict[str, str], ...] = (
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "identity", "Accept": "application/geo+json"},
)


def _asked(house: House, url: str, headers: dict[str, str]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    with house.client.stream("GET", url, headers=headers) as answer:
        return answer.status_code, answer.headers.raw, b"".join(answer.iter_raw())


def _hits(house: House) -> int:
    hits: int = house.app.state.service.answers.hits
    return hits


@pytest.fixture(scope="module")
def fresh(house: House) -> Iterator[House]:
    """A service over the same records, of which nothing was asked before: it answers the long way."""
    fresh = House(create_app(house.app.state.service.settings, house.store, CLOCK), house.store, house.tokens)
    yield fresh
    fresh.close()


@pytest.mark.parametrize("url", URLS)
def test_given_again_it_is_the_same_to_the_byte_for_everybody(house: House, fresh: House, url: str) -> None:
    for who in WHO:
        for form in FORMS:
            headers = house.as_(who) | form
            first = _asked(house, url, headers)
            assert _asked(house, url, headers) == first
            assert _asked(fresh, url, headers) == first
            held = headers | {"If-None-Match": dict(first[1]).get(b"etag", b"").decode()}
            assert _asked(house, url, held) == _asked(fresh, url, held)


def test_what_was_asked_before_is_cached_and_counted(house: House) -> None:
    url = "/api/v1/wards/00004?f=geojson"
    house.client.get(url)
    before = _hits(house)
    for _ in range(3):
        house.client.get(url)
    assert _hits(house) == before + 3


@pytest.mark.parametrize("url", ["/api/v1/reports", "/api/v1/flags", "/api/v1/sites/HN-I-1/history"])
def test_what_is_cached_for_one_is_not_given_to_another(house: House, url: str) -> None:
    for who in reversed(WHO):
        house.client.get(url, headers=house.as_(who))
    if url == "/api/v1/reports":
        assert house.client.get(url).status_code == 401
        assert house.client.get(url, headers=house.as_("guest")).status_code == 403
        rows = house.client.get(url, headers=house.as_("ba-dinh")).json()["items"]
        assert {row["ward_code"] for row in rows} == {BA_DINH}
    assert "MARK" not in house.client.get(url).text


def test_a_token_that_holds_no_more_gets_nothing_that_is_cached(house: House) -> None:
    secret = house.store.accounts.add_token("city", "short-lived", ACTOR)
    headers = {"Authorization": f"Bearer {secret}"}
    for _ in range(3):
        assert house.client.get("/api/v1/reports", headers=headers).status_code == 200
    house.store.accounts.revoke_token(house.store.accounts.tokens("city")[-1].id, ACTOR)
    assert house.client.get("/api/v1/reports", headers=headers).status_code == 401


def test_after_a_write_by_anyone_nothing_older_is_given(house: House) -> None:
    url = "/api/v1/sites/HN-II-5"
    with open_store(house.store.url.render_as_string(hide_password=False), now=CLOCK) as other:
        for number in range(4):
            level = ("low", "active")[number % 2]
            new = NewAssessment(
                site_id="HN-II-5", level=level, day=date(2026, 8, 9), document=f"{number}/BC", office="UBND"
            )
            other.add(new, ACTOR)
            assert [house.client.get(url).json()["level"] for _ in range(3)] == [level] * 3


def test_after_a_write_by_another_process_nothing_older_is_given(house: House) -> None:
    url, address = "/api/v1/sites/HN-II-4", house.store.url.render_as_string(hide_password=False)
    before = house.client.get(url).json()["level"]
    level = "low" if before != "low" else "active"
    script = f"""
from datetime import date, datetime, UTC
from geo.records.entries import Actor, NewAssessment
from geo.records.store import open_store
with open_store({address!r}, now=lambda: datetime(2026, 8, 10, 3, tzinfo=UTC)) as store:
    store.add(NewAssessment(site_id="HN-II-4", level={level!r}, day=date(2026, 8, 9), document="1/BC", office="UBND"),
              Actor("tests", "Sở Y tế", "cli"))
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    assert house.client.get(url).json()["level"] == level


def test_reading_while_others_write_is_never_behind_what_was_acknowledged(house: House) -> None:
    url, done = "/api/v1/sites/HN-II-3/history", threading.Event()
    acknowledged: list[str] = []

    def write() -> None:
        with open_store(house.store.url.render_as_string(hide_password=False), now=CLOCK) as other:
            for number in range(5):
                document = f"{number}/BC-GHI"
                new = NewAssessment(
                    site_id="HN-II-3", level="low", day=date(2026, 8, 8), document=document, office="UBND"
                )
                other.add(new, ACTOR)
                acknowledged.append(document)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        wanted = list(acknowledged)
        found = {row["document"] for row in house.client.get(url, params={"limit": 1000}).json()["items"]}
        assert found >= set(wanted)
    writer.join()


class _SlowStore:
    """Records on a server that takes its time: it answers what held when the question began."""

    in_file = False

    def __init__(self) -> None:
        self.written = 0
        self.questions = 0
        self.began, self.go = threading.Event(), threading.Event()

    def version(self) -> str:
        found = str(self.written)
        self.questions += 1
        self.began.set()
        self.go.wait(10)
        return found

    def last_ids(self, *_: str) -> tuple[int, ...]:
        return (self.written,)

    def each_list(self) -> tuple[_SlowStore, ...]:
        return (self,)


def test_who_asks_while_a_question_is_under_way_shares_the_next_one() -> None:
    store = _SlowStore()
    versions = VersionReader(store, PublicVersion(store, lambda: store.written), CLOCK)  # type: ignore[arg-type]

    async def ask() -> tuple[str, list[str]]:
        first = asyncio.create_task(versions.state())
        await asyncio.to_thread(store.began.wait, 10)
        store.written = 1
        others = [asyncio.create_task(versions.state()) for _ in range(50)]
        await asyncio.sleep(0)
        store.go.set()
        return (await first).recorded, [(await other).recorded for other in others]

    first, others = asyncio.run(ask())
    assert first == "0"
    assert others == ["1"] * 50
    assert store.questions == 2
    versions.close()


def test_names_that_clients_make_up_are_not_stored(house: House) -> None:
    before = _hits(house)
    url = "/api/v1/wards?" + "&".join(["ward=00004"] * 200)
    assert {house.client.get(url).status_code for _ in range(3)} == {200}
    assert _hits(house) == before
