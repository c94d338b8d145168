"""Processor time of the pages that officers open all day, and of public answers after a hidden write.

    python -m benchmarks.pages [--views 40]

The app itself, in this process, its records in SQLite: 400 reports of a year and the figures of a half-year, an account
of a ward and one of the city, each with a session in the browser. Requests go through the whole app, without a socket.
'Again' is the middle of as many views of a page; 'after a write' is one view each after a report that
somebody else recorded. The second table is of what anybody may request, right after such a report.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import NewAccount
from geo.records.entries import Actor, NewCoverageEntry, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

ACTOR = Actor("bench", "Sở Y tế", "cli")
WARD = "09832"
NOW = datetime(2026, 8, 10, 3, tzinfo=UTC)
PAGES = (
    "/",
    f"/wards/{WARD}",
    "/wards/00004",
    "/sites/HN-I-1",
    "/coverage",
    "/coverage?target=1",
    "/reviews",
    "/about",
)
PUBLIC = (
    *("/api/v1/situation", "/api/v1/wards?limit=200&f=geojson", "/api/v1/sites/HN-I-1", "/api/v1/flags"),
    *("/ogc/collections/sites/items?f=json", "/wards/00004", "/coverage"),
)


@dataclass(frozen=True)
class Client:
    """Somebody who asks an app in this process; `cookie` is that of a session, '' for nobody."""

    app: Any
    loop: asyncio.AbstractEventLoop
    cookie: str = ""

    def get(self, url: str) -> tuple[int, float]:
        """The status of an answer, and the milliseconds that it took the processor, all threads together."""
        path, _, query = url.partition("?")
        headers = [(b"host", b"bench"), (b"accept", b"text/html,application/json;q=0.9,*/*;q=0.8")]
        if self.cookie:
            headers.append((b"cookie", f"diaban_session={self.cookie}".encode()))
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("bench", 80),
        }
        seen = _Seen()
        began = time.process_time()
        self.loop.run_until_complete(self.app(scope, seen.receive, seen.send))
        return seen.status, (time.process_time() - began) * 1000


@dataclass
class _Seen:
    status: int = 0
    sent: bool = field(default=False)

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=40)
    views = parser.parse_args().views
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'records.sqlite'}"
        with open_store(url, registers=load_register_lookup(), now=lambda: NOW) as store:
            _fill(store)
            app = create_app(ApiSettings(secret="s" * 40, log_requests=False), store, lambda: NOW)  # type: ignore[arg-type]
            loop = asyncio.new_event_loop()
            people = {name: Client(app, loop, store.accounts.open_session(name)) for name in ("ward", "city")}
            pages(people, views, lambda: _report(store))
            public(Client(app, loop), lambda: _report(store))
            loop.close()


def pages(people: dict[str, Client], views: int, write: Callable[[], None]) -> None:
    """Each page for each account: milliseconds of the processor."""
    print(f"{'page':<24}{'account':<10}{'after a write':>14}{'again':>10}   ms of the processor")
    for url in PAGES:
        for name, client in people.items():
            client.get(url)
            after = []
            for _ in range(3):
                write()
                after.append(_good(client.get(url)))
            again = [_good(client.get(url)) for _ in range(views)]
            print(f"{url:<24}{name:<10}{statistics.median(after):>14.1f}{statistics.median(again):>10.2f}")


def public(client: Client, write: Callable[[], None]) -> None:
    """What anybody may ask for: again, and as the first request after a report was recorded."""
    print(f"\n{'public':<40}{'after a report':>15}{'again':>10}   ms of the processor")
    for url in PUBLIC:
        _good(client.get(url))
        after = []
        for _ in range(3):
            write()
            after.append(_good(client.get(url)))
        again = [_good(client.get(url)) for _ in range(10)]
        print(f"{url:<40}{statistics.median(after):>15.1f}{statistics.median(again):>10.2f}")


def _good(answer: tuple[int, float]) -> float:
    status, taken = answer
    if status != 200:
        sys.exit(f"answered with {status}")
    return taken


def _fill(store: Store) -> None:
    for name, wards in (("ward", (WARD,)), ("city", ())):
        new = NewAccount(username=f"{name}", password="bon mua xuan ha thu", role=name, office="Sở Y tế", wards=wards)
        store.accounts.add(new, ACTOR)
    random = np.random.default_rng(7)
    places = random.uniform((105.79, 20.98), (105.88, 21.06), (400, 2)).round(6).tolist()
    days = [date(2025, 9, 1) + timedelta(days=int(n)) for n in random.integers(0, 340, len(places))]
    reports = [
        NewReport(day=day, kind="other", channel="hotline", lon=lon, lat=lat)
        for day, (lon, lat) in zip(days, places, strict=True)
    ]
    store.add_reports(reports, ACTOR, source="bench")
    for code in (WARD, "00004", "00008"):
        entry = NewCoverageEntry(
            ward_code=code, programme="hanoi-2026", indicator="1", period="2026-H1", value=1,
            day=date(2026, 7, 1), document="1/BC", office="Sở Y tế",
        )  # fmt: skip
        store.add(entry, ACTOR)


def _report(store: Store) -> None:
    new = NewReport(day=date(2026, 8, 9), kind="other", channel="hotline", lon=105.8364, lat=21.0394)
    store.add(new, ACTOR)


if __name__ == "__main__":
    main()
