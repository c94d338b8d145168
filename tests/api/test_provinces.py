"""An account of a city that is bound to it: all of its own, of every other what the public sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_house import ACTOR, BA_DINH, PASSWORD, House

from geo.errors import InputError
from geo.records.accounts import NewAccount

HUE, THUAN_HOA = "46", "19789"
NAME = "so-y-te.hue"
IN_HANOI, IN_HUE = {"lon": 105.8364, "lat": 21.0394}, {"lon": 107.5905, "lat": 16.4637}
REPORT = {"day": "2026-08-09", "kind": "other", "channel": "hotline"}
FIGURE = {"period": "2026-H1", "value": 1, "day": "2026-07-01", "document": "20/BC"}
REVIEW = {"day": "2026-08-01", "sites": ["HN-I-1"], "conclusion": "quiet", "document": "7/BB"}


@pytest.fixture(scope="module")
def hue(house: House) -> dict[str, str]:
    """The headers of an account of Huế, in a service whose own city is Hà Nội."""
    new = NewAccount(username=NAME, password=PASSWORD, role="city", office="Sở Y tế thành phố Huế", provinces=(HUE,))
    house.store.accounts.add(new, ACTOR)
    house.tokens[NAME] = house.store.accounts.add_token(NAME, "tests", ACTOR)
    return house.as_(NAME)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("reports", REPORT | IN_HANOI, 403),
        ("reports", REPORT | IN_HUE, 201),
        ("assessments", {"site_id": "HN-I-1", "level": "low", "day": "2026-08-01", "document": "9/BC"}, 403),
        ("reviews", REVIEW | {"wards": [BA_DINH]}, 403),
        ("reviews", REVIEW | {"wards": [BA_DINH, THUAN_HOA]}, 403),
        ("coverage/entries", FIGURE | {"ward_code": BA_DINH, "programme": "hanoi-2026", "indicator": "1"}, 403),
        ("coverage/entries", FIGURE | {"ward_code": None, "programme": "hanoi-2026", "indicator": "1"}, 403),
        ("coverage/entries", FIGURE | {"ward_code": None, "programme": "hue-2026-2030", "indicator": "a2"}, 201),
    ],
)
def test_it_writes_about_its_own_city_alone(
    house: House, hue: dict[str, str], path: str, body: dict[str, Any], status: int
) -> None:
    answer = house.client.post(f"/api/v1/{path}", json=body, headers=hue)
    assert answer.status_code == status, answer.text
    assert (status == 201) or "Huế" in answer.text


def test_drafts_are_its_own(house: House, hue: dict[str, str]) -> None:
    client, entry = house.client, {"ward_code": BA_DINH, "phase": "expansion", "day": "2026-08-01", "document": "1/KH"}
    body = {"city": "hanoi", "title": "Của Hà Nội", "day": "2026-08-01", "document": "1/KH"}
    body |= {"entries": [{"kind": "phase_change", "entry": entry}]}
    assert client.post("/api/v1/registers/drafts", json=body, headers=hue).status_code == 403
    number = client.post("/api/v1/registers/drafts", json=body, headers=house.as_("city")).json()["id"]
    own = body | {"city": "hue", "title": "Của Huế"}
    own["entries"] = [{"kind": "phase_change", "entry": entry | {"ward_code": THUAN_HOA}}]
    assert client.post("/api/v1/registers/drafts", json=own, headers=hue).status_code == 201
    titles = {draft["title"] for draft in client.get("/api/v1/registers/drafts", headers=hue).json()["drafts"]}
    assert "Của Huế" in titles
    assert "Của Hà Nội" not in titles
    assert client.get(f"/api/v1/registers/drafts/{number}", headers=hue).status_code == 403
    for what in ("publication", "withdrawal"):
        address, reason = f"/api/v1/registers/drafts/{number}/{what}", {"reason": "thử"}
        assert client.post(address, json=reason, headers=hue).status_code == 403
    client.post(f"/api/v1/registers/drafts/{number}/withdrawal", json={"reason": "thử"}, headers=house.as_("city"))


def test_the_file_of_a_plan_is_for_those_of_its_city(house: House, hue: dict[str, str]) -> None:
    lines = [
        "Số: 17/KH-UBND", "Hà Nội, ngày 09 tháng 01 năm 2026", "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI",
        "STT | Tên điểm | Phường, xã | Mức độ",
        "1 | Khu vực Quốc lộ 32 | Các xã Hoài Đức, Ô Diên, Đan Phượng | Không hoạt động",
    ]  # fmt: skip
    files = {"file": ("plan.txt", "\n".join(lines).encode(), "text/plain")}
    path, city = "/api/v1/registers/plans?city=hanoi&issuer=UBND", house.as_("city")
    made = house.client.post(path, files=files, headers=city).json()
    draft = house.client.get(f"/api/v1/registers/drafts/{made['id']}", headers=city).json()
    (digest,) = (one["entry"]["file_digest"] for one in draft["entries"] if one["kind"] == "city_plan")
    assert house.client.get(f"/registers/plans/{digest}", headers=city).status_code == 200
    # Whoever may not read it is not told whether there is such a file.
    made_up = f"sha256:{'0' * 64}"
    for headers, status in ((hue, 404), (house.as_("ba-dinh"), 403), ({}, 401)):
        found, other = (house.client.get(f"/registers/plans/{one}", headers=headers) for one in (digest, made_up))
        assert (found.status_code, other.status_code) == (status, status)
        plain = [
            re.sub(r"[0-9a-f-]{16,}", "", one.text.replace(each, ""))
            for one, each in ((found, digest), (other, made_up))
        ]
        assert plain[0] == plain[1]
    assert house.client.get(f"/registers/plans/{made_up}", headers=city).status_code == 404
    house.client.post(f"/api/v1/registers/drafts/{made['id']}/withdrawal", json={"reason": "thử"}, headers=city)


def test_what_names_no_city_is_of_its_own_and_another_is_as_for_the_public(house: House, hue: dict[str, str]) -> None:
    client = house.client
    assert client.get("/api/v1/session", headers=hue).json()["provinces"] == [HUE]
    mine = client.get("/api/v1/situation", headers=hue).json()
    assert (mine["city"], mine["hidden"]) == ("hue", [])
    for address in (
        "situation?city=hanoi",
        "sites?city=hanoi",
        "coverage?city=hanoi",
        f"wards/{BA_DINH}",
        "flags?city=hanoi",
    ):
        public = client.get(f"/api/v1/{address}")
        assert client.get(f"/api/v1/{address}", headers=hue).json() == public.json()


def test_pages_of_another_city_are_open_as_to_the_public_and_its_work_is_closed(
    house: House, hue: dict[str, str]
) -> None:
    client = house.client
    home = client.get("/", headers=hue).text
    assert "HN-I-1" not in home
    assert "/reports?city=hanoi" not in home
    other = client.get("/?city=hanoi", headers=hue)
    assert other.status_code == 200
    assert "HN-I-1" in other.text
    assert 'href="/coverage?city=hanoi"' in other.text
    assert 'href="/tasks' not in other.text
    for path in ("/reports", "/registers", "/tasks", "/dashboard", "/coverage/entry", "/flags"):
        assert client.get(path, headers=hue).status_code == 200, path
        refused = client.get(f"{path}?city=hanoi", headers=hue)
        assert refused.status_code == 403, path
        assert "Huế" in refused.text


def test_only_a_city_is_bound_and_only_to_what_is_here(house: House) -> None:
    named: dict[str, Any] = {"username": "x-y-z", "password": PASSWORD, "office": "Sở Y tế"}
    for role, wards, provinces in (("ward", (BA_DINH,), (HUE,)), ("admin", (), (HUE,)), ("city", (), ("99",))):
        with pytest.raises(InputError) as caught:
            house.store.accounts.add(NewAccount(role=role, wards=wards, provinces=provinces, **named), ACTOR)
        assert {problem.code for problem in caught.value.problems} <= {
            "records.provinces-of-role",
            "records.unknown-province",
        }


def test_the_audit_log_says_what_it_is_bound_to_and_rights_change(house: House, hue: dict[str, str]) -> None:
    accounts = house.store.accounts
    assert "city 46" in set(house.store.audit(subject=NAME)["detail"])
    assert accounts.set_rights(NAME, "city", (), ACTOR).provinces == ()
    assert accounts.set_rights(NAME, "city", (), ACTOR, provinces=(HUE,)).provinces == (HUE,)
