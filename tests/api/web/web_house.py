"""The pages under test: a server with records and accounts whose clock stands, and pages that watch themselves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi import FastAPI

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import NewAccount
from geo.records.entries import Actor, NewAssessment, NewReport, NewReview
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

ACTOR = Actor("tests", "Sở Y tế", "cli")
PASSWORD = "bon mua xuan ha thu dong"
SECRET = "a secret of the tests, long enough to be taken"
HOAI_DUC, BA_DINH, HAI_BA_TRUNG = "09832", "00004", "00256"
MARK_OWN = "RIA BAI DAT"
MARK_OTHER = "GOC CONG VIEN"
ACCOUNTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("hoai-duc", "ward", (HOAI_DUC,)),
    ("ba-dinh", "ward", (BA_DINH,)),
    ("city", "city", ()),
    ("admin", "admin", ()),
)


class StandingClock:
    """The clock of the server: 20 June 2026 while the records are furnished, 10 August afterwards, 10:00 each."""

    def __init__(self) -> None:
        self.to_june()

    def to_june(self) -> None:
        """Go back to the day on which records are furnished."""
        self.moment = datetime(2026, 6, 20, 3, tzinfo=UTC)

    def to_august(self) -> None:
        """Go on to the day of the tests: the quarter of the reports is settled by then."""
        self.moment = datetime(2026, 8, 10, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


clock = StandingClock()


def furnish_accounts(store: Store) -> None:
    """An account of every role."""
    for name, role, wards in ACCOUNTS:
        store.accounts.add(
            NewAccount(username=name, password=PASSWORD, role=role, office=f"Cơ quan {name}", wards=wards), ACTOR
        )


@contextmanager
def furnished(folder: Path) -> Iterator[Store]:
    """Furnished records on SQLite; those of a second office are made in June, too."""
    clock.to_june()
    url = f"sqlite:///{folder / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as records:
        furnish(records)
        yield records


def service(store: Store) -> FastAPI:
    """The service with its pages over some records."""
    settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
    return create_app(settings, store, clock)


def furnish(store: Store) -> None:
    """Fill the records: accounts, reports in two wards, a level, a review. Seven in one ward, three in the other.

    The records were made in June; the clock then goes on to August.
    """
    furnish_accounts(store)
    places = [(105.7064123, 21.0612345, MARK_OWN)] * 7 + [(105.8364, 21.0394, MARK_OTHER)] * 3
    reports = [
        NewReport(day=date(2026, 5, 4 + i), kind="surroundings", channel="ward_check", lon=lon, lat=lat, note=note)
        for i, (lon, lat, note) in enumerate(places)
    ]
    store.add_reports(reports, ACTOR, source="tests")
    level = NewAssessment(site_id="HN-II-1", level="low", day=date(2026, 4, 1), document="12/BC-UBND", office="Sở Y tế")
    store.add(level, ACTOR)
    review = NewReview(
        day=date(2026, 3, 2), wards=(HOAI_DUC,), sites=("HN-I-1",), conclusion="watch", document="15/BB-RS", next_day=date(2026, 6, 2)
    )  # fmt: skip
    store.add(review, ACTOR)
    clock.to_august()


@dataclass
class Watched:
    """A page of the browser with every request that left for another host and every complaint of the browser."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        # That what is stored was cleared at signing out, as asked for, is said as well.
        if not message.text.endswith('Cleared data types: "cache".'):
            self.complaints.append(message.text)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str) -> Page:
        """Open a page and wait until it and its map are drawn."""
        self.page.goto(self.address + path, wait_until="load")
        return self.drawn()

    def drawn(self) -> Page:
        """Wait until the map of the page, in a frame or alone, is drawn."""
        if self.page.locator("iframe").count():
            self.page.frame_locator("iframe").locator("[data-drawn]").wait_for()
        elif "/maps/" in self.page.url:
            self.page.wait_for_selector("[data-drawn]")
        return self.page

    def sign_in(self, name: str) -> None:
        """Sign in by the form."""
        self.open("/login")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_load_state("load")


@cache
def axe_source() -> str:
    """The source of axe-core, from the package that ships it; tests that use it are skipped where it is missing."""
    package = pytest.importorskip("axe_playwright_python")
    return Path(str(package.__file__)).with_name("axe.min.js").read_text("utf-8")


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The service on a free port of 127.0.0.1: its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
