"""The short form of `make torture`: each kind of work is killed, each fault is made once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.siege
ROOT = Path(__file__).resolve().parents[2]
DEATHS = 1
KINDS = {
    *("writes", "imports of 500 rows", "exports", "index builds", "migrations", "upgrades of the oldest schema"),
    *("backups", "restores", "retention", "publishing of registers", "the service"),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The figures of a short run, in a process of its own, which may fork."""
    file = tmp_path_factory.mktemp("torture") / "torture.json"
    environment = {name: value for name, value in os.environ.items() if name != "DIABAN_DATABASE_URL"}
    command = [sys.executable, "-m", "benchmarks.torture", "--short", "--times", str(DEATHS), "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert file.exists(), done.stderr[-2000:]
    figures: dict[str, list[dict[str, Any]]] = json.loads(file.read_text())
    return figures


def test_no_death_loses_an_acknowledged_write_or_leaves_half_of_one(outcome: dict[str, list[dict[str, Any]]]) -> None:
    for row in outcome["killed"]:
        assert (row["lost"], row["half"], row["stuck"]) == (0, 0, 0), row
        assert row["kills"] == DEATHS
        assert row["litter"] <= 3, row  # what one death leaves, the next start clears
    kinds = {row["name"].split(",")[0].split(":")[0] for row in outcome["killed"]}
    assert kinds == KINDS


def test_every_fault_is_survived_with_a_clear_error(outcome: dict[str, list[dict[str, Any]]]) -> None:
    assert [fault for fault in outcome["faults"] if fault["state"] == "FAILED"] == []
    assert all(fault["said"] for fault in outcome["faults"] if fault["state"] == "survived")


def test_faults_that_this_machine_can_not_make_are_named(outcome: dict[str, list[dict[str, Any]]]) -> None:
    skipped = [f"{fault['name']}: {fault['found']}" for fault in outcome["faults"] if fault["state"] == "skipped"]
    if skipped:
        pytest.skip("; ".join(skipped))
