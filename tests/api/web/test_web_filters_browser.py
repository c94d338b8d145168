"""Filters, views and days in the address: list and map show the same, the button back restores, keys submit nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from web_house import BA_DINH, HOAI_DUC, Watched

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("group=public", "HN-II-1", "HN-I-1"),
        ("level=complex", "", ""),
        ("phase=expansion", "", ""),
        (f"map=risk&ward={HOAI_DUC}", "HN-I-1", "HN-II-1"),
        (f"map=coverage&ward={BA_DINH}&group=establishment", "", "HN-II-1"),
        ("city=hue&level=active", "", ""),
    ],
)
def test_a_filter_narrows_list_and_map_alike(
    visitor: Callable[[], TestClient], query: str, there: str, gone: str
) -> None:
    text = visitor().get(f"/?{query}").text
    [frame] = re.findall(r'<iframe src="([^"]+)"', text)
    shown = visitor().get(unescape(frame)).text
    listed = set(re.findall(r'<a class="name" href="[^"]*\bsite=([\w-]+)', text))
    drawn = {site for site in all_sites(shown) if f'"site-{site}"' in shown}
    assert drawn == listed
    assert not there or there in listed
    assert not gone or gone not in listed


def all_sites(text: str) -> set[str]:
    """Ids of sites that a page names."""
    return set(re.findall(r"HN-I{1,2}-\d", text))


def test_where_the_map_stands_is_in_the_address_and_back_restores_it(watched: NewWatched) -> None:
    seen = watched()
    page = seen.open("/")
    frame = page.frame_locator("iframe")
    assert "#map=" not in page.url
    line = ".leaflet-control-scale-line"
    before = frame.locator(line).inner_text()
    frame.locator(".button-zoom_in").click()
    page.wait_for_function("location.hash.startsWith('#map=')")
    first = page.url
    frame.locator(".button-zoom_in").click()
    page.wait_for_function("first => location.href !== first", arg=first)
    scale, address = frame.locator(line).inner_text(), page.url
    assert scale != before
    page.click("nav >> text=Giới thiệu")
    page.wait_for_load_state("load")
    page.go_back()
    seen.drawn()
    assert page.url == address
    expect(page.frame_locator("iframe").locator(line)).to_have_text(scale)
    other = watched()
    other.page.goto(address)
    other.drawn()
    expect(other.page.frame_locator("iframe").locator(line)).to_have_text(scale)
    assert (seen.complaints, seen.foreign) == ([], [])


def test_back_restores_the_filter_that_was_chosen_before(watched: NewWatched) -> None:
    page = watched().open("/")
    all_sites = page.locator(".sites > li").count()
    page.select_option("[name=group]", "public")
    page.wait_for_url("**group=public*")
    public = page.locator(".sites > li").count()
    page.click(".sites a.name >> nth=0")
    page.wait_for_selector("#panel")
    page.go_back()
    page.wait_for_selector(".sites")
    assert page.locator("[name=group]").input_value() == "public"
    assert 5 <= page.locator(".sites > li").count() == public < all_sites


@pytest.mark.parametrize(("path", "name"), [("/", "ward"), ("/coverage", "target")])
def test_moving_through_a_select_by_keys_submits_nothing(watched: NewWatched, path: str, name: str) -> None:
    page = watched().open(path)
    page.focus(f"[name={name}]")
    before = page.url
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.wait_for_load_state("networkidle")
    assert page.url == before
    assert page.locator(f"[name={name}]").input_value() != ""


@pytest.mark.parametrize("path", ["/", "/sites/HN-I-1", "/search"])
def test_another_day_is_said_in_a_bar_that_stays_in_view(watched: NewWatched, path: str) -> None:
    page = watched().open(f"{path}?day=2026-06-01")
    bar = page.locator(".otherday")
    assert "Đang xem tình hình ngày 01/06/2026" in bar.inner_text()
    page.evaluate("scrollTo(0, 4000)")
    box = bar.bounding_box()
    assert box and box["y"] >= 0
    bar.locator("a").click()
    page.wait_for_load_state("load")
    assert page.locator(".otherday").count() == 0
    assert "day=" not in page.url
