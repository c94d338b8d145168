"""`diaban status`, `report`, `review` as an officer uses them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from geo.cli.records.records import report_app, review_app, status_app
from geo.records.store import open_store

RUN = CliRunner()
OFFICE = ["--office", "UBND phường Yên Hòa"]
ROWS = "Ngày,Loại tin,Nguồn tin,Mã điểm,Lý trình,Ghi chú\n01/03/2026,Khác,Khác,HN-I-4,100,Chiếu sáng kém\n"


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of this test's own; wide lines, so that nothing is wrapped."""
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "records.sqlite"


def run(app: typer.Typer, *arguments: str, code: int = 0) -> Result:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result


def test_a_status_is_set_and_its_history_told() -> None:
    said = run(
        status_app, "set", "hn-i-4", "Có hoạt động", "--document", "12/BC-UBND", "--day", "01/03/2026", *OFFICE
    ).output
    assert "HN-I-4: Active from 1 March 2026" in said
    rows = json.loads(run(status_app, "history", "HN-I-4", "--format", "json").output)
    assert [(row["day"], row["level"], row["document"]) for row in rows] == [
        ("2026-01-07", "low", "07/KH-UBND"),
        ("2026-03-01", "active", "12/BC-UBND"),
    ]
    table = run(status_app, "history", "HN-I-4", "--lang", "vi").output
    assert "Ít hoạt động" in table
    assert "07/01/2026" in table
    assert run(status_app, "history", "HN-I-4", "--format", "csv").output.count("\n") == 3


def test_a_correction_is_told_in_the_history() -> None:
    run(status_app, "set", "HN-I-4", "active", "--document", "12/BC", "--day", "2026-03-01", *OFFICE)
    first = json.loads(run(status_app, "history", "HN-I-4", "--format", "json").output)[-1]["id"]
    arguments = ["--document", "12/BC", "--day", "2026-03-01", "--corrects", str(first), *OFFICE]
    run(status_app, "set", "HN-I-4", "complex", *arguments)
    assert "(đã sửa)" in run(status_app, "history", "HN-I-4", "--lang", "vi").output
    assert "(corrected)" in run(status_app, "history", "HN-I-4").output
    again = run(status_app, "set", "HN-I-4", "low", *arguments, code=2)
    assert "was corrected before" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["set", "HN-I-99", "active", "--document", "1/BC"], "no site has the id"),
        (["set", "HN-I-4", "busy", "--document", "1/BC"], "'busy' is not known"),
        (["set", "HN-I-4", "active", "--document", "theo lời ông Tuấn"], "name of a person"),
        (["set", "HN-I-4", "active", "--document", "1/BC", "--account", "Nguyễn Văn A"], "not an account name"),
    ],
)
def test_what_can_not_be_recorded_is_told(arguments: list[str], what: str) -> None:
    assert what in run(status_app, *arguments, *OFFICE, code=2).stderr


def test_a_day_in_the_future_is_refused() -> None:
    with open_store() as store:
        tomorrow = store.today + timedelta(days=1)
    arguments = ["set", "HN-I-4", "active", "--document", "1/BC", "--day", tomorrow.isoformat()]
    assert "lies in the future" in run(status_app, *arguments, *OFFICE, code=2).stderr


def test_one_report_is_recorded() -> None:
    place = ["--site", "HN-I-4", "--chainage", "700"]
    said = run(report_app, "add", "--kind", "other", "--channel", "hotline", "--day", "2026-03-01", *place, *OFFICE)
    assert "report of 1 March 2026: Other" in said.output
    with open_store() as store:
        row = store.reports(date(2026, 3, 1), date(2026, 3, 1)).iloc[0]
    assert (row["site_id"], row["chainage_m"], row["channel"]) == ("HN-I-4", 700.0, "hotline")
    assert isinstance(row["ward_code"], str)
    refused = run(report_app, "add", "--kind", "other", "--channel", "hotline", *OFFICE, code=2)
    assert "one place is needed" in refused.stderr


def test_a_report_of_the_same_matter_is_linked_at_entry() -> None:
    place = ["--kind", "other", "--channel", "hotline", "--day", "2026-03-01", "--site", "HN-I-4"]
    run(report_app, "add", *place, *OFFICE)
    with open_store() as store:
        first = int(store.reports(date(2026, 3, 1), date(2026, 3, 1))["report_id"].max())
    run(report_app, "add", *place, "--same-as", str(first), *OFFICE)
    with open_store() as store:
        assert store.reports(date(2026, 3, 1), date(2026, 3, 1))["same_as"].tolist()[-1] == first
    run(report_app, "add", *place, "--same-as", "987654", *OFFICE, code=2)


def test_a_file_is_only_checked_until_commit(tmp_path: Path) -> None:
    file = tmp_path / "tin.csv"
    file.write_text(ROWS, encoding="utf-8")
    dry = run(report_app, "import", str(file), *OFFICE)
    assert "1 report, 1 March 2026 to 1 March 2026" in dry.stdout
    assert "nothing was written" in dry.stderr
    with open_store() as store:
        assert store.history("report").empty
    assert "1 report from tin.csv is recorded" in run(report_app, "import", str(file), "--commit", *OFFICE).output
    assert "was imported before" in run(report_app, "import", str(file), "--commit", *OFFICE, code=2).stderr
    with open_store() as store:
        assert store.audit(action="report.import")["origin"].tolist() == ["import"]


def test_problems_of_a_file_are_told_by_row_and_column(tmp_path: Path) -> None:
    file = tmp_path / "tin.csv"
    file.write_text(ROWS + "32/03/2026,Khác,Khác,HN-I-4,100,\n", encoding="utf-8")
    reported = run(report_app, "import", str(file), "--commit", *OFFICE, code=2).stderr
    assert "tin.csv: row 3, column A 'Ngày'" in reported
    with open_store() as store:
        assert store.history("report").empty


def test_a_template_is_written(tmp_path: Path) -> None:
    named, mau = tmp_path / "named.csv", tmp_path / "mau.xlsx"
    run(report_app, "template", "-o", str(mau))
    run(report_app, "template", str(named))
    assert mau.stat().st_size > 1000
    assert named.read_text(encoding="utf-8-sig").startswith("Ngày,")
    assert "two files" in run(report_app, "template", "-o", str(mau), str(named), code=2).stderr


def test_a_review_is_recorded_with_wards_by_name() -> None:
    run(
        review_app, "add", "--site", "HN-I-4", "--ward", "Yên Hòa", "--ward", "phường yên hoà", "--conclusion", "quiet",
        "--document", "15/BB-UBND", "--day", "2026-03-01", "--next", "2026-09-01", *OFFICE,
    )  # fmt: skip
    with open_store() as store:
        review = store.reviews().iloc[0]
    assert len(review["wards"]) == 1
    assert review["sites"] == ("HN-I-4",)
    assert "01/09/2026" in run(review_app, "list", "--lang", "vi").output
    nobody = ["add", "--site", "HN-I-4", "--ward", "Nơi Nào", "--conclusion", "quiet", "--document", "1/BB", *OFFICE]
    assert "is not known" in run(review_app, *nobody, code=2).stderr
