"""No secret in a log, an error page or an error message: passwords, tokens, sessions, keys, and that of the database."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from fresh_records import fresh_records
from hold_house import ACTOR, PASSWORD, SECRET, House, StandingClock, served

from api.core.settings import ApiSettings
from api.http.request_log import JsonLines
from api.main import create_app
from api.security.identity import COOKIE
from geo.errors import DiabanError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

IN_URL = "mat-khau-csdl-4711"
WRONG = "mot mat khau nham 0815"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = StandingClock()
    with open_store(fresh_records(tmp_path), registers=load_register_lookup(), now=clock) as store:
        yield served(store, clock, log_requests=True)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger writes, as the service writes it and as Python would."""
    text, root = io.StringIO(), logging.getLogger()
    handlers = [logging.StreamHandler(text), logging.StreamHandler(text)]
    handlers[0].setFormatter(JsonLines())
    level = root.level
    for handler in handlers:
        # The client of these tests writes down what it asks for.
        handler.addFilter(lambda record: not record.name.startswith("httpx"))
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def test_a_session_leaves_no_secret_behind(house: House, logged: io.StringIO) -> None:
    secrets, pages = [PASSWORD, WRONG, SECRET], list[str]()
    token = house.store.accounts.add_token("city", "tests", ACTOR)
    secrets.append(token)
    with house.browser(Accept="text/html, */*") as client:
        for password in (WRONG, PASSWORD):
            login = {"username": "city", "password": password}
            pages += [client.post("/api/v1/session", json=login).text, client.post("/login", data=login).text]
        secrets.append(client.cookies[COOKIE])
        own = client.get("/api/v1/session").json()["csrf_token"]
        # A body that is none, a field too many, a key in the address, a token where none belongs.
        pages.append(client.post("/api/v1/session", json={"username": "city", "password": [PASSWORD]}).text)
        pages.append(client.post("/api/v1/session", json={"username": "x", "password": "y", "p": PASSWORD}).text)
        pages.append(client.post("/login", content=f"password={PASSWORD}", headers={"Content-Type": "x"}).text)
        # What stands in the address that somebody asked for may stand in links of the page, but in no log.
        client.get(f"/open?key={token}")
        client.get(f"/nothing/{token}")
        pages.append(client.get("/api/v1/reports", headers={"Authorization": f"Bearer {token}x"}).text)
        pages.append(client.get("/api/v1/reports", headers={"Authorization": f"Bearer {token}"}).text)
        pages.append(client.post("/api/v1/reports", json={}, headers={"X-CSRF-Token": own[:-1] + "x"}).text)
        pages.append(client.get("/api/v1/wards?day=" + WRONG).text)
    reported = logged.getvalue()
    assert '"event":"request"' in reported
    for secret in secrets:
        assert secret not in reported
    # Query values that were refused are shown to whoever sent them, and to nobody else; secrets never.
    for secret in (PASSWORD, SECRET, token, secrets[-1]):
        assert not [page for page in pages if secret in page]


def test_a_failure_inside_tells_its_place_and_not_its_words(house: House, logged: io.StringIO) -> None:
    @house.app.get("/api/v1/vocabulary/broken")
    def broken() -> None:
        raise RuntimeError(f"the password is {PASSWORD}")

    from api.security.permissions import RULES

    RULES["GET", "/api/v1/vocabulary/broken"] = RULES["GET", "/health"]
    try:
        with house.browser() as client:
            answer = client.get("/api/v1/vocabulary/broken")
    finally:
        del RULES["GET", "/api/v1/vocabulary/broken"]
    assert answer.status_code == 500
    assert PASSWORD not in answer.text
    lines = [line for line in logged.getvalue().splitlines() if line.startswith("{")]
    assert any('"unexpected"' in line for line in lines)
    assert not [line for line in lines if PASSWORD in line]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://diaban:{IN_URL}@127.0.0.1:1/diaban",
        f"postgresql://diaban:{IN_URL}@127.0.0.1:1/diaban?connect_timeout=1",
        f"postgresql://127.0.0.1:1/diaban?user=diaban&password={IN_URL}",
        f"postgresql+nothing://diaban:{IN_URL}@127.0.0.1/diaban",
        f"mysql://diaban:{IN_URL}@127.0.0.1/diaban",
        f"postgresql://diaban:{IN_URL}@127.0.0.1:port/diaban",
        f"//diaban:{IN_URL}@",
    ],
)
def test_the_password_of_the_database_is_in_no_message(url: str, logged: io.StringIO) -> None:
    with pytest.raises(DiabanError) as caught, open_store(url):
        pass
    assert IN_URL not in str(caught.value)
    assert IN_URL not in logged.getvalue()


def test_settings_do_not_show_their_secret() -> None:
    settings = ApiSettings(secret=SECRET)
    assert SECRET not in repr(settings) + str(settings) + str(asdict(settings))


def test_a_service_shows_none_of_its_settings(house: House) -> None:
    app = create_app(ApiSettings(secret=SECRET, log_requests=False), house.store, house.clock)
    assert SECRET not in repr(app.state.service)
