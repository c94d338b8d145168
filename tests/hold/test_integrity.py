"""Nobody reads, rewrites or signs what is another's; nobody locks an office out; who did what is on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hold_house import ACCOUNTS, ACTOR, HOAI_DUC, PASSWORD, SECRET, House, StandingClock, served

from api.core.nonces import NONCE_PLACEHOLDER
from api.core.settings import ApiSettings, refuse_unsafe
from api.main import create_app
from api.web.sites.maps import map_page
from geo.errors import InputError
from geo.output.maps import MAP_KINDS
from geo.records.accounts import Accounts, NewAccount
from geo.records.entries import NewAssessment
from geo.records.ledger.seed_from_plan import PLAN_ACTOR
from geo.records.model.errors import AccountLockedError, LoginRefusedError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.sign_in.passwords import is_common
from geo.records.sign_in.shared_attempts import SharedAttempts
from geo.records.store import open_store
from geo.situation import at

BODY = {"site_id": "HN-I-1", "level": "low", "day": "2026-07-01", "document": "9/BC"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with two ward offices of their own names."""
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('integrity') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        found = served(store, clock)
        clock.at(date(2026, 8, 10))
        new = NewAccount(
            username="hoai-duc.2", password=PASSWORD, role="ward", office="Công an xã Hoài Đức", wards=(HOAI_DUC,)
        )
        store.accounts.add(new, ACTOR)
        for name, role, wards in ACCOUNTS:
            store.accounts.set_rights(name, role, wards, ACTOR, office=f"Cơ quan {name}")
        yield found


def _posted(house: House, who: str, path: str, **body: Any) -> Any:
    return house.browser().post(f"/api/v1/{path}", json=body, headers=house.token(who))


def _signed_in(house: House, name: str, password: str = PASSWORD) -> TestClient:
    client = house.browser()
    answer = client.post("/api/v1/session", json={"username": name, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


# ---- whose row, whose name


def test_a_row_is_corrected_by_its_own_office_or_by_an_administrator_with_a_reason(house: House) -> None:
    number = _posted(house, "hoai-duc", "assessments", **BODY).json()["id"]
    again = BODY | {"corrects": number}
    for who in ("hoai-duc.2", "city"):
        refused = _posted(house, who, "assessments", **again)
        assert (refused.status_code, refused.json()["problems"][0]["code"]) == (403, "records.another-office")
        assert _posted(house, who, f"assessments/{number}/withdrawal", reason="của tôi").status_code == 403
    refused = _posted(house, "admin", "assessments", **again)
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "records.reason-needed")
    better = _posted(house, "admin", "assessments", **again, note="ghi sai số văn bản")
    assert better.status_code == 201
    assert _posted(house, "admin", f"assessments/{better.json()['id']}/withdrawal", reason="trùng").status_code == 201


def test_the_plans_own_rows_are_no_offices(house: House) -> None:
    rows = house.store.history("assessment", site_id="HN-I-1", recorded_by=PLAN_ACTOR.who)
    number = int(rows["id"].iloc[0])
    for who in ("hoai-duc", "city"):
        assert _posted(house, who, f"assessments/{number}/withdrawal", reason="sai").status_code == 403
    page = _signed_in(house, "hoai-duc").get(f"/records/assessments/{number}")
    assert "/withdrawal" not in page.text


def test_a_ward_signs_as_its_own_office(house: House) -> None:
    refused = _posted(house, "hoai-duc", "assessments", **BODY, office="Sở Y tế")
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (403, "records.sign-as-own")
    assert _posted(house, "city", "assessments", **BODY, office="UBND xã Hoài Đức").status_code == 201


# ---- signing in


def test_strangers_lock_nobody_out_and_can_not_tell_accounts_apart(house: House) -> None:
    accounts = house.store.accounts

    def answers(name: str) -> list[tuple[type[Exception], str]]:
        found = []
        for _ in range(8):
            with pytest.raises((LoginRefusedError, AccountLockedError)) as caught:
                accounts.check_password(name, "wrong wrong wrong", "api:net", "203.0.113.5")
            found.append((type(caught.value), str(caught.value)))
        return found

    real, made_up = answers("ba-dinh"), answers("nobody-of-this-name")
    assert real == made_up
    assert [kind for kind, _ in real].count(AccountLockedError) == 3
    # The office itself, from its own network, gets in at once; so does it there after a while.
    assert accounts.check_password("ba-dinh", PASSWORD, "api:net", "198.51.100.7").active
    with pytest.raises(AccountLockedError):
        accounts.check_password("ba-dinh", PASSWORD, "api:net", "203.0.113.5")
    house.clock.moment += timedelta(minutes=16)
    assert accounts.check_password("ba-dinh", PASSWORD, "api:net", "203.0.113.5").active


def test_who_shares_a_network_with_whoever_guesses_gets_in_with_a_known_browser(house: House) -> None:
    def enter(client: TestClient, name: str, password: str = PASSWORD) -> int:
        return client.post("/login", data={"username": name, "password": password}).status_code

    known, stranger = house.browser(), house.browser()
    assert enter(known, "ba-dinh") == 303
    known.cookies.delete("diaban_session")
    for name in ("ba-dinh", "guest"):
        assert [enter(stranger, name, "wrong wrong wrong") for _ in range(6)] == [401] * 5 + [429]
        assert enter(stranger, name) == 429
    assert enter(known, "guest") == 429  # it is known to another account
    assert [enter(known, "ba-dinh", "wrong wrong wrong") for _ in range(6)] == [401] * 5 + [429]
    house.clock.moment += timedelta(minutes=16)
    assert enter(known, "ba-dinh") == 303


@pytest.mark.parametrize(
    "password",
    [
        *("Password12345", "matkhau@2026!!", "P@ssw0rd2026!", "qwertyuiop123", "123456789012", "hanoi2026hanoi"),
        *(
            "leavemealone",
            "sonyericsson",
            "mustangdragon",
            "Jessica-Michelle-2020",
            "q1w2e3r4t5y6",
            "DiaBan-SoYTe-2026",
        ),
    ],
)
def test_passwords_that_everybody_tries_are_refused(house: House, password: str) -> None:
    assert is_common(password)
    with pytest.raises(InputError):
        house.store.accounts.set_password("guest", password, ACTOR)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "sáu cây cầu bắc ngang", "Kx7#mQ2v!pLw9", "trâu gốm mưa ngói", "correct horse battery staple"],
)
def test_honest_passwords_pass(password: str) -> None:
    assert not is_common(password)


def test_the_owner_changes_the_password_and_all_else_that_was_open_ends(house: House) -> None:
    here, other = _signed_in(house, "guest"), _signed_in(house, "guest")
    token = house.token("guest")
    form = {"csrf_token": here.headers["X-CSRF-Token"], "old": "not it at all", "new": "năm con trâu gốm"}
    assert here.post("/account/password", data=form | {"again": form["new"]}).status_code == 422
    form["old"] = PASSWORD
    assert here.post("/account/password", data=form | {"again": "khác"}).status_code == 422
    same = here.post("/account/password", data=form | {"new": form["old"], "again": form["old"]})
    assert same.status_code == 422
    assert here.post("/account/password", data=form | {"again": form["new"]}).status_code == 303
    assert here.get("/account").status_code == 200
    assert other.get("/api/v1/session").json()["username"] == "anonymous"
    assert house.browser().get("/api/v1/wards", headers=token).status_code == 401
    assert _signed_in(house, "guest", form["new"])
    house.store.accounts.set_password("guest", PASSWORD, ACTOR)


def test_sessions_are_listed_and_ended_and_end_by_themselves(house: House) -> None:
    one, two = _signed_in(house, "city"), _signed_in(house, "city")
    page = one.get("/account").text
    assert page.count('name="name"') == 2
    answer = one.post("/account/sessions", data={"csrf_token": one.headers["X-CSRF-Token"]})
    assert answer.status_code == 303
    assert two.get("/api/v1/session").json()["username"] == "anonymous"
    house.clock.moment += timedelta(minutes=50)
    assert one.get("/api/v1/session").json()["username"] == "city"
    house.clock.moment += timedelta(minutes=50)  # used meanwhile
    assert one.get("/api/v1/session").json()["username"] == "city"
    house.clock.moment += timedelta(minutes=61)
    assert one.get("/api/v1/session").json()["username"] == "anonymous"


def test_a_token_that_reads_writes_nothing(house: House) -> None:
    secret = house.store.accounts.add_token("city", "bảng tính", ACTOR, read_only=True)
    reading = {"Authorization": f"Bearer {secret}"}
    assert house.browser().get("/api/v1/reports", headers=reading).status_code == 200
    refused = house.browser().post("/api/v1/assessments", json=BODY, headers=reading)
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (403, "security.reads-only")
    made_up = {"Authorization": f"Bearer diaban_{secret.removeprefix('diaban_read_')}"}
    assert house.browser().get("/api/v1/reports", headers=made_up).status_code == 401


def test_the_last_administrator_stays(house: House) -> None:
    with pytest.raises(InputError):
        house.store.accounts.close("admin", ACTOR)
    house.store.accounts.add(NewAccount(username="so-2", password=PASSWORD, role="admin", office="Sở"), ACTOR)
    house.store.accounts.close("so-2", ACTOR)
    with pytest.raises(InputError):
        house.store.accounts.close("admin", ACTOR)


# ---- the way in without accounts


def test_without_accounts_nothing_starts_that_others_reach() -> None:
    for given in ({"public_url": "https://diaban.example.vn"}, {"host": "0.0.0.0"}):
        with pytest.raises(InputError):
            refuse_unsafe(ApiSettings(secret=SECRET, **given), has_accounts=False)
    refuse_unsafe(ApiSettings(secret=SECRET), has_accounts=False)
    refuse_unsafe(ApiSettings(secret=SECRET, public_url="https://diaban.example.vn"), has_accounts=True)


def test_the_token_of_this_machine_does_not_hold_through_a_proxy_nor_by_another_name(tmp_path: Path) -> None:
    from api.core.local_access import LocalAccess

    clock = StandingClock()
    with open_store(f"sqlite:///{tmp_path / 'r.sqlite'}", registers=load_register_lookup(), now=clock) as store:
        (tmp_path / "local").mkdir()
        _, _, token = LocalAccess.begin(tmp_path / "local")
        app = create_app(ApiSettings(secret=SECRET, log_requests=False, local_folder=tmp_path / "local"), store, clock)
        client = TestClient(app, base_url="http://127.0.0.1:8000")
        mine = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/reports", headers=mine).status_code == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            assert client.get("/api/v1/reports", headers=mine | {header: "203.0.113.9"}).status_code == 401
        for host, status in (
            ("evil.example", 401),
            ("localhost.evil.example", 401),
            ("[::1]:8000", 200),
            ("LocalHost", 200),
        ):
            assert client.get("/api/v1/reports", headers=mine | {"Host": host}).status_code == status


# ---- who did what


def test_sign_ins_views_and_exports_are_on_record(house: House) -> None:
    client = _signed_in(house, "hoai-duc")
    house.browser().post("/api/v1/session", json={"username": "hoai-duc", "password": "wrong wrong"})
    assert client.get("/api/v1/reports").status_code == 200
    assert client.get("/api/v1/reports").status_code == 200  # again within the hour: one line
    assert client.get("/dossiers/HN-I-1.kml").status_code == 200
    lines = house.store.audit(200)
    mine = lines[lines["who"] == "hoai-duc"]["action"].tolist()
    assert {"session.open", "session.refused", "dossier.export"} <= set(mine)
    assert mine.count("report.view") == 1
    house.browser().post("/api/v1/session", json={"username": "0912345678", "password": "wrong wrong"})
    assert "0912345678" not in house.store.audit(5).to_csv()


def test_what_an_account_may_not_do_is_on_record_once_an_hour_and_without_its_words(house: House) -> None:
    ward = _signed_in(house, "ba-dinh")
    for _ in range(2):
        assert ward.get("/admin/audit").status_code == 403
    assert _posted(house, "ba-dinh", "assessments", **BODY).status_code == 403
    assert house.browser().post("/api/v1/assessments", json=BODY).status_code == 401  # nobody's: no line
    reads = house.store.accounts.add_token("ba-dinh", "bảng tính", ACTOR, read_only=True)
    answer = house.browser().post("/api/v1/reports/7/withdrawal", json={}, headers={"Authorization": f"Bearer {reads}"})
    assert answer.status_code == 403
    lines = house.store.audit(100, action="access.refused")
    wanted = {"GET /admin/audit", "POST /api/v1/assessments", "POST /api/v1/{kind}/{row_id}/withdrawal"}
    assert sorted(lines[lines["who"] == "ba-dinh"]["subject"]) == sorted(wanted)
    assert "Bị từ chối truy cập" in _signed_in(house, "admin").get("/admin/audit").text


def test_administrators_read_the_audit_log_and_nobody_else(house: House) -> None:
    assert house.browser().get("/admin/audit", headers={"Accept": "application/json"}).status_code == 401
    assert _signed_in(house, "city").get("/admin/audit").status_code == 403
    admin = _signed_in(house, "admin")
    page = admin.get("/admin/audit").text
    assert "Đăng nhập" in page
    assert "session.open" not in re.sub("<[^>]*>", "", page)
    narrowed = admin.get("/admin/audit", params={"action": "session.open"}).text
    assert set(re.findall(r"<td>[^<]*</td><td>([^<]*)</td><td><a", narrowed)) == {"Đăng nhập"}


def test_the_entry_of_an_office_stays_what_it_was(house: House) -> None:
    entry = NewAssessment(site_id="HN-I-2", level="low", day=date(2026, 7, 1), document="1/BC", office="Sở Y tế")
    receipt = house.store.add(entry, ACTOR)
    assert _posted(house, "hoai-duc", f"assessments/{receipt.id}/withdrawal", reason="x").status_code == 403


# ---- cookies and scripts


def test_by_https_a_session_is_in_the_host_cookie_alone(house: House) -> None:
    settings = ApiSettings(secret=SECRET, log_requests=False, public_url="https://testserver")
    app = create_app(settings, house.store, house.clock)
    secret = house.store.accounts.open_session("city")
    client = TestClient(app, base_url="https://testserver")
    for name, who in (("diaban_session", "anonymous"), ("__Host-diaban_session", "city")):
        answer = client.get("/api/v1/session", headers={"Cookie": f"{name}={secret}"})
        assert answer.json()["username"] == who
    given = client.post(
        "/api/v1/session",
        json={"username": "city", "password": PASSWORD},
        headers={"Origin": "https://testserver"},
    ).headers["set-cookie"]
    assert given.startswith("__Host-diaban_session=")
    assert all(part in given for part in ("Secure", "HttpOnly", "Path=/")) and "Domain" not in given
    chosen = client.get("/about?lang=en", headers={"Accept": "text/html"}).headers["set-cookie"]
    assert chosen.startswith("__Host-diaban_lang=en;")
    assert all(part in chosen for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax")) and "Domain" not in chosen
    assert 'lang="en"' in client.get("/about", headers={"Accept": "text/html"}).text  # also from the cache
    assert 'lang="en"' in client.get("/about", headers={"Accept": "text/html"}).text


def test_by_https_every_answer_says_that_this_host_and_all_below_it_are_by_https(house: House) -> None:
    settings = ApiSettings(secret=SECRET, log_requests=False, public_url="https://testserver")
    client = TestClient(create_app(settings, house.store, house.clock), base_url="https://testserver")
    for path in ("/", "/health", "/nix", "/api/v1/wards", "/login", "/static/pages.css"):
        said = client.get(path).headers["strict-transport-security"]
        assert said == "max-age=31536000; includeSubDomains", path


def test_no_answer_lets_another_base_or_another_frame_in(house: House) -> None:
    client = house.browser()
    for path in ("/", "/health", "/nix", "/api/v1/wards", "/docs", "/ogc?f=html", "/login", "/maps/overview"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "frame-ancestors" in policy, path
        assert "object-src" not in policy  # so that of default-src holds


def test_a_browser_forgets_what_it_has_of_an_account_that_signed_out(house: House) -> None:
    for path, method in (("/logout", "POST"), ("/api/v1/session", "DELETE")):
        client = _signed_in(house, "city")
        form = {"csrf_token": client.headers["X-CSRF-Token"]} if method == "POST" else None
        answer = client.request(method, path, data=form)
        assert answer.headers["clear-site-data"] == '"cache"'
        assert client.get("/api/v1/session").json()["username"] == "anonymous"


def test_the_scripts_of_a_map_bear_a_nonce_that_is_sent_once(house: House) -> None:
    """Also where the map comes from the cache, as gzip or not; and what a browser has stays as it came."""
    client, met = house.browser(), []
    for encoding in ("identity", "gzip", "gzip", "identity"):
        answer = client.get("/maps/overview", headers={"Accept-Encoding": encoding})
        assert ("content-encoding" in answer.headers) == (encoding == "gzip")
        allowed = re.findall(r"script-src 'nonce-([0-9a-f]{32})'; ", answer.headers["content-security-policy"])
        assert set(re.findall(r"<script([^>]*)>", answer.text)) == {f' nonce="{one}"' for one in allowed}
        assert NONCE_PLACEHOLDER not in answer.text + str(answer.headers)
        met += allowed
    assert len(set(met)) == 4
    again = client.get("/maps/overview", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers.get("content-security-policy")) == (304, None)


def test_a_script_that_a_text_brings_into_a_map_has_no_nonce(house: House) -> None:
    drawing = MAP_KINDS["overview"].draw(at(date(2026, 8, 10)))
    page = map_page(replace(drawing, notices=("<script>alert(1)</script>",), title="</title><script>alert(2)</script>"))
    opened = re.findall(r"<script([^>]*)>", page.body.decode())
    assert set(opened) == {f' nonce="{NONCE_PLACEHOLDER}"'}


def test_workers_count_wrong_passwords_together(tmp_path: Path) -> None:
    """Two workers over the same records: five attempts are five, whichever of them takes which."""
    clock, url = StandingClock(), f"sqlite:///{tmp_path / 'records.sqlite'}"
    shared = ApiSettings(secret=SECRET, metrics_folder=tmp_path, logins_per_minute=10**6)  # type: ignore[arg-type]

    def sent(worker: TestClient, password: str) -> int:
        return worker.post("/api/v1/session", json={"username": "city", "password": password}).status_code

    with open_store(url, registers=load_register_lookup(), now=clock) as store, open_store(url, now=clock) as second:
        served(store, clock)
        second.__dict__["accounts"] = Accounts(second._engine, now=clock, hasher=store.accounts._hasher)
        workers = [
            TestClient(create_app(shared, one, clock), headers={"Origin": "http://testserver"})
            for one in (store, second)
        ]
        assert [sent(workers[number % 2], "wrong wrong wrong") for number in range(5)] == [401] * 5
        assert [sent(worker, PASSWORD) for worker in workers] == [429, 429]
        store.accounts.set_password("city", PASSWORD[::-1], ACTOR)
        assert [sent(worker, PASSWORD[::-1]) for worker in workers] == [200, 200]


def test_the_shared_count_holds_names_and_networks_apart(tmp_path: Path) -> None:
    now = StandingClock()()
    one, other = SharedAttempts(tmp_path / "attempts"), SharedAttempts(tmp_path / "attempts")
    networks = [f"10.0.{number}.0" for number in range(20)]
    for network in networks:
        assert [attempts.begin("city", network, now) for attempts in (one, other, one, other, one)] == [1, 2, 3, 4, 5]
        with pytest.raises(AccountLockedError):
            other.begin("CITY", network, now)
    assert one.begin("admin", networks[0], now) == 1
    other.forget("city", networks[0])
    assert one.begin("city", networks[0], now) == 1
    with pytest.raises(AccountLockedError):
        one.begin("city", networks[1], now)
    assert one.begin("city", networks[1], now + timedelta(minutes=15)) == 1
    other.forget("city")
    assert [one.begin("city", network, now) for network in networks] == [1] * len(networks)
    assert b"city" not in (tmp_path / "attempts").read_bytes()
