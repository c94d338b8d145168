"""A server of its own for the pages, and a browser that reaches that server alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web_house import Watched, clock, furnished, served, service

from api.security.identity import COOKIE
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
SignIn = Callable[[str | None], TestClient]
NewWatched = Callable[..., Watched]


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records on SQLite, furnished once for all modules."""
    folder = tmp_path_factory.mktemp("pages")
    with furnished(folder):
        pass
    return folder / "records.sqlite"


@pytest.fixture(scope="module")
def store(furnished_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same for each module: what one records, another does not find, whichever comes first."""
    own = shutil.copy(furnished_file, tmp_path_factory.mktemp("own"))
    clock.to_august()
    with open_store(f"sqlite:///{own}", registers=load_register_lookup(), now=clock) as records:
        yield records


@pytest.fixture(scope="module")
def app(store: Store) -> FastAPI:
    """The service with its pages."""
    return service(store)


@pytest.fixture
def visitor(app: FastAPI, store: Store) -> SignIn:
    """A fresh client that reads pages, signed in as an account; None for nobody."""

    def client(name: str | None = None) -> TestClient:
        headers = {"Origin": "http://testserver", "Accept": "text/html"}
        fresh = TestClient(app, headers=headers, follow_redirects=False)
        if name is not None:
            # Signing in by password takes its time on purpose; a test of its own does that.
            fresh.cookies.set(COOKIE, store.accounts.open_session(name))
        return fresh

    return client


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The service on 127.0.0.1."""
    with served(app) as found:
        yield found


@pytest.fixture
def watched(browser: Browser, address: str, store: Store) -> Iterator[NewWatched]:
    """Makes pages that reach the server and nothing else, as `watched(viewport, user=..., scripts=...)`."""
    contexts: list[BrowserContext] = []

    def make(viewport: dict[str, int] = DESKTOP, *, user: str | None = None, scripts: bool = True) -> Watched:
        context = browser.new_context(viewport=viewport, java_script_enabled=scripts, locale="vi-VN")  # type: ignore[arg-type]
        contexts.append(context)
        found = Watched(context.new_page(), address)
        if user is not None:
            context.add_cookies([{"name": COOKIE, "value": store.accounts.open_session(user), "url": address}])
        return found

    yield make
    for context in contexts:
        context.close()
