"""Where a plan asks that no new sites arise, places answer: those that came into the register, and candidates."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import shapely
from fresh_records import fresh_records
from openpyxl import load_workbook

from geo.analysis.coverage.attainment import Attainment, attainment
from geo.analysis.coverage.new_sites import NewSite, NewSites
from geo.analysis.flags.flag import Flag
from geo.i18n.language import Lang
from geo.output.dossier.documents.blocks import Document, Grid, Paragraph
from geo.output.reports.body_report import body_document
from geo.output.reports.document import report_document
from geo.output.reports.new_sites import new_site_row
from geo.output.reports.plain import attainment_dict
from geo.output.reports.wording import words
from geo.output.reports.workbook import report_xlsx
from geo.records.entries import Actor
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.open import opened_store
from geo.records.publishing import new_draft, publish, save_draft
from geo.records.store import Store
from geo.reference.duties import body
from geo.situation import Situation, at
from geo.visibility import visible
from geo.visibility.new_sites import new_sites_of, with_new_sites
from geo.visibility.viewer import EVERYTHING, PUBLIC, Role, Viewer

MARCH, LATER = date(2026, 3, 10), date(2026, 6, 20)
SAID = {"document": "Quyết định 120/QĐ-UBND", "office": "UBND thành phố Hà Nội"}
HOURS = iter(range(10_000))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    with opened_store(fresh_records(tmp_path), now=lambda: start + timedelta(minutes=next(HOURS))) as made:
        yield made


def site(site_id: str = "HN-II-6", day: date = MARCH) -> NewSiteVersion:
    line = shapely.LineString([(105.8400, 21.0100), (105.8450, 21.0150)])
    name, ends = "Đường Giải Phóng đoạn mới", {"start": "số 10", "finish": "số 90"}
    shape = shapely.to_geojson(line)
    return NewSiteVersion(
        site_id=site_id, day=day, name=name, group="public", level="active", geometry=shape, **ends, **SAID
    )


def event(site_id: str, what: str, day: date, others: tuple[str, ...] = ()) -> NewSiteEvent:
    return NewSiteEvent(site_id=site_id, event=what, others=others, day=day, **SAID)


def published(store: Store, *entries: NewEntry) -> None:
    draft = new_draft(store, "hanoi", "Bổ sung", entries, day=MARCH, **SAID)
    publish(store, save_draft(store, draft, Actor("so-y-te", "Sở Y tế")).id, Actor("so-y-te", "Sở Y tế"))


def listed(store: Store, day: date = LATER, viewer: Viewer = EVERYTHING, **known: datetime) -> NewSites:
    then = at(day, store=store, **known)
    found = new_sites_of(then.programme, then.programme.periods[0], day, then, store, viewer, **known)
    assert found is not None
    return found


def attained(store: Store, reported: int | None = None, day: date = LATER) -> Attainment:
    then = at(day, store=store)
    rows = [] if reported is None else [("00256", "13a", "2026-H1", float(reported), pd.Timestamp(day))]
    entries = pd.DataFrame(rows, columns=["ward_code", "indicator", "period", "value", "day"])
    made = attainment(then.programme, entries, then.wards, day, "2026-H1")
    return with_new_sites(made, then, store, EVERYTHING)


def texts(document: Document) -> str:
    (section,) = [each for each in document.sections if each.key == "new_sites"]
    cells = [cell for block in section.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    return "\n".join([str(block.text) for block in section.blocks if isinstance(block, Paragraph)] + cells)


def test_a_candidate_is_called_what_it_is_and_not_by_its_id() -> None:
    row = new_site_row(words("vi"), NewSite("candidate", "emergence:202603:E1174N4651", "", MARCH, "", (), ""))
    assert "Dấu hiệu phát sinh mới" in row
    assert not [cell for cell in row if "emergence" in cell]


def emergence(then: Situation, **other: object) -> Situation:
    shape = shapely.Point(105.84, 21.01).buffer(0.002)
    flag = Flag(
        "emergence:202603:E1174N4651", "emergence", "warning", None, shape, (("00256", 1.0),), MARCH, MARCH, "", ""
    )
    return then.with_flags((replace(flag, **other),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "said"), [("vi", "không có địa điểm nào"), ("en", "no site came into the register")])
def test_no_new_site_is_said_in_words(store: Store, lang: Lang, said: str) -> None:
    assert listed(store).sites == ()
    assert said in texts(report_document(attained(store), lang))


def test_a_published_site_is_listed_and_the_report_counts_it(store: Store) -> None:
    published(store, site())
    (found,) = listed(store).sites
    assert (found.origin, found.id, found.day, found.place) == ("new", "HN-II-6", MARCH, "số 10 – số 90")
    assert found.document == SAID["document"]
    computed = at(LATER, store=store).crossings
    assert {code for code, _ in found.wards} == set(computed[computed["site_id"] == "HN-II-6"]["ward_code"].dropna())
    report = texts(report_document(attained(store)))
    assert "có 1 địa điểm" in report
    assert "HN-II-6 Đường Giải Phóng đoạn mới" in report
    assert listed(store, viewer=PUBLIC).sites == (found,)


def test_a_past_day_and_a_past_moment_give_the_past_list(store: Store) -> None:
    before = store.known_at()
    published(store, site())
    assert listed(store, MARCH - timedelta(days=1)).sites == ()
    assert listed(store, LATER, known_at=before).sites == ()
    assert len(listed(store, MARCH).sites) == 1


def test_a_site_that_returned_is_listed_and_one_that_was_split_is_no_new_place(store: Store) -> None:
    april = MARCH + timedelta(days=30)
    published(store, event("HN-I-4", "cleared", MARCH), event("HN-I-4", "returned", april))
    parts = ("HN-II-7", "HN-II-8")
    published(store, *(site(part) for part in parts), event("HN-II-3", "split", MARCH, parts))
    assert [(each.origin, each.id, each.day) for each in listed(store).sites] == [("returned", "HN-I-4", april)]
    assert listed(store, april - timedelta(days=1)).sites == ()


@pytest.mark.parametrize(("reported", "differs"), [(0, True), (1, False), (None, None)])
def test_a_reported_number_that_differs_is_said_and_stays(store: Store, reported: int | None, differs: object) -> None:
    published(store, site())
    made = attained(store, reported)
    assert made.result("13a").value == reported
    assert attainment_dict(made)["new_sites"]["differs"] is differs
    assert ("hai số khác nhau" in texts(report_document(made))) is bool(differs)


def test_candidates_are_open_well_founded_and_hidden_from_others(store: Store) -> None:
    then = at(LATER, store=store)

    def candidates(shown: Situation, viewer: Viewer) -> list[str] | None:
        found = new_sites_of(then.programme, then.programme.periods[0], LATER, shown, store, viewer)
        assert found is not None
        assert found.counted == 0
        return None if found.candidates is None else [each.id for each in found.candidates]

    named = ["emergence:202603:E1174N4651"]
    assert candidates(emergence(then), EVERYTHING) == named
    assert candidates(emergence(then), PUBLIC) is None
    assert candidates(emergence(then), Viewer(Role.WARD, frozenset(("00256",)))) == named
    assert candidates(emergence(then), Viewer(Role.WARD, frozenset(("00004",)))) == []
    for other in ({"status": "closed"}, {"level": "watch"}, {"rule": "near_repeat"}, {"first_day": date(2025, 12, 1)}):
        assert candidates(emergence(then, **other), EVERYTHING) == []


def test_a_plan_that_asks_for_no_list_has_none_and_says_so(store: Store) -> None:
    then = at(LATER, city="hue", store=store)
    assert new_sites_of(then.programme, then.programme.periods[0], LATER, then, store, EVERYTHING) is None
    made = attainment(then.programme, None, then.wards, LATER, "2026-H1")
    assert "không đặt chỉ tiêu về địa điểm mới" in texts(report_document(with_new_sites(made, then, store, EVERYTHING)))
    assert any("không đặt chỉ tiêu về địa điểm mới" in cell for cell in cells_of(report_xlsx(made)))


def cells_of(data: bytes, sheet: int | None = None) -> list[str]:
    """The texts of a workbook, or of one of its sheets by number."""
    sheets = load_workbook(io.BytesIO(data)).worksheets
    chosen = sheets if sheet is None else [sheets[sheet]]
    return [
        str(cell) for each in chosen for row in each.iter_rows(values_only=True) for cell in row if cell is not None
    ]


def test_the_workbook_and_the_reports_of_bodies_name_the_places(store: Store) -> None:
    """Of the bodies those that are in charge of the target or work together on it; of the others none."""
    published(store, site())
    made = attained(store)
    assert any("HN-II-6 Đường Giải Phóng" in cell for cell in cells_of(report_xlsx(made)))
    for name, named in (("Ủy ban nhân dân các xã, phường", True), ("Công an Thành phố", True), ("Sở Du lịch", False)):
        own = body(made.programme.id, name)
        assert any(section.key == "new_sites" for section in body_document(made, own).sections) is named
        assert any("HN-II-6" in cell for cell in cells_of(report_xlsx(made, body=own))) is named


def test_what_a_further_plan_adds_is_new_and_what_the_first_lists_is_not(store: Store) -> None:
    """Of a plan without indicators, which goes on with those of the first."""
    day = date(2027, 1, 8)
    said = {"document": "Kế hoạch 15/KH-UBND", "office": "UBND thành phố Hà Nội", "day": day}
    plan = NewPlan(city="hanoi", number="15/KH-UBND", first_year=2027, last_year=2027, **said)  # type: ignore[arg-type]
    draft = new_draft(store, "hanoi", "2027", [plan, site(day=day)], **said)  # type: ignore[arg-type]
    publish(store, save_draft(store, draft, Actor("so-y-te", "Sở Y tế")).id, Actor("so-y-te", "Sở Y tế"))
    assert [(each.id, each.day) for each in listed(store, date(2027, 2, 1)).sites] == [("HN-II-6", day)]
    assert listed(store, date(2026, 12, 31)).sites == ()


def test_records_that_begin_change_nothing_of_a_day_before_their_first_entry(store: Store) -> None:
    """The version that papers print, and what is known of candidates: as without any records."""
    day = date(2026, 1, 20)
    bare = visible(at(day, store=store), EVERYTHING)
    published(store, site())
    papers = [visible(at(day), EVERYTHING), bare, visible(at(day, store=store), EVERYTHING)]
    assert len({each.data_version for each in papers}) == 1
    assert visible(at(MARCH, store=store), EVERYTHING).data_version != bare.data_version
    found = [new_sites_of(each.programme, each.programme.periods[0], day, each, store, EVERYTHING) for each in papers]
    assert [one and one.candidates for one in found] == [None] * 3
