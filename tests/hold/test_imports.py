"""Two who import the same file at the same moment: it is written once, and the other is informed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hold_house import ACTOR

from geo.errors import InputError
from geo.importing.reports import commit, read_reports
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

HEAD = "Ngày,Loại tin,Nguồn tin,Mã điểm,Lý trình,Ghi chú\n"
ROWS = [f"05/03/2026,Khác,Đường dây nóng,HN-II-5,100,tin {number}\n" for number in range(201)]
TABLE = HEAD + "".join(ROWS[:200])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgres")
    return new_database()


def at_once(url: str, files: list[Path]) -> list[str]:
    """What each sees who imports one of the files, all having read theirs before anybody writes."""
    together, reported = threading.Barrier(len(files)), list[str]()

    def bring(file: Path) -> None:
        with open_store(url, registers=load_register_lookup()) as store:
            found = read_reports(file, store)
            together.wait()
            try:
                reported.append(f"wrote {commit(store, found, ACTOR).count}")
            except InputError as error:
                reported.append(str(error))

    with open_store(url):
        threads = [threading.Thread(target=bring, args=[file]) for file in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sorted(text.split(",")[0] for text in reported)


def test_the_same_file_twice_at_once_is_written_once(url: str, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(TABLE, encoding="utf-8")
    assert at_once(url, [file] * 4) == [*["file: was imported before"] * 3, "wrote 200"]
    with open_store(url) as store:
        assert len(store.history("report")) == 200
        assert len(store.audit(action="report.import")) == 1


def test_what_two_files_share_is_written_once(url: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(TABLE, encoding="utf-8")
    other.write_text(HEAD + "".join(ROWS), encoding="utf-8")
    assert at_once(url, [one, other]) in (["wrote 0", "wrote 201"], ["wrote 1", "wrote 200"])
    with open_store(url) as store:
        assert len(store.history("report")) == 201
