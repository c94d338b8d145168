"""Both cities in a real browser that reaches the server and nothing else; the programme's pages as they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from test_web_browser import PHONE, serious
from test_web_print_browser import without_hatches
from thorough import some, these
from web_house import ACTOR, BA_DINH, SECRET, StandingClock, Watched, furnish_accounts, served

from api.core.settings import ApiSettings
from api.main import create_app
from geo.importing.coverage import read_entries
from geo.importing.coverage_commit import add_coverage, coverage_entries
from geo.records.entries import NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.reference.cities import city
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister, load_wards
from geo.settings import data_dir

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]
PHU_XUAN = "19753"
CLOCK = StandingClock()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Records with the example figures of both cities, and a few reports in a ward of Huế."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cities') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=CLOCK) as records:
        furnish_accounts(records)
        for slug in ("hanoi", "hue"):
            register = WardRegister(load_wards(city=city(slug)))
            frame = read_entries(data_dir() / "examples" / f"{slug}-2026-H1.csv", load_programme(slug), register)
            add_coverage(records, coverage_entries(frame), ACTOR, source=slug)
        place = {"kind": "surroundings", "channel": "ward_check", "lon": 107.5847, "lat": 16.4723}
        records.add_reports([NewReport(day=date(2026, 5, day), **place) for day in range(1, 8)], ACTOR, source="hue")  # type: ignore[arg-type]
        CLOCK.to_august()
        yield records


@pytest.fixture(scope="module")
def app(store: Store) -> FastAPI:
    """The service with its pages."""
    settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
    return create_app(settings, store, CLOCK)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The service on 127.0.0.1."""
    with served(app) as found:
        yield found


PAGES = (
    ("/?city=hue", None),
    ("/?city=hue&map=risk", "city"),
    ("/?city=hue&map=coverage", None),
    ("/?city=hue&map=compare&before=2026-02-01", None),
    (f"/wards/{PHU_XUAN}", "city"),
    ("/about?city=hue", None),
    ("/reviews?city=hue", "city"),
    ("/coverage", None),
    ("/coverage?city=hue", None),
    ("/coverage?city=hue&period=2026-H1&target=a2", "city"),
    ("/coverage?period=2026-H1&target=12a", None),
    ("/coverage?lang=en&period=2026-H1", "ba-dinh"),
    ("/coverage?period=2026-H2", None),
    ("/coverage/entry?ward=00004&period=2026-H2", "city"),
    ("/coverage/entry?city=hue&ward=19753", "city"),
    ("/coverage/import?city=hue&lang=en", "city"),
)
OF_ITS_OWN = [PAGES[place] for place in (0, 7, 10, 13, 15)]
"""A page of each template; those of `test_web_browser.py` are opened there."""


@pytest.mark.parametrize(("path", "user"), these(PAGES, OF_ITS_OWN))
def test_a_page_opens_without_complaint_and_fits(watched: NewWatched, path: str, user: str | None) -> None:
    seen = watched(user=user)
    page = seen.open(path)
    assert serious(seen) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(seen) == []
    assert (seen.complaints, seen.foreign) == ([], [])


MAPS = (
    "overview?city=hue",
    "risk?city=hue",
    "coverage?city=hue",
    "compare?city=hue&before=2026-02-01",
    f"ward/{PHU_XUAN}",
    "coverage/a2?city=hue&period=2026-H1",
    "coverage/12a?period=2026-H1",
)


@pytest.mark.parametrize("name", some(MAPS))
def test_a_map_opens_without_complaint(watched: NewWatched, name: str) -> None:
    seen = watched(user="city")
    page = seen.open(f"/maps/{name}")
    assert page.locator("path.leaflet-interactive").count() > 3
    assert serious(seen) == []
    assert (seen.complaints, seen.foreign) == ([], [])


def test_hue_has_forty_wards_no_site_and_says_so(watched: NewWatched) -> None:
    page = watched().open("/?city=hue")
    assert "chưa có danh mục địa điểm" in page.inner_text("main")
    assert page.locator("[name=ward] option").count() == 41
    page.click("nav >> text=Chương trình")
    assert "Kế hoạch 292/KH-UBND" in page.inner_text("main")
    assert page.locator("#outside").count() == 0
    page.click("text=Hà Nội")
    assert page.locator(".sites li").count() == 12


def test_a_target_is_chosen_and_its_map_opened(watched: NewWatched) -> None:
    seen = watched(user="city")
    page = seen.open("/coverage?city=hue&period=2026-H1")
    page.select_option("[name=target]", "a2")
    page.wait_for_url("**target=a2**")
    assert page.locator("#wards + .wide tbody tr").count() == 40
    assert "30/120" in page.inner_text("dl.facts")
    page.click(".maplink a")
    page.wait_for_selector("[data-drawn]")
    assert "city=hue" in page.url
    assert (seen.complaints, seen.foreign) == ([], [])


SMALL = {"hanoi": ("00091", "12a"), "hue": (PHU_XUAN, "a2")}
"""A ward of each city and the target of which it entered 3."""


@pytest.mark.parametrize("city", some([*SMALL]))
def test_the_public_walks_from_the_map_to_a_ward_and_the_programme(watched: NewWatched, city: str) -> None:
    """What is hidden is said to be so on every page; it is never a nought, nothing, or late."""
    ward, target = SMALL[city]
    seen = watched()
    page = seen.open(f"/?city={city}")
    page.select_option("[name=ward]", ward)
    page.wait_for_url("**ward=*")
    seen.drawn()
    page.click("a:has-text('Trang của xã, phường này')")
    page.wait_for_url(f"**/wards/{ward}*")
    seen.drawn()
    own = page.locator(f"tr:has(th .muted:text-is('{target}')) td").all_inner_texts()
    assert own[1:] == ["không công bố"] * 2
    walked = [page.inner_text("body")]

    page.click("nav >> text=Chương trình")
    page.wait_for_url("**/coverage*")
    if page.input_value("[name=period]") != "2026-H1":
        page.select_option("[name=period]", "2026-H1")
        page.wait_for_url("**period=2026-H1*")
    seen.drawn()
    walked.append(page.inner_text("body"))
    page.click(f"tr:has(th .muted:text-is('{target}')) a >> nth=0")
    page.wait_for_url(f"**target={target}*")
    cells = page.locator(f"#wards + .wide tr:has(a[href*='/wards/{ward}']) td").all_inner_texts()
    assert "không công bố" in cells
    assert not {"0", "3", "3/4", "3/12"} & set(cells)
    walked.append(page.inner_text("body"))
    for text in walked:
        assert "30/07/2026" in text  # by which day what is shown was known
        assert "quá hạn" not in text
        assert "đã quá" not in text
    assert page.locator("a:has-text('Đăng nhập')").count() == 1
    assert (seen.complaints, seen.foreign) == ([], [])


def test_bars_are_as_long_as_what_they_show(watched: NewWatched) -> None:
    page = watched(user="city").open("/coverage?period=2026-H1")
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.bars li')].map((item) => {
            const fill = item.querySelector('.fill'), track = item.querySelector('.track');
            return [item.querySelector('.bar-name').textContent.trim().split(/\\s/)[0],
                    fill ? fill.getBBox().width / track.getBBox().width : 0];
        })"""
    )
    reported = dict(widths)
    assert reported["1"] == pytest.approx(90 / 126, abs=0.002)
    assert reported["3.1"] == pytest.approx(2685 / 5300, abs=0.002)
    assert reported["12a"] == pytest.approx(463 / 946 / 0.6, abs=0.002)


def test_a_ward_enters_figures_and_finds_them_on_its_page(watched: NewWatched) -> None:
    seen = watched()
    seen.sign_in("ba-dinh")
    page = seen.open("/coverage/entry?period=2026-H2")
    page.fill("[name=document]", "40/BC-UBND")
    page.locator("tr", has=page.locator("[name=indicator][value='3.1']")).locator("[name=value]").fill("25")
    page.click("main form[method=post] button")
    assert "Đã ghi nhận 1 số liệu" in page.inner_text(".notice.good")
    assert serious(seen) == []
    page = seen.open("/coverage?period=2026-H2&target=3.1")
    row = page.locator("tr", has=page.locator("th", has_text="Phường Ba Đình"))
    assert row.locator("td[data-name='Kết quả']").inner_text() == "25"
    page = seen.open(f"/wards/{BA_DINH}")
    assert (seen.complaints, seen.foreign) == ([], [])


def test_a_file_is_tried_and_then_recorded_and_not_twice(watched: NewWatched, tmp_path: Path) -> None:
    file = tmp_path / "so-lieu.csv"
    lines = ("ward,indicator,period,value,day,document,office", "P. Phú Xuân,a2,2026-H2,4,10/07/2026,12/BC,UBND phường")
    file.write_text("\n".join(lines) + "\nP. Phú Xuân,a2-base,2026-H2,9,10/07/2026,12/BC,UBND phường\n", "utf-8")
    seen = watched(user="city")
    for reported in ("Đã ghi nhận 2 số liệu", None):
        page = seen.open("/coverage/import?city=hue")
        page.set_input_files("[name=file]", file)
        page.click("form.entry button")
        assert "Chưa ghi gì" in page.inner_text(".preview")
        assert serious(seen) == []
        if reported is None:
            assert "đã được ghi nhận từ trước" in page.inner_text(".preview")
            assert page.locator(".preview button").count() == 0
        else:
            page.click(".preview button")
            assert reported in page.inner_text(".notice.good")
    assert seen.foreign == []


def test_the_programme_prints_on_paper(watched: NewWatched) -> None:
    page = watched(user="city").open("/coverage?period=2026-H1")
    page.emulate_media(media="print")
    assert not page.locator(".buttons").first.is_visible()
    assert page.locator(".bars").is_visible()
    assert len(without_hatches(page).pdf(prefer_css_page_size=True)) > 10_000
