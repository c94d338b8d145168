"""The base is made from an extract of OpenStreetMap and from layers; the newest streets win; rebuilding gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.errors import DataFileMissingError, InputError
from geo.reference.base.pmtiles_file import parts_of, tile_reader
from geo.reference.base.read import decoded, tile_at
from geo.reference.base.table import nothing, table
from geo.reference.build.__main__ import main
from geo.reference.build.base.classes import street_kind
from geo.reference.build.base.newest import newest_win
from geo.reference.build.base.osm import read_osm

LON, LAT = 105.85, 21.02
OSM = f"""<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="{LAT}" lon="{LON}" version="1"/>
  <node id="2" lat="{LAT}" lon="{LON + 0.004}" version="1"/>
  <node id="3" lat="{LAT + 0.003}" lon="{LON + 0.004}" version="1"/>
  <node id="4" lat="{LAT + 0.003}" lon="{LON}" version="1"/>
  <node id="5" lat="{LAT + 0.001}" lon="{LON + 0.001}" version="1">
    <tag k="amenity" v="hospital"/><tag k="name" v="Bệnh viện Thử"/>
  </node>
  <node id="6" lat="{LAT + 0.002}" lon="{LON + 0.001}" version="1">
    <tag k="place" v="village"/><tag k="name" v="Làng Thử"/>
  </node>
  <way id="10" version="1"><nd ref="1"/><nd ref="2"/>
    <tag k="highway" v="primary"/><tag k="name" v="Đường Thử"/></way>
  <way id="11" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/></way>
  <way id="12" version="1"><nd ref="3"/><nd ref="4"/>
    <tag k="waterway" v="river"/><tag k="name" v="Sông Thử"/></way>
  <way id="13" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
    <tag k="natural" v="water"/><tag k="name" v="Hồ Thử"/></way>
  <way id="14" version="1"><nd ref="4"/><nd ref="1"/><tag k="railway" v="rail"/></way>
</osm>
"""
BOX = (105.8, 21.0, 105.9, 21.1)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    file = tmp_path / "town.osm"
    file.write_text(OSM, encoding="utf-8")
    return file


def test_an_extract_gives_its_streets_water_and_names(extract: Path) -> None:
    ground = read_osm(extract, BOX)
    found = {name: list(zip(rows.kind, rows.name, strict=True)) for name, rows in ground.items()}
    assert found["streets"] == [("primary", "Đường Thử")]
    assert found["water"] == [("lake", "Hồ Thử")]
    assert found["waterways"] == [("river", "Sông Thử")]
    assert found["rail"] == [("rail", "")]
    assert found["places"] == [("village", "Làng Thử")]
    assert found["landmarks"] == [("hospital", "Bệnh viện Thử")]


def test_a_base_of_an_extract_is_written_twice_with_the_same_bytes(extract: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.pmtiles", "two.pmtiles")]
    for file in files:
        assert main(["base", "hanoi", "--osm", str(extract), "--day", "2026-01-01", "-o", str(file)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    from pmtiles.tile import deserialize_header

    read = tile_reader(files[0], deserialize_header(parts_of(files[0])(0, 127)))
    x, y = tile_at(LON + 0.002, LAT + 0.001, 14)
    data = read(14, x, y)
    assert data is not None
    streets = decoded(data, 14, x, y)["streets"]
    assert list(streets.name) == ["Đường Thử"]
    assert shapely.distance(streets.geometries[0], shapely.Point(LON + 0.002, LAT)) < 1e-5


def test_what_is_no_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError):
        read_osm(tmp_path / "none.osm.pbf", BOX)
    wrong = tmp_path / "wrong.osm.pbf"
    wrong.write_bytes(b"no map at all")
    with pytest.raises(InputError):
        read_osm(wrong, BOX)
    assert main(["base", "hanoi", "--layers", str(tmp_path), "-o", str(tmp_path / "x.pmtiles")]) == 2


def test_the_newer_line_of_a_street_wins_and_takes_its_name() -> None:
    old = shapely.LineString([(LON, LAT), (LON + 0.01, LAT)])
    beside = shapely.LineString([(LON, LAT + 0.00005), (LON + 0.01, LAT + 0.00005)])
    across = shapely.LineString([(LON, LAT), (LON, LAT + 0.01)])
    older = table([old, across], ["street", "street"], ["Phố Cũ", "Phố Ngang"])
    newer = table([beside], ["alley"], [""])
    found = newest_win(older, newer, "01")
    assert sorted(zip(found.name, found.kind, strict=True)) == [("Phố Cũ", "street"), ("Phố Ngang", "street")]
    assert shapely.equals(found.geometries[np.flatnonzero(found.name == "Phố Cũ")[0]], beside)
    assert newest_win(older, nothing(), "01") is older


@pytest.mark.parametrize(
    ("highway", "name", "kind"),
    [("trunk", "", "trunk"), ("primary_link", "", "link"), ("residential", "", "alley"), ("path", "Lối", "")],
)
def test_streets_have_few_kinds(highway: str, name: str, kind: str) -> None:
    assert street_kind(highway, name) == kind


def test_a_country_without_its_archipelagos_is_refused(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wards = Path(__file__).parents[2] / "data" / "wards.geojson"
    output = tmp_path / "base.pmtiles"
    assert main(["base", "hanoi", "--osm", str(extract), "--country", str(wards), "-o", str(output)]) != 0
    assert "Đặc khu Hoàng Sa" in "".join(capsys.readouterr())
    assert not output.exists()
