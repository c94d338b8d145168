"""Pages on paper: A4 each with its map, the programme across, the dashboard and the map of a site on one sheet."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from thorough import some
from web_house import ACTOR, HOAI_DUC, Watched

from geo.records.entries import NewReport
from geo.records.store import Store

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]
A4 = (595, 842)
LEGEND = """e => ({top: e.getBoundingClientRect().top, bottom: e.getBoundingClientRect().bottom, text: e.innerText,
  right: Math.max(...[...e.querySelectorAll("li")].map(i => i.getBoundingClientRect().right))})"""


def sheets(page: Page, folder: Path) -> list[tuple[int, int]]:
    """Width and height in points of each sheet that a page prints on."""
    file = folder / "page.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    said = subprocess.run(["pdfinfo", "-l", "99", str(file)], capture_output=True, check=True, text=True).stdout
    return [(round(float(w)), round(float(h))) for w, h in re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", said)]


def without_hatches(page: Page) -> Page:
    """A page whose maps have plain areas: Chromium prints each hatched ward as a picture of its own, seconds and
    megabytes for all wards of a city. The sheets are the same."""
    for frame in page.frames:
        frame.evaluate("document.querySelectorAll('.hatches').forEach(e => e.remove())")
    return page


@pytest.mark.parametrize(("city", "lang"), some([("hanoi", "vi"), ("hue", "vi"), ("hanoi", "en")]))
def test_the_dashboard_is_one_sheet(watched: NewWatched, tmp_path: Path, city: str, lang: str) -> None:
    assert sheets(watched(user="city").open(f"/dashboard?city={city}&lang={lang}"), tmp_path) == [A4]


@pytest.mark.parametrize("lang", some(["vi", "en"]))
def test_a_hundred_reports_are_four_sheets_at_most_with_one_map(
    watched: NewWatched, store: Store, tmp_path: Path, lang: str
) -> None:
    said = {
        "kind": "surroundings",
        "channel": "ward_check",
        "note": "Khu đất trống, thiếu chiếu sáng, đề nghị kiểm tra",
    }
    lacking = 100 - len(store.reports(date(2026, 5, 1), date(2026, 8, 10)))
    more = [NewReport(day=date(2026, 8, 1), lon=105.70 + n / 5000, lat=21.06, **said) for n in range(lacking)]  # type: ignore[arg-type]
    if more:
        store.add_reports(more, ACTOR, source="print")
    page = watched(user="city").open(f"/reports?lang={lang}")
    assert page.locator("tbody tr").count() >= 50
    found = sheets(page, tmp_path)
    assert len(found) <= 4
    assert set(found) == {A4[::-1]}
    page.emulate_media(media="print")
    assert page.locator("iframe:visible").count() == 1


def test_a_hatched_map_is_printed_with_its_page(watched: NewWatched, tmp_path: Path) -> None:
    page = watched(user="city").open("/coverage")
    assert page.frame_locator("iframe").locator(".hatches pattern").count() > 0
    hatched = sheets(page, tmp_path)
    assert hatched == sheets(without_hatches(page), tmp_path)
    assert set(hatched) == {A4[::-1]}
    assert len(hatched) <= 4


@pytest.mark.parametrize(
    "query", some(["?period=2026-H1", "?city=hue", "?period=2026-H1&target=3.1", "?period=2026-H1&lang=en"])
)
def test_the_programme_is_across_and_four_sheets_at_most(watched: NewWatched, tmp_path: Path, query: str) -> None:
    found = sheets(without_hatches(watched(user="city").open(f"/coverage{query}")), tmp_path)
    assert set(found) == {A4[::-1]}
    assert len(found) <= 4


def test_the_map_of_a_site_is_one_sheet(watched: NewWatched, tmp_path: Path) -> None:
    for site in ("HN-I-1", "HN-II-4", "HN-I-1?lang=en"):
        assert sheets(watched().open(f"/maps/site/{site}"), tmp_path) == [A4[::-1]]


@pytest.mark.parametrize(
    "path", some(["/", "/sites/HN-I-1", f"/wards/{HOAI_DUC}", "/?map=risk", f"/wards/{HOAI_DUC}?lang=en"], 2)
)
def test_a_page_is_printed_with_its_whole_map(watched: NewWatched, tmp_path: Path, path: str) -> None:
    page = watched().open(path)
    assert set(sheets(page, tmp_path)) == {A4}
    page.emulate_media(media="print")
    frame = page.locator(".map iframe")
    assert frame.is_visible()
    inside = page.frame_locator("iframe").locator("body")
    inside.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    room = inside.evaluate("() => [innerWidth, innerHeight]")
    map_box = (
        page.frame_locator("iframe")
        .locator(".folium-map")
        .evaluate("e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height]")
    )
    legend = page.frame_locator("iframe").locator("aside").evaluate(LEGEND)
    assert map_box[0] <= room[0] + 1
    assert map_box[1] <= legend["top"] + 1
    assert max(map_box[0] / room[0], map_box[1] / legend["top"]) > 0.95
    assert legend["bottom"] <= room[1] + 1
    assert legend["right"] <= room[0] + 1
    assert "Địa điểm theo mức độ" in legend["text"] or "Sites by activity level" in legend["text"] or "site" in path
    assert page.frame_locator("iframe").locator("header").is_hidden()
    inside.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert page.frame_locator("iframe").locator(".printing-framed").count() == 0
