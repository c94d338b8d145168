"""`diaban clusters`, on made-up reports: a crowd in one ward."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from geo.analysis.clusters import wards_by_population
from geo.cli.app import application
from geo.errors import InputError
from geo.records.entries import Actor, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

DAY = "2026-06-30"


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Reports all over the city for two years, and nine within three weeks at one corner of Láng (00199)."""
    url = f"sqlite:///{tmp_path_factory.mktemp('clusters') / 'records.sqlite'}"
    rng = np.random.default_rng(3)
    places = np.column_stack([rng.uniform(105.77, 105.87, 150), rng.uniform(20.98, 21.05, 150)])
    places = np.vstack([places, np.array([105.8075, 21.0235]) + rng.normal(0, 0.0006, (9, 2))])
    ago = np.r_[rng.integers(0, 700, 150), np.arange(0, 18, 2)]
    with open_store(url, registers=load_register_lookup()) as store:
        entries = [
            NewReport(
                day=date(2026, 6, 30) - timedelta(days=int(days)),
                kind="public_space",
                channel="hotline",
                lon=float(lon),
                lat=float(lat),
            )
            for (lon, lat), days in zip(places, ago, strict=True)
        ]
        store.add_reports(entries, Actor("test", "Sở Y tế", "test"), source="made up")
    return url


def run(url, *arguments):
    return CliRunner().invoke(application(["clusters"]), ["clusters", *arguments], env={"DIABAN_DATABASE_URL": url})


def document(url, *arguments):
    result = run(url, *arguments, "--day", DAY, "--simulations", "99", "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_knox_gives_the_chance_of_as_many_pairs_or_more(records):
    found = document(records, "knox", "--metres", "200", "--days", "14")
    assert found["pairs"] > 10 * found["expected"]
    assert found["p_permutation"] == pytest.approx(0.01)
    assert "P(X ≥" in run(records, "knox", "--day", DAY, "--simulations", "19").stdout


def test_neighbourhoods_find_the_ward_and_say_how_often_chance_would(records):
    best = document(records, "neighbourhoods")["clusters"][0]
    assert best["wards"] == ["00199"]
    assert best["observed"] >= 7
    assert best["recurrence_looks"] == pytest.approx(1 / best["p"], rel=0.01)


def test_wards_against_their_population(records):
    best = document(records, "wards", "--last", "30")["clusters"][0]
    assert "00199" in best["wards"]
    assert best["observed"] > best["expected"]
    assert best["population"] > 0
    assert best["recurrence_looks"] == pytest.approx(1 / best["p"], rel=0.01)
    assert "by chance once in" in run(records, "wards", "--day", DAY, "--last", "30", "--simulations", "19").stdout


@pytest.mark.parametrize("command", ["clusters knox --metres", "clusters knox --days", "clusters wards --last"])
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "-1", "1e400", "99999999999999999999"])
def test_numbers_that_say_nothing_are_refused_with_what_is_allowed(command, value):
    *words, option = command.split()
    result = CliRunner().invoke(application([words[0]]), [*words, option, value])
    assert result.exit_code == 2
    assert option in result.stderr
    assert "give a number from" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        "clusters knox --metres 0",
        "backtest --share nan",
        "backtest --share 0",
        "backtest --share 1",
        "backtest --weeks 0",
    ],
)
def test_other_numbers_out_of_range_are_refused_alike(words):
    result = CliRunner().invoke(application(words.split()[:1]), words.split())
    assert result.exit_code == 2
    assert "give a number from" in result.stderr


def test_any_command_refuses_what_is_no_finite_number():
    result = CliRunner().invoke(application(["check"]), ["check", "--width", "nan"])
    assert result.exit_code == 2
    assert "--width: Invalid value" in result.stderr


def test_observation_is_proposed_where_reports_suggest_it_and_unknown_where_nothing_does(tmp_path):
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup()) as store:
        days = [date(2026, 6, 30) - timedelta(days=ago) for ago in (0, 40, 80)]
        entries = [NewReport(day=day, kind="other", channel="hotline", site_id="HN-I-5") for day in days]
        store.add_reports(entries, Actor("test", "Sở Y tế", "test"), source="made up")
    result = CliRunner().invoke(
        application(["risk"]), ["risk", "observed", "--day", DAY], env={"DIABAN_DATABASE_URL": url, "COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.stderr
    lines = {line.split()[1]: line for line in result.stdout.splitlines() if " I." in line}
    assert "11 April 2026" in lines["I.5,"]
    assert "suggested by the first reports" in lines["I.5,"]
    assert "not known" in lines["I.4,"]
    assert "suggested" not in lines["I.4,"]


def test_the_window_of_a_neighbourhood_is_said_whole_and_one_matter_is_one(records, tmp_path):
    said = run(records, "neighbourhoods", "--day", "2026-08-30", "--simulations", "19").stdout
    assert "28 June" in said or "30 June" in said
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup()) as store:
        one = NewReport(day=date(2026, 6, 30), kind="other", channel="hotline", lon=105.8, lat=21.0)
        store.add_reports([one], Actor("test", "Sở Y tế", "test"), source="made up")
    assert "1 matter up to" in run(url, "knox", "--day", DAY, "--simulations", "19").stdout


def test_reports_where_nobody_is_counted_are_refused():
    ward, codes = np.array([0, 1, 1]), ["00004", "00008"]
    middles = [[0.0, 0.0], [1.0, 1.0]]
    with pytest.raises(InputError, match="00008"):
        wards_by_population(ward, codes, middles, [100.0, np.nan], simulations=19)
    assert wards_by_population(ward[:1], codes, middles, [100.0, np.nan], simulations=19) == ()
