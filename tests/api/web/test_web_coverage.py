"""The programme's pages: who is shown which figures, what is entered, and by whom; both cities."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pandas as pd
import pytest
from coverage_house import NGOC_HA, Visitor, client, coverage_app, coverage_store, entry, rows, token
from docx import Document
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook
from web_house import ACTOR, BA_DINH, HOAI_DUC, StandingClock

from geo.importing.coverage_commit import add_coverage
from geo.records.store import Store

__all__ = ["client", "coverage_app", "coverage_store"]  # fixtures

# ---- reading


def test_the_city_is_shown_every_figure_as_checked_by_hand(client: Visitor) -> None:
    """Three indicators counted by hand from the example file: 1 (90 yes of 126), 12a (463 of 946), 15a (256)."""
    page = client("city").get("/coverage", params={"period": "2026-H1"}).text
    shown = {heading.split(" ")[0]: cells for heading, cells in rows(page).items()}
    assert shown["1"][1].startswith("90/126 (71,4")
    assert shown["12a"][1].startswith("463/946 (48,9")
    assert shown["15a"][:3] == ["550 lượt người", "256 (46,5 % kế hoạch năm)", "294 lượt người"]
    assert "quá hạn 55 ngày" in page  # 16 June is the last day in time, it is 10 August
    assert "SỐ LIỆU VÍ DỤ" in page.upper()
    assert "100/126" in page


def test_missing_stands_apart_from_zero(client: Visitor) -> None:
    page = client("city").get("/coverage", params={"period": "2026-H1"}).text
    shown = {heading.split(" ")[0]: cells for heading, cells in rows(page).items()}
    # Indicator 1: 96 wards answered, 6 of them with no, 30 did not.
    assert shown["1"][3:6] == ["96/126 (76,2 %)", "6", "30"]
    assert "Chưa có số liệu nào: 26 xã, phường" in page


def test_the_public_is_shown_no_small_count_and_a_ward_its_own(client: Visitor) -> None:
    query = {"period": "2026-H1", "target": "3.1"}
    public, own, other, city = (
        rows(client(name).get("/coverage", params=query).text)["Phường Ba Đình"]
        for name in (None, "ba-dinh", "hoai-duc", "city")
    )
    assert public[1] == other[1] == "không công bố"
    assert own[1] == city[1] == "3"
    shown = client().get("/maps/coverage/3.1", params={"period": "2026-H1"})
    assert shown.status_code == 200
    csv = client().get("/coverage/report.csv", params={"period": "2026-H1"}).text
    frame = pd.read_csv(BytesIO(csv.encode()), dtype={"code": str, "target": str})
    counts = frame[~frame["measure"].isin(["share_of_wards", "number_of_wards", "done"])]
    assert not counts["value"].between(1, 4).any()
    assert not counts["base"].between(1, 4).any()
    assert frame["suppressed"].any()


def test_a_period_that_is_not_published_is_not_shown_to_the_public(client: Visitor) -> None:
    page = client().get("/coverage", params={"period": "2026-H2"})
    assert page.status_code == 200
    assert "chưa được công bố" in page.text
    assert rows(page.text)["3.1 Người dân được tuyên truyền tại các địa phương"][1] == "–"
    assert client().get("/coverage/report.docx", params={"period": "2026-H2"}).status_code == 422
    own = client("ba-dinh").get("/coverage", params={"period": "2026-H2", "target": "3.1"}).text
    assert list(rows(own))[1:] == ["Phường Ba Đình"]


def test_what_is_not_there_is_named(client: Visitor) -> None:
    assert client().get("/coverage", params={"period": "2031"}).status_code == 422
    assert client().get("/coverage", params={"period": "x"}).status_code == 422
    assert client().get("/coverage", params={"target": "99"}).status_code == 404
    assert client().get("/maps/coverage/2b").status_code == 422


def test_wards_outside_the_programme_that_an_active_site_crosses_are_listed(client: Visitor) -> None:
    page = client().get("/coverage").text
    outside = page[page.index('id="outside"') :]
    for ward in ("Xã Hoài Đức", "Xã Đan Phượng", "Xã Ô Diên"):
        assert ward in outside
    assert 'id="outside"' not in client().get("/coverage", params={"city": "hue"}).text


@pytest.mark.parametrize("name", [None, "ba-dinh", "city"])
def test_reports_are_made_for_whoever_asks(client: Visitor, name: str | None) -> None:
    for slug in ("hanoi", "hue"):
        query = {"city": slug, "period": "2026-H1"}
        letter = client(name).get("/coverage/report.docx", params=query)
        text = "\n".join(paragraph.text for paragraph in Document(BytesIO(letter.content)).paragraphs)
        assert ("Bản công khai" in text) == (name != "city")
        book = load_workbook(BytesIO(client(name).get("/coverage/report.xlsx", params=query).content))
        assert "Chỉ tiêu" in book.sheetnames
        dates = client(name).get("/coverage/deadlines.ics", params=query)
        assert dates.headers["content-type"].startswith("text/calendar")
        assert dates.text.startswith("BEGIN:VCALENDAR")


def test_hue_has_its_own_programme_on_its_page(client: Visitor) -> None:
    page = client("city").get("/coverage", params={"city": "hue", "period": "2026-H1"}).text
    assert "Kế hoạch 292/KH-UBND" in page
    shown = {heading.split(" ")[0]: cells for heading, cells in rows(page).items()}
    assert shown["a2"][1].startswith("30/120 (25,0")
    assert "chậm nhất ngày 19/06/2026" in page
    assert "/maps/coverage/period/2026-H1?city=hue" in page


@pytest.mark.parametrize("path", ["/maps/coverage", "/maps/coverage/period/2026-H1", "/maps/coverage/1?period=2026-H1"])
def test_a_map_in_a_page_has_no_heading_and_leads_out_of_its_frame(client: Visitor, path: str) -> None:
    more = "&" if "?" in path else "?"
    assert '<base target="_top">' in client("city").get(f"{path}{more}frame=1").text
    assert '<base target="_top">' not in client("city").get(path).text


def test_a_half_that_nobody_reported_on_is_missing_on_page_and_map(client: Visitor) -> None:
    """The example has figures of the first half alone; those that count to 2030 are no report on the second."""
    for slug, wards in (("hue", 40), ("hanoi", 126)):
        page = client("city").get("/coverage", params={"city": slug, "period": "2026-H2"}).text
        states = {cells[-1] for heading, cells in rows(page).items() if len(cells) == 7 and heading != "Chỉ tiêu"}
        assert states == {"Chưa có số liệu"}
        assert f"0/{wards}" in page
        drawn = client("city").get("/maps/coverage/period/2026-H2", params={"city": slug}).text
        assert "6 tháng cuối năm 2026" in drawn
        assert "6 tháng đầu năm 2026" not in drawn
    assert client().get("/maps/coverage/period/2026-H2").status_code == 422  # not published yet


# ---- entering


def post_figures(visitor: TestClient, ward: str, figures: dict[str, str], **other: str):  # type: ignore[no-untyped-def]
    # A visitor without the form of that place has the token of another page of its session.
    page = visitor.get("/coverage/import").text
    data = {
        "csrf_token": token(page), "ward": ward, "period": "2026-H2", "day": "2026-07-20", "document": "40/BC-UBND",
        "office": "UBND phường", "indicator": list(figures), "value": list(figures.values()),
    }  # fmt: skip
    return visitor.post("/coverage/entry", data=data | other)


def test_a_ward_enters_its_own_figures_and_only_what_changed_is_written(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    store, visitor = coverage_store[0], client("ba-dinh")
    before = len(store.coverage())
    answer = post_figures(visitor, BA_DINH, {"3.1": "25", "7": "1", "8": "4", "8-base": "9", "3.2": ""})
    assert answer.status_code == 303
    assert "saved=4" in answer.headers["location"]
    page = visitor.get(answer.headers["location"]).text
    assert "Đã ghi nhận 4 số liệu" in page
    assert "ghi ngày 20/07/2026, trước khi kỳ kết thúc ngày 31/12/2026" in page
    assert 'value="25"' in page
    again = post_figures(visitor, BA_DINH, {"3.1": "26", "7": "1", "8": "4", "8-base": "9"}, document="41/BC-UBND")
    assert "saved=1" in again.headers["location"]
    assert len(store.coverage()) == before + 5
    line = store.audit(action="coverage_entry.enter").iloc[0]
    assert (line["who"], line["subject"], line["detail"]) == ("ba-dinh", f"{BA_DINH} 2026-H2", "1 row")


def test_a_figure_before_its_period_begins_is_refused(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    before = coverage_store[0].version()
    refused = post_figures(client("city"), HOAI_DUC, {"3.1": "45"}, day="2026-06-10")
    assert refused.status_code == 422 and "2026-H2 bắt đầu" in refused.text
    assert coverage_store[0].version() == before


def test_a_year_below_its_half_is_asked_about(client: Visitor, coverage_store: tuple[Store, StandingClock]) -> None:
    visitor = client("city")
    assert post_figures(visitor, HOAI_DUC, {"3.1": "45"}, period="2026-H1").status_code == 303
    page = visitor.get("/coverage/entry", params={"ward": HOAI_DUC, "period": "2026"}).text
    assert "6 tháng đầu năm 2026" in page
    assert re.search(r'data-name="6 tháng đầu năm 2026"><a href="/records/coverage-entries/\d+[^>]*>45<', page)
    before = coverage_store[0].version()
    asked = post_figures(visitor, HOAI_DUC, {"3.1": "10"}, period="2026")
    assert asked.status_code == 422
    assert "thấp hơn 45" in asked.text
    assert 'name="anyway"' in asked.text
    assert coverage_store[0].version() == before
    assert post_figures(visitor, HOAI_DUC, {"3.1": "10"}, period="2026", anyway="1").status_code == 303


@pytest.mark.parametrize(
    ("path", "indicator"), [("/api/v1/coverage/entries", "3.2"), ("/ogc/collections/coverage-entries/items", "3.6a")]
)
def test_the_interface_asks_about_a_year_below_its_half(
    client: Visitor, coverage_store: tuple[Store, StandingClock], path: str, indicator: str
) -> None:
    store, program = coverage_store[0], client("city")
    csrf = token(program.get("/coverage/entry").text)
    figure = {
        "ward_code": NGOC_HA, "programme": "hanoi-2026", "indicator": indicator, "value": 10, "day": "2026-07-20",
        "document": "9/BC-UBND", "office": "UBND phường",
    }  # fmt: skip

    def send(**more: object):  # type: ignore[no-untyped-def]
        body = figure | more
        if "ogc" in path:
            body = {"type": "Feature", "geometry": None, "properties": body}
        return program.post(path, json=body, headers={"Accept": "application/json", "X-CSRF-Token": csrf})

    assert send(period="2026-H1", value=45).status_code == 201
    before = store.version()
    asked = send(period="2026")
    assert asked.status_code == 422, asked.text
    (problem,) = asked.json()["problems"]
    assert problem["code"] == "service.below-parts"
    assert "below_parts" in problem["remedy"]
    assert store.version() == before
    assert send(period="2026", below_parts=True).status_code == 201
    assert send(period="2026-H2", value=5, below_parts=True).status_code == 201
    (above,) = send(period="2026", value=51).json()["problems"]
    assert above["code"] == "service.above-parts"
    assert send(period="2026", indicator="nothing").status_code == 422


def test_a_count_without_its_total_is_asked_about_and_no_part_is_above_a_recorded_whole(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    visitor, period = client("city"), "2026-Q3"
    before = coverage_store[0].version()
    asked = post_figures(visitor, HOAI_DUC, {"8": "12"}, period=period)
    assert asked.status_code == 422
    assert 'name="anyway"' in asked.text
    assert coverage_store[0].version() == before
    assert post_figures(visitor, HOAI_DUC, {"8": "12"}, period=period, anyway="1").status_code == 303
    refused = post_figures(visitor, HOAI_DUC, {"8-base": "10"}, period=period, anyway="1")
    assert (refused.status_code, "8-base" in refused.text) == (422, True)
    assert post_figures(visitor, HOAI_DUC, {"8": "12", "8-base": "12"}, period=period).status_code == 303
    csrf = token(visitor.get("/coverage/entry").text)
    figure = {
        "ward_code": NGOC_HA, "programme": "hanoi-2026", "day": "2026-07-20", "document": "9/BC", "office": "UBND",
        "period": period,
    }  # fmt: skip

    def send(**more: object):  # type: ignore[no-untyped-def]
        headers = {"Accept": "application/json", "X-CSRF-Token": csrf}
        return visitor.post("/api/v1/coverage/entries", json=figure | more, headers=headers)

    first = send(indicator="12a", value=7)
    assert (first.status_code, "12a-base" in "".join(first.json().get("notes", []))) == (201, True), first.text
    (problem,) = send(indicator="12a-base", value=6).json()["problems"]
    assert (problem["code"], problem["parameters"]["limit"]) == ("importing.above-recorded", 6)
    done = send(indicator="12a-base", value=8).json()
    assert "12a" not in "".join(done["notes"])


def test_a_figure_is_withdrawn_from_where_it_is_seen(client: Visitor) -> None:
    visitor = client("city")
    assert post_figures(visitor, NGOC_HA, {"3.1": "31"}, period="2026-H1").status_code == 303
    seen = visitor.get("/coverage", params={"period": "2026-H1", "target": "3.1"}).text
    entry = f"/coverage/entry?ward={NGOC_HA}&amp;period=2026-H1"
    assert entry in seen
    assert entry not in client().get("/coverage", params={"period": "2026-H1", "target": "3.1"}).text
    page = visitor.get(entry.replace("&amp;", "&")).text
    place = re.findall(r'value="31".*?href="(/records/coverage-entries/\d+)', page, re.DOTALL)[0]
    data = {"csrf_token": token(page), "reason": "Nhầm kỳ báo cáo"}
    assert visitor.post(f"{place}/withdrawal", data=data).status_code == 303
    assert 'value="31"' not in visitor.get(entry.replace("&amp;", "&")).text


@pytest.mark.parametrize("ward", [HOAI_DUC, NGOC_HA, "city", ""])
def test_a_ward_enters_nothing_else(client: Visitor, coverage_store: tuple[Store, StandingClock], ward: str) -> None:
    before = coverage_store[0].version()
    answer = post_figures(client("ba-dinh"), ward, {"3.1": "25"})
    assert answer.status_code == 403
    assert coverage_store[0].version() == before


@pytest.mark.parametrize(
    ("figures", "other", "shown"),
    [
        ({"3.1": "bảy"}, {}, "không phải là số đếm"),
        ({"3.1": "-4"}, {}, "không phải là số đếm"),
        ({"7": "2"}, {}, "cũng không phải không"),
        ({"8": "9", "8-base": "4"}, {}, "lớn hơn"),
        ({"3.1": "5"}, {"document": ""}, "chưa ghi văn bản"),
        ({"3.1": "5"}, {"day": "2026-12-01"}, "chưa tới"),
        ({"3.1": "5"}, {"document": "Nguyễn Văn An, 0912345678"}, ""),
        ({"3.1": ""}, {}, "không có số liệu nào"),
        ({"9": "5"}, {}, "do thành phố nhập"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_and_stays_in_the_form(
    client: Visitor,
    coverage_store: tuple[Store, StandingClock],
    figures: dict[str, str],
    other: dict[str, str],
    shown: str,
) -> None:
    before = coverage_store[0].version()
    answer = post_figures(client("city"), NGOC_HA, figures, **other)
    assert answer.status_code == 422
    assert shown in answer.text
    assert 'role="alert"' in answer.text
    if figures.get("3.1"):
        assert f'value="{figures["3.1"]}"' in answer.text
    assert coverage_store[0].version() == before


def test_nobody_enters_without_signing_in_or_without_the_token(client: Visitor) -> None:
    assert client().get("/coverage/entry").status_code == 303
    assert client().get("/coverage/import").status_code == 303
    data = {"ward": BA_DINH, "period": "2026-H2", "indicator": "3.1", "value": "5"}
    assert client("ba-dinh").post("/coverage/entry", data=data).status_code == 403
    assert client().post("/coverage/entry", data=data).status_code in (401, 403)


def test_the_city_enters_what_bodies_of_the_city_did(client: Visitor) -> None:
    visitor = client("city")
    page = visitor.get("/coverage/entry", params={"ward": "city", "period": "2026-H2"}).text
    assert 'value="2b"' in page
    assert 'value="7"' not in page
    assert post_figures(visitor, "city", {"2b": "2", "9": "17"}).status_code == 303


# ---- files


def upload(visitor: TestClient, name: str, data: bytes, city: str = "hanoi"):  # type: ignore[no-untyped-def]
    page = visitor.get("/coverage/import").text
    files = {"file": (name, data)}
    return visitor.post(f"/coverage/import?city={city}", data={"csrf_token": token(page)}, files=files)


def commit(visitor: TestClient, preview: str):  # type: ignore[no-untyped-def]
    hidden = dict(re.findall(r'<input type="hidden" name="(name|content)" value="([^"]*)"', preview))
    return visitor.post("/coverage/import/commit", data={"csrf_token": token(preview), **hidden})


def test_a_template_is_filled_tried_and_recorded_once(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    store, visitor = coverage_store[0], client("ba-dinh")
    empty = visitor.get("/coverage/template.xlsx", params={"period": "2026-H2"}).content
    book = load_workbook(BytesIO(empty))
    sheet = book["Xã, phường"]
    assert [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)] == [BA_DINH]
    column = [cell.value for cell in sheet[1]].index("3.2") + 1
    sheet.cell(3, column).value = 33
    for row in book["Thông tin"].iter_rows(max_row=8):
        wanted = {"Ngày của văn bản": date(2026, 7, 25), "Số, ký hiệu văn bản": "50/BC", "Cơ quan nhập": "UBND phường"}
        if row[0].value in wanted:
            row[1].value = wanted[row[0].value]
    filled = BytesIO()
    book.save(filled)
    before = store.version()
    preview = upload(visitor, "báo cáo.xlsx", filled.getvalue())
    assert preview.status_code == 200
    assert "Số liệu mới: 1" in " ".join(re.sub(r"<[^>]+>", " ", preview.text).split())
    assert store.version() == before
    done = commit(visitor, preview.text)
    assert "written=1" in done.headers["location"]
    assert "Đã ghi nhận 1 số liệu" in visitor.get(done.headers["location"]).text
    again = upload(visitor, "báo cáo.xlsx", filled.getvalue())
    assert "đã được ghi nhận từ trước" in again.text
    assert "/coverage/import/commit" not in again.text
    # Whoever sends the second step once more, from another window, writes nothing either.
    assert "written=0" in commit(visitor, preview.text).headers["location"]


def test_of_several_sheets_one_is_chosen_and_quarters_are_recorded(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    store, visitor = coverage_store[0], client("city")
    book, made = Workbook(), BytesIO()
    for quarter, value in (("Quý I", 7), ("Quý II", 9)):
        sheet = book.create_sheet(quarter)
        sheet.append(["Xã phường", "Chỉ tiêu", "Kỳ", "Kết quả", "Ngày", "Văn bản", "Cơ quan"])
        sheet.append(["Phường Ngọc Hà", "3.2", f"{quarter}/2026", value, "10/07/2026", "60/BC", "Sở Y tế"])
    book.save(made)
    shown = upload(visitor, "quý.xlsx", made.getvalue()).text
    assert "chỉ đọc trang tính Quý I; không đọc: trang Quý II" in shown
    assert "không phải lũy kế từ đầu năm" in shown
    choice = shown[shown.index('action="/coverage/import/check"') :]
    assert re.findall(r'<option value="([^"]*)"', choice[: choice.index("</form>")]) == ["Quý I", "Quý II"]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', choice[: choice.index("</form>")]))
    shown = visitor.post("/coverage/import/check", data=values | {"sheet": "Quý II"}).text
    assert "chỉ đọc trang tính Quý II; không đọc: trang Quý I" in shown
    form = shown[shown.index("/coverage/import/commit") :]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert "written=1" in visitor.post("/coverage/import/commit", data=values).headers["location"]
    last = store.coverage().sort_values("id").iloc[-1]
    assert (last["ward_code"], last["period"], last["value"]) == (NGOC_HA, "2026-Q2", 9)
    page = visitor.get("/coverage/entry", params={"ward": NGOC_HA, "period": "2026-Q2"}).text
    assert re.search(r'data-name="quý II năm 2026"><a [^>]*class="now">9<', page)
    assert 'data-name="quý I năm 2026">' in page
    assert "quý II năm 2026" in visitor.get("/coverage", params={"period": "2026-Q2"}).text
    assert client().get("/coverage", params={"period": "2026-Q2"}).status_code == 200
    assert "quý II năm 2026" not in client().get("/coverage").text


def test_a_file_with_a_fault_or_of_another_ward_writes_nothing(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    before = coverage_store[0].version()
    heading = "ward,indicator,period,value,day,document,office\n"
    broken = (
        heading
        + "Phường Ba Đình,3.1,2026-H2,7,2026-07-10,20/BC,UBND\nPhường Nào Đó,3.1,2026-H2,7,2026-07-10,20/BC,UBND\n"
    )
    answer = upload(client("city"), "a.csv", broken.encode())
    assert answer.status_code == 422
    assert "a.csv: dòng 3, cột A &#39;ward&#39;" in answer.text
    other = heading + "Xã Hoài Đức,3.1,2026-H2,7,2026-07-10,20/BC,UBND\n"
    foreign = upload(client("ba-dinh"), "a.csv", other.encode())
    assert foreign.status_code == 403
    assert "dòng 2" in foreign.text
    assert upload(client("city"), "a.exe", b"MZ").status_code == 422
    assert coverage_store[0].version() == before


def test_the_year_is_told_when_it_is_settled_and_gives_nothing_away(
    client: Visitor, coverage_store: tuple[Store, StandingClock]
) -> None:
    """3 residents in the first half are suppressed: so is the year of that ward, whose second half is published."""
    store, clock = coverage_store
    second = [replace(entry(code, "3.1", 40, "2026-H2"), day=date(2026, 8, 5)) for code in (BA_DINH, NGOC_HA)]
    add_coverage(store, second, ACTOR, source="second half")
    query = {"target": "3.1"}
    august = clock.moment
    try:
        clock.moment = datetime(2027, 2, 5, 3, tzinfo=UTC)
        visitor = client()
        shown = {
            period: rows(visitor.get("/coverage", params={**query, "period": period}).text)["Phường Ba Đình"][1]
            for period in ("2026-H1", "2026-H2", "2026")
        }
        assert shown == {"2026-H1": "không công bố", "2026-H2": "40", "2026": "không công bố"}
        answer = visitor.get("/api/v1/coverage", params={"period": "2026", "target": "3.1", "level": "ward"}).json()
        assert {row["code"]: row["value"] for row in answer["items"]}[BA_DINH] == "<5"
        assert "năm 2026" in visitor.get("/coverage").text
    finally:
        clock.moment = august


def test_the_target_of_new_sites_is_answered_by_places_in_words(client: Visitor) -> None:
    """The example reports count new sites that no register lists: both numbers stand, and the difference is said."""
    city, public = (client(who).get("/coverage", params={"period": "2026-H1"}).text for who in ("city", None))
    for page in (city, public):
        assert "Địa điểm mới phát sinh (chỉ tiêu 13a)" in page
        assert "không có địa điểm nào được đưa mới hoặc đưa trở lại" in page
    # Nothing was reported of which a candidate could follow, and that is no sign that there is none.
    assert "cảnh báo phát sinh" not in city + public
    assert "chỉ tiêu 13a" in client("city").get("/coverage", params={"period": "2026-H1", "target": "13a"}).text
    assert "chỉ tiêu 13a" not in client("city").get("/coverage", params={"period": "2026-H1", "target": "13b"}).text
    asked = {"period": "2026-H1", "limit": "1"}
    found = client("city").get("/api/v1/coverage", params=asked).json()["new_sites"]
    assert (found["sites"], found["candidates"], found["of_period"]) == ([], None, 0)
    assert client().get("/api/v1/coverage", params=asked).json()["new_sites"]["candidates"] is None
    assert client().get("/api/v1/coverage", params=asked | {"city": "hue"}).json()["new_sites"] is None
