"""A parameter that a route does not know is refused with those that it knows; so is one that stands twice."""

from __future__ import annotations

import pytest
from api_house import HOAI_DUC, House

from api.security.permissions import RULES

QUERIES = (
    "/api/v1/crossings?ward_code=00331",
    "/api/v1/situation?date=2026-06-01",
    "/api/v1/wards?Phase=pilot",
    "/api/v1/wards/at?lon=105.83&lat=21.03&lng=1",
    "/api/v1/wards/search?q=yen+hoa&limit=3",
    "/api/v1/sites/HN-I-1?format=csv",
    "/api/v1/vocabulary?lang=vi",
    "/api/v1/flags?ward=00004&ward=00008",
    "/api/v1/coverage?period=2026-H1&period=2026",
    "/health?x=1",
    "/ready?full=1",
    "/openapi.json?v=3",
    "/tiles.json?x=1",
    "/?sites=HN-I-1",
    "/coverage?quarter=1",
)
PATHS = {
    "code": HOAI_DUC,
    "site_id": "HN-I-1",
    "flag_id": "exposure:HN-I-1",
    "programme_id": "hanoi-2026",
    "collection": "wards",
    "item": HOAI_DUC,
    "report_id": "1",
    "z": "10",
    "x": "815",
    "y": "450",
    "name": "site.css",
    "ending": "csv",
    "number": "1",
    "city": "hanoi",
    "username": "nobody-here",
    "target": "1",
    "map_kind": "site",
    "subject": "HN-I-1",
}


@pytest.mark.parametrize("query", QUERIES)
def test_an_unknown_or_repeated_parameter_is_refused_and_named(house: House, query: str) -> None:
    answer = house.client.get(query, headers={"Accept": "application/json"})
    assert answer.status_code == 422, answer.text
    codes = {problem["code"] for problem in answer.json()["problems"]}
    assert codes <= {"service.unknown-parameter", "service.repeated-parameter", "service.no-parameters"}


@pytest.mark.parametrize("query", ["kind=zzz", "status=zzz"])
def test_a_filter_of_reports_that_none_can_meet_is_refused(house: House, query: str) -> None:
    answer = house.client.get(f"/api/v1/reports?{query}", headers=house.as_("admin"))
    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["where"]) == (422, query[:-4])
    assert "'other'" in problem["what"] or "'unfounded'" in problem["what"]


def test_the_refusal_lists_the_parameters_that_there_are(house: House) -> None:
    answer = house.client.get("/api/v1/crossings?ward_code=00331&foo=1")
    first, second = answer.json()["problems"]
    assert (first["where"], second["where"]) == ("ward_code", "foo")
    assert {"ward", "site", "city", "day", "known_at", "limit", "offset", "bbox", "f"} <= set(
        first["parameters"]["known"]
    )
    assert "ward" in first["remedy"]


@pytest.mark.parametrize("rule", sorted(rule for rule in RULES if rule[0] == "GET"), ids=" ".join)
def test_no_route_ignores_a_parameter(house: House, rule: tuple[str, str]) -> None:
    path = rule[1].format_map(PATHS)
    answer = house.client.get(f"{path}?no_such_parameter=1", headers=house.as_("admin"), follow_redirects=False)
    assert answer.status_code in (400, 422), answer.text
    assert "no_such_parameter" in answer.text


@pytest.mark.parametrize("path", ["/api/v1/reports", "/api/v1/assessments", "/api/v1/crossings"])
def test_a_write_does_not_ignore_one_either(house: House, path: str) -> None:
    assert house.client.post(f"{path}?dry_run=1", json={}, headers=house.as_("city")).status_code == 422


def test_a_page_that_another_site_links_to_opens_with_what_that_appends(house: House) -> None:
    assert house.client.get("/?utm_source=zalo&fbclid=x&zarsrc=30").status_code == 200
    assert house.client.get("/api/v1/wards?fbclid=x").status_code == 422


def test_several_of_one_name_pass_where_a_route_takes_a_list(house: House) -> None:
    answer = house.client.get("/api/v1/wards?ward=00004&ward=00008")
    assert (answer.status_code, answer.json()["total"]) == (200, 2)


def test_who_may_not_use_a_route_hears_that_first(house: House) -> None:
    assert house.client.get("/api/v1/reports?x=1").status_code == 401
