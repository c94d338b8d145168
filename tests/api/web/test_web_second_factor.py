"""The second factor in a real browser: set up by scanning, turned on, its recovery codes shown, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
from test_web_browser import serious
from web_house import ACTOR, HOAI_DUC, PASSWORD, Watched, clock

from geo.records.accounts import NewAccount
from geo.records.store import Store

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def clerk(store: Store) -> str:
    """An account of a ward that no other test uses."""
    new = NewAccount(username="hai-lop", password=PASSWORD, role="ward", office="UBND xã Hoài Đức", wards=(HOAI_DUC,))
    return store.accounts.add(new, ACTOR).username


def test_the_second_factor_is_set_up_and_asked_for_on_a_phone(
    watched: Callable[..., Watched], clerk: str, store: Store
) -> None:
    seen = watched(PHONE, user=clerk)
    page = seen.open("/account/second-factor")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_selector("main img")
    assert page.locator("main img").evaluate("picture => picture.naturalWidth > 0")
    assert serious(seen) == []
    secret = page.inner_text("main code")
    page.fill("[name=code]", pyotp.TOTP(secret).at(clock()))
    page.click("main form button")
    page.wait_for_selector("ol.recovery")
    assert page.locator("ol.recovery code").count() == 10
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(seen) == []
    code = page.inner_text("ol.recovery li:first-child code")
    other = watched(PHONE)
    other.sign_in(clerk)
    other.page.wait_for_selector("[name=code]")
    assert serious(other) == []
    other.page.fill("[name=code]", code)
    other.page.click("main form button")
    other.page.wait_for_url(f"**/wards/{HOAI_DUC}")
    assert (seen.complaints, seen.foreign) == ([], [])
    assert store.accounts.second_factor(clerk).recovery_codes == 9
