"""One service for each database, with an account of every role; its clock stands at 10 August 2026, 10:00."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from api_house import ACTOR, CLOCK, PASSWORD, ROLES, House
from one_loop import one_loop
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import Accounts, NewAccount
from geo.records.entries import NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

__all__ = ["one_loop"]

ROOT = Path(__file__).resolve().parents[2]
ON_BOTH_DATABASES = (
    *("test_story", "test_ogc_writes", "test_registers_api", "test_sessions", "test_public_version", "test_at_once"),
    *("test_operation", "test_concurrency"),
)
"""What writes, or follows from what was written; rules, forms and pages know no database."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Elsewhere the service is tried on SQLite alone: the records themselves are tried on both."""
    items[:] = [item for item in items if _database(item) != "postgresql" or item.path.stem in ON_BOTH_DATABASES]


def _database(item: pytest.Item) -> object:
    return item.callspec.params.get("house") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service with its records on SQLite; where records are written, the same on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'records.sqlite'}"
    else:
        url = _own_database(request.getfixturevalue("postgres"))
    with open_store(url, registers=load_register_lookup(), now=CLOCK) as store:
        furnished = _furnished(store)
        yield furnished
        furnished.close()


@pytest.fixture(autouse=True)
def _no_cookies(request: pytest.FixtureRequest) -> Iterator[None]:
    """The client that modules share forgets what a test chose, such as its language."""
    house: House | None = request.getfixturevalue("house") if "house" in request.fixturenames else None
    yield
    if house is not None:
        house.client.cookies.clear()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server on 127.0.0.1, its records on SQLite; for clients that speak HTTP themselves."""
    url = f"sqlite:///{tmp_path_factory.mktemp('server') / 'records.sqlite'}"
    port = _free_port()
    script = Path(__file__).with_name("standing_server.py")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(script.parent)))}
    with subprocess.Popen([sys.executable, str(script), url, str(port)], env=environment) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/ready", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _own_database(new: Callable[[], str]) -> str:
    """A database of its own beside the one that the tests of the records empty again and again."""
    server = new()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS api")
        connection.execute("CREATE DATABASE api")
    return server.rsplit("/", 1)[0] + "/api"


def _furnished(store: Store) -> House:
    tokens: dict[str, str] = {}
    # Passwords hashed at the least cost: what they cost is a matter of the records, and tested there.
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    store.__dict__["accounts"] = Accounts(store._engine, now=CLOCK, registers=store.registers, hasher=quick)
    for name, role, wards in ROLES:
        new = NewAccount(username=name, password=PASSWORD, role=role, office=f"Cơ quan {role}", wards=wards)
        store.accounts.add(new, ACTOR)
        tokens[name] = store.accounts.add_token(name, "tests", ACTOR)
    points = [(105.7064123, 21.0612345)] * 7 + [(105.8364, 21.0394)] * 3
    marked = [
        NewReport(day=date(2026, 5, 4), kind="other", channel="hotline", lon=lon, lat=lat, note="MARK rìa bãi đất")
        for lon, lat in points
    ]
    CLOCK.at(2026, 6, 20)
    store.add_reports(marked, ACTOR, source="tests")
    CLOCK.at(2026, 8, 10)
    secret = "a secret of the tests, long enough to be taken"
    app = create_app(ApiSettings(secret=secret, log_requests=False, logins_per_minute=100_000), store, CLOCK)  # type: ignore[arg-type]
    return House(app, store, tokens)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=900):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
