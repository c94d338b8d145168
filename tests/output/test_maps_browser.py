"""Maps in a real browser without any network: they open, and can be searched and used by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.output.maps import compare, coverage, overview, render, risk, site, ward
from geo.situation import Situation, from_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

pytestmark = pytest.mark.browser

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1400, "height": 900},
    "phone": {"width": 390, "height": 844},
}


class Opened:
    """A page opened from a file, with every request and every complaint of the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def load(self, html: str, file: Path) -> Page:
        file.write_text(html, encoding="utf-8")
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("[data-drawn]")
        return self.page

    @property
    def foreign(self) -> list[str]:
        """Requests for anything but the file itself and what stands in it."""
        return [url for url in self.requests[1:] if not url.startswith(("data:", "blob:"))]


Shown = Callable[[str, str], Opened]


@pytest.fixture(scope="module")
def shown(browser: Browser, hanoi: Situation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """Gives the map of a kind on a screen, opened once for all tests, as it was when it was opened."""
    code = str(hanoi.crossings["ward_code"].iloc[0])
    charts = {"overview": overview, "risk": risk, "coverage": coverage}
    charts |= {"site": lambda then: site(then, "HN-I-1"), "ward": lambda then: ward(then, code)}
    folder = tmp_path_factory.mktemp("maps")
    contexts: list[BrowserContext] = []

    @cache
    def opened(kind: str, screen: str) -> Opened:
        contexts.append(browser.new_context(viewport=SCREENS[screen], offline=True))
        made = Opened(contexts[-1].new_page())
        made.load(render(charts[kind](hanoi)), folder / f"{kind}-{screen}.html")
        return made

    def again(kind: str, screen: str) -> Opened:
        made = opened(kind, screen)
        made.page.evaluate(f"document.querySelector('aside details').open = {screen != 'phone':d}")
        made.page.fill("#search", "")
        made.page.evaluate("document.querySelectorAll('.leaflet-popup-close-button').forEach(one => one.click())")
        made.page.click(".button-home")
        return made

    yield again
    for context in contexts:
        context.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context(viewport=SCREENS["desktop"], offline=True)
    yield Opened(context.new_page())
    context.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("kind", ["overview", "site", "ward", "risk", "coverage"])
def test_every_map_opens_without_network_and_without_complaint(shown: Shown, kind: str, screen: str) -> None:
    opened = shown(kind, screen)
    page = opened.page
    assert opened.foreign == []
    assert opened.complaints == []
    assert page.locator("path.leaflet-interactive").count() >= (138 if kind == "overview" else 4)
    assert page.locator(".mark").count() > 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if kind == "site":
        assert page.locator(".cards tbody tr").count() == 4
    if kind == "overview":
        assert page.locator(".mark-site").count() == 12


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("kind", ["overview", "site", "ward", "risk", "coverage"])
def test_the_legend_is_whole(shown: Shown, kind: str, screen: str) -> None:
    page = shown(kind, screen).page
    if not page.evaluate("document.querySelector('aside details').open"):
        page.click("summary")
    entries = page.locator("aside section:not(.cards):not(.switches):not(.list) li")
    assert entries.count() >= 3
    place = -1
    # Counted anew each time: the map beside a legend that opens is smaller, and fewer of its labels are numbers.
    while (place := place + 1) < entries.count():
        entry = entries.nth(place)
        entry.scroll_into_view_if_needed()
        box, room = entry.bounding_box(), page.locator("aside").bounding_box()
        assert box and room
        assert box["y"] >= room["y"] - 1
        assert box["y"] + box["height"] <= room["y"] + room["height"] + 1
        assert box["x"] + box["width"] <= room["x"] + room["width"]
        assert entry.evaluate("(line) => line.scrollWidth <= line.clientWidth + 1")


@pytest.mark.parametrize("screen", SCREENS)
def test_search_finds_a_ward_without_diacritics(shown: Shown, screen: str) -> None:
    page = shown("overview", screen).page
    page.fill("#search", "yen hoa")
    assert page.locator("#found li").first.inner_text().startswith("Phường Yên Hòa")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h3")
    assert page.inner_text(".card h3") == "Phường Yên Hòa"


@pytest.mark.parametrize(
    ("query", "title"), [("quoc lo 32", "I.1 · "), ("HN-II-5", "II.5 · "), ("Giải Phóng", "II.5 · ")]
)
def test_search_finds_a_site(shown: Shown, hanoi: Situation, query: str, title: str) -> None:
    page = shown("overview", "desktop").page
    page.fill("#search", query)
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h3")
    assert page.inner_text(".card h3").startswith(title)
    rows = hanoi.crossings[hanoi.crossings["site_id"].str[3:].str.replace("-", ".") + " · " == title]
    assert page.locator(".card tbody tr").count() == len(rows)


def test_an_unknown_name_is_said_to_be_unknown(shown: Shown) -> None:
    page = shown("overview", "desktop").page
    page.fill("#search", "zzzz")
    assert "Không tìm thấy" in page.inner_text(".search .status")
    said, field = page.locator(".search .status").bounding_box(), page.locator("#search").bounding_box()
    assert said and field
    assert said["y"] >= field["y"] + field["height"] - 1


def test_a_site_is_reached_by_keyboard(shown: Shown) -> None:
    page = shown("overview", "desktop").page
    page.locator("path[tabindex='0']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h3")
    assert page.inner_text(".card h3").startswith("I.1")
    page.keyboard.press("Escape")
    page.wait_for_selector(".card h3", state="detached")


def test_layers_are_switched_off_and_on(shown: Shown) -> None:
    page = shown("overview", "desktop").page
    before = page.locator("path.leaflet-interactive").count()
    box = page.locator(".switches input").nth(0)
    box.uncheck()
    assert page.locator("path.leaflet-interactive").count() == before - 126
    box.check()
    assert page.locator("path.leaflet-interactive").count() == before


def test_a_hostile_name_is_only_text(desktop: Opened, hanoi: Situation, tmp_path: Path) -> None:
    name = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    wards = hanoi.wards.copy()
    wards.loc[0, ["name", "full_name"]] = name
    page = desktop.load(render(overview(replace(hanoi, wards=wards))), tmp_path / "map.html")
    page.fill("#search", str(wards["code"].iloc[0]))
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h3")
    assert page.inner_text(".card h3") == name
    page.locator("path.chosen").first.hover(force=True)
    assert page.locator(".card img, .leaflet-tooltip img, .mark img").count() == 0
    assert page.title() != "owned"


@pytest.mark.parametrize("screen", SCREENS)
def test_names_on_the_map_do_not_overlap(shown: Shown, screen: str) -> None:
    boxes = (
        shown("overview", screen)
        .page.locator(".mark")
        .evaluate_all(
            "marks => marks.map(mark => mark.getBoundingClientRect()).map(box => [box.left, box.top, box.right, box.bottom])"
        )
    )
    assert len(boxes) > 12
    for a, b in combinations(boxes, 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1
        assert apart or a[3] <= b[1] + 1 or b[3] <= a[1] + 1


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("kind", ["overview", "site", "risk"])
def test_no_site_begins_under_the_buttons(shown: Shown, kind: str, screen: str) -> None:
    page = shown(kind, screen).page
    box = page.locator(".buttons").bounding_box()
    assert box
    places = page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-lines-pane path")].flatMap((path) => {
            const matrix = path.getScreenCTM(), length = path.getTotalLength();
            return Array.from({ length: 21 }, (_, i) => {
                const at = path.getPointAtLength((length * i) / 20).matrixTransform(matrix);
                return [at.x, at.y];
            });
        })"""
    )
    assert len(places) >= 21 * 4
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    assert not [at for at in places if box["x"] <= at[0] <= right and box["y"] <= at[1] <= bottom]


def test_printing_takes_one_sheet(shown: Shown) -> None:
    page = shown("overview", "desktop").page
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1


def test_a_sheet_shows_the_base_and_all_that_is_beside_the_map(shown: Shown) -> None:
    page = shown("site", "desktop").page
    page.wait_for_selector("canvas.base-names[data-named]:not([data-named='0'])")
    inked = page.evaluate("document.querySelectorAll('.leaflet-base-pane canvas').length")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sizes = page.evaluate(
        """() => ['main', 'aside', 'aside details', 'footer'].map((one) => {
            const box = document.querySelector(one).getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        })"""
    )
    frame, beside, details, foot = sizes
    assert frame[2] <= beside[0] + 1
    assert max(frame[3], details[3]) <= foot[1] + 1
    # A printer waits for no tile: those of the screen are printed.
    assert page.evaluate("document.querySelectorAll('.leaflet-base-pane canvas').length") == inked > 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelector('main').style.zoom") == ""
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1


def test_another_city_opens_too(desktop: Opened, hue: Situation, tmp_path: Path) -> None:
    page = desktop.load(render(overview(hue)), tmp_path / "map.html")
    assert desktop.complaints == []
    assert page.locator("path.leaflet-interactive").count() == 40
    assert page.locator(".notice").is_visible()


def test_two_days_are_compared_by_swipe(desktop: Opened, hanoi: Situation, tmp_path: Path) -> None:
    sites = hanoi.sites.copy()
    sites.loc[0, "level"] = "low"
    later = from_registers(hanoi.day, "hanoi", hanoi.wards, sites)
    page = desktop.load(render(compare(hanoi, later)), tmp_path / "map.html")
    assert desktop.complaints == []
    headings = page.locator(".list h2").all_inner_texts()
    assert {"Địa điểm theo mức độ: trước", "Địa điểm theo mức độ: sau"} <= set(headings)
    before = page.evaluate("document.querySelector('.leaflet-lines-before-pane').style.clipPath")
    page.focus(".swipe")
    page.keyboard.press("End")
    after = page.evaluate("document.querySelector('.leaflet-lines-before-pane').style.clipPath")
    assert before != after
    assert "polygon" in after
