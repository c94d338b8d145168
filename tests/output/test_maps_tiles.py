"""Background tiles of a local file: read, refused, carried in a page that stands alone, and seen in a browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tile_files import COLOUR, HANOI, mbtiles, places, pmtiles, png

from geo.errors import DataFileMissingError, InputError
from geo.output.maps import Links, overview, render, ward
from geo.output.maps.background.basemap import MOST_BYTES, tiles_from_environment
from geo.output.maps.background.remote_tiles import tile_source
from geo.output.maps.background.tile_archive import image_type, open_tiles, plain_words
from geo.reference.base.read import tile_at
from geo.situation import Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MAKERS = {"mbtiles": mbtiles, "pmtiles": pmtiles}
Environment = Callable[..., None]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Sets `DIABAN_TILES_*`; the others are taken away."""

    def set_(**values: object) -> None:
        for name in ("URL", "FILE", "ATTRIBUTION"):
            monkeypatch.delenv(f"DIABAN_TILES_{name}", raising=False)
        for name, value in values.items():
            monkeypatch.setenv(f"DIABAN_TILES_{name}", str(value))

    return set_


@pytest.mark.parametrize("kind", MAKERS)
def test_every_tile_of_a_file_is_read_and_no_other(tmp_path: Path, kind: str) -> None:
    # A tile that knows its place shows a row counted from the wrong side.
    file = open_tiles(MAKERS[kind](tmp_path / f"a.{kind}"))
    assert (file.media_type, file.attribution) == ("image/png", "© Example")
    assert (file.least_zoom, file.most_zoom) == (9, 11)
    assert file.bounds == pytest.approx(HANOI)
    there = set(places(HANOI, range(9, 12)))
    assert all(file.read(*place) == png(*COLOUR) for place in there)
    beside = {(z, x + dx, y + dy) for z, x, y in there for dx in (-1, 0, 1) for dy in (-1, 0, 1)} - there
    assert all(file.read(*place) is None for place in beside)
    assert file.read(8, 0, 0) is None


def test_a_large_directory_is_read_through_its_leaves(tmp_path: Path) -> None:
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import write

    numbers = range(zxy_to_tileid(8, 0, 0), zxy_to_tileid(9, 0, 0), 2)
    path = tmp_path / "large.pmtiles"
    with write(str(path)) as writer:
        for number in numbers:
            writer.write_tile(number, png(1, 2, 3, 1) + str(number * 7919 % 10007).encode() * (number % 13 + 1))
        header = dict.fromkeys(
            ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7", "center_zoom", "center_lon_e7", "center_lat_e7"), 0
        )
        writer.finalize(header | {"tile_type": TileType.PNG, "tile_compression": Compression.NONE}, {})
    file = open_tiles(path)
    assert path.read_bytes()[40:48] != bytes(8), "the file has leaf directories"
    found = [(x, y) for x in range(0, 256, 5) for y in range(0, 256, 7) if file.read(8, x, y)]
    assert found == [(x, y) for x in range(0, 256, 5) for y in range(0, 256, 7) if zxy_to_tileid(8, x, y) in numbers]
    assert file.bounds is None


@pytest.mark.parametrize("kind", MAKERS)
def test_vector_tiles_are_refused(tmp_path: Path, kind: str) -> None:
    vector = b"\x1f\x8b" + bytes(40)
    path = tmp_path / f"v.{kind}"
    made = mbtiles(path, tile=vector) if kind == "mbtiles" else pmtiles(path, tile=vector, kind="MVT")
    with pytest.raises(InputError, match=r"vector tiles, which are not pictures.*PNG, JPEG or WebP"):
        open_tiles(made)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0 and then nothing", b"PMTiles\x03", b"PMTiles\x02" + bytes(200), bytes(5000)]
)
def test_a_broken_file_is_named(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / f"broken.{kind}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"DIABAN_TILES_FILE: .*broken.*copy the file again"):
        open_tiles(path)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_cut_short_is_refused_at_the_latest_where_it_ends(tmp_path: Path, kind: str) -> None:
    whole = MAKERS[kind](tmp_path / f"whole.{kind}").read_bytes()
    path = tmp_path / f"cut.{kind}"
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:length])
        try:
            file = open_tiles(path)
            for place in places(HANOI, range(9, 12)):
                assert file.read(*place) in (None, png(*COLOUR))
        except InputError as error:
            assert "cut." in str(error)


def test_missing_empty_and_other_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissingError, match=r"DIABAN_TILES_FILE: .*none\.mbtiles can't be read"):
        open_tiles(tmp_path / "none.mbtiles")
    other = tmp_path / "tiles.zip"
    other.touch()
    with pytest.raises(InputError, match="neither"):
        open_tiles(other)
    for kind in MAKERS:
        (tmp_path / f"folder.{kind}").mkdir()
        with pytest.raises(DataFileMissingError, match="folder"):
            open_tiles(tmp_path / f"folder.{kind}")
    with pytest.raises(InputError, match="holds no tile"):
        open_tiles(mbtiles(tmp_path / "empty.mbtiles", zooms=range(0)))


def test_whose_map_it_is_stands_in_the_file_or_in_the_setting(tmp_path: Path, setting: Environment) -> None:
    file = mbtiles(tmp_path / "a.mbtiles", attribution="")
    setting(FILE=file)
    with pytest.raises(InputError, match="DIABAN_TILES_ATTRIBUTION"):
        tiles_from_environment()
    setting(FILE=file, ATTRIBUTION="© Somebody")
    tiles = tiles_from_environment("/background/{z}/{x}/{y}")
    assert tiles is not None
    assert tiles.attribution == "© Somebody"
    assert tiles.url.startswith("/background/{z}/{x}/{y}?v=")
    assert tiles.origin == "'self'"
    setting(FILE=file, URL="https://tiles.example.org/{z}/{x}/{y}.png", ATTRIBUTION="© Somebody")
    with pytest.raises(InputError, match="two backgrounds"):
        tiles_from_environment()


def test_a_file_that_was_replaced_is_looked_into_again(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    before = open_tiles(path)
    assert open_tiles(path) is before
    path.unlink()
    after = open_tiles(mbtiles(path, tile=png(1, 2, 3), zooms=range(9, 11)))
    assert after.stamp != before.stamp
    assert after.read(*next(places(HANOI, range(9, 10)))) == png(1, 2, 3)


def test_a_page_that_stands_alone_carries_what_fits(hanoi: Situation, tmp_path: Path, setting: Environment) -> None:
    setting()
    plain = len(re.sub(r"diaban\.base\(.*\n", "", render(overview(hanoi))).encode())
    # The finest zoom of which every tile goes in; a larger tile leaves a coarser one.
    for size, zoom in ((200, 11), (12_000, 10)):
        tile = png(*COLOUR) + bytes(size)
        setting(FILE=mbtiles(tmp_path / f"{size}.mbtiles", tile=tile))
        page = render(overview(hanoi))
        carried = re.findall(r'"(\d+)/\d+/\d+":"data:image/png;base64,([^"]*)"', page)
        assert {int(found) for found, _ in carried} == {zoom}
        assert all(base64.b64decode(data) == tile for _, data in carried)
        assert plain < len(page.encode()) <= MOST_BYTES
    setting(FILE=mbtiles(tmp_path / "huge.mbtiles", tile=png(*COLOUR) + bytes(200_000)))
    page = render(overview(hanoi))
    assert "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAQAAAAEA" not in page.split("diaban.background(")[1]
    assert len(page.encode()) < plain + 2_000
    assert render(overview(hanoi)) == page


def test_a_served_page_asks_the_service(hanoi: Situation, tmp_path: Path, setting: Environment) -> None:
    setting(FILE=pmtiles(tmp_path / "a.pmtiles"))
    page = render(overview(hanoi, Links(tiles="/background/{z}/{x}/{y}")))
    assert '"pictures":{}' in page
    assert "img-src data: 'self';" in page


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), zoom=st.integers(0, 20))
def test_a_place_lies_in_a_tile_that_there_is(lon: float, lat: float, zoom: int) -> None:
    x, y = tile_at(lon, lat, zoom)
    assert 0 <= x < 1 << zoom
    assert 0 <= y < 1 << zoom
    if zoom:
        assert tile_at(lon, lat, zoom - 1) == (x // 2, y // 2)


@pytest.mark.parametrize(("first", "kind"), [(b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\0\0\0\x1cftypavif", "image/avif"), (b"\x1a\x05", "")])  # fmt: skip
def test_pictures_are_known_by_their_first_bytes(first: bytes, kind: str) -> None:
    assert image_type(first) == kind


class _Elsewhere(BaseHTTPRequestHandler):
    """Leads to a picture that it has itself, as another machine may lead to one of this network."""

    def do_GET(self) -> None:
        there = self.path.startswith("/there")
        self.send_response(200 if there else 302)
        self.send_header("Content-Type", "image/png")
        self.send_header("Location", "/there.png")
        self.end_headers()
        self.wfile.write(png(*COLOUR) if there else b"")

    def log_message(self, *_: object) -> None:
        pass


def test_tiles_come_from_the_address_that_was_written_and_no_other(setting: Environment) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = f"http://127.0.0.1:{server.server_address[1]}"
            assert _first_tile(setting, address + "/there/{z}/{x}/{y}.png") == png(*COLOUR)
            with pytest.raises(DataFileMissingError, match="302"):
                _first_tile(setting, address + "/{z}/{x}/{y}.png")
        finally:
            server.shutdown()


def _first_tile(setting: Environment, pattern: str) -> bytes:
    setting(URL=pattern, ATTRIBUTION="© Example")
    tiles = tiles_from_environment()
    assert tiles is not None
    return tile_source(tiles)(9, 1, 2)


def test_an_attribution_becomes_plain_words() -> None:
    assert plain_words("<b>&copy;</b> A &amp; B<script>x</script>") == "© A & B x"


def shows(png_bytes: bytes, colour: tuple[int, int, int]) -> bool:
    """Whether a good part of a picture leans to a colour under the half clear wards."""
    pixels = np.asarray(Image.open(BytesIO(png_bytes)).convert("RGB")).astype(int)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return bool(np.mean((red - green > 40) & (blue - green > 30)) > 0.3) == (colour == COLOUR)


@pytest.mark.browser
@pytest.mark.parametrize("kind", MAKERS)
def test_the_tiles_of_a_page_that_stands_alone_are_seen(
    browser: Browser, hanoi: Situation, tmp_path: Path, setting: Environment, kind: str
) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    setting(FILE=MAKERS[kind](tmp_path / f"a.{kind}"))
    file = tmp_path / "map.html"
    for chart in (overview(hanoi), ward(hanoi, str(hanoi.wards["code"].iloc[0]))):
        file.write_text(render(chart), encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_selector("[data-drawn]")
        page.wait_for_selector(".leaflet-tile-loaded")
        assert shows(page.locator("main").screenshot(), COLOUR)
        assert "© Example" in page.inner_text("footer .tiles")
    page.locator(".switches li", has_text="Bản đồ nền").locator("input").uncheck()
    assert not shows(page.locator("main").screenshot(), (0, 0, 0)) or page.locator(".leaflet-tile").count() == 0
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    setting(FILE=mbtiles(tmp_path / "huge.mbtiles", tile=png(*COLOUR) + bytes(200_000)))
    file.write_text(render(overview(hanoi)), encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("[data-drawn]")
    assert "qua máy chủ" in page.inner_text("footer .tiles")
    context.close()


@pytest.mark.browser
def test_a_path_beside_the_page_may_be_loaded(
    browser: Browser, hanoi: Situation, tmp_path: Path, setting: Environment
) -> None:
    setting(URL="tiles/{z}/{x}/{y}.png", ATTRIBUTION="© Example")
    for z, x, y in places(HANOI, range(9, 13)):
        picture = tmp_path / "tiles" / str(z) / str(x) / f"{y}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(png(*COLOUR))
    (tmp_path / "map.html").write_text(render(overview(hanoi)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("[data-drawn]")
    page.wait_for_selector(".leaflet-tile-loaded")
    assert shows(page.locator("main").screenshot(), COLOUR)
    context.close()
