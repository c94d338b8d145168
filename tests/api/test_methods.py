"""HEAD is answered wherever GET is, every path says what it takes, and other origins get in where the settings say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_house import House
from fastapi.testclient import TestClient

from api.core.settings import ApiSettings
from api.main import create_app
from geo.errors import InputError

PATHS = (
    "/health",
    "/ready",
    "/",
    "/openapi.json",
    "/docs",
    "/api/v1/wards",
    "/api/v1/wards/00004",
    "/api/v1/situation",
    "/ogc",
    "/ogc/collections/wards/items?limit=3",
    "/static/site.css",
    "/tiles/10/812/451",
    "/login",
)
ORIGIN = "https://maps.example.org"


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_its_body(house: House, path: str) -> None:
    whole, head = house.client.get(path), house.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "cache-control", "content-security-policy"):
        assert head.headers.get(name) == whole.headers.get(name), name


def test_head_of_what_is_not_there_and_of_what_is_closed(house: House) -> None:
    assert house.client.head("/api/v1/wards/99999").status_code == 404
    assert house.client.head("/api/v1/reports").status_code == 401
    assert house.client.head("/api/v1/assessments").status_code == 405


def test_a_program_that_looks_at_the_one_time_link_does_not_use_it_up(house: House) -> None:
    assert house.client.head("/open?key=whatever", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/health", "GET, HEAD, OPTIONS"),
        ("/api/v1/crossings", "GET, HEAD, OPTIONS, POST"),
        ("/api/v1/assessments", "OPTIONS, POST"),
        ("/api/v1/session", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/reviews", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_every_path_says_what_it_takes(house: House, path: str, methods: str) -> None:
    answer = house.client.options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, methods, b"")
    assert "access-control-allow-origin" not in answer.headers


def test_options_of_no_path_is_404_and_a_wrong_method_names_the_right_ones(house: House) -> None:
    assert house.client.options("/no/such/path").status_code == 404
    assert house.client.put("/health").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.fixture(scope="module")
def open_client(house: House) -> Iterator[TestClient]:
    """A client of a service that one other origin may read."""
    settings = ApiSettings(secret="s" * 40, log_requests=False, cors_origins=f"{ORIGIN} http://localhost:8080")
    app = create_app(settings, house.store, house.app.state.service.clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_without_a_setting_no_other_origin_reads_or_writes(house: House) -> None:
    assert "access-control-allow-origin" not in house.client.get("/api/v1/wards", headers={"Origin": ORIGIN}).headers
    route = {"type": "LineString", "coordinates": [[105.8, 21.03], [105.81, 21.03]]}
    refused = house.client.post("/api/v1/crossings", json=route, headers={"Origin": ORIGIN})
    assert refused.status_code == 403


def test_an_origin_of_the_settings_reads_and_sends(open_client: TestClient, house: House) -> None:
    for _ in range(2):  # anew, then from the cache
        answer = open_client.get("/api/v1/wards?limit=1", headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "access-control-allow-credentials" not in answer.headers
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert open_client.options("/api/v1/crossings", headers=asked).status_code == 200
    route = {"type": "LineString", "coordinates": [[105.8, 21.03], [105.81, 21.03]]}
    sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}
    assert open_client.post("/api/v1/crossings", json=route, headers=sent).status_code == 200
    body = {"site_id": "HN-I-2", "level": "low", "day": "2026-07-02", "document": "7/BC"}
    assert open_client.post("/api/v1/assessments", json=body, headers=sent | house.as_("city")).status_code == 201


def test_other_origins_pages_and_sign_in_stay_closed(open_client: TestClient) -> None:
    other = open_client.get("/api/v1/wards?limit=1", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers
    secrets = {"username": "city", "password": "x" * 20}
    assert open_client.post("/api/v1/session", json=secrets, headers={"Origin": ORIGIN}).status_code == 403
    assert open_client.post("/login", data=secrets, headers={"Origin": ORIGIN}).status_code == 403


@pytest.mark.parametrize("origins", ["maps.example.org", "https://maps.example.org/map", "https://*.example.org"])
def test_what_is_no_origin_is_refused_at_the_start(house: House, origins: str) -> None:
    settings = ApiSettings(secret="s" * 40, log_requests=False, cors_origins=origins)
    with pytest.raises(InputError, match="CORS_ORIGINS"):
        create_app(settings, house.store, house.app.state.service.clock)
