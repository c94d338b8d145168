"""The morning of an officer of the city, from signing in to done, in both cities: alerts, inbox, dashboard, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from test_web_browser import PHONE, serious
from test_web_print_browser import A4, sheets
from thorough import some
from web_house import ACTOR, PASSWORD, Watched

from geo.records.accounts import NewAccount
from geo.records.entries import NewFlagEvent, NewReport
from geo.records.store import Store

pytestmark = pytest.mark.browser

SAVED = re.compile(r"[?&]saved=\d")
NewWatched = Callable[..., Watched]
SCREEN = {"width": 1366, "height": 768}
PLACES = {
    "hanoi": ("Hà Nội", 105.7064, 21.0612, "reactivation:HN-II-5:watch"),
    "hue": ("Huế", 107.5847, 16.4723, "emergence:202608:46E1124N3643:watch"),
}
"""Name of the city, a place in it, and an alert that stands there since it was recorded."""


@pytest.mark.parametrize(("city", "size"), some([("hanoi", SCREEN), ("hue", SCREEN), ("hanoi", PHONE)]))
def test_the_morning_of_the_city(
    watched: NewWatched, store: Store, tmp_path: Path, city: str, size: dict[str, int]
) -> None:
    who, (name, lon, lat, alert) = f"sang-{city}-{size['width']}", PLACES[city]
    store.accounts.add(NewAccount(username=who, password=PASSWORD, role="city", office="Sở Y tế"), ACTOR)
    facts = {"kind": "surroundings", "channel": "letter", "lon": lon, "lat": lat}
    numbers = [store.add(NewReport(day=date(2026, 8, 8 + n), **facts), ACTOR).id for n in range(2)]  # type: ignore[arg-type]
    store.add(NewFlagEvent(flag_id=alert, event="raised", day=date(2026, 8, 10)), ACTOR)
    seen = watched(size)
    seen.sign_in(who)
    page = seen.page
    if name not in page.inner_text("h1"):
        page.click(f".top a:has-text('{name}')")
        page.wait_for_selector(f"h1:has-text('{name}')")
    seen.drawn()
    assert page.locator("section.first .flag").count() == 1
    page.click("section.first a[href*='/tasks']")
    assert page.locator("h1").inner_text().startswith("Việc cần làm")
    assert page.locator("tbody tr:has-text('chưa ai tiếp nhận')").count() == 1

    follow(page, "/reports")
    work_through_the_inbox(seen, numbers)
    assert serious(seen) == []
    rows = store.reports(date(2026, 8, 8), date(2026, 8, 10)).set_index("report_id").loc[numbers]
    assert (rows["status"].tolist(), rows["same_as"].tolist()[1]) == (["confirmed"] * 2, numbers[0])

    follow(page, "/flags")
    close_the_alert(page, alert)
    assert serious(seen) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    follow(page, "/dashboard")
    seen.drawn()
    assert name in page.inner_text("h1")
    assert page.inner_text(".tiles li:has-text('cảnh báo đang mở') b") == "0"
    assert sheets(page, tmp_path) == [A4]
    page.click("a:has-text('Đăng xuất'), button:has-text('Đăng xuất')")
    page.wait_for_load_state("load")
    assert (seen.complaints, seen.foreign) == ([], [])


def follow(page: Page, path: str) -> None:
    """To a page by its name in the head of the pages, and on until it is there."""
    page.click(f".top nav a[href^='{path}?'], .top nav a[href$='{path}']")
    page.wait_for_url(f"**{path}*")


def work_through_the_inbox(seen: Watched, numbers: list[int]) -> None:
    """Filter, verify two at once, save the filter, link them as one matter, and note that all was seen."""
    page = seen.page
    narrow(seen, "unverified")
    assert page.locator("tbody tr").count() >= len(numbers)
    for number in numbers:
        page.check(f"input[name=ids][value='{number}']")
    page.click("summary:has-text('kết quả xác minh')")
    page.select_option("select[name=outcome]", "confirmed")
    page.fill("input[name=document]", "21/BB-XM")
    page.click("button:has-text('Ghi kết quả')")
    page.wait_for_url(SAVED)
    assert "status=unverified" in page.url
    assert page.locator(f"input[name=ids][value='{numbers[0]}']").count() == 0
    page.click("summary:has-text('Lưu bộ lọc này')")
    page.fill(".views input[name=name]", "Chờ xác minh")
    page.click(".views button:has-text('Lưu')")
    page.wait_for_selector(".views a:has-text('Chờ xác minh')")

    follow(page, "/reports")
    narrow(seen, "confirmed")
    page.check(f"input[name=ids][value='{numbers[1]}']")
    page.click("summary:has-text('cùng một vụ việc')")
    page.fill("input[name=same_as]", str(numbers[0]))
    page.click("button:has-text('Ghi là cùng vụ việc')")
    page.wait_for_url(SAVED)
    assert page.locator(f"tr:has(input[value='{numbers[1]}']) >> text=Cùng vụ việc với #{numbers[0]}").count() == 1
    page.click("button:has-text('Đánh dấu đã xem')")
    page.wait_for_load_state("load")


def narrow(seen: Watched, status: str) -> None:
    """Filter the inbox by status, and by when the reports of that morning were made."""
    page = seen.page
    if not page.locator("select[name=status]").is_visible():
        page.click("summary:has-text('Bộ lọc')")
    page.select_option("select[name=status]", status)
    page.select_option("select[name=channel]", "letter")
    page.fill("input[name=since]", "08/08/2026")
    page.click(".filters button:has-text('Lọc')")
    page.wait_for_url(f"**status={status}*")
    seen.drawn()


def close_the_alert(page: Page, alert: str) -> None:
    """Say who handles it until when, then what came of it; it is then among the past ones."""
    place = f"article.flag:has(input[value^='{alert.rpartition(':')[0]}'])"
    page.click(f"{place} summary:has-text('Xử lý')")
    page.fill(f"{place} input[name=until]", "15/08/2026")
    page.click(f"{place} button[value=handled]")
    page.wait_for_url(SAVED)
    assert "đến hết ngày 15/08/2026" in page.inner_text(place)
    page.click(f"{place} summary:has-text('Xử lý')")
    page.select_option(f"{place} select[name=result]", "nothing")
    page.click(f"{place} button[value=closed]")
    page.wait_for_selector(f"{place}", state="detached")
    assert "không phát hiện hoạt động" in page.inner_text("section:has(#past)")
