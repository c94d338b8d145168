"""A city's streets, landmarks and wards, indexed by name and by place: what every search in words works on.

`load_places(city)` reads the two shipped files of the city (memory-mapped); `PlaceIndex.of` takes a street network of
one's own. Everything is in metres of the province's VN-2000 zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import settings
from geo.errors import InputError, Problem
from geo.reference.cities import City
from geo.reference.crs import to_metric
from geo.reference.names import fold, plain, unmarked
from geo.reference.places.landmark_names import NamedThing, key_of, plain_key
from geo.reference.places.older_names import OlderNames
from geo.reference.streets.gazetteer import Gazetteer, load_gazetteer
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.placement import Carriageway
from geo.reference.streets.search import base, road_number
from geo.reference.streets.ways import TAGS, Ways, no_ways
from geo.reference.wards import WardRegister

Rows = NDArray[np.int64]
Shapes = NDArray[np.object_]

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0; © OpenMapTiles"
"""What stands beside answers from the shipped streets and places (`data/README.md`)."""
NEAR_M = 150.0
"""Ways of other names that come this near to a street are taken with it."""
_BARE_REF = re.compile(r"\d{1,3}[A-Za-z]?")
_DAY = re.compile(r"^(\d{1,2})[ .](\d{1,2})$")
_MONTH = fold("tháng")
_NATIONAL = ("motorway", "trunk", "primary")
_NOT_SPOKEN = ("number", "km", "bank_left", "bank_right")
_TYPE = re.compile(r"^(?:duong|pho|dai lo)\s+(?=\S)")
_LANE_NUMBER = re.compile(r"^(ngõ|ngách|hẻm|kiệt|ngo|ngach|hem|kiet)\s+(\d[\w/]*)", re.I)
_LANE = re.compile(r"^(?:ngo|ngach|hem|kiet)\b")


@dataclass(frozen=True, eq=False)
class PlaceIndex:
    """The streets (`network`), named things (`things`, `shapes`: a row each) and wards of a `city`, with indexes."""

    city: City
    network: StreetNetwork
    things: tuple[NamedThing, ...]
    shapes: Shapes
    register: WardRegister
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    carriageway: Carriageway = Carriageway.BOTH
    keys: Mapping[str, str] = field(default_factory=dict)
    older: OlderNames = field(default_factory=OlderNames)

    @classmethod
    def of(cls, city: City, network: StreetNetwork, gazetteer: Gazetteer | None = None) -> PlaceIndex:
        """An index over a street network of one's own, without landmarks."""
        book = gazetteer or Gazetteer()
        return cls(city, network, (), np.array([], dtype=object), WardRegister.load(city=city), book)

    @property
    def attribution(self) -> str:
        """Whose data the answers are made of; '' for a street network of one's own."""
        return ATTRIBUTION if self.things else ""

    @cached_property
    def lines(self) -> Shapes:
        """All ways, in metres."""
        return self.network.ways.lines

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """The name of each way, '' without."""
        return self.network.ways["name"]

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The ways by place."""
        return shapely.STRtree(self.lines)

    @cached_property
    def by_base(self) -> dict[str, Rows]:
        """Rows of the ways by their name without its type; 'Cầu Tó - Phan Trọng Tuệ' is found under both names."""
        rows: dict[str, list[int]] = {}
        for name, own in self._rows_of_names.items():
            keys = {dated(self.keys.get(name) or base(name))} | {
                base(part) for part in name.split(" - ") if name.startswith("Cầu ")
            }
            for key in keys:
                rows.setdefault(key, []).extend(own)
        return {key: np.array(sorted(own), dtype=np.int64) for key, own in rows.items()}

    @cached_property
    def _rows_of_names(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            if name:
                rows.setdefault(name, []).append(row)
        return rows

    @cached_property
    def by_plain(self) -> dict[str, list[str]]:
        """Keys of `by_base` by the same without diacritics."""
        found: dict[str, list[str]] = {}
        for key in self.by_base:
            found.setdefault(unmarked(key), []).append(key)
        return found

    @cached_property
    def by_number(self) -> dict[tuple[str, str], Rows]:
        """Rows of the ways by kind and number of the road."""
        rows: dict[tuple[str, str], set[int]] = {}
        refs, classes = self.network.ways["ref"], self.network.ways["highway"]
        for row, (ref, name, highway) in enumerate(zip(refs, self.names, classes, strict=True)):
            for text in (*str(ref).split(";"), name):
                number = _number_of(text.strip(), str(highway)) if text.rstrip("ABCDabcd")[-1:].isdigit() else None
                if number:
                    rows.setdefault(number, set()).add(row)
        return {number: np.array(sorted(own), dtype=np.int64) for number, own in rows.items()}

    @cached_property
    def lanes(self) -> dict[str, Rows]:
        """Rows of the lanes by kind and number, without diacritics: 'ngo 74', 'ngach 12/4'."""
        rows: dict[str, list[int]] = {}
        for name, own in self._rows_of_names.items():
            found = _LANE_NUMBER.match(name)
            if found:
                rows.setdefault(f"{plain(found[1])} {found[2].lower()}", []).extend(own)
        return {key: np.array(sorted(own), dtype=np.int64) for key, own in rows.items()}

    @cached_property
    def bridges(self) -> dict[str, list[int]]:
        """Rows of the ways on a bridge by its folded name: as `bridge_name`, as the way's name, or as a part of it."""
        found: dict[str, list[int]] = {}
        titles = self.network.ways["bridge_name"]
        for row, (title, name) in enumerate(zip(titles, self.names, strict=True)):
            parts = {title, name, *str(name).split(" - ")} if title or str(name).lower().startswith("cầu ") else set()
            for part in parts:
                if str(part).lower().startswith("cầu "):
                    found.setdefault(fold(part), []).append(row)
        return found

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        """Rows of the named things by the key of their name (`landmark_names.key_of`)."""
        return self._thing_rows([thing.key or key_of(thing.name) for thing in self.things])

    @cached_property
    def by_plain_key(self) -> dict[str, list[int]]:
        """The same without diacritics."""
        return self._thing_rows([plain_key(thing.name, thing.key) for thing in self.things])

    def _thing_rows(self, keys: list[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, (thing, key) in enumerate(zip(self.things, keys, strict=True)):
            if thing.kind not in ("number", "km"):
                found.setdefault(key, []).append(row)
        return found

    @cached_property
    def numbers(self) -> dict[str, Rows]:
        """Rows of house numbers by the street's name without its type."""
        return self._by_street("number")

    @cached_property
    def spoken_names(self) -> tuple[str, ...]:
        """Every distinct name of a street that is no lane and of a landmark, as it is shown."""
        streets = [name for name in self._rows_of_names if not _LANE_NUMBER.match(name)]
        landmarks = [thing.name for thing in self.things if thing.kind not in _NOT_SPOKEN]
        return tuple(dict.fromkeys([*streets, *landmarks]))

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """`spoken_names` without diacritics and without the type of a street."""
        known = dict(self.keys) | {thing.name: thing.key for thing in self.things if thing.key}
        return tuple(_TYPE.sub("", unmarked(known.get(name) or fold(name))) for name in self.spoken_names)

    @cached_property
    def posts(self) -> Rows:
        """Rows of kilometre posts."""
        return np.array([row for row, thing in enumerate(self.things) if thing.kind == "km"], dtype=np.int64)

    def _by_street(self, kind: str) -> dict[str, Rows]:
        rows: dict[str, list[int]] = {}
        for row, thing in enumerate(self.things):
            if thing.kind == kind:
                rows.setdefault(base(thing.street), []).append(row)
        return {key: np.array(own, dtype=np.int64) for key, own in rows.items()}

    @cached_property
    def outlines(self) -> dict[str, BaseGeometry]:
        """The wards by code, in WGS 84."""
        return dict(zip((ward.code for ward in self.register.wards), self.register.shapes, strict=True))

    @cached_property
    def ward_shapes(self) -> dict[str, BaseGeometry]:
        """The wards by code, in metres."""
        shapes = to_metric(self.register.shapes, self.city.province_code)
        return dict(zip((ward.code for ward in self.register.wards), shapes, strict=True))

    def around(self, rows: Rows, reach_m: float = NEAR_M) -> tuple[StreetNetwork, Rows]:
        """The network of some ways and of all that come near to them, and where in it these ways stand."""
        near = np.unique(self.tree.query(self.lines[rows], predicate="dwithin", distance=reach_m)[1])
        chosen = np.union1d(near, rows).astype(np.int64)
        small = StreetNetwork(self.network.ways.taken(chosen), self.network.province_code, self.network.sources)
        return small, np.searchsorted(chosen, rows).astype(np.int64)

    def warmed(self) -> PlaceIndex:
        """The index with all its parts made: else the first search of each kind makes them.

        Without streets no place is looked for among the wards: their outlines, by which names are shown, are read then.
        """
        if not len(self.lines):
            return self
        _ = (self.tree, self.by_base, self.by_plain, self.by_number, self.bridges, self.lanes, self.outlines)
        _ = (self.by_key, self.by_plain_key, self.numbers, self.posts, self.spoken, self.register.search)
        _ = self.ward_shapes
        return self

    def is_lane(self, key: str) -> bool:
        """Whether the key of a street's name is that of a lane (*ngõ, ngách, hẻm, kiệt*)."""
        return bool(_LANE.match(plain(key)))


def dated(key: str) -> str:
    """The key of a street named after a day, however the day is written: 'Đường 23/8', '23-8', '23 tháng 8'.

    >>> dated(base("Đường 23/8")) == dated(base("Đường 23 Tháng 8"))
    True
    """
    found = _DAY.match(key)
    is_day = found is not None and 0 < int(found[1]) <= 31 and 0 < int(found[2]) <= 12
    return f"{found[1]} {_MONTH} {found[2]}" if found and is_day else key


def _number_of(text: str, highway: str) -> tuple[str, str] | None:
    """Kind and number of a road by a reference; one without its kind is of a national road on main roads only."""
    if _BARE_REF.fullmatch(text):
        return ("ql" if highway in _NATIONAL else "đt", text.lower())
    return road_number(text)


def union_of(index: PlaceIndex, codes: Iterable[str]) -> BaseGeometry:
    """The area of some wards of the city, in metres; codes of other cities are passed over."""
    return shapely.union_all([index.ward_shapes[code] for code in sorted(codes) if code in index.ward_shapes])


def load_places(city: City) -> PlaceIndex:
    """The index of a city of the data set, read once a process.

    Raises
    ------
    InputError
        The data set has no streets of this city; `--streets` takes a file.
    """
    return _load(city, *_stamped(settings.data_file("places", f"{city.layers_slug}_streets.parquet")))


def has_places(city: City) -> bool:
    """Whether the data set has streets of a city."""
    return settings.data_file("places", f"{city.layers_slug}_streets.parquet").is_file()


def load_names(city: City) -> PlaceIndex:
    """As `load_places`; an index of the wards alone for a city whose streets are not there."""
    try:
        return load_places(city)
    except InputError:
        return _wards_alone(city, settings.wards_file())


@cache
def _wards_alone(city: City, _file: Path) -> PlaceIndex:
    return PlaceIndex.of(city, StreetNetwork(no_ways(), city.province_code, ()))


def _stamped(file: Path) -> tuple[Path, int]:
    """The folder of a file, and when the file was changed: a city may be added again."""
    return file.parent, file.stat().st_mtime_ns if file.is_file() else 0


@lru_cache(maxsize=8)
def _load(city: City, folder: Path, _changed: int) -> PlaceIndex:
    files = [folder / f"{city.layers_slug}_{what}.parquet" for what in ("streets", "places")]
    if not all(file.is_file() for file in files):
        raise InputError(Problem("places.no-files", str(folder), city=city.name))
    # Not `read_table`: the datasets of pyarrow import pandas.
    streets, places = (pq.ParquetFile(file, memory_map=True).read() for file in files)
    lines, shapes = (_shapes(table["geometry"].to_pylist(), city) for table in (streets, places))
    ways = Ways({tag: _texts(streets[tag]) for tag in TAGS}, lines)
    network = StreetNetwork(ways, city.province_code, tuple(file.name for file in files[:1]))
    columns = [places[name].to_pylist() for name in ("kind", "name", "street", "number", "key")]
    keys = dict(zip(ways["name"], _texts(streets["key"]), strict=True))
    things = tuple(NamedThing(*row) for row in zip(*columns, strict=True))
    older = _older_names(folder / f"{city.layers_slug}_older_names.parquet", city)
    register = WardRegister.load(city=city)
    return PlaceIndex(city, network, things, shapes, register, _gazetteer(), keys=keys, older=older)


def _older_names(file: Path, city: City) -> OlderNames:
    """The names of an older street layer; none where the city's streets are of one year."""
    if not file.is_file():
        return OlderNames()
    table = pq.ParquetFile(file, memory_map=True).read()
    texts = {name: _texts(table[name]) for name in ("name", "now", "key", "year", "year_now")}
    return OlderNames(**texts, lines=_shapes(table["geometry"].to_pylist(), city))


def _gazetteer() -> Gazetteer:
    """What is recorded by hand: for the sites, and for places at large."""
    file = settings.data_dir() / "places.toml"
    books = [load_gazetteer(), *([load_gazetteer(file)] if file.is_file() else [])]
    aliases, places = ([entry for book in books for entry in getattr(book, key)] for key in ("aliases", "places"))
    return Gazetteer(tuple(aliases), tuple(places))


def _texts(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """A column of texts: each distinct one is made once. (`to_numpy` imports pandas.)"""
    coded = column.combine_chunks().dictionary_encode()
    texts = np.array(coded.dictionary.to_pylist(), dtype=object)
    codes = np.frombuffer(coded.indices.buffers()[1], dtype=np.int32, count=len(coded), offset=4 * coded.indices.offset)
    found: NDArray[np.object_] = texts[codes]
    return found


def _shapes(wkb: list[bytes], city: City) -> Shapes:
    return to_metric(np.asarray(shapely.from_wkb(wkb), dtype=object), city.province_code)
