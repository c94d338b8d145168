"""The register of wards: *xã* and *phường*, keyed by their official code; names are not keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo import settings
from geo.errors import InputError, Problem, UnknownWardError
from geo.files import stamp_of
from geo.reference import geojson
from geo.reference.cities import City, cities, every_list, folder_of, list_in_view, ward_folders
from geo.reference.geojson import read_frame
from geo.reference.lists.phases import with_phases
from geo.reference.names import fold, suggest
from geo.reference.ward import (
    COLUMNS,
    Ward,
    WardTable,
    in_order,
    joined,
    sound_features,
    ward_of,
    ward_table,
    wards_of,
)
from geo.spatial.edge_index_cache import cached_index
from geo.spatial.lookup import OUTSIDE, PointLookup

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.reference.programmes import Alias
    from geo.reference.ward_names.former_units import FormerUnits
    from geo.reference.ward_names.ward_search import Answer, How, WardSearch


__all__ = ["Match", "Ward", "WardRegister", "load_wards"]


PART = "wards.parquet"
"""The wards of an added city, as they are in the file of the country."""


class Match(NamedTuple):
    """The wards that a query means, by which rule the first of them was found, and the whole answer of the search."""

    wards: tuple[Ward, ...]
    how: How
    answer: Answer


def load_wards(path: str | Path | None = None, *, city: City | None = None) -> GeoDataFrame:
    """The wards as a frame in WGS 84, ordered by province and code; those of one `city`, if given.

    Columns: `code, name, full_name, kind, province_code, area_km2, population, phase, valid_from, merged_from`,
    geometry Polygon or MultiPolygon. `path` is `data/wards.geojson`, with the wards of added cities, unless given; the
    wards of a province that is no city of the data set come from those of the country.

    Raises
    ------
    DataFileMissingError, InputError
        The file is missing, or holds what can't be used; every fault of every feature is named.
    """
    if path is not None:
        return _of_city(wards_of(read_frame(path), str(path)), city)
    further = _further(city)
    if further is not None:
        return with_phases(_of_city(_of_folder(_folder_of(further)), further), further)
    if city is not None and not _is_own(city):
        from geo.reference.country.wards import country_table

        return frame_of(country_table([city.province_code]))
    return _of_data_set() if city is None else _of_city(_of_folder(_folder_of(city)), city)


def ward_rows() -> DataFrame:
    """The texts of `load_wards` without outlines: `code` and `COLUMNS`; the same errors."""
    import pandas

    table = joined(map(_table_in, ward_folders())) if _further(None) is None else None
    if table is None:
        return load_wards()
    return pandas.DataFrame({name: [getattr(ward, name) for ward in table.wards] for name in ("code", *COLUMNS)})


def extent_of(city: City) -> tuple[float, float, float, float]:
    """West, south, east, north of the wards of a city in degrees: of an added one, or of a province that is none, by
    what its file says of itself; errors as `load_wards`."""
    from geo.reference.country.wards import country_file, extent_in

    if not _is_own(city):
        return extent_in(country_file(), city.province_code)
    folder = _folder_of(city)
    if _is_part(folder):
        return extent_in(folder / PART, city.province_code)
    west, south, east, north = load_wards(city=city).total_bounds.tolist()
    return west, south, east, north


def outline_file(city: City) -> Path:
    """The file that the outlines of a city's wards lie in: a part of the country's, or one of its own."""
    from geo.reference.country.wards import country_file

    if not _is_own(city):
        return country_file()
    folder = _folder_of(city)
    return folder / (PART if _is_part(folder) else "wards.geojson")


def _folder_of(city: City) -> Path:
    """The folder whose data set has the wards of a city of the data set, or of one that was added."""
    same = (entry for entry in every_list() if entry.province_code == city.province_code and not entry.further_of)
    return folder_of(next(same)) or settings.data_dir()


def _further(city: City | None) -> City | None:
    """The further list whose wards are asked for: the given one, else the one in view."""
    if city is not None:
        return city if city.further_of else None
    return next((entry for entry in cities() if entry.further_of), None) if list_in_view() else None


def _of_city(frame: GeoDataFrame, city: City | None) -> GeoDataFrame:
    return frame if city is None else frame[frame["province_code"] == city.province_code].reset_index(drop=True)


def borders_within_m(city: City) -> int:
    """At most so many metres a border of a city's wards lies off its source: those of the country are coarser."""
    folder = folder_of(city)
    return 3 if folder is not None and (folder / "wards.geojson").is_file() else 20


def _is_own(city: City) -> bool:
    """Whether a city is one of the data set or was added; the wards of any other come from those of the country."""
    return any(entry.province_code == city.province_code for entry in every_list())


def _of_data_set() -> GeoDataFrame:
    """A frame of its own each time, of files that are parsed and checked once for each content."""
    folders = ward_folders()
    if len(folders) == 1:
        return _of_file(folders[0] / "wards.geojson")
    return _of_folders(folders, tuple(map(_stamp, folders))).copy()


def _stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """Size and time of change of the files that a folder's wards come from."""
    files = [file for file in (folder / "wards.geojson", folder / PART) if file.is_file()]
    return tuple(map(stamp_of, files))


@lru_cache(maxsize=2)
def _of_folders(folders: tuple[Path, ...], _stamps: tuple[object, ...]) -> GeoDataFrame:
    import pandas as pd

    frames = [_of_folder(folder) for folder in folders]
    whole = pd.concat(frames).sort_values(["province_code", "code"], ignore_index=True)
    return type(frames[0])(whole, geometry="geometry", crs=frames[0].crs)


def _of_folder(folder: Path) -> GeoDataFrame:
    """The wards of a folder: of its GeoJSON, else of the part of the country's that was copied there."""
    if _is_part(folder):
        from geo.reference.country.wards import with_frame

        return frame_of(with_frame(_part(folder)))
    return _of_file(folder / "wards.geojson")


def _is_part(folder: Path) -> bool:
    return (folder / PART).is_file() and not (folder / "wards.geojson").is_file()


def _part(folder: Path) -> WardTable:
    from geo.reference.cities import cities_in
    from geo.reference.country.wards import table_in

    [place] = cities_in(folder)
    return table_in(folder / PART, place.province_code)


def _of_file(file: Path) -> GeoDataFrame:
    try:
        found = file.stat()
    except OSError:
        return wards_of(read_frame(file), str(file))  # which says what is wrong with it
    return _parsed(str(file), found.st_ino, found.st_size, found.st_mtime_ns).copy()


@lru_cache(maxsize=40)
def _parsed(file: str, *stamp: int) -> GeoDataFrame:
    sound = sound_features(file, *stamp)  # which were read and checked for the table
    return wards_of(read_frame(file), file) if sound is None else in_order(geojson.frame_of(sound))


class WardRegister:
    """The wards by code, by name and by point, from the frame of `load_wards`, or from the table of its file."""

    def __init__(self, wards: GeoDataFrame | WardTable, aliases: Iterable[Alias] | None = None) -> None:
        self._table = wards if isinstance(wards, WardTable) else _table_of(wards)
        self.wards: tuple[Ward, ...] = self._table.wards
        self._given_aliases = aliases
        self._by_code = {ward.code: ward for ward in self.wards}

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """Other names that official papers print: those given, else those recorded in the programmes."""
        return tuple(_recorded_aliases() if self._given_aliases is None else self._given_aliases)

    @classmethod
    def load(cls, path: str | Path | None = None, *, city: City | None = None) -> WardRegister:
        """The register of all cities, or of another file; of a province that is none the wards of the country.

        Errors as in `load_wards`.
        """
        if path is None and city is not None and not _is_own(city):
            from geo.reference.country.wards import country_table

            return cls(country_table([city.province_code]))
        if path is None and _further(city) is not None:
            return cls(load_wards(city=city))
        folders = ward_folders() if city is None else (_folder_of(city),)
        table = joined(map(_table_in, folders)) if path is None else None
        return cls(
            load_wards(path, city=city) if table is None else table.of_province(city.province_code if city else None)
        )

    @cached_property
    def frame(self) -> GeoDataFrame:
        """The frame of `load_wards`, with the rows in the order of `wards`."""
        return frame_of(self._table).reset_index(drop=True)

    @property
    def table(self) -> WardTable:
        """The wards and their outlines in one."""
        return self._table

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The polygons in WGS 84, in the order of `wards`."""
        return self._table.shapes

    def __len__(self) -> int:
        return len(self.wards)

    def by_code(self, code: str) -> Ward:
        """The ward with this code; `UnknownWardError` if there is none."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownWardError(code, suggest(code, self._by_code)) from None

    def by_name(self, name: str) -> Ward:
        """The one ward of this name, or code.

        Raises
        ------
        UnknownWardError
            No ward bears it; the suggestions are the nearest names.
        InputError
            Several wards bear it, or took the former unit over; all are named.
        """
        match = self.find(name)
        if len(match.wards) == 1:
            return match.wards[0]
        options = [f"{ward.full_name} ({ward.code})" for ward in match.wards]
        if match.how == "former":
            raise InputError(Problem("reference.former-unit-divided", name=name, wards=options))
        raise InputError(Problem("reference.ward-ambiguous", name=name, wards=options))

    def find(self, query: str) -> Match:
        """The ward or wards that a query means (`geo.reference.ward_names.ward_search`).

        A code; a former unit, where a district is given that names one; the official name; a former unit, which gives
        its heirs; a recorded alias; the same typed without diacritics. What matches none of these is never guessed.

        Raises
        ------
        UnknownWardError
            Nothing matches, or one of several names does not; the suggestions are the nearest names.
        """
        answer = self.search.search(query)
        if answer.missing or not answer.found:
            raise UnknownWardError(query.strip(), self.search.suggestions(answer.missing))
        return Match(tuple(found.ward for found in answer.found), answer.found[0].how, answer)

    def by_printed(self, name: str) -> Ward:
        """The one ward that a plan means by a printed name: a recorded alias comes first; errors as in `by_name`."""
        return self.search.alias(name) or self.by_name(name)

    def at(self, lon: float, lat: float) -> Ward | None:
        """The ward at a point (WGS 84 degrees), None outside all; on a shared border the one with the lower code."""
        row = self.lookup.row(lon, lat)
        return None if row == OUTSIDE else self.wards[row]

    def codes_at(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
        """Codes of the wards at many points (arrays of one shape, WGS 84 degrees); None outside all wards."""
        rows = self.lookup.rows(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        codes: NDArray[np.object_] = np.array([ward.code for ward in self.wards] + [None], dtype=object)
        return codes[rows]

    @cached_property
    def lookup(self) -> PointLookup:
        """The point look-up over the wards, in the order of `frame`: that of their index of edges, made once."""
        return cached_index(self.shapes).lookup

    @cached_property
    def search(self) -> WardSearch:
        """The search by names; built when the first name is asked for."""
        from geo.reference.ward_names.ward_search import WardSearch

        full = {fold(ward.full_name): ward for ward in self.wards}
        aliases = [
            (alias.printed, full[fold(alias.official)]) for alias in self.aliases if fold(alias.official) in full
        ]
        provinces = [(city.province_code, city.name) for city in cities()]
        return WardSearch(self.wards, aliases, self.former, provinces)

    @cached_property
    def former(self) -> FormerUnits:
        """The former units of the data set, the same for all registers; with those that `merged_from` of wards names
        which are none of the data set's."""
        from geo.reference.ward_names.former_units import FormerUnits, former_units, units_merged

        shipped = former_units()
        merged = units_merged(
            (ward.code, ward.province_code, ward.merged_from)
            for ward in self.wards
            if ward.merged_from and not shipped.merged_into(ward.code)
        )
        more = tuple(merged)
        return FormerUnits((*shipped.units, *more)) if more else shipped


def _table_in(folder: Path) -> WardTable | None:
    if _is_part(folder):
        return _part(folder)
    return ward_table(folder / "wards.geojson")


def _recorded_aliases() -> Iterable[Alias]:
    # Read when a name is asked for: most questions to the register are by code.
    from geo.reference.programmes import load_programmes

    return (alias for programme in load_programmes() for alias in programme.aliases)


def _table_of(frame: GeoDataFrame) -> WardTable:
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    return WardTable(tuple(map(ward_of, rows)), np.asarray(frame.geometry, dtype=object), frame)


def with_more(table: WardTable, other: WardTable) -> WardTable:
    """The wards of two tables, those of the first one first; with a frame."""
    import pandas as pd

    frames = [frame_of(part) for part in (table, other)]
    whole = type(frames[0])(pd.concat(frames, ignore_index=True), geometry="geometry", crs=frames[0].crs)
    return WardTable(table.wards + other.wards, np.concatenate([table.shapes, other.shapes]), whole)


def frame_of(table: WardTable) -> GeoDataFrame:
    """The frame that a table was made of, or that of the data set with the same wards."""
    if table.frame is not None:
        return table.frame
    frame = _of_data_set()
    return frame[frame["code"].isin([ward.code for ward in table.wards])]
