"""Sites: the register of a plan, as `data/sites.geojson` holds it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import settings
from geo.errors import InputError, Problem
from geo.i18n.message import FileValue, Message
from geo.reference.checks import are_sound, checked
from geo.reference.cities import list_folders
from geo.reference.crs import WGS84
from geo.reference.geojson import read_features, read_frame, records
from geo.reference.programme.in_use import is_known, known_ids

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


REQUIRED = ("site_id", "name", "group", "level", "declared_wards")
TEXTS = ("from", "to", "declared_text", "document", "geometry_source", "note")
COLUMNS = (
    "site_id",
    "name",
    "group",
    "level",
    "handed_over",
    "from",
    "to",
    "declared_wards",
    "declared_text",
    "document",
    "geometry_source",
    "accuracy_m",
    "corridor_m",
    "note",
)
"""The properties of a site, in the order of the file."""
DEFAULT_ACCURACY_M = 50.0
DEFAULT_CORRIDOR_M = 50.0


def load_sites(path: str | os.PathLike[str] | None = None) -> GeoDataFrame:
    """The sites of a file, `data/sites.geojson` by default.

    Returns
    -------
    A row a site in the order of the file, EPSG:4326, with the columns `COLUMNS` and `geometry` (lines, polygons or
    points): `declared_wards` is a list of 5-character codes, `handed_over` a year or missing (Int64), `accuracy_m` and
    `corridor_m` are metres (where a file doesn't give them: 50 each), texts are empty where not given.

    Raises
    ------
    DataFileMissingError
        The file is not there or can't be read.
    InputError
        With every problem of every feature: missing columns, duplicate ids, wrong values, unusable geometries.
    """
    if path is not None:
        return sites_of(read_frame(str(path)), str(path))
    frames = [_of_file(file) for file in _files()]
    if not frames:  # a further list without a place yet
        return _of_file(settings.sites_file()).iloc[:0]
    if len(frames) == 1:
        return frames[0]
    import pandas as pd

    return type(frames[0])(pd.concat(frames, ignore_index=True), geometry="geometry", crs=frames[0].crs)


def _of_file(file: Path) -> GeoDataFrame:
    """A frame of its own each time, of a file that is parsed and checked once for each content of it."""
    if not file.is_file():
        return sites_of(read_frame(file), str(file))  # which says what is wrong with it
    found, words = file.stat(), (*known_ids("level"), *known_ids("group"))
    return _parsed(str(file), words, found.st_ino, found.st_size, found.st_mtime_ns).copy()


@lru_cache(maxsize=80)
def _parsed(file: str, _words: tuple[str, ...], *_stamp: int) -> GeoDataFrame:
    return sites_of(read_frame(file), file)


def _files() -> list[Path]:
    """The register of the data set, and those of added cities that have one: most sites come with a plan.

    Of the list in view alone.
    """
    shipped, *added = list_folders() or (None,)
    if shipped == settings.data_dir():
        return [settings.sites_file(), *filter(Path.is_file, (folder / "sites.geojson" for folder in added))]
    return [folder / "sites.geojson" for folder in list_folders() if (folder / "sites.geojson").is_file()]


@dataclass(frozen=True, slots=True, eq=False)
class SiteShapes:
    """The `ids` of sites, and their `shapes` in WGS 84: all that is needed to see which wards they cross."""

    ids: tuple[str, ...]
    shapes: NDArray[np.object_]

    @classmethod
    def of(cls, frame: GeoDataFrame) -> SiteShapes:
        """Those of a frame of `load_sites`."""
        return cls(tuple(frame["site_id"]), np.asarray(frame.geometry, dtype=object))


def load_site_shapes() -> SiteShapes:
    """The shapes of the shipped sites, without a frame where nothing is wrong with the file; errors as `load_sites`."""
    file, *more = _files() or [Path()]
    if not more and file.suffix.lower() in (".geojson", ".json") and file.is_file():
        read = read_features(file)
        rows = read.properties
        named = all(set(REQUIRED) <= set(row) and row["site_id"] for row in rows)
        if named and read.crs == WGS84 and are_sound(read.geometries):
            ids = tuple(row["site_id"] for row in rows)
            if not any(problem for row in rows for problem in _wrong(row)) and len(set(ids)) == len(ids):
                return SiteShapes(ids, read.geometries)
    return SiteShapes.of(load_sites())


def sites_of(frame: GeoDataFrame, where: str) -> GeoDataFrame:
    """The frame of a register of sites as `load_sites` gives it; `where` is what it is called in messages.

    Raises
    ------
    InputError
        As `load_sites`.
    """
    problems: list[Problem] = []
    try:
        frame = checked(frame, where, key="site_id", columns=REQUIRED)
    except InputError as error:
        problems.extend(error.problems)
    if set(REQUIRED) <= set(frame.columns):
        problems.extend(_property_problems(frame, where))
    if problems:
        raise InputError(problems)
    return completed(frame)


def _property_problems(frame: GeoDataFrame, where: str) -> Iterable[Problem]:
    for row, record in enumerate(records(frame)):
        place = Message("place.feature-key", file=where, key="site_id", value=record["site_id"])
        if not record["site_id"]:
            place = Message("place.feature", file=where, number=row + 1)
        yield from (problem.at(place) for problem in _wrong(record))


def _wrong(record: dict[str, Any]) -> Iterable[Problem]:
    """What is wrong with the properties of one site."""
    if not isinstance(record["site_id"], str):
        yield Problem("reference.site-id-not-text", value=FileValue(record["site_id"]))
    if not _text(record["name"]):
        yield Problem("reference.site-name-missing")
    for key in ("group", "level"):
        if not is_known(key, record[key]):
            choices = known_ids(key)
            yield Problem("reference.choice-unknown", key=key, value=FileValue(record[key]), choices=choices)
    yield from wrong_wards(record["declared_wards"])
    yield from wrong_numbers(record)


def wrong_wards(codes: Any) -> Iterable[Problem]:
    """What is wrong with the codes of the wards that a site declares."""
    if not isinstance(codes, list):
        yield Problem("reference.declared-not-list", value=FileValue(codes))
        return
    for code in codes:
        if not (isinstance(code, str) and len(code) == 5 and code.isascii() and code.isdigit()):
            yield Problem("reference.declared-not-code", value=FileValue(code))
    if len({str(code) for code in codes}) < len(codes):
        yield Problem("reference.declared-twice")


def wrong_numbers(record: dict[str, Any]) -> Iterable[Problem]:
    """What is wrong with the year and the distances of a site."""
    year: Any = record.get("handed_over")
    if _given(year) and not (_number(year) and year in range(2000, 2101)):
        yield Problem("reference.handed-over-not-year", value=FileValue(year))
    for name in ("accuracy_m", "corridor_m"):
        value: Any = record.get(name)
        if _given(value) and not (_number(value) and 0 < value <= 10_000):
            yield Problem("reference.not-distance", key=name, value=FileValue(value))


def completed(frame: GeoDataFrame) -> GeoDataFrame:
    """The columns of the register in their order and types, empty or by default where a frame lacks them."""
    import pandas as pd

    table: dict[str, Any] = {name: list(frame[name]) for name in REQUIRED}
    for name in TEXTS:
        table[name] = [_text(value) for value in frame[name]] if name in frame.columns else [""] * len(frame)
    years: Iterable[Any] = frame["handed_over"] if "handed_over" in frame.columns else [None] * len(frame)
    table["handed_over"] = pd.Series([int(year) if _given(year) else None for year in years], dtype="Int64")
    for name, default in (("accuracy_m", DEFAULT_ACCURACY_M), ("corridor_m", DEFAULT_CORRIDOR_M)):
        values: Iterable[Any] = frame[name] if name in frame.columns else [None] * len(frame)
        table[name] = [float(value) if _given(value) else default for value in values]
    return type(frame)({name: table[name] for name in COLUMNS}, geometry=list(frame.geometry), crs=frame.crs)


def _given(value: Any) -> bool:
    return value is not None and value == value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def site_number(site_id: str) -> str:
    """A site's number as the plan prints it: what people read; the id is for programs and commands.

    >>> site_number("HN-II-3")
    'II.3'
    """
    return ".".join(site_id.split("-")[1:]) or site_id
