"""What the public sees holds no report, no point of one, and no small count, not by subtraction either."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from api_house import BA_DINH, HOAI_DUC, House
from hypothesis import given, settings
from hypothesis import strategies as st
from test_access import VALUES

from api.security.permissions import RULES
from geo.records.ledger.published_counts import CHECKED, published_at, published_quarter
from geo.visibility import Role
from geo.visibility.report_counts import SUPPRESSED, suppressed_counts

READS = sorted(path for (method, path), rule in RULES.items() if method == "GET" and rule.role <= Role.PUBLIC)


@pytest.mark.parametrize("who", [None, "guest"])
@pytest.mark.parametrize("path", READS)
def test_no_public_answer_holds_a_report(house: House, path: str, who: str | None) -> None:
    queries = [{"f": form, "q": "yen hoa", "lon": "105.8364", "lat": "21.0394"} for form in ("json", "geojson", "csv")]
    for query in ({}, {"f": "html"}, *queries):
        reported = house.client.get(path.format(**VALUES), params=query, headers=house.as_(who)).text
        assert "MARK" not in reported
        assert "105.7064123" not in reported
        assert "21.0612345" not in reported
        assert "observed" not in reported


def test_the_public_sees_the_published_quarter_with_small_counts_suppressed(house: House) -> None:
    reported = house.client.get("/api/v1/situation?day=2026-08-10").json()["reports"]
    assert (reported["from"], reported["to"]) == ("2026-04-01", "2026-06-30")
    # Seven reports in one ward and three in another: the three would follow from ten less seven; and from the total
    # alone for the ward with the seven.
    assert {row["ward_code"]: row["reports"] for row in reported["by_ward"]} == {
        HOAI_DUC: SUPPRESSED,
        BA_DINH: SUPPRESSED,
    }
    assert reported["total"] is None
    assert house.client.get(f"/api/v1/wards/{BA_DINH}").json()["reports"]["reports"] == SUPPRESSED


def test_those_who_work_on_it_see_all(house: House) -> None:
    reported = house.client.get("/api/v1/situation?day=2026-06-01", headers=house.as_("city")).json()["reports"]
    assert {row["ward_code"]: row["reports"] for row in reported["by_ward"]} == {HOAI_DUC: 7, BA_DINH: 3}
    own = house.client.get("/api/v1/situation?day=2026-06-01", headers=house.as_("ba-dinh")).json()["reports"]
    assert (own["total"], [row["ward_code"] for row in own["by_ward"]]) == (3, [BA_DINH])


def test_later_reports_change_nothing_that_was_published(house: House) -> None:
    before = house.client.get("/api/v1/situation?day=2026-08-10").json()["reports"]
    body = {"day": "2026-05-20", "kind": "other", "channel": "hotline", "lon": 105.8364, "lat": 21.0394}
    assert house.client.post("/api/v1/reports", json=body, headers=house.as_("city")).status_code == 201
    assert house.client.get("/api/v1/situation?day=2026-08-10").json()["reports"] == before


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["00001", "00002", "00003", "00004", "00005"]), st.integers(0, 12)))
def test_no_small_count_follows_from_what_is_published(counts: dict[str, int]) -> None:
    codes = ["00001", "00002", "00003", "00004", "00005"]
    reported = suppressed_counts(date(2026, 4, 1), date(2026, 6, 30), codes, Counter(counts))
    true = {code: counts.get(code, 0) for code in codes}
    shown = {code: reported.wards.get(code, 0) for code in codes}
    hidden = [code for code in codes if shown[code] == SUPPRESSED]
    assert all(shown[code] == true[code] for code in codes if code not in hidden)
    assert all(true[code] == 0 or true[code] >= 5 for code in codes if code not in hidden)
    if isinstance(reported.total, int) and hidden:
        rest = reported.total - sum(value for value in shown.values() if isinstance(value, int))
        # Every suppressed count could be 5 or more as well as less, also for the ward with the largest.
        assert len(hidden) >= 3
        assert rest - max(true[code] for code in hidden) >= len(hidden) + 3


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_quarters_are_whole_settled_and_do_not_overlap(day: date) -> None:
    first, last = published_quarter(day)
    assert first.day == 1
    assert first.month in (1, 4, 7, 10)
    assert (last + timedelta(days=1)).day == 1
    assert last + CHECKED <= day
    assert published_at(last) <= datetime.combine(day, datetime.min.time(), published_at(last).tzinfo)
    earlier = published_quarter(first + timedelta(days=29))
    assert earlier == (first, last) or earlier[1] < first


def test_public_coverage_is_of_settled_half_years(house: House) -> None:
    early = house.client.get("/api/v1/coverage?day=2026-07-29")
    assert early.status_code == 422
    reported: dict[str, Any] = house.client.get("/api/v1/coverage?day=2026-08-10&limit=1000").json()
    assert (reported["period"], reported["audience"]) == ("2026-H1", "public")
    assert reported["total"] > 100
    own = house.client.get("/api/v1/coverage?limit=1000", headers=house.as_("ba-dinh")).json()
    assert {row["code"] for row in own["items"]} == {BA_DINH}
    assert house.client.get("/api/v1/coverage", headers=house.as_("city")).json()["audience"] == "internal"


def test_a_problem_tells_no_secret(house: House) -> None:
    answer = house.client.get("/api/v1/wards/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == 404
