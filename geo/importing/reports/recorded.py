"""Which reports say what is recorded already, or what another of them says: same day, kind, channel, place."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from geo.importing.reports.differing import changed_verifications, differing, said_in
from geo.records.entries import NewReport
from geo.records.ledger import queries
from geo.records.model.register_lookup import RegisterLookup
from geo.records.store import Store

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SAME_PLACE_M = 30.0
"""Two points within so many metres are one place."""
_METRES_A_DEGREE = 111_320.0
_CELL_DEGREES = SAME_PLACE_M / _METRES_A_DEGREE * 1.1
"""Side of the cells of the index, so that what is near lies in a cell or in one beside it, up to 24° north."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Places among the reports of a file → the number of the recorded report, or the place of the earlier one.

    `repeated` are equal to an earlier one in every field; `similar` say the same of day, kind, channel and place only.
    `near`: as a recorded one that no report stands for, of the same day and place, but another kind or channel.
    `differing`: the fields in which those that are recorded already say something else. `changed`: of those that say
    something else of the verification, unless somebody recorded what was found, the row and the report it would be.
    """

    recorded: Mapping[int, int] = field(default_factory=dict)
    repeated: Mapping[int, int] = field(default_factory=dict)
    similar: Mapping[int, int] = field(default_factory=dict)
    near: Mapping[int, int] = field(default_factory=dict)
    differing: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    changed: Mapping[int, tuple[int, NewReport]] = field(default_factory=dict)


class _Spot(NamedTuple):
    """Where a report is: a point, or a site as a whole."""

    what: tuple[date, str, str, str]
    lon: float
    lat: float


def alike_reports(
    store: Store,
    reports: Sequence[NewReport],
    wards: Collection[str] | None = None,
    stated: Sequence[frozenset[str]] | None = None,
) -> Alike:
    """What of `reports` is recorded already (one recorded report stands for one of them), and which are alike.

    Two are alike with the same day, kind and channel, within 30 m, or of the same site where none says where on it.
    `wards`: the codes of those whose records are compared. `stated`: the fields that each report says something of; all
    without it.
    """
    if not reports:
        return Alike()
    spots = [_spot(report, store.registers) for report in reports]
    earlier, similar = _Index(), dict[int, int]()
    repeated = _repeated(reports)
    for place, spot in enumerate(spots):
        before = earlier.near(spot, taking=False)
        if before is None:
            earlier.add(spot, place)
        elif place not in repeated:
            similar[place] = before
    days = [report.day for report in reports]
    recorded = store.reports(min(days), max(days), wards=wards)
    known = _known(reports, spots, repeated, recorded)
    new = [place for place in range(len(reports)) if place not in known and place not in repeated]
    near = _near(spots, new, recorded, set(known.values()))
    apart = differing(reports, stated, known, recorded)
    changed = changed_verifications(reports, known, apart, recorded)
    return Alike(known, repeated, similar, near, apart, changed)


def recorded_by_now(
    connection: Connection,
    reports: Sequence[NewReport],
    registers: RegisterLookup | None,
    wards: Collection[str] | None = None,
) -> Mapping[int, int]:
    """`Alike.recorded`, as a write that has begun sees it."""
    days = [report.day for report in reports]
    frame = queries.reports(connection, min(days), max(days), None, registers, wards)
    return _known(reports, [_spot(report, registers) for report in reports], _repeated(reports), frame)


def _repeated(reports: Sequence[NewReport]) -> dict[int, int]:
    """Places of reports that are equal to an earlier one → its place."""
    first = dict[NewReport, int]()
    places = [first.setdefault(report, place) for place, report in enumerate(reports)]
    return {place: before for place, before in enumerate(places) if before != place}


def _known(
    reports: Sequence[NewReport], spots: Sequence[_Spot], repeated: Collection[int], frame: GeoDataFrame
) -> dict[int, int]:
    """Place among the reports → number of the recorded one that says the same; each stands for one.

    One that stands at the very place with the same note goes before others within 30 m. Those that are `repeated` come
    last: they were left out when the others were recorded, unless all were.
    """
    spot_of, notes = dict(_recorded(frame)), dict(zip(frame["report_id"].tolist(), frame["note"].tolist(), strict=True))
    exact = defaultdict[tuple[_Spot, str], list[int]](list)
    for number, spot in spot_of.items():
        exact[_exactly(spot, notes[number])].append(number)
    order = sorted(range(len(spots)), key=lambda place: place in repeated)
    found = {place: same.pop() for place in order if (same := exact[_exactly(spots[place], reports[place].note)])}
    rest = _Index()
    for number in spot_of.keys() - set(found.values()):
        rest.add(spot_of[number], number)
    others = ((place, rest.near(spots[place], taking=True)) for place in order if place not in found)
    return found | {place: number for place, number in others if number is not None}


def _exactly(spot: _Spot, note: str) -> tuple[_Spot, str]:
    return spot._replace(lon=round(spot.lon, 7), lat=round(spot.lat, 7)), said_in(note)


def _near(spots: Sequence[_Spot], new: Sequence[int], frame: GeoDataFrame, taken: Collection[int]) -> dict[int, int]:
    """`Alike.near` of the places that are `new`, of the recorded reports that are not `taken`."""
    rest = _Index()
    for number, spot in _recorded(frame):
        if number not in taken:
            rest.add(_of_any_kind(spot), number)
    found = ((place, rest.near(_of_any_kind(spots[place]), taking=True)) for place in new)
    return {place: number for place, number in found if number is not None}


def _of_any_kind(spot: _Spot) -> _Spot:
    day, _, _, site = spot.what
    return spot._replace(what=(day, "", "", site))


def _recorded(frame: GeoDataFrame) -> Iterator[tuple[int, _Spot]]:
    columns = [frame[name].tolist() for name in ("report_id", "day", "kind", "channel", "site_id", "chainage_m")]
    for number, day, kind, channel, site, chainage, point in zip(*columns, frame.geometry, strict=True):
        whole = isinstance(site, str) and (chainage is None or chainage != chainage)
        if whole or point is not None:
            what = (day.date(), kind, channel, site if whole else "")
            yield int(number), _Spot(what, *((0.0, 0.0) if whole else (point.x, point.y)))


def _spot(report: NewReport, registers: RegisterLookup | None) -> _Spot:
    what = (report.day, report.kind, report.channel)
    if report.lon is not None and report.lat is not None:
        return _Spot((*what, ""), report.lon, report.lat)
    site = report.site_id or ""
    place_at = registers.place_at if registers is not None else None
    point = place_at(site, report.chainage_m) if place_at is not None and report.chainage_m is not None else None
    return _Spot((*what, ""), *point) if point is not None else _Spot((*what, site), 0.0, 0.0)


class RecordedAlikeError(Exception):
    """A report was not written because `numbers` of recorded ones say the same: whoever sends it decides."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"recorded already: {list(numbers)}")
        self.numbers = tuple(numbers)


def alike_numbers(
    connection: Connection,
    report: NewReport,
    registers: RegisterLookup | None,
    wards: Collection[str] | None = None,
) -> tuple[int, ...]:
    """The numbers of the recorded reports that say what `report` says, as a write that has begun sees it.

    Arguments as `recorded_by_now`.
    """
    index, found = _Index(), list[int]()
    for number, spot in _recorded(queries.reports(connection, report.day, report.day, None, registers, wards)):
        index.add(spot, number)
    wanted = _spot(report, registers)
    while (number_there := index.near(wanted, taking=True)) is not None:
        found.append(number_there)
    return tuple(sorted(found))


def refuse_alike(
    connection: Connection,
    report: NewReport,
    registers: RegisterLookup | None,
    wards: Collection[str] | None = None,
) -> None:
    """Refuse a report that is recorded already; arguments as `alike_numbers`.

    Raises
    ------
    RecordedAlikeError
        Recorded reports say what `report` says.
    """
    found = alike_numbers(connection, report, registers, wards)
    if found:
        raise RecordedAlikeError(found)


class _Index:
    """Spots by what they are about and where they lie; those in one place differ by their numbers."""

    def __init__(self) -> None:
        self._cells: dict[tuple[object, int, int], list[tuple[_Spot, int]]] = defaultdict(list)

    def add(self, spot: _Spot, number: int) -> None:
        self._cells[spot.what, *_cell(spot)].append((spot, number))

    def near(self, spot: _Spot, *, taking: bool) -> int | None:
        """The number of a spot about the same within 30 m; `taking` it, so that it is found once."""
        column, row = _cell(spot)
        for across in (0, -1, 1):
            for up in (0, -1, 1):
                entries = self._cells.get((spot.what, column + across, row + up), [])
                for place in range(len(entries) - 1, -1, -1):
                    if _metres(entries[place][0], spot) <= SAME_PLACE_M:
                        return (entries.pop(place) if taking else entries[place])[1]
        return None


def _cell(spot: _Spot) -> tuple[int, int]:
    return math.floor(spot.lon / _CELL_DEGREES), math.floor(spot.lat / _CELL_DEGREES)


def _metres(one: _Spot, other: _Spot) -> float:
    narrowing = math.cos(math.radians(other.lat))
    east = (one.lon - other.lon) * narrowing * _METRES_A_DEGREE
    return math.hypot(east, (one.lat - other.lat) * _METRES_A_DEGREE)
