"""Pages from the cache: for each account its own, in its language, with the token of its session."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from api_house import CLOCK, House
from fastapi.testclient import TestClient

from api.core.settings import ApiSettings
from api.http.response_cache import CSRF_PLACEHOLDER
from api.main import create_app
from geo.records.entries import Actor, NewAssessment

PAGES = (
    "/",
    "/?ward=09832&level=complex",
    "/wards/09832",
    "/wards/00004",
    "/sites/HN-I-1",
    "/coverage",
    "/reviews",
    "/about",
)
ACCOUNTS = ("guest", "hoai-duc", "ba-dinh", "city", "admin")
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def fresh(house: House) -> Iterator[House]:
    """A service over the same records that was asked for nothing yet."""
    settings = ApiSettings(secret="s" * 40, log_requests=False, logins_per_minute=100_000)  # type: ignore[arg-type]
    fresh = House(create_app(settings, house.store, CLOCK), house.store, house.tokens)
    yield fresh
    fresh.close()


def _view(client: TestClient, url: str, **headers: str) -> str:
    answer = client.get(url, headers=HTML | headers, follow_redirects=False)
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.headers.get('location', '')}"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert "content-encoding" not in answer.headers
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return answer.text


def _misses(house: House) -> int:
    return int(house.app.state.service.answers.misses)


@pytest.mark.parametrize("url", PAGES)
def test_each_account_gets_its_own_page_again_and_no_other_s(fresh: House, url: str) -> None:
    browsers = {name: fresh.browser(name) for name in ACCOUNTS} | {"nobody": fresh.browser()}
    first = {name: _view(browser, url) for name, browser in browsers.items()}
    before = _misses(fresh)
    # In another order, so that each comes after another one than before.
    again = {name: _view(browsers[name], url) for name in reversed(browsers)}
    assert again == first
    assert _misses(fresh) == before
    shown = [text for text in first.values() if not text.startswith(("303", "403"))]
    assert len(set(shown)) == len(shown)
    offices = {name: f"Cơ quan {name if name not in ('hoai-duc', 'ba-dinh') else 'ward'}" for name in ACCOUNTS}
    offices["guest"] = "Cơ quan public"
    for name, text in first.items():
        # Whose page it is; that an office assessed a site is public, and stands on the site's page for all.
        heads = re.findall(r'class="office"[^>]*>([^<]*)<', text)
        assert heads == ([offices[name]] if name in offices and text in shown else []), name
    assert "MARK" not in first["nobody"] + first["guest"]


def test_two_sessions_of_an_account_share_a_page_and_each_has_its_token(fresh: House) -> None:
    browsers = [fresh.browser("city") for _ in range(2)]
    first = _view(browsers[0], "/sites/HN-I-2")
    before = _misses(fresh)
    second = _view(browsers[1], "/sites/HN-I-2")
    assert _misses(fresh) == before
    for browser, text in zip(browsers, (first, second), strict=True):
        tokens = set(re.findall(r'name="csrf_token" value="([^"]*)"', text))
        assert tokens == {browser.headers["X-CSRF-Token"]}
        assert CSRF_PLACEHOLDER not in text
    assert first.replace(browsers[0].headers["X-CSRF-Token"], "") == second.replace(
        browsers[1].headers["X-CSRF-Token"], ""
    )


def test_a_form_of_a_cached_page_is_taken(fresh: House) -> None:
    browser = fresh.browser("city")
    _view(browser, "/sites/HN-I-2")
    text = _view(browser, "/sites/HN-I-2")
    token = re.findall(r'name="csrf_token" value="([^"]*)"', text)[0]
    values = {"level": "low", "day": "2026-08-09", "document": "7/BC", "office": "UBND"}
    del browser.headers["X-CSRF-Token"]
    refused = browser.post("/sites/HN-I-2/status", data=values, headers=HTML, follow_redirects=False)
    assert refused.status_code == 403
    wrong = browser.post("/sites/HN-I-2/status", data=values | {"level": "busy", "csrf_token": token}, headers=HTML)
    assert wrong.status_code == 422
    assert token in wrong.text
    assert CSRF_PLACEHOLDER not in wrong.text
    done = browser.post(
        "/sites/HN-I-2/status", data=values | {"csrf_token": token}, headers=HTML, follow_redirects=False
    )
    assert done.status_code == 303
    assert "7/BC" in _view(browser, "/sites/HN-I-2")


def test_the_language_is_part_of_it(fresh: House) -> None:
    browser = fresh.browser("city")
    vietnamese = _view(browser, "/about")
    switched = browser.get("/about?lang=en", headers=HTML)
    assert "diaban_lang=en" in switched.headers["set-cookie"]
    assert 'lang="en"' in switched.text
    assert browser.get("/about?lang=en", headers=HTML).headers["set-cookie"]
    assert _view(browser, "/about") != vietnamese
    other = fresh.browser("city")
    assert _view(other, "/about").replace(other.headers["X-CSRF-Token"], "") == vietnamese.replace(
        browser.headers["X-CSRF-Token"], ""
    )
    assert _view(fresh.browser(), "/about", Cookie="diaban_lang=en") != _view(fresh.browser(), "/about")


def test_day_and_filters_are_part_of_it(fresh: House) -> None:
    browser = fresh.browser("hoai-duc")
    urls = ("/wards/09832", "/wards/09832?day=2026-06-01", "/wards/09832?saved=1", "/?level=low", "/?level=active")
    pages = [_view(browser, url) for url in urls]
    assert [_view(browser, url) for url in urls] == pages
    assert len(set(pages)) >= 4


def test_after_a_write_the_page_is_new(fresh: House) -> None:
    browser = fresh.browser("hoai-duc")
    before = _view(browser, "/sites/HN-I-1")
    new = NewAssessment(site_id="HN-I-1", level="low", day=CLOCK().date(), document="77/BC-TRANG", office="UBND")
    fresh.store.add(new, Actor("tests", "Sở Y tế", "cli"))
    assert "77/BC-TRANG" in _view(browser, "/sites/HN-I-1")
    assert "77/BC-TRANG" not in before


def test_who_signs_out_sees_what_everybody_sees(fresh: House) -> None:
    browser = fresh.browser("city")
    assert "Cơ quan city" in _view(browser, "/wards/09832")
    assert browser.delete("/api/v1/session").status_code == 204
    assert _view(browser, "/wards/09832") == _view(fresh.browser(), "/wards/09832")


@pytest.mark.parametrize(
    "cookies",
    [
        ("diaban_lang =en",),
        ("diaban_lang=vi; diaban_lang=en",),
        ("a=b", "diaban_lang=en"),
        ('diaban_lang="en"',),
        ("__Host-diaban_lang=fr; diaban_lang=en",),
        ("__Host-diaban_lang=; diaban_lang=en",),
    ],
)
@pytest.mark.parametrize("plain", ["", "diaban_lang=vi"])
def test_no_cookie_has_others_read_another_language(fresh: House, cookies: tuple[str, ...], plain: str) -> None:
    browser, url = fresh.browser(), "/sites/HN-I-5"
    headers = [("Accept", "text/html"), *(("Cookie", cookie) for cookie in cookies)]
    for _ in range(3):
        browser.get(url, headers=headers)
    assert '<html lang="vi"' in _view(fresh.browser(), url, **({"Cookie": plain} if plain else {}))


def test_a_cookie_s_words_are_no_part_of_a_key(fresh: House) -> None:
    browser = fresh.browser()
    _view(browser, "/about", Cookie="diaban_lang=fr")
    before = _misses(fresh)
    for number in range(5):
        _view(browser, "/about", Cookie=f"diaban_lang={'x' * 2_000}{number}")
    assert _misses(fresh) == before
