"""The tiles of a local background file, served: cached by browsers, closed like the maps, seen under the wards."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from web_house import SECRET, Watched, clock

from api.core.settings import ApiSettings
from api.main import create_app
from geo.errors import DataFileMissingError, InputError
from geo.records.store import Store

sys.path.append(str(Path(__file__).resolve().parents[2] / "output"))
import tile_files

Visitor = Callable[..., TestClient]
INSIDE = (10, 813, 451)


@pytest.fixture(params=["mbtiles", "pmtiles"])
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of tiles that the setting names."""
    path = tmp_path / f"background.{request.param}"
    made: Path = getattr(tile_files, request.param)(path, zooms=range(9, 13))
    monkeypatch.setenv("DIABAN_TILES_FILE", str(made))
    return made


def test_a_tile_is_served_and_cached(visitor: Visitor, file: Path) -> None:
    client = visitor()
    page = client.get("/maps/overview")
    version = page.text.split("/background/{z}/{x}/{y}?v=")[1].split('"')[0]
    assert "img-src data: 'self';" in page.headers["content-security-policy"]
    address = "/background/{}/{}/{}".format(*INSIDE)
    answer = client.get(address, params={"v": version})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content == tile_files.png(*tile_files.COLOUR)
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    assert "immutable" not in client.get(address).headers["cache-control"]
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("10/0/0", 204),
        ("18/208000/115000", 204),
        ("2/4/0", 404),
        ("0/0/-1", 422),
        ("31/0/0", 422),
        ("a/0/0", 422),
        ("30/9999999999/0", 404),
    ],
)
def test_where_there_is_no_tile(visitor: Visitor, file: Path, place: str, status: int) -> None:
    answer = visitor().get(f"/background/{place}")
    assert answer.status_code == status
    assert b"png" not in answer.content


def test_without_the_setting_there_is_no_background(visitor: Visitor) -> None:
    assert visitor().get("/background/10/813/451").status_code == 404
    page = visitor().get("/maps/overview")
    assert "/background/" not in page.text
    assert "img-src data:;" in page.headers["content-security-policy"]


def test_it_is_closed_where_reading_needs_an_account(store: Store, file: Path) -> None:
    settings = ApiSettings(secret=SECRET, anonymous_reads=False, log_requests=False)  # type: ignore[arg-type]
    with TestClient(create_app(settings, store, clock)) as client:
        assert client.get("/background/10/813/451").status_code == 401


def test_a_server_with_a_bad_file_does_not_start(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = ApiSettings(secret=SECRET, log_requests=False)  # type: ignore[arg-type]
    monkeypatch.setenv("DIABAN_TILES_FILE", str(tmp_path / "none.pmtiles"))
    with pytest.raises(DataFileMissingError, match="DIABAN_TILES_FILE"):
        create_app(settings, store, clock)
    (tmp_path / "none.pmtiles").write_bytes(b"nothing")
    with pytest.raises(InputError, match="damaged or no PMTiles"):
        create_app(settings, store, clock)


@pytest.mark.browser
def test_the_background_is_seen_under_the_wards(watched: Callable[..., Watched], file: Path) -> None:
    seen = watched()
    page = seen.open("/maps/overview")
    page.wait_for_selector(".leaflet-tile-loaded")
    page.wait_for_load_state("networkidle")
    pixels: Any = np.asarray(Image.open(BytesIO(page.locator("main").screenshot())).convert("RGB")).astype(int)
    assert np.mean((pixels[..., 0] - pixels[..., 1] > 40) & (pixels[..., 2] - pixels[..., 1] > 30)) > 0.3
    assert "© Example" in page.inner_text("footer")
    assert (seen.complaints, seen.foreign) == ([], [])


@pytest.mark.browser
def test_the_background_is_seen_where_a_place_is_chosen(watched: Callable[..., Watched], file: Path) -> None:
    seen = watched()
    page = seen.open("/crossings")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    map_ = page.locator(".tiles-map")
    map_.scroll_into_view_if_needed()
    page.wait_for_selector(".leaflet-background-pane .leaflet-tile-loaded")
    page.wait_for_load_state("networkidle")
    pixels: Any = np.asarray(Image.open(BytesIO(map_.screenshot())).convert("RGB")).astype(int)
    assert np.mean((pixels[..., 0] - pixels[..., 1] > 40) & (pixels[..., 2] - pixels[..., 1] > 30)) > 0.3
    # The tiles' makers are named in place of those of the base, which is not there.
    assert map_.locator(".leaflet-control-attribution").inner_text() == "© Example"
    assert not page.locator(".leaflet-base-pane canvas").count()
    assert (seen.complaints, seen.foreign) == ([], [])


def test_pages_may_load_tiles_from_their_address_and_from_no_other(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "img-src 'self' data:;" in visitor().get("/tiles").headers["content-security-policy"]
    monkeypatch.setenv("DIABAN_TILES_URL", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    monkeypatch.setenv("DIABAN_TILES_ATTRIBUTION", "© Example")
    answer = visitor().get("/tiles")
    assert "img-src 'self' https://*.tiles.example data:;" in answer.headers["content-security-policy"]
