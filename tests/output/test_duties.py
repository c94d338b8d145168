"""A report for each body that a plan gives duties to, and reports of months and quarters on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from decree_measures import faults
from docx import Document
from typer.testing import CliRunner

from geo.cli.app import application
from geo.errors import UnknownNameError
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers.pdf import pdf
from geo.output.reports.body_report import body_document
from geo.output.reports.workbook import report_xlsx
from geo.reference.duties import bodies, body
from geo.reference.programmes import load_programme


@pytest.mark.parametrize(("programme", "count"), [("hanoi-2026", 16), ("hue-2026-2030", 13)])
def test_the_plans_name_their_bodies(programme: str, count: int) -> None:
    found = bodies(programme)
    assert [entry.number for entry in found] == list(range(1, count + 1))
    assert all(entry.duties and entry.name and entry.name_en for entry in found)
    assert len({entry.name for entry in found}) == count


def test_every_lead_of_the_list_of_indicators_is_a_body() -> None:
    leads = {entry.lead for entry in load_programme("hanoi-2026").indicators if entry.lead}
    for lead in leads:
        assert any(entry.is_lead(lead) for entry in bodies("hanoi-2026")) or lead.startswith("Đội Kiểm tra"), lead


def test_a_body_is_found_by_number_or_name() -> None:
    assert body("hanoi-2026", "2").name == body("hanoi-2026", "công an thành phố").name
    with pytest.raises(UnknownNameError, match="Sở Y tế"):
        body("hanoi-2026", "99")


def test_a_name_that_the_plan_does_not_print_is_said_to_be_inferred() -> None:
    """The published text of Hà Nội's plan has no headings over the duties 1 to 9; Huế's has all of its own."""
    from test_reports import example

    lacking = [entry for entry in bodies("hanoi-2026") if not entry.printed]
    assert [entry.number for entry in lacking] == list(range(1, 10))
    assert all(entry.note for entry in lacking)
    assert all(entry.printed for entry in bodies("hue-2026-2030"))
    said = [
        body_document(example("hanoi"), body("hanoi-2026", name), edition=Edition()).cautions for name in ("4", "10")
    ]
    assert [any("không in tên cơ quan" in text for text in cautions) for cautions in said] == [True, False]


def test_a_report_of_a_body_complies_and_has_its_duties() -> None:
    from test_reports import example

    entry = body("hanoi-2026", "2")
    document = body_document(example("hanoi"), entry, edition=Edition())
    assert document.header.office == "CÔNG AN THÀNH PHỐ"
    assert document.header.number.endswith("/BC-CATP")
    assert len([text for text in document.texts() if text == "Kết quả:"]) == len(entry.duties)
    assert any("xét xử" in text or "vụ án" in text for text in document.texts())
    assert faults(pdf(document, {}, Edition()), document) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--span", "2026-Q2", "--city", "hanoi"), "quý II năm 2026"),
        (("--body", "16", "--span", "2026-03"), "tháng 3 năm 2026"),
        (("--body", "1", "--city", "hue", "--period", "2026-H1"), "6 tháng đầu năm 2026"),
    ],
)
def test_the_command_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    file = tmp_path / "a.docx"
    whole = ["coverage", "report", "--lang", "vi", "--day", "2026-06-12", *words, "-o", str(file)]
    done = CliRunner().invoke(application(["coverage"]), whole)
    assert done.exit_code == 0, done.output
    assert said in "\n".join(paragraph.text for paragraph in Document(io.BytesIO(file.read_bytes())).paragraphs)
    book = tmp_path / "a.xlsx"
    assert CliRunner().invoke(application(["coverage"]), [*whole[:-1], str(book)]).exit_code == 0
    about = openpyxl.load_workbook(book).worksheets[0]
    assert said in "\n".join(str(cell.value) for row in about.iter_rows() for cell in row)


def test_the_workbook_of_a_body_has_its_duties_and_only_its_indicators() -> None:
    from test_reports import example

    entry = body("hanoi-2026", "2")
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(example("hanoi"), body=entry)))
    assert book.sheetnames == ["Thông tin", "Nhiệm vụ", "Chỉ tiêu"]
    assert [row[1] for row in book["Nhiệm vụ"].iter_rows(min_row=2, values_only=True)] == list(entry.duties)
    heads, *rows = book["Chỉ tiêu"].iter_rows(values_only=True)
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    assert {row["Cơ quan chủ trì"] for row in found} == {"Công an Thành phố"}
    [cases] = [row for row in found if row["Mã"] == "9"]
    assert (cases["Kết quả"], cases["So với kế hoạch năm"], cases["So với kế hoạch kỳ"]) == (41, 0.41, 0.82)
