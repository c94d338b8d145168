"""What an office hears of at once: each alert, also the second at a site and one that comes up again; what stays late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import HTTPServer
from pathlib import Path

import pytest
from test_notices import Hook, listed, standing

from geo.output.tasks.notices import notify
from geo.output.tasks.reports_due import reports_due
from geo.records.entries import Actor, NewExplanation, NewFlagEvent, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.reference.programmes import load_programmes

WHO, DAY = Actor("diaban", "diaban", "service"), date(2026, 12, 1)
SITE = "reactivation:HN-II-3"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Records with a single report: alerts stand because they are recorded."""
    clock = lambda: datetime(2026, 12, 1, 3, tzinfo=UTC)  # noqa: E731
    with open_store(f"sqlite:///{tmp_path / 'r.sqlite'}", registers=load_register_lookup(), now=clock) as records:
        said = NewReport(day=date(2026, 11, 15), kind="advertising", channel="letter", site_id="HN-II-3")
        records.add(said, WHO)
        yield records


def flag(store: Store, flag_id: str, event: str, day: date, **more: str) -> None:
    """Something that happened to a flag."""
    store.add(NewFlagEvent(flag_id=flag_id, event=event, day=day, **more), WHO)  # type: ignore[arg-type]


def test_every_alert_is_notified_each_time_that_it_comes_up(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(HTTPServer(("127.0.0.1", 0), Hook)) as hook:
        address = f"http://127.0.0.1:{hook.server_address[1]}/"
        row = f'name = "UBND phường Hai Bà Trưng"\ncity = "hanoi"\nwards = ["00256"]\nwhen = "at_once"\nwebhook = "{address}"'
        listed(tmp_path, monkeypatch, row)
        notify(store, DAY, WHO)  # reports that are overdue
        flag(store, f"{SITE}:warning", "raised", date(2026, 11, 20))
        assert notify(store, DAY, WHO) == 1
        assert notify(store, DAY, WHO) == 0
        flag(store, "displacement:HN-II-3:watch", "raised", date(2026, 11, 21))  # of the same site: one task
        assert notify(store, DAY, WHO) == 1
        assert hook.taken[-1]["text"].count("\n- ") == 1  # type: ignore[attr-defined]
        assert "(2 cảnh báo)" in hook.taken[-1]["text"]  # type: ignore[attr-defined]
        flag(store, f"{SITE}:warning", "closed", date(2026, 11, 22), result="nothing")
        flag(store, "displacement:HN-II-3:watch", "closed", date(2026, 11, 22), result="nothing")
        assert notify(store, DAY, WHO) == 0
        flag(store, f"{SITE}:warning", "raised", date(2026, 11, 30))
        assert notify(store, DAY, WHO) == 1
        assert "II.3" in hook.taken[-1]["text"]  # type: ignore[attr-defined]
        assert notify(store, DAY, WHO) == 0


def test_an_explanation_that_is_asked_for_again_is_notified_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(HTTPServer(("127.0.0.1", 0), Hook)) as hook:
        address = f"http://127.0.0.1:{hook.server_address[1]}/"
        listed(
            tmp_path,
            monkeypatch,
            f'name = "A"\ncity = "hanoi"\nwards = ["00256"]\nwhen = "at_once"\nwebhook = "{address}"',
        )
        notify(store, DAY, WHO)
        matter = {"ward_code": "00256", "programme": "hanoi-2026", "period": "2026-H1"}
        for number, (step, sent) in enumerate((("asked", 1), ("given", 0), ("asked", 1))):
            store.add(NewExplanation(**matter, step=step, day=DAY, document=f"{number}/CV"), WHO)  # type: ignore[arg-type]
            assert notify(store, DAY, WHO) == sent


def test_a_report_of_a_month_stays_a_task_until_it_is_sent_or_too_old(store: Store) -> None:
    programme = next(one for one in load_programmes() if one.id == "hanoi-2026")
    entries = store.coverage(DAY)
    found = {str(due.period): due.last_day for due in reports_due(programme, "hanoi", ["00256"], entries, DAY)}
    assert [month for month in found if "-0" in month or "-1" in month] == [
        "2026-08", "2026-09", "2026-10", "2026-11", "2026-12",
    ]  # fmt: skip
    assert found["2026-10"] == date(2026, 10, 31)
    assert {"2026-Q3", "2026-Q4"} <= set(found)
    assert "2026-07" not in found
    new_year = {str(due.period) for due in reports_due(programme, "hanoi", ["00256"], entries, date(2027, 1, 4))}
    assert {"2026-Q3", "2026-Q4", "2026-12", "2026-11"} <= new_year
