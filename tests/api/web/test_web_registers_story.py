"""Next year's plan in a real browser: from its file to what it changes, and nothing of the year before it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from map_nonce import without_nonce
from web_house import SECRET, Watched, axe_source, furnish_accounts, served

from api.core.settings import ApiSettings
from api.main import create_app
from api.security.identity import COOKIE
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.open import opened_store
from geo.records.publishing import drafts
from geo.records.store import Store
from geo.situation import load_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

NEW, DISTRICT = "Đường Cao Lỗ", "Xã Đông Anh"
CLEARED = ("HN-II-1", "HN-I-7")
BEFORE, AFTER = "2026-12-31", "2027-02-01"
WORDS = {"active": "Có hoạt động", "low": "Ít hoạt động"}
HEAD = """ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI
Số: 15/KH-UBND
Hà Nội, ngày 08 tháng 01 năm 2027
KẾ HOẠCH
Phòng, chống mại dâm trên địa bàn thành phố Hà Nội năm 2027
DANH MỤC CÁC CHỈ TIÊU
STT | Chỉ tiêu | Cơ quan chủ trì | Cơ quan phối hợp
1 | 100% xã, phường xây dựng kế hoạch và tổ chức thực hiện các hoạt động phòng, chống mại dâm. | UBND các xã, phường | Sở Y tế
2 | Không để phát sinh điểm mới. Duy trì không để tái hoạt động trở lại tại 11 điểm phức tạp về mại dâm | UBND các xã, phường | Sở Y tế
DANH SÁCH ĐIỂM PHỨC TẠP VỀ TỆ NẠN MẠI DÂM
"""


def plan_of_2027() -> str:
    """Two sites are cleared, one is less active, one is new; all others are as before."""
    sites = load_registers("hanoi").sites.set_index("site_id")
    kept = [(site, row) for site, row in sites.iterrows() if site not in CLEARED]
    lines = []
    for group, title in (("establishment", "I | Điểm trong các cơ sở kinh doanh dịch vụ"), ("public", "II | Điểm tại địa bàn công cộng")):  # fmt: skip
        lines += ["STT | Tên điểm | Địa phương | Mức độ | Ghi chú"] if group == "establishment" else []
        lines.append(title)
        own = [(site, row) for site, row in kept if row["group"] == group]
        for number, (site, row) in enumerate(own, 1):
            level = "Không hoạt động" if site == "HN-I-1" else WORDS[row["level"]]
            place = row["declared_text"] or "Phường Hoàng Mai"
            lines.append(f"{number} | {row['name']} | {place} | {level} | Bàn giao năm {row['handed_over']}")
        if group == "public":
            lines.append(f"{len(own) + 1} | {NEW} | {DISTRICT} | Có hoạt động | Điểm mới phát sinh")
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    """Records of 2 February 2027 in which nothing but the first plan is recorded, and their service."""
    url = f"sqlite:///{tmp_path_factory.mktemp('story') / 'records.sqlite'}"

    def now() -> datetime:
        return datetime(2027, 2, 2, 3, tzinfo=UTC)

    with opened_store(url, now=now) as store:
        furnish_accounts(store)
        settings = ApiSettings(secret=SECRET, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
        with served(create_app(settings, store, now)) as address:
            yield store, address


@pytest.fixture
def seen(browser: Browser, office: tuple[Store, str]) -> Iterator[Watched]:
    """A page of the city's account."""
    store, address = office
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="vi-VN")
    context.add_cookies([{"name": COOKIE, "value": store.accounts.open_session("city"), "url": address}])
    yield Watched(context.new_page(), address)
    context.close()


PAPERS = (
    *(f"/dossiers/HN-II-1.{ending}" for ending in ("html", "docx", "xlsx", "kml", "gpkg")),
    "/dossiers/HN-I-1.html",
    *(f"/maps/{name}" for name in ("overview", "risk", "coverage", "site/HN-II-1", "ward/00256")),
    *(f"/api/v1/{name}" for name in ("sites", "crossings", "wards", "coverage", "flags", "sites/HN-II-1/crossings")),
    *(f"/coverage/report.{ending}" for ending in ("docx", "csv")),
)
"""What is taken of a day: of a site that is cleared later, of one whose level changes, of wards and the city."""


def outputs(seen: Watched) -> dict[str, str]:
    """The bytes of what is taken of the last day of 2026, by the city and by everybody."""
    found = {}
    for path in PAPERS:
        url = f"{seen.address}{path}{'&' if '?' in path else '?'}day={BEFORE}"
        answer = seen.page.request.get(url)
        assert answer.ok, (path, answer.text())
        found[path] = hashlib.sha256(without_nonce(answer.body())).hexdigest()
    return found


def sites(page: Page) -> list[str]:
    return page.locator(".sites li a.name").all_inner_texts()


def take(seen: Watched, file: Path) -> None:
    """The plan is read, taken as it stands with the two sites that it leaves out, and published."""
    page = seen.open("/registers")
    page.set_input_files("#plan ~ form input[type=file]", file)
    page.click("#plan ~ form button")
    rows = page.locator("main table tbody tr")
    assert rows.filter(has_text=NEW).locator("input").is_checked()
    for gone in rows.filter(has_text="đưa ra khỏi danh mục").all():
        assert not gone.locator("input").is_checked()  # the plan does not say so itself
        gone.locator("input").check()
    page.click("main fieldset button")
    changes = page.locator("main table").inner_text()
    assert f"II.6 {NEW}, {DISTRICT}" in changes
    assert seen.drawn().frame_locator("iframe").locator("text=II.6").count()
    page.locator(".buttons form button").first.click()
    page.wait_for_url("**/registers?saved=1")


def test_the_story_of_next_years_plan(seen: Watched, tmp_path: Path) -> None:
    file = tmp_path / "ke-hoach-2027.txt"
    file.write_text(plan_of_2027(), encoding="utf-8")
    papers, before = outputs(seen), sites(seen.open(f"/?day={BEFORE}"))
    take(seen, file)
    assert sites(seen.open(f"/?day={BEFORE}")) == before
    after = sites(seen.open(f"/?day={AFTER}"))
    assert set(after) - set(before) == {f"II.6 · {NEW}"}
    assert len(set(before) - set(after)) == len(CLEARED)

    compared = seen.open(f"/?map=compare&before={BEFORE}&day={AFTER}").frame_locator("iframe")
    assert compared.locator("text=II.6").count()
    assert compared.locator("text=I.7").count()
    assert "II.6" in seen.open(f"/?map=risk&day={AFTER}").frame_locator("iframe").locator("body").inner_text()
    page = seen.open("/sites/HN-II-6")
    assert "nằm ngoài chương trình" in page.inner_text("main")
    dossier = page.request.get(f"{seen.address}/dossiers/HN-II-6.html")
    assert NEW in dossier.text()

    page = seen.open("/coverage")
    assert "15/KH-UBND" in page.inner_text("main")
    assert DISTRICT in page.locator("tr").filter(has_text=NEW).first.inner_text()
    report = page.request.get(f"{seen.address}/coverage/report.docx")
    assert NEW in docx_text(report.body())

    now = outputs(seen)
    assert [path for path in papers if now[path] != papers[path]] == []
    assert (seen.complaints, seen.foreign) == ([], [])


def test_a_site_is_drawn_along_streets_and_published(seen: Watched, office: tuple[Store, str]) -> None:
    page = seen.open("/registers")
    page.click("#along summary")
    page.wait_for_selector("#along [data-drawn]")
    found, box = page.locator("#along [role=status]"), page.locator("#along .tiles-map")
    size = box.bounding_box()
    assert size is not None
    box.scroll_into_view_if_needed()
    box.click(position={"x": size["width"] * 0.45, "y": size["height"] * 0.45})
    box.click(position={"x": size["width"] * 0.55, "y": size["height"] * 0.55})
    found.locator("li").nth(1).wait_for()
    first = found.inner_text()
    assert "Toàn tuyến" in first
    assert re.search(r"(Xã|Phường) .*\sm", first)
    assert page.locator("#along .leaflet-interactive path, #along path.leaflet-interactive").count()

    point = page.locator(".route-point").first
    point.focus()
    with page.expect_response("**/registers/route?*"):
        page.keyboard.press("Shift+ArrowLeft")
    page.locator("#along [role=status] li").first.wait_for()
    with page.expect_response("**/registers/route?*"):
        page.click("#along [data-do=undo]")
    page.get_by_text(first.splitlines()[0]).wait_for()  # as it was before

    page.click("#drawn summary")
    page.fill("#drawn [name=name]", "Tuyến vẽ thử")
    with page.expect_response("**/registers/route?*"):
        page.fill("#drawn [name=declared]", "Phường Láng")
        page.press("#drawn [name=declared]", "Tab")
    found.get_by_text("kế hoạch ghi, địa điểm không đi qua").wait_for()
    page.select_option("#drawn [name=group]", "public")
    page.select_option("#drawn [name=level]", "low")
    page.fill("#drawn [name=document]", "17/KH-UBND")
    # Sent before the line of a point that was moved has come, the form waits for it.
    geometry = page.locator("form:has(#along) [name=geometry]")
    old = json.loads(geometry.input_value())
    held: list[Route] = []
    page.route("**/registers/route?*", lambda route: held.append(route))  # noqa: PLW0108  (a method of a list takes no mark)
    point.focus()
    with page.expect_request("**/registers/route?*"):
        page.keyboard.press("Shift+ArrowLeft")
        page.click("#drawn button")
    assert geometry.input_value() == ""
    for one in held:
        one.continue_()
    page.wait_for_url("**/registers/drafts/*")
    page.locator(".buttons form button").first.click()
    page.wait_for_url("**/registers?saved=1")
    assert any("Tuyến vẽ thử" in name for name in sites(seen.open("/")))
    drawn = {name: json.loads(text) for name, text in office[0].rows("site_version", ("name", "geometry"))}
    assert drawn["Tuyến vẽ thử"]["coordinates"] != old["coordinates"]
    assert (seen.complaints, seen.foreign) == ([], [])


def docx_text(data: bytes) -> str:
    """All text of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return re.sub(r"<[^>]+>", " ", archive.read("word/document.xml").decode())


def test_a_border_stretch_is_chosen_on_the_map(seen: Watched) -> None:
    """One of the list with its wards, another by clicks and keys; both end in a draft of an agreement."""
    page = seen.open("/registers/sites/HN-I-7")
    form = page.locator("details:has(#stretch)")
    form.locator("> summary").click()
    page.wait_for_selector("#stretch [data-stretch][data-drawn]")
    form.locator("#stretch li button").last.click()
    assert form.locator("[name=wards]").input_value().splitlines() == ["Phường Thanh Liệt", "Xã Đại Thanh"]
    assert float(form.locator("[name=from_m]").input_value()) == pytest.approx(3464, abs=3)
    assert "475 m" in form.locator("[role=status]").inner_text()
    begin, end = form.locator(".route-point").all()
    begin.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert float(form.locator("[name=from_m]").input_value()) == pytest.approx(3514, abs=3)
    box = end.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(box["x"] + 11, box["y"] + 60)
    page.mouse.up()
    assert float(form.locator("[name=to_m]").input_value()) < 3930
    form.locator("[name=to_m]").fill("3600")
    assert "86 m" in form.locator("[role=status]").inner_text()
    page.evaluate(axe_source())
    wrong = page.evaluate("axe.run('#stretch')")["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in wrong] == []
    form.locator("[name=day]").fill("01/12/2026")  # it is cleared the month after
    form.locator("[name=document]").fill("Biên bản 4/BB")
    form.locator(".buttons button").last.click()
    page.wait_for_url("**/registers/drafts/*")
    assert (seen.complaints, seen.foreign) == ([], [])


def test_a_ward_that_nobody_knows_is_named_as_it_is_typed(seen: Watched) -> None:
    page = seen.open("/registers")
    page.fill("form.filters [name=words]", "Phố Khâm Thiên")
    with page.expect_response("**/places/candidates?*"):
        page.locator("form.filters [name=ward]").press_sequentially("Văn Miếu", delay=1)
    page.locator("[data-offered] li.notice").wait_for()
    assert "Văn Miếu - Quốc Tử Giám" in page.locator("[data-offered]").inner_text()


def test_places_are_offered_on_the_map_as_words_are_typed(seen: Watched, office: tuple[Store, str]) -> None:
    from playwright.sync_api import expect

    page = seen.open("/registers")
    words = page.locator("form.filters [name=words]")
    with page.expect_response("**/places/candidates?*"):
        words.press_sequentially("Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở)", delay=5)
    offered = page.locator("[data-offered] button")
    offered.first.wait_for()
    assert page.locator("#along .route-point").count() == offered.count()
    with page.expect_response("**/registers/route?*"):
        offered.first.click()
    assert offered.first.get_attribute("aria-pressed") == "true"
    page.locator("#along [role=status] li").nth(1).wait_for()
    meant = page.locator("#along [role=status]").inner_text()
    assert "Toàn tuyến" in meant and "Phường Láng" in meant
    # A point that is set takes the place away; undone, the place in words is there again, and before it nothing was.
    geometry = page.locator("form:has(#along) [name=geometry]")
    route, said = geometry.input_value(), page.locator("form:has(#along) [name=words]")
    for button, is_there in (("add", False), ("undo", True), ("undo", False)):
        with page.expect_response("**/registers/route?*"):
            page.click(f"#along [data-do={button}]")
        expect(geometry).to_have_value(route if is_there else "")
        expect(said).to_have_value("Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở)" if is_there else "")
    assert page.input_value("#drawn [name=name]") == ""
    with page.expect_response("**/registers/route?*"):
        offered.first.click()
    expect(geometry).to_have_value(route)
    page.select_option("#drawn [name=group]", "public")
    page.select_option("#drawn [name=level]", "low")
    page.fill("#drawn [name=document]", "18/KH-UBND")
    page.click("#drawn button")
    page.wait_for_url("**/registers/drafts/*")
    (*_, draft) = drafts(office[0], "hanoi")
    [version] = [entry for entry in draft.entries if isinstance(entry, NewSiteVersion)]
    assert version.name == "Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở)"
    assert version.geometry_source.startswith("“Đường Láng")
    assert (seen.complaints, seen.foreign) == ([], [])
