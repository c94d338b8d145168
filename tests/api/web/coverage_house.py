"""A service whose programme has the example figures of both cities, and what its pages show, read as rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web_house import ACTOR, BA_DINH, SECRET, StandingClock, furnish_accounts

from api.core.settings import ApiSettings
from api.main import create_app
from api.security.identity import COOKIE
from geo.importing.coverage import read_entries
from geo.importing.coverage_commit import add_coverage, coverage_entries
from geo.records.entries import NewCoverageEntry
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.reference.cities import city
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister, load_wards
from geo.settings import data_dir

Visitor = Callable[..., TestClient]
NGOC_HA = "00008"
HUE_WARD = "19753"


@pytest.fixture(scope="module")
def coverage_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, StandingClock]]:
    """Records with the example figures of both cities for 2026-H1, and a small count in Ba Đình."""
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('coverage') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        furnish_accounts(store)
        for slug in ("hanoi", "hue"):
            programme = load_programme(slug)
            wards = load_wards(city=city(slug))
            frame = read_entries(data_dir() / "examples" / f"{slug}-2026-H1.csv", programme, WardRegister(wards))
            add_coverage(store, coverage_entries(frame), ACTOR, source=slug)
        add_coverage(store, [entry(BA_DINH, "3.1", 3)], ACTOR, source="small")
        clock.to_august()
        yield store, clock


def entry(ward: str | None, indicator: str, value: float, period: str = "2026-H1") -> NewCoverageEntry:
    return NewCoverageEntry(
        ward_code=ward, programme="hanoi-2026", indicator=indicator, period=period, value=value,
        day=date(2026, 6, 15), document="31/BC-UBND", office="UBND phường Ba Đình",
    )  # fmt: skip


@pytest.fixture(scope="module")
def coverage_app(coverage_store: tuple[Store, StandingClock]) -> FastAPI:
    settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000, routes_per_minute=100_000)  # type: ignore[arg-type]
    return create_app(settings, *coverage_store)


@pytest.fixture
def client(coverage_app: FastAPI, coverage_store: tuple[Store, StandingClock]) -> Visitor:
    def make(name: str | None = None) -> TestClient:
        headers = {"Origin": "http://testserver", "Accept": "text/html"}
        fresh = TestClient(coverage_app, headers=headers, follow_redirects=False)
        if name is not None:
            fresh.cookies.set(COOKIE, coverage_store[0].accounts.open_session(name))
        return fresh

    return make


def rows(page: str) -> dict[str, list[str]]:
    """The cells of each row of the page's tables, by the text of its heading."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL):
        plain = re.sub(r"<details>.*?</details>", "", row, flags=re.DOTALL)
        cells = [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", plain, re.DOTALL)
        ]
        found[cells[0]] = cells[1:]
    return found


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]
