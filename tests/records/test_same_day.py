"""What another paper says of the same site and the same day is asked about, and never replaced unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_draft_checks import DAY, LATER, WRITER, drafted, event, opened

from geo.errors import InputError
from geo.importing.registers.changes import Papers, changed, correcting, redescribed, version_of
from geo.records.entries import NewAssessment
from geo.records.model.errors import ConflictError
from geo.records.publishing import draft_of, publish
from geo.records.store import Store
from geo.situation import registers_on
from geo.situation.drafts.findings import Finding, findings

SITE = "HN-I-4"
ONE, OTHER = Papers(DAY, "15/KH-UBND", "UBND thành phố"), Papers(DAY, "31/QĐ-SYT", "Sở Y tế")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Store]:
    yield from opened(tmp_path)


def renamed_to(store: Store, name: str, papers: Papers) -> int:
    return drafted(store, changed(version_of(store, SITE, DAY), papers, name=name))


def name_on_day(store: Store) -> str:
    sites = registers_on(DAY, "hanoi", store).sites
    return str(sites.set_index("site_id").loc[SITE, "name"])


def test_a_version_of_the_day_by_another_paper_conflicts_with_both_sides(fresh: Store) -> None:
    publish(fresh, renamed_to(fresh, "Đường A", ONE), WRITER)
    with pytest.raises(ConflictError) as error:
        renamed_to(fresh, "Đường B", OTHER)
    (problem,) = error.value.problems
    assert problem.code == "records.same-day-version"
    assert (problem.parameters["in_force"]["name"], problem.parameters["proposed"]["name"]) == ("Đường A", "Đường B")
    assert name_on_day(fresh) == "Đường A"
    renamed_to(fresh, "Đường C", ONE)  # the same paper says it better
    renamed_to(fresh, "Đường B", replace(OTHER, day=LATER))


def test_the_same_number_of_another_office_is_another_paper(fresh: Store) -> None:
    publish(fresh, renamed_to(fresh, "Đường A", ONE), WRITER)
    with pytest.raises(ConflictError):
        renamed_to(fresh, "Đường B", replace(ONE, office="UBND phường Láng"))


def test_an_explicit_correction_takes_the_first_one_back(fresh: Store) -> None:
    publish(fresh, renamed_to(fresh, "Đường A", ONE), WRITER)
    entries = redescribed(version_of(fresh, SITE, DAY), OTHER, name="Đường B")
    publish(fresh, drafted(fresh, *correcting(fresh, entries, OTHER)), WRITER)
    assert name_on_day(fresh) == "Đường B"
    names = [name for site, name in fresh.rows("site_version", ("site_id", "name")) if site == SITE]
    assert "Đường A" not in names
    with pytest.raises(InputError, match="no version from"):
        correcting(fresh, redescribed(version_of(fresh, SITE, LATER), replace(OTHER, day=LATER), name="x"), OTHER)


def test_a_draft_that_was_written_before_conflicts_at_publishing(fresh: Store) -> None:
    waiting = renamed_to(fresh, "Đường B", OTHER)
    publish(fresh, renamed_to(fresh, "Đường A", ONE), WRITER)
    with pytest.raises(ConflictError):
        publish(fresh, waiting, WRITER)
    assert name_on_day(fresh) == "Đường A"


@pytest.mark.parametrize(("first", "then"), [("cleared", "returned"), ("returned", "cleared")])
def test_leaving_and_returning_on_one_day_is_asked_about(fresh: Store, first: str, then: str) -> None:
    if first == "returned":
        publish(fresh, drafted(fresh, event(SITE, "cleared", DAY)), WRITER)
        publish(fresh, drafted(fresh, event(SITE, "returned", LATER)), WRITER)
    day = LATER if first == "returned" else DAY
    waiting = drafted(fresh, event(SITE, "cleared", DAY)) if first == "cleared" else 0
    if waiting:
        publish(fresh, waiting, WRITER)
    with pytest.raises(ConflictError) as error:
        drafted(fresh, replace(event(SITE, then, day), document="31/QĐ-SYT", office="Sở Y tế"))
    (problem,) = error.value.problems
    assert problem.code == "records.same-day-event"
    assert problem.parameters["in_force"]["event"] == first


def test_what_conflicts_is_said_on_the_draft(fresh: Store) -> None:
    """One that was saved before such conflicts were refused waits still: its page says it, and publishing refuses."""
    publish(fresh, drafted(fresh, event(SITE, "cleared", DAY)), WRITER)
    waiting = drafted(fresh, event(SITE, "returned", LATER))
    draft = draft_of(fresh, waiting)
    assert not [one for one in findings(fresh, draft) if one.message.code == "records.finding.refused"]
    early = replace(draft, row=-1, entries=(event(SITE, "returned", DAY),))
    assert [one.message.code for one in findings(fresh, early) if one.look][:1] == ["records.finding.refused"]


def test_another_level_of_the_day_or_of_a_later_one_is_said(fresh: Store) -> None:
    levels = [
        level for level in ("complex", "active", "low", "inactive") if level != version_of(fresh, SITE, DAY).level
    ]
    for day, level in ((DAY, levels[0]), (LATER, levels[1])):
        said = NewAssessment(site_id=SITE, level=level, day=day, document="3/BC-UBND", office="UBND xã Hoài Đức")
        fresh.add(said, WRITER)
    own = NewAssessment(site_id=SITE, level=levels[2], day=DAY, document="31/QĐ-SYT", office="Sở Y tế")
    found = {one.message.code.removeprefix("records.finding."): one.look for one in of_draft(fresh, own)}
    assert found.items() >= {"level-replaced": True, "level-later": False}.items()


def of_draft(store: Store, *entries: NewAssessment) -> tuple[Finding, ...]:
    return findings(store, draft_of(store, drafted(store, *entries)))
