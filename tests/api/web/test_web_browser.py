"""The pages in a real browser that reaches the server and nothing else: they open, work by keyboard, fit a phone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Route
from web_house import BA_DINH, HOAI_DUC, MARK_OTHER, MARK_OWN, Watched, axe_source

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]
PHONE = {"width": 390, "height": 844}
PAGES = (
    ("/", None),
    ("/?site=HN-I-1", None),
    ("/?map=compare&before=2026-02-01", None),
    ("/sites/HN-I-1", "hoai-duc"),
    (f"/wards/{HOAI_DUC}", "hoai-duc"),
    ("/reviews", "city"),
    ("/reports/new?site=HN-I-1", "hoai-duc"),
    ("/reports/1", "city"),
    ("/account/tokens", "hoai-duc"),
    ("/upload", "city"),
    ("/admin/users", "admin"),
    ("/login", None),
    ("/about", None),
)
MAPS = ("overview", "risk", "coverage", "compare?before=2026-02-01", "site/HN-I-1", f"ward/{HOAI_DUC}")


def serious(seen: Watched) -> list[str]:
    """What axe-core finds of serious or critical impact in the page as it stands."""
    if not seen.page.evaluate("'axe' in window"):
        seen.page.evaluate(axe_source())  # half a megabyte: once a page
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 5
    return [
        f"{fault['id']}: {fault['nodes'][0]['target']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("path", "user"), PAGES)
def test_a_page_opens_without_complaint_and_fits(watched: NewWatched, path: str, user: str | None) -> None:
    seen = watched(user=user)
    page = seen.open(path)
    assert serious(seen) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(seen) == []
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_names_of_all_pages_take_two_rows_at_most(watched: NewWatched, lang: str) -> None:
    page = watched({"width": 1366, "height": 768}, user="admin").open(f"/admin/users?lang={lang}")
    tops = page.locator(".top nav li").evaluate_all(
        "rows => rows.map(row => Math.round(row.getBoundingClientRect().top))"
    )
    assert len(tops) == 16
    assert len(set(tops)) <= 2


@pytest.mark.parametrize("name", MAPS)
def test_a_map_opens_without_complaint(watched: NewWatched, name: str) -> None:
    seen = watched()
    page = seen.open(f"/maps/{name}")
    assert page.locator("path.leaflet-interactive").count() > 3
    assert serious(seen) == []
    assert (seen.complaints, seen.foreign) == ([], [])


def test_a_map_that_the_browser_has_runs_its_scripts_again(watched: NewWatched) -> None:
    """The server answers 304, and the nonce is that of the page which was stored."""
    seen = watched()
    page = seen.open("/maps/overview")
    page.reload()
    again = page.reload()
    assert again is not None
    assert again.request.sizes()["responseBodySize"] == 0, "no 304"
    assert page.locator("path.leaflet-interactive").count() > 3
    assert seen.complaints == []


def test_the_map_finds_a_ward_and_leads_to_its_page(watched: NewWatched) -> None:
    seen = watched()
    page = seen.open("/")
    frame = page.frame_locator("iframe")
    frame.locator("#search").fill("yen hoa")
    assert frame.locator("#found li").first.inner_text().startswith("Phường Yên Hòa")
    frame.locator("#search").press("Enter")
    frame.locator(".card a.link").click()
    page.wait_for_url("**/wards/*")
    assert "Phường Yên Hòa" in page.locator("h1").inner_text()
    assert seen.foreign == []


def test_suggestions_that_arrive_after_the_choice_open_nothing(watched: NewWatched) -> None:
    seen = watched()
    page = seen.open("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/places**", hold)
    frame = page.frame_locator("iframe")
    frame.locator("#search").fill("yen hoa")
    frame.locator("#search").press("Enter")
    frame.locator(".card a.link").wait_for()
    assert held, "the search asked no server"
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    assert frame.locator("#found").is_hidden()
    frame.locator(".card a.link").click()
    page.wait_for_url("**/wards/*")


def test_a_site_is_chosen_and_its_panel_lists_its_wards(watched: NewWatched) -> None:
    page = watched().open("/")
    page.click("text=I.1 · Khu vực Quốc lộ 32")
    page.wait_for_selector("#panel")
    assert page.locator("#panel .wards li").count() == 4
    assert "Xã Ô Diên" in page.inner_text("#panel .wards")
    assert page.frame_locator("iframe").locator(".mark-site").first.inner_text()


def test_a_filter_applies_by_itself_and_by_its_button(watched: NewWatched) -> None:
    page = watched().open("/")
    page.select_option("[name=ward]", HOAI_DUC)
    page.wait_for_url("**ward=*")
    page.wait_for_function("document.querySelectorAll('.sites li').length === 1")
    bare = watched(scripts=False).page
    bare.goto(page.url.split("?")[0])
    bare.select_option("[name=group]", "public")
    bare.click("form.filters button")
    assert bare.locator(".sites li").count() == 5
    bare.click(".sites a >> nth=0")
    assert bare.locator("#panel .wards li").count() >= 1


def test_the_language_switches_and_stays(watched: NewWatched) -> None:
    page = watched().open("/about")
    page.click("text=English")
    assert page.locator("h1").inner_text() == "About"
    page.click("nav >> text=Map")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click("text=Tiếng Việt")
    assert page.locator("html").get_attribute("lang") == "vi"


def test_a_page_is_reached_by_keyboard(watched: NewWatched) -> None:
    page = watched().open("/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_change_of_level_shows_on_the_page_and_on_the_map(watched: NewWatched) -> None:
    seen = watched()
    seen.sign_in("city")
    page = seen.open("/sites/HN-II-3")
    page.select_option("[name=level]", "complex")
    page.fill("[name=document]", "41/BC-UBND")
    page.click("#status button")
    page.wait_for_selector(".notice.good")
    seen.drawn()
    assert "Phức tạp" in page.inner_text(".lead")
    frame = page.frame_locator("iframe")
    assert "Phức tạp" in (frame.locator(".cards .subtitle").first.text_content() or "")
    assert (seen.complaints, seen.foreign) == ([], [])


def test_a_ward_neither_sees_nor_changes_what_is_another_wards(watched: NewWatched) -> None:
    seen = watched(user="ba-dinh")
    page = seen.open(f"/wards/{HOAI_DUC}")
    assert MARK_OWN not in page.content()
    assert page.locator(".act, a[href^='/reports/']:not([href^='/reports/new'])").count() == 0
    page = seen.open("/sites/HN-I-1")
    assert page.locator("#status, .act").count() == 0
    # A form that the page does not show is refused as well.
    token = page.get_attribute("[name=csrf_token]", "value")
    fields = {"level": "complex", "day": "2026-08-01", "document": "1/BC", "csrf_token": str(token)}
    headers = {"Origin": seen.address, "Accept": "text/html"}
    refused = page.request.post(f"{seen.address}/sites/HN-I-1/status", form=fields, headers=headers)
    assert refused.status == 403
    assert seen.page.request.get(f"{seen.address}/reports/1", headers=headers).status == 404
    page = seen.open(f"/wards/{BA_DINH}")
    assert MARK_OTHER in page.content()


def test_a_file_is_tried_and_then_recorded(watched: NewWatched, tmp_path: Path) -> None:
    file = tmp_path / "tin-bao.csv"
    rows = ("Ngày,Loại tin,Nguồn tin,Mã điểm,Lý trình", "05/08/2026,Khác,Đường dây nóng,HN-II-5,100")
    file.write_text("\n".join(rows), encoding="utf-8")
    seen = watched(user="city")
    page = seen.open("/upload")
    page.set_input_files("[name=file]", file)
    page.click("form.entry button")
    assert "Chưa ghi gì" in page.inner_text(".preview")
    assert serious(seen) == []
    page.click(".preview button")
    assert "Đã ghi nhận 1 tin báo" in page.inner_text(".notice.good")


def test_a_page_prints_on_paper(watched: NewWatched) -> None:
    page = watched().open(f"/wards/{HOAI_DUC}")
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible()
    assert page.locator("#duties").is_visible()
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000


# Every map on both screens: `tests/output/test_maps_browser.py`; here in the frames of pages.
@pytest.mark.parametrize(("path", "viewport"), [("/", PHONE), ("/sites/HN-I-1", {"width": 1400, "height": 900})])
def test_no_site_begins_under_the_buttons_of_its_map(watched: NewWatched, path: str, viewport: dict[str, int]) -> None:
    seen = watched(viewport)
    frame = seen.open(path).frame_locator("iframe")
    places = frame.locator(".buttons").evaluate(
        """(buttons) => {
            const box = buttons.getBoundingClientRect();
            return [...document.querySelectorAll(".leaflet-lines-pane path")].flatMap((path) => {
                const matrix = path.getScreenCTM(), length = path.getTotalLength();
                return Array.from({ length: 21 }, (_, i) => path.getPointAtLength((length * i) / 20).matrixTransform(matrix))
                    .map((at) => at.x >= box.left && at.x <= box.right && at.y >= box.top && at.y <= box.bottom);
            });
        }"""
    )
    assert len(places) > 80
    assert not any(places)


def test_a_place_is_chosen_on_the_map(watched: NewWatched) -> None:
    seen = watched(user="hoai-duc")
    page = seen.open("/reports/new?site=HN-I-1")
    page.click("#pick summary")
    page.wait_for_selector("#pick .tiles-map[data-drawn]")
    page.click("#pick .tiles-map")
    said = page.inner_text("#pick [role=status]")
    assert said.startswith(f"Xã Hoài Đức ({HOAI_DUC}) · Địa điểm gần nhất: ")
    lon, lat = page.input_value("[name=lon]"), page.input_value("[name=lat]")
    assert [text[:4] for text in (lon, lat)] in (["105,", "21,0"], ["105,", "20,9"])
    assert page.input_value("[name=site_id]") == ""
    page.fill("[name=lon]", "105,7064")
    page.fill("[name=lat]", "21,0612")
    page.press("[name=lat]", "Tab")
    assert page.locator("#pick path[fill='#ffd166']").count() == 1
    assert serious(seen) == []
    page.fill("[name=day]", "2026-07-01")
    page.select_option("[name=kind]", "surroundings")
    page.select_option("[name=channel]", "ward_check")
    page.click("main form button:not([type=button])")
    page.wait_for_url("**/reports/*saved=1*")
    assert (seen.complaints, seen.foreign) == ([], [])


SHRINK = """frame => new Promise(done => {
    Object.assign(frame.style, {width: "300px", height: "150px"});
    frame.addEventListener("load", done, {once: true});
    frame.contentWindow.location.reload();
})"""


def test_a_map_fills_its_frame_though_it_gets_its_size_late(watched: NewWatched) -> None:
    """On a slow line the map is there before the stylesheet of the page, which gives the frame its size."""
    seen = watched(PHONE, user="hoai-duc")
    page = seen.open(f"/wards/{HOAI_DUC}")
    marks = page.frame_locator("iframe").locator(".mark")
    marks.nth(4).wait_for()
    names = marks.all_inner_texts()
    page.locator("iframe").evaluate(SHRINK)
    seen.drawn()
    assert len(marks.all()) < len(names)
    page.locator("iframe").evaluate("frame => frame.removeAttribute('style')")
    marks.nth(len(names) - 1).wait_for()
    assert marks.all_inner_texts() == names


def test_a_map_that_was_moved_stays_where_it_is(watched: NewWatched) -> None:
    page = watched().open("/maps/overview")
    before = page.locator(".leaflet-control-scale-line").inner_text()
    page.locator(".button-zoom_in").click()
    page.locator(".button-zoom_in").click()
    chosen = page.locator(".leaflet-control-scale-line").inner_text()
    assert chosen != before
    page.set_viewport_size({"width": 900, "height": 700})
    page.wait_for_function("innerWidth === 900")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator(".leaflet-control-scale-line").inner_text() == chosen


def test_marks_of_places_stand_apart(watched: NewWatched) -> None:
    desktop = {"width": 1400, "height": 900}
    for viewport, paths in ((desktop, ("/", "/sites/HN-I-1")), (PHONE, (f"/wards/{HOAI_DUC}", "/?map=risk"))):
        seen = watched(viewport, user="hoai-duc")
        for path in paths:
            page = seen.open(path)
            frame = page.frame_locator("iframe")
            frame.locator(".mark").nth(1).wait_for()
            boxes = frame.locator(".mark").evaluate_all(
                "marks => marks.map(m => m.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
            )
            for a, b in combinations(boxes, 2):
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1
                assert apart or a[3] <= b[1] + 1 or b[3] <= a[1] + 1, path
