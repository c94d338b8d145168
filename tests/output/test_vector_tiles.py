"""Vector tiles: the grid, generalised wards that stay a coverage, tiles that other programs read, files of them."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, Reader
from typer.testing import CliRunner

from geo.cli.app import application, application_for
from geo.errors import InputError
from geo.output.tiles import VectorTiles, country_layers, situation_layers, tile_address
from geo.output.tiles.container import write_tiles
from geo.output.tiles.coverage_cache import simplified_coverage
from geo.output.tiles.grid import EXTENT, MOST_ZOOM, metres_a_pixel, tiles_over
from geo.output.tiles.pieces import generalised_coverage
from geo.reference.wards import load_wards
from geo.situation import load_registers


@pytest.fixture(scope="module")
def tiles() -> VectorTiles:
    """The tiles of the shipped wards."""
    return VectorTiles(country_layers(load_wards()))


@given(z=st.integers(0, MOST_ZOOM), lon=st.floats(-179.9, 179.9), lat=st.floats(-85, 85))
def test_a_place_lies_in_the_tile_that_is_told_for_it(z: int, lon: float, lat: float) -> None:
    columns, rows = tiles_over(z, lon, lat, lon, lat)
    at = tile_address(z, columns[0], rows[0])
    x, y = np.radians(lon) * 6378137.0, np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) * 6378137.0
    west, north = at.corner
    assert west - 1e-3 <= x <= west + at.side + 1e-3
    assert north - at.side - 1e-3 <= y <= north + 1e-3


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (15, 0, 0), (3, 8, 0), (3, 0, 8), (0, -1, 0)])
def test_a_tile_that_there_is_not(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        tile_address(*numbers)


def test_a_generalised_coverage_is_read_again_and_made_anew_where_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_CACHE_DIR", str(tmp_path))
    squares = np.array([shapely.box(x, 0, x + 1, 1).segmentize(0.1) for x in range(3)], dtype=object)
    rows = np.arange(3)
    made = simplified_coverage(squares, 0.5, lambda: squares).take(rows)
    (file,) = tmp_path.glob("coverage-*")
    whole = file.read_bytes()

    def never() -> np.ndarray:
        raise AssertionError("what is on disk is not made anew")

    again = simplified_coverage(squares, 0.5, never)
    assert shapely.equals_exact(again.take(rows), made).all()
    assert shapely.equals_exact(again.take(rows[1:2]), made[1:2]).all()
    assert len(simplified_coverage(squares[:2], 0.5, lambda: squares[:2])) == 2
    for damaged in (whole[: len(whole) // 2], b"", b"no arrow"):
        file.unlink()
        file.write_bytes(damaged)
        assert shapely.equals_exact(simplified_coverage(squares, 0.5, lambda: squares).take(rows), made).all()
        assert file.read_bytes() == whole


def test_a_tile_is_cut_from_the_registers_own_geometries(tiles: VectorTiles) -> None:
    """No second copy of a country's wards, in other coordinates, is held by the tiles."""
    wards = load_wards()
    layer = country_layers(wards)[0]
    assert all(mine is theirs for mine, theirs in zip(layer.geometries, np.asarray(wards.geometry), strict=True))


@pytest.mark.parametrize("z", [5, 8, 11])
def test_generalised_wards_share_their_edges_as_before(tiles: VectorTiles, z: int) -> None:
    layer = tiles.layers[0]
    stored, given = generalised_coverage(layer, z), layer.on_grid()
    made = stored.take(np.arange(len(stored)))
    assert shapely.get_num_coordinates(made).sum() < shapely.get_num_coordinates(given).sum() / 2
    assert shapely.is_valid(made).all()
    assert not shapely.is_empty(made).any()
    # Each city is a coverage of its own: what overlaps or gapes would be seen as other area than the whole.
    whole = shapely.union_all(made)
    assert shapely.area(made).sum() == pytest.approx(whole.area, rel=1e-9)
    assert shapely.hausdorff_distance(shapely.union_all(given), whole) < 12 * metres_a_pixel(z)


def test_a_tile_is_read_back_with_its_facts_at_its_place(tiles: VectorTiles) -> None:
    columns, rows = tiles_over(12, 105.8342, 21.0368, 105.8342, 21.0368)
    at = tile_address(12, columns[0], rows[0])
    decoded = mapbox_vector_tile.decode(tiles.mvt(at))["wards"]
    assert decoded["extent"] == EXTENT
    names = {feature["properties"]["code"]: feature["properties"]["full_name"] for feature in decoded["features"]}
    assert names["00004"] == "Phường Ba Đình"
    ba_dinh = next(f for f in decoded["features"] if f["properties"]["code"] == "00004")
    x, y = np.radians(105.8342) * 6378137.0, np.log(np.tan(np.pi / 4 + np.radians(21.0368) / 2)) * 6378137.0
    west, north = at.corner
    place = shapely.Point((x - west) / at.side * EXTENT, (y - (north - at.side)) / at.side * EXTENT)
    assert shapely.geometry.shape(ba_dinh["geometry"]).contains(place)


def test_nothing_is_shown_far_away(tiles: VectorTiles) -> None:
    assert tiles.mvt(tile_address(8, 0, 0)) == b""


def test_sites_and_crossings_come_with_public_facts_alone() -> None:
    from datetime import date

    from geo.situation import at as situation_at

    made = VectorTiles(situation_layers(situation_at(date(2026, 6, 1)), situation_at(date(2026, 6, 1), city="hue")))
    columns, rows = tiles_over(11, 105.70, 21.06, 105.70, 21.06)
    decoded = mapbox_vector_tile.decode(made.mvt(tile_address(11, columns[0], rows[0])))
    assert set(decoded) == {"wards", "sites", "crossings"}
    facts = {key for layer in decoded.values() for feature in layer["features"] for key in feature["properties"]}
    assert facts <= {
        "code", "name", "full_name", "kind", "province_code", "phase", "site_id", "group", "level", "handed_over",
        "ward_code", "ward_name", "length_m", "share",
    }  # fmt: skip
    assert len(made.layers[0].facts) == len(load_registers("hanoi").wards) + len(load_registers("hue").wards)


@pytest.mark.parametrize("kind", ["mbtiles", "pmtiles"])
def test_a_file_of_tiles_holds_the_same_tiles(tiles: VectorTiles, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"wards.{kind}"
    count = write_tiles(tiles, file, range(6, 9), name="wards", attribution="tests")
    columns, rows = tiles_over(8, 105.83, 21.03, 105.83, 21.03)
    at = tile_address(8, columns[0], rows[0])
    if kind == "mbtiles":
        with sqlite3.connect(file) as database:
            query = "SELECT tile_data FROM tiles WHERE zoom_level = 8 AND tile_column = ? AND tile_row = ?"
            found = database.execute(query, (at.x, 255 - at.y)).fetchone()[0]
            assert database.execute("SELECT count(*) FROM tiles").fetchone()[0] == count
        database.close()
    else:
        with file.open("rb") as source:
            found = Reader(MmapSource(source)).get(8, at.x, at.y)
    assert gzip.decompress(found) == tiles.mvt(at)
    # Another reader: GDAL.
    decoded = pyogrio.read_dataframe(file, layer="wards")
    assert {"00004"} <= set(decoded["code"])
    assert list(tmp_path.iterdir()) == [file]


def test_the_command_says_what_it_wrote_or_what_is_wrong(tmp_path: Path) -> None:
    wards, file = tmp_path / "wards.parquet", tmp_path / "out.pmtiles"
    load_wards().to_parquet(wards)
    text = tmp_path / "wards.geojson"
    text.write_text("no wards")
    run = CliRunner().invoke(
        application(["tiles"]), ["tiles", "build", str(wards), "-o", str(file), "--from", "5", "--to", "6"]
    )
    assert run.exit_code == 0, run.output
    assert "166 wards" in run.output
    for arguments in (
        ["tiles", "build", str(tmp_path / "none.parquet"), "-o", str(file)],
        ["tiles", "build", str(wards), "-o", str(tmp_path / "out.zip")],
        ["tiles", "build", str(text), "-o", str(file)],
    ):
        assert CliRunner().invoke(application_for(arguments), arguments).exit_code == 2
