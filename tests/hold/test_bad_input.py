"""Nothing that a file may hold does more than be refused with a reason, soon, and without filling the memory."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import resource
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import broken
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas.submitted_geometries import TYPES, submitted_sites
from geo.errors import DiabanError, InputError
from geo.importing import reports
from geo.importing.coverage import read_entries
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.records.validation.privacy import screen
from geo.reference.checks import checked
from geo.reference.geojson import read_frame
from geo.reference.names import fold, plain
from geo.reference.programmes import load_programme, read_programme
from geo.reference.sites import load_sites
from geo.reference.wards import WardRegister, load_wards
from geo.settings import data_dir

MOST_MEMORY = 600_000_000
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", autouse=True)
def _bounded_memory() -> Iterator[None]:
    """No file of this module makes the process grow without measure."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < MOST_MEMORY


def reason(attempt: Callable[[], object]) -> str:
    """Why it was refused; a `DiabanError` with a text, and nothing else, may come out."""
    with pytest.raises(DiabanError) as caught:
        attempt()
    text = str(caught.value)
    assert text.strip()
    assert len(text) < 300_000
    text.encode()
    return text


def accepted_or_refused(attempt: Callable[[], object]) -> None:
    """Either is right; an exception of another kind is not."""
    try:
        attempt()
    except DiabanError as error:
        assert str(error).strip()


# ---- registers


def write(folder: Path, content: bytes, name: str = "file.geojson") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"), [*broken.registers()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_register_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = write(tmp_path, content)
    for read in (load_wards, load_sites, lambda file: checked(read_frame(file), "file", key="code", types=["Polygon"])):
        assert "file" in reason(lambda read=read: read(path))


@pytest.mark.parametrize(
    ("name", "geometry"), [*broken.geometries()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_geometry_is_refused_by_its_feature(tmp_path: Path, name: str, geometry: Any) -> None:
    path = write(tmp_path, broken.collection(broken.WARD | broken.SITE, geometry))
    assert re.search(r"feature 1|code 00004", reason(lambda: load_wards(path)))
    assert re.search(r"feature 1|site_id HN-I-1", reason(lambda: load_sites(path)))


def test_heights_are_left_out(tmp_path: Path) -> None:
    ring = [[*point, 7.5] for point in broken.RING]
    wards = load_wards(write(tmp_path, broken.collection(broken.WARD, broken.polygon(*ring))))
    assert not wards.geometry.has_z.any()


def test_decomposed_names_are_the_same_names(tmp_path: Path) -> None:
    ward = broken.WARD | {name: unicodedata.normalize("NFD", broken.WARD[name]) for name in ("name", "full_name")}
    register = WardRegister.load(write(tmp_path, broken.collection(ward, broken.polygon(*broken.RING))))
    assert register.by_name("Ba Đình").code == register.by_name(unicodedata.normalize("NFD", "phường ba đình")).code


def test_a_million_vertices_are_read_and_a_tangle_is_refused(tmp_path: Path) -> None:
    assert len(load_wards(write(tmp_path, broken.large_ring(1_000_000)))) == 1
    assert "invalid geometry" in reason(lambda: load_wards(write(tmp_path, broken.tangle(20_000))))


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.text(alphabet="\ud800\udfff\0\u202e=<", max_size=4),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@QUICK
@given(key=st.sampled_from([*broken.WARD, "merged_from", "valid_from"]), value=VALUES)
def test_any_value_of_a_ward_is_taken_or_refused(tmp_path: Path, key: str, value: Any) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": broken.WARD | {key: value}, "geometry": broken.polygon(*broken.RING)}
    ]}).encode()  # fmt: skip
    accepted_or_refused(lambda: WardRegister.load(write(tmp_path, content)).by_name("Ba Đình"))


@QUICK
@given(
    key=st.sampled_from([*broken.SITE, "handed_over", "accuracy_m", "corridor_m", "document", "note", "from"]),
    value=VALUES,
)
def test_any_value_of_a_site_is_taken_or_refused(tmp_path: Path, key: str, value: Any) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": broken.SITE | {key: value}, "geometry": broken.ROUTE}
    ]}).encode()  # fmt: skip
    accepted_or_refused(lambda: load_sites(write(tmp_path, content)))


@QUICK
@given(
    coordinates=st.recursive(
        st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=2)), st.lists, max_leaves=12
    )
)
def test_any_coordinates_are_taken_or_refused(tmp_path: Path, coordinates: Any) -> None:
    for kind in ("Polygon", "MultiPolygon", "LineString", "Point"):
        content = json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": broken.WARD, "geometry": {"type": kind, "coordinates": coordinates}}
        ]}).encode()  # fmt: skip
        accepted_or_refused(lambda content=content: load_wards(write(tmp_path, content)))


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "shp", "fgb", "kml", "zip", "vrt", ""])
def test_noise_under_any_ending_is_refused(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path, random.Random(1).randbytes(4000), f"file.{ending}")
    assert "can't be read" in reason(lambda: load_wards(path))


# ---- tables


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the registers, to which nothing is written."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup()) as opened:
        yield opened
        assert opened.version() == "0.0"


Read = Callable[[Path], object]


@pytest.fixture(scope="module", params=["reports", "coverage"])
def table(request: pytest.FixtureRequest, store: Store) -> tuple[Read, str, tuple[str, ...]]:
    """A reader of tables, the heading that it wants, and a sound row."""
    if request.param == "reports":
        return lambda path: reports.read_reports(path, store), broken.REPORTS, broken.REPORT
    plan, register = load_programme("hanoi"), WardRegister.load()
    return lambda path: read_entries(path, plan, register, screen=screen), broken.COVERAGE, broken.ENTRY


def with_cells(heading: str, cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return (heading + text.getvalue()).encode()


def test_broken_tables_are_refused(tmp_path: Path, table: tuple[Read, str, tuple[str, ...]]) -> None:
    read, heading, _ = table
    for name, content in broken.tables(heading):
        accepted_or_refused(lambda content=content: read(write(tmp_path, content, "file.csv")))
        if name != "only a heading":
            assert "file.csv" in reason(lambda: read(tmp_path / "file.csv")), name


def test_broken_workbooks_are_refused(tmp_path: Path, table: tuple[Read, str, tuple[str, ...]]) -> None:
    read, _, _ = table
    for name, content in broken.workbooks():
        reported = reason(lambda content=content: read(write(tmp_path, content, "file.xlsx")))
        assert "file.xlsx" in reported, name
        assert Path("/etc/hostname").read_text().strip() not in reported or name != "a file of the machine"


def test_other_files_are_refused(tmp_path: Path, table: tuple[Read, str, tuple[str, ...]]) -> None:
    read, _, _ = table
    for name in ("file.xls", "file", "file.ods", "file.pdf", "absent.csv"):
        path = tmp_path / name
        if name != "absent.csv":
            path.write_bytes(b"\xd0\xcf\x11\xe0")
        reason(lambda path=path: read(path))
    reason(lambda: read(tmp_path))


def test_any_cell_is_taken_or_refused(tmp_path: Path, table: tuple[Read, str, tuple[str, ...]]) -> None:
    read, heading, row = table
    read(write(tmp_path, with_cells(heading, row), "file.csv"))
    for column in range(len(row)):
        for cell in broken.CELLS:
            cells = [*row[:column], cell, *row[column + 1 :]]
            accepted_or_refused(lambda cells=cells: read(write(tmp_path, with_cells(heading, cells), "file.csv")))


def test_formulas_and_persons_are_refused_in_a_report(tmp_path: Path, store: Store) -> None:
    for cell in (
        "=1+1",
        '=HYPERLINK("http://a.example")',
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "ông Nguyễn Văn A",
        "0912 345 678",
    ):
        content = with_cells(broken.REPORTS, [*broken.REPORT[:-1], cell])
        reported = reason(lambda content=content: reports.read_reports(write(tmp_path, content, "file.csv"), store))
        assert "row 2, column I" in reported


@QUICK
@given(cells=st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_any_row_is_taken_or_refused(
    tmp_path: Path, table: tuple[Read, str, tuple[str, ...]], cells: list[str]
) -> None:
    read, heading, _ = table
    content = with_cells(heading, [cell.encode("utf-8", "replace").decode() for cell in cells])
    accepted_or_refused(lambda: read(write(tmp_path, content, "file.csv")))


# ---- programmes


PROGRAMME = "hanoi-2026.toml"
TEXT = (data_dir() / "programmes" / PROGRAMME).read_text(encoding="utf-8")
LINES = [number for number, line in enumerate(TEXT.split("\n")) if re.match(r"\w+ *=", line)]
TOML = ("1", "-1", "0", "9" * 30, "1.5", "nan", "inf", "true", '""', '"x"', "[]", "[1]", "[[]]", "{}", "{a=1}", "2026-01-01",
        "07:00:00", '["x"]', '["00004","00004"]', '"\\u202e"', '"' + "x" * 50_000 + '"')  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.sampled_from(LINES), value=st.sampled_from(TOML))
def test_any_value_of_a_programme_is_taken_or_refused(tmp_path: Path, line: int, value: str) -> None:
    lines = TEXT.split("\n")
    lines[line] = f"{lines[line].split('=')[0]}= {value}"
    accepted_or_refused(lambda: read_programme(write(tmp_path, "\n".join(lines).encode(), PROGRAMME)))


@pytest.mark.parametrize(
    "content",
    [b"\0" * 100, TEXT.encode("utf-16"), TEXT.encode("cp1258", "replace"), TEXT[:900].encode(), b"x=" + b"[" * 50_000,
     b"[a" + b".a" * 20_000 + b"]", b"", b"[[[", re.sub(r"last_year *=.*", "last_year = 999999999", TEXT).encode(),
     re.sub(r"last_year *=.*", "last_year = 9999", re.sub(r"first_year *=.*", "first_year = 0", TEXT)).encode()],
    ids=["noughts", "utf-16", "cp1258", "cut off", "brackets", "dots", "nothing", "nonsense", "a long programme", "year 0"],
)  # fmt: skip
def test_a_broken_programme_is_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content, PROGRAMME)
    assert PROGRAMME in reason(lambda: read_programme(path))


def test_the_programme_that_is_broken_here_is_sound_itself() -> None:
    assert tomllib.loads(TEXT)["id"] == "hanoi-2026"
    assert read_programme(data_dir() / "programmes" / PROGRAMME).id == "hanoi-2026"


# ---- text


@pytest.mark.parametrize(
    "letter", ["a", "9", "a.", "a@", "-", "số ", "1/", "0 ", "Bà ", "ông ", "không ", "A", "á", "a\u0301"]
)
def test_long_texts_take_no_long_time(letter: str) -> None:
    text = letter * (60_000 // len(letter))
    for work in (screen, fold, plain):
        work(text)  # by the square of the length this would be minutes


def test_an_error_names_no_more_than_a_reader_takes_in(tmp_path: Path) -> None:
    path = write(tmp_path, b'{"features":[' + b"5," * 5_000 + b"5]}")
    with pytest.raises(InputError) as caught:
        read_frame(path)
    assert len(caught.value.problems) <= 1001


# ---- the service


ROUTE = st.recursive(
    st.one_of(st.floats(), st.integers(), st.none(), st.booleans(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "geometries", "id", "x"]), inner, max_size=4
        ),
    ),
    max_leaves=20,
)
KINDS = (*TYPES, "Feature", "FeatureCollection", "GeometryCollection", "Circle")


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(KINDS), first=ROUTE, second=ROUTE)
def test_any_route_that_is_sent_is_taken_or_refused(kind: str, first: Any, second: Any) -> None:
    for body in (first, {"type": kind, "coordinates": first, "geometry": second, "features": [second]}):
        text = json.dumps(body).encode("utf-8", "surrogatepass")
        accepted_or_refused(lambda text=text: submitted_sites(text, 1_000_000, 50_000, seconds=60))


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_that_are_sent_are_taken_or_refused(body: bytes) -> None:
    accepted_or_refused(lambda: submitted_sites(body, 1_000_000, 50_000, seconds=60))


@pytest.mark.parametrize(
    ("name", "geometry"), [*broken.geometries()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_geometry_that_is_sent_is_taken_or_refused(name: str, geometry: Any) -> None:
    text = json.dumps({"type": "Feature", "geometry": geometry}).encode()
    accepted_or_refused(lambda: submitted_sites(text, 1_000_000, 50_000, seconds=60))


def test_deep_and_long_routes_are_refused() -> None:
    for text in (
        b"[" * 400_000,
        b'{"type":' * 100_000,
        b'{"type":"LineString","coordinates":' + b"[" * 300_000 + b"]" * 300_000 + b"}",
    ):
        reason(lambda text=text: submitted_sites(text, 1_000_000, 50_000, seconds=60))
    line = {"type": "LineString", "coordinates": [[105.8, 21.0]] * 60_000}
    assert "60,000 vertices" in reason(
        lambda: submitted_sites(json.dumps(line).encode(), 2_000_000, 50_000, seconds=60)
    )


@QUICK
@given(text=st.text(max_size=60))
def test_any_name_is_found_or_unknown(text: str) -> None:
    accepted_or_refused(lambda: REGISTER.by_name(text))
    accepted_or_refused(lambda: REGISTER.find(text))
    for work in (screen, fold, plain):
        work(text)


REGISTER = WardRegister.load()
LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
KML = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "{first}">{more}]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&{use};</name><LineString><coordinates>
105.8,21 105.81,21.01</coordinates></LineString></Placemark></Document></kml>"""


@pytest.mark.parametrize(
    "text",
    [
        KML.format(first="ha", more=LAUGHS, use="i"),
        KML.format(first="ha", more="", use="a"),
        KML.replace('"{first}"', 'SYSTEM "file:///etc/hostname"').format(more="", use="a"),
    ],
    ids=["a billion laughs", "an entity", "a file of the machine"],
)
@pytest.mark.parametrize("ending", ["kml", "gpx", "gml", "xml"])
def test_entities_of_xml_are_not_filled_in(tmp_path: Path, text: str, ending: str) -> None:
    path = write(tmp_path, text.encode(), f"file.{ending}")
    for read in (load_wards, load_sites):
        reported = reason(lambda read=read: read(path))
        assert Path("/etc/hostname").read_text().strip() not in reported
        assert "hahaha" not in reported
