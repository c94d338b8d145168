"""Days before the units of today: nobody is given today's wards for them."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.core.settings import ApiSettings
from api.main import create_app
from geo.cli.app import application_for
from geo.errors import InputError
from geo.records.store import open_store
from geo.reference.ward_names.units_since import UNITS_SINCE, refuse_before_units

LAST = "2025-06-30"


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
