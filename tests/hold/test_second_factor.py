"""A second factor: asked after the password, its codes taken once, wrong ones counted; programs are not asked."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from hold_house import ACTOR, PASSWORD, House, StandingClock, served
from typer.testing import CliRunner

from geo.cli.app import application
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('factor') / 'records.sqlite'}"


@pytest.fixture(scope="module")
def house(url: str) -> Iterator[House]:
    clock = StandingClock()
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        yield served(store, clock)


def _post(client: TestClient, path: str, **form: str) -> Any:
    return client.post(path, data=form | {"csrf_token": client.headers.get("X-CSRF-Token", "")})


def _session(house: House, name: str, code: str = "") -> TestClient:
    client = house.browser()
    answer = client.post("/api/v1/session", json={"username": name, "password": PASSWORD, "code": code})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def _enrolled(house: House, name: str) -> tuple[TestClient, pyotp.TOTP, list[str]]:
    """Set up on the page of the account: the browser, the app, and the recovery codes."""
    client = _session(house, name)
    path = "/account/second-factor"
    assert _post(client, path, act="begin", password="not it at all").status_code == 422
    page = _post(client, path, act="begin", password=PASSWORD).text
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found is not None
    assert 'src="data:image/svg' in page
    app = pyotp.TOTP(found[1])
    assert 'role="alert"' in _post(client, path, act="confirm", code="000000").text
    codes = re.findall(r"<code>([a-z2-7-]{29})</code>", _post(client, path, act="confirm", code=_now(house, app)).text)
    assert len(codes) == 10
    return client, app, codes


def _now(house: House, app: pyotp.TOTP) -> str:
    """The code that the app shows now; a step later each time, as no code is taken twice."""
    house.clock.moment += timedelta(seconds=60)
    return app.at(house.clock())


def _of_another(ticket: str) -> str:
    """The ticket of the administrator with the name of another account, and the seal that it had."""
    head, claims, seal = ticket.split(".")
    said = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
    assert b'"admin"' in said
    changed = base64.urlsafe_b64encode(said.replace(b'"admin"', b'"city"')).decode().rstrip("=")
    return f"{head}.{changed}.{seal}"


def _tried(house: House, name: str, code: str) -> tuple[int, str]:
    answer = house.browser().post("/api/v1/session", json={"username": name, "password": PASSWORD, "code": code})
    return answer.status_code, answer.json().get("problems", [{}])[0].get("code", "")


def test_a_code_is_asked_for_after_the_password_and_taken_once(house: House) -> None:
    token = house.token("city")
    client, app, codes = _enrolled(house, "city")
    assert client.get("/account").status_code == 200
    assert _tried(house, "city", "") == (401, "accounts.code-needed")
    code = _now(house, app)
    assert _tried(house, "city", code)[0] == 200
    assert _tried(house, "city", code) == (401, "accounts.code-wrong")
    earlier = app.at(house.clock() - timedelta(seconds=30))
    assert _tried(house, "city", earlier) == (401, "accounts.code-wrong")
    # A recovery code, however it is typed, and once; those of others are nothing.
    assert _tried(house, "city", codes[0].upper().replace("-", " "))[0] == 200
    assert _tried(house, "city", codes[0]) == (401, "accounts.code-wrong")
    assert house.store.accounts.second_factor("city").recovery_codes == 9
    # Programs are not asked.
    assert house.browser().get("/api/v1/session", headers=token).json()["username"] == "city"
    actions = house.store.audit(subject="city")["action"].tolist()
    assert {"account.second-factor-on", "session.recovery-code", "session.code-refused"} <= set(actions)


def test_the_page_asks_for_the_code_and_a_password_alone_opens_nothing(house: House) -> None:
    _, app, _ = _enrolled(house, "admin")
    browser = house.browser()
    asked = browser.post("/login", data={"username": "admin", "password": PASSWORD, "next": "/reports"})
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)
    assert ticket is not None
    form = {"ticket": ticket[1], "next": "/reports"}
    assert browser.post("/login/code", data=form | {"code": "123456"}).status_code == 401
    forged = form | {"ticket": _of_another(ticket[1]), "code": _now(house, app)}
    assert browser.post("/login/code", data=forged).status_code == 401
    entered = browser.post("/login/code", data=form | {"code": _now(house, app)})
    assert (entered.status_code, entered.headers["location"]) == (303, "/reports")
    assert browser.get("/api/v1/session").json()["username"] == "admin"
    house.clock.moment += timedelta(minutes=6)
    late = house.browser().post("/login/code", data=form | {"code": _now(house, app)})
    assert late.status_code == 401
    assert "đăng nhập lại" in late.text


def test_wrong_codes_are_counted_from_wherever_they_come_and_strangers_can_not_cause_it(house: House) -> None:
    _, app, _ = _enrolled(house, "ba-dinh")
    tries = [_tried(house, "ba-dinh", "000000")[0] for _ in range(6)]
    assert tries == [401] * 5 + [429]
    assert _tried(house, "ba-dinh", _now(house, app))[0] == 429
    house.clock.moment += timedelta(minutes=16)
    assert _tried(house, "ba-dinh", _now(house, app))[0] == 200
    # Without the password no code is looked at, so that nobody else closes the account.
    body = {"username": "ba-dinh", "password": "wrong wrong wrong", "code": "000000"}
    assert house.browser().post("/api/v1/session", json=body).json()["problems"][0]["code"] == "records.login-refused"
    assert _tried(house, "ba-dinh", _now(house, app))[0] == 200


def test_it_ends_by_its_owner_with_password_and_code_or_by_an_administrator(
    house: House, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, app, codes = _enrolled(house, "guest")
    path = "/account/second-factor"
    assert _post(client, path, act="begin", password=PASSWORD).status_code == 422
    assert _post(client, path, act="end", password=PASSWORD, code="000000").status_code == 422
    assert _post(client, path, act="end", password=PASSWORD, code=_now(house, app)).status_code == 303
    assert _tried(house, "guest", "")[0] == 200
    client, _, codes = _enrolled(house, "guest")
    monkeypatch.setenv("DIABAN_DATABASE_URL", url)
    done = CliRunner().invoke(application(["user"]), ["user", "reset-second-factor", "guest"])
    assert done.exit_code == 0, done.output
    assert client.get("/api/v1/session").json()["username"] == "anonymous"
    assert _tried(house, "guest", "")[0] == 200
    assert _tried(house, "guest", codes[0])[0] == 200  # nothing is asked any more
    assert house.store.audit(subject="guest", action="account.second-factor-off")["who"].tolist()[0] == "diaban"


def test_recovery_codes_are_stored_as_hashes(house: House, url: str) -> None:
    codes = house.store.accounts
    codes.begin_second_factor("hoai-duc")
    secret = codes.pending_secret("hoai-duc")
    assert secret is not None
    shown = codes.confirm_second_factor("hoai-duc", _now(house, pyotp.TOTP(secret)), ACTOR)
    held = Path(url.removeprefix("sqlite:///"))
    stored = held.read_bytes() + held.with_name(held.name + "-wal").read_bytes()
    assert not [code for code in shown if code.encode() in stored or code.replace("-", "").encode() in stored]
