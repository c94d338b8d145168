"""An office to be tried: the service on a real database, an account of every role, some reports; its clock stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import Accounts, NewAccount
from geo.records.entries import Actor, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

ACTOR = Actor("torture", "Sở Y tế", "cli")
HOAI_DUC = "09832"
ROLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("public", "public", ()),
    ("ward", "ward", (HOAI_DUC,)),
    ("city", "city", ()),
    ("admin", "admin", ()),
)
_NOW = datetime(2026, 8, 10, 3, tzinfo=UTC)
_PLACES = ((105.7064123, 21.0612345, 7), (105.8364, 21.0394, 3))
_REPORTS = [
    NewReport(day=date(2026, 5, 4), kind="other", channel="hotline", lon=lon, lat=lat)
    for lon, lat, times in _PLACES
    for _ in range(times)
]


@dataclass(frozen=True, slots=True)
class Office:
    """The service, and the headers that each account sends with its token (`nobody` sends none)."""

    app: FastAPI
    headers: dict[str, dict[str, str]]


@contextmanager
def opened(url: str) -> Iterator[Office]:
    """An office with its records at a database URL."""
    with open_store(url, registers=load_register_lookup(), now=lambda: _NOW) as store:
        _use_quick_passwords(store)
        headers: dict[str, dict[str, str]] = {"nobody": {}}
        for name, role, wards in ROLES:
            account = NewAccount(username=name, password="bon mua xuan ha", role=role, office="Sở Y tế", wards=wards)
            store.accounts.add(account, ACTOR)
            headers[name] = {"Authorization": f"Bearer {store.accounts.add_token(name, 'torture', ACTOR)}"}
        store.add_reports(_REPORTS, ACTOR, source="torture")
        secret = "a secret of the torture, long enough to be taken"
        settings = ApiSettings(secret=secret, log_requests=False, logins_per_minute=10**6, routes_per_minute=10**6)  # type: ignore[arg-type]
        yield Office(create_app(settings, store, lambda: _NOW), headers)


def _use_quick_passwords(store: Store) -> None:
    """Hash at the least cost: what passwords cost on purpose would be most of the time."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    store.__dict__["accounts"] = Accounts(store._engine, now=lambda: _NOW, registers=store.registers, hasher=quick)
