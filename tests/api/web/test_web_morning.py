"""The morning of an officer of the city, from signing in to done, in both cities: alerts, inbox, tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from test_web_browser import PHONE, serious
from web_house import ACTOR, PASSWORD, Watched

from geo.records.accounts import NewAccount
from geo.records.entries import NewReport
from geo.records.store import Store

NewWatched = Callable[..., Watched]
SCREEN = {"width": 1366, "height": 768}
PLACES = {"hanoi": (105.7064, 21.0612), "hue": (107.5847, 16.4637)}


@pytest.mark.parametrize(("city", "size"), [("hanoi", SCREEN), ("hue", SCREEN), ("hanoi", PHONE)])
def test_the_morning_of_the_city(watched: NewWatched, store: Store, city: str, size: dict[str, int]) -> None:
    who, (lon, lat) = f"sang-{city}-{size['width']}", PLACES[city]
    store.accounts.add(NewAccount(username=who, password=PASSWORD, role="city", office="Sở Y tế"), ACTOR)
    report = NewReport(day=date(2026, 8, 9), kind="other", channel="letter", lon=lon, lat=lat)
    number = store.add(report, ACTOR).id
    seen = watched(size)
    seen.sign_in(who)
    page = seen.open(f"/?city={city}")
    assert page.locator("h2#alerts").is_visible()
    page.click("section.first a[href*='/tasks']")
    assert page.locator("h1").inner_text().startswith("Việc cần làm")
    assert serious(seen) == []

    page = seen.open(f"/reports?city={city}&status=unverified&since=2026-08-09")
    pick = page.locator(f"input[name=ids][value='{number}']")
    pick.check()
    page.click("summary:has-text('kết quả xác minh')")
    page.select_option("select[name=outcome]", "confirmed")
    page.fill("input[name=document]", "21/BB-XM")
    page.click("button:has-text('Ghi kết quả')")
    page.wait_for_url("**saved=1*")
    assert "status=unverified" in page.url
    assert page.locator(f"input[name=ids][value='{number}']").count() == 0
    page.click("summary:has-text('Lưu bộ lọc này')")
    page.fill(".views input[name=name]", "Chờ xác minh")
    page.click(".views button:has-text('Lưu')")
    page.wait_for_load_state("load")
    assert page.locator(".views a:has-text('Chờ xác minh')").count() == 1
    page.click("button:has-text('Đánh dấu đã xem')")
    page.wait_for_load_state("load")
    assert serious(seen) == []

    page = seen.open(f"/flags?city={city}")
    assert serious(seen) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert (seen.complaints, seen.foreign) == ([], [])
    row = store.reports(date(2026, 8, 9), date(2026, 8, 10)).set_index("report_id").loc[number]
    assert row["status"] == "confirmed"
