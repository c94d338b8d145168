"""Registers are published in one step; the past stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from fresh_records import fresh_records
from sqlalchemy.event import listen, remove

from geo.errors import InputError
from geo.output.maps.kinds.compare import changes
from geo.records.drafting.content import entries_of, written
from geo.records.entries import Actor, NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.register_draft import NewRegisterDraft
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.errors import ConflictError, PrivacyError
from geo.records.open import opened_store, seed_plan
from geo.records.plan_files import PlanFile, plan_file, stored_digests
from geo.records.publishing import as_published, draft_of, drafts, new_draft, publish, save_draft
from geo.records.store import Store
from geo.situation import at, load_registers, registers_ever, registers_on
from geo.situation.drafts import findings as module
from geo.situation.drafts.findings import findings
from geo.situation.drafts.proposed import Proposed

WRITER, OTHER = Actor("so-y-te", "Sở Y tế"), Actor("chi-cuc", "Chi cục")
BEFORE, AFTER, LATER = date(2026, 12, 31), date(2027, 1, 8), date(2027, 2, 1)
DOCUMENT = "Kế hoạch 15/KH-UBND"
HUE_LINE = shapely.to_geojson(shapely.LineString([(107.585, 16.465), (107.590, 16.468)]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    moments = iter(datetime(2027, 1, 5, 8, minute, tzinfo=UTC) for minute in range(59))
    with opened_store(fresh_records(tmp_path), now=lambda: next(moments, datetime(2027, 2, 2, tzinfo=UTC))) as made:
        yield made


def version(site_id: str = "HN-II-6", day: date = AFTER, **other: object) -> NewSiteVersion:
    line = shapely.LineString([(105.8400, 21.0100), (105.8450, 21.0150)])
    given = {"name": "Đường Giải Phóng đoạn mới", "group": "public", "level": "active", "declared_wards": ("00256",)}
    common = {"geometry": shapely.to_geojson(line), "document": DOCUMENT, "office": "UBND thành phố Hà Nội"}
    return NewSiteVersion(**{"site_id": site_id, "day": day, **given, **common, **other})  # type: ignore[arg-type]


def event(site_id: str, what: str, day: date = AFTER, others: tuple[str, ...] = ()) -> NewSiteEvent:
    return NewSiteEvent(site_id=site_id, event=what, others=others, day=day, document=DOCUMENT, office="UBND thành phố")


def drafted(store: Store, *entries: NewEntry, day: date = AFTER) -> int:
    draft = new_draft(store, "hanoi", "Kế hoạch 2027", entries, day=day, document=DOCUMENT, office="UBND thành phố")
    return save_draft(store, draft, WRITER).id


def said_of(store: Store, number: int) -> set[str]:
    """What there is to say of a draft before it is published."""
    return {one.message.code.removeprefix("records.finding.") for one in findings(store, draft_of(store, number))}


def ids(store: Store, day: date, known_at: datetime | None = None) -> list[str]:
    return list(registers_on(day, "hanoi", store, known_at).sites["site_id"])


def test_the_files_are_the_first_plan(store: Store) -> None:
    shipped = load_registers("hanoi")
    assert len(store.entries("site_version")) == len(shipped.sites) == 12
    assert sorted(number for (number,) in store.rows("city_plan", ("number",))) == ["07/KH-UBND", "292/KH-UBND"]
    for day in (date(2020, 1, 1), BEFORE, LATER):
        assert registers_on(day, "hanoi", store) is shipped
    assert seed_plan(store) == 0


def test_a_draft_appears_nowhere_else(store: Store) -> None:
    number = drafted(store, version(), event("HN-I-4", "cleared"))
    assert ids(store, LATER) == list(load_registers("hanoi").sites["site_id"])
    assert [draft.number for draft in drafts(store)] == [number]
    assert store.registers is not None
    assert "HN-II-6" not in store.registers.site_lengths


def test_published_from_its_day_on(store: Store) -> None:
    known = store.known_at()
    untouched = at(BEFORE, store=store, known_at=known)
    plan = NewPlan(
        day=AFTER, city="hanoi", number="15/KH-UBND", first_year=2027, last_year=2027, document=DOCUMENT, office="UBND"
    )
    level = NewAssessment(site_id="HN-II-6", level="active", day=AFTER, document="15/KH-UBND", office="UBND")
    phase = NewPhaseChange(ward_code="00004", phase="expansion", day=AFTER, document="15/KH-UBND")
    publish(
        store,
        drafted(store, plan, version(), event("HN-I-4", "cleared"), event("HN-II-3", "cleared"), level, phase),
        WRITER,
    )
    assert ids(store, BEFORE) == list(load_registers("hanoi").sites["site_id"])
    assert registers_on(BEFORE, "hanoi", store) is load_registers("hanoi")
    now = ids(store, LATER)
    assert now == [s for s in load_registers("hanoi").sites["site_id"] if s not in ("HN-I-4", "HN-II-3")] + ["HN-II-6"]
    after = at(LATER, store=store)
    assert set(after.crossings["site_id"]) == set(now)
    assert dict(zip(after.wards["code"], after.wards["phase"], strict=True))["00004"] == "expansion"
    assert any(flag.site_id == "HN-II-6" for flag in after.flags or ())
    assert ids(store, LATER, known) == list(load_registers("hanoi").sites["site_id"])
    assert "HN-I-4" in list(registers_ever("hanoi", store).sites["site_id"])
    before = at(BEFORE, store=store)
    assert before.sites.equals(untouched.sites)
    assert before.crossings.equals(untouched.crossings)
    assert before.flags == untouched.flags
    assert drafts(store) == []


def test_what_a_draft_proposes_is_what_publishing_brings(store: Store) -> None:
    level = NewAssessment(site_id="HN-II-6", level="active", day=AFTER, document="15/KH-UBND", office="UBND")
    phase = NewPhaseChange(ward_code="00004", phase="expansion", day=AFTER, document="15/KH-UBND")
    gone, moved = event("HN-I-4", "cleared"), version("HN-I-5", name="Đường khác", level="low")
    number = drafted(store, version(), gone, moved, level, phase)
    (draft,) = drafts(store)
    today = at(AFTER, store=store)
    proposed = at(AFTER, store=Proposed(store, draft.entries, ("draft", draft.row)))
    assert "HN-I-4" in list(today.sites["site_id"])
    assert "HN-I-4" not in list(proposed.sites["site_id"])
    earlier = at(BEFORE, store=Proposed(store, draft.entries, ("draft", draft.row)))
    assert earlier.sites.equals(today.sites)
    publish(store, number, WRITER)
    published = at(AFTER, store=store)
    for part in ("sites", "wards", "crossings"):
        assert getattr(proposed, part).equals(getattr(published, part)), part
    assert proposed.flags == published.flags
    assert proposed.agreements == published.agreements


def test_a_changed_route_moves_reports_from_its_day_on(store: Store) -> None:
    shipped = load_registers("hanoi").sites.set_index("site_id").loc["HN-I-4"]
    publish(store, drafted(store, version("HN-I-4", name="Đường Trần Duy Hưng (đã sửa)")), WRITER)
    assert store.registers is not None
    old = store.registers.place("HN-I-4", 0.0, BEFORE)
    assert old == pytest.approx(shipped.geometry.coords[0])
    assert store.registers.place("HN-I-4", 0.0, LATER) == pytest.approx((105.84, 21.01))
    assert at(LATER, store=store).sites.set_index("site_id").loc["HN-I-4", "name"].endswith("(đã sửa)")
    assert at(BEFORE, store=store).sites.set_index("site_id").loc["HN-I-4", "name"] == shipped["name"]


def test_cleared_and_returned(store: Store) -> None:
    publish(store, drafted(store, event("HN-I-4", "cleared")), WRITER)
    publish(store, drafted(store, event("HN-I-4", "returned", LATER), day=LATER), WRITER)
    assert "HN-I-4" not in ids(store, date(2027, 1, 20))
    assert "HN-I-4" in ids(store, LATER)


def test_split_and_merged_end_a_site(store: Store) -> None:
    parts = (version("HN-II-6"), version("HN-II-7"), event("HN-II-5", "split", others=("HN-II-6", "HN-II-7")))
    publish(store, drafted(store, *parts), WRITER)
    assert [site for site in ids(store, LATER) if site.startswith("HN-II")][-3:] == ["HN-II-4", "HN-II-6", "HN-II-7"]
    with pytest.raises(InputError):
        drafted(store, event("HN-II-4", "merged"))


def test_a_conflict_names_both_versions(store: Store) -> None:
    first, second = drafted(store, version("HN-I-4", name="Đường A")), drafted(store, version("HN-I-4", name="Đường B"))
    publish(store, first, WRITER)
    with pytest.raises(ConflictError) as error:
        publish(store, second, WRITER)
    (problem,) = error.value.problems
    assert problem.parameters["in_force"]["name"] == "Đường A"
    assert problem.parameters["proposed"]["name"] == "Đường B"
    with pytest.raises(ConflictError):
        publish(store, first, WRITER)


def test_an_event_of_a_site_that_was_changed_meanwhile_conflicts_with_both_sides(store: Store) -> None:
    cleared = drafted(store, event("HN-I-4", "cleared"))
    publish(store, drafted(store, version("HN-I-4", name="Đường A"), event("HN-I-4", "renamed")), WRITER)
    assert "outdated" in said_of(store, cleared)
    with pytest.raises(ConflictError) as error:
        publish(store, cleared, WRITER)
    (problem,) = error.value.problems
    assert problem.parameters["in_force"]["name"] == "Đường A"
    assert problem.parameters["proposed"]["event"] == "cleared"
    assert "now Đường A (" in str(problem) and "the draft: cleared (" in str(problem)


def test_a_new_site_whose_number_was_taken_meanwhile_gets_the_next_one(store: Store) -> None:
    """All of its entries follow, and the draft says it; one of the same name stays in conflict."""
    other = shapely.to_geojson(shapely.LineString([(105.8000, 21.0300), (105.8060, 21.0330)]))
    level = NewAssessment(site_id="HN-II-6", level="active", day=AFTER, document=DOCUMENT, office="UBND")
    split = (event("HN-II-5", "split", others=("HN-II-6", "HN-II-7")), version("HN-II-7", name="Đường C"))
    first, again = drafted(store, version(name="Đường A")), drafted(store, version(name="ĐƯỜNG A"))
    second = drafted(store, version(name="Đường B", geometry=other), level, *split)
    beside = drafted(store, version(name="Đường D"))
    assert said_of(store, first) >= {"also-in-draft", "number-in-draft"}
    publish(store, first, WRITER)
    publish(store, second, WRITER)
    assert as_published(store, draft_of(store, beside)).renumbered == {"HN-II-6": "HN-II-9"}
    assert "double" in said_of(store, beside)
    assert "outdated" in said_of(store, again)
    with pytest.raises(ConflictError) as refused:
        publish(store, again, WRITER)
    assert [problem.code for problem in refused.value.problems] == ["records.site-may-be-same"]
    publish(store, beside, WRITER)
    names = dict(store.rows("site_version", ("site_id", "name")))
    assert [names[f"HN-II-{number}"] for number in (6, 7, 8, 9)] == ["Đường A", "Đường C", "Đường B", "Đường D"]
    new = {site for (site,) in store.rows("assessment", ("site_id",)) if site > "HN-II-5"}
    assert new == {f"HN-II-{number}" for number in (6, 7, 8, 9)}
    events = store.entries("site_event")
    assert tuple(events["others"].iloc[-1]) == ("HN-II-8", "HN-II-7")
    assert (draft_of(store, first).renumbered, draft_of(store, second).renumbered) == ({}, {"HN-II-6": "HN-II-8"})


def test_a_second_person_where_it_is_asked_for(store: Store) -> None:
    number = drafted(store, version())
    with pytest.raises(InputError):
        publish(store, number, WRITER, by_two=True)
    publish(store, number, OTHER, by_two=True)
    assert "HN-II-6" in ids(store, LATER)


def test_entries_are_checked(store: Store) -> None:
    with pytest.raises(PrivacyError):
        drafted(store, version(note="Gọi 0912 345 678"))
    for wrong in (
        {"geometry": "{}"},
        {"group": "x"},
        {"accuracy_m": -1.0},
        {"handed_over": 1800},
        {"declared_wards": ("99999",)},
    ):
        with pytest.raises(InputError):
            drafted(store, version(**wrong))  # type: ignore[arg-type]
    for content in ("{", "[]", '[{"kind": "report", "entry": {}}]', '[{"kind": "site_version", "entry": {"x": 1}}]'):
        draft = NewRegisterDraft(day=AFTER, city="hanoi", title="x", content=content, document="x", office="x")
        with pytest.raises(InputError):
            save_draft(store, draft, WRITER)


def test_what_a_draft_holds_comes_back(store: Store) -> None:
    entries = (version(), event("HN-I-4", "cleared"))
    assert entries_of(json.dumps([written(entry) for entry in entries])) == entries
    number = drafted(store, *entries)
    (draft,) = drafts(store)
    assert draft.number == number
    assert draft.entries[:2] == entries
    assert draft.base == {"HN-I-4": draft.base["HN-I-4"], "HN-II-6": None}


def test_a_stored_file_is_looked_through_once(store: Store) -> None:
    """A published draft holds its plan's file for good: lists of drafts and plans do not read it again."""
    file = PlanFile("ke-hoach.txt", b"a plan")
    plan = NewPlan(
        day=AFTER, city="hanoi", number="15/KH-UBND", title="x", first_year=2027, last_year=2027,
        file_digest=file.digest, document=DOCUMENT, office="UBND",
    )  # fmt: skip
    said: dict[str, Any] = {"day": AFTER, "document": DOCUMENT, "office": "UBND thành phố"}
    draft = new_draft(store, "hanoi", "Kế hoạch 2027", [plan], file=file, **said)
    number = save_draft(store, draft, WRITER).id
    publish(store, number, WRITER)
    waiting = drafted(store, version())
    assert stored_digests(store) == {file.digest}
    read: list[str] = []

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        read.append(statement)

    listen(store._engine, "before_cursor_execute", watch)
    assert stored_digests(store) == {file.digest}
    assert not [statement for statement in read if "register_draft.content" in statement]
    read.clear()
    assert [draft.number for draft in drafts(store)] == [waiting]
    assert len([statement for statement in read if "register_draft.content" in statement]) == 1
    remove(store._engine, "before_cursor_execute", watch)
    assert plan_file(store, file.digest) == file
    assert draft_of(store, number).published


def test_an_event_of_a_site_that_is_not_there_is_refused(store: Store) -> None:
    for wrong in (event("HN-II-99", "cleared"), event("HN-I-4", "split", others=("HN-II-98",))):
        with pytest.raises(InputError):
            drafted(store, wrong)


def test_two_drafts_about_the_identity_of_a_site_conflict_with_both_events(store: Store) -> None:
    """No version of it was made meanwhile: what became of the site is compared too."""
    first, second = drafted(store, event("HN-I-4", "cleared")), drafted(store, event("HN-I-4", "cleared"))
    publish(store, first, WRITER)
    with pytest.raises(ConflictError) as error:
        publish(store, second, WRITER)
    (problem,) = error.value.problems
    assert problem.parameters["in_force"]["event"] == problem.parameters["proposed"]["event"] == "cleared"


def test_two_merges_do_not_lose_both_sites(store: Store) -> None:
    """A site that another becomes is compared too, so that it can't have gone meanwhile."""
    one = drafted(store, event("HN-II-1", "merged", others=("HN-II-2",)))
    other = drafted(store, event("HN-II-2", "merged", others=("HN-II-1",)))
    publish(store, one, WRITER)
    with pytest.raises(ConflictError):
        publish(store, other, WRITER)
    assert "HN-II-2" in ids(store, LATER)


def test_the_first_site_of_a_city_is_not_in_force_before_its_day(store: Store) -> None:
    """The plan of Huế lists none: that nothing older is known does not hold for it."""
    draft = new_draft(
        store,
        "hue",
        "Kế hoạch 2027",
        [version("HUE-II-1", geometry=HUE_LINE, declared_wards=())],
        day=AFTER,
        document=DOCUMENT,
        office="UBND",
    )
    publish(store, save_draft(store, draft, WRITER).id, WRITER)
    days = (date(2026, 6, 1), BEFORE, AFTER)
    assert [len(registers_on(day, "hue", store).sites) for day in days] == [0, 0, 1]
    assert registers_on(BEFORE, "hue", store) is load_registers("hue")


def test_a_draft_of_one_city_changes_no_site_of_another(store: Store) -> None:
    draft = new_draft(store, "hue", "x", [event("HN-I-1", "cleared")], day=AFTER, document=DOCUMENT, office="UBND")
    with pytest.raises(InputError, match="HN-I-1"):
        save_draft(store, draft, WRITER)


def test_a_comparison_says_another_name_and_that_a_site_left(store: Store) -> None:
    old = store.rows("site_version", ("site_id", "geometry", "level", "group"))
    (_, geometry, level, group), *_ = [row for row in old if row[0] == "HN-I-5"]
    renamed = version("HN-I-5", name="Đường khác", geometry=geometry, level=level, group=group)
    publish(store, drafted(store, renamed, event("HN-I-5", "renamed"), event("HN-I-4", "cleared")), WRITER)
    found = {
        (one.feature, one.what): (one.before, one.after)
        for one in changes(at(BEFORE, store=store), at(LATER, store=store))
    }
    was = load_registers("hanoi").sites.set_index("site_id").loc["HN-I-5", "name"]
    assert found["site-HN-I-5", "Tên"] == (was, "Đường khác")
    assert found["site-HN-I-4", "Mức độ"][1] == "ngoài danh mục"


def test_what_a_draft_does_is_worked_out_once_for_each_state_of_the_records(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, worked = drafted(store, event("HN-I-4", "cleared")), []
    made = module._found

    def counted(*given: Any) -> Any:
        worked.append(1)
        return made(*given)

    monkeypatch.setattr(module, "_found", counted)
    first = findings(store, draft_of(store, number))
    assert findings(store, draft_of(store, number)) == first and len(worked) == 1
    drafted(store, event("HN-I-4", "cleared", LATER))
    assert "also-in-draft" in said_of(store, number) and len(worked) == 2
