"""Files are whole or not there, and what a process that was killed left behind is cleared by the next one."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geo.errors import DataFileMissingError, InputError
from geo.files import SCRATCH, place_beside, read_bytes, reason_of, scratch, stamp_of, write_atomic
from geo.i18n.language import speaking

_DIES = """
import os, sys
from pathlib import Path
from geo.files import place_beside, scratch
from geo import files
with scratch() as folder, place_beside(Path(sys.argv[1]) / "copy.backup") as beside:
    (folder / "copy").write_text("records")
    (beside / "copy").write_text("records")
    (beside / "index").mkdir()
    os.fsync = lambda _: os.kill(os.getpid(), 9)
    files.write_atomic(Path(sys.argv[1]) / "map.html", "new")
"""


@pytest.fixture(autouse=True)
def _own_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)


def test_what_a_killed_process_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    write_atomic(tmp_path / "map.html", "old")
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", _DIES, str(tmp_path)], check=False).returncode == -9
    assert (tmp_path / "map.html").read_text() == "old"
    assert len(list(tmp_path.glob(".map.html.*.partial"))) == 1
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    assert [path.name for path in (tmp_path / ".copy.backup.partial").iterdir()] != []
    write_atomic(tmp_path / "map.html", "newer")
    with scratch() as folder, place_beside(tmp_path / "copy.backup") as beside:
        assert list((tmp_path / "temporary").iterdir()) == [folder]
        assert list(beside.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.html", "temporary"]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_another_is_working_on_is_left_alone(tmp_path: Path) -> None:
    with scratch() as first, scratch() as second:
        assert first.is_dir()
        assert second.is_dir()
        assert first != second
    with place_beside(tmp_path / "copy"), pytest.raises(BlockingIOError), place_beside(tmp_path / "copy"):
        pass


def test_many_write_the_same_file_at_once(tmp_path: Path) -> None:
    pages = [chr(65 + number) * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda page: [write_atomic(tmp_path / "map.html", page) for _ in range(20)], pages))
    assert (tmp_path / "map.html").read_text() in pages
    assert [path.name for path in tmp_path.iterdir() if path.name != "temporary"] == ["map.html"]


def test_only_folders_of_that_name_are_cleared(tmp_path: Path) -> None:
    other = tmp_path / "temporary" / "diaban-mine"
    other.mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "temporary" / f"{SCRATCH}link").symlink_to(tmp_path / "notes")
    with scratch():
        pass
    assert other.is_dir()
    assert (tmp_path / "notes").is_dir()


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        write_atomic(tmp_path / "folder" / "map.html", "x")


def test_the_system_is_quoted_in_the_language_of_the_reader(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError) as missing:
        read_bytes(tmp_path / "wards.geojson")
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as folder:
        write_atomic(tmp_path / "file" / "map.html", "new")
    with speaking("vi"):
        assert missing.value.problems[0].what == "không đọc được: không có tệp hoặc thư mục này"
        assert folder.value.problems[0].what.startswith("không ghi được: ")
        assert "ile exists" not in folder.value.problems[0].what
        assert os.strerror(errno.ENOTDIR) not in folder.value.problems[0].what
    assert missing.value.problems[0].what == "cannot be read: there is no such file or folder"
    assert reason_of(OSError("of a library")) == "of a library"
    assert reason_of(OSError(errno.EXDEV, os.strerror(errno.EXDEV))) == os.strerror(errno.EXDEV)


def test_a_file_that_was_changed_has_another_stamp(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    assert stamp_of(file) == (0, 0)
    file.write_text("x")
    before = stamp_of(file)
    assert stamp_of(file) == before != (0, 0)
    file.write_text("xy")
    assert stamp_of(file) != before
