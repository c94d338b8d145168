"""The programme that an added city is given: its file, the phases of its wards, and its list of sites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import DiabanError, InputError, Problem
from geo.files import read_bytes, write_atomic
from geo.reference.geojson import read_frame
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.programmes import Programme
from geo.reference.sites import sites_of
from geo.reference.ward import WardTable
from geo.reference.wards import WardRegister

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.reference.cities import City

_CITY = re.compile(r"^city\s*=.*$", re.MULTILINE)


def copy_programme(source: Path, place: City, folder: Path) -> Path:
    """Copy a programme file that was read without a problem into the folder of a city, and name the city in it."""
    text = read_bytes(source).decode("utf-8-sig")
    file = folder / "programmes" / f"{place.programme}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_atomic(file, _CITY.sub(f"city = {json.dumps(place.slug)}", text, count=1))


def phased(table: WardTable, programme: Programme) -> list[str]:
    """The phase of each ward of a table by the lists of a programme.

    Raises
    ------
    InputError
        A name of the lists is no ward of the table; all of them are named.
    """
    register, found, problems = WardRegister(table, ()), dict[str, str](), list[Problem]()
    for phase, names in programme.phases.lists:
        for name in programme.official_names(phase) if names else ():
            try:
                found[register.by_printed(name).code] = phase
            except DiabanError as error:
                problems += [problem.at(f"{programme.id}: phases: {phase}") for problem in error.problems]
    if problems:
        raise InputError(problems)
    return [found.get(ward.code, NOT_COVERED) for ward in table.wards]


def put_sites(source: Path, place: City, folder: Path) -> int:
    """Copy a list of sites (GeoJSON, as `data/sites.geojson`) into the folder of a city; how many there are.

    Raises
    ------
    DataFileMissingError, InputError
        The file is not there, or a site is not as the register asks, or its id is not of the city.
    """
    frame: GeoDataFrame = sites_of(read_frame(str(source)), source.name)
    problems = list(_foreign(frame["site_id"], place, source.name))
    if problems:
        raise InputError(problems)
    write_atomic(folder / "sites.geojson", read_bytes(source))
    return len(frame)


def _foreign(ids: Iterable[str], place: City, file: str) -> Iterable[Problem]:
    for site in ids:
        if not site.startswith(f"{place.site_prefix}-"):
            yield Problem("reference.site-of-other-city", file, site=site, prefix=place.site_prefix)
