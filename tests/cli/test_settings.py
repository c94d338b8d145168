"""Every setting stands once in the table, is documented, and is read nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.core.settings import ApiSettings
from geo import settings
from geo.cli.app import application_for
from geo.cli.reference import pages
from geo.errors import InputError
from geo.i18n.catalogue import find

ROOT = Path(__file__).resolve().parents[2]
_READS = re.compile(r"\benviron\b|\bgetenv\b")
_NAME = re.compile(r"\bDIABAN_[A-Z_]+[A-Z]\b")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application_for(arguments), list(arguments))


def sources() -> list[Path]:
    return [file for folder in ("geo", "api") for file in (ROOT / folder).rglob("*.py")]


def test_nothing_else_reads_the_environment() -> None:
    reading = {str(file.relative_to(ROOT)) for file in sources() if _READS.search(file.read_text("utf-8"))}
    assert reading == {"geo/settings.py"}


def test_every_variable_that_is_named_anywhere_is_in_the_table() -> None:
    known = {variable.variable for variable in settings.TABLE.values()}
    texts = [
        *sources(),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "docs" / "deploy").iterdir(),
        *ROOT.glob("README*.md"),
    ]
    named = {name for file in texts for name in _NAME.findall(file.read_text("utf-8"))}
    others = {name for name in named if name.startswith(("DIABAN_TEST", "DIABAN_BENCH", "DIABAN_SHARED"))}
    assert named - others <= known


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_setting_is_explained(lang: str) -> None:
    assert not [name for name in settings.TABLE if find(lang, f"settings.about.{name}") is None]  # type: ignore[arg-type]


def test_the_reference_is_as_the_code_says() -> None:
    stale = [file.name for file, text in pages().items() if file.read_text("utf-8") != text]
    assert not stale, "write it again: python -m geo.cli.reference"


def test_the_reference_names_every_setting_and_command() -> None:
    texts = {file.name: text for file, text in pages().items()}
    assert not [v.variable for v in settings.TABLE.values() if f"`{v.variable}`" not in texts["settings.md"]]
    for command in ("diaban map compare", "diaban user set", "diaban coverage import"):
        assert f"# {command}\n" in texts["commands.md"]
    assert "cli." not in texts["commands.md"].replace("geo.cli.", "")


def test_a_variable_that_means_nothing_is_named_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DIABAN_DATABSE_FILE", "/tmp/x")
    monkeypatch.setenv("DIABAN_QQQQ", "1")
    monkeypatch.setenv("DIABAN_NOSUCH", "1")
    monkeypatch.setenv("DIABAN_TEST_ALL", "1")
    said = " ".join(run("ward", "00004").stderr.split())
    assert (
        "DIABAN_DATABSE_FILE: there is no such setting; it has no effect → did you mean DIABAN_DATABASE_FILE?" in said
    )
    assert "DIABAN_QQQQ: there is no such setting" in said
    assert "DIABAN_HOST" not in said
    assert "DIABAN_TEST_ALL" not in said
    from api.core.settings import log_unknown

    log_unknown()
    assert "DIABAN_DATABSE_FILE" in caplog.text


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("PORT", "abc", "'abc' is not a whole number"),
        ("PORT", "70000", "70,000 is not from 0 to 65,535"),
        ("MAX_BODY_BYTES", "1", "1 is less than 1,000"),
        ("SESSION_HOURS", "x", "'x' is not a number"),
        ("LOG_REQUESTS", "maybe", "'maybe' is neither yes nor no"),
    ],
)
def test_a_value_that_can_not_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(f"DIABAN_{name}", value)
    with pytest.raises(InputError, match=re.escape(f"DIABAN_{name}: {what}")):
        ApiSettings()


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_PORT", "9000")
    monkeypatch.setenv("DIABAN_LOG_REQUESTS", "no")
    monkeypatch.setenv("DIABAN_CACHE_BYTES", "")
    found = ApiSettings(log_requests=True)
    assert (found.port, found.log_requests, found.cache_bytes) == (9000, True, 128_000_000)


def test_the_city_holds_for_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
    monkeypatch.setenv("DIABAN_CITY", "hue")
    assert json.loads(run("risk", "--day", "2026-06-30", "--format", "json").stdout)["city"] == "hue"
    assert json.loads(run("coverage", "--day", "2026-06-12", "--format", "json").stdout)["city"] == "hue"
    file = tmp_path / "map.html"
    assert run("map", "overview", "--day", "2026-06-17", "-o", str(file)).exit_code == 0
    assert "Huế" in file.read_text("utf-8")
    assert json.loads(run("risk", "--city", "hanoi", "--format", "json").stdout)["city"] == "hanoi"
    assert ApiSettings().city == "hue"


def test_lists_are_of_the_city_that_is_set_and_of_all_where_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(*arguments: str) -> set[str]:
        return set(re.findall(r"\b([A-Z]{2})-I+-\d", run("crossings", *arguments, "--format", "csv").stdout))

    def checked() -> str:
        return run("check", "--format", "json").stdout

    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
    paper = ("--day", "2026-06-01", "--document", "1/BC", "--office", "Sở")
    assert run("status", "set", "HN-I-1", "low", *paper).exit_code == 0
    monkeypatch.setenv("DIABAN_CITY", "hanoi")
    assert listed() == {"HN"}
    assert "HN-II-1" in checked()
    assert "292/KH-UBND" not in run("plan", "list").stdout
    monkeypatch.setenv("DIABAN_CITY", "hue")
    assert listed() == set()
    assert listed("HN-I-1") == listed("--ward", "Yên Hòa") == listed("--city", "01") == {"HN"}
    assert "HN-II-1" not in checked()
    assert "07/KH-UBND" not in run("plan", "list").stdout
    monkeypatch.delenv("DIABAN_CITY")
    assert listed() == {"HN"}
    both = run("plan", "list").stdout
    assert "07/KH-UBND" in both
    assert "292/KH-UBND" in both
    assert run("crossings", "--city", "atlantis").exit_code == 2


def test_every_command_with_a_city_takes_it_from_the_setting() -> None:
    text = pages()[ROOT / "docs" / "commands.md"]
    # What an account is bound to (`diaban user`) is no city that a command works on.
    rows = [line for line in text.splitlines() if line.startswith("| `--city CITY`")]
    assert len(rows) > 15
    assert all("DIABAN_CITY" in row for row in rows)
