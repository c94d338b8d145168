"""Alerts stay until they are closed: what was raised in October stands in November, with who handles it until when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_web_entry import post
from web_house import HOAI_DUC, PASSWORD, SECRET, furnish_accounts

from api.core.settings import ApiSettings
from api.main import create_app
from api.security.identity import COOKIE
from geo.records.accounts import NewAccount
from geo.records.entries import Actor, NewReport
from geo.records.kinds.flag_event import RULE
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.situation import at
from geo.situation.flag_history import by_month, flag_records
from geo.situation.flag_recorder import catch_up

OFFICE = Actor("city", "Cơ quan city", "web")
RECORDER = Actor("diaban", "diaban", "service")
RAISED, LATER = date(2026, 10, 22), date(2026, 11, 29)
SITE = "HN-I-1"
TAY_TUU = "00613"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.set(RAISED)

    def set(self, day: date) -> None:
        """Ten o'clock in Việt Nam on a day."""
        self.moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


CLOCK = Clock()


def reports() -> list[NewReport]:
    """Two years of a quiet city, and one week of October in which one site comes back."""
    facts = {"kind": "advertising", "channel": "ward_check", "verified": True}
    quiet = [
        NewReport(day=date(2025, 1, 6) + timedelta(days=60 * n), site_id=site, chainage_m=100.0 * (n % 4), **facts)  # type: ignore[arg-type]
        for site in (SITE, "HN-I-4", "HN-I-7", "HN-II-4")
        for n in range(10)
    ]
    again = [
        NewReport(day=date(2026, 10, 14) + timedelta(days=n), site_id=SITE, chainage_m=900.0 + 20 * n, **facts)  # type: ignore[arg-type]
        for n in range(8)
    ]
    return quiet + again


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Records of October, in which nobody has looked at the alerts yet."""
    url = f"sqlite:///{tmp_path_factory.mktemp('alerts') / 'records.sqlite'}"
    CLOCK.set(RAISED)
    with open_store(url, registers=load_register_lookup(), now=CLOCK) as records:
        furnish_accounts(records)
        records.add_reports(reports(), OFFICE, source="tests")
        yield records


@pytest.fixture(scope="module")
def app(store: Store) -> FastAPI:
    """The service on these records."""
    settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
    return create_app(settings, store, CLOCK)


def client(app: FastAPI, store: Store, name: str) -> TestClient:
    """A browser that is signed in."""
    fresh = TestClient(app, headers={"Origin": "http://testserver", "Accept": "text/html"}, follow_redirects=False)
    fresh.cookies.set(COOKIE, store.accounts.open_session(name))
    return fresh


def standing(store: Store, day: date) -> dict[str, object]:
    """The open flags of a day that rest on reports, with the days since the last report where they merely stand."""
    found = at(day, store=store).flags or ()
    return {flag.flag_id: flag.quiet_days for flag in found if flag.is_open and flag.is_reported}


def test_an_alert_of_october_stands_in_november_and_is_handled_and_closed(app: FastAPI, store: Store) -> None:
    alert = f"reactivation:{SITE}"
    assert standing(store, RAISED)[alert] is None
    assert alert not in standing(store, LATER)  # nobody recorded it: it went with its reports
    assert catch_up(store, ["hanoi"], None, RAISED, RECORDER).raised
    CLOCK.set(LATER)
    assert standing(store, LATER)[alert] is not None
    city = client(app, store, "city")
    assert alert in city.get("/flags").text
    home = city.get("/").text
    assert 0 < home.index("Dấu hiệu tái hoạt động") < home.index("<h2>Bộ lọc</h2>") < home.index("Bối cảnh:")

    hand = {"flag_id": alert, "back": "flags"}
    assert post(city, "/flags", "/flags", **hand, event="acknowledged", note="Đã báo phường").status_code == 303
    given = {"event": "handled", "handled_by": "UBND xã Hoài Đức", "until": "05/12/2026"}
    assert post(city, "/flags", "/flags", **hand, **given).status_code == 303
    page = city.get("/flags?state=handled").text
    assert "UBND xã Hoài Đức" in page
    assert "đến hết ngày 05/12/2026" in page
    assert alert not in city.get("/flags?state=raised").text
    CLOCK.set(date(2026, 12, 8))
    city = client(app, store, "city")
    assert "quá hạn" in city.get("/flags").text

    refused = post(city, "/flags", "/flags", **hand, event="closed", note="Đã kiểm tra")
    assert refused.status_code == 422
    assert "chưa chọn kết quả" in refused.text
    assert "Kết thúc theo quy tắc</option>" not in refused.text
    assert post(city, "/flags", "/flags", **hand, event="closed", result=RULE).status_code == 422
    assert "Đã kiểm tra" in refused.text
    token, sent = store.accounts.add_token("city", "tests", OFFICE), {"event": "closed", "day": LATER.isoformat()}
    for result in ({"result": RULE}, {}):
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = TestClient(app).post(f"/api/v1/flags/{alert}/events", json=sent | result, headers=headers)
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (
            422,
            "records.reserved" if result else "records.no-result",
        )
    assert post(city, "/flags", "/flags", **hand, event="closed", result="dealt").status_code == 303
    CLOCK.set(date(2027, 2, 1))
    page = client(app, store, "city").get("/flags").text
    assert f'value="{alert}"' not in page
    assert "Có hoạt động, đã xử lý" in page[page.index('id="past"') :]
    assert not re.search(r"\bnan\b", re.sub("<[^>]*>", " ", page))
    situation = at(date(2027, 2, 1), store=store)
    records = flag_records(situation, store.flag_events())
    mine = next(record for record in records if record.flag_id == alert)
    assert [step.event for step in mine.steps] == ["raised", "acknowledged", "handled", "closed"]
    counts = {month.name: (month.raised, month.closed) for month in by_month([mine], situation.day)}
    assert (counts["2026-10"], counts["2026-12"], counts["2026-11"]) == ((1, 0), (0, 1), (0, 0))
    CLOCK.set(LATER)


def test_an_alert_that_stands_in_another_ward_of_the_site_is_not_among_those_that_are_over(
    app: FastAPI, store: Store
) -> None:
    new = NewAccount(username="tay-tuu", password=PASSWORD, role="ward", office="UBND phường Tây Tựu", wards=(TAY_TUU,))
    store.accounts.add(new, OFFICE)
    CLOCK.set(RAISED)
    page = client(app, store, "tay-tuu").get("/flags").text
    assert "Dấu hiệu tái hoạt động" not in page[page.index('id="past"') :]
    CLOCK.set(date(2027, 2, 1))
    page = client(app, store, "tay-tuu").get("/flags").text
    assert "Dấu hiệu tái hoạt động" in page[page.index('id="past"') :]
    CLOCK.set(LATER)


def test_days_on_which_nothing_ran_are_caught_up_and_the_rule_that_ends_a_flag_is_recorded(tmp_path: object) -> None:
    CLOCK.set(LATER)
    with open_store(f"sqlite:///{tmp_path}/r.sqlite", registers=load_register_lookup(), now=CLOCK) as store:
        store.add_reports(reports(), OFFICE, source="tests")
        found = catch_up(store, ["hanoi"], date(2026, 10, 20), date(2026, 10, 25), RECORDER)
        assert any(name.startswith(f"reactivation:{SITE}") for name in found.raised)
        assert catch_up(store, ["hanoi"], date(2026, 10, 25), date(2026, 10, 25), RECORDER).raised == ()
        CLOCK.set(date(2027, 11, 29))
        over = catch_up(store, ["hanoi"], None, date(2027, 11, 29), RECORDER).over
        assert any(name.startswith(f"reactivation:{SITE}") for name in over)
        last = store.flag_events().iloc[-1]
        assert (last["event"], last["result"], last["recorded_office"]) == ("closed", RULE, "diaban")
        assert re.search(r"\d+", last["note"])
    CLOCK.set(LATER)


def test_a_ward_with_an_alert_says_so_in_its_pop_up_and_first_on_its_page(app: FastAPI, store: Store) -> None:
    CLOCK.set(RAISED)
    ward = client(app, store, "hoai-duc")
    page = ward.get(f"/wards/{HOAI_DUC}").text
    assert page.index("Dấu hiệu tái hoạt động (I.1), chưa ai tiếp nhận") < page.index('id="duties"')
    assert ": Dấu hiệu tái hoạt động" in ward.get("/maps/overview").text
    other = client(app, store, "ba-dinh")
    assert ": Dấu hiệu tái hoạt động" not in other.get("/maps/overview").text
    assert f"reactivation:{SITE}" not in other.get("/flags").text


def test_what_somebody_did_about_an_alert_meanwhile_is_not_undone_unseen_and_nothing_typed_is_dropped(
    tmp_path: object,
) -> None:
    CLOCK.set(RAISED)
    alert = {"flag_id": f"reactivation:{SITE}", "back": "flags"}
    with open_store(f"sqlite:///{tmp_path}/r.sqlite", registers=load_register_lookup(), now=CLOCK) as store:
        furnish_accounts(store)
        store.add_reports(reports(), OFFICE, source="tests")
        settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
        app = create_app(settings, store, CLOCK)
        city, second = client(app, store, "city"), client(app, store, "admin")
        typed = {"handled_by": "UBND xã Hoài Đức", "until": "05/11/2026"}
        dropped = post(city, "/flags", "/flags", **alert, event="acknowledged", **typed)
        assert dropped.status_code == 422
        assert 'value="05/11/2026"' in dropped.text
        assert post(city, "/flags", "/flags", **alert, event="handled", result="dealt", **typed).status_code == 422

        page = second.get("/flags").text
        was = {"was": page[page.index(alert["flag_id"]) :].split('name="was" value="')[1].split('"')[0]}
        assert was == {"was": "raised"}
        assert post(city, "/flags", "/flags", **alert, **was, event="handled", **typed).status_code == 303
        late = post(second, "/flags", "/flags", **alert, **was, event="acknowledged", handled_by="Cơ quan admin")
        assert late.status_code == 422
        assert "sau khi trang này được mở" in late.text
        assert 'name="was" value="handled UBND xã Hoài Đức"' in late.text
        kept = next(flag for flag in at(RAISED, store=store).flags or () if flag.flag_id == alert["flag_id"])
        assert (kept.status, kept.handled_by, kept.until) == ("handled", "UBND xã Hoài Đức", date(2026, 11, 5))
        seen = {"was": "handled UBND xã Hoài Đức"}
        closed = post(second, "/flags", "/flags", **alert, **seen, **typed, event="closed", result="dealt")
        assert closed.status_code == 303
    CLOCK.set(LATER)


@pytest.mark.parametrize(("path", "name"), [("/flags", "state"), ("/reports", "status")])
def test_a_state_that_there_is_not_is_said(visitor: Callable[[str | None], TestClient], path: str, name: str) -> None:
    answer = visitor("city").get(path, params={name: "nosuch"})
    assert answer.status_code in (400, 422)
    assert "nosuch" in answer.text
