"""The outlines of a city's wards as tiles take them: named by the content of their file, read when they are shown."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.files import read_bytes, stamp_of
from geo.reference.cities import City
from geo.reference.country.wards import outlines_in
from geo.reference.wards import WardRegister, outline_file


def wards_version(city: City) -> str:
    """What names the content of the outlines of a city's wards: its file is not parsed."""
    return _version(outline_file(city), *stamp_of(outline_file(city)), city.province_code)


def wards_source(city: City) -> str:
    """What the outlines of a city's wards come from: those of one source share their edges."""
    file = outline_file(city)
    return "country" if file.suffix == ".parquet" else str(file)


def ward_outlines(city: City) -> NDArray[np.object_]:
    """The polygons of a city's wards (WGS 84) by code, read anew each time from a part of the country's file: whoever
    needs those of many cities one after another holds those of one; errors as `load_wards`."""
    file = outline_file(city)
    if file.suffix == ".parquet":
        return outlines_in(file, city.province_code)
    return WardRegister.load(city=city).shapes


@lru_cache(maxsize=80)
def _version(file: Path, _changed: int, _size: int, code: str) -> str:
    digest = hashlib.blake2b(code.encode(), digest_size=6)
    digest.update(read_bytes(file))
    return digest.hexdigest()
