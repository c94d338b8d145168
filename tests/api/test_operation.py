"""Running it: health, documentation without other hosts, metrics, logs without personal data, headers, commands."""

from __future__ import annotations

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from api_house import CLOCK, PASSWORD, House
from openapi_spec_validator import validate
from typer.testing import CliRunner

from api.core.settings import ApiSettings
from api.http.request_log import JsonLines
from api.main import create_app
from api.security.identity import network_class
from geo.cache import Cache
from geo.cli.app import application


def test_health_and_ready(house: House) -> None:
    assert house.client.get("/health").json()["status"] == "ok"
    assert house.client.get("/ready").json() == {"status": "ready"}


def test_the_documentation_needs_no_other_host(house: House) -> None:
    page = house.client.get("/docs")
    assert not re.search(r"https?://", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for asset in re.findall(r'(?:src|href)="(docs/assets/[^"]+)"', page.text):
        answer = house.client.get(f"/{asset}")
        assert answer.status_code == 200, asset
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert house.client.get("/docs/assets/..%2Fsecret").status_code == 404


def test_the_openapi_document_is_valid_and_says_who_may(house: House) -> None:
    document = house.client.get("/openapi.json").json()
    validate(document)
    assert document["paths"]["/api/v1/assessments"]["post"]["security"] == [{"bearer": []}, {"session": []}]
    assert {} in document["paths"]["/api/v1/wards"]["get"]["security"]
    assert "example" in document["components"]["schemas"]["AssessmentBody"]


def test_the_openapi_document_is_the_same_however_often_it_is_made(house: House) -> None:
    answers = [house.client.get("/openapi.json", headers={"Accept": f"application/json;q=0.{n}"}) for n in range(1, 4)]
    assert len({answer.content for answer in answers}) == 1


def test_security_headers_stand_on_every_answer(house: House) -> None:
    for url in ("/health", "/nix", "/api/v1/wards", "/api/v1/reports", "/docs", "/ogc?f=html"):
        headers = house.client.get(url).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


def test_metrics_name_routes_and_nothing_that_clients_make_up(house: House) -> None:
    house.client.get("/api/v1/wards/00004?secret=1")
    house.client.get("/made/up/0912345678")
    text = house.client.get("/metrics", headers=house.as_("admin")).text
    assert 'route="/api/v1/wards/{code}"' in text
    assert "0912345678" not in text
    assert "secret" not in text


def test_a_log_line_holds_no_words_of_a_client(house: House, caplog: pytest.LogCaptureFixture) -> None:
    settings = ApiSettings(secret="s" * 40, log_requests=True)  # type: ignore[arg-type]
    app = create_app(settings, house.store, CLOCK)
    with caplog.at_level(logging.INFO, logger="diaban.api"):
        House(app, house.store, house.tokens).client.get(
            "/api/v1/wards/search?q=Nguyen+Van+An", headers=house.as_("city")
        )
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "diaban.api"]
    assert lines[-1]["route"] == "/api/v1/wards/search"
    assert lines[-1]["role"] == "city"
    logged = json.dumps(lines)
    assert "Nguyen" not in logged
    assert "testclient" not in logged
    assert house.tokens["city"] not in logged


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "local"),
        ("::1", "local"),
        ("10.1.2.3", "office"),
        ("8.8.8.8", "net"),
        (None, "local"),
        ("x", "local"),
    ],
)
def test_of_an_address_its_class_is_stored(address: str | None, kind: str) -> None:
    assert network_class(address) == kind


def test_a_value_is_made_once_however_many_ask() -> None:
    cache: Cache[str, int] = Cache(10)
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 7

    with ThreadPoolExecutor(16) as pool:
        values = list(pool.map(lambda _: cache.get("key", make), range(200)))
    assert values == [7] * 200
    assert len(made) == 1


def test_what_is_used_least_goes_first_and_the_large_is_not_stored() -> None:
    cache: Cache[str, str] = Cache(8, len)
    for word in ("aa", "bb", "cc", "dd"):
        cache.get(word, lambda word=word: word)  # type: ignore[misc]
    cache.get("aa", lambda: pytest.fail("was stored"))
    cache.get("ee", lambda: "ee")
    misses = cache.misses
    cache.get("bb", lambda: "bb")
    assert cache.misses > misses
    cache.get("x", lambda: "x" * 7)
    assert cache.get("x", lambda: "again") == "again"


def test_accounts_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    runner = CliRunner()

    def run(*arguments: str, typed: str = "") -> Any:
        return runner.invoke(application(["user"]), ["user", *arguments], input=typed)

    added = run("add", "yen-hoa", "--office", "UBND phường Yên Hòa", "--ward", "Yên Hòa", typed=f"{PASSWORD}\n")
    assert added.exit_code == 0, added.output
    assert run("add", "yen-hoa", "--office", "UBND", "--ward", "00175", typed=f"{PASSWORD}\n").exit_code == 2
    assert run("add", "short", "--office", "UBND", "--role", "city", typed="short\n").exit_code == 2
    listed = run("list").output
    assert "yen-hoa" in listed
    assert "00175" in listed
    assert run("token", "yen-hoa").output.strip().startswith("diaban_")
    assert run("password", "yen-hoa", typed=f"{PASSWORD} khac\n").exit_code == 0
    assert run("disable", "yen-hoa").exit_code == 0
    assert "closed" in run("list").output
    assert run("disable", "nobody-here").exit_code == 2


def test_serve_refuses_what_is_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    for name in ("HOST", "PORT", "WORKERS"):
        monkeypatch.setenv(f"DIABAN_{name}", "")
    monkeypatch.setenv("DIABAN_PORT", "8000")
    monkeypatch.setenv("DIABAN_WORKERS", "1")
    refused = CliRunner().invoke(application(["serve"]), ["serve", "--host", "0.0.0.0"])
    assert refused.exit_code == 2
    assert "diaban user add" in refused.output
