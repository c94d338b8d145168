"""Whatever a file holds, it is read or refused with a reason, and no row of a table is dropped unsaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import KINDS, ods_file, text_file, xls_file, xlsx_file

from geo.errors import DiabanError
from geo.importing.columns import HeadingError
from geo.importing.coverage import examine_entries
from geo.importing.reports import examine_reports
from geo.importing.tables import open_book
from geo.importing.tables.open import ENDINGS
from geo.records.store import Store
from geo.records.validation.privacy import screen
from geo.reference.cities import city
from geo.reference.programmes import load_programme
from geo.reference.wards import WardRegister

Write = Callable[[bytes, str], Path]
HANOI, REGISTER = load_programme("hanoi"), WardRegister.load(city=city("hanoi"))
FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REPORT_HEAD = ["STT", "Ngày", "Loại tin", "Nguồn tin", "Tọa độ", "Mã điểm", "Ghi chú"]
COVERAGE_HEAD = ["TT", "Xã phường", "Chỉ tiêu", "Kỳ", "Kết quả", "Ngày", "Văn bản", "Cơ quan"]
WORDS = st.sampled_from(
    [
        None, "", 1, 2.5, "Tổng cộng", "Cộng", "NGƯỜI LẬP BIỂU", "Hà Nội, ngày 1 tháng 2 năm 2026", "(Ký tên)", "Khác", "Đường dây nóng",
        date(2026, 3, 7), "07/03/2026", "31/02/2026", "20.9835, 105.829", "HN-I-1", "Phường Láng", "00199", 199, "3.1", "2026-H1", "Quý I/2026",
        "15/BC", "UBND phường Láng", "Phường Quán Thánh", "x", "Ngày", "Loại tin", "Xã phường", "(1)", "=1+1", "ông Nguyễn Văn A", 46029,
    ]
)  # fmt: skip
ROWS = st.lists(
    st.lists(st.one_of(WORDS, st.text(alphabet="aáđ1,;\t\"'=@.\u0301 ", max_size=8)), max_size=9), max_size=12
)


def filled(rows: list[list[object]]) -> int:
    """How many rows hold something."""
    return sum(any(cell is not None and str(cell).strip() for cell in row) for row in rows)


@FUZZ
@given(
    rows=ROWS,
    above=st.integers(0, 2),
    order=st.permutations(range(8)),
    kind=st.sampled_from(["csv", "tsv", "xlsx", "xls", "ods"]),
)
@pytest.mark.parametrize("what", ["reports", "coverage"])
def test_read_and_passed_over_and_refused_are_all_rows(
    what: str, rows: list[list[object]], above: int, order: list[int], kind: str, store: Store, file: Write
) -> None:
    columns = REPORT_HEAD if what == "reports" else COVERAGE_HEAD
    head = [columns[place] for place in order if place < len(columns)]
    table = [*[["BẢNG TỔNG HỢP"]] * above, head, *rows]
    path = file(KINDS[kind](table), f"tin.{kind}")
    try:
        if what == "reports":
            tally = examine_reports(path, store).tally
        else:
            tally = examine_entries(path, HANOI, REGISTER, screen=screen).tally
    except HeadingError:
        return  # a row below repeats or completes the headings
    except DiabanError as error:
        assert all(problem.what and not problem.what.startswith("importing.") for problem in error.problems)
        return
    assert tally.read + len(tally.passed) + tally.refused == tally.rows
    # Headings may stand in two rows.
    assert filled(table) - tally.rows in (1, 2)
    assert all(line.text("vi") for line in tally.passed_by_reason)


@FUZZ
@given(data=st.binary(max_size=400), ending=st.sampled_from(ENDINGS))
def test_any_bytes_are_read_or_refused(data: bytes, ending: str, file: Write) -> None:
    try:
        for sheet in open_book(file(data, f"tin{ending}")).sheets:
            list(sheet.rows)
    except DiabanError as error:
        assert str(error)


WHOLE = {
    ".xlsx": xlsx_file([REPORT_HEAD, [1, date(2026, 1, 7), "Khác"]]),
    ".xls": xls_file([REPORT_HEAD, [1, date(2026, 1, 7), "Khác"]]),
    ".ods": ods_file([REPORT_HEAD, [1, date(2026, 1, 7), "Khác"]]),
    ".csv": text_file([REPORT_HEAD, [1, date(2026, 1, 7), "Khác"]]),
}


@FUZZ
@given(
    ending=st.sampled_from(sorted(WHOLE)),
    cuts=st.lists(st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6),
)
def test_a_damaged_file_is_read_or_refused(ending: str, cuts: list[tuple[int, bytes]], file: Write) -> None:
    data = bytearray(WHOLE[ending])
    for place, noise in cuts:
        at = place % len(data)
        data[at : at + len(noise)] = noise
    try:
        for sheet in open_book(file(bytes(data), f"tin{ending}")).sheets:
            list(sheet.rows)
    except DiabanError as error:
        assert str(error)
