"""Reports from files: encodings, headings, dates, numbers, limits, and problems by row and column."""

from __future__ import annotations

import codecs
import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fresh_records import fresh_records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from record_samples import ACTOR, REGISTERS, Clock

from geo.errors import DataFileMissingError, DiabanError, InputError
from geo.importing.cells import CellError, as_day, as_degrees, as_flag, as_metres
from geo.importing.report_template import write_report_template
from geo.importing.reports import REPORT_COLUMNS, commit, heading_key, read_reports
from geo.importing.tables import Limits, open_table
from geo.importing.tables.encodings import decoded
from geo.records.entries import NewReport
from geo.records.model.errors import PrivacyError
from geo.records.store import Store, open_store

VIETNAMESE = """Ngày;Loại tin;Nguồn tin;Kinh độ;Vĩ độ;Mã điểm;Lý trình (m);Đã xác minh;Ghi chú
01/03/2026;Dấu hiệu hoạt động tại địa bàn công cộng;Đường dây nóng;105,79;21,01;;;không;Tụ tập sau 22h
2026-03-02;surroundings;ward_check;;;hn-i-1;Km 1+250;có;Chiếu sáng kém, gần bến xe
3/3/2026;Khác;Khác;;;HN-II-5;;;
"""
ENGLISH = "date,kind,channel,lon,lat,note\n2026-03-01,other,press,105.81,21.02,\n"
HEAD = "Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Mã điểm,Lý trình,Ghi chú\n"


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    """A store in a file: reading files does not depend on the database."""
    return open_store(fresh_records(tmp_path), registers=REGISTERS, now=clock)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of reports and gives its path."""

    def write(content: str | bytes, name: str = "tin.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def xlsx(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def cp1258(text: str) -> bytes:
    """As Windows writes it: letters with their hat or hook whole, tones apart."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
            if tone not in "\u0300\u0301\u0303\u0309\u0323":  # the tone stands before the hat in NFD: 'ậ'
                base, tone = unicodedata.normalize("NFD", char)[0] + tone, unicodedata.normalize("NFD", char)[1]
            out += (unicodedata.normalize("NFC", base) + tone).encode("cp1258")
    return out


def problems(path: Path, store: Store) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_reports(path, store)
    return [f"{problem.where}: {problem.what}" for problem in caught.value.problems]


def test_vietnamese_headings_terms_dates_and_numbers(store: Store, file: Callable[..., Path]) -> None:
    read = read_reports(file(VIETNAMESE), store)
    assert read.reports == (
        NewReport(
            day=date(2026, 3, 1), kind="public_space", channel="hotline", lon=105.79, lat=21.01, note="Tụ tập sau 22h"
        ),
        NewReport(
            day=date(2026, 3, 2),
            kind="surroundings",
            channel="ward_check",
            site_id="HN-I-1",
            chainage_m=1250.0,
            verified=True,
            note="Chiếu sáng kém, gần bến xe",
        ),
        NewReport(day=date(2026, 3, 3), kind="other", channel="other", site_id="HN-II-5"),
    )


def test_english_headings(store: Store, file: Callable[..., Path]) -> None:
    assert read_reports(file(ENGLISH), store).reports[0].channel == "press"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        cp1258,
        lambda text: text.replace("\n", "\r\n").encode("utf-8"),
        lambda text: text.replace(";", "\t").encode("utf-8"),
        lambda text: ("\n\n" + text).encode("utf-8"),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16 le", "utf-16 be", "cp1258", "crlf", "tabs", "blank lines"],
)
def test_encodings_and_separators(encode: Callable[[str], bytes], store: Store, file: Callable[..., Path]) -> None:
    expected = read_reports(file(VIETNAMESE), store).reports
    assert read_reports(file(encode(VIETNAMESE)), store).reports == expected


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x00" * 100,
        b"\xff\xfeN\x00g",
        "Ngày,Loại tin\n".encode("utf-16-le"),
    ],
    ids=["bytes", "zeros", "cut utf-16", "utf-16 without mark"],
)
def test_what_is_in_no_known_encoding_is_refused(data: bytes, store: Store, file: Callable[..., Path]) -> None:
    with pytest.raises(InputError):
        read_reports(file(data), store)


def test_tcvn3_and_vni_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="TCVN3 or VNI"):
        decoded("Ngµy,Lo¹i tin\n§­êng".encode("latin-1"), tmp_path / "a.csv")


def test_every_problem_is_named_by_row_and_column(store: Store, file: Callable[..., Path]) -> None:
    rows = [
        "31/02/2026,Khác,Khác,105.79,21.01,,,",
        "01/03/2026,gossip,Khác,abc,21.01,,,",
        ",Khác,Khác,105.79,21.01,,,",
        "11/03/2026,Khác,Khác,105.79,21.01,,,",
        "01/03/2026,Khác,Khác,21.01,105.79,,,",
        "01/03/2026,Khác,Khác,,,HN-I-9,,",
        "01/03/2026,Khác,Khác,,,HN-I-4,2.500,",
        "01/03/2026,Khác,Khác,,,HN-I-4,2500,",
        "01/03/2026,Khác,Khác,105.79,21.01,,,,extra",
        "01/03/2026,Khác,Khác,105.79,20.01,,,",
        "01/03/2026,Khác,Khác,105.79,21.01,,,=cmd|' /C calc'!A0",
    ]
    found = problems(file(HEAD + "\n".join(rows)), store)
    expected = [
        "tin.csv: row 2, column A 'Ngày': '31/02/2026' is no day",
        "tin.csv: row 3, column B 'Loại tin': 'gossip' is not known",
        "tin.csv: row 3, column D 'Kinh độ': 'abc' is not a number",
        "tin.csv: row 4, column A 'Ngày': is empty",
        "tin.csv: row 5, column A 'Ngày': 11 March 2026 lies in the future",
        "tin.csv: row 6, column D 'Kinh độ': the point 21.01, 105.79 lies outside the country",
        "tin.csv: row 7, column F 'Mã điểm': no site has the id 'HN-I-9'",
        "tin.csv: row 8, column G 'Lý trình': '2.500' may be 2500 or 2 metres",
        "tin.csv: row 9, column G 'Lý trình': 2,500 m lies beyond the end of HN-I-4 (1,450 m)",
        "tin.csv: row 10, column I: stands in a column without a heading",
        "tin.csv: row 11, column D 'Kinh độ': the point 105.79, 20.01 lies in no ward",
        "tin.csv: row 12, column H 'Ghi chú': begins like a spreadsheet formula",
    ]
    assert len(found) == len(expected)
    assert all(any(line.startswith(start) for line in found) for start in expected), found


def test_persons_in_a_heading_or_a_cell_refuse_the_file(store: Store, file: Callable[..., Path]) -> None:
    with pytest.raises(PrivacyError, match="columns about persons: Họ tên, SĐT"):
        read_reports(file("Ngày,Họ tên,SĐT\n01/03/2026,x,y\n"), store)
    row = "01/03/2026,Khác,Khác,105.79,21.01,,,gọi chị Hoa 0912 345 678\n"
    with pytest.raises(PrivacyError) as caught:
        read_reports(file(HEAD + row), store)
    assert {problem.what for problem in caught.value.problems} == {
        "holds something like a telephone number",
        "holds something like the name of a person",
    }
    assert "0912" not in str(caught.value)


def test_headings_are_checked(store: Store, file: Callable[..., Path]) -> None:
    found = problems(file("Ngày,Ngày,Màu,Nguồn tin\n01/03/2026,,,\n"), store)
    assert [line.split(": ", 1)[1] for line in found] == [
        "column 'Màu' is not known",
        "column 'Ngày' stands twice",
        "column 'Loại tin' is missing",
    ]


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        ("", "a.csv", "holds no rows"),
        (HEAD, "a.csv", "holds headings but no rows"),
        ("x", "a.pdf", "is a '.pdf' file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "is no readable XLS file"),
        ("not a zip", "a.ods", "is no readable ODS file"),
        ("x", "a", "has no ending"),
        ("not a zip", "a.xlsx", "is no readable XLSX file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xlsx", "old .xls file or has a password"),
        ('Ngày,"Loại\n01/03/2026,"x', "a.csv", "is damaged after row"),
        (",".join("x" * 65), "a.csv", "more than 64 columns"),
    ],
)
def test_files_that_are_no_tables_are_refused(
    content: str | bytes, name: str, what: str, store: Store, file: Callable[..., Path]
) -> None:
    with pytest.raises(InputError, match=what):
        read_reports(file(content, name), store)


def test_a_missing_file_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError):
        read_reports(tmp_path / "none.csv", store)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataFileMissingError):
        read_reports(tmp_path / "folder.csv", store)


def test_an_xlsx_file_is_read(store: Store, file: Callable[..., Path]) -> None:
    rows: list[list[object]] = [
        ["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ", "Mã điểm", "Lý trình", "Đã xác minh", "Ghi chú"],
        [date(2026, 3, 1), "Khác", "Khác", 105.79, 21.01, None, None, True, "Ghi chu\u0301"],
        [],
        ["02/03/2026", "other", "other", None, None, "HN-I-1", 1250, "x", 12],
    ]
    first, second = read_reports(file(xlsx(rows), "tin.xlsx"), store).reports
    assert (first.day, first.lon, first.verified, first.note) == (date(2026, 3, 1), 105.79, True, "Ghi chú")
    assert (second.chainage_m, second.verified, second.note) == (1250.0, True, "12")


def test_formulas_errors_and_times_in_xlsx_are_refused_by_cell(store: Store, file: Callable[..., Path]) -> None:
    head: list[object] = ["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ"]
    data = xlsx([head, ["=TODAY()", "Khác", "Khác", 105.79, 21.01], [46092, "#N/A", "Khác", 105.79, "=1/0"]])
    reported = problems(file(data, "tin.xlsx"), store)
    assert reported == [
        "tin.xlsx: row 2, column A 'Ngày': is a formula without a stored value",
        "tin.xlsx: row 3, column B 'Loại tin': is the error #N/A",
        "tin.xlsx: row 3, column E 'Vĩ độ': is a formula without a stored value",
    ]


def _repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The XLSX file with one of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "content", "what"),
    [
        ("xl/media/big.bin", b"\0" * 30_000_000, "packed more tightly"),
        ("xl/vbaProject.bin", b"macro", "holds macros"),
        ("xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>', "XML entities"),
        ("xl/sharedStrings.xml", '<?xml version="1.0"?><!DOCTYPE x>'.encode("utf-16"), "XML entities"),
        ("xl/workbook.xml", b"<broken", "no readable XLSX"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1'><v>", "no readable XLSX"),
    ],
)
def test_hostile_xlsx_files_are_refused(
    part: str, content: bytes, what: str, store: Store, file: Callable[..., Path]
) -> None:
    with pytest.raises(InputError, match=what):
        read_reports(file(_repacked(xlsx([["Ngày"], ["x"]]), part, content), "tin.xlsx"), store)


def test_limits_hold(store: Store, file: Callable[..., Path]) -> None:
    path = file(HEAD + "01/03/2026,Khác,Khác,105.79,21.01,,,\n" * 20)
    assert len(read_reports(path, store).reports) == 20
    with pytest.raises(InputError, match="more than 10 rows"):
        read_reports(path, store, limits=Limits(max_rows=10))
    with pytest.raises(InputError, match="larger than 0 MB"):
        open_table(path, Limits(max_bytes=100))
    with pytest.raises(InputError, match="unpacks to far more"):
        open_table(file(xlsx([["Ngày"]]), "a.xlsx"), Limits(max_unpacked=1000))


def test_a_cut_xlsx_file_is_refused_wherever_it_is_cut(store: Store, file: Callable[..., Path]) -> None:
    data = xlsx([["Ngày", "Loại tin", "Nguồn tin", "Mã điểm"], ["01/03/2026", "Khác", "Khác", "HN-I-1"]])
    for cut in range(0, len(data), max(1, len(data) // 40)):
        with pytest.raises(InputError):
            read_reports(file(data[:cut], "tin.xlsx"), store)


def test_many_problems_are_cut_short(store: Store, file: Callable[..., Path]) -> None:
    found = problems(file(HEAD + "x,Khác,Khác,105.79,21.01,,,\n" * 6000), store)
    assert len(found) == 1001
    assert found[-1].endswith("the rest was not looked at")


def test_nothing_is_written_before_commit_and_a_file_only_once(store: Store, file: Callable[..., Path]) -> None:
    read = read_reports(file(VIETNAMESE), store)
    assert store.version() == "0.0"
    assert commit(store, read, ACTOR).count == 3
    assert len(store.reports(date(2026, 1, 1), date(2026, 3, 10))) == 3
    with pytest.raises(InputError, match="imported before, on 10 March 2026"):
        commit(store, read, ACTOR)
    assert len(store.reports(date(2026, 1, 1), date(2026, 3, 10))) == 3


@pytest.mark.parametrize("name", ["mau.xlsx", "mau.csv"])
def test_the_template_is_read_back(name: str, store: Store, tmp_path: Path) -> None:
    path = write_report_template(tmp_path / name)
    assert open_table(path).header == tuple(column.headings[0] for column in REPORT_COLUMNS)
    with pytest.raises(InputError, match="no rows"):
        read_reports(path, store)
    if name.endswith("xlsx"):
        book = load_workbook(path)
        book.worksheets[0].append(["01/03/2026", "Khác", "Khác", None, None, "HN-I-1"])
        book.save(path)
        assert read_reports(path, store).reports[0].site_id == "HN-I-1"
        assert book.sheetnames == ["Tin báo", "Hướng dẫn", "Danh mục"]
        guide = list(book["Hướng dẫn"].values)
        assert guide[1] == ("Ngày", "có", "Ngày ghi nhận, dd/mm/yyyy", "Day of the observation, dd/mm/yyyy")
        assert not [row for row in guide if "importing." in f"{row[2]}{row[3]}"]
        book.close()


def test_a_template_has_a_known_ending(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no kind of template"):
        write_report_template(tmp_path / "mau.ods")


@pytest.mark.parametrize("text", ["12/31/2026", "26/2/25", "2026/13/01", "0", "hôm qua", "29/02/2025", "1-3"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        as_day(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["/", "-", ".", " / "]), st.booleans())
def test_days_come_back_however_they_are_written(day: date, separator: str, padded: bool) -> None:
    parts = [f"{day.day:02d}", f"{day.month:02d}"] if padded else [str(day.day), str(day.month)]
    assert as_day(separator.join([*parts, str(day.year)])) == day
    assert as_day(day.isoformat()) == day
    assert as_day(day) == day


@given(st.decimals(0, 20_000, places=1))
def test_chainages_come_back_however_they_are_written(metres: object) -> None:
    value = float(metres)  # type: ignore[arg-type]
    vietnamese = f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    for text in (
        f"{value:.1f}",
        f"{value:.1f} m",
        vietnamese,
        f"{value:,.1f}",
        f"Km {int(value) // 1000}+{value % 1000:.1f}",
    ):
        assert as_metres(text) == pytest.approx(value, abs=0.051), text


@given(st.floats(102, 110), st.sampled_from([".", ","]))
def test_degrees_come_back(value: float, point: str) -> None:
    assert as_degrees(f"{value:.7f}".replace(".", point)) == pytest.approx(value, abs=1e-7)


@pytest.mark.parametrize("text", ["nan", "inf", "1e400", "--1", "105.8.4", "0x10", "１０５", "105°51'"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        as_degrees(text)


@pytest.mark.parametrize(
    ("text", "value"), [("có", True), ("Đã xác minh", True), ("X", True), ("chưa", False), ("0", False)]
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert as_flag(text) is value


def test_headings_are_told_apart() -> None:
    keys = [heading_key(heading) for column in REPORT_COLUMNS for heading in column.headings]
    assert len(keys) == len(set(keys)) or {key for key in keys if keys.count(key) > 1} <= {"ly trinh"}


ANYTHING = st.lists(st.lists(st.text(max_size=12), max_size=10), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=ANYTHING, head=st.booleans())
def test_any_table_is_read_or_refused_with_a_reason(
    rows: list[list[str]], head: bool, store: Store, file: Callable[..., Path]
) -> None:
    text = (HEAD if head else "") + "\n".join(",".join(row) for row in rows)
    try:
        read_reports(file(text.encode("utf-8", "surrogatepass")), store)
    except DiabanError as error:
        assert error.problems
        assert all(problem.what for problem in error.problems)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), kind=st.sampled_from(["csv", "xlsx"]))
def test_any_bytes_are_read_or_refused_with_a_reason(
    data: bytes, kind: str, store: Store, file: Callable[..., Path]
) -> None:
    with pytest.raises(DiabanError):
        read_reports(file(data, f"tin.{kind}"), store)
