"""Reports, template and calendar, read back by other programs."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from geo.analysis.coverage.attainment import Attainment, attainment
from geo.analysis.coverage.published import public
from geo.errors import InputError
from geo.i18n.formats import NO_BREAK
from geo.importing.coverage import read_entries
from geo.output.reports import deadlines_ics, programme_dict, report_docx, report_xlsx, template_xlsx, wording
from geo.output.reports.plain import attainment_dict
from geo.output.reports.spans import Span
from geo.reference.cities import city
from geo.reference.programmes import Period, load_programme
from geo.reference.wards import WardRegister, load_wards
from geo.settings import data_dir

DAY = date(2026, 6, 12)
WORDS = wording.words("vi")


def example(slug: str) -> Attainment:
    programme, register = load_programme(slug), WardRegister.load(city=city(slug))
    entries = read_entries(data_dir() / "examples" / f"{slug}-2026-H1.csv", programme, register)
    wards = pd.DataFrame(load_wards().drop(columns="geometry"))
    codes = wards.loc[wards["phase"] == "none", "code"].tolist()
    crossings = pd.DataFrame(
        [{"ward_code": codes[0], "site_id": "HN-I-1", "length_m": 4854.1, "area_m2": 0.0, "share": 0.5}]
        if slug == "hanoi"
        else [],
        columns=["ward_code", "site_id", "length_m", "area_m2", "share"],
    )
    sites = pd.DataFrame({"site_id": ["HN-I-1"], "name": ["Khu vực Quốc lộ 32"], "level": ["active"]})
    return attainment(programme, entries, wards, DAY, "2026-H1", crossings=crossings, sites=sites)


@pytest.fixture(scope="module")
def hanoi() -> Attainment:
    return example("hanoi")


@pytest.fixture(scope="module")
def hue() -> Attainment:
    return example("hue")


def sheets(content: bytes) -> dict[str, Worksheet]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def texts(content: bytes) -> list[str]:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


# ---- the workbook


def test_numbers_are_numbers_and_dates_are_dates(hanoi: Attainment) -> None:
    book = sheets(report_xlsx(hanoi))
    rows = {row[5].value: row for row in book["Chỉ tiêu"].iter_rows(min_row=2) if row[5].value}
    count = rows["3.1"]
    assert [count[column].value for column in (7, 9, 12, 14, 15, 16, 17)] == [5300, 2685, 2615, 126, 51, 1, 75]
    assert all(isinstance(count[column].value, int | float) for column in (7, 9, 12))
    share = rows["12a"][11]
    assert share.value == pytest.approx(463 / 946)
    assert "%" in share.number_format
    facts = {row[0].value: row[1] for row in book["Thông tin"].iter_rows(min_row=4)}
    assert facts["Ngày ban hành"].value == datetime(2026, 1, 7)  # noqa: DTZ001
    assert facts["Ngày cuối cùng còn đúng hạn"].value == datetime(2026, 6, 16)  # noqa: DTZ001
    assert facts["Ngày ban hành"].is_date


def test_indicators_stand_in_the_plans_own_order(hanoi: Attainment, hue: Attainment) -> None:
    for shown in (hanoi, hue):
        listed = [row[0].value for row in sheets(report_xlsx(shown))["Chỉ tiêu"].iter_rows(min_row=2)]
        assert list(dict.fromkeys(listed)) == [indicator.id for indicator in shown.programme.indicators]


def test_missing_zero_and_outside_look_different(hanoi: Attainment) -> None:
    sheet = sheets(report_xlsx(hanoi))["Xã, phường"]
    heading = [cell.value for cell in sheet[1]]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=3)}
    states = hanoi.rows("ward", target="3.1").set_index("code")
    zero = states.index[states["state"] == "zero"][0]
    missing = states.index[states["state"] == "missing"][0]
    column = heading.index("3.1")
    assert rows[zero][column].value == 0
    assert rows[missing][column].value is None
    assert rows[missing][column].fill.patternType not in (None, "none", "solid")
    outside = hanoi.rows("ward", target="14a").query("state == 'outside'")["code"].iloc[0]
    assert rows[outside][heading.index("14a")].value == "–"


def test_wards_without_an_entry_and_outside_the_programme_are_listed(hanoi: Attainment) -> None:
    book = sheets(report_xlsx(hanoi))
    silent = [row[0].value for row in book["Chưa báo cáo"].iter_rows(min_row=2)]
    assert tuple(silent) == hanoi.reporting.without
    assert [cell.value for cell in book["Ngoài chương trình"][2]][2:6] == [
        "HN-I-1",
        "Khu vực Quốc lộ 32",
        "Có hoạt động",
        4854.1,
    ]


def test_the_public_workbook_holds_no_small_count(hanoi: Attainment) -> None:
    book = sheets(report_xlsx(public(hanoi)))
    yes_or_no = {target.id for target in hanoi.programme.targets if target.is_yes_or_no}
    sheet = book["Xã, phường"]
    heading = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=3, values_only=True):
        counts = [value for name, value in zip(heading[3:], row[3:], strict=True) if name not in yes_or_no]
        assert not [value for value in counts if isinstance(value, int | float) and 1 <= value <= 4]
    for row in book["Chỉ tiêu"].iter_rows(min_row=2, values_only=True):
        if row[5] not in yes_or_no:
            assert not [value for value in row[9:11] if isinstance(value, int | float) and 1 <= value <= 4]
    assert any(cell.value == WORDS.text("suppressed") for row in sheet.iter_rows() for cell in row)


def test_texts_are_never_formulas(hanoi: Attainment) -> None:
    for content in (report_xlsx(hanoi), template_xlsx(hanoi.programme, load_wards(), Period.parse("2026"))):
        for sheet in sheets(content).values():
            assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


# ---- the document


def test_the_document_lists_every_indicator_in_order(hanoi: Attainment, hue: Attainment) -> None:
    for shown in (hanoi, hue):
        document = Document(io.BytesIO(report_docx(shown)))
        table = max(document.tables, key=lambda table: len(table.rows))
        listed = [row.cells[0].text for row in table.rows][1:]
        assert [text for text in listed if text] == [indicator.id for indicator in shown.programme.indicators]
        assert [row.cells[1].text for row in table.rows if row.cells[0].text][1:] == [
            indicator.text for indicator in shown.programme.indicators
        ]


def test_the_document_says_when_it_is_due_and_that_it_is_an_example(hanoi: Attainment) -> None:
    whole = "\n".join(texts(report_docx(hanoi))).replace(NO_BREAK, " ")
    assert "trước ngày 17/06/2026 (chậm nhất ngày 16/06/2026); còn 4 ngày" in whole
    assert WORDS.text("example") in whole
    assert "463/946 cơ sở (48,9 %)" in whole
    assert "2.685 người" in whole
    assert "100/126 xã, phường đã có ít nhất một số liệu (79,4 %)" in whole


def test_the_english_document_and_workbook_are_english(hanoi: Attainment) -> None:
    whole = "\n".join(texts(report_docx(hanoi, "en"))).replace(NO_BREAK, " ")
    assert "before 17 June 2026 (16 June 2026 at the latest); 4 days left" in whole
    assert "(48.9 %)" in whole
    assert "số liệu" not in whole
    book = sheets(report_xlsx(hanoi, "en"))
    assert list(book) == ["About", "Targets", "By phase", "Wards", "Not reported", "Outside the programme"]
    assert "mmmm" in book["About"]["B6"].number_format


def test_what_nobody_reported_is_never_written_as_zero() -> None:
    empty = attainment(load_programme("hue"), None, load_wards(), DAY, "2026-H1")
    table = max(Document(io.BytesIO(report_docx(empty))).tables, key=lambda table: len(table.rows))
    column = [cell.text for cell in table.rows[0].cells].index("Kết quả")
    content = {row.cells[column].text for row in table.rows[1:]}
    assert content == {"Chưa có số liệu"}
    whole = "\n".join(texts(report_docx(empty)))
    assert WORDS.text("example") not in whole
    assert WORDS.text("no_phase_list") in whole
    # This plan names no body in charge of a single indicator: no empty column says so line by line.
    assert "Cơ quan chủ trì" not in [cell.text for cell in table.rows[0].cells]


def test_the_results_lie_across_with_a_count_of_their_own(hanoi: Attainment) -> None:
    document = Document(io.BytesIO(report_docx(hanoi)))
    upright, across, last = document.sections
    assert (round(upright.page_width.mm), round(upright.page_height.mm)) == (210, 297)
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    assert (round(last.page_width.mm), round(last.page_height.mm)) == (210, 297)
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_shares_of_the_years_plan_and_of_the_periods(hanoi: Attainment) -> None:
    [row] = [row for row in table_rows(report_docx(hanoi)) if row["STT"] == "3.1"]
    assert row["Kết quả"].startswith("2.685 người")
    assert row["So với kế hoạch năm"].replace(NO_BREAK, " ") == "50,7 %"
    assert row["So với kế hoạch kỳ"].replace(NO_BREAK, " ") == "101,3 %"
    assert row["Cơ quan phối hợp"].startswith("UBND các xã, phường")


def test_a_quarter_shows_what_is_new_in_it() -> None:
    programme, register = load_programme("hanoi"), WardRegister.load(city=city("hanoi"))
    entries = read_entries(data_dir() / "examples" / "hanoi-2026-H1.csv", programme, register)
    wards, span = load_wards(), Span.parse("2026-Q2")
    now, before = (attainment(programme, entries, wards, day, "2026") for day in (span.last, span.before))
    [row] = [row for row in table_rows(report_docx(now, span=span, before=before)) if row["STT"] == "3.1"]
    assert row["Mới trong kỳ"] == "2.685"
    assert row["Đánh giá"] == "Đang thực hiện", "the year is not over in June"
    heads, *rows = sheets(report_xlsx(now, span=span, before=before))["Chỉ tiêu"].iter_rows(values_only=True)
    [line] = [found for values in rows if (found := dict(zip(heads, values, strict=True)))["Mã"] == "3.1"]
    assert (line["Mới trong kỳ"], line["So với kế hoạch năm"]) == (2685, pytest.approx(2685 / 5300))
    assert line["Đánh giá"] == "Đang thực hiện"
    whole = "\n".join(texts(report_docx(now, span=span, before=before)))
    assert "quý II năm 2026" in whole
    with pytest.raises(InputError, match="2026-Q5"):
        Span.parse("2026-Q5")


def table_rows(content: bytes) -> list[dict[str, str]]:
    table = max(Document(io.BytesIO(content)).tables, key=lambda table: len(table.rows))
    head, *rows = ([cell.text for cell in row.cells] for row in table.rows)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_same_attainment_same_bytes(hanoi: Attainment) -> None:
    again = example("hanoi")
    assert report_docx(hanoi) == report_docx(again)
    assert report_xlsx(hanoi) == report_xlsx(again)


@pytest.mark.parametrize("slug", ["hanoi", "hue"])
def test_the_document_opens_in_libreoffice(slug: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "report.docx"
    path.write_bytes(report_docx(example(slug)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    content = (tmp_path / "report.txt").read_text("utf-8-sig")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in content
    assert load_programme(slug).indicators[-1].text in content


# ---- plain values


def test_plain_values_hold_nothing_that_json_does_not_know(hanoi: Attainment) -> None:
    import json

    content = json.loads(json.dumps(attainment_dict(hanoi), allow_nan=False))
    assert content["deadline"] | {"printed": "", "place": ""} == {
        "report": "half-year",
        "period": "2026-H1",
        "day": "2026-06-17",
        "last_day": "2026-06-16",
        "printed": "",
        "place": "",
        "days_left": 5,
    }
    by_target = {entry["target"]: entry for entry in content["results"]}
    assert by_target["15b"]["share"] == 0.625
    plan = json.loads(json.dumps(programme_dict(hanoi.programme), allow_nan=False))
    assert len(plan["indicators"]) == 21
    assert len(plan["phases"]["pilot"]) == 42


# ---- the calendar


def unfolded(content: bytes) -> list[str]:
    return content.decode("utf-8").replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(("slug", "events"), [("hanoi", 2), ("hue", 10)])
def test_the_calendar_holds_every_deadline(slug: str, events: int) -> None:
    programme = load_programme(slug)
    lines = unfolded(deadlines_ics(programme))
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == events
    starts = [line.split(":")[1] for line in lines if line.startswith("DTSTART;VALUE=DATE:")]
    ends = [line.split(":")[1] for line in lines if line.startswith("DTEND;VALUE=DATE:")]
    assert starts == [f"{entry.last_day:%Y%m%d}" for entry in programme.deadlines]
    assert ends == [f"{entry.day:%Y%m%d}" for entry in programme.deadlines]
    ids = [line for line in lines if line.startswith("UID:")]
    assert len(set(ids)) == events


def test_calendar_lines_are_folded_at_75_bytes_between_characters() -> None:
    content = deadlines_ics(load_programme("hanoi"))
    assert content.endswith(b"END:VCALENDAR\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


@pytest.mark.parametrize(("value", "text"), [(5300, "5.300"), (79.36, "79,4"), (0, "0"), (1234567.5, "1.234.567,5")])
def test_vietnamese_numbers(value: float, text: str) -> None:
    assert WORDS.number(value, 1) == text
