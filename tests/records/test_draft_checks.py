"""What a draft says has to fit what is recorded: when it is saved, and again when it is published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from fresh_records import fresh_records
from shapely import affinity

from geo.errors import InputError
from geo.importing.registers.changes import id_of_number, version_of, versions_on
from geo.records.drafting.ground import stretch_of, wards_beside
from geo.records.entries import Actor
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.errors import ConflictError
from geo.records.model.programme_documents import definition_of
from geo.records.open import opened_store
from geo.records.publishing import draft_of, new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference.cities import city
from geo.reference.crs import to_metric
from geo.reference.programmes import programme_of_city
from geo.reference.tolerances import BORDER_M
from geo.reference.wards import load_wards
from geo.situation import registers_on
from geo.situation.drafts.findings import findings
from geo.situation.listing.lives import life, not_listed

WRITER = Actor("so-y-te", "Sở Y tế")
SAID: dict[str, Any] = {"document": "15/KH-UBND", "office": "UBND thành phố"}
LINE = [(105.8400, 21.0100), (105.8450, 21.0150)]
HUE = [(107.585, 16.465), (107.590, 16.468)]
FIRST, EARLY, DAY, LATER = date(2026, 1, 7), date(2020, 1, 1), date(2026, 6, 1), date(2026, 9, 1)
GONE, BACK = "HN-I-4", "HN-I-5"
"""Cleared on DAY; cleared on DAY and returned on LATER."""


def event(site: str, what: str, day: date, *others: str) -> NewSiteEvent:
    return NewSiteEvent(site_id=site, event=what, others=others, day=day, **SAID)


def version(site: str, day: date = DAY, line: list[tuple[float, float]] = LINE, **other: Any) -> NewSiteVersion:
    given: dict[str, Any] = {"name": "Đường mới", "group": "public", "level": "low"} | other
    return NewSiteVersion(site_id=site, day=day, geometry=shapely.to_geojson(shapely.LineString(line)), **given, **SAID)


def level(site: str, day: date, found: str = "low") -> NewAssessment:
    return NewAssessment(site_id=site, level=found, day=day, **SAID)


def agreed(site: str, *wards: str, start: float | None = None, end: float | None = None) -> NewResponsibility:
    return NewResponsibility(site_id=site, wards=wards, from_m=start, to_m=end, day=DAY, **SAID)


def drafted(store: Store, *entries: NewEntry, slug: str = "hanoi") -> int:
    day = max(entry.day for entry in entries)
    return save_draft(store, new_draft(store, slug, "x", entries, day=day, **SAID), WRITER).id


def opened(folder: Path) -> Iterator[Store]:
    now = datetime(2027, 2, 2, tzinfo=UTC)
    with opened_store(fresh_records(folder), now=lambda: now) as store:
        yield store


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Store]:
    yield from opened(tmp_path)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Records with two sites that left the list, of which one returned; nothing else is published in them."""
    for made in opened(tmp_path_factory.mktemp("drafts")):
        publish(made, drafted(made, event(GONE, "cleared", DAY), event(BACK, "cleared", DAY)), WRITER)
        publish(made, drafted(made, event(BACK, "returned", LATER)), WRITER)
        yield made


def codes(store: Store, *entries: NewEntry, slug: str = "hanoi") -> list[str]:
    """Why a draft of these entries is refused; [] where it is taken."""
    try:
        drafted(store, *entries, slug=slug)
    except InputError as error:
        return [problem.code for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([event("HN-I-1", "returned", LATER)], ["records.event-not-left"]),
        ([event(BACK, "returned", date(2026, 10, 1))], ["records.event-not-left"]),
        ([event(GONE, "cleared", LATER)], ["records.event-after-end"]),
        ([event(GONE, "cleared", DAY)], ["records.event-after-end"]),
        ([event("HN-I-1", "cleared", EARLY)], ["records.event-too-early"]),
        ([event("HN-I-1", "cleared", date(2026, 1, 6))], ["records.event-too-early"]),
        ([event(GONE, "split", LATER, "HN-I-1", "HN-I-2")], ["records.event-after-end"]),
        ([event(GONE, "merged", LATER, "HN-I-1")], ["records.event-after-end"]),
        ([version(GONE, LATER), event(GONE, "renamed", LATER)], ["records.event-after-end", "records.site-left"]),
        ([event("HN-I-1", "merged", LATER, GONE)], ["records.other-not-listed"]),
        ([event("HN-I-1", "merged", LATER, "HN-I-2", "HN-I-3")], ["records.merged-into-one"]),
        ([event("HN-I-1", "split", LATER, "HN-I-1")], ["records.other-is-itself"]),
        (
            [event("HN-I-1", "merged", LATER, "HN-I-2"), event("HN-I-2", "merged", LATER, "HN-I-1")],
            ["records.other-not-listed"] * 2,
        ),
        ([event("HN-I-1", "cleared", DAY), event("HN-I-1", "cleared", LATER)], ["records.event-after-end"]),
        # What is recorded of a later day has to fit as well.
        ([event(GONE, "cleared", date(2026, 5, 1))], ["records.event-contradicts"]),
        ([version(GONE, LATER)], ["records.site-left"]),
        ([level(GONE, DAY)], ["records.site-left"]),
        ([level(GONE, LATER)], ["records.site-left"]),
        ([level(GONE, LATER), event(GONE, "renamed", LATER)], ["records.event-after-end", "records.site-left"]),
        ([level(GONE, date(2026, 5, 31))], []),
        ([level(BACK, LATER)], []),
        # The first list stands for the days before it; a site that came in later was not on it.
        ([level("HN-I-1", date(2026, 1, 2))], []),
        ([version("HN-II-6", LATER), level("HN-II-6", DAY)], ["records.site-not-yet"]),
        ([version("HN-II-6", date(2025, 5, 10))], ["reference.before-units"]),
        ([event(GONE, "returned", LATER), level(GONE, LATER)], []),
        ([event("HN-I-1", "cleared", LATER), level("HN-I-1", LATER)], []),
        ([agreed(GONE, "00004")], ["records.site-left", "records.ward-not-met"]),
        ([version("HN-II-6", LATER), event("HN-II-6", "cleared", DAY)], ["records.event-too-early"]),
        ([event(GONE, "returned", LATER)], []),
        ([event(GONE, "returned", LATER), version(GONE, LATER)], []),
        ([event(GONE, "renamed", date(2026, 3, 1))], []),
        ([event(BACK, "cleared", date(2026, 10, 1))], []),
        ([event("HN-I-1", "cleared", FIRST)], []),
        ([event("HN-I-1", "split", LATER, "HN-II-6"), version("HN-II-6", LATER)], []),
        ([event("HN-I-1", "merged", DAY, GONE)], ["records.other-not-listed"]),
        ([event("HN-I-1", "merged", date(2026, 3, 1), GONE)], []),
    ],
)
def test_what_cannot_happen_to_a_site_is_refused(store: Store, entries: list[NewEntry], expected: list[str]) -> None:
    assert codes(store, *entries) == expected


def test_a_level_of_a_site_off_the_list_is_refused_without_a_draft_too(store: Store) -> None:
    with pytest.raises(InputError) as error:
        store.add(level(GONE, LATER), WRITER)
    (problem,) = error.value.problems
    assert problem.code == "records.site-left"
    assert "site return" in problem.text("en")
    assert not store.check(level(GONE, date(2026, 5, 31)))
    assert not store.check(level(BACK, LATER))


def test_a_draft_about_a_site_that_left_meanwhile_is_refused(fresh: Store) -> None:
    waiting = drafted(fresh, level(GONE, LATER))
    publish(fresh, drafted(fresh, event(GONE, "cleared", DAY)), WRITER)
    assert [one.message.code for one in findings(fresh, draft_of(fresh, waiting)) if one.look]
    with pytest.raises(InputError) as error:
        publish(fresh, waiting, WRITER)
    assert [problem.code for problem in error.value.problems] == ["records.site-left"]


def test_what_a_site_went_through_is_said(store: Store) -> None:
    with pytest.raises(InputError) as error:
        drafted(store, event(GONE, "cleared", LATER))
    (problem,) = error.value.problems
    assert (problem.parameters["since"], problem.parameters["end"].en) == (DAY, "cleared")
    assert "đưa ra khỏi danh mục" in problem.text("vi")


def test_no_site_leaves_before_what_is_published_of_a_later_day_and_rests_on_it(fresh: Store) -> None:
    """It is to receive another site, or has another version then; an event that was published after it is refused."""
    into, kept = "HN-I-2", "HN-II-1"
    drafted_before = drafted(fresh, event(into, "cleared", DAY))
    publish(fresh, drafted(fresh, event("HN-I-1", "merged", LATER, into), version(kept, LATER)), WRITER)
    before, after = date(2026, 8, 31), date(2026, 9, 2)
    cut, new = ["records.event-cuts-off"], version("HN-II-6", DAY)
    for entries, expected in (
        ([event(into, "cleared", DAY)], cut),
        ([event(into, "cleared", LATER)], cut),
        ([event(into, "merged", DAY, "HN-I-3")], cut),
        ([event(into, "split", DAY, "HN-II-6"), new], cut),
        ([event(kept, "cleared", before)], cut),
        ([event(into, "cleared", DAY), event(into, "returned", LATER)], []),
        ([event(kept, "cleared", DAY), event(kept, "returned", LATER)], []),
        ([event(into, "cleared", after)], []),
        ([event(kept, "cleared", LATER)], []),
        ([event("HN-I-3", "cleared", DAY)], []),
    ):
        assert codes(fresh, *entries) == expected, entries
    with pytest.raises(InputError) as error:
        publish(fresh, drafted_before, WRITER)
    (problem,) = error.value.problems
    assert problem.text("en").startswith(
        "event: HN-I-2 cannot be cleared on 1 June 2026: it is recorded that HN-I-1 is merged"
    )


def test_what_would_have_no_effect_is_to_look_at(fresh: Store) -> None:
    """A level of a later day than that on which its site leaves; an agreement that a later version has no place for."""
    fresh.add(level("HN-I-6", LATER), WRITER)
    elsewhere = replace(versions_on(fresh, FIRST)["HN-I-1"], day=LATER, geometry=version("HN-II-6").geometry)
    publish(fresh, drafted(fresh, elsewhere), WRITER)
    agreement = agreed("HN-I-1", beside(fresh, "HN-I-1")[0])
    for entries, expected in (
        ([event("HN-I-6", "cleared", DAY)], ["level-hidden"]),
        ([event("HN-I-6", "cleared", DAY), event("HN-I-6", "returned", LATER)], []),
        ([event("HN-I-6", "cleared", LATER)], []),
        ([agreement], ["agreement-unfit-later"]),
    ):
        found = findings(fresh, draft_of(fresh, drafted(fresh, *entries)))
        keys = [one.message.code.rpartition(".")[2] for one in found if one.look]
        assert [key for key in keys if key in ("level-hidden", "agreement-unfit-later")] == expected, entries


def test_no_ward_of_today_has_a_phase_before_it_is_there(store: Store) -> None:
    phase = NewPhaseChange(ward_code="00004", phase="expansion", day=date(2025, 6, 30), document="15/KH-UBND")
    assert codes(store, phase) == ["reference.before-units"]
    assert not codes(store, replace(phase, day=date(2025, 7, 1)))


def test_a_geometry_larger_than_a_site_can_be_is_to_look_at(store: Store) -> None:
    west, south = LINE[0]
    for side, code in ((0.009, None), (0.011, "large-area"), (0.075, "large-area")):
        area = shapely.to_geojson(shapely.box(west, south, west + side, south + side))
        number = drafted(store, replace(version("HN-II-6", LATER), geometry=area))
        found = [one for one in findings(store, draft_of(store, number)) if "large" in one.message.code]
        assert [(one.message.code.split(".")[-1], one.look) for one in found] == ([(code, True)] if code else [])
    assert found[0].message.text("vi").count("km²") == 2
    long = drafted(store, version("HN-II-6", LATER, [LINE[0], (105.84, 21.2), (105.72, 21.1)]))
    codes = [one.message.code for one in findings(store, draft_of(store, long)) if one.look]
    assert "records.finding.long-route" in codes


def test_what_a_draft_ends_or_leaves_behind_is_said(fresh: Store) -> None:
    """Metres that no site takes over, what is agreed, also of a later day, a later version, an event that cannot be."""
    wards = [beside(fresh, "HN-I-1")[0], beside(fresh, "HN-I-1", 100.0, 300.0)[0], beside(fresh, "HN-I-4")[0]]
    later = replace(agreed("HN-I-1", wards[1], start=100.0, end=300.0), day=LATER)
    publish(fresh, drafted(fresh, agreed("HN-I-1", wards[0]), agreed("HN-I-4", wards[2]), later), WRITER)
    same = replace(versions_on(fresh, DAY)["HN-I-5"], site_id="HN-I-9", day=DAY)
    split = drafted(fresh, event("HN-I-2", "cleared", DAY), same, event("HN-I-5", "split", DAY, "HN-I-9"))
    publish(fresh, drafted(fresh, event("HN-I-6", "merged", LATER, "HN-I-2"), version("HN-II-1", LATER)), WRITER)
    ends = [event("HN-I-1", "merged", DAY, "HN-I-3"), event("HN-I-4", "cleared", DAY)]

    def said(number: int) -> list[tuple[str, str, bool]]:
        found = findings(fresh, draft_of(fresh, number))
        codes = [(one.site_id, one.message.code.removeprefix("records.finding."), one.look) for one in found]
        return [each for each in codes if each[1].startswith(("agreement", "left-over", "later-version", "refused"))]

    assert said(drafted(fresh, *ends, version("HN-II-1", DAY))) == [
        ("HN-II-1", "later-version", True),
        ("HN-I-1", "left-over", True),
        ("HN-I-1", "agreement-divided", True),
        ("HN-I-1", "agreement-divided", True),
        ("HN-I-4", "agreement-ends", False),
    ]
    assert said(split) == [("HN-I-2", "refused", True)]


def test_a_draft_covers_up_nothing_that_was_published_since(fresh: Store) -> None:
    """A level, a phase or a stretch of the same day; of another day, or the same said again, it is published."""
    ward, met = beside(fresh, "HN-I-1")[:2]

    def entries(level: str, phase: str, code: str, day: date = DAY) -> list[NewEntry]:
        at: dict[str, Any] = {"day": day, "document": "15/KH-UBND"}
        return [
            NewAssessment(site_id="HN-I-1", level=level, office="UBND", **at),
            NewPhaseChange(ward_code="00175", phase=phase, **at),
            replace(agreed("HN-I-1", code), day=day),
        ]

    one, same = (drafted(fresh, *entries("inactive", "expansion", ward)) for _ in range(2))
    late = drafted(fresh, *entries("complex", "none", met, LATER))
    other = drafted(fresh, *entries("complex", "none", met))
    publish(fresh, one, WRITER)
    found = findings(fresh, draft_of(fresh, other))
    assert [one.message.code for one in found].count("records.finding.refused") == 3
    others = {one.message.parameters["site"] for one in found if one.message.code.endswith("also-in-draft")}
    assert others == {"Phường Yên Hòa", "HN-I-1"}
    with pytest.raises(ConflictError) as error:
        publish(fresh, other, WRITER)
    assert [problem.code for problem in error.value.problems] == ["records.covered-up"] * 3
    assert error.value.problems[0].parameters["in_force"]["level"] == "inactive"
    for number in (same, late):
        publish(fresh, number, WRITER)


def test_agreements_that_overlap_and_targets_that_change_are_said(fresh: Store) -> None:
    one, other = beside(fresh, "HN-I-1")[:2]
    publish(fresh, drafted(fresh, agreed("HN-I-1", one, start=100.0, end=300.0)), WRITER)
    programme = programme_of_city(city("hanoi"))
    definition = definition_of(programme)
    definition["indicators"][0]["targets"][0]["figure"] = 90
    content = json.dumps({"definition": definition})
    entry = NewProgrammeVersion(programme=programme.id, city="hanoi", content=content, day=DAY, **SAID)
    found = findings(fresh, draft_of(fresh, drafted(fresh, entry, agreed("HN-I-1", other, start=200.0, end=400.0))))
    said = {found.message.code.rpartition(".")[2]: found for found in found}
    assert said["agreement-overlaps"].look
    assert "100 → 90" in said["target"].message.vi
    beyond = agreed("HN-I-1", other, start=300.0, end=400.0)
    codes = [found.message.code for found in findings(fresh, draft_of(fresh, drafted(fresh, beyond)))]
    assert "records.finding.agreement-overlaps" not in codes


def test_a_plan_of_the_same_number_is_published_once(fresh: Store) -> None:
    said: dict[str, Any] = {"city": "hanoi", "number": "5/KH-UBND", "first_year": 2027, "last_year": 2027, **SAID}
    first, second = (NewPlan(day=DAY, file_digest=f"sha256:{letter * 64}", **said) for letter in "ab")
    number = drafted(fresh, first)
    again = drafted(fresh, second, event("HN-I-1", "cleared", DAY))
    publish(fresh, drafted(fresh, second), WRITER)
    publish(fresh, again, WRITER)  # a further part of the same file
    with pytest.raises(ConflictError) as error:
        publish(fresh, number, WRITER)
    assert "5/KH-UBND" in str(error.value)


def test_a_change_begins_at_the_version_of_its_day(fresh: Store) -> None:
    """What is published of a later day is no part of a change of an earlier one."""
    first = versions_on(fresh, FIRST)["HN-II-2"]
    publish(fresh, drafted(fresh, replace(first, day=LATER, name="Ven sông B")), WRITER)
    assert [versions_on(fresh, day)["HN-II-2"].name for day in (EARLY, DAY, LATER)] == [first.name] * 2 + ["Ven sông B"]
    assert version_of(fresh, "hn-ii-2", DAY).name == first.name


def test_the_life_of_a_site_says_of_which_one_it_came(fresh: Store) -> None:
    part = [version("HN-II-6"), event("HN-I-1", "split", DAY, "HN-II-6", "HN-I-2")]
    publish(fresh, drafted(fresh, *part, event("HN-I-3", "merged", DAY, "HN-I-2")), WRITER)
    steps = [(step.what, step.about) for step in life(fresh, "HN-II-6")]
    assert steps == [("from_split", ("HN-I-1",)), ("version", ("Đường mới",)), ("level", ("low",))]
    what = [step.what for step in life(fresh, "HN-I-2")]
    assert what == ["version", "level", "from_split", "from_merged"]


def test_the_life_of_a_site_has_its_levels_in_the_order_of_time(fresh: Store) -> None:
    fresh.add(level("HN-I-1", DAY, "active"), WRITER)
    publish(fresh, drafted(fresh, event("HN-I-1", "cleared", LATER)), WRITER)
    steps = [(step.day, step.what, step.about, step.document) for step in life(fresh, "HN-I-1")]
    first, last = steps[0], (LATER, "cleared", (), SAID["document"])
    assert [first[1], *steps[-2:]] == ["version", (DAY, "level", ("active",), SAID["document"]), last]
    problem = not_listed(fresh, "HN-I-1")
    assert problem is not None
    assert ["level", ["active"]] in [[one["event"], one["about"]] for one in problem.parameters["life"]]


def test_another_name_brings_no_site_back(fresh: Store) -> None:
    """As records may hold it that were written before this was refused."""
    from geo.records.drafting import site_lives

    publish(fresh, drafted(fresh, event(GONE, "cleared", DAY)), WRITER)
    spec = event(GONE, "renamed", LATER)
    with fresh.transaction() as write:
        from geo.records.kinds.registry import kind_of

        write.insert(kind_of(spec), kind_of(spec).values(spec), WRITER)
    assert GONE not in list(registers_on(date(2026, 10, 1), "hanoi", fresh).sites["site_id"])
    assert site_lives.life_faults(fresh.rows, [event("HN-I-1", "cleared", LATER)]) == []


def test_a_draft_that_fitted_is_looked_at_again_when_it_is_published(fresh: Store) -> None:
    """Who was quicker is named first, with both events; an agreement of a route that changed since is refused."""
    first, second = drafted(fresh, event(GONE, "cleared", DAY)), drafted(fresh, event(GONE, "cleared", LATER))
    ward = beside(fresh, "HN-I-1", 900.0, 1000.0)[0]
    agreement = drafted(fresh, agreed("HN-I-1", ward, start=900.0, end=1000.0))
    listed = drafted(fresh, agreed(GONE, beside(fresh, GONE)[0]))
    publish(fresh, first, WRITER)
    with pytest.raises(ConflictError):
        publish(fresh, second, WRITER)
    publish(fresh, drafted(fresh, version("HN-I-1", DAY)), WRITER)
    for number, code in ((agreement, "records.beyond-route"), (listed, "records.site-left")):
        with pytest.raises(InputError) as error:
            publish(fresh, number, WRITER)
        assert [problem.code for problem in error.value.problems] == [code]


def beside(store: Store, site: str, start: float | None = None, end: float | None = None) -> list[str]:
    """The wards that a stretch of a site meets, or that lie beside it."""
    route = registers_on(FIRST, "hanoi", store).sites.set_index("site_id").geometry[site]
    return sorted(wards_beside(stretch_of(route, start, end), city("hanoi")))


@pytest.mark.parametrize(
    ("line", "slug", "expected"),
    [
        (HUE, "hanoi", "records.route-in-no-ward"),
        (LINE, "hue", "records.route-in-no-ward"),
        ([(106.2, 21.0), (105.99, 21.0)], "hanoi", "records.route-elsewhere"),
        (LINE, "hanoi", ""),
        (HUE, "hue", ""),
    ],
)
def test_a_route_lies_in_its_city(store: Store, line: list[tuple[float, float]], slug: str, expected: str) -> None:
    site = f"{city(slug).site_prefix}-II-9"
    assert codes(store, version(site, line=line), slug=slug) == ([expected] if expected else [])


@pytest.mark.parametrize("shape", [shapely.Point(HUE[0]), shapely.Point(HUE[0]).buffer(0.002)])
def test_areas_and_points_lie_in_their_city_too(store: Store, shape: Any) -> None:
    made = replace(version("HN-II-9"), geometry=shapely.to_geojson(shape))
    assert codes(store, made) == ["records.route-in-no-ward"]
    moved = affinity.translate(shape, LINE[0][0] - HUE[0][0], LINE[0][1] - HUE[0][1])
    assert codes(store, replace(made, geometry=shapely.to_geojson(moved))) == []


@pytest.mark.parametrize(
    ("wards", "start", "end", "expected"),
    [
        (["00004"], None, None, "records.ward-not-met"),
        (["of the site"], None, None, ""),
        (["of the site"], 100.0, 300.0, ""),
        (["of the site"], 4000.0, 999_000.0, "records.beyond-route"),
        (["of the site"], 999_000.0, None, "records.beyond-route"),
    ],
)
def test_an_agreement_fits_the_route(
    store: Store, wards: list[str], start: float | None, end: float | None, expected: str
) -> None:
    met = beside(store, "HN-II-1", 100.0, 300.0)
    assert "00004" not in beside(store, "HN-II-1")
    named = [met[0] if ward == "of the site" else ward for ward in wards]
    assert codes(store, agreed("HN-II-1", *named, start=start, end=end)) == ([expected] if expected else [])


def test_an_agreement_is_held_against_the_route_of_its_day(store: Store) -> None:
    """Of the draft itself too, where it brings the route."""
    new = version("HN-II-1", LATER)
    assert codes(store, new, agreed("HN-II-1", beside(store, "HN-II-1")[0])) == []
    assert codes(store, version("HN-II-9"), agreed("HN-II-9", "00004")) == ["records.ward-not-met"]


@pytest.mark.parametrize(
    ("number", "code"),
    [("II.3", "records.site-number-taken"), ("I.9", "records.no-site-number"), ("x", "records.no-site-number")],
)
def test_a_number_that_somebody_names_is_taken_as_it_is_or_refused(number: str, code: str) -> None:
    hanoi, known = city("hanoi"), ["HN-II-3", "HN-II-5"]
    with pytest.raises(InputError) as error:
        id_of_number(known, hanoi, "public", number)
    assert [problem.code for problem in error.value.problems] == [code]
    assert error.value.problems[0].parameters["free"] == "HN-II-6"
    assert id_of_number(known, hanoi, "public", "II.9") == "HN-II-9"


def phase(what: str, day: date, ward: str = "00175") -> NewPhaseChange:
    return NewPhaseChange(ward_code=ward, phase=what, day=day, document="15/KH-UBND")


def said_of(store: Store, *entries: NewEntry) -> list[tuple[str, bool]]:
    """What is said of a draft of these entries about phases, agreements and what it says itself."""
    found = findings(store, draft_of(store, drafted(store, *entries)))
    keys = [(one.message.code.removeprefix("records.finding."), one.look) for one in found]
    return [one for one in keys if one[0].startswith(("phase-", "agreement-", "said-twice"))]


def test_a_phase_that_is_set_against_another_of_its_ward_is_said(fresh: Store) -> None:
    publish(fresh, drafted(fresh, phase("expansion", DAY)), WRITER)
    assert said_of(fresh, phase("none", DAY)) == [("phase-replaced", True)]
    assert said_of(fresh, phase("none", FIRST), phase("none", FIRST, "00004")) == [
        ("phase-replaced", True),
        ("phase-later", True),
    ]
    assert said_of(fresh, phase("pilot", date(2025, 12, 1))) == [("phase-early", True)]
    assert said_of(fresh, phase("none", LATER)) == []
    for held in (phase("expansion", DAY), phase("pilot", FIRST)):
        assert codes(fresh, held) == ["records.phases-held"]
    assert said_of(fresh, phase("expansion", DAY), phase("none", LATER, "00004")) == [("phase-held", False)]


def test_an_agreement_on_the_same_stretch_is_said(fresh: Store) -> None:
    one, other = beside(fresh, "HN-I-1")[:2]
    first, second = (agreed("HN-I-1", ward, start=100.0, end=300.0) for ward in (one, other))
    publish(fresh, drafted(fresh, first), WRITER)
    assert said_of(fresh, second) == [("agreement-replaced", True)]
    assert said_of(fresh, replace(second, day=LATER)) == [("agreement-replaced", False)]
    assert said_of(fresh, replace(second, day=FIRST, to_m=200.0)) == [("agreement-later", True)]
    for taken in (first, replace(second, day=FIRST, from_m=300.0, to_m=400.0), replace(second, wards=(), day=LATER)):
        assert [key for key, look in said_of(fresh, taken) if look] == []


def test_stretches_that_overlap_in_two_drafts_are_said_and_refused(fresh: Store) -> None:
    one, other = beside(fresh, "HN-I-1")[:2]
    first, second = agreed("HN-I-1", one, start=100.0, end=300.0), agreed("HN-I-1", other, start=200.0, end=400.0)
    numbers = [drafted(fresh, entry) for entry in (first, second, replace(second, from_m=300.0))]
    said = [{found.message.code for found in findings(fresh, draft_of(fresh, number))} for number in numbers]
    assert ["records.finding.also-in-draft" in codes for codes in said] == [True, True, False]
    publish(fresh, numbers[0], WRITER)
    with pytest.raises(ConflictError) as error:
        publish(fresh, numbers[1], WRITER)
    assert [problem.code for problem in error.value.problems] == ["records.covered-up"]
    assert error.value.problems[0].parameters["in_force"]["wards"] == (one,)
    publish(fresh, numbers[2], WRITER)


@pytest.mark.parametrize(
    ("entries", "count"),
    [
        ([phase("expansion", DAY), phase("none", DAY)], 1),
        ([event("HN-I-6", "cleared", DAY), event("HN-I-6", "returned", DAY)], 1),
        ([version("HN-II-6"), version("HN-II-6", name="Đường khác")], 1),
        ([phase("expansion", DAY), phase("none", LATER), phase("none", DAY, "00004")], 0),
        ([event("HN-I-6", "cleared", DAY), event("HN-I-6", "returned", LATER)], 0),
    ],
)
def test_a_draft_that_says_two_things_of_one_day_is_to_be_looked_at(
    store: Store, entries: list[NewEntry], count: int
) -> None:
    assert [key for key, look in said_of(store, *entries) if look].count("said-twice") == count


def test_wards_beside_a_route_are_those_of_all_projected() -> None:
    wards, hanoi = load_wards(city=city("hanoi")), city("hanoi")
    polygons = to_metric(wards.geometry.to_numpy(), hanoi.province_code)
    shapes = [shapely.LineString(LINE), shapely.box(105.6, 20.9, 105.9, 21.2), *shapely.points([LINE[0], HUE[0]])]
    shapes += [shapely.get_point(shapely.boundary(shapely.get_geometry(wards.geometry.iloc[0], 0)), 0)]
    for shape in shapes:
        metric = to_metric(np.array([shape], dtype=object), hanoi.province_code)[0]
        near = shapely.dwithin(polygons, metric, BORDER_M)
        assert wards_beside(shape, hanoi) == set(wards["code"].to_numpy()[near])
