"""An index that was kept answers as one that was built; a damaged one is made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.analysis.crossings.table import cross
from geo.spatial import edge_index_cache as index_cache
from geo.spatial.edge_index import edge_index
from geo.spatial.edge_index_cache import cached_index, content_key, load_index, save_index
from geo.spatial.measure import Plane

BOXES = np.array([shapely.box(x, 0, x + 10, 10) for x in range(0, 50, 10)], dtype=object)
LINE = np.array([shapely.LineString([(5, 5), (45, 6)])], dtype=object)


@pytest.fixture(autouse=True)
def _empty_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_cache, "_memory", type(index_cache._memory)())


def test_from_disk_as_built(tmp_path: Path) -> None:
    save_index(edge_index(BOXES), tmp_path / "i")
    loaded = load_index(tmp_path / "i", BOXES)
    assert loaded is not None
    built, again = cross(LINE, edge_index(BOXES), Plane()), cross(LINE, loaded, Plane())
    assert built.length_m.tolist() == again.length_m.tolist()
    assert isinstance(loaded.vertices.base, np.memmap)  # not read: the pages of the file


def test_kept_in_memory_and_on_disk(tmp_path: Path) -> None:
    first = cached_index(BOXES, tmp_path)
    assert cached_index(BOXES.copy(), tmp_path) is first
    assert [path.name for path in tmp_path.iterdir()] == [f"edges-{index_cache.FORMAT}-{content_key(BOXES)}"]


@pytest.mark.parametrize("name", ["vertices.npy", "blocks.npy", "edges.npy"])
def test_damaged_files_are_made_anew(tmp_path: Path, name: str) -> None:
    cached_index(BOXES, tmp_path)
    index_cache._memory.clear()
    [place] = tmp_path.iterdir()
    (place / name).write_bytes((place / name).read_bytes()[:40])
    assert cross(LINE, cached_index(BOXES, tmp_path), Plane()).length_m.sum() == pytest.approx(LINE[0].length)


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert len(cached_index(BOXES, tmp_path / "file")) == 16


def test_key_follows_content_and_order() -> None:
    moved = np.append(BOXES[:-1], shapely.box(40, 0, 50, 10.000001))
    assert len({content_key(BOXES), content_key(BOXES[::-1]), content_key(moved)}) == 3
