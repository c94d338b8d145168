"""`diaban risk` and `diaban backtest`, with records of their own."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from geo.cli.app import application_for
from geo.records.entries import Actor, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

DAY = "2026-06-30"
OFFICE = ("--office", "Sở Y tế")


@pytest.fixture
def records(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    monkeypatch.setenv("DIABAN_DATABASE_URL", url)
    return url


def run(*arguments):
    return CliRunner().invoke(application_for(arguments), list(arguments))


def document(*arguments):
    result = run("risk", "--day", DAY, "--format", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def with_reports(url):
    """A site that was quiet for two years and is not any more."""
    days = [date(2026, 6, 29) - timedelta(days=4 * i) for i in range(9)]
    days += [date(2026, 3, 1) - timedelta(days=90 * i) for i in range(7)]
    with open_store(url, registers=load_register_lookup()) as store:
        for number, day in enumerate(days):
            entry = NewReport(
                day=day,
                kind="public_space",
                channel="hotline",
                site_id="HN-I-5",
                chainage_m=100.0 * number,
                verified=True,
            )
            store.add(entry, Actor("test", "Sở Y tế", "test"))


def test_the_plan_as_a_table(records):
    result = run("risk", "--plan", "--day", "2026-01-07", "--lang", "vi")
    assert result.exit_code == 0
    first, second = result.stdout.index("exposure:HN-I-1 "), result.stdout.index("exposure:HN-I-7 ")
    assert first < second
    for part in ("Hoài Đức", "cao", "chỉ theo danh mục", "HN-II-4", "Xã Hát Môn (09772)"):
        assert part in result.stdout


def test_english_and_a_file(records, tmp_path):
    file = tmp_path / "risk.txt"
    result = run("risk", "--plan", "--day", "2026-01-07", "--lang", "en", "-o", str(file))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "lies outside the programme" in file.read_text(encoding="utf-8")


def test_json_holds_flags_sites_and_wards(records):
    printed = document("--plan")
    assert printed["flags"][0]["flag_id"] == "exposure:HN-I-1"
    assert printed["reports"] is None
    assert len(printed["sites"]) == 12
    assert {ward["ward_code"] for ward in printed["wards"] if ward["outside"] and ward["inside"]} == {
        "09832",
        "09817",
        "09784",
    }
    for flag in printed["flags"]:
        assert sum(ward["share"] for ward in flag["wards"]) == pytest.approx(1, abs=1e-5)
        assert sum(reason["points"] for reason in flag["reasons"]) == pytest.approx(flag["score"])


def test_geojson_is_a_feature_collection(records):
    result = run("risk", "--plan", "--day", DAY, "--format", "geojson")
    collection = json.loads(result.stdout)
    assert collection["type"] == "FeatureCollection"
    assert {f["geometry"]["type"] for f in collection["features"]} == {"LineString"}
    assert collection["features"][0]["properties"]["flag_id"] == "exposure:HN-I-1"


def test_hue_has_nothing_to_tell(records):
    result = run("--lang", "vi", "risk", "--city", "hue", "--day", DAY)
    assert result.exit_code == 0
    assert "không có cảnh báo nào đang mở" in result.stdout
    assert "┃" not in result.stdout


def test_reports_raise_a_flag_and_backtest_tells_how_it_would_have_done(records):
    with_reports(records)
    printed = document()
    (flag,) = [f for f in printed["flags"] if f["rule"] == "reactivation"]
    assert (flag["site_id"], flag["observed"]) == ("HN-I-5", 9)
    assert flag["level"] in ("warning", "alert")
    result = run("backtest", "--day", DAY, "--weeks", "6", "--format", "json")
    assert result.exit_code == 0, result.stderr
    tested = json.loads(result.stdout)
    assert tested["weeks"] == 6
    assert tested["reports"] == 9
    assert any(alarm["site_id"] == "HN-I-5" for alarm in tested["alarms"])
    assert "weeks up to 30 June 2026" in run("backtest", "--day", DAY, "--weeks", "6").stdout


def test_backtest_without_reports_says_what_to_do(records):
    result = run("backtest", "--day", DAY)
    assert result.exit_code == 2
    assert "diaban report import" in result.stderr


def test_acknowledged_closed_and_recorded(records):
    assert "4 flags recorded" in run("risk", "record", "--day", DAY, *OFFICE).stdout
    assert "0 flags recorded" in run("risk", "record", "--day", DAY, *OFFICE).stdout
    seen = run("risk", "ack", "exposure:HN-I-1", "--note", "Họp ba xã ngày 5", "--day", DAY, *OFFICE)
    assert seen.exit_code == 0, seen.stderr
    closing = ("risk", "close", "exposure:HN-I-6:slight", "--note", "Đã thống nhất", "--day", DAY, *OFFICE)
    assert run(*closing).exit_code == 2  # without what came of it
    assert "the service writes 'rule' itself" in run(*closing, "--result", "rule").stderr
    assert run(*closing, "--result", "nothing").exit_code == 0
    flags = {flag["flag_id"]: flag for flag in document()["flags"]}
    assert (flags["exposure:HN-I-1"]["status"], flags["exposure:HN-I-1"]["note"]) == (
        "acknowledged",
        "Họp ba xã ngày 5",
    )
    assert flags["exposure:HN-I-6"]["status"] == "closed"
    table = run("risk", "--day", DAY).stdout
    assert "exposure:HN-I-6" not in table
    assert "exposure:HN-I-6" in run("risk", "--day", DAY, "--closed").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exposure:HN-I-66", "--note", "Đã rà soát"), "exposure:HN-I-6"),
        (("exposure:HN-I-1", "--note", " "), "--note"),
        (("exposure:HN-I-1", "--note", "Gọi 0912345678"), "note"),
    ],
)
def test_what_cannot_be_recorded_is_bad_use(records, arguments, said):
    result = run("risk", "ack", *arguments, "--day", DAY, *OFFICE)
    assert result.exit_code == 2
    assert said in result.stderr
    assert all(flag["status"] == "raised" for flag in document()["flags"])
