"""Who may what: every route has a rule, every denial is tried for every route and role, and wards keep to themselves."""

from __future__ import annotations

from typing import Any

import pytest
from api_house import BA_DINH, HOAI_DUC, House

from api.core.settings import ApiSettings, refuse_unsafe
from api.main import create_app
from api.security.authorization import guarded_routes
from api.security.permissions import RULES
from api.web.permissions import RULES as PAGES
from geo.errors import InputError
from geo.visibility import Role

ROUTES = sorted(RULES | PAGES)
"""Every route, of the pages too; that each stands in the rules and each rule has a route is a test of its own."""
PEOPLE = (
    (None, Role.PUBLIC),
    ("guest", Role.PUBLIC),
    ("hoai-duc", Role.WARD),
    ("city", Role.CITY),
    ("admin", Role.ADMIN),
)
VALUES = {
    "code": HOAI_DUC,
    "site_id": "HN-I-1",
    "flag_id": "exposure:HN-I-1",
    "programme_id": "hanoi-2026",
    "collection": "wards",
    "item": HOAI_DUC,
    "kind": "reports",
    "row_id": "1",
    "name": "start.js",
    "ending": "kml",
    "target": "1",
    "chart": "months",
    "document": "pdf",
    "map_kind": "site",
    "subject": "HN-I-1",
    "number": "1",
    "action": "clear",
    "report_id": "1",
    "username": "nobody-here",
    "office": "hanoi-health",
    "city": "hanoi",
    "z": "10",
    "x": "815",
    "y": "450",
    "digest": "0" * 64,
    "period": "2026-H1",
}

FEWER = {"/atlas.{document}": "?city=hue"}
"""What asks for less where the whole takes long: Huế has no list of sites."""
WITHOUT_TOKENS = ("/open", "/login", "/login/code", "/account/tokens", "/account/tokens/{number}")
"""What wants a key, a password or a session: a token, which is all that these people have, is refused."""


def test_every_route_of_the_app_has_a_rule_and_every_rule_a_route(house: House) -> None:
    found = {(method, door.path) for door in guarded_routes(house.app) for method in door.methods - {"HEAD"}}
    assert found - set(RULES) == set()
    assert set(RULES) - found == set()


def test_a_route_without_a_rule_is_closed_to_all(house: House) -> None:
    app = create_app(ApiSettings(secret="s" * 40, log_requests=False), house.store, house.app.state.service.clock)  # type: ignore[arg-type]
    app.get("/forgotten")(lambda: "secret")
    answer = type(house)(app, house.store, house.tokens).client.get("/forgotten", headers=house.as_("admin"))
    assert answer.status_code == 403


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who[0] or "nobody")
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_role_gets_in_where_its_rule_says_and_nowhere_else(
    house: House, route: tuple[str, str], who: tuple[str | None, Role]
) -> None:
    method, path = route
    name, role = who
    address = path.format(**VALUES) + FEWER.get(path, "")
    answer = house.client.request(method, address, headers=house.as_(name))
    if role >= RULES[route].role:
        refused = answer.json().get("type", "") if "problem" in answer.headers["content-type"] else ""
        assert answer.status_code < 500, answer.text
        assert answer.status_code != 401 or path in WITHOUT_TOKENS, answer.text
        assert refused != "urn:diaban:problem:forbidden" or RULES[route].own_wards, answer.text
    else:
        assert answer.status_code == (401 if name is None else 403), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


WRITES: dict[str, dict[str, Any]] = {
    "assessments": {"site_id": "HN-I-1", "level": "low", "day": "2026-07-01", "document": "9/BC"},
    "reviews": {
        "day": "2026-07-01",
        "wards": [HOAI_DUC],
        "sites": ["HN-I-1"],
        "conclusion": "quiet",
        "document": "9/BB",
    },
    "reports": {"day": "2026-07-01", "kind": "other", "channel": "hotline", "lon": 105.7064, "lat": 21.0612},
    "coverage/entries": {
        "ward_code": HOAI_DUC,
        "programme": "hanoi-2026",
        "indicator": "1",
        "period": "2026-H1",
        "value": 1,
        "day": "2026-07-01",
        "document": "9/BC",
    },
    "flags/exposure:HN-I-1/events": {"event": "acknowledged", "day": "2026-07-01"},
}


HIDDEN = ("reviews", "reports", "coverage/entries", "flags/exposure:HN-I-1/events")
"""Of these another ward may not know that a row is there."""


@pytest.mark.parametrize("kind", WRITES)
def test_a_ward_writes_about_itself_and_not_about_others(house: House, kind: str) -> None:
    url = f"/api/v1/{kind}"
    own = house.client.post(url, json=WRITES[kind], headers=house.as_("hoai-duc"))
    assert own.status_code == 201, own.text
    other = house.client.post(url, json=WRITES[kind], headers=house.as_("ba-dinh"))
    assert other.status_code == 403, other.text
    table = {"coverage/entries": "coverage-entries", "flags/exposure:HN-I-1/events": "flag-events"}.get(kind, kind)
    withdrawal = f"/api/v1/{table}/{own.json()['id']}/withdrawal"
    refused = house.client.post(withdrawal, json={"reason": "nhầm"}, headers=house.as_("ba-dinh"))
    assert refused.status_code == (404 if kind in HIDDEN else 403), refused.text
    assert house.client.post(withdrawal, json={"reason": "nhầm"}, headers=house.as_("hoai-duc")).status_code == 201


def test_what_a_ward_may_not_see_is_as_what_is_not_there(house: House) -> None:
    theirs = WRITES["reports"] | {"lon": 105.8364, "lat": 21.0394}
    number = house.client.post("/api/v1/reports", json=theirs, headers=house.as_("ba-dinh")).json()["id"]
    file = "Ngày;Loại;Kênh;Kinh độ;Vĩ độ;Trùng với tin số\n01/07/2026;Khác;Đường dây nóng;105,7064;21,0612;{}\n"

    def answers(number: int) -> list[tuple[int, str]]:
        own, verdict = WRITES["reports"], {"report_id": number, "outcome": "unfounded", "day": "2026-07-02"}
        bodies = [("reports", own | {"corrects": number}), ("reports", own | {"same_as": number}),
                  ("verifications", verdict), (f"reports/{number}/withdrawal", {"reason": "nhầm"})]  # fmt: skip
        sent = [house.client.post(f"/api/v1/{path}", json=body, headers=house.as_("hoai-duc")) for path, body in bodies]
        brought = {"file": ("a.csv", file.format(number).encode())}
        sent.append(house.client.post("/upload", files=brought, headers=house.as_("hoai-duc")))
        sent += [
            house.client.get(f"{path}/{number}", headers=house.as_("hoai-duc"))
            for path in ("/reports", "/records/reports")
        ]
        return [(answer.status_code, answer.text.replace(str(number), "#")) for answer in sent]

    assert answers(number) == answers(987_654)
    assert {status for status, _ in answers(number)} == {404}
    verdict = {"report_id": number, "outcome": "unfounded", "day": "2026-07-02"}
    assert house.client.post("/api/v1/verifications", json=verdict, headers=house.as_("ba-dinh")).status_code == 201


def test_a_ward_writes_no_figure_of_the_city_and_no_review_that_names_another(house: House) -> None:
    city = {k: v for k, v in WRITES["coverage/entries"].items() if k != "ward_code"} | {"indicator": "2a"}
    assert house.client.post("/api/v1/coverage/entries", json=city, headers=house.as_("hoai-duc")).status_code == 403
    both = WRITES["reviews"] | {"wards": [HOAI_DUC, BA_DINH]}
    assert house.client.post("/api/v1/reviews", json=both, headers=house.as_("hoai-duc")).status_code == 403
    assert house.client.post("/api/v1/reviews", json=both, headers=house.as_("city")).status_code == 201


def test_a_ward_reads_its_own_reports_alone(house: House) -> None:
    rows = house.client.get("/api/v1/reports", headers=house.as_("ba-dinh")).json()["items"]
    assert {row["ward_code"] for row in rows} == {BA_DINH}
    assert house.client.get(f"/api/v1/reports?ward={HOAI_DUC}", headers=house.as_("ba-dinh")).json()["total"] == 0
    assert house.client.get(f"/api/v1/reports?ward={HOAI_DUC}", headers=house.as_("city")).json()["total"] >= 7


def test_which_report_another_repeats_is_read_as_it_was_sent(house: House) -> None:
    sent = WRITES["reports"]
    first = house.client.post("/api/v1/reports?again=true", json=sent, headers=house.as_("hoai-duc")).json()["id"]
    linked, own = sent | {"same_as": first}, house.as_("hoai-duc")
    refused = house.client.post("/api/v1/reports", json=linked, headers=own)
    assert refused.status_code == 409
    assert "same_as" in refused.text
    other = house.client.post("/api/v1/reports?again=true", json=linked, headers=own).json()
    rows = house.client.get("/api/v1/reports?limit=1000", headers=house.as_("hoai-duc")).json()["items"]
    said = {row["report_id"]: row["same_as"] for row in rows}
    assert (said[first], said[other["id"]]) == (None, first)


def test_a_revoked_token_and_a_wrong_one_are_refused_everywhere(house: House) -> None:
    secret = house.store.accounts.add_token("city", "short", house.store and _actor())
    headers = {"Authorization": f"Bearer {secret}"}
    assert house.client.get("/api/v1/reports", headers=headers).status_code == 200
    house.store.accounts.revoke_token(house.store.accounts.tokens("city")[-1].id, _actor())
    assert house.client.get("/api/v1/reports", headers=headers).status_code == 401
    assert house.client.get("/api/v1/wards", headers=headers).status_code == 401


def test_unsafe_settings_are_refused() -> None:
    with pytest.raises(InputError, match="DIABAN_SECRET"):
        refuse_unsafe(ApiSettings(), has_accounts=True)
    with pytest.raises(InputError, match="no account"):
        refuse_unsafe(ApiSettings(host="0.0.0.0"), has_accounts=False)
    refuse_unsafe(ApiSettings(host="::1"), has_accounts=False)


def _actor() -> Any:
    from api_house import ACTOR

    return ACTOR
