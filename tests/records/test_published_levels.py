"""The level that comes with a version of a site is in force from its day on, by its document, wherever levels are
read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_draft_checks import DAY, LATER, SAID, WRITER, drafted, event, opened, version

from geo.importing.registers.changes import Papers, changed, redescribed, version_of
from geo.records.entries import Actor, NewAssessment
from geo.records.publishing import draft_of, publish
from geo.records.store import Store
from geo.situation import at
from geo.situation.drafts.findings import findings

SITE = "HN-I-4"
PAPERS = Papers(LATER, "20/KH-UBND", "UBND thành phố")
WARD = Actor("hoai-duc", "UBND xã Hoài Đức")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Store]:
    yield from opened(tmp_path)


def level_on(store: Store, day: date, site: str = SITE) -> str:
    sites = at(day, store=store).sites
    return str(dict(zip(sites["site_id"], sites["level"], strict=True))[site])


def other_level(store: Store) -> str:
    return "low" if version_of(store, SITE, DAY).level != "low" else "active"


def test_the_level_of_a_version_is_in_force_from_its_day(fresh: Store) -> None:
    was, level = version_of(fresh, SITE, DAY), other_level(fresh)
    number = drafted(fresh, replace(was, level=level, day=DAY, **SAID))
    publish(fresh, number, WRITER)
    assert (level_on(fresh, date(2026, 5, 31)), level_on(fresh, DAY)) == (was.level, level)
    found = at(DAY, store=fresh).assessments
    assert found is not None
    last = found[found["site_id"] == SITE].iloc[-1]
    assert (last["level"], last["day"].date(), last["document"]) == (level, DAY, SAID["document"])


def test_a_new_site_has_its_level_on_record(fresh: Store) -> None:
    publish(fresh, drafted(fresh, version("HN-II-6")), WRITER)
    assert level_on(fresh, DAY, "HN-II-6") == "low"
    assert ("HN-II-6", "low") in fresh.rows("assessment", ("site_id", "level"))


def test_another_route_leaves_the_level_that_an_office_found(fresh: Store) -> None:
    level = other_level(fresh)
    fresh.add(NewAssessment(site_id=SITE, level=level, day=DAY, document="3/BC-UBND", office=WARD.office), WARD)
    was = version_of(fresh, SITE, LATER)
    assert was.level == level
    number = drafted(fresh, changed(was, PAPERS, corridor_m=120.0))
    assert len(draft_of(fresh, number).entries) == 1
    publish(fresh, number, WRITER)
    assert level_on(fresh, LATER) == level


def test_a_level_found_after_the_draft_was_written_stays(fresh: Store) -> None:
    number = drafted(fresh, changed(version_of(fresh, SITE, LATER), PAPERS, corridor_m=120.0))
    level = other_level(fresh)
    fresh.add(NewAssessment(site_id=SITE, level=level, day=DAY, document="3/BC-UBND", office=WARD.office), WARD)
    publish(fresh, number, WRITER)
    assert level_on(fresh, LATER) == level


def test_two_levels_of_one_day_are_to_look_at(fresh: Store) -> None:
    was = version_of(fresh, SITE, DAY)
    one, other = [level for level in ("complex", "active", "low", "inactive") if level != was.level][:2]
    said = NewAssessment(site_id=SITE, level=other, day=DAY, **SAID)
    number = drafted(fresh, replace(was, level=one, day=DAY, **SAID), said)
    looks = [each.message.code for each in findings(fresh, draft_of(fresh, number)) if each.look]
    assert "records.finding.said-twice" in looks


def test_a_change_of_the_level_alone_is_no_further_version(fresh: Store) -> None:
    (entry,) = redescribed(version_of(fresh, SITE, LATER), PAPERS, other_level(fresh))
    assert isinstance(entry, NewAssessment)


def test_a_site_that_returns_has_the_level_of_its_new_version(fresh: Store) -> None:
    level = other_level(fresh)
    publish(fresh, drafted(fresh, event(SITE, "cleared", DAY)), WRITER)
    back = replace(version_of(fresh, SITE, LATER), level=level, day=LATER, **SAID)
    publish(fresh, drafted(fresh, event(SITE, "returned", LATER), back), WRITER)
    assert level_on(fresh, LATER) == level
