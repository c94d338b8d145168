"""The wards of the data set, read once for each content of their file."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geo import settings

if TYPE_CHECKING:
    from geo.reference.wards import WardRegister


def shipped_wards() -> WardRegister:
    """The register of the data set; errors as `geo.reference.wards.load_wards`."""
    file = settings.wards_file()
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _register(str(file), changed)


@lru_cache(maxsize=2)
def _register(file: str, _changed: int) -> WardRegister:
    from geo.reference.wards import WardRegister

    return WardRegister.load(file)
