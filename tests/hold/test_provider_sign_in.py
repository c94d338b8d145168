"""Signing in by a provider of OpenID Connect that really runs: who gets in, as what, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from hold_house import ACTOR, HOAI_DUC, SECRET, House, StandingClock, served
from identity_provider import CLIENT, IdentityProvider, identity_provider
from identity_provider import SECRET as CLIENT_SECRET
from joserfc.jwk import RSAKey

from api.core.settings import ApiSettings
from api.main import create_app
from geo.errors import InputError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

WARD = {
    "preferred_username": "hoai-duc.sso",
    "roles": ["other", "w"],
    "wards": [HOAI_DUC],
    "office": "UBND xã Hoài Đức",
}
CITY = {"sub": "subject-2", "preferred_username": "so-y-te.sso", "roles": ["w", "c"], "office": "Sở Y tế"}


@dataclass
class Office:
    """A service that knows a provider."""

    house: House
    provider: IdentityProvider

    def leave(self, after: str = "/reports") -> tuple[TestClient, str]:
        """A browser that was sent to the provider, and the address that the provider sends it back to."""
        browser = self.house.browser()
        sent = browser.get("/login/provider", params={"next": after})
        assert sent.status_code == 303, sent.text
        assert parse_qs(urlsplit(sent.headers["location"]).query)["code_challenge_method"] == ["S256"]
        back = httpx.get(sent.headers["location"]).headers["location"]
        return browser, urlsplit(back).path + "?" + urlsplit(back).query

    def sign_in(self, **claims: Any) -> tuple[TestClient, Any]:
        """Sign in with these claims; the browser and the answer to coming back."""
        self.provider.claims = claims
        browser, back = self.leave()
        return browser, browser.get(back)


def _settings(address: str, **more: Any) -> ApiSettings:
    given = {"secret": SECRET, "log_requests": False, "logins_per_minute": 10**6, "public_url": "http://testserver"}
    given |= {"oidc_issuer": address, "oidc_client_id": CLIENT, "oidc_client_secret": CLIENT_SECRET}
    return ApiSettings(**(given | {"oidc_roles": "w=ward; c=city; a=admin"} | more))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('provider') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store, identity_provider(clock) as provider:
        served(store, clock)
        app = create_app(_settings(provider.address), store, clock)
        yield Office(House(app, store, clock), provider)


@pytest.fixture(autouse=True)
def _as_it_was(office: Office) -> Iterator[None]:
    yield
    office.provider.claims, office.provider.signs_with, office.provider.header = {}, None, {}


def test_the_button_leads_there_and_back_and_the_claims_are_the_rights(office: Office) -> None:
    assert 'href="/login/provider?next=%2F"' in office.house.browser().get("/login").text
    browser, answer = office.sign_in(**WARD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/reports")
    who = browser.get("/api/v1/session").json()
    assert (who["username"], who["role"], who["wards"], who["office"]) == (
        "hoai-duc.sso",
        "ward",
        [HOAI_DUC],
        WARD["office"],
    )
    # By name as by code; another role the next time; the highest of several.
    browser, _ = office.sign_in(**CITY)
    assert browser.get("/api/v1/session").json()["role"] == "city"
    for cities, provinces in (("hue", ["46"]), (["01", "hue"], ["01", "46"]), ("", [])):
        browser, _ = office.sign_in(**CITY | {"cities": cities})
        assert browser.get("/api/v1/session").json()["provinces"] == provinces
    browser, _ = office.sign_in(**CITY | {"roles": "w", "wards": "Hoài Đức"})
    who = browser.get("/api/v1/session").json()
    assert (who["role"], who["wards"]) == ("ward", [HOAI_DUC])
    lines = office.house.store.audit(subject="so-y-te.sso")
    assert {"account.add", "account.rights", "session.open"} <= set(lines["action"])
    assert set(lines["origin"]) == {"provider:local"}


def test_a_provider_that_goes_away_on_the_way_is_said(tmp_path: Path) -> None:
    clock = StandingClock()
    opened = open_store(f"sqlite:///{tmp_path}/r.sqlite", registers=load_register_lookup(), now=clock)
    with opened as store:
        with identity_provider(clock) as provider:
            served(store, clock)
            office = Office(House(create_app(_settings(provider.address), store, clock), store, clock), provider)
            office.provider.claims = WARD
            browser, back = office.leave()
        answer = browser.get(back)
        assert answer.status_code == 502
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"roles": []}, 401, "accounts.provider-no-role"),
        ({"roles": ["other"]}, 401, "accounts.provider-no-role"),
        ({"roles": {"w": 1}}, 401, "accounts.provider-no-role"),
        ({"office": None}, 401, "accounts.provider-no-claim"),
        ({"wards": ["Nơi Nào"]}, 404, ""),
        ({"wards": []}, 422, "records.wards-of-role"),
        ({"preferred_username": "Nguyễn Văn A"}, 422, "records.no-account-name"),
        ({"preferred_username": "admin"}, 422, "accounts.provider-name-taken"),
        ({"iss": "https://another.example"}, 502, "accounts.provider-token"),
        ({"aud": "another-client"}, 502, "accounts.provider-token"),
        ({"aud": [CLIENT, "another"]}, 502, "accounts.provider-token"),
        ({"azp": "another"}, 502, "accounts.provider-token"),
        ({"nonce": "another"}, 502, "accounts.provider-token"),
        ({"nonce": None}, 502, "accounts.provider-token"),
        ({"exp": 1}, 502, "accounts.provider-token"),
        ({"exp": None}, 502, "accounts.provider-token"),
        ({"sub": None}, 502, "accounts.provider-token"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_sign_in_makes_no_account_and_no_session(
    office: Office, claims: dict[str, Any], status: int, code: str
) -> None:
    before = len(office.house.store.accounts.all())
    browser, answer = office.sign_in(**WARD | {"sub": "stranger", "preferred_username": "stranger.sso"} | claims)
    assert answer.status_code == status, answer.text
    assert 'role="alert"' in answer.text
    assert browser.get("/api/v1/session").json()["username"] == "anonymous"
    assert len(office.house.store.accounts.all()) == before
    line = office.house.store.audit(1).iloc[0]
    assert line["action"] == "session.refused"
    assert code in line["detail"]


def test_a_token_of_another_key_or_without_one_is_refused(office: Office) -> None:
    office.provider.signs_with = RSAKey.generate_key(2048)
    assert office.sign_in(**WARD)[1].status_code == 502
    office.provider.signs_with, office.provider.header = None, {"kid": "unknown"}
    assert office.sign_in(**WARD)[1].status_code == 502


def test_the_way_back_is_for_the_browser_that_left_and_once(office: Office) -> None:
    office.provider.claims = dict(WARD)
    browser, back = office.leave()
    assert office.house.browser().get(back).status_code == 403
    assert browser.get(back.replace("state=", "state=x")).status_code == 403
    browser, back = office.leave()
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403  # the cookie is gone
    browser, back = office.leave("https://evil.example/")
    assert browser.get(back).headers["location"] == "/wards/09832"  # its own, never another's page
    # Another's code in one's own sign-in: the verifier is not that of the code.
    mine, my_back = office.leave()
    _, others_back = office.leave()
    code = parse_qs(urlsplit(others_back).query)["code"][0]
    state = parse_qs(urlsplit(my_back).query)["state"][0]
    assert mine.get("/login/provider/callback", params={"code": code, "state": state}).status_code == 502


def test_an_account_belongs_to_the_subject_and_a_closed_one_stays_closed(office: Office) -> None:
    office.sign_in(**WARD)
    assert office.sign_in(**WARD | {"sub": "somebody-else"})[1].status_code == 422
    office.house.store.accounts.close("hoai-duc.sso", ACTOR)
    assert office.sign_in(**WARD)[1].status_code == 401
    office.house.store.accounts.reopen("hoai-duc.sso", ACTOR)


def test_a_provider_that_does_not_answer_is_said_and_passwords_still_work(office: Office) -> None:
    app = create_app(_settings("http://127.0.0.1:9"), office.house.store, office.house.clock)
    client = TestClient(app, follow_redirects=False, headers={"Accept": "text/html", "Accept-Language": "en"})
    answer = client.get("/login/provider", params={"next": "/reports", "lang": "en"})
    assert answer.status_code == 502
    assert "does not answer" in answer.text
    assert 'name="password"' in answer.text


def test_settings_that_would_not_do_are_refused_at_the_start() -> None:
    from api.security.oidc.rights import provider_settings

    for wrong in ({"oidc_issuer": "http://sso.example.org"}, {"oidc_client_secret": ""}, {"public_url": ""},
                  {"oidc_roles": "w=king"}, {"oidc_roles": ""}, {"oidc_roles": "=ward"}):  # fmt: skip
        with pytest.raises(InputError):
            provider_settings(_settings("https://sso.example.org", **wrong))
    assert provider_settings(ApiSettings(secret=SECRET)) is None  # type: ignore[arg-type]
