"""A report that is recorded already is refused inside the write: of several who send it at once one records it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier

from geo.importing.reports.recorded import RecordedAlikeError, alike_reports, refuse_alike
from geo.records.entries import Actor, NewReport
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
