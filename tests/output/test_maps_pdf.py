"""A map as PDF: it lies where it lies on the ground, its streets are lines and its words are text."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
import shapely

from geo.output import maps
from geo.output.maps.picture.figure import picture
from geo.reference.crs import to_metric
from geo.situation import Situation


@pytest.fixture(scope="module")
def sheet(hanoi: Situation) -> bytes:
    return picture(maps.site_drawing(hanoi, "HN-II-4"), kind="pdf")


def test_its_corners_are_those_of_the_map(sheet: bytes, hanoi: Situation) -> None:
    with pikepdf.open(BytesIO(sheet)) as document:
        (view,) = document.pages[0].VP
        measure = view.Measure
        assert (str(measure.Subtype), int(measure.GCS.EPSG)) == ("/GEO", 5897)
        left, bottom, right, top = map(float, view.BBox)
        degrees = [float(number) for number in measure.GPTS]
    corners = shapely.points(list(zip(degrees[1::2], degrees[0::2], strict=True)))
    metres = shapely.get_coordinates(to_metric(corners, "01"))
    # The scale in print is the distance on the ground to that on paper.
    scale = (metres[3, 0] - metres[0, 0]) / ((right - left) / 72 * 0.0254)
    with pdfplumber.open(BytesIO(sheet)) as document:
        words = document.pages[0].extract_text()
    printed = int(words.split("Tỷ lệ 1:")[1].split()[0].replace(".", ""))
    assert scale == pytest.approx(printed, rel=0.002)
    assert (metres[1, 1] - metres[0, 1]) / ((top - bottom) / 72 * 0.0254) == pytest.approx(printed, rel=0.002)
    route = hanoi.sites.set_index("site_id").geometry["HN-II-4"]
    assert shapely.covers(shapely.convex_hull(shapely.multipoints(corners)), route)


def test_another_program_knows_its_place(sheet: bytes, tmp_path: Path) -> None:
    program = shutil.which("gdalinfo")
    if (
        program is None
        or "Geospatial PDF"
        not in subprocess.run([program, "--formats"], capture_output=True, text=True, check=True).stdout
    ):
        pytest.skip("there is no GDAL with its driver for PDF")
    (tmp_path / "map.pdf").write_bytes(sheet)
    done = subprocess.run([program, "-json", str(tmp_path / "map.pdf")], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert "5897" in found["coordinateSystem"]["wkt"]
    lon, lat = found["wgs84Extent"]["coordinates"][0][0]
    assert (lon, lat) == pytest.approx((105.857, 21.016), abs=0.02)


def test_streets_are_lines_and_words_are_text(sheet: bytes) -> None:
    with pdfplumber.open(BytesIO(sheet)) as document:
        page = document.pages[0]
        text = page.extract_text()
        assert not page.images
        assert len(page.curves) + len(page.lines) > 200
    assert "Bản đồ địa điểm II.4" in text
    assert len(sheet) < 900_000


def test_same_drawing_same_bytes(sheet: bytes, hanoi: Situation) -> None:
    assert picture(maps.site_drawing(hanoi, "HN-II-4"), kind="pdf") == sheet


def test_in_english_all_words_and_figures_are_english(hanoi: Situation) -> None:
    with pdfplumber.open(BytesIO(picture(maps.site_drawing(hanoi, "HN-I-7", lang="en"), kind="pdf"))) as document:
        text = document.pages[0].extract_text()
    assert "Site map I.7" in text or "Map of site I.7" in text
    assert "2,928 m" in text
    assert "1:22,500" in text
    for word in ("Chú giải", "Tỷ lệ", "Nguồn", "Số liệu đến ngày", "2.928", "Mốc lý trình"):
        assert word not in text
