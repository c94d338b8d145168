"""The page of files of reports in a real browser: what a row says otherwise is ticked, what headings mean is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from web_house import Watched

from geo.records.store import Store

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]
AT = "HN-II-5"


def written(folder: Path, name: str, head: str, *rows: str) -> Path:
    file = folder / name
    file.write_text("\n".join((head, *rows)), encoding="utf-8")
    return file


def bring(page: Page, file: Path) -> None:
    page.set_input_files("[name=file]", file)
    page.click("form.entry:has([name=file]) button")


def verified(store: Store, note: str) -> list[bool]:
    found = store.reports(date(2026, 8, 1), date(2026, 8, 31))
    return [bool(value) for value in found[found["note"] == note]["verified"]]


def test_a_row_that_says_otherwise_is_corrected_once_it_is_ticked(
    watched: NewWatched, store: Store, tmp_path: Path
) -> None:
    head, note = "Ngày,Loại tin,Nguồn tin,Mã điểm,Lý trình,Đã xác minh,Ghi chú", "Cạnh chợ đầu mối"
    row = f"06/08/2026,Khác,Đường dây nóng,{AT},120,{{}},{note}"
    page = watched(user="city").open("/upload")
    bring(page, written(tmp_path, "a.csv", head, row.format("không")))
    assert page.locator("[name=changes]").count() == 0
    page.click(".preview button")
    page.wait_for_url("**written=1*")
    assert verified(store, note) == [False]

    later = written(tmp_path, "b.csv", head, row.format("có"))
    bring(page, later)
    assert page.locator("[name=changes]").is_checked() is False
    page.click(".preview button")  # nothing is ticked, so nothing is corrected
    page.wait_for_url("**written=0*")
    assert verified(store, note) == [False]
    page.goto(page.url.split("?", maxsplit=1)[0])
    bring(page, written(tmp_path, "c.csv", head, row.format("có"), ""))
    page.locator("label:has([name=changes])").click()
    page.click(".preview button")
    page.wait_for_url("**changed=1*")
    assert verified(store, note) == [True]


def test_what_an_office_said_of_its_headings_is_known_for_its_next_file(watched: NewWatched, tmp_path: Path) -> None:
    head = "Ngày,Loại tin,Nguồn tin,Điểm nóng,Mốc nhà,Tình hình chung"
    page = watched(user="city").open("/upload")
    bring(page, written(tmp_path, "a.csv", head, f"07/08/2026,Khác,Đường dây nóng,{AT},130,Vắng"))
    for heading, field in (("Điểm nóng", "site_id"), ("Mốc nhà", "chainage_m"), ("Tình hình chung", "note")):
        page.select_option(f"label:has-text('{heading}') select", field)
    page.click("section:has(#headings) button")
    assert "Điểm nóng" in page.inner_text(".preview")
    page.click(".preview button")
    page.wait_for_selector(".notice.good")

    page = watched(user="city").open("/upload")  # another browser, and the same office
    bring(page, written(tmp_path, "b.csv", head, f"08/08/2026,Khác,Đường dây nóng,{AT},140,Đông"))
    assert page.locator("#headings").count() == 0
    assert "Điểm nóng" in page.inner_text(".preview .notice")
    page.click(".preview button")
    page.wait_for_selector(".notice.good")
