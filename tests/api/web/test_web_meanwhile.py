"""Two people at one matter: what one has recorded the other does not undo unseen, and nothing typed is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient
from test_web_entry import post
from test_web_inbox import OFFICE, recorded
from web_house import BA_DINH, Watched

from geo.records.several import withdraw_all
from geo.records.store import Store

Visitor = Callable[..., TestClient]
NewWatched = Callable[..., Watched]
DESKTOP = {"width": 1366, "height": 768}


def seen_on(page: str) -> str:
    """Up to when a page shows what was recorded."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def status(store: Store, number: int) -> str:
    """How a report stands on the day of the tests."""
    rows = store.reports(date(2020, 1, 1), date(2026, 8, 10))
    return str(rows.set_index("report_id").loc[number, "status"])


@pytest.mark.parametrize("place", ["report", "inbox"])
def test_a_finding_recorded_meanwhile_is_not_replaced_unseen(visitor: Visitor, store: Store, place: str) -> None:
    number = recorded(store, date(2026, 8, 2), note=f"meanwhile {place}")
    first, second = visitor("city"), visitor("admin")
    pages = {"report": f"/reports/{number}", "inbox": "/reports?kind=advertising"}
    opened = seen_on(second.get(pages[place]).text)
    post(first, "/reports", f"/reports/{number}/verification", outcome="confirmed", day="10/08/2026", document="1/BC")
    fields = {"outcome": "unfounded", "day": "10/08/2026", "document": "2/BC", "seen": opened}
    to = f"/reports/{number}/verification" if place == "report" else "/reports/verifications"
    refused = post(second, "/reports", to, ids=str(number), **fields)
    assert refused.status_code == 422
    assert "Cơ quan city" in refused.text
    assert "Có cơ sở" in refused.text
    assert status(store, number) == "confirmed"
    again = post(second, "/reports", to, ids=str(number), **fields | {"seen": seen_on(refused.text)})
    assert again.status_code == 303
    assert status(store, number) == "unfounded"


def test_a_finding_that_would_not_count_is_refused(visitor: Visitor, store: Store) -> None:
    number = recorded(store, date(2026, 8, 3), note="counts")
    client, to = visitor("city"), f"/reports/{number}/verification"
    early = post(client, "/reports", to, outcome="confirmed", day="01/08/2026")
    assert early.status_code == 422
    assert "03/08/2026" in early.text
    assert post(client, "/reports", to, outcome="confirmed", day="09/08/2026").status_code == 303
    hidden = post(client, "/reports", to, outcome="unfounded", day="05/08/2026")
    assert hidden.status_code == 422
    assert "09/08/2026" in hidden.text
    assert status(store, number) == "confirmed"


def test_a_finding_is_not_recorded_where_another_action_was_typed(visitor: Visitor, store: Store) -> None:
    number = recorded(store, date(2026, 8, 4), note="meant to be taken back")
    answer = post(
        visitor("city"), "/reports", "/reports/verifications", ids=str(number), outcome="confirmed", day="10/08/2026", reason="nhập trùng"
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'value="nhập trùng"' in answer.text
    assert status(store, number) == "unverified"


def test_enter_in_the_field_of_an_action_presses_its_own_button(watched: NewWatched, store: Store) -> None:
    number = recorded(store, date(2026, 8, 5), note="taken back by Enter")
    page = watched(DESKTOP, user="city").open("/reports?kind=advertising&since=2026-08-05&until=2026-08-05")
    page.check(f"input.pick[value='{number}']")
    page.click(".acts details:nth-of-type(3) summary")
    page.fill("[name=reason]", "nhập trùng")
    with page.expect_navigation():
        page.press("[name=reason]", "Enter")
    assert number not in store.reports(date(2026, 8, 5), date(2026, 8, 5))["report_id"].tolist()


def test_a_number_of_a_report_may_be_typed_as_pages_write_it(visitor: Visitor, store: Store) -> None:
    first, second = (recorded(store, date(2026, 8, 6), note=f"linked {n}") for n in (1, 2))
    assert post(visitor("city"), "/reports", "/reports/links", ids=str(second), same_as=f"#{first}").status_code == 303
    rows = store.reports(date(2026, 8, 6), date(2026, 8, 6)).set_index("report_id")
    assert rows.loc[second, "same_as"] == first


def test_a_refused_action_stays_on_its_page_of_the_list(visitor: Visitor, store: Store) -> None:
    numbers = [recorded(store, date(2026, 7, 1), lon=105.8364, lat=21.0394, note=f"paged {n}") for n in range(101)]
    client, filters = visitor("city"), f"ward={BA_DINH}&since=2026-07-01&until=2026-07-01"
    last = re.findall(r'name="ids" value="([0-9]+)"', client.get(f"/reports?{filters}&page=2").text)
    assert last == [str(numbers[0])]
    refused = post(client, "/reports", f"/reports/verifications?{filters}&page=2", ids=last[0], outcome="")
    assert refused.status_code == 422
    assert f'value="{last[0]}" aria-label' in refused.text
    assert "checked" in refused.text
    done = post(client, "/reports", f"/reports/withdrawals?{filters}&page=2", ids=last[0], reason="nhập trùng")
    assert "ids" in client.get(done.headers["location"]).text  # there is no second page any more: the last there is
    withdraw_all(store, "report", numbers[1:], OFFICE, "nhập trùng")  # the pages of other tests stay short


@pytest.mark.parametrize("path", ["/reports", "/tasks", "/flags", "/search?q=ba", "/registers/published"])
def test_filters_go_on_with_the_day_that_is_looked_at(visitor: Visitor, path: str) -> None:
    page = visitor("city").get(path + ("&" if "?" in path else "?") + "day=2026-07-01").text
    forms = re.findall(r"<form[^>]*method=\"get\".*?</form>", page, re.S)
    assert forms
    assert all('name="day" value="2026-07-01"' in form for form in forms)
    assert all("day=2026-07-01" in link for link in re.findall(r'<a href="([^"]*)">Bỏ lọc', page))


def test_the_page_of_no_report_says_so_in_the_language_of_the_page(visitor: Visitor) -> None:
    page = visitor("city").get("/reports/999999")
    assert page.status_code == 404
    assert "report '" not in page.text.replace("&#39;", "'")


def test_what_another_office_recorded_is_offered_to_be_read_not_to_be_changed(visitor: Visitor, store: Store) -> None:
    number = recorded(store, date(2026, 8, 7), note="of another office")
    to = f"/reports/{number}/verification"
    assert post(visitor("hoai-duc"), "/reports", to, outcome="confirmed", day="08/08/2026").status_code == 303
    offered = {
        name: re.findall(r'href="/records/verifications/[^"]*">([^<]*)<', visitor(name).get(f"/reports/{number}").text)
        for name in ("hoai-duc", "city", "admin")
    }
    assert offered == {"hoai-duc": ["Sửa, thu hồi"], "city": ["Xem bản ghi"], "admin": ["Sửa, thu hồi"]}


def test_the_tile_of_alerts_leads_to_the_alerts(visitor: Visitor) -> None:
    page = visitor("city").get("/dashboard").text
    assert re.search(r'<a href="/flags[^"]*"><b>[0-9]+</b> cảnh báo đang mở', page)
