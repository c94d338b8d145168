"""Signing in and out, the one-time link, and writes that pages of other sites try to send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from api_house import ACTOR, CLOCK, PASSWORD, House
from fastapi.testclient import TestClient

from api.core.local_access import LocalAccess
from api.core.settings import ApiSettings
from api.main import create_app
from geo.files import scratch
from geo.records.accounts import NewAccount
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

BODY = {"site_id": "HN-I-1", "level": "low", "day": "2026-07-03", "document": "9/BC"}


def test_a_session_opens_writes_and_ends(house: House) -> None:
    browser = house.browser("city")
    assert browser.get("/api/v1/session").json()["role"] == "city"
    assert browser.post("/api/v1/assessments", json=BODY).status_code == 201
    assert browser.delete("/api/v1/session").status_code == 204
    assert browser.get("/api/v1/session").json()["username"] == "anonymous"
    assert browser.post("/api/v1/assessments", json=BODY).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    answer = house.browser().post("/api/v1/session", json={"username": "city", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    secure = TestClient(house.app, base_url="https://testserver", headers={"Origin": "https://testserver"})
    cookie = secure.post("/api/v1/session", json={"username": "city", "password": PASSWORD}).headers["set-cookie"]
    assert cookie.startswith("__Host-diaban_session=")
    assert "; Secure" in cookie


def test_a_write_by_cookie_needs_origin_and_token(house: House) -> None:
    browser = house.browser("city")
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": house.browser("city").headers["X-CSRF-Token"]},
    ):
        answer = browser.post("/api/v1/assessments", json=BODY, headers=headers)
        assert answer.status_code == 403, (headers, answer.text)
    del browser.headers["Origin"]
    assert browser.post("/api/v1/assessments", json=BODY).status_code == 403
    assert (
        browser.post(
            "/api/v1/assessments?again=true", json=BODY, headers={"Referer": "http://testserver/docs"}
        ).status_code
        == 201
    )


def test_signing_in_from_another_site_is_refused(house: House) -> None:
    login = {"username": "city", "password": PASSWORD}
    answer = house.browser().post("/api/v1/session", json=login, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_five_wrong_passwords_lock_the_account_and_say_nothing_more(house: House) -> None:
    house.store.accounts.add(NewAccount(username="locked", password=PASSWORD, role="city", office="Sở Y tế"), ACTOR)
    login = {"username": "locked", "password": "wrong wrong wrong"}
    browser = house.browser()
    assert [browser.post("/api/v1/session", json=login).status_code for _ in range(5)] == [401] * 5
    answer = browser.post("/api/v1/session", json={"username": "locked", "password": PASSWORD})
    assert answer.status_code == 429
    unknown = browser.post("/api/v1/session", json={"username": "nobody-here", "password": PASSWORD})
    wrong = browser.post("/api/v1/session", json={"username": "city", "password": "wrong wrong wrong"})
    assert unknown.json() == wrong.json()


def test_guesses_are_throttled_by_client(house: House) -> None:
    settings = ApiSettings(secret="s" * 40, log_requests=False, logins_per_minute=3)  # type: ignore[arg-type]
    client = TestClient(create_app(settings, house.store, CLOCK))
    login = {"username": "nobody-here", "password": "wrong wrong wrong"}
    assert [client.post("/api/v1/session", json=login).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_the_link_works_once_and_its_session_ends(tmp_path: Path) -> None:
    with scratch() as folder:
        access, key, token = LocalAccess.begin(folder)
        with open_store(f"sqlite:///{tmp_path}/x.sqlite", registers=load_register_lookup(), now=CLOCK) as store:
            app = create_app(ApiSettings(local_folder=access.folder, log_requests=False), store, CLOCK)
            client = TestClient(app, base_url="http://localhost")
            assert client.get("/open?key=wrong", follow_redirects=False).status_code == 401
            opened = client.get(f"/open?key={key}", follow_redirects=False)
            assert opened.status_code == 303
            assert client.get("/api/v1/session").json()["role"] == "admin"
            assert client.get(f"/open?key={key}", follow_redirects=False).status_code == 401
            client.delete("/api/v1/session", headers=_page(client))
            client.cookies.clear()
            by_token = client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
            assert by_token.json()["username"] == "local"
    assert not access.holds_token(token)


def test_the_way_in_without_accounts_ends_with_the_first_account(tmp_path: Path) -> None:
    access, key, token = LocalAccess.begin(tmp_path / "access")
    bearer = {"Authorization": f"Bearer {token}"}
    with open_store(f"sqlite:///{tmp_path}/x.sqlite", registers=load_register_lookup(), now=CLOCK) as store:
        app = create_app(ApiSettings(local_folder=access.folder, log_requests=False), store, CLOCK)
        client = TestClient(app, base_url="http://localhost")
        for header in ("Via", "X-Forwarded-For", "X-Forwarded-Proto"):
            passed_on = {header: "1.1 proxy"}
            assert client.get("/api/v1/session", headers=bearer | passed_on).json()["username"] == "anonymous"
            assert client.get(f"/open?key={key}", headers=passed_on, follow_redirects=False).status_code == 401
        assert client.get(f"/open?key={key}", follow_redirects=False).status_code == 303
        assert client.get("/api/v1/session").json()["username"] == "local"
        store.accounts.add(NewAccount(username="so-y-te", password=PASSWORD, role="admin", office="Sở Y tế"), ACTOR)
        assert client.get("/api/v1/session").json()["username"] == "anonymous"
        assert client.get("/api/v1/session", headers=bearer).status_code == 401
        proxied = TestClient(client.app, headers={"X-Forwarded-For": "203.0.113.9"})
        login = {"username": "so-y-te", "password": PASSWORD}
        assert proxied.post("/api/v1/session", json=login).status_code == 200
        assert proxied.get("/api/v1/session").json()["username"] == "so-y-te"


def test_a_local_session_lasts_its_hours_and_no_longer(tmp_path: Path) -> None:
    access, key, _ = LocalAccess.begin(tmp_path)
    now = datetime(2026, 8, 10, tzinfo=UTC)
    session = access.redeem(key, now, timedelta(hours=8))
    assert session is not None
    assert access.holds_session(session, now + timedelta(hours=7))
    assert not access.holds_session(session, now + timedelta(hours=8))
    access.close_session(session)
    assert not access.holds_session(session, now)


def _page(client: TestClient) -> dict[str, str]:
    token = client.get("/api/v1/session").json()["csrf_token"]
    return {"X-CSRF-Token": token, "Origin": str(client.base_url).rstrip("/")}
