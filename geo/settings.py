"""Where the data lie and what the environment (`DIABAN_*`) says."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """The folder of the data set: `DIABAN_DATA_DIR`, else `data/` of a checkout, else the copy in the wheel."""
    chosen = os.environ.get("DIABAN_DATA_DIR")
    if chosen:
        return Path(chosen)
    checkout = _PACKAGE.parent / "data"
    return checkout if (checkout / "cities.toml").is_file() else _PACKAGE / "_data"


def wards_file() -> Path:
    """The register of wards, RFC 7946 GeoJSON."""
    return data_dir() / "wards.geojson"


def sites_file() -> Path:
    """The register of complex sites, RFC 7946 GeoJSON."""
    return data_dir() / "sites.geojson"


def cache_dir() -> Path:
    """Where indexes are kept: `DIABAN_CACHE_DIR`, else the user's cache folder (XDG)."""
    chosen = os.environ.get("DIABAN_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "diaban"
