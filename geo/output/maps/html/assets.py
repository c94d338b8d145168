"""The scripts and styles that a page carries within itself: Leaflet and ours, as `frontend/` bundles them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geo.errors import DataFileMissingError, Problem
from geo.files import read_bytes

_BUNDLE = Path(__file__).with_name("bundle")


def styles() -> str:
    """The style sheet of a map; images are data URIs."""
    return bundled("map.css")


def scripts() -> str:
    """The scripts of a map; no address of another host is in them."""
    return bundled("map.js")


@cache
def bundled(name: str) -> str:
    """A file of the bundle (`map.js`, `map.css`, `tiles.js`, `tiles.css`).

    Raises
    ------
    DataFileMissingError
        The bundle was not made: a checkout makes it with `make setup`, a wheel carries it.
    """
    file = _BUNDLE / name
    if not file.is_file():
        raise DataFileMissingError(Problem("maps.no-bundle", str(file)))
    return read_bytes(file).decode("utf-8")
