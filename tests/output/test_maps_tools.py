"""Tools of a map in a browser: measuring, the link to a view, the panel folded away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from geo.output import maps
from geo.output.shared.theme import theme
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


def test_what_is_seen_is_saved_as_a_picture(page: Page) -> None:
    requests: list[str] = []
    page.click(".button-home")
    page.wait_for_load_state("networkidle")
    page.wait_for_selector("canvas.base-names[data-named]:not([data-named='0'])")
    page.on("request", lambda request: requests.append(request.url))
    with page.expect_download() as saved:
        page.click(".button-save_png")
    assert saved.value.suggested_filename.startswith("Ban-do-tong-quan-dia-ban")
    image = Image.open(saved.value.path()).convert("RGB")
    box = page.locator("main").bounding_box()
    assert box
    assert image.width > 2 * box["width"] + 400
    assert image.height > 2 * box["height"]
    colours = {colour for _, colour in image.getcolors(image.width * image.height) or []}
    look = theme()
    names = ("pilot", "expansion")
    # The register, its sites and the water beneath; areas darken what lies under them.
    assert {rgb(look.lines["active"].colour), rgb(look.lines["low"].colour)} <= colours
    assert {rgb(look.areas[name].fill) for name in names} <= colours
    assert rgb("#c3dae6") in colours
    assert [url for url in requests if not url.startswith(("data:", "blob:"))] == []


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


INSIDE = """() => {
    const map = document.querySelector("main").getBoundingClientRect();
    const card = document.querySelector(".leaflet-popup-content-wrapper");
    if (!card) return "no card";
    const box = card.getBoundingClientRect();
    const fits = box.left >= map.left - 1 && box.right <= map.right + 1 && box.top >= map.top - 1 && box.bottom <= map.bottom + 1;
    return fits ? "" : JSON.stringify([map, box]);
}"""


def assert_inside(page: Page) -> None:
    """The open card lies inside the map, once the map has moved."""
    page.wait_for_function(f"() => ({INSIDE})() === ''")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["office", "phone"])
def test_cards_open_inside_the_map(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.click(".button-home")
    sites = page.locator(".list button")
    for place in (0, 4, 11):
        sites.nth(place).evaluate("(button) => button.click()")
        assert_inside(page)
        page.keyboard.press("Escape")
    frame = page.locator("main").bounding_box()
    assert frame
    # Wards at the edges of the view: the map moves aside for their cards.
    sites.nth(7).evaluate("(button) => button.click()")
    page.keyboard.press("Escape")
    for x, y in ((0.5, 0.06), (0.5, 0.94), (0.94, 0.3)):
        page.mouse.click(frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y)
        page.wait_for_selector(".card h3")
        assert_inside(page)
        page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1366, "height": 768})


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
