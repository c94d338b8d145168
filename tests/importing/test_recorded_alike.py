"""A report that is recorded already is refused inside the write: of several who send it at once one records it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Barrier

from geo.importing.reports import commit, examine_reports
from geo.importing.reports.recorded import RecordedAlikeError, alike_reports, refuse_alike
from geo.importing.tally import Decisions
from geo.records.entries import Actor, NewReport, NewVerification
from geo.records.store import Store

ACTOR = Actor("thu", "Chi cục")
REPORT = NewReport(day=date(2026, 8, 5), kind="other", channel="hotline", lon=105.829, lat=20.9835, note="bờ kè")


def test_of_several_who_send_the_same_at_once_one_records_it(store: Store) -> None:
    together = Barrier(6)

    def send(number: int) -> int | tuple[int, ...]:
        report = replace(REPORT, note=f"lần {number}")
        guard = partial(refuse_alike, report=report, registers=store.registers)
        together.wait(60)
        try:
            return store.add(report, ACTOR, guard=guard).id
        except RecordedAlikeError as error:
            return error.numbers

    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(send, range(6)))
    [written] = [number for number in done if isinstance(number, int)]
    assert done.count((written,)) == 5
    assert store.reports(REPORT.day, REPORT.day)["report_id"].tolist() == [written]


def test_what_a_recorded_report_says_otherwise_now_is_found(store: Store) -> None:
    store.add(REPORT, ACTOR)
    verified, silent = replace(REPORT, verified=True), replace(REPORT, note="")
    assert alike_reports(store, [verified]).differing == {0: ("verified",)}
    assert alike_reports(store, [silent]).differing == {0: ("note",)}
    assert alike_reports(store, [silent], stated=[frozenset({"verified"})]).differing == {}
    assert alike_reports(store, [replace(REPORT, note="cột điện"), REPORT]).differing == {}  # the other stands for it


def test_changed_verifications_of_a_file_correct_what_is_recorded_once_that_is_decided(
    store: Store, tmp_path: Path
) -> None:
    settled = replace(REPORT, lon=105.84, lat=20.99)
    number, other = (store.add(report, ACTOR).id for report in (REPORT, settled))
    store.add(NewVerification(report_id=other, outcome="unfounded", day=REPORT.day), ACTOR)
    path = tmp_path / "a.csv"
    lines = ["Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Đã xác minh"]
    lines += [f"05/08/2026,other,hotline,{report.lon},{report.lat},có" for report in (REPORT, settled)]
    path.write_text("\n".join(lines), encoding="utf-8")

    found = examine_reports(path, store)
    # One of which somebody recorded what was found stays as it is; both are said.
    assert [row for row, _ in found.alike.changed.values()] == [number]
    assert "--accept-changes" in str([str(line) for line in found.summary.notices])
    assert commit(store, found, ACTOR).count == 0
    assert store.reports(REPORT.day, REPORT.day)["verified"].tolist() == [False, False]

    accepted = found.deciding(Decisions(changes=True))
    assert commit(store, accepted, ACTOR).count == 0
    rows = store.reports(REPORT.day, REPORT.day)
    assert dict(zip(rows["report_id"], rows["status"], strict=True)) == {number: "verified", other: "unfounded"}
    assert rows["note"].tolist() == ["bờ kè", "bờ kè"]
    assert not examine_reports(path, store).alike.changed
