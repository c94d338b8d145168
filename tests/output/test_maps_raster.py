"""Tiles of the settings under pictures: from a file and from an address, in their place, and without them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
import tile_files
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.output import maps
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.maps.picture.raster import draw_tiles
from geo.output.maps.picture.view import Written, draw_view, frame_view
from geo.reference.base.read import tile_at
from geo.reference.crs import to_metric
from geo.situation import Situation

PLACE = (105.8565, 21.0165)


def view(situation: Situation) -> tuple[Written, np.ndarray, list[str]]:  # type: ignore[type-arg]
    """The map of a site: what is written on it, its colours, its texts."""
    figure = Figure(figsize=(4, 3), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    written = draw_view(axes, maps.site_drawing(situation, "HN-II-4"), 100, locator=False)
    figure.canvas.draw()
    return written, np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int), [t.get_text() for t in axes.texts]  # type: ignore[attr-defined]


def share_of_tiles(pixels: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.mean((pixels[..., 0] - pixels[..., 1] > 40) & (pixels[..., 2] - pixels[..., 1] > 30)))


@pytest.mark.parametrize("kind", ["mbtiles", "pmtiles"])
def test_a_file_lies_under_the_wards(
    hanoi: Situation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    made = getattr(tile_files, kind)(tmp_path / f"background.{kind}")
    monkeypatch.setenv("DIABAN_TILES_FILE", str(made))
    written, pixels, texts = view(hanoi)
    assert share_of_tiles(pixels) > 0.4
    assert "© Example" in texts
    assert not written.names


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A source of tiles on this machine, with the paths that it was asked for."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(tile_files.png(*tile_files.COLOUR))

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DIABAN_TILES_URL", f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png")
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example")
    yield asked
    server.shutdown()
    server.server_close()


def test_an_address_is_asked_once_for_each_tile(hanoi: Situation, address: list[str]) -> None:
    _, pixels, texts = view(hanoi)
    assert share_of_tiles(pixels) > 0.4
    assert "© Example" in texts
    number = len(address)
    assert 4 <= number <= 140
    view(hanoi)
    assert len(address) == number
    zoom, x, y = map(int, address[0].strip("/").removesuffix(".png").split("/"))
    assert abs(np.subtract(tile_at(*PLACE, zoom), (x, y))).max() < 20


def test_an_address_that_does_not_answer_stops_no_picture(hanoi: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_TILES_URL", "http://127.0.0.1:9/{z}/{x}/{y}.png")
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example")
    written, pixels, texts = view(hanoi)
    assert share_of_tiles(pixels) < 0.01
    assert any("Không tải được bản đồ nền" in text for text in texts)
    assert "Phố Yersin" in written.names
    # What is seen is the base: its makers are named, not those of the tiles.
    assert any("© OpenMapTiles" in text for text in texts)
    assert "© Example" not in texts


def test_a_picture_without_an_edge_names_the_makers_of_the_base(hanoi: Situation) -> None:
    _, _, texts = view(hanoi)
    assert [text for text in texts if "OpenStreetMap" in text and "ODbL 1.0" in text and "© OpenMapTiles" in text]


def test_tiles_lie_where_they_belong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zoom = 16
    west, south, east, north = (PLACE[0] - 1e-9, PLACE[1] - 1e-9, PLACE[0] + 1e-9, PLACE[1] + 1e-9)
    monkeypatch.setenv(
        "DIABAN_TILES_FILE",
        str(tile_files.mbtiles(tmp_path / "one.mbtiles", (west, south, east, north), range(zoom, zoom + 1))),
    )
    figure = Figure(figsize=(6, 6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    frame_view(axes, (PLACE[0] - 0.006, PLACE[1] - 0.006, PLACE[0] + 0.006, PLACE[1] + 0.006), "01")
    tiles = tiles_from_environment()
    assert tiles is not None
    assert draw_tiles(axes, tiles, "01")
    axes.axis("off")
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)  # type: ignore[attr-defined]
    rows, columns = np.nonzero((pixels[..., 0] - pixels[..., 1] > 100) & (pixels[..., 2] - pixels[..., 1] > 80))
    x, y = tile_at(*PLACE, zoom)
    size = 1 << zoom
    lats = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.array([y + 1, y]) / size))))
    tile = shapely.box(x / size * 360 - 180, lats[0], (x + 1) / size * 360 - 180, lats[1])
    corners = axes.transData.transform(shapely.get_coordinates(to_metric(np.array([tile]), "01")))
    # The tile is turned by the convergence of the zone: its bounds by a dot or two.
    assert columns.min() == pytest.approx(corners[:, 0].min(), abs=2.5)
    assert columns.max() == pytest.approx(corners[:, 0].max(), abs=2.5)
    assert 600 - rows.max() == pytest.approx(corners[:, 1].min(), abs=2.5)
    assert 600 - rows.min() == pytest.approx(corners[:, 1].max(), abs=2.5)
