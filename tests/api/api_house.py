"""The service under test: accounts, tokens, and a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from fastapi import FastAPI
from fastapi.testclient import TestClient

from geo.records.entries import Actor
from geo.records.store import Store

ACTOR = Actor("tests", "Sở Y tế", "cli")
PASSWORD = "bon mua xuan ha thu dong"
HOAI_DUC, BA_DINH = "09832", "00004"
ROLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("guest", "public", ()),
    ("hoai-duc", "ward", (HOAI_DUC,)),
    ("ba-dinh", "ward", (BA_DINH,)),
    ("city", "city", ()),
    ("admin", "admin", ()),
)


class StandingClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at(2026, 8, 10)

    def at(self, year: int, month: int, day: int) -> None:
        """Set it to 10:00 in Việt Nam on a day."""
        self.moment = datetime(year, month, day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


CLOCK = StandingClock()


@dataclass(frozen=True)
class House:
    """A service, its records and a token for each account."""

    app: FastAPI
    store: Store
    tokens: dict[str, str]

    @cached_property
    def client(self) -> TestClient:
        """A client that failures of the server reach as answers with 500; to be closed by `close`."""
        # Entered, because a client that is not starts a thread with an event loop for every request.
        return TestClient(self.app, raise_server_exceptions=False).__enter__()

    def close(self) -> None:
        """Stop the client."""
        if "client" in self.__dict__:
            self.client.__exit__()

    def as_(self, name: str | None) -> dict[str, str]:
        """The headers of an account; none for nobody."""
        return {} if name is None else {"Authorization": f"Bearer {self.tokens[name]}"}

    def browser(self, name: str | None = None) -> TestClient:
        """A fresh browser, signed in as an account."""
        client = TestClient(self.app, raise_server_exceptions=False, headers={"Origin": "http://testserver"})
        if name is not None:
            answer = client.post("/api/v1/session", json={"username": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client
