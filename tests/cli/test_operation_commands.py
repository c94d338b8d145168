"""`diaban backup`, `restore`, `purge` and `doctor` as the one who keeps the machine uses them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from fresh_records import fresh_records
from typer.testing import CliRunner, Result

from geo.cli.app import application_for
from geo.cli.service.backup import months_before
from geo.records.entries import Actor, NewReport
from geo.records.open import opened_store
from geo.records.store import open_store

RUN = CliRunner()
ACTOR = Actor("local", "UBND phường Yên Hòa")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of this test's own, with one new and one old report in it."""
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    with opened_store(fresh_records(tmp_path)) as store:
        for day in (date(2020, 5, 5), date(2026, 1, 8)):
            store.add(NewReport(day=day, kind="other", channel="other", site_id="HN-I-4"), ACTOR)
    return tmp_path / "records.sqlite"


def run(*arguments: str, code: int = 0, answer: str = "") -> Result:
    result = RUN.invoke(application_for(arguments), list(arguments), input=answer)
    assert result.exit_code == code, result.output
    return result


def count() -> int:
    with open_store() as store:
        return len(store.history("report"))


def findings(code: int = 0) -> dict[str, tuple[str, str]]:
    reported = json.loads(run("doctor", "--format", "json", code=code).stdout)
    return {entry["name"]: (entry["state"], entry["found"] + entry["remedy"]) for entry in reported}


def test_the_commands_that_open_the_store_know_the_plan() -> None:
    with open_store() as store:
        assert len(store.phases(date(2026, 6, 1))) == 48
        assert len(store.levels(date(2026, 6, 1))) == 12


def test_a_backup_is_made_looked_at_and_put_back(tmp_path: Path) -> None:
    file = str(tmp_path / "copy.backup")
    digest = run("backup", file).stdout.splitlines()[-1]
    assert digest.startswith("sha256:")
    run("purge", "--before", "2021-01-01", "--yes")
    assert digest in run("restore", file, "--check").stdout
    assert count() == 1
    run("restore", file, answer="n\n", code=1)
    assert count() == 1
    assert "before-restore" in run("restore", file, answer="y\n").stderr
    assert count() == 2
    refused = run("restore", str(tmp_path / "records.sqlite"), "--yes", code=2)
    assert "is no backup of diaban" in refused.stderr


def test_old_reports_leave_with_an_audit_line() -> None:
    run("purge", "--before", "01/01/2021", answer="n\n", code=1)
    assert count() == 2
    assert (
        "1 row of reports before 1 January 2021 was counted"
        in run("purge", "--before", "01/01/2021", answer="y\n").stdout
    )
    with open_store() as store:
        line = store.audit(action="report.purge").iloc[0]
        assert (line["who"], line["subject"], line["detail"]) == ("local", "2021-01-01", "1 row")
        assert store.summaries()["reports"].tolist() == [1]
    assert "0 rows" in run("purge", "--older-than", "1200", "--yes").stdout


@pytest.mark.parametrize("arguments", [[], ["--before", "2020-01-01", "--older-than", "3"], ["--before", "2999-01-01"]])
def test_a_purge_without_a_sound_day_is_refused(arguments: list[str]) -> None:
    run("purge", "--yes", *arguments, code=2)
    assert count() == 2


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 10), 36, date(2023, 3, 10)),
        (date(2026, 1, 31), 2, date(2025, 12, 1)),
        (date(2026, 3, 31), 1, date(2026, 3, 1)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_a_sound_machine_is_told_so() -> None:
    found = findings()
    assert {"diaban", "libraries", "wards", "sites", "programmes", "database", "writing", "fonts"} <= set(found)
    assert found["wards"][1].startswith("166 (126 of 01, 40 of 46)")
    assert found["writing"] == ("fine", "a writer gets its turn, journal wal")
    assert "doctor" not in run("doctor").stderr


def test_what_is_broken_is_named_with_its_remedy(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo import settings

    data = tmp_path / "data"
    shutil.copytree(settings.data_dir(), data)
    (data / "sites.geojson").write_text("{")
    monkeypatch.setenv("DIABAN_DATA_DIR", str(data))
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE diaban_schema SET version_num = '9999'")
    connection.close()
    monkeypatch.setenv("DIABAN_FONTS", str(tmp_path / "absent"))
    found = findings(code=1)
    broken = {name: reported for name, (state, reported) in found.items() if state == "broken"}
    assert set(broken) == {"data", "database", "letters"}
    assert "is not JSON" in broken["data"]
    assert "upgrade diaban" in broken["database"]


def test_a_line_that_was_edited_is_named(database: Path, tmp_path: Path) -> None:
    assert findings()["hash-chain"][0] == "fine"
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET who = 'yen-hoa' WHERE id = 2")
    connection.close()
    state, found = findings(code=1)["hash-chain"]
    assert state == "broken"
    assert run("doctor", "--format", "json", code=1).stdout.count('"hash-chain"') == 1  # not fine as well
    assert "row 2 of audit is not as it was written" in found
    file = str(tmp_path / "copy.backup")
    assert "row 2 of audit is not as it was written" in run("backup", file, code=1).stderr
    assert "row 2 of audit" in run("restore", file, "--check", code=2).stderr
    run("restore", file, "--broken-chain", "--yes")


def test_the_doctor_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "new" / "records.sqlite"))
    assert "not there yet" in findings()["database"][1]
    assert not (tmp_path / "new").exists()


def test_a_clock_that_went_back_is_told() -> None:
    with sqlite3.connect(_place()) as connection:
        connection.execute("UPDATE data_version SET recorded_at = '2999-01-01 00:00:00.000000'")
    connection.close()
    assert findings()["clock"][0] == "soon"


def _place() -> Path:
    from geo.records.database.engine import default_file

    return default_file()
