"""Tasks and dates: what is due with whom, in the calendar too; explanations are asked of late wards and given."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pandas as pd
from fastapi.testclient import TestClient
from test_web_entry import post
from web_house import ACTOR, BA_DINH, HOAI_DUC

from geo.output.tasks.notice_log import note_notices
from geo.output.tasks.reports_due import reports_due
from geo.records.entries import NewCoverageEntry, NewFlagEvent
from geo.records.store import Store
from geo.situation import at

Visitor = Callable[..., TestClient]


FACTS = {"programme": "hanoi-2026", "indicator": "1", "value": 1.0, "document": "20/BC", "office": "UBND xã"}


def test_reviews_reports_and_alerts_are_tasks_by_office_and_what_is_overdue_says_so(visitor: Visitor) -> None:
    city = visitor("city").get("/tasks").text
    for said in (
        "Rà soát lại địa điểm I.1",
        "15/BB-RS",
        "02/06/2026",
        "quá hạn",
        "tháng 7 năm 2026",
        "quý II năm 2026",
    ):
        assert said in city, said
    assert "6 tháng đầu năm 2026" in city
    assert "02/06/2026" not in visitor("ba-dinh").get("/tasks").text
    ward = visitor("hoai-duc").get("/tasks?kind=report&overdue=1").text
    assert "Báo cáo tháng 7 năm 2026" in ward
    assert "Rà soát lại" not in ward.replace("Rà soát</option>", "")
    assert f"period=2026-07&amp;ward={HOAI_DUC}" in ward
    assert visitor().get("/tasks").headers["location"].startswith("/login")
    assert "Rà soát lại" not in visitor("city").get("/tasks?city=hue").text


def test_a_period_is_reported_by_its_own_figure_by_a_longer_one_or_by_all_its_parts(store: Store) -> None:
    situation = at(date(2026, 8, 10), store=store)
    wards = [HOAI_DUC, BA_DINH]
    rows = [(HOAI_DUC, "2026-H1"), (BA_DINH, "2026-04"), (BA_DINH, "2026-05"), (BA_DINH, "2026-06")]
    entries = pd.DataFrame(rows, columns=["ward_code", "period"]).assign(programme="hanoi-2026")
    due = {
        str(one.period): one.without for one in reports_due(situation.programme, "hanoi", wards, entries, situation.day)
    }
    assert "2026-Q2" not in due  # one by the half, the other by its months
    assert due["2026-H1"] == (BA_DINH,)
    assert due["2026-07"] == tuple(wards)
    assert "2026" not in due  # not before a month ahead


def test_the_calendar_has_the_tasks_with_their_days(visitor: Visitor) -> None:
    answer = visitor("hoai-duc").get("/tasks.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    text = answer.text.replace("\r\n ", "")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert re.search(
        r"DTSTART;VALUE=DATE:20260602\r\nDTEND;VALUE=DATE:20260603\r\nSUMMARY:Rà soát lại địa điểm I\.1", text
    )
    assert "UID:report:hanoi-2026:2026-07:09832@diaban" in text
    assert "15/BB-RS" not in visitor("ba-dinh").get("/tasks.ics").text.replace("\r\n ", "")


def test_the_page_of_notices_says_why_one_was_not_taken(visitor: Visitor, store: Store) -> None:
    lines = [
        ("review:1", "Sở Y tế", "email", "untrusted"),
        ("review:2", "UBND xã Hoài Đức", "webhook", "unreachable"),
    ]
    note_notices(store, ACTOR, lines, sent=False)
    page = visitor("city").get("/notices").text
    assert "chứng thư của máy chủ không tin cậy" in page
    assert "máy chủ không trả lời" in page
    assert "untrusted" not in page
    assert visitor(None).get("/notices").status_code in (303, 401)


def test_a_late_ward_is_asked_to_explain_and_explains(visitor: Visitor, store: Store) -> None:
    city, place = visitor("city"), "/tasks/reports/2026-H1"
    asked = {"wards": HOAI_DUC, "document": "31/CV-SYT", "until": "2026-08-20"}
    assert post(city, place, place, **asked | {"wards": ""}, step="asked").status_code == 422
    assert post(city, place, place, **asked, step="asked").status_code == 303
    ward = visitor("hoai-duc")
    tasks = ward.get("/tasks?kind=explanation").text
    assert "31/CV-SYT" in tasks
    assert "20/08/2026" in tasks
    assert "31/CV-SYT" not in visitor("ba-dinh").get("/tasks").text
    assert post(ward, place, place, wards=HOAI_DUC, document="1/CV", step="asked").status_code == 422
    assert post(ward, place, place, wards=BA_DINH, document="1/CV", step="given").status_code == 403
    assert post(ward, place, place, wards=HOAI_DUC, document="12/CV-UBND", step="given").status_code == 303
    assert "31/CV-SYT" not in visitor("hoai-duc").get("/tasks?kind=explanation").text
    page = city.get(place).text
    assert "12/CV-UBND" in page
    assert "Đã giải trình" in page
    store.add(NewCoverageEntry(ward_code=HOAI_DUC, period="2026-H1", day=date(2026, 8, 9), **FACTS), ACTOR)  # type: ignore[arg-type]
    assert "12/CV-UBND" not in city.get(place).text


def test_a_ward_s_page_begins_with_its_tasks_each_matter_once(visitor: Visitor, store: Store) -> None:
    for matter in ("reactivation:HN-I-1:watch", "displacement:HN-I-1:20260601:warning"):
        store.add(NewFlagEvent(flag_id=matter, event="raised", day=date(2026, 8, 9)), ACTOR)
    for path in ("/tasks", f"/wards/{HOAI_DUC}"):
        page = visitor("hoai-duc").get(path).text
        said = page[page.index("<h1") : page.index("</table>" if path == "/tasks" else "</section>")]
        assert said.count("(I.1), chưa ai tiếp nhận") == 1, path
        assert "Cảnh báo: Dấu hiệu dịch chuyển (I.1)" in said, path
        assert "Báo cáo tháng 7 năm 2026" in said, path
        assert "Rà soát lại địa điểm I.1" in said, path
    handled = {"event": "handled", "day": date(2026, 8, 10), "handled_by": "Công an xã", "until": date(2026, 8, 20)}
    store.add(NewFlagEvent(flag_id="reactivation:HN-I-1:watch", **handled), ACTOR)  # type: ignore[arg-type]
    page = visitor("hoai-duc").get("/tasks").text
    assert page.count("(I.1), chưa ai tiếp nhận") == 1
    assert page.count("(I.1), đang xử lý") == 1
