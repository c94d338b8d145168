"""What a file of geometries holds: layers of features, and how large it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.i18n.message import Message

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS

    from geo.importing.headings.systems import NamedSystem

Geometries = NDArray[np.object_]
LINES, AREAS, POINTS = "lines", "areas", "points"
"""What a layer may hold, in the order in which a route is looked for."""


class TooLargeError(InputError):
    """A file has more bytes, features or vertices than are taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes as stored and unpacked, members of an archive, features, vertices.

    `max_ratio`: how many times a member of an archive may unpack.
    """

    max_bytes: int = 2 * 1024**3
    max_unpacked: int = 4 * 1024**3
    max_ratio: int = 500
    max_members: int = 2_000
    max_features: int = 2_000_000
    max_vertices: int = 100_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one layer, as they stand in the file.

    `geometries`: shapely or None, in the coordinates of the file; `columns`: name → values, a value a feature; `ids`:
    what the file calls each feature (None where it has no such thing); `declared`: the coordinate system that the file
    names; `is_wgs84`: its format knows WGS 84 alone, unless it declares another; `is_assumed`: it names no system, and
    degrees are taken for WGS 84 and said to be; `worded`: a system that a table names in words that leave it open.

    `unreadable`: row → why its geometry can't be read; `passed`: number as the file counts → code of why it was passed
    over before; `rows`: what the file calls each feature where that is not its number; `notes`: what the user should
    know.
    """

    geometries: Geometries
    columns: Mapping[str, list[Any]] = field(default_factory=dict)
    ids: list[Any] | None = None
    declared: CRS | None = None
    is_wgs84: bool = False
    is_assumed: bool = False
    worded: NamedSystem | None = None
    unreadable: Mapping[int, Message | str] = field(default_factory=dict)
    passed: Mapping[int, str] = field(default_factory=dict)
    rows: list[int] | None = None
    notes: tuple[Message, ...] = ()

    def place(self, where: str, row: int) -> Message:
        """Where a row stands."""
        if self.rows is None:
            return feature_place(where, row + 1)
        return Message("place.row", file=where, row=self.rows[row])

    def number(self, row: int) -> int:
        """What the file calls a row: its number from 1, or the line of a table."""
        return row + 1 if self.rows is None else self.rows[row]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file that can be read: its `name`, how many `features`, which of `LINES, AREAS, POINTS` it holds.

    `holds` may be empty where the format does not say it. `columns`: names of its fields. `lines_only`: other things
    than lines in it are no features of a map but its lettering. `document`: what it is a folder of, '' for none.
    """

    name: str
    features: int
    holds: frozenset[str]
    columns: tuple[str, ...]
    read: Callable[[], Features]
    lines_only: bool = False
    document: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The features of a file in WGS 84, and what became of the others.

    `frame`: EPSG:4326, two dimensions, the columns of the file (as objects) and `geometry`; `numbers`: what the file
    calls each of its rows; `ids`: as in `Features`. `features` is their number in the file, `passed` says of each that
    was passed over, by its number, the code of why; every other one is in the frame.
    """

    where: str
    frame: GeoDataFrame
    numbers: tuple[int, ...]
    features: int
    ids: tuple[Any, ...] | None = None
    passed: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    layer: str = ""


def unusable(code: str, where: str | Message, /, **parameters: Any) -> InputError:
    """The error that refuses a whole file."""
    return InputError(Problem(code, where, **parameters))


def feature_place(where: str, number: int) -> Message:
    """Where a feature stands."""
    return Message("place.feature", file=where, number=number)


def object_array(values: Iterable[Any]) -> Geometries:
    """Values as a flat array of objects; numpy alone would look into them."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
