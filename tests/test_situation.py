"""The picture of a day is kept for the records it was made of, and for no others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from geo.records.entries import Actor, NewAssessment
from geo.records.registers import load_registers
from geo.records.store import open_store
from geo.situation import at

DAY = date(2026, 8, 10)


def _level_after(url: str, level: str) -> str:
    """The level of HN-I-6 in fresh records at `url` with one assessment, all at the same moment."""
    moment = datetime(2026, 8, 10, 3, tzinfo=UTC)
    with open_store(url, registers=load_registers(), now=lambda: moment) as store:
        entry: dict[str, Any] = {"site_id": "HN-I-6", "level": level, "day": date(2026, 7, 10), "document": "12/BC-UBND"}
        store.add(NewAssessment(**entry, office="Sở Y tế"), Actor("tests", "Sở Y tế"))
        sites = at(DAY, store=store).sites
    return str(sites.loc[sites["site_id"] == "HN-I-6", "level"].item())


def test_other_records_at_the_same_address_make_another_picture(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    first = _level_after(f"sqlite:///{file}", "inactive")
    for left in tmp_path.glob("records.sqlite*"):
        left.unlink()
    assert (first, _level_after(f"sqlite:///{file}", "low")) == ("inactive", "low")
