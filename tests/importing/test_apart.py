"""Readers in a process of their own: what they return and raise is the same; one that hangs or breaks is ended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.importing.apart import ReaderBusyError, ReaderProcess
from geo.importing.geometries import read_sites
from geo.importing.tables import LIMITS, open_book
from geo.reference.cities import in_list, list_in_view

HANGS_S = 600
"""No reader takes so long; what hangs does."""
KML = (
    b'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>A</name><LineString><coordinates>105.8,21.0 105.81,21.01'
    b"</coordinates></LineString></Placemark></kml>"
)


@pytest.fixture(scope="module")
def process() -> Iterator[ReaderProcess]:
    found = ReaderProcess()
    yield found
    found.end()


def test_a_reader_that_hangs_is_ended_and_the_next_file_is_read(process: ReaderProcess) -> None:
    process.run(HANGS_S, "a", os.getpid)
    hung = process.number
    assert hung is not None
    with pytest.raises(InputError) as caught:
        process.run(0.2, "hangs.xlsx", time.sleep, HANGS_S)
    [problem] = caught.value.problems
    assert (problem.code, problem.where) == ("importing.reader-late", "hangs.xlsx")
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)
    assert process.run(HANGS_S, "b", os.getpid) == process.number != hung


def test_a_reader_is_about_the_list_in_view(process: ReaderProcess) -> None:
    with in_list("hanoi-flood"):
        assert process.run(HANGS_S, "plan.docx", list_in_view) == "hanoi-flood"
    assert process.run(HANGS_S, "plan.docx", list_in_view) == ""


def test_a_reader_that_breaks_its_process_is_said_and_replaced(process: ReaderProcess) -> None:
    with pytest.raises(InputError) as caught:
        process.run(HANGS_S, "breaks.kml", os._exit, 11)
    assert caught.value.problems[0].code == "importing.reader-broke"
    assert process.run(HANGS_S, "b", len, "abc") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_file_that_takes_too_much_memory_is_said_and_the_next_is_read(process: ReaderProcess) -> None:
    with pytest.raises(InputError) as caught:
        process.run(HANGS_S, "large.xlsx", bytearray, 500_000_000)
    [problem] = caught.value.problems
    assert (problem.code, problem.where) == ("importing.reader-memory", "large.xlsx")
    before = process.number
    assert process.run(HANGS_S, "b", os.getpid) == before


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_process_that_grew_large_is_not_held_and_one_steps_back(process: ReaderProcess) -> None:
    grown = process.run(HANGS_S, "a", os.getpid)
    lower = min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)
    assert process.run(HANGS_S, "a", os.getpriority, os.PRIO_PROCESS, 0) >= lower
    assert process.run(HANGS_S, "large", _grown, 250_000_000) == 250_000_000
    assert process.run(HANGS_S, "b", os.getpid) != grown


_HELD: list[bytes] = []


def _grown(size: int) -> int:
    _HELD.append(b"x" * size)
    return size


def test_whoever_waits_too_long_for_a_turn_is_told_to_come_again(process: ReaderProcess) -> None:
    process.run(HANGS_S, "a", os.getpid)
    with process._turn, pytest.raises(ReaderBusyError):
        process.run(0.05, "next", len, "abc")


def test_geometries_and_errors_come_back_as_they_are(process: ReaderProcess) -> None:
    there, here = process.run(HANGS_S, "x", read_sites, KML, name="x.kml"), read_sites(KML, name="x.kml")
    assert there.frame.equals(here.frame)
    assert there.frame.crs == here.frame.crs
    with pytest.raises(InputError) as there_failed:
        process.run(HANGS_S, "x", read_sites, b"nothing", name="x.kml")
    with pytest.raises(InputError) as here_failed:
        read_sites(b"nothing", name="x.kml")
    assert there_failed.value.problems == here_failed.value.problems


def test_a_book_is_the_same_with_and_without_a_time(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "b.xlsx"
    book = Workbook()
    sheet = book.active
    for row in (("Ngày", "Phường"), ("2026-01-02", "Yên Hòa"), (None, "Cầu Giấy")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.create_sheet("Khác").append(["x"])
    book.save(path)
    timed = replace(LIMITS, seconds=60.0)
    rows = [
        [(s.name, s.hidden, list(s.rows), dict(s.spans)) for s in open_book(path, limits).sheets]
        for limits in (LIMITS, timed)
    ]
    assert rows[0] == rows[1]
    with pytest.raises(InputError):
        open_book(tmp_path / "b.docx", timed)
    # Too many rows are said where the rows are read, as without a time.
    sheets = open_book(path, replace(timed, max_rows=1)).sheets
    with pytest.raises(InputError):
        list(sheets[0].rows)
