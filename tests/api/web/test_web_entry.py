"""A single report, its verification, and the tokens of one's own account: who may, what is written, what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from test_web_browser import PHONE, serious
from web_house import ACTOR, HOAI_DUC, PASSWORD, Watched, clock

from api.security.identity import COOKIE
from geo.records.accounts import NewAccount
from geo.records.store import Store

Visitor = Callable[..., TestClient]
NewWatched = Callable[..., Watched]
OWN = {"day": "2026-08-03", "kind": "other", "channel": "hotline", "lon": "105,7064", "lat": "21,0612", "note": "Rìa bãi đất"}  # fmt: skip


@pytest.fixture
def clerk(store: Store) -> str:
    """An account of a ward that no other test uses."""
    name = f"xa-{len(store.accounts.all())}"
    store.accounts.add(
        NewAccount(username=name, password=PASSWORD, role="ward", office="UBND xã Hoài Đức", wards=(HOAI_DUC,)), ACTOR
    )
    return name


def token(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def post(client: TestClient, form: str, path: str, **fields: str):  # type: ignore[no-untyped-def]
    """Send a form of the page `form`."""
    return client.post(path, data=fields | {"csrf_token": token(client.get(form).text)})


def count(store: Store) -> int:
    """How many reports there are."""
    return len(store.reports(date(2020, 1, 1), date(2026, 12, 31)))


def test_a_ward_records_a_report_of_its_own_ground(visitor: Visitor, clerk: str, store: Store) -> None:
    client = visitor(clerk)
    before = count(store)
    answer = post(client, "/reports/new", "/reports/new", **OWN)
    assert answer.status_code == 303
    assert count(store) == before + 1
    page = client.get(answer.headers["location"]).text
    for words in ("Đã ghi nhận", "Xã Hoài Đức", "03/08/2026", "Rìa bãi đất", "Chưa xác minh"):
        assert words in page
    number = answer.headers["location"].split("/")[-1].split("?")[0]
    row = store.history("report", id=int(number)).iloc[0]
    assert (row["recorded_by"], row["recorded_office"], row["ward_code"]) == (clerk, "UBND xã Hoài Đức", HOAI_DUC)
    assert f'/reports/{number}"' in client.get(f"/wards/{HOAI_DUC}").text


def test_a_report_on_a_site_takes_a_chainage_as_officials_write_it(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    fields = {"day": "2026-08-04", "kind": "other", "channel": "hotline", "site_id": "HN-I-1", "chainage_m": "Km 1+250"}
    answer = post(client, "/reports/new?site=HN-I-1", "/reports/new", **fields, verified="1")
    page = client.get(answer.headers["location"]).text
    assert "1.250" in page
    # That it was verified says nothing of what was found.
    assert "Đã xác minh" in page.split('class="lead"')[1].split("</p>")[0]
    assert "Xã Hoài Đức" in page


def test_what_is_beyond_the_border_is_refused_and_stays_in_the_form(visitor: Visitor, clerk: str, store: Store) -> None:
    client, before = visitor(clerk), count(store)
    beyond = OWN | {"lon": "105.8364", "lat": "21.0394"}
    answer = post(client, "/reports/new", "/reports/new", **beyond)
    assert answer.status_code == 403
    assert "thuộc xã, phường khác" in answer.text
    assert 'value="105.8364"' in answer.text
    assert count(store) == before
    # The choice of sites holds those of the own ground alone.
    options = re.findall(r'<option value="(HN-[^"]*)"', client.get("/reports/new").text)
    assert options == ["HN-I-1"]


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"lon": "một trăm", "lat": "x"}, ("Kinh độ", "Vĩ độ", "không phải là số")),
        ({"lon": "", "lat": ""}, ("cần một vị trí",)),
        ({"site_id": "HN-I-1"}, ("hai vị trí", "Chỉ giữ một")),
        ({"day": ""}, ("còn thiếu",)),
        ({"kind": "nothing"}, ("Loại tin",)),
        ({"note": "gọi 0912 345 678"}, ("Ghi chú",)),
        ({"lon": "nan"}, ("Kinh độ",)),
    ],
)
def test_what_is_wrong_is_shown_beside_its_field(visitor: Visitor, store: Store, wrong: dict[str, str], reported: tuple[str, ...]) -> None:  # fmt: skip
    client, before = visitor("city"), count(store)
    answer = post(client, "/reports/new", "/reports/new", **(OWN | wrong))
    # A day that is none is a fault of the query; both are shown in the form.
    assert answer.status_code == 422
    alert = answer.text.split('role="alert"')[1].split("</div>")[0]
    assert all(words in alert for words in reported)
    assert count(store) == before
    assert ('value="105,7064"' in answer.text) == ("lon" not in wrong)


def test_a_verification_is_recorded_and_shows_on_the_page(visitor: Visitor, clerk: str, store: Store) -> None:
    client = visitor(clerk)
    place = post(client, "/reports/new", "/reports/new", **OWN, again="1").headers["location"].split("?")[0]
    answer = post(
        client, place, f"{place}/verification", outcome="unfounded", day="2026-08-05", document="7/BB-XM", note="Không thấy gì"
    )  # fmt: skip
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    for words in ("Không có cơ sở", "7/BB-XM", "Không thấy gì"):
        assert words in page
    refused = post(client, place, f"{place}/verification", outcome="", day="2026-08-05", note="giữ lại")
    assert refused.status_code == 422
    assert "giữ lại" in refused.text
    post(client, place, f"{place}/verification", outcome="confirmed", day="2026-08-06")
    assert "Có cơ sở" in client.get(place).text.split('class="lead"')[1].split("</p>")[0]


def test_a_report_of_another_ward_is_unknown_and_can_not_be_verified(
    visitor: Visitor, clerk: str, store: Store
) -> None:
    place = post(visitor(clerk), "/reports/new", "/reports/new", **OWN, again="1").headers["location"].split("?")[0]
    other = visitor("ba-dinh")
    assert other.get(place).status_code == 404
    assert "Rìa" not in other.get(place).text
    before = len(store.history("verification"))
    answer = post(other, "/reviews", f"{place}/verification", outcome="confirmed", day="2026-08-05")
    assert answer.status_code == 404
    assert len(store.history("verification")) == before
    assert visitor().get(place).headers["location"].startswith("/login")
    assert visitor("city").get(place).status_code == 200
    assert visitor("city").get("/reports/999999").status_code == 404


def test_a_language_link_on_a_refused_form_leads_to_a_page(visitor: Visitor) -> None:
    client = visitor("city")
    page = post(client, "/reports/new", "/reports/new", **(OWN | {"lon": ""})).text
    assert client.get(re.findall(r'href="([^"]*lang=en)"', page)[0]).status_code == 200


# ---- tokens


def secret_of(page: str) -> str:
    """The secret of a new token."""
    found = re.search(r'class="secret" readonly value="(diaban_[^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_works_and_is_taken_back(visitor: Visitor, clerk: str, store: Store) -> None:
    client = visitor(clerk)
    answer = post(client, "/account/tokens", "/account/tokens", label="Phần mềm một cửa", days="30")
    secret = secret_of(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert secret not in client.get("/account/tokens").text
    program = visitor()
    header = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
    assert program.get("/api/v1/session", headers=header).json()["username"] == clerk
    held = store.accounts.tokens(clerk)[0]
    assert held.label == "Phần mềm một cửa"
    assert held.expires_at == clock() + timedelta(days=30)
    lines = store.audit(subject=clerk, action="token.add")
    assert lines["who"].tolist() == [clerk]
    assert post(client, "/account/tokens", f"/account/tokens/{held.id}").status_code == 303
    assert program.get("/api/v1/session", headers=header).status_code == 401
    assert "đã thu hồi" in client.get("/account/tokens").text
    post(client, "/account/tokens", f"/account/tokens/{held.id}")
    assert len(store.audit(subject=clerk, action="token.revoke")) == 1


def test_nobody_takes_back_the_token_of_another(visitor: Visitor, clerk: str, store: Store) -> None:
    post(visitor(clerk), "/account/tokens", "/account/tokens", label="a", days="90")
    number = store.accounts.tokens(clerk)[0].id
    for other in ("ba-dinh", "admin"):
        assert post(visitor(other), "/account/tokens", f"/account/tokens/{number}").status_code == 404
        assert f"/account/tokens/{number}" not in visitor(other).get("/account/tokens").text
    assert store.accounts.tokens(clerk)[0].revoked_at is None


def test_tokens_need_a_session_and_a_token_makes_no_tokens(visitor: Visitor, clerk: str, store: Store) -> None:
    assert visitor().get("/account/tokens").headers["location"].startswith("/login")
    assert visitor().post("/account/tokens", data={"label": "a", "days": "30"}).status_code == 401
    secret = secret_of(post(visitor(clerk), "/account/tokens", "/account/tokens", label="a", days="30").text)
    answer = visitor().post(
        "/account/tokens", data={"label": "b", "days": "30"}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 401
    assert len(store.accounts.tokens(clerk)) == 1


def test_who_signed_in_long_ago_does_so_again_before_a_token_is_made(
    visitor: Visitor, clerk: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor(clerk)
    before = client.cookies[COOKIE]
    monkeypatch.setattr(clock, "moment", clock.moment + timedelta(minutes=16))
    assert 'name="label"' not in client.get("/account/tokens").text
    answer = post(client, "/account/tokens", "/account/tokens", label="a", days="30")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Faccount%2Ftokens")
    assert store.accounts.tokens(clerk) == ()
    again = {"username": clerk, "password": PASSWORD, "next": "/account/tokens"}
    assert post(client, "/login", "/login", **again).headers["location"] == "/account/tokens"
    assert secret_of(post(client, "/account/tokens", "/account/tokens", label="a", days="30").text)
    assert store.accounts.session(before) is None  # a browser has one session


@pytest.mark.parametrize(("label", "days"), [("a", "36500"), ("a", ""), ("", "30"), ("gọi 0912 345 678", "30")])
def test_a_token_that_makes_no_sense_is_refused(visitor: Visitor, clerk: str, store: Store, label: str, days: str) -> None:  # fmt: skip
    answer = post(visitor(clerk), "/account/tokens", "/account/tokens", label=label, days=days)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert store.accounts.tokens(clerk) == ()


def test_an_account_holds_only_so_many_tokens(visitor: Visitor, clerk: str, store: Store) -> None:
    for number in range(20):
        store.accounts.add_token(clerk, f"p{number}", ACTOR)
    answer = post(visitor(clerk), "/account/tokens", "/account/tokens", label="mot nua", days="30")
    assert "tài khoản đã có 20 mã" in answer.text
    assert len(store.accounts.tokens(clerk)) == 20


# ---- in the browser


@pytest.mark.browser
def test_a_report_is_entered_and_verified_by_keyboard(watched: NewWatched, clerk: str) -> None:
    seen = watched(user=clerk)
    page = seen.open("/reports/new")
    assert serious(seen) == []
    page.focus("[name=day]")
    page.fill("[name=day]", "2026-08-03")
    page.select_option("[name=kind]", index=1)
    page.select_option("[name=channel]", index=1)
    page.fill("[name=lon]", "105,7064")
    page.fill("[name=lat]", "21,0612")
    page.focus("[name=note]")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ghi nhận"
    page.keyboard.press("Enter")
    # What was saved is read out first.
    page.wait_for_selector(".notice.good:focus")
    assert serious(seen) == []
    page.select_option("[name=outcome]", "confirmed")
    page.click("#verify button")
    page.wait_for_selector(".notice.good:focus")
    page.wait_for_selector("#findings + ul")
    assert "Có cơ sở" in page.inner_text("main")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(seen) == []
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_a_token_is_made_and_taken_back_on_a_phone(watched: NewWatched, clerk: str) -> None:
    seen = watched(PHONE, user=clerk)
    page = seen.open("/account/tokens")
    page.fill("[name=label]", "Bảng tính")
    page.click("text=Cấp mã")
    page.wait_for_selector(".secret")
    assert serious(seen) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("button:has-text('Thu hồi')")
    page.wait_for_selector("text=đã thu hồi")
    assert (seen.complaints, seen.foreign) == ([], [])


def test_what_is_recorded_already_is_shown_before_it_is_recorded_again(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    fields = {"day": "2026-08-05", "kind": "other", "channel": "hotline", "lon": "105.829", "lat": "20.9835"}
    first = post(client, "/reports/new", "/reports/new", **fields)
    number = first.headers["location"].split("/")[-1].split("?")[0]
    before = count(store)
    near = fields | {"lon": "105.8291", "note": "cạnh bờ kè"}
    again = post(client, "/reports/new", "/reports/new", **near)
    assert again.status_code == 409
    assert "Đã có 1 tin báo cùng ngày" in again.text
    assert f"#{number}" in again.text
    assert "cạnh bờ kè" in again.text
    assert count(store) == before
    assert post(client, "/reports/new", "/reports/new", **near, again="1").status_code == 303
    assert count(store) == before + 1
