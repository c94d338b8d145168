"""A plan of a further year, from its file to the situation: what is new, gone, back, the same in other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records
from plan_files import as_docx, plan

from geo.errors import InputError
from geo.importing.plans import PlanReading, PlanSite, read_plan
from geo.importing.registers.changes import Papers, changed, event, named_wards, next_id, other_papers, versions_on
from geo.importing.registers.plan_changes import compared, entries_of_plan, entries_of_rows
from geo.importing.registers.plan_draft import draft_of_plan, with_head
from geo.importing.registers.plan_numbers import with_next_ids, with_open_id
from geo.importing.registers.plan_routes import read_places
from geo.importing.registers.routes import Route
from geo.records.entries import Actor
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.open import opened_store
from geo.records.publishing import draft_of, new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference.cities import city
from geo.situation import at, load_registers, registers_on

WRITER = Actor("so-y-te", "Sở Y tế")
FIRST, BEFORE, AFTER = date(2027, 1, 8), date(2026, 12, 31), date(2027, 2, 1)
NEW = "Đường Cao Lỗ, khu vực ga Đông Anh"
ROUTE = Route('{"type":"LineString","coordinates":[[105.8480,21.1390],[105.8560,21.1420]]}', "vẽ tay", 20.0)
WORDS = {"active": "Có hoạt động", "low": "Ít hoạt động"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2027, 1, 9, 3, tzinfo=UTC)) as made:
        yield made


def next_year(tmp_path: Path) -> PlanReading:
    """HN-II-1 and HN-II-2 are cleared, HN-I-3 comes back, HN-I-4 is written in other words, one site is new."""
    sites = load_registers("hanoi").sites.set_index("site_id")
    rows = []
    for site, row in sites.iterrows():
        if site in ("HN-II-1", "HN-II-2"):
            continue
        name = "Tuyến đường Trần Duy Hưng" if site == "HN-I-4" else row["name"]
        level = "Không hoạt động" if site == "HN-I-1" else WORDS[row["level"]]
        place = row["declared_text"] or "Phường Hoàng Mai"
        rows.append([str(len(rows) + 1), name, place, level, f"Bàn giao năm {row['handed_over']}"])
    rows.append([str(len(rows) + 1), NEW, "Xã Đông Anh", "Có hoạt động", "Điểm mới phát sinh"])
    head = ["STT", "Tên điểm", "Địa phương", "Mức độ", "Ghi chú"]
    made = plan().line("Danh sách điểm phức tạp tại các cơ sở kinh doanh dịch vụ năm 2027").table(head, *rows[:7])
    made.line("Danh sách điểm phức tạp tại địa bàn công cộng năm 2027").table(head, *rows[7:])
    gone = [[str(n), sites.loc[f"HN-II-{n}", "name"], "Phường Ngọc Hà", "Không hoạt động", ""] for n in (1, 2)]
    made.line("Danh sách các điểm đưa ra khỏi danh mục").table(head, *gone)
    return read_plan(as_docx(made, tmp_path / "plan.docx"))


def test_the_name_of_a_former_unit_is_said_with_the_ward_that_was_taken() -> None:
    named = named_wards(["Phường Láng", "Phường Vĩnh Phúc"], city("hanoi"))
    assert named.codes[1] == "00008" and len(named.codes) == 2
    assert named.note == "Phường Vĩnh Phúc → Phường Ngọc Hà"
    with pytest.raises(InputError, match="Phường Nào Đó"):
        named_wards(["Phường Nào Đó"], city("hanoi"))


def test_what_described_the_old_route_does_not_describe_another(store: Store) -> None:
    """Its ends and the note on route and wards are left behind; under another name they still hold."""
    papers = Papers(date(2026, 11, 25), "9/KH-UBND", "UBND")
    version = versions_on(store, papers.day)["HN-I-1"]
    assert version.start and version.finish and version.note
    line = '{"type":"LineString","coordinates":[[105.70,21.06],[105.71,21.06]]}'
    moved = changed(version, papers, geometry=line)
    assert (moved.start, moved.finish, moved.note) == ("", "", "")
    told = changed(version, papers, geometry=line, start="Cầu A")
    assert (told.start, told.finish) == ("Cầu A", "")
    declared = changed(version, papers, declared_wards=("09832",))
    assert (declared.start, declared.note) == (version.start, "")
    assert changed(version, papers, name="Tên khác").note == version.note


def test_next_year_from_its_file_to_the_situation(store: Store, tmp_path: Path) -> None:
    old = Papers(date(2026, 6, 1), "9/KH-UBND", "UBND thành phố Hà Nội")
    cleared = new_draft(store, "hanoi", "bỏ", [event("HN-I-3", "cleared", old)], day=old.day, document=old.document, office=old.office)  # fmt: skip
    publish(store, save_draft(store, cleared, WRITER).id, WRITER)
    assert "HN-I-3" not in list(registers_on(BEFORE, "hanoi", store).sites["site_id"])
    untouched = at(BEFORE, store=store)

    found = compared(store, next_year(tmp_path), FIRST)
    states = {row.site_id or row.site.name: row.state for row in found.sites if row.site}  # type: ignore[union-attr]
    assert {name: state for name, state in states.items() if state != "same"} == {
        "HN-I-1": "changed",
        "HN-I-3": "returned",
        "HN-I-4": "changed",
        "HN-II-5": "changed",
        "HN-II-1": "gone",
        "HN-II-2": "gone",
        NEW: "new",
    }
    assert [row.site_id for row in found.sites if row.certainty != "sure"] == ["HN-I-4"]

    papers = Papers(FIRST, "Kế hoạch 15/KH-UBND", "UBND thành phố Hà Nội")
    number = next(row.site.number for row in found.sites if row.state == "new" and row.site)
    entries, left = entries_of_plan(store, found, papers, routes={number: ROUTE})
    assert [row.site_id for row in left] == ["HN-I-4"]
    said = {"day": papers.day, "document": papers.document, "office": papers.office}
    publish(store, save_draft(store, new_draft(store, "hanoi", "2027", entries, **said), WRITER).id, WRITER)  # type: ignore[arg-type]

    after, before = at(AFTER, store=store), at(BEFORE, store=store)
    assert set(before.sites["site_id"]) == set(untouched.sites["site_id"])
    assert before.sites.equals(untouched.sites)
    assert before.crossings.equals(untouched.crossings)
    listed = dict(zip(after.sites["site_id"], after.sites["level"], strict=True))
    assert set(listed) == (set(untouched.sites["site_id"]) | {"HN-I-3", "HN-II-6"}) - {"HN-II-1", "HN-II-2"}
    assert (listed["HN-I-1"], listed["HN-II-6"]) == ("inactive", "active")
    assert any(flag.site_id == "HN-II-6" for flag in after.flags or ())
    assert versions_on(store, AFTER)["HN-II-5"].declared_wards == ("00331",)


def test_a_plan_without_routes_leaves_new_sites_out(store: Store, tmp_path: Path) -> None:
    found = compared(store, next_year(tmp_path), FIRST)
    _, left = entries_of_plan(store, found, Papers(FIRST, "15/KH-UBND", "UBND"), unsure=True)
    assert [row.state for row in left] == ["new"]


def test_two_new_sites_of_a_plan_get_two_ids(store: Store, tmp_path: Path) -> None:
    head = ["STT", "Tên điểm", "Địa phương", "Mức độ"]
    rows = [[str(n), f"Điểm số {n} của năm sau", "Phường Láng", "Ít hoạt động"] for n in (1, 2)]
    reading = read_plan(
        as_docx(plan().line("Danh sách điểm tại địa bàn công cộng").table(head, *rows), tmp_path / "p.docx")
    )
    found = compared(store, reading, FIRST)
    routes = {row.site.number: ROUTE for row in found.sites if row.site}
    entries, _ = entries_of_plan(store, found, Papers(FIRST, "15/KH-UBND", "UBND"), routes=routes)
    assert [e.site_id for e in entries if isinstance(e, NewSiteVersion)] == ["HN-II-6", "HN-II-7"]


def test_ids_are_given_in_the_order_of_what_is_accepted(store: Store, tmp_path: Path) -> None:
    head, place = ["STT", "Tên điểm", "Địa phương", "Mức độ", "Ghi chú"], ["Phường Láng", "Ít hoạt động"]
    rows = [[str(n), f"Điểm số {n} của năm sau", *place, "Bổ sung năm 2025" if n == 2 else ""] for n in (1, 2, 3)]
    made = plan().line("Danh sách điểm tại địa bàn công cộng").table(head, *rows)
    found = compared(store, read_plan(as_docx(made, tmp_path / "p.docx")), FIRST)
    papers = Papers(FIRST, "15/KH-UBND", "UBND")
    routes = {row.key: ROUTE for row in found.sites}

    def ids(entries: list[NewEntry]) -> dict[str, str]:
        return {e.name[8:9]: e.site_id for e in entries if isinstance(e, NewSiteVersion)}

    assert ids(entries_of_plan(store, found, papers, routes=routes)[0]) == {"1": "HN-II-6", "3": "HN-II-7"}
    every = ids(entries_of_plan(store, found, papers, routes=routes, unsure=True)[0])
    assert every == {"1": "HN-II-6", "2": "HN-II-7", "3": "HN-II-8"}
    shown = [
        with_open_id(at, row.site, own) for at, (row, own) in enumerate(entries_of_rows(store, found, papers, routes))
    ]
    known, hanoi = list(versions_on(store, FIRST)), city("hanoi")
    for accepted in ((2,), (1, 2), (1,)):
        own = [entry for at in accepted for entry in shown[at]]
        got = with_next_ids(own, known, hanoi)
        assert list(ids(got).values()) == [f"HN-II-{6 + n}" for n in range(len(accepted))]
        assert {e.site_id for e in got} == set(ids(got).values())  # type: ignore[attr-defined]


def test_the_number_of_a_plan_is_that_of_its_site_whatever_else_is_accepted(store: Store) -> None:
    version = NewSiteVersion(site_id="HN-II-9", name="Điểm", group="public", level="low", geometry=ROUTE.geometry,
                             day=FIRST, document="15/KH-UBND", office="UBND")  # fmt: skip
    site = PlanSite("II.9", "Điểm", "", (), "low", None, "sure")
    assert with_open_id(0, site, [version]) == [version]
    assert with_open_id(0, replace(site, number="9"), [version])[0].site_id == "HN-II-NEW-1"  # type: ignore[attr-defined]


def test_ids_of_new_sites(store: Store) -> None:
    known, hanoi = list(versions_on(store, AFTER)), city("hanoi")
    assert next_id(known, hanoi, "public") == "HN-II-6"
    assert next_id(known, hanoi, "public", "II.9") == "HN-II-9"
    assert next_id(known, hanoi, "establishment", "II.9") == "HN-I-8"
    assert next_id(known, hanoi, "public", "II.5") == "HN-II-6"


def of_rows(tmp_path: Path, *rows: list[str], title: str = "Danh sách điểm phức tạp") -> PlanReading:
    made = plan().line(title).table(["STT", "Tên điểm", "Địa phương", "Mức độ"], *rows)
    return read_plan(as_docx(made, tmp_path / "p.docx"))


def found_in(store: Store, reading: PlanReading, **choices: str) -> dict[str, tuple[str, str, list[str]]]:
    rows = compared(store, reading, FIRST, {key.replace("row", ""): value for key, value in choices.items()}).sites
    return {row.key: (row.site_id, row.certainty, [reason.code[15:] for reason in row.reasons]) for row in rows if row.key}  # fmt: skip


def test_a_number_printed_twice_moves_no_row_to_another_site(store: Store, tmp_path: Path) -> None:
    sites = load_registers("hanoi").sites.set_index("site_id")
    names = [[n, sites.loc[site, "name"], sites.loc[site, "declared_text"], WORDS[sites.loc[site, "level"]]]
             for n, site in (("1", "HN-II-1"), ("3", "HN-II-2"), ("3", "HN-II-3"), ("4", "HN-II-4"))]  # fmt: skip
    found = found_in(store, of_rows(tmp_path, *names))
    assert {key: row[:2] for key, row in found.items()} == {
        "1": ("HN-II-1", "sure"),
        "3": ("HN-II-2", "look"),
        "3/2": ("HN-II-3", "look"),
        "4": ("HN-II-4", "sure"),
    }
    assert found["3/2"][2] == ["number-twice"]


def test_where_name_place_and_number_disagree_a_row_is_looked_at(store: Store, tmp_path: Path) -> None:
    """The name of one site in the wards of another, a part of a name, two names as near, rows that changed places."""
    level = "Ít hoạt động"
    rows = (
        ["1", "Đường Trần Duy Hưng", "Phường Thanh Liệt", level],
        ["2", "Phố Yersin", "Phường Hai Bà Trưng", level],
        ["3", "Đường ven sông Tô Lịch (từ điểm giao cắt với đường Phan Kế Bính tới cầu T11)", "Phường Giảng Võ", level],
    )
    found = found_in(store, of_rows(tmp_path, *rows))
    assert found["1"] == ("HN-I-4", "look", ["place-differs"])
    assert found["2"][:2] == ("", "look")
    assert "perhaps" in found["2"][2]
    assert found["3"][:2] == ("HN-II-2", "look")
    moved = [["1", "Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)", "Phường Thanh Liệt", level],
             ["2", "Quốc lộ 6, khu vực bến xe Yên Nghĩa", "Phường Yên Nghĩa", level],
             ["3", "Khu vực Chùa Tổng - La Dương", "Phường Dương Nội", level]]  # fmt: skip
    found = found_in(store, of_rows(tmp_path, *moved, title="I. Điểm trong các cơ sở kinh doanh dịch vụ"))
    assert found["I.1"] == ("HN-I-5", "look", ["number-of-other"])
    assert (found["I.2"][1], found["I.3"][1]) == ("sure", "sure")


def test_the_group_of_a_new_site_is_chosen_never_supposed(store: Store, tmp_path: Path) -> None:
    reading = of_rows(tmp_path, ["1", NEW, "Xã Đông Anh", "Có hoạt động"], ["2", "Phố Yersin", "Phường Hai Bà Trưng", "Ít hoạt động"])  # fmt: skip
    assert found_in(store, reading)["1"] == ("", "look", ["no-group"])
    papers = Papers(FIRST, "15/KH-UBND", "UBND")
    _, left = entries_of_plan(store, compared(store, reading, FIRST), papers, unsure=True, routes={"1": ROUTE})
    assert {row.key: [reason.code[15:] for reason in row.reasons] for row in left if row.key}["1"] == ["no-group"]
    chosen = compared(store, reading, FIRST, {"1": "establishment", "2": "HN-II-3"})
    entries, _ = entries_of_plan(store, chosen, papers, routes={"1": ROUTE})
    versions = {entry.site_id: entry for entry in entries if isinstance(entry, NewSiteVersion)}
    assert (versions["HN-I-8"].group, versions["HN-II-3"].name) == ("establishment", "Phố Yersin")
    with pytest.raises(InputError) as error:
        compared(store, reading, FIRST, {"9": "public", "1": "HN-II-99"})
    assert [problem.code for problem in error.value.problems] == ["importing.choice-no-row", "importing.choice-unknown"]


def test_a_row_that_leaves_the_list_and_was_never_on_it_is_said(store: Store, tmp_path: Path) -> None:
    made = of_rows(tmp_path, ["1", "Đường không có", "Phường Láng", "Không hoạt động"], title="Danh sách điểm đưa ra khỏi danh mục")  # fmt: skip
    assert found_in(store, made) == {"1": ("", "look", ["cleared-unknown"])}


def test_a_site_that_is_named_twice_is_sure_in_no_row(store: Store, tmp_path: Path) -> None:
    rows = [
        [n, "Đường Trần Duy Hưng", "Phường Yên Hòa", level] for n, level in (("1", "Ít hoạt động"), ("2", "Phức tạp"))
    ]
    found = found_in(store, of_rows(tmp_path, *rows))
    assert {row[1] for row in found.values()} == {"look"}


def test_a_plan_without_a_list_of_a_phase_leaves_that_phase_as_it_is(store: Store, tmp_path: Path) -> None:
    made = (
        plan()
        .line("Danh sách xã, phường nhân rộng")
        .table(["STT", "Xã, phường"], ["1", "Xã Sóc Sơn"], ["2", "Xã Mê Linh"])
    )
    reading = read_plan(as_docx(made, tmp_path / "p.docx"))
    assert len(reading.phase("expansion")) == 2 and not reading.phase("pilot")
    recorded = store.phases(FIRST).set_index("ward_code")["phase"]
    found = compared(store, reading, FIRST).phases
    changed = {recorded[code] for code, phase in found.items() if phase == "none"}
    assert changed == {"expansion"}


def cleared_on(store: Store, site_id: str, day: date) -> None:
    papers = Papers(day, "9/KH-UBND", "UBND thành phố Hà Nội")
    draft = new_draft(store, "hanoi", "bỏ", [event(site_id, "cleared", papers)], day=day, document=papers.document, office=papers.office)  # fmt: skip
    publish(store, save_draft(store, draft, WRITER).id, WRITER)


@pytest.mark.parametrize(
    ("cleared", "state", "certainty"),
    [
        (date(2026, 6, 1), "returned", "sure"),
        (date(2027, 1, 8), "returned", "look"),
        (date(2027, 1, 9), "same", "look"),
    ],
)
def test_the_day_decides_what_a_plan_brings_back(
    store: Store, tmp_path: Path, cleared: date, state: str, certainty: str
) -> None:
    cleared_on(store, "HN-I-4", cleared)
    reading = of_rows(tmp_path, ["1", "Đường Trần Duy Hưng", "Phường Yên Hòa", "Ít hoạt động"])
    (row, *_) = compared(store, reading, FIRST).sites
    assert (row.site_id, row.state, row.certainty) == ("HN-I-4", state, certainty)
    assert [reason.code for reason in row.reasons] == (["importing.plan-changed-since"] if certainty == "look" else [])


def test_a_plan_that_is_known_already_is_said(store: Store, tmp_path: Path) -> None:
    reading = with_head(of_rows(tmp_path, ["1", "Đường Trần Duy Hưng", "Phường Yên Hòa", "Ít hoạt động"]), day=FIRST)
    codes = []
    for _ in range(2):
        made = draft_of_plan(store, reading)
        codes.append([remark.code for remark in made.remarks])
        said = {"day": FIRST, "document": made.papers.document, "office": made.papers.office}
        saved = save_draft(store, new_draft(store, "hanoi", "2027", made.entries, **said), WRITER).id  # type: ignore[arg-type]
    publish(store, saved, WRITER)
    older = with_head(reading, "14/KH-UBND", date(2027, 1, 7))
    codes += [[remark.code for remark in draft_of_plan(store, each).remarks] for each in (reading, older)]
    said_before = [[code.removeprefix("importing.plan-") for code in each if "-no-" not in code] for each in codes]
    assert said_before == [
        [],
        ["in-draft"],
        ["published-before", "in-draft"],
        ["published-before", "in-draft"],
    ]


def test_wards_that_leave_their_phase_are_named_and_left_unless_wanted(store: Store, tmp_path: Path) -> None:
    made = plan().line("Danh sách xã, phường nhân rộng").table(["STT", "Xã, phường"], ["1", "Xã Sóc Sơn"])
    reading = with_head(read_plan(as_docx(made, tmp_path / "p.docx")))
    for unsure, code in ((False, "importing.plan-phase-kept"), (True, "importing.plan-phase-dropped")):
        draft = draft_of_plan(store, reading, unsure=unsure)
        (said,) = (remark for remark in draft.remarks if remark.code == code)
        assert (said.parameters["count"], "Phường" in said.vi) == (6, True)
        gone = [entry for entry in draft.entries if isinstance(entry, NewPhaseChange) and entry.phase == "none"]
        assert len(gone) == (6 if unsure else 0)


@pytest.mark.parametrize(("name", "count"), [("Phố Trần Phú", 3), ("Thị xã Sơn Tây", 1)])
def test_a_new_site_whose_place_is_open_is_finished_by_choosing(
    store: Store, tmp_path: Path, name: str, count: int
) -> None:
    reading = with_head(of_rows(tmp_path, ["9", name, "", "Ít hoạt động"]))
    chosen = {"choices": {"9": "public"}, "unsure": True}
    made = draft_of_plan(store, reading, **chosen)  # type: ignore[arg-type]
    (problem,) = made.problems
    assert problem.code == ("importing.several-places-fit" if count > 1 else "importing.one-place-unsure")
    assert len(problem.parameters["candidates"]) == count
    assert [entry for entry in made.entries if isinstance(entry, NewSiteVersion)] == []
    made = draft_of_plan(store, reading, **chosen, places=read_places([f"9={count}"]))  # type: ignore[arg-type]
    (version,) = (entry for entry in made.entries if isinstance(entry, NewSiteVersion))
    assert (version.site_id, made.problems) == ("HN-II-6", [])
    for wrong, code in (
        (f"9={count + 1}", "no-such-candidate"),
        ("8=1", "choice-no-row"),
        ("9=x", "place-choice-form"),
    ):
        with pytest.raises(InputError) as error:
            draft_of_plan(store, reading, **chosen, places=read_places([wrong]))  # type: ignore[arg-type]
        assert error.value.problems[0].code == f"importing.{code}"


def test_entries_of_other_papers_than_their_draft_are_said(store: Store) -> None:
    papers = Papers(date(2027, 1, 5), "9/KH-UBND", "UBND thành phố Hà Nội")
    entries = [event("HN-I-4", "cleared", papers), event("HN-I-5", "cleared", replace(papers, day=FIRST))]
    own = new_draft(store, "hanoi", "x", entries[:1], day=papers.day, document=papers.document, office=papers.office)
    other = new_draft(store, "hanoi", "x", entries, day=FIRST, document="15/KH-UBND", office=papers.office)
    assert other_papers(draft_of(store, save_draft(store, own, WRITER).id)) == ()
    said = other_papers(draft_of(store, save_draft(store, other, WRITER).id))
    assert [message.parameters["day"] for message in said] == [papers.day, FIRST]


@pytest.mark.parametrize(
    ("document", "office"),
    [("Quyết định 15/KH-UBND", "UBND thành phố Hà Nội"), ("Kế hoạch 5/KH-UBND", "UBND phường Láng")],
)
def test_a_row_of_a_site_that_another_paper_cleared_that_day_is_asked_about(
    store: Store, tmp_path: Path, document: str, office: str
) -> None:
    """A number that holds the plan's own, or is that of another office, is none of the plan; and what is wanted though
    it is not sure does not bring the site back either."""
    papers = Papers(FIRST, document, office)
    entries = [event("HN-I-5", "cleared", papers)]
    draft = new_draft(store, "hanoi", "x", entries, day=FIRST, document=document, office=office)
    publish(store, save_draft(store, draft, WRITER).id, WRITER)
    reading = with_head(next_year(tmp_path), "5/KH-UBND", FIRST)
    (row,) = (row for row in compared(store, reading, FIRST).sites if row.site_id == "HN-I-5")
    assert (row.state, row.certainty) == ("returned", "look")
    made = draft_of_plan(store, reading, unsure=True)
    assert not [entry for entry in made.entries if getattr(entry, "site_id", "") == "HN-I-5"]
    (left,) = (row for row in made.left if row.site_id == "HN-I-5")
    assert "records.same-day-event" in [doubt.code for doubt in left.doubts]
