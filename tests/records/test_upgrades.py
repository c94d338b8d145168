"""Records of every released schema come up to this one, with their data; back down there is no way."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from record_samples import ACTOR, REGISTERS

from geo.records.backup.restore import restore
from geo.records.backup.snapshot import read_manifest
from geo.records.database.migrate import known_revisions, schema_version
from geo.records.database.migrations import HEAD
from geo.records.entries import NewAssessment
from geo.records.store import open_store

RELEASED = Path(__file__).parent / "released"


def test_there_is_a_backup_of_every_schema() -> None:
    assert {path.name.split(".")[0] for path in RELEASED.glob("*.backup.gz")} == known_revisions()


@pytest.mark.parametrize("revision", sorted(known_revisions()))
def test_an_old_backup_comes_up_with_its_data(revision: str, url: str, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    file.write_bytes(gzip.decompress((RELEASED / f"{revision}.backup.gz").read_bytes()))
    manifest = read_manifest(file)
    assert manifest is not None
    assert manifest.schema == revision
    restore(file, url)
    with open_store(url, registers=REGISTERS) as store:
        assert schema_version(store._engine) == HEAD
        assert store.version() == manifest.version
        for kind in ("assessment", "report", "verification"):
            assert len(store.history(kind)) == manifest.rows[kind]  # type: ignore[arg-type]
        assert len(store.audit(10**6)) == manifest.rows["audit"]
        entry = NewAssessment(site_id="HN-I-1", level="low", day=date(2026, 3, 1), document="9/BC", office="UBND xã")
        store.add(entry, ACTOR)
