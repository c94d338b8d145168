"""The programme that a plan brings: counted as the one before it, in force from its day, recorded as all else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records
from plan_files import DUE, as_docx, plan

from geo.analysis.coverage.new_sites import listing_target
from geo.errors import InputError
from geo.importing.plans import read_plan
from geo.importing.registers.changes import Papers
from geo.importing.registers.plan_changes import compared, entries_of_plan, programme_of, said_of_programme
from geo.importing.registers.plan_programme import programme_of_plan
from geo.records.entries import Actor, NewCoverageEntry
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.model.programme_documents import definition_of, programme_from
from geo.records.open import opened_store
from geo.records.programmes import all_programmes, programme_for, programme_named
from geo.records.publishing import new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference.programme.terms import Wording
from geo.reference.programmes import Period, load_programme, load_programmes, read_programme
from geo.settings import data_dir
from geo.situation import at
from geo.visibility.coverage import entered_coverage

WRITER = Actor("so-y-te", "Sở Y tế")
FIRST, BEFORE, AFTER = date(2027, 1, 8), date(2026, 12, 31), date(2027, 2, 1)
PAPERS = Papers(FIRST, "Kế hoạch 15/KH-UBND", "UBND thành phố Hà Nội")
INDICATORS = (
    ["STT", "Chỉ tiêu", "Cơ quan chủ trì"],
    ["1", "90% xã, phường xây dựng kế hoạch và tổ chức thực hiện các hoạt động phòng, chống mại dâm.", "UBND các xã, phường"],
    ["2", "Xét xử 120 vụ án liên quan đến hoạt động mại dâm.", "Viện Kiểm sát"],
    ["3", "Lắp đặt 25 camera tại các điểm phức tạp", "Công an Thành phố"],
    ["4", "Xây dựng phần mềm theo dõi", "Sở Y tế"],
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2027, 2, 2, 3, tzinfo=UTC)) as made:
        yield made


def published(store: Store, folder: Path) -> None:
    made = plan().line(DUE, "DANH MỤC CÁC CHỈ TIÊU").table(*INDICATORS)
    made.line("1. Các xã, phường triển khai nhân rộng năm 2027").table(["Stt", "Tên xã, phường"], ["1", "Phường Láng"])
    found = compared(store, read_plan(as_docx(made, folder / "plan.docx")), FIRST)
    brought = programme_of(store, found, PAPERS)
    assert brought is not None
    assert [remark.code for remark in brought.remarks] == ["importing.plan-indicator-counted", "importing.plan-indicator-done"]  # fmt: skip
    entries, _ = entries_of_plan(store, found, PAPERS)
    said = {"day": FIRST, "document": PAPERS.document, "office": PAPERS.office}
    publish(store, save_draft(store, new_draft(store, "hanoi", "2027", entries, **said), WRITER).id, WRITER)  # type: ignore[arg-type]


def test_a_definition_holds_all_of_a_programme() -> None:
    examples = (data_dir() / "programmes" / "examples").glob("*.toml")
    for programme in (*load_programmes(), *map(read_programme, examples)):
        # Wording and office are those of the city's file, whichever plan holds.
        assert programme_from(definition_of(programme)) == replace(programme, words=Wording(), office=())
    with pytest.raises(InputError):
        programme_from(definition_of(load_programme("hanoi")) | {"indicators": []})


def test_the_programme_of_a_plan_holds_from_its_day(store: Store, tmp_path: Path) -> None:
    untouched = at(BEFORE, store=store)
    published(store, tmp_path)
    before, after = at(BEFORE, store=store), at(AFTER, store=store)
    assert before.programme == untouched.programme == load_programme("hanoi")
    assert (before.state, before.coverage is not None) == (untouched.state, True)
    now = after.programme
    assert "DANH MỤC" not in now.title
    assert (now.id, now.document, now.issued, now.first_year) == ("hanoi-2027", PAPERS.document, FIRST, 2027)
    assert [(t.id, t.measure, t.figure) for t in now.targets] == [
        ("1", "share_of_wards", 90),
        ("2", "count", 120),
        ("3", "count", 25),
        ("4", "done", 1),
    ]
    assert [str(entry.day) for entry in now.deadlines] == ["2027-06-15", "2027-12-15"]
    assert after.coverage is not None
    assert str(after.coverage.period) == "2027"
    assert programme_for(after.programmes, Period.parse("2026-H1")).id == "hanoi-2026"
    with pytest.raises(InputError):
        programme_for(after.programmes, Period(2031))
    assert programme_named("hanoi-2027", AFTER, store) == now
    assert programme_named("hanoi", BEFORE, store).id == "hanoi-2026"


def test_figures_of_both_years_are_entered_and_counted(store: Store, tmp_path: Path) -> None:
    published(store, tmp_path)
    said = {"document": "1/BC", "office": "Sở Y tế", "day": AFTER}
    new = NewCoverageEntry(programme="hanoi-2027", ward_code=None, indicator="3", period="2027", value=5, **said)  # type: ignore[arg-type]
    old = NewCoverageEntry(programme="hanoi-2026", indicator="14b", period="2026", value=1, ward_code="00199", **said)  # type: ignore[arg-type]
    for entry in (new, old):
        store.add(entry, WRITER)
    with pytest.raises(InputError):
        store.add(replace(new, indicator="9"), WRITER)
    after = at(AFTER, store=store)
    assert after.coverage is not None
    counted = {result.target.id: result.value for result in after.coverage.results}
    assert counted["3"] == 5
    # Phường Láng is of the pilot phase in 2026: next year's phases change nothing of that year's count.
    year = entered_coverage(after, store, Period(2026))
    phases = year.table.drop_duplicates("code").set_index("code")["phase"]
    assert year.programme.id == "hanoi-2026"
    assert phases["00199"] == at(BEFORE, store=store).wards.set_index("code").loc["00199", "phase"]


def test_a_definition_that_breaks_the_schema_is_refused(store: Store) -> None:
    import json

    wrong = definition_of(load_programme("hanoi")) | {"first_year": "x"}
    for content in ({"definition": wrong}, {"definition": definition_of(load_programme("hue"))}):
        entry = NewProgrammeVersion(
            programme="hanoi-2026", city="hanoi", content=json.dumps(content), document="1/KH", office="UBND", day=FIRST
        )
        assert [fault.field for fault in store.check(entry)][:1] == ["content"]


@pytest.mark.shared
@pytest.mark.parametrize(("file", "id"), [("hanoi_07_KH-UBND_2026.txt", "hanoi-2026"), ("hue_292_KH-UBND_2026-2030.txt", "hue-2026-2030")])  # fmt: skip
def test_the_shipped_plans_give_their_own_targets(store: Store, shared: Path, file: str, id: str) -> None:
    programme = load_programme(id)
    papers = Papers(date(2026, 12, 1), programme.document, programme.issuer)
    found = compared(store, read_plan(shared / "plans" / file), papers.day)
    brought = programme_of(store, found, papers)
    assert brought is not None
    assert brought.remarks == ()
    assert brought.programme.targets == programme.targets


def test_a_plan_without_indicators_goes_on_with_those_before_it(store: Store, tmp_path: Path) -> None:
    """Periods follow the plan in force, the list of new sites as well; what is said names both plans."""
    untouched = at(BEFORE, store=store)
    made = plan().line("1. Các xã, phường triển khai nhân rộng năm 2027").table(["Stt", "Tên xã, phường"], ["1", "Phường Láng"])  # fmt: skip
    found = compared(store, read_plan(as_docx(made, tmp_path / "plan.docx")), FIRST)
    (said,) = said_of_programme(store, found, PAPERS)
    assert (said.code, "07/KH-UBND" in said.vi) == ("importing.plan-no-indicators", True)
    entries, _ = entries_of_plan(store, found, PAPERS)
    papers = {"day": FIRST, "document": PAPERS.document, "office": PAPERS.office}
    publish(store, save_draft(store, new_draft(store, "hanoi", "2027", entries, **papers), WRITER).id, WRITER)  # type: ignore[arg-type]
    before, after = at(BEFORE, store=store), at(AFTER, store=store)
    assert (before.state, before.programmes) == (untouched.state, untouched.programmes)
    now, old = after.programme, before.programme
    assert (now.id, now.document, now.issued, now.indicators_of) == ("hanoi-2027", PAPERS.document, FIRST, old.document)
    assert now.targets == old.targets
    assert after.coverage is not None
    assert str(after.coverage.period) == "2027"
    assert [str(entry.day) for entry in now.deadlines] == ["2027-06-17", "2027-12-17"]
    new = NewCoverageEntry(programme="hanoi-2027", ward_code=None, indicator="13a", period="2027", value=0, document="1/BC", office="Sở Y tế", day=AFTER)  # fmt: skip
    assert store.check(replace(new, ward_code="00199")) == []
    assert listing_target(now) is not None
    assert "hanoi-2027" in {each.id for each in all_programmes(store)}


def test_a_store_of_before_answers_the_target_of_new_sites_by_places(store: Store) -> None:
    """What was recorded before targets could say so (`lists`) has it from the city's file."""
    import json

    definition = definition_of(load_programme("hanoi"))
    for indicator in definition["indicators"]:
        for target in indicator["targets"]:
            target.pop("lists", None)
    content = json.dumps({"definition": definition}, ensure_ascii=False)
    entry = NewProgrammeVersion(programme="hanoi-2026", city="hanoi", content=content, document="1/KH", office="UBND", day=FIRST)  # fmt: skip
    publish(store, save_draft(store, new_draft(store, "hanoi", "x", [entry], day=FIRST, document="1/KH", office="UBND"), WRITER).id, WRITER)  # fmt: skip
    target = listing_target(programme_named("hanoi", AFTER, store))
    assert target is not None
    assert target.id == "13a"


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Không quá 5 vụ tái phạm trong năm", "done"),
        ("Giảm ít nhất 10 vụ việc so với năm trước", "done"),
        ("Giám sát 12 cơ sở kinh doanh dịch vụ", "count"),
    ],
)
def test_a_limit_is_no_goal_that_is_reached(store: Store, tmp_path: Path, text: str, measure: str) -> None:
    made = plan().line(DUE, "DANH MỤC CÁC CHỈ TIÊU").table(INDICATORS[0], ["1", text, "Sở Y tế"])
    found = programme_of(store, compared(store, read_plan(as_docx(made, tmp_path / "plan.docx")), FIRST), PAPERS)
    assert found is not None
    ((target,),) = (indicator.targets for indicator in found.programme.indicators)
    assert target.measure == measure


def test_a_limit_that_a_column_prints_is_no_goal(tmp_path: Path) -> None:
    """What must not be passed is done or not; it is never counted as a figure to reach."""
    head, rows = ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm 2027"], ["1", "Số vụ tái phạm", "vụ", "≤ 100"]
    reading = read_plan(as_docx(plan().line("Biểu chỉ tiêu năm 2027").table(head, rows), tmp_path / "plan.docx"))
    assert [(one.figure, one.rule) for one in reading.indicators[0].figures] == [(100, "at_most")]
    before = load_programme("hanoi")
    found = programme_of_plan(reading, before, day=FIRST, document=PAPERS.document, years=(2027, 2027))
    assert found is not None
    assert [target.measure for target in found.programme.targets if target.id == "1"] == ["done"]
