"""The ward officer's walk with a phone, and the public's, in both cities: from the first page to what was wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from thorough import some
from web_house import ACTOR, HOAI_DUC, PASSWORD, Watched, axe_source

from geo.records.accounts import NewAccount
from geo.records.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

NewWatched = Callable[..., Watched]
PHONE = {"width": 390, "height": 844}
PHU_XUAN = "19753"
PLACES = {HOAI_DUC: ("hoai-duc", 105.7071, 21.0612), PHU_XUAN: ("phu-xuan", 107.5769, 16.4637)}
KINDS = {"coercion_risk": "Nguy cơ bạo lực", "support_need": "Nhu cầu hỗ trợ"}
STORED = 3
"""The page, its style and its script."""
TARGETS = "axe.run(document, {runOnly: {type: 'rule', values: ['target-size']}})"


@pytest.fixture
def officer(watched: NewWatched, store: Store, request: pytest.FixtureRequest) -> Watched:
    """A phone whose device stands in the ward of the test; the clock of the phone is that of the server."""
    who, lon, lat = PLACES[request.param]
    if who not in {account.username for account in store.accounts.all()}:
        store.accounts.add(_account(who), ACTOR)
    seen = watched(PHONE)
    seen.page.context.grant_permissions(["geolocation"], origin=seen.address)
    seen.page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 9})
    seen.page.clock.set_fixed_time(datetime(2026, 8, 10, 3, tzinfo=UTC))
    seen.sign_in(who)
    return seen


def _account(name: str) -> NewAccount:
    return NewAccount(username=name, password=PASSWORD, role="ward", office="UBND phường Phú Xuân", wards=(PHU_XUAN,))


def tap_report(page: Page, kind: str) -> None:
    """Place, kind, channel, done: with the way here the fifth tap."""
    page.click("#locate")
    page.wait_for_selector("#place:has-text('±')")
    page.locator(f".chips label:has([name=kind][value={kind}])").click()
    page.locator(".chips label:has([value=ward_check])").click()
    page.click("#quick p > button:not([type=button])")


def ready_without_network(page: Page) -> None:
    """Wait until the phone has what the page needs."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # A promise is true as such for `wait_for_function`: it is asked for what it brings.
    while page.evaluate("caches.open('quick-report-1').then(c => c.keys()).then(k => k.length)") < STORED:
        page.wait_for_timeout(50)


@pytest.mark.parametrize("officer", some([*PLACES]), indirect=True, ids=["hanoi", "hue"])
def test_a_ward_officer_reports_in_five_taps_with_and_without_a_network(officer: Watched, store: Store) -> None:
    page = officer.drawn()
    home = page.url
    assert "/wards/" in home
    headings = page.locator("h2").all_inner_texts()
    assert headings[0] == "Việc cần làm"
    page.click("#todo >> text=Ghi tin báo nhanh")
    ready_without_network(page)
    before = len(store.history("report"))
    tap_report(page, "surroundings")
    page.wait_for_selector("#sent a")
    assert page.locator("#queue").is_hidden()
    assert len(store.history("report")) == before + 1

    page.context.set_offline(offline=True)
    page.goto(officer.address + "/phone/")
    tap_report(page, "other")
    page.wait_for_selector("#queue li")
    assert "chưa được ghi nhận" in page.inner_text("#queue")
    page.reload()
    page.wait_for_selector("#queue li")
    assert len(store.history("report")) == before + 1
    page.context.set_offline(offline=False)
    page.wait_for_selector("#sent a")
    assert page.locator("#queue").is_hidden()
    rows = store.history("report")
    assert len(rows) == before + 2
    last = rows.sort_values("id").iloc[-1]
    assert (last["kind"], str(last["day"])[:10], last["recorded_by"]) == ("other", "2026-08-10", officer_name(page))

    tap_report(page, "other")
    page.wait_for_selector("#queue .notice")
    assert f"#{last['id']}" in page.inner_text("#queue")
    assert len(store.history("report")) == before + 2
    page.click("#queue >> text=Là tin khác, vẫn gửi")
    page.wait_for_selector("#queue", state="hidden")
    assert len(store.history("report")) == before + 3
    page.click("#sent a >> nth=-1")
    assert "Tin báo số" in page.inner_text("h1")
    page.goto(home)
    page.click(".top nav a[href*='/reports']:not([href*='new'])")
    page.wait_for_selector("h1:has-text('Tin báo đã nhận')")
    officer.drawn()
    map_top, list_top = (page.locator(part).bounding_box()["y"] for part in (".map", "tbody tr >> nth=0"))  # type: ignore[index]
    assert map_top < min(list_top, PHONE["height"] / 2)  # the filters are folded, the map stands before the list
    page.click("summary:has-text('Bộ lọc')")
    page.select_option("[name=kind]", "surroundings")
    page.click(".filters button:has-text('Lọc')")
    page.wait_for_url("**kind=surroundings*")
    assert page.locator(".filters").is_visible()
    assert officer.foreign == []


def officer_name(page: Page) -> str:
    return str(page.locator("#quick").get_attribute("data-who"))


@pytest.mark.parametrize("officer", [HOAI_DUC], indirect=True)
def test_what_is_refused_stays_on_the_phone_with_its_reason(officer: Watched, store: Store) -> None:
    officer.page.context.set_geolocation({"longitude": 105.8364, "latitude": 21.0394, "accuracy": 9})  # Ba Đình
    page = officer.open("/phone/")
    before = store.version()
    tap_report(page, "surroundings")
    page.wait_for_selector("#queue .notice.bad")
    assert store.version() == before
    assert "Xã Hoài Đức" in page.inner_text("#queue .notice.bad")
    assert "[object" not in page.inner_text("#queue")
    page.click("#queue >> text=Sửa")
    page.wait_for_selector("#queue", state="hidden")
    assert page.locator("[name=kind][value=surroundings]").is_checked()
    officer.page.context.set_geolocation({"longitude": 105.7099, "latitude": 21.0602, "accuracy": 9})
    page.click("#locate")
    page.wait_for_selector("#place:has-text('Xã Hoài Đức')")
    page.click("#quick p > button:not([type=button])")
    page.wait_for_selector("#sent a")
    assert store.version() != before


@pytest.mark.parametrize("officer", [HOAI_DUC], indirect=True)
def test_without_a_network_the_phone_starts_anew_and_who_signed_out_is_asked_to_sign_in(
    officer: Watched, store: Store
) -> None:
    """The page is opened without a network, closed, opened again; the session ends before there is one."""
    page = officer.open("/phone/")
    ready_without_network(page)
    before, context = len(store.history("report")), page.context
    context.set_offline(offline=True)
    for kind in ("coercion_risk", "support_need"):
        page.close()
        page = context.new_page()
        page.clock.set_fixed_time(datetime(2026, 8, 10, 3, tzinfo=UTC))
        page.goto(officer.address + "/phone/")
        tap_report(page, kind)
        page.wait_for_selector(f"#queue li:has-text('{KINDS[kind]}')")
    assert page.locator("#queue li").count() == 2
    cookies = context.cookies()
    context.clear_cookies()
    context.set_offline(offline=False)
    page.wait_for_selector("#said a:has-text('Đăng nhập để gửi')")
    assert page.locator("#queue li").count() == 2
    assert len(store.history("report")) == before
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    page.wait_for_selector("#sent a >> nth=1")
    page.wait_for_selector("#queue", state="hidden")
    assert page.locator("#sent a").count() == 2
    assert len(store.history("report")) == before + 2


@pytest.mark.parametrize("officer", [HOAI_DUC], indirect=True)
def test_the_worker_answers_for_its_own_page_alone(officer: Watched) -> None:
    page = officer.open("/phone/")
    ready_without_network(page)
    assert page.evaluate("navigator.serviceWorker.ready.then(r => new URL(r.scope).pathname)") == "/phone/"
    stored = page.evaluate(
        "caches.open('quick-report-1').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
    )
    assert len(stored) >= STORED
    assert all(path == "/phone/" or path.startswith("/static/") for path in stored)
    officer.open("/about")
    assert page.evaluate("navigator.serviceWorker.controller") is None


@pytest.mark.parametrize(
    ("path", "user"),
    [
        ("/phone/", "hoai-duc"), (f"/wards/{HOAI_DUC}", "hoai-duc"), ("/reports", "hoai-duc"), ("/reports/new", "hoai-duc"),
        ("/coverage", "hoai-duc"), ("/dashboard", "city"), ("/", None), ("/sites/HN-I-1", None), ("/coverage/entry", "hoai-duc"),
    ],
)  # fmt: skip
def test_targets_are_large_enough_for_a_finger(watched: NewWatched, path: str, user: str | None) -> None:
    seen = watched(PHONE, user=user)
    page = seen.open(path)
    page.evaluate(axe_source())
    found = page.evaluate(TARGETS)
    small = [node["html"][:120] for fault in found["violations"] for node in fault["nodes"]]
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if path == "/dashboard":  # its four figures are seen without moving a table aside
        assert page.evaluate("[...document.querySelectorAll('.wide')].every(e => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("path", ["/reports/new", "/registers", "/reviews", "/sites/HN-I-1"])
def test_fields_of_a_row_stand_in_line(watched: NewWatched, path: str) -> None:
    page = watched(user="city").open(path)
    tops = page.evaluate(
        """[...document.querySelectorAll('form.entry')].flatMap(form => [...form.querySelectorAll(':scope > label, :scope > .day')]
        .map(e => [e.getBoundingClientRect().top, e.querySelector('input:not([type=hidden]), select, textarea')])
        .filter(([top, field]) => top && field).map(([top, field]) => [Math.round(top), Math.round(field.getBoundingClientRect().top)]))"""
    )
    assert tops
    for row in {top for top, _ in tops}:
        fields = [field for top, field in tops if top == row]
        assert max(fields) - min(fields) <= 1, path


@pytest.mark.parametrize(("city", "ward", "site"), some([("hanoi", HOAI_DUC, "HN-I-1"), ("hue", PHU_XUAN, "")]))
def test_the_public_finds_a_ward_and_is_shown_what_is_public(
    watched: NewWatched, city: str, ward: str, site: str
) -> None:
    seen = watched()
    page = seen.open(f"/?city={city}")
    page.select_option("[name=ward]", ward)
    page.wait_for_url("**ward=*")
    seen.drawn()
    if site:
        page.click(".sites a.name >> nth=0")
        page.wait_for_selector("#panel")
        page.click("#panel .buttons a >> nth=0")
        page.wait_for_url(f"**/sites/{site}*")
        assert "Tin báo chỉ hiển thị cho cơ quan" in page.inner_text("main")
    page = seen.open(f"/wards/{ward}")
    assert page.locator("#todo").count() == 0
    assert "Biên bản rà soát không công bố" in page.inner_text("main")
    for path in (f"/wards/{ward}", f"/coverage?city={city}", f"/?city={city}&map=risk"):
        text = seen.open(path).inner_text("body")
        inside = page.frame_locator("iframe").locator("body").inner_text() if page.locator("iframe").count() else ""
        for word in ("quá hạn", "đã quá", "Bản này không có tin báo"):
            assert word not in text, path
            assert word not in inside, path
    assert (seen.complaints, seen.foreign) == ([], [])
