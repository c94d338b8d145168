"""A background of map tiles, where a setting names one; without it the wards are the ground and nothing is loaded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from geo.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Tiles:
    """An XYZ tile source: `url` with {z}, {x}, {y} (an address, or a path beside the page), and whose map it is."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        """The scheme and host that a page must be allowed to load from; '' for a path beside the page."""
        parts = urlsplit(self.url)
        host = parts.netloc.replace("{s}", "*")
        return f"{parts.scheme}://{host}" if host else ""


def tiles_from_environment() -> Tiles | None:
    """The tiles of `DIABAN_TILES_URL` and `DIABAN_TILES_ATTRIBUTION`; None where no address is set.

    Raises
    ------
    InputError
        The address lacks {z}, {x} or {y}, has a character that an address can't have, or nothing says whose map it is.
    """
    url = os.environ.get("DIABAN_TILES_URL", "").strip()
    if not url:
        return None
    attribution = os.environ.get("DIABAN_TILES_ATTRIBUTION", "").strip()
    problems = []
    if not all(part in url for part in ("{z}", "{x}", "{y}")) or any(c in url for c in "\"'<>; "):
        what = f"'{url}' is not a tile address"
        problems.append(Problem(what, "DIABAN_TILES_URL", "write it like https://HOST/{z}/{x}/{y}.png"))
    if not attribution:
        remedy = "say whose map it is, with its licence"
        problems.append(Problem("the tiles have no attribution", "DIABAN_TILES_ATTRIBUTION", remedy))
    if problems:
        raise InputError(problems)
    return Tiles(url, attribution)
