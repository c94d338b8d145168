"""The store on both databases: writes, corrections, past days, versions, audit, triggers, retention."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fresh_records import record
from record_samples import ACTOR, REGISTERS, Clock
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo import settings
from geo.errors import InputError
from geo.records.database import bulk_insert
from geo.records.entries import (
    Actor,
    NewAssessment,
    NewCoverageEntry,
    NewExplanation,
    NewFlagEvent,
    NewPhaseChange,
    NewReport,
    NewReview,
    NewVerification,
)
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.publication import NewPublication
from geo.records.kinds.registers.register_draft import NewRegisterDraft
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.kinds.registry import kinds
from geo.records.model.errors import ConflictError, PrivacyError, UnknownRowError
from geo.records.model.tables import Audit, ReportSummary
from geo.records.model.vocabulary import _read
from geo.records.store import Store, open_store
from geo.reference.programmes import load_programme

OFFICE = "UBND phường Yên Hòa"
TODAY = date(2026, 3, 10)


def assessment(level: str = "low", day: date = date(2026, 2, 1), site_id: str = "HN-I-4") -> NewAssessment:
    return NewAssessment(site_id=site_id, level=level, day=day, document="12/BC-UBND", office=OFFICE)


def report(day: date = date(2026, 3, 1), **changes: object) -> NewReport:
    place = {"lon": 105.79, "lat": 21.01} if "site_id" not in changes else {}
    return NewReport(**{"day": day, "kind": "public_space", "channel": "hotline", **place, **changes})  # type: ignore[arg-type]


def test_every_kind_of_entry_is_read_as_it_was_written(store: Store) -> None:
    store.add(assessment(), ACTOR)
    store.add(
        NewReview(
            day=date(2026, 2, 3),
            wards=("00004", "00008"),
            sites=("HN-I-1",),
            conclusion="watch",
            document="15/BB-UBND",
            next_day=date(2026, 8, 3),
            note="Chiếu sáng đã được khắc phục",
        ),
        ACTOR,
    )
    store.add(
        NewCoverageEntry(
            ward_code="00004",
            programme="hanoi-2026",
            indicator="3.1",
            period="2026-H1",
            value=120,
            day=date(2026, 3, 1),
            document="20/BC-UBND",
            office=OFFICE,
        ),
        ACTOR,
    )
    record(store, NewPhaseChange(ward_code="00004", phase="pilot", day=date(2026, 1, 7), document="07/KH-UBND"), ACTOR)
    store.add(NewFlagEvent(flag_id="emergence-2026-03-01-1", event="raised", day=date(2026, 3, 2)), ACTOR)
    asked = {"programme": "hanoi-2026", "period": "2026-H1", "step": "asked", "document": "31/CV"}
    store.add(NewExplanation(ward_code="00004", day=date(2026, 3, 2), **asked), ACTOR)

    levels = store.levels(TODAY)
    assert levels[["site_id", "level", "document", "recorded_by"]].iloc[0].tolist() == [
        "HN-I-4",
        "low",
        "12/BC-UBND",
        "yen-hoa",
    ]
    review = store.reviews(TODAY).iloc[0]
    assert review["wards"] == ("00004", "00008")
    assert review["sites"] == ("HN-I-1",)
    assert review["next_day"] == pd.Timestamp(2026, 8, 3)
    assert store.coverage(TODAY)[["ward_code", "indicator", "value"]].iloc[0].tolist() == ["00004", "3.1", 120.0]
    assert store.phases(TODAY)[["ward_code", "phase"]].to_numpy().tolist() == [["00004", "pilot"]]
    assert store.flag_events(TODAY)["event"].tolist() == ["raised"]


def test_reports_carry_place_ward_and_status(store: Store) -> None:
    first = store.add(report(), ACTOR)
    store.add(report(site_id="HN-I-1", chainage_m=250.0, verified=True, day=date(2026, 3, 2)), ACTOR)
    store.add(report(site_id="HN-II-5", day=date(2026, 3, 3)), ACTOR)
    frame = store.reports(date(2026, 3, 1), date(2026, 3, 5))
    assert frame.crs.to_epsg() == 4326
    assert frame["ward_code"].tolist()[:2] == ["00004", "00004"]
    assert frame["status"].tolist() == ["unverified", "verified", "unverified"]
    assert frame["verified"].tolist() == [False, True, False]
    assert frame.geometry.iloc[0].x == pytest.approx(105.79)
    assert frame.geometry.iloc[1].x == pytest.approx(105.7025)
    assert frame.geometry.iloc[2] is None
    assert frame["report_id"].iloc[0] == first.id
    assert store.reports(date(2026, 3, 2), date(2026, 3, 2))["site_id"].tolist() == ["HN-I-1"]


def test_an_empty_store_gives_empty_frames_of_the_same_columns(store: Store) -> None:
    empty = store.reports(date(2026, 1, 1), TODAY)
    columns = list(empty.columns)
    assert len(empty) == 0
    store.add(report(), ACTOR)
    assert list(store.reports(date(2026, 1, 1), TODAY).columns) == columns
    for frame in (store.levels(TODAY), store.reviews(), store.coverage(), store.phases(TODAY), store.flag_events()):
        assert len(frame) == 0
        assert "recorded_at" in frame.columns


def test_a_verification_counts_from_its_day_and_follows_corrections(store: Store) -> None:
    row = store.add(report(), ACTOR)
    better = store.add(report(note="gần bến xe"), ACTOR, corrects=row.id)
    store.add(NewVerification(report_id=better.id, outcome="confirmed", day=date(2026, 3, 4)), ACTOR)
    store.add(report(note="cách bến xe 300 m"), ACTOR, corrects=better.id)
    before = store.reports(date(2026, 3, 1), date(2026, 3, 3))
    after = store.reports(date(2026, 3, 1), date(2026, 3, 4))
    assert before["status"].tolist() == ["unverified"]
    assert after["status"].tolist() == ["confirmed"]
    assert after["report_id"].tolist() == [row.id]
    assert after["note"].tolist() == ["cách bến xe 300 m"]


def test_a_past_day_comes_out_the_same_after_corrections(store: Store, clock: Clock) -> None:
    first = store.add(assessment("active", date(2026, 2, 1)), ACTOR)
    known = store.known_at()
    clock.forward(days=1)
    store.add(assessment("low", date(2026, 2, 20)), ACTOR)
    second = store.add(assessment("complex", date(2026, 2, 1)), ACTOR, corrects=first.id)
    clock.forward(days=1)
    store.withdraw("assessment", second.id, ACTOR, reason="ghi nhầm điểm")

    assert store.levels(date(2026, 2, 10), known_at=known)["level"].tolist() == ["active"]
    assert store.levels(date(2026, 2, 10), known_at=known + timedelta(days=1, hours=1))["level"].tolist() == ["complex"]
    assert store.levels(date(2026, 2, 10))["level"].tolist() == []
    assert store.levels(date(2026, 2, 25))["level"].tolist() == ["low"]
    assert store.levels(date(2026, 1, 31), known_at=known)["level"].tolist() == []
    assert len(store.history("assessment", site_id="HN-I-4")) == 4


def test_a_row_is_corrected_once_and_a_withdrawal_is_final(store: Store) -> None:
    row = store.add(assessment(), ACTOR)
    newer = store.add(assessment("active"), ACTOR, corrects=row.id)
    with pytest.raises(ConflictError, match=f"by {newer.id}"):
        store.add(assessment("complex"), ACTOR, corrects=row.id)
    gone = store.withdraw("assessment", newer.id, ACTOR, reason="trùng")
    with pytest.raises(ConflictError, match="withdrawal"):
        store.add(assessment(), ACTOR, corrects=gone.id)
    with pytest.raises(UnknownRowError, match="999"):
        store.add(assessment(), ACTOR, corrects=999)
    with pytest.raises(UnknownRowError):
        store.add(NewVerification(report_id=999, outcome="confirmed", day=TODAY), ACTOR)
    assert len(store.history("assessment")) == 3


IMPOSSIBLE = [
    (assessment("busy"), "'busy' is not known"),
    (assessment(site_id="HN-I-9"), "no site has the id"),
    (assessment(day=date(2026, 3, 11)), "lies in the future"),
    (assessment(day=date(2009, 12, 31)), "lies before 2010"),
    (report(lon=None), "is missing"),
    (report(lon=float("nan")), "is not a number"),
    (report(lon=21.01, lat=105.79), "swapped"),
    (report(lon=105.79, lat=20.5), "lies in no ward"),
    (report(site_id="HN-I-1", lon=105.7, lat=21.0), "two places"),
    (report(site_id="HN-I-4", chainage_m=1460.0), "beyond the end of HN-I-4"),
    (report(site_id="HN-I-4", chainage_m=-1.0), "is not a distance"),
    (report(chainage_m=50.0), "without a site"),
    (report(kind="gossip"), "'gossip' is not known"),
    (report(note="=1+1"), "formula"),
    (report(note="x" * 1001), "1001 characters"),
    (report(note="a\x00b"), "can't be printed"),
    (report(note="§­êng TrÇn Duy H­ng"), "old font"),
    (NewPhaseChange(ward_code="4", phase="pilot", day=TODAY, document="n/a"), "document: is missing"),
    (NewPhaseChange(ward_code="4", phase="pilot", day=TODAY, document="1/KH"), "no ward has the code"),
    (NewPhaseChange(ward_code="99999", phase="pilot", day=TODAY, document="1/KH"), "no ward has the code"),
    (NewFlagEvent(flag_id="<script>", event="raised", day=TODAY), "not the id of an alert"),
]


def test_what_can_not_be_is_refused_with_the_reason(store: Store) -> None:
    for entry, what in IMPOSSIBLE:
        with pytest.raises(InputError, match=what):
            store.add(entry, ACTOR)  # type: ignore[arg-type]
    assert store.version() == "0.0"
    assert store.audit().empty


def test_all_problems_are_named_at_once(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.add(assessment("busy", date(2030, 1, 1), "nowhere"), Actor("Mr X", "", "the web"))
    assert len(caught.value.problems) == 7


def test_persons_are_refused_in_every_text(store: Store) -> None:
    entries = [
        report(note="gọi 0912 345 678"),
        NewAssessment(site_id="HN-I-1", level="low", day=TODAY, document="đơn của ông Tuấn", office=OFFICE),
        NewAssessment(site_id="HN-I-1", level="low", day=TODAY, document="1/BC", office="chị Hoa"),
        NewFlagEvent(flag_id="f-1", event="closed", day=TODAY, note="CCCD 001203004567"),
    ]
    for entry in entries:
        with pytest.raises(PrivacyError, match="holds something like"):
            store.add(entry, ACTOR)
    row = store.add(assessment(), ACTOR)
    with pytest.raises(PrivacyError):
        store.withdraw("assessment", row.id, ACTOR, reason="anh Minh báo nhầm")
    with pytest.raises(PrivacyError):
        store.add(assessment(), Actor("yen-hoa", "ông Nguyễn Văn Bảy"))


def test_texts_are_stored_in_nfc_without_blanks_around(store: Store) -> None:
    store.add(report(note="  Đươ\u0300ng la\u0301ng  "), ACTOR)
    assert store.reports(date(2026, 3, 1), TODAY)["note"].tolist() == ["Đường láng"]


def test_the_database_itself_refuses_changes(store: Store) -> None:
    _fill(store)
    for table in (*(spec.name for spec in kinds()), Audit.__tablename__, ReportSummary.__tablename__):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), store._engine.begin() as connection:
                connection.execute(text(statement))
        with store._engine.connect() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0


def test_replacing_or_truncating_is_refused_too(store: Store) -> None:
    _fill(store)
    sqlite = store.url.get_backend_name() == "sqlite"
    names = "id, at, who, office, origin, action, subject, detail"
    replace = f"INSERT OR REPLACE INTO audit ({names}) SELECT {names} FROM audit"
    statement = replace if sqlite else "TRUNCATE audit"
    with pytest.raises(DBAPIError, match="append-only"), store._engine.begin() as connection:
        connection.execute(text(statement))


def test_every_write_leaves_an_audit_line_and_a_new_version(store: Store, clock: Clock) -> None:
    versions = [store.version()]
    row = store.add(assessment(), ACTOR)
    versions.append(store.version())
    assert row.version == versions[-1]
    clock.forward(minutes=1)
    store.withdraw("assessment", row.id, ACTOR, reason="trùng")
    versions.append(store.version())
    store.add_reports([report(), report()], Actor("so-y-te", "Sở Y tế", "import"), source="sha256:abc")
    versions.append(store.version())
    counters = [int(version.split(".")[0]) for version in versions]
    assert counters == [0, 1, 2, 3]
    lines = store.audit()
    assert lines["action"].tolist() == ["report.import", "assessment.withdraw", "assessment.add"]
    assert lines[["who", "office", "origin"]].iloc[0].tolist() == ["so-y-te", "Sở Y tế", "import"]
    assert store.audit(subject="sha256:abc")["detail"].tolist() == ["2 rows"]


def test_a_clock_that_goes_back_does_not_reorder_what_is_known(store: Store, clock: Clock) -> None:
    first = store.add(assessment("active"), ACTOR)
    clock.forward(hours=-5)
    second = store.add(assessment("low"), ACTOR, corrects=first.id)
    assert second.recorded_at == first.recorded_at + timedelta(microseconds=1)
    assert store.levels(TODAY, known_at=first.recorded_at)["level"].tolist() == ["active"]
    assert store.levels(TODAY, known_at=store.known_at())["level"].tolist() == ["low"]


@pytest.fixture
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 50 rows: what goes on at the end of a chunk is seen with few rows."""
    monkeypatch.setattr(bulk_insert, "CHUNK", 50)


@pytest.mark.usefixtures("short_chunks")
def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    good = [report(day=date(2026, 3, 1) + timedelta(days=n % 9), note=f"tin {n}") for n in range(120)]
    seen: list[int] = []
    receipt = store.add_reports(good, ACTOR, source="sha256:1", progress=seen.append)
    assert receipt.count == 120
    assert seen == [50, 100, 120]
    frame = store.reports(date(2026, 3, 1), TODAY)
    assert len(frame) == 120
    assert set(frame["ward_code"]) == {"00004"}
    version = store.version()
    with pytest.raises(PrivacyError, match="report 3: "):
        store.add_reports([report(), report(), report(note="0912345678")], ACTOR, source="sha256:2")
    assert store.version() == version
    assert len(store.reports(date(2026, 3, 1), TODAY)) == 120


@pytest.mark.usefixtures("short_chunks")
def test_a_batch_that_fails_in_the_middle_leaves_nothing(store: Store) -> None:
    def stop(done: int) -> None:
        if done > 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add_reports([report()] * 80, ACTOR, source="sha256:3", progress=stop)
    assert store.reports(date(2026, 3, 1), TODAY).empty
    assert store.audit().empty
    assert store.add(report(), ACTOR).id >= 1


def test_retention_keeps_counts_and_removes_rows(store: Store) -> None:
    old = [
        store.add(report(day=date(2024, 5, day), kind=kind), ACTOR).id
        for day, kind in ((1, "public_space"), (9, "public_space"), (20, "advertising"))
    ]
    store.add(NewVerification(report_id=old[0], outcome="confirmed", day=date(2024, 6, 1)), ACTOR)
    moved = store.add(report(day=date(2024, 5, 2)), ACTOR)
    store.add(report(day=date(2026, 3, 1)), ACTOR, corrects=moved.id)
    dropped = store.add(report(day=date(2024, 5, 3)), ACTOR)
    store.withdraw("report", dropped.id, ACTOR, reason="trùng")
    fresh = store.add(report(), ACTOR)

    assert store.purge(date(2025, 1, 1), ACTOR) == 5
    left = store.reports(date(2020, 1, 1), TODAY)
    assert left["report_id"].tolist() == [moved.id, fresh.id]
    assert store.history("verification").empty
    counts = store.summaries().sort_values("kind")
    assert counts[["kind", "reports", "confirmed"]].to_numpy().tolist() == [
        ["advertising", 1, 0],
        ["public_space", 2, 1],
    ]
    assert counts["month"].dt.date.tolist() == [date(2024, 5, 1)] * 2
    assert store.audit(action="report.purge")["detail"].tolist() == ["5 rows"]
    assert store.purge(date(2025, 1, 1), ACTOR) == 0
    with pytest.raises(DBAPIError, match="append-only"), store._engine.begin() as connection:
        connection.execute(text("DELETE FROM report"))


def test_seeding_again_changes_nothing(store: Store) -> None:
    entries = [
        assessment("active", date(2026, 1, 7)),
        assessment("low", date(2026, 1, 7), "HN-I-1"),
        NewPhaseChange(ward_code="00004", phase="pilot", day=date(2026, 1, 7), document="07/KH-UBND"),
    ]
    assert store.seed(entries, ACTOR) == 3
    version = store.version()
    assert store.seed(entries, ACTOR) == 0
    assert store.version() == version
    row = int(store.history("assessment", site_id="HN-I-4")["id"].iloc[0])
    store.add(assessment("complex", date(2026, 1, 8)), ACTOR, corrects=row)
    assert store.seed(entries, ACTOR) == 0


def test_two_stores_see_each_other(store: Store, url: str, clock: Clock) -> None:
    with open_store(url, registers=REGISTERS, now=clock) as other:
        before = other.version()
        store.add(assessment(), ACTOR)
        assert other.version() != before
        assert other.levels(TODAY)["level"].tolist() == ["low"]


def test_moments_are_utc_and_days_are_of_viet_nam(store: Store, clock: Clock) -> None:
    clock.moment = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 01:00 on the 11th in Việt Nam
    assert store.today == date(2026, 3, 11)
    receipt = store.add(assessment(day=date(2026, 3, 11)), ACTOR)
    assert receipt.recorded_at == clock.moment
    assert store.known_at() == clock.moment
    with pytest.raises(Exception, match="time zone"):
        store.levels(TODAY, known_at=datetime(2026, 3, 10))  # noqa: DTZ001


def _fill_registers(store: Store) -> None:
    """A row in every table of the registers."""
    said = {"day": TODAY, "document": "1/KH", "office": "Sở Y tế"}
    point = '{"type":"Point","coordinates":[105.8,21.0]}'
    site = {"site_id": "HN-I-1", "name": "Đường Láng", "group": "public", "level": "low", "geometry": point}
    for entry in (
        NewPlan(city="hanoi", number="1/KH", first_year=2026, last_year=2026, **said),
        NewSiteVersion(**site, **said),
        NewSiteEvent(site_id="HN-I-1", event="renamed", **said),
        NewResponsibility(site_id="HN-I-1", wards=("00004",), **said),
        NewProgrammeVersion(programme="p", city="hanoi", content="{}", **said),
    ):
        with pytest.raises(InputError, match="by a draft that is published"):
            store.add(entry, ACTOR)
        record(store, entry, ACTOR)
    row = record(store, NewRegisterDraft(city="hanoi", title="x", content="[]", **said), ACTOR)
    record(store, NewPublication(day=TODAY, draft_id=row, entries=0), ACTOR)
    record(store, NewWithdrawal(kind="responsibility", row=1, subject="HN-I-1", **(said | {"note": "Ghi nhầm"})), ACTOR)


def test_the_texts_of_a_programme_are_screened(store: Store) -> None:
    content = '{"indicators": [{"text": "Giao ông Nguyễn Văn Hùng, ĐT 0912345678"}]}'
    entry = NewProgrammeVersion(programme="p", city="hanoi", content=content, day=TODAY, document="1/KH", office=OFFICE)
    with pytest.raises(PrivacyError) as refused:
        store.add(entry, ACTOR)
    assert {problem.code for problem in refused.value.problems} == {"records.private-name", "records.private-telephone"}
    assert "Hùng" not in str(refused.value)


def _fill(store: Store) -> None:
    """A row in every append-only table."""
    store.add(assessment(), ACTOR)
    store.add(
        NewReview(day=TODAY, wards=("00004",), sites=("HN-I-1",), conclusion="quiet", document="1/BB"),
        ACTOR,
    )
    store.add(report(day=date(2024, 1, 1)), ACTOR)
    store.purge(date(2025, 1, 1), ACTOR)
    row = store.add(report(), ACTOR)
    store.add(NewVerification(report_id=row.id, outcome="confirmed", day=TODAY), ACTOR)
    store.add(
        NewCoverageEntry(
            ward_code=None,
            programme="p",
            indicator="1",
            period="2026",
            value=1,
            day=TODAY,
            document="1/BC",
            office="Sở Y tế",
        ),
        ACTOR,
    )
    record(store, NewPhaseChange(ward_code="00004", phase="pilot", day=TODAY, document="1/KH"), ACTOR)
    store.add(NewFlagEvent(flag_id="f-1", event="raised", day=TODAY), ACTOR)
    store.add(NewObservation(place="HN-I-1", day=TODAY, document="1/BC", office="Sở Y tế"), ACTOR)
    store.add(NewMeasure(site_id="HN-I-1", day=TODAY, document="1/BC", office="Sở Y tế"), ACTOR)
    store.add(
        NewExplanation(
            ward_code="00004", programme="p", period="2026-H1", step="asked", day=TODAY, document="31/CV-SYT"
        ),
        ACTOR,
    )
    _fill_registers(store)


def test_a_figure_of_no_target_is_refused_with_the_targets_there_are(store: Store) -> None:
    known = replace(store.registers or REGISTERS, programmes={"hanoi-2026": load_programme("hanoi-2026")})
    store.registers = known
    figure: dict[str, Any] = {"ward_code": None, "period": "2026", "value": 1, "day": TODAY, "document": "1/BC"}
    for programme, indicator, what in (("hanoi-2025", "1", "hanoi-2025"), ("hanoi-2026", "99", "'99' is no target")):
        with pytest.raises(InputError, match=what):
            entry = NewCoverageEntry(programme=programme, indicator=indicator, office="Sở Y tế", **figure)
            store.add(entry, ACTOR)
    assert store.coverage().empty


def test_an_id_of_the_vocabulary_that_stands_twice_is_named(tmp_path: Path) -> None:
    text = settings.data_file("vocabulary.toml").read_text("utf-8")
    first = text[text.index("[[level]]") :].split("\n\n")[0]
    (tmp_path / "vocabulary.toml").write_text(f"{text}\n{first}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"vocabulary\.toml: level: id 'complex' stands twice"):
        _read(tmp_path / "vocabulary.toml")
