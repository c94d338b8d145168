"""An office with everything in it that must not come out: marked reports, notes and reviews; and one without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import Accounts, NewAccount
from geo.records.entries import Actor, NewAssessment, NewFlagEvent, NewReport, NewReview, NewVerification
from geo.records.store import Store

ACTOR = Actor("tests", "Sở Y tế", "cli")
PASSWORD = "bon mua xuan ha thu dong"
SECRET = "a secret of the tests, long enough to be taken"
HOAI_DUC, BA_DINH = "09832", "00004"
MARK = "DẤU-CỜ"
TODAY = date(2026, 8, 10)
FIRST = date(2025, 10, 1)
ACCOUNTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("guest", "public", ()),
    ("hoai-duc", "ward", (HOAI_DUC,)),
    ("ba-dinh", "ward", (BA_DINH,)),
    ("city", "city", ()),
    ("admin", "admin", ()),
)
# (longitude, latitude, quarters after FIRST, how many): wards with 1 to 4 reports, with more, and far from any vertex.
PLACES = (
    (105.7064123, 21.0612345, 0, 1), (105.8364217, 21.0394831, 0, 2), (105.7891263, 21.0312874, 0, 9),
    (105.8552317, 21.0071932, 0, 8), (105.8121763, 21.0689147, 0, 7), (105.8302114, 20.9803127, 0, 12),
    (105.7064123, 21.0612345, 1, 4), (105.8364217, 21.0394831, 1, 6), (105.8552317, 21.0071932, 1, 3),
    (105.7891263, 21.0312874, 1, 8), (105.8121763, 21.0689147, 1, 9), (105.8302114, 20.9803127, 1, 12),
    (105.7064123, 21.0612345, 2, 7), (105.8364217, 21.0394831, 2, 3), (105.7891263, 21.0312874, 2, 11),
    (105.8552317, 21.0071932, 2, 8), (105.8121763, 21.0689147, 2, 9), (105.8302114, 20.9803127, 2, 12),
    (107.5789123, 16.4671234, 2, 2),
)  # fmt: skip
CLUSTER = (105.8364217, 21.0394831)
"""Where reports of the last days stand so close that flags are raised."""


class StandingClock:
    """A clock that stands until it is set; 10:00 in Việt Nam."""

    def __init__(self) -> None:
        self.at(TODAY)

    def at(self, day: date) -> None:
        """Set it to a day."""
        self.moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class House:
    """A service and its records."""

    app: FastAPI
    store: Store
    clock: StandingClock

    def browser(self, **headers: str) -> TestClient:
        """A client of nobody; failures of the server reach it as answers with 500."""
        sent = {"Origin": "http://testserver"} | headers
        return TestClient(self.app, raise_server_exceptions=False, headers=sent, follow_redirects=False)

    def token(self, name: str) -> dict[str, str]:
        """The headers of a program of an account."""
        return {"Authorization": f"Bearer {self.store.accounts.add_token(name, 'tests', ACTOR)}"}


def served(store: Store, clock: StandingClock, *, log_requests: bool = False) -> House:
    """The service over an empty store, with its accounts, open before anything is recorded."""
    clock.at(date(2026, 1, 20))  # the plan is of the 7th
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    store.__dict__["accounts"] = Accounts(store._engine, now=clock, registers=store.registers, hasher=quick)
    for name, role, wards in ACCOUNTS:
        store.accounts.add(
            NewAccount(username=name, password=PASSWORD, role=role, office="Sở Y tế", wards=wards), ACTOR
        )
    settings = ApiSettings(secret=SECRET, log_requests=log_requests, logins_per_minute=10**6, routes_per_minute=10**6)  # type: ignore[arg-type]
    app = create_app(settings, store, clock)
    clock.at(TODAY)
    return House(app, store, clock)


def record_what_is_public(store: Store, clock: StandingClock) -> None:
    """Levels and the state of a flag: what everybody may know."""
    clock.at(date(2026, 4, 2))
    level = NewAssessment(site_id="HN-II-1", level="low", day=date(2026, 4, 1), document="12/BC-UBND", office="Sở Y tế")
    store.add(level, ACTOR)
    clock.at(TODAY)


def record_what_is_not(store: Store, clock: StandingClock) -> None:
    """Reports, what was found of them, a review, a note beside a flag; a mark in every text."""
    for number, (lon, lat, quarter, times) in enumerate(PLACES):
        first = date(2025 + (9 + 3 * quarter) // 12, (9 + 3 * quarter) % 12 + 1, 2)
        clock.at(first + timedelta(days=60))
        days = [first + timedelta(days=3 * i) for i in range(times)]
        store.add_reports([_report(day, f"{number}", lon=lon, lat=lat) for day in days], ACTOR, source=f"{number}")
    clock.at(TODAY - timedelta(days=1))
    # Three days apart: what is reported of one place day after day is one matter.
    days = [date(2026, 8, 9) - timedelta(days=3 * i) for i in range(14)]
    recent = [_report(day, "tụ", lon=CLUSTER[0], lat=CLUSTER[1]) for day in days]
    along = [_report(date(2026, 8, 1), "tuyến", site_id="HN-I-1", chainage_m=1234.5 + i) for i in range(5)]
    store.add_reports([*recent, *along], ACTOR, source="recent")
    store.add(NewVerification(report_id=1, outcome="confirmed", day=date(2026, 8, 9), note=f"{MARK} xác minh"), ACTOR)
    review = NewReview(
        day=date(2026, 6, 1), wards=(HOAI_DUC,), sites=("HN-I-1",), conclusion="watch", document="15/BB-RS",
        note=f"{MARK} rà soát",
    )  # fmt: skip
    store.add(review, ACTOR)


def _report(day: date, note: str, **place: Any) -> NewReport:
    return NewReport(day=day, kind="other", channel="hotline", note=f"{MARK} {note}", **place)


def acknowledge(store: Store, clock: StandingClock, flag_id: str, note: str) -> None:
    """Say of a flag that it was seen, a second after all that was recorded before."""
    clock.moment += timedelta(seconds=1)
    store.add(NewFlagEvent(flag_id=flag_id, event="acknowledged", day=TODAY, note=note), ACTOR)
