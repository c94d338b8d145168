"""Days before the units of today: nobody is given today's wards for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from fresh_records import fresh_records
from typer.testing import CliRunner

from api.core.settings import ApiSettings
from api.main import create_app
from geo.cli.app import application, application_for
from geo.errors import InputError
from geo.records.entries import Actor
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.coverage_entry import NewCoverageEntry
from geo.records.kinds.duties.explanation import NewExplanation
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.report import NewReport
from geo.records.kinds.review import NewReview
from geo.records.kinds.spec import NewEntry
from geo.records.store import open_store
from geo.reference.ward_names.units_since import UNITS_SINCE, refuse_before_units

LAST = "2025-06-30"
PAPER: dict[str, Any] = {"document": "15/BC-UBND"}
OFFICE = PAPER | {"office": "UBND thành phố"}
OF_UNITS = [
    lambda day: NewAssessment(site_id="HN-I-1", level="low", day=day, **OFFICE),
    lambda day: NewReview(wards=("00004",), sites=("HN-I-1",), conclusion="watch", day=day, **PAPER),
    lambda day: NewExplanation(
        ward_code="00004", programme="hanoi-2026", period="2026-H1", step="asked", day=day, **PAPER
    ),
]
"""What wards of today do, or what is shown by them."""
OF_PLACES = [
    lambda day: NewMeasure(site_id="HN-I-1", day=day, **OFFICE),
    lambda day: NewObservation(place="HN-I-1", day=day, **OFFICE),
    lambda day: NewReport(site_id="HN-I-1", kind="other", channel="other", day=day),
]
"""What is of a place, which was there before them."""


def test_the_first_day_is_the_first_one():
    assert refuse_before_units(UNITS_SINCE) == UNITS_SINCE
    with pytest.raises(InputError, match="other units"):
        refuse_before_units(date(2025, 6, 30))


@pytest.mark.parametrize("command", [["ward", "00004"], ["crossings", "HN-I-1"], ["map", "overview", "-o", "map.html"]])
def test_commands_refuse_a_day_before_and_take_the_first_one(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    refused = run.invoke(application_for(command), [*command, "--day", LAST])
    assert refused.exit_code == 2
    assert "1 July 2025" in refused.output
    assert list(tmp_path.iterdir()) == []
    assert run.invoke(application_for(command), [*command, "--day", "2025-07-01"]).exit_code in (0, 1)


@pytest.mark.parametrize("path", ["/api/v1/wards", "/api/v1/sites", "/api/v1/crossings", "/wards/00004", "/"])
def test_the_service_refuses_it_too(path, tmp_path):
    with open_store(f"sqlite:///{tmp_path}/records.sqlite") as store:
        client = TestClient(create_app(ApiSettings(log_requests=False), store))
        answer = client.get(path, params={"day": LAST})
        assert answer.status_code == 422, answer.text
        assert "01/07/2025" in answer.text or "1 July 2025" in answer.text
        assert client.get(path, params={"day": "2025-07-01"}).status_code == 200


def test_a_collection_has_none_of_it_and_an_item_is_refused(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/records.sqlite") as store:
        client = TestClient(create_app(ApiSettings(log_requests=False), store))
        items = "/ogc/collections/wards/items"
        assert client.get(items, params={"datetime": LAST, "limit": 1}).json()["numberMatched"] == 0
        assert client.get(f"{items}/00004", params={"datetime": LAST}).status_code == 422
        assert client.get(f"{items}/00004", params={"datetime": "2025-07-01"}).status_code == 200


@pytest.mark.parametrize(("kinds", "expected"), [(OF_UNITS, ["reference.before-units"]), (OF_PLACES, [])])
def test_what_wards_of_today_do_is_of_no_day_before_them(kinds, expected, tmp_path):
    with open_store(fresh_records(tmp_path)) as store:
        for made in kinds:
            assert refused(store, made(date(2025, 6, 30))) == expected, made(UNITS_SINCE)
            assert refused(store, made(date(2009, 6, 30))) == ["records.early-day"]
            assert refused(store, made(UNITS_SINCE)) == []


def test_a_figure_of_a_ward_of_today_is_of_no_day_before_it(tmp_path):
    figure: dict[str, Any] = {"programme": "hanoi-2026", "indicator": "1", "period": "2025", "value": 1, **OFFICE}
    with open_store(fresh_records(tmp_path)) as store:
        codes = {
            ward: refused(store, NewCoverageEntry(ward_code=ward, day=date(2025, 6, 30), **figure))
            for ward in ("00004", None)
        }
    assert "reference.before-units" in codes["00004"]
    assert "reference.before-units" not in codes[None]


def test_a_level_before_them_is_refused_by_command(tmp_path, monkeypatch):
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))
    paper = ["--document", "12/BC", "--office", "UBND phường Yên Hòa"]
    run = CliRunner().invoke(application(["status"]), ["status", "set", "HN-I-1", "low", "--day", "2020-01-01", *paper])
    assert run.exit_code == 2
    assert "1 July 2025" in run.output


def refused(store, entry: NewEntry) -> list[str]:
    """Why an entry is not recorded; [] where it is."""
    try:
        store.add(entry, Actor("so-y-te", "Sở Y tế"))
    except InputError as error:
        return [problem.code for problem in error.problems]
    return []
