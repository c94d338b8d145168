"""The short form of `python -m benchmarks.torture.schema`: no answer fails, and each is what the document says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("schemathesis")

pytestmark = pytest.mark.siege
ROOT = Path(__file__).resolve().parents[2]
LIAR = """
from fastapi import FastAPI, Response
from benchmarks.torture.office import Office
from benchmarks.torture.schema import tried

app = FastAPI(openapi_url="/openapi.json")

@app.get("/lies")
def lies() -> int:
    return Response("no number", media_type="text/plain")

@app.get("/fails")
def fails(number: int) -> float:
    return 1 / number

row = tried(Office(app, {"nobody": {}}), "/openapi.json", "nobody", 5, ("coverage", "fuzzing"))
print("\\n".join(row.findings))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each role found; the same requests in each run."""
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    done = run("-m", "benchmarks.torture.schema", "--short", "--examples", "1", "--json", str(file))
    assert file.exists(), done.stderr[-3000:]
    rows: list[dict[str, Any]] = json.loads(file.read_text())
    return rows


def test_every_role_finds_what_the_document_says(reported: list[dict[str, Any]]) -> None:
    findings = [f"{row['role']}: {finding}" for row in reported for finding in row["findings"]]
    assert findings == []
    assert not [row for row in reported if any(int(status) >= 500 for status in row["statuses"])]


def test_every_role_was_tried_on_every_operation(reported: list[dict[str, Any]]) -> None:
    roles = [row["role"] for row in reported if row["document"] == "/openapi.json"]
    assert roles == ["nobody", "public", "ward", "city", "admin"]
    assert len({row["operations"] for row in reported if row["document"] == "/openapi.json"}) == 1
    for row in reported:
        assert row["requests"] > 2 * row["operations"] > 20
        assert row["statuses"]["200"] > row["operations"] / 2
    assert all(row["statuses"]["201"] > 5 for row in reported if row["role"] in ("city", "admin"))


def test_a_service_that_fails_or_lies_is_found_out() -> None:
    found = run("-c", LIAR).stdout
    assert "GET /lies" in found
    assert "GET /fails" in found
