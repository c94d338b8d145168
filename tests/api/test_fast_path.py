"""What goes out by the fast path is what the slow path gives, is logged as that is, and keeps to the same rules."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from api_house import ACTOR, CLOCK, House
from fastapi.testclient import TestClient
from test_access import VALUES

from api.core.data_version import VersionReader
from api.core.public_records import PublicRecords
from api.core.settings import ApiSettings
from api.http.request_log import JsonLines
from api.main import create_app
from api.security.permissions import RULES, Rule
from geo.records.entries import NewAssessment
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.visibility import Role

WARD = "/api/v1/wards/00004"
QUERIES = {"/api/v1/wards/at": "?lon=105.834&lat=21.037", "/api/v1/wards/search": "?q=yen+hoa"}
_NONCE = re.compile(rb"'nonce-([0-9a-f]{32})'")
OWN_SAY = ("/open", "/ready", "/health")
"""Routes that answer for the moment, or for a key."""


def _open_routes() -> list[str]:
    found = [path for (method, path), rule in RULES.items() if method == "GET" and rule.role <= Role.PUBLIC]
    return sorted(path for path in found if path not in OWN_SAY and not RULES["GET", path].budget)


def _asked(client: TestClient, url: str, headers: dict[str, str]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    with client.stream("GET", url, headers=headers, follow_redirects=False) as answer:
        raw, body = answer.headers.raw, b"".join(answer.iter_raw())
    found = _NONCE.search(answer.headers.get("content-security-policy", "").encode())
    if found is None:
        return answer.status_code, raw, body
    plain = gzip.decompress(body) if "content-encoding" in answer.headers else body
    # All but the nonce, which is another one each time.
    return (
        answer.status_code,
        [(name, value.replace(found[1], b"")) for name, value in raw],
        plain.replace(found[1], b""),
    )


@pytest.fixture
def fresh(house: House) -> Iterator[House]:
    """A service over the same records that was asked for nothing yet, and may be asked for five expensive things a minute."""
    settings = ApiSettings(secret="s" * 40, log_requests=True, routes_per_minute=5)  # type: ignore[arg-type]
    fresh = House(create_app(settings, house.store, CLOCK), house.store, house.tokens)
    yield fresh
    fresh.close()


def test_every_route_that_is_open_gives_the_same_again_to_the_byte(house: House, fresh: House) -> None:
    before = fresh.app.state.service.answers.hits
    routes = _open_routes()
    for route in routes:
        url = route.format(**VALUES) + QUERIES.get(route, "")
        for headers in ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}):
            first = _asked(fresh.client, url, headers)
            assert first[0] < 500, url
            assert _asked(fresh.client, url, headers) == first, url
            held = headers | {"If-None-Match": dict(first[1]).get(b"etag", b"").decode()}
            assert _asked(fresh.client, url, held) == _asked(house.client, url, held), url
    assert fresh.app.state.service.answers.hits > before + 50
    assert len(routes) > 40


def test_what_is_cached_is_in_the_log_and_in_the_measurements(fresh: House, caplog: pytest.LogCaptureFixture) -> None:
    fresh.client.get(WARD)
    with caplog.at_level(logging.INFO, logger="diaban.api"):
        caplog.clear()
        for headers in ({}, {}, fresh.as_("city"), fresh.as_("city")):
            assert fresh.client.get(WARD, headers=headers).status_code == 200
        lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "diaban.api"]
    assert [line["role"] for line in lines] == ["public", "public", "city", "city"]
    assert {(line["route"], line["status"], line["method"]) for line in lines} == {("/api/v1/wards/{code}", 200, "GET")}
    scraped = fresh.client.get("/metrics", headers=fresh.as_("admin")).text
    labels = 'method="GET",route="/api/v1/wards/{code}"'
    assert f'diaban_requests_total{{{labels},status="200"}} 5.0' in scraped
    assert f'diaban_request_seconds_bucket{{le="+Inf",{labels}}} 5.0' in scraped
    assert f"diaban_request_seconds_count{{{labels}}} 5.0" in scraped
    assert re.search(r"diaban_answers_hits [1-9]", scraped)


def test_what_is_cached_draws_on_the_budget_of_its_route(fresh: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fresh.client.get(WARD).status_code == 200
    monkeypatch.setitem(RULES, ("GET", "/api/v1/wards/{code}"), Rule(Role.PUBLIC, budget="route"))
    hits = fresh.app.state.service.answers.hits
    assert [fresh.client.get(WARD).status_code for _ in range(7)] == [200] * 5 + [429] * 2
    assert fresh.app.state.service.answers.hits >= hits + 5


def test_what_is_cached_stays_behind_its_rule(fresh: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fresh.client.get(WARD).status_code == 200
    monkeypatch.setitem(RULES, ("GET", "/api/v1/wards/{code}"), Rule(Role.WARD))
    assert fresh.client.get(WARD).status_code == 401
    assert fresh.client.get(WARD, headers=fresh.as_("hoai-duc")).status_code == 200
    monkeypatch.delitem(RULES, ("GET", "/api/v1/wards/{code}"))
    assert fresh.client.get(WARD).status_code == 403


def test_all_points_of_a_ward_have_one_answer_and_each_has_its_own_ward_s(house: House, fresh: House) -> None:
    at, service = "/api/v1/wards/at", fresh.app.state.service
    random = np.random.default_rng(7)
    points = np.round(random.uniform((105.7, 20.95), (105.9, 21.1), (60, 2)), 6).tolist()
    codes = set()
    for lon, lat in (*points, (105.834, 21.037), (0, 0), (105, -91)):
        for query in (f"lon={lon}&lat={lat}", f"lon={lon}&lat={lat}&f=geojson"):
            fast = [_asked(fresh.client, f"{at}?{query}", {"Accept-Encoding": "identity"}) for _ in range(2)]
            # In another order it takes the slow path.
            long = _asked(house.client, f"{at}?{'&'.join(query.split('&')[::-1])}", {"Accept-Encoding": "identity"})
            assert fast == [long] * 2, query
        codes.add(service.register().at(lon, lat))
    assert service.answers.hits > 2 * len(points)
    assert len(codes) > 10
    code = service.register().at(105.834, 21.037).code
    for made_up in (f"ward={code}", f"ward={code}&f=geojson", "lon=1e2&lat=21", "lon=105&lat=21&f=nix"):
        assert fresh.client.get(f"{at}?{made_up}").status_code in (404, 422), made_up


def test_a_point_by_a_border_has_its_own_answer_that_names_the_neighbour(house: House, fresh: House) -> None:
    at, wards = "/api/v1/wards/at", fresh.app.state.service.register().frame.set_index("code")
    shape = wards.geometry["00070"]
    edge = shapely.line_interpolate_point(shapely.boundary(shape), [0.1, 0.4, 0.7], normalized=True)
    for x, y in shapely.get_coordinates(edge).tolist():
        found = [fresh.client.get(f"{at}?lon={x:.7f}&lat={y + step:.7f}").json() for step in (0, 1e-4, 0)]
        assert found[0] == found[2] == house.client.get(f"{at}?lat={y:.7f}&lon={x:.7f}").json()
        near = {row["code"]: row["distance_m"] for row in found[0]["neighbours"]}
        assert near
        assert min(near.values()) < 1
        assert "00070" in {found[0]["code"], *near}
        assert found[1] != found[0]
    inside = shapely.point_on_surface(shape)
    assert fresh.client.get(f"{at}?lon={inside.x:.7f}&lat={inside.y:.7f}").json()["neighbours"] == []


def test_a_request_that_says_too_much_gets_nothing_that_is_cached(fresh: House) -> None:
    assert fresh.client.get(WARD).status_code == 200
    assert fresh.client.request("GET", WARD, headers={"Content-Length": "99000000"}).status_code == 413
    assert fresh.client.get(WARD, headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_a_failure_that_nobody_foresaw_has_its_headers_and_is_counted(
    fresh: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    @fresh.app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setitem(RULES, ("GET", "/api/v1/broken"), Rule(Role.NOBODY))
    answer = fresh.client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    scraped = fresh.client.get("/metrics", headers=fresh.as_("admin")).text
    assert 'diaban_requests_total{method="GET",route="/api/v1/broken",status="500"} 1.0' in scraped


def test_a_state_is_shared_by_those_who_asked_before_it_and_by_nobody_after(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    new = NewAssessment(site_id="HN-II-5", level="low", day=date(2026, 8, 9), document="1/BC", office="UBND")

    async def ask() -> list[str]:
        await versions.state()
        await asyncio.sleep(0)
        found = [(await versions.state()).recorded]
        other.add(new, ACTOR)
        found.append((await versions.state()).recorded)
        await asyncio.sleep(0)
        found.append((await versions.state()).recorded)
        return found

    with open_store(url, registers=load_register_lookup(), now=CLOCK) as store, open_store(url, now=CLOCK) as other:
        versions = VersionReader(store, PublicRecords(store).versions, CLOCK)
        first, same_turn, next_turn = asyncio.run(ask())
        assert (same_turn, next_turn) == (first, other.version())
        assert next_turn != first
        versions.close()


def test_the_day_changes_at_midnight_in_viet_nam(house: House) -> None:
    versions = VersionReader(house.store, PublicRecords(house.store).versions, CLOCK)
    try:
        for day in (date(2026, 8, 10), date(2026, 8, 11), date(2026, 8, 9)):
            CLOCK.at(day.year, day.month, day.day)
            assert asyncio.run(versions.state()).day == day
        for hour, number in ((16, 9), (17, 10)):
            CLOCK.moment = CLOCK.moment.replace(hour=hour, minute=59 if hour == 16 else 0)
            assert asyncio.run(versions.state()).day == date(2026, 8, number)
    finally:
        CLOCK.at(2026, 8, 10)
        versions.close()


COUNTING = """
import sys
from pathlib import Path
from api.http.metrics import Metrics
from geo.cache import Cache

metrics = Metrics(Cache(1), Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    metrics.observe("GET", "/health", 200, 0.3)
if sys.argv[3:]:
    metrics.observe("BREW", "", 404, 9.0)
print(metrics.exposed().decode())
"""


def test_several_processes_count_together(tmp_path: Path) -> None:
    for arguments in (("2",), ("3", "more")):
        command = [sys.executable, "-c", COUNTING, str(tmp_path), *arguments]
        scraped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert 'diaban_requests_total{method="GET",route="/health",status="200"} 5.0' in scraped
    assert 'diaban_request_seconds_bucket{le="0.25",method="GET",route="/health"} 0.0' in scraped
    assert 'diaban_request_seconds_bucket{le="0.5",method="GET",route="/health"} 5.0' in scraped
    assert 'diaban_request_seconds_sum{method="GET",route="/health"} 1.5' in scraped
    assert 'diaban_requests_total{method="other",route="(none)",status="404"} 1.0' in scraped
    assert "diaban_answers_hits 0.0" in scraped
