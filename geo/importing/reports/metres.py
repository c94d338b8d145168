"""Places of a file of reports in their coordinate system: that which the user names, else metres of a city's zone.

Surveyors write X for north; in which order metres stand follows from the wards, row by row, and is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError
from geo.i18n.message import Message, either
from geo.importing.cells.places import FIRST_METRE
from geo.importing.geometries.model import Features, object_array
from geo.importing.geometries.systems.given import shipped_wards
from geo.importing.geometries.systems.packed import packed_problem
from geo.importing.geometries.systems.question import Question
from geo.importing.geometries.systems.settling import System, settle, shown_system
from geo.importing.geometries.systems.worded import open_system, overruled, worded_crs
from geo.importing.headings.systems import OF_WGS84, NamedSystem
from geo.importing.where import number_list
from geo.records.model.register_lookup import RegisterLookup
from geo.reference.cities import cities

if TYPE_CHECKING:
    from pyproj import CRS

Floats = NDArray[np.float64]
_Placed = tuple[int, dict[str, Any]]
"""The number of a row, and its values by field."""
_UTM = {False: 3405, True: 3406}
"""VN-2000 in UTM west and east of this meridian."""
_ZONE_ENDS = 108.0
_OF_ORDER = frozenset(("importing.axes-turned", "importing.degrees-turned"))
"""Notes on a whole file, where rows are named instead."""


@dataclass(slots=True)
class Places:
    """The places of the rows of a file (`name`), batch by batch, and what to say of them once all were read.

    `named`: the system of a heading, where that counts; `beside`: where the user names one instead.
    """

    name: str
    registers: RegisterLookup | None
    question: Question
    named: NamedSystem | None = None
    beside: NamedSystem | None = None
    _is_placed: bool = False
    _degrees_read: bool = False
    _read_in: set[str] = field(default_factory=set)
    _others: set[int] = field(default_factory=set)
    _turned: list[int] = field(default_factory=list)
    _degrees: list[int] = field(default_factory=list)
    _notes: dict[str, Message] = field(default_factory=dict)

    def settle(self, rows: Sequence[_Placed]) -> None:
        """Turn `lon` and `lat` of rows into degrees of WGS 84; where nothing fits they stay, and are refused later.

        Raises
        ------
        InputError
            The system that is named is unknown, declared wrongly, or does not fit the numbers; what fits is offered.
        """
        placed = [each for each in rows if each[1].get("lon") is not None and each[1].get("lat") is not None]
        self._is_placed |= bool(placed)
        if self.question.crs is None:
            self._check_packed(placed)
            degrees = [each for each in placed if not _is_metres(each)]
            self._degrees_read |= bool(degrees)
            self._in_zones([each for each in placed if _is_metres(each)])
            if degrees and self.named is not None:
                self._in_system(degrees, replace(self.question, crs=self.named.in_degrees))
        elif placed:
            self._in_system(placed, self.question)

    def check_below(self, below: NamedSystem | None) -> None:
        """Ask where a note below the table names another system than that in which the places were read.

        Raises
        ------
        InputError
            It does, and the user named none: whether it is about these places is not for us to say.
        """
        is_users = self.question.crs is not None and self.named is None
        if below is None or is_users or not self._is_placed:
            return
        if not (self._is_read_in(below) if self.named is None else _are_alike(below, self.named)):
            raise InputError(open_system(below, self.question, self.name))

    def _is_read_in(self, below: NamedSystem) -> bool:
        """Whether degrees of WGS 84 and metres of a city's zone are what a note says."""
        if below.is_open:
            return False
        code = worded_crs(below)
        is_degrees = not self._degrees_read or code == "EPSG:4326"
        is_zone = all(bool(below.in_degrees) or f"({code})" in zone for zone in self._read_in)
        return is_degrees and is_zone

    def notices(self) -> list[Message]:
        """What the user should know of the places."""
        said = list(self._notes.values())
        zones = sorted(self._read_in)
        if zones and self.question.crs is not None:
            said.append(Message("importing.places-in-system", zones=zones))
        elif zones:
            others = either([f"{self.question.option}EPSG:{epsg}" for epsg in sorted(self._others)])
            said.append(Message("importing.metres-read", zones=zones, option=others))
        groups = {"importing.metres-turned": self._turned, "importing.degrees-among-metres": self._degrees}
        return said + [Message(code, count=len(of), rows=number_list(of)) for code, of in groups.items() if of]

    def _check_packed(self, rows: Sequence[_Placed]) -> None:
        """Refuse degrees in another form, by the first row that holds them."""
        for each in rows:
            pair = np.array([_pair(each)])
            problem = packed_problem(pair, self.name, self.question.option) if _is_odd(each) else None
            if problem is not None:
                raise InputError(problem.at(Message("place.row", file=self.name, row=each[0])))

    def _in_zones(self, rows: Sequence[_Placed]) -> None:
        """Metres of the zone of a city in which they lie in a ward: zones lie 100 km and more apart.

        In Việt Nam no metre north is as small as one east.
        """
        for city in cities():
            if not rows or self.registers is None:
                return
            system = System(_crs(city.epsg))
            lonlat = _degrees_of(system, np.array([sorted(_pair(each)) for each in rows]))
            inside = _in_ward(self.registers, lonlat)
            for each, (lon, lat), is_in in zip(rows, lonlat.tolist(), inside, strict=True):
                if is_in:
                    self._place(each, lon, lat, is_turned=each[1]["lon"] > each[1]["lat"])
                    self._read_in.add(f"{city.name} (EPSG:{city.epsg})")
                    self._others.add(_UTM[lon > _ZONE_ENDS])
            rows = [each for each, is_in in zip(rows, inside, strict=True) if not is_in]

    def _in_system(self, rows: Sequence[_Placed], question: Question) -> None:
        """Places of the system that is named; degrees beside its metres stay what they are."""
        points = object_array(map(shapely.Point, map(_pair, rows)))
        system = settle(Features(points), points, question, self.name, shipped_wards)
        self._notes |= {str(note): note for note in system.notes if note.code not in _OF_ORDER}
        if self.named is not None:
            said = Message("importing.system-of-heading", text=self.named.text, crs=system.crs.name)
            self._notes["named"] = said
        else:
            self._read_in |= set() if system.packed else {f"{system.crs.name} ({question.crs})"}
            self._say_overruled(system)
        if system.crs.is_projected:
            self._degrees += [each[0] for each in rows if not _is_metres(each)]
            rows = [each for each in rows if _is_metres(each)]
        xy = np.array([_pair(each) for each in rows]).reshape(-1, 2)
        here = _degrees_of(replace(system, is_swapped=False), xy)
        turned = np.zeros(len(rows), dtype=bool)
        if system.crs.is_projected and self.registers is not None:
            there = _degrees_of(System(system.crs, is_swapped=True), xy)
            turned = ~_in_ward(self.registers, here) & _in_ward(self.registers, there)
            here = np.where(turned[:, None], there, here)
        for each, (lon, lat), is_turned in zip(rows, here.tolist(), turned.tolist(), strict=True):
            self._place(each, lon, lat, is_turned=is_turned)

    def _say_overruled(self, system: System) -> None:
        said = None if self.beside is None else overruled(self.beside, system.crs, shown_system(system.crs))
        if said is not None:
            self._notes["overruled"] = said

    def _place(self, row: _Placed, lon: float, lat: float, *, is_turned: bool) -> None:
        row[1]["lon"], row[1]["lat"] = round(lon, 7), round(lat, 7)
        if is_turned:
            self._turned.append(row[0])


def settled_question(question: Question, named: NamedSystem | None, where: str) -> tuple[Question, NamedSystem | None]:
    """What is said of the system of places: by the user, else by a heading; and what the heading says, where it counts.

    Raises
    ------
    InputError
        A heading names a system, and not which one, and the user says nothing.
    """
    if named is None or question.crs is not None:
        return question, None
    if named.is_open:
        raise InputError(open_system(named, question, where))
    crs = worded_crs(named)
    return (replace(question, crs=crs) if crs else question), named


def _are_alike(one: NamedSystem, other: NamedSystem) -> bool:
    """Whether two texts may mean one system: *VN-2000* alone means any of its zones."""
    loose = any(named.in_degrees for named in (one, other)) and not {one.crs, other.crs} & set(OF_WGS84)
    return loose or replace(one, text="") == replace(other, text="")


def _crs(epsg: int) -> CRS:
    from pyproj import CRS

    return CRS.from_epsg(epsg)


def _pair(row: _Placed) -> tuple[float, float]:
    return row[1]["lon"], row[1]["lat"]


def _is_odd(row: _Placed) -> bool:
    """Whether a place is no degrees of the country at first sight."""
    return max(map(abs, _pair(row))) > FIRST_METRE


def _is_metres(row: _Placed) -> bool:
    return min(_pair(row)) > FIRST_METRE


def _degrees_of(system: System, xy: Floats) -> Floats:
    """Positions as WGS 84 longitude and latitude, (n, 2); infinite where they are none."""
    lonlat: Floats = shapely.get_coordinates(system.to_wgs84(object_array(map(shapely.Point, xy.tolist()))))
    return lonlat


def _in_ward(registers: RegisterLookup, lonlat: Floats) -> NDArray[np.bool_]:
    known = np.where(np.isfinite(lonlat), lonlat, 0.0)
    codes = registers.wards_at(known[:, 0].tolist(), known[:, 1].tolist())
    return np.array([code is not None for code in codes], dtype=bool)
