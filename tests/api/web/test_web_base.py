"""The base of the maps, served: in ranges, cached by browsers, drawn on the pages of sites."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from web_house import Watched

from geo.reference.base import base_of, rows_within
from geo.reference.cities import city
from geo.reference.sites import load_sites

sys.path.append(str(Path(__file__).resolve().parents[2] / "output"))
from site_ends import ENDS

if TYPE_CHECKING:
    from playwright.sync_api import Request

Visitor = Callable[..., TestClient]
FILE = "/base/hanoi.pmtiles"


def test_a_part_of_the_file_is_served(visitor: Visitor) -> None:
    base = base_of(city("hanoi"))
    assert base is not None
    whole = base.path.read_bytes()
    answer = visitor().get(FILE, headers={"Range": "bytes=127-1126"}, params={"v": base.stamp})
    assert (answer.status_code, answer.content) == (206, whole[127:1127])
    assert answer.headers["content-range"] == f"bytes 127-1126/{len(whole)}"
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in visitor().get(FILE, headers={"Range": "bytes=0-9"}).headers["cache-control"]


def test_a_browser_that_has_it_gets_nothing(visitor: Visitor) -> None:
    first = visitor().get(FILE, headers={"Range": "bytes=0-9"})
    again = visitor().get(FILE, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_range_of_another_version_is_the_whole_file(visitor: Visitor) -> None:
    answer = visitor().get(FILE, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert answer.status_code == 200
    assert len(answer.content) > 1_000_000


@pytest.mark.parametrize(("path", "status"), [("/base/nowhere.pmtiles", 404), ("/base/..%2Fwards.pmtiles", 404)])
def test_no_other_file_is_served(visitor: Visitor, path: str, status: int) -> None:
    assert visitor().get(path).status_code == status


def test_a_range_beyond_the_file_is_refused(visitor: Visitor) -> None:
    assert visitor().get(FILE, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_a_worker_holds_nothing_of_the_files(visitor: Visitor) -> None:
    client = visitor()
    files = [f"/base/{place}.pmtiles" for place in ("hanoi", "hue")]
    # Only a few bytes: what the first request of a file as a whole would leave behind is what counts here.
    for file in files:
        client.get(file, headers={"Range": "bytes=0-9"})
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for file in files:
        client.get(file)
        for start in range(0, 1_000_000, 50_000):
            client.get(file, headers={"Range": f"bytes={start}-{start + 49_999}"})
    peak = tracemalloc.get_traced_memory()[1]
    # The client's answers hang in cycles, which a process with many objects may leave there for long.
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    # Less than the smaller of the two files.
    assert after - before < 1_000_000
    assert peak - before < 30_000_000


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/maps/overview", "/maps/site/HN-I-1", "/maps/ward/00070", "/maps/overview?city=hue"])
def test_what_a_phone_needs_for_the_first_drawing_is_small(watched: Callable[..., Watched], path: str) -> None:
    seen = watched()
    seen.page.set_viewport_size({"width": 390, "height": 844})
    done: list[Request] = []
    # The method of a list itself can't be listened with: Playwright marks its listeners.
    seen.page.on("requestfinished", lambda request: done.append(request))  # noqa: PLW0108
    page = seen.open(path)
    page.wait_for_selector("canvas.base-names[data-named]")
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes() for request in done if not request.url.startswith(("data:", "blob:"))]
    # 1.6 Mbit/s carries 300 kB in 1.5 s; a second is left for scripts and two ways to the server and back.
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < 300_000
    parts = [request for request in done if "/base/" in request.url]
    assert parts
    # Browsers request the parts of one address one after the other. The directory of the file came with the page, and no
    # tile of a view that is left at once is requested: all that is needed is on its way together.
    assert len({request.url for request in parts}) == len(parts) <= 10
    assert not [request.url for request in parts if request.headers["range"].startswith("bytes=0-")]
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_tiles_are_requested_before_the_layers_are_made(watched: Callable[..., Watched]) -> None:
    page = watched().open("/maps/overview")
    page.wait_for_selector(".folium-map[data-drawn]")
    first = page.evaluate(
        "performance.getEntriesByType('resource').find((one) => one.name.includes('/base/')).startTime"
    )
    assert first < float(page.get_attribute(".folium-map", "data-drawn") or "nan")


@pytest.mark.browser
def test_the_page_of_a_site_names_the_streets_at_its_ends(watched: Callable[..., Watched]) -> None:
    base = base_of(city("hanoi"))
    assert base is not None
    routes, seen = load_sites().set_index("site_id").geometry, watched()
    for site in ("HN-I-1", "HN-II-3"):  # every page is opened as a file in `tests/output/test_base.py`
        ends = ENDS[site]
        page = seen.open(f"/maps/site/{site}")
        page.wait_for_selector("canvas.base-names[data-named]:not([data-named='0'])")
        written = set(page.evaluate("document.querySelector('canvas.base-names').named"))
        near = rows_within(base, routes[site].bounds, 14)
        assert ends <= written | {str(name) for table in near.values() for name in table.name}, site
        assert written & ends, site
    assert seen.foreign == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/maps/site/HN-II-3", {"Phố Lò Đúc", "Phố Nguyễn Huy Tự", "Vườn hoa Pasteur"}),
        ("/maps/overview", {"Sông Hồng"}),
    ],
)
def test_the_names_of_a_page_are_on_its_canvas(watched: Callable[..., Watched], path: str, names: set[str]) -> None:
    seen = watched()
    page = seen.open(path)
    page.wait_for_selector("canvas.base-names[data-named]:not([data-named='0'])")
    page.wait_for_load_state("networkidle")
    assert names <= set(page.evaluate("document.querySelector('canvas.base-names').named"))
    painted = page.evaluate(
        """() => [...document.querySelectorAll('.leaflet-base-pane canvas')].some((tile) => {
            const data = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height).data;
            return new Set(new Uint32Array(data.buffer)).size > 20;
        })"""
    )
    assert painted


@pytest.mark.browser
@pytest.mark.parametrize(
    "text",
    [
        "105,8542; 21,0285",
        "21.0285, 105.8542",
        "21°01′42.6″B 105°51′15.12″Đ",
        "105°51'15.12\"E, 21°1'42.6\"N",
        "21,0285 105,8542",
        "X = 2.326.345,31 m; Y = 588.591,94 m",
    ],
)
def test_coordinates_are_read_in_any_order_and_form(watched: Callable[..., Watched], text: str) -> None:
    seen = watched(user="city")
    page = seen.open("/reports/new")
    page.click("#pick summary")
    page.fill(".pick-coordinates", text)
    assert [page.input_value(f"[name={name}]") for name in ("lat", "lon")] == ["21,02850", "105,85420"]
    assert "Địa điểm gần nhất: II." in page.inner_text("#pick [role=status]")
    page.wait_for_selector("#pick .tiles-map[data-drawn]")
    page.wait_for_selector("#pick [role=status]:has-text('Phường Hoàn Kiếm (00070)')")


@pytest.mark.browser
def test_coordinates_that_cannot_be_read_choose_no_place(watched: Callable[..., Watched]) -> None:
    seen = watched(user="city")
    page = seen.open("/reports/new")
    page.click("#pick summary")
    page.fill(".pick-coordinates", "21.0285, 105.8542")
    for text in ("48.8566, 2.3522", "gần cầu Long Biên", "1325000 588000"):
        page.fill(".pick-coordinates", text)
        page.press(".pick-coordinates", "Tab")
        assert "Không đọc được tọa độ" in page.inner_text("#pick [role=status]")
        assert [page.input_value(f"[name={name}]") for name in ("lat", "lon")] == ["", ""]
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_a_street_is_found_and_the_devices_position_taken(watched: Callable[..., Watched]) -> None:
    seen = watched(user="city")
    page = seen.open("/reports/new")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 21.0165, "longitude": 105.8565, "accuracy": 40})
    page.click("#pick summary")
    page.fill(".pick-tools input[type=search]", "pho yersin")
    page.wait_for_selector(".pick-tools li")
    assert "Yersin" in page.locator(".pick-tools li").first.inner_text()
    page.press(".pick-tools input[type=search]", "Enter")
    page.click(".pick-locate")
    page.wait_for_selector("#pick [role=status]:has-text('40 m')")
    assert page.input_value("[name=lat]") == "21,01650"
    # Closer than there are tiles of the registers, their lines are drawn anew, not enlarged.
    tiles = page.locator(".leaflet-tile-pane canvas")
    tiles.first.wait_for()
    assert tiles.evaluate_all("(all) => all.map((one) => one.style.width)") == ["256px"] * tiles.count()
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_a_landmark_is_a_place_and_a_street_is_where_to_look(watched: Callable[..., Watched]) -> None:
    seen = watched(user="city")
    page = seen.open("/reports/new")
    page.click("#pick summary")

    def find(name: str) -> None:
        page.fill(".pick-tools input[type=search]", name)
        page.locator(".pick-tools li", has_text=name).first.wait_for()
        page.press(".pick-tools input[type=search]", "Enter")

    find("Chợ Kim Giang")
    page.wait_for_selector("#pick [role=status]:has-text('Chợ Kim Giang · Phường Khương Đình')")
    assert "Địa điểm gần nhất: I.5" in page.inner_text("#pick [role=status]")
    assert page.input_value("[name=lat]") == "20,98389"
    find("Đường Kim Giang")
    page.wait_for_selector("#pick [role=status]:text-is('Đường Kim Giang')")
    assert page.input_value("[name=lat]") == ""
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_a_map_finds_streets_and_shows_them(watched: Callable[..., Watched]) -> None:
    page = watched().open("/maps/overview")
    page.fill("#search", "hang bai")
    page.locator("#found li", has_text="Hàng Bài").first.wait_for()
    page.locator("#found li", has_text="Phố Hàng Bài").first.click()
    page.wait_for_selector(".leaflet-tooltip:has-text('Hàng Bài')")


@pytest.mark.browser
def test_the_sea_has_its_islands(watched: Callable[..., Watched]) -> None:
    page = watched().open("/tiles")
    page.wait_for_selector(".island-name")
    names = page.locator(".island-name").all_inner_texts()
    assert names == ["Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)"]
