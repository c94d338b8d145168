"""Tools of a map in a browser: measuring, the link to a view, the panel folded away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from geo.output import maps
from geo.situation import Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser, hanoi: Situation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The overview of Hà Nội in a window of an office."""
    file = tmp_path_factory.mktemp("tools") / "map.html"
    file.write_text(maps.render(maps.overview(hanoi)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    made = context.new_page()
    made.goto(file.as_uri())
    made.wait_for_selector("[data-drawn]")
    yield made
    context.close()


def test_distance_and_area_are_measured(page: Page) -> None:
    page.click(".button-measure")
    for x, y in ((300, 300), (500, 300), (500, 450)):
        page.mouse.click(x, y)
    said = page.inner_text(".measured")
    assert "Khoảng cách" in said
    assert "Diện tích" in said
    assert page.locator(".leaflet-popup").count() == 0
    page.click(".button-measure")
    assert page.locator(".measured").count() == 0


def test_a_link_leads_to_the_same_view(page: Page) -> None:
    page.evaluate("navigator.clipboard.writeText = (text) => { document.title = text; return Promise.resolve(); }")
    page.locator(".switches input").nth(0).uncheck()
    page.click(".button-zoom_in")
    page.click(".button-zoom_in")
    page.click(".button-copy_link")
    address = page.title()
    assert "#map=" in address
    assert "off=wards" in address
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_selector("[data-drawn]")
    assert not other.locator(".switches input").nth(0).is_checked()
    assert other.inner_text(".leaflet-control-scale-line") == page.inner_text(".leaflet-control-scale-line")
    other.close()
    page.locator(".switches input").nth(0).check()


def test_the_panel_folds_away_and_the_legend_takes_half_at_most(page: Page) -> None:
    legend = page.locator("aside .groups").bounding_box()
    before = page.locator("main").bounding_box()
    page.click("aside summary")
    after = page.locator("main").bounding_box()
    page.click("aside summary")
    assert legend
    assert before
    assert after
    assert legend["height"] <= 768 / 2
    assert after["width"] > before["width"] + 150
