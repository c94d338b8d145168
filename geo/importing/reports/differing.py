"""What a row says otherwise than the report that is recorded already: whether it is verified, its note, its matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pandas import isna

from geo.i18n.message import Message
from geo.records.entries import NewReport
from geo.records.kinds.registry import kind
from geo.reference.names import plain

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_COMPARED = ("verified", "same_as", "note")
_LISTED = 12


class _Alike(Protocol):
    @property
    def recorded(self) -> Mapping[int, int]: ...
    @property
    def differing(self) -> Mapping[int, tuple[str, ...]]: ...


def differing(
    reports: Sequence[NewReport],
    stated: Sequence[frozenset[str]] | None,
    recorded: Mapping[int, int],
    frame: GeoDataFrame,
) -> dict[int, tuple[str, ...]]:
    """Place among the reports → the fields in which it says something else than the one that is `recorded`.

    `stated`: the fields that each says something of; a blank cell says nothing. `frame`: as `Store.reports`.
    """
    columns = (frame[name].tolist() for name in ("report_id", *_COMPARED))
    there = {number: dict(zip(_COMPARED, values, strict=True)) for number, *values in zip(*columns, strict=True)}
    found = {}
    for place, number in recorded.items():
        said = frozenset(_COMPARED) if stated is None else stated[place]
        values = there[number]
        fields = [name for name in _COMPARED if name in said and _differs(getattr(reports[place], name), values[name])]
        if fields:
            found[place] = tuple(fields)
    return found


def changed_verifications(
    reports: Sequence[NewReport],
    recorded: Mapping[int, int],
    apart: Mapping[int, tuple[str, ...]],
    frame: GeoDataFrame,
) -> dict[int, tuple[int, NewReport]]:
    """Place among the reports → the row that it would correct, and the recorded report, verified as the file says.

    Not of one of which somebody recorded what was found: that is more than a yes or no.
    """
    fields = [column.name for column in kind("report").columns]
    rows = {row["report_id"]: row for row in frame.to_dict("records")}
    found = {}
    for place in (place for place, names in apart.items() if "verified" in names):
        row = rows[recorded[place]]
        if row["status"] in ("verified", "unverified"):
            values: dict[str, Any] = {name: None if isna(row[name]) else row[name] for name in fields}
            values |= {"day": row["day"].date(), "verified": reports[place].verified}
            values |= {"same_as": None if values["same_as"] is None else int(values["same_as"])}
            found[place] = int(row["id"]), NewReport(**values)
    return found


def differing_rows(rows: Sequence[int], alike: _Alike) -> list[Message]:
    """A line for each field: how many rows say it otherwise, which, beside which report, and how that is recorded."""
    spec, said = kind("report"), list[Message]()
    for name in _COMPARED:
        places = sorted(place for place, fields in alike.differing.items() if name in fields)
        shown = [f"{rows[place]} (#{alike.recorded[place]})" for place in places[:_LISTED]]
        listed = ", ".join([*shown, *(["…"] if len(places) > _LISTED else [])])
        code = "importing.differs-verified" if name == "verified" else "importing.differs-otherwise"
        said += [Message(code, count=len(places), field=spec.heading(name), rows=listed)] if places else []
    return said


def said_in(note: str) -> str:
    """What a note says, as it is compared: without regard to blanks, accents and capitals."""
    return " ".join(plain(note).split())


def _differs(said: Any, there: Any) -> bool:
    if isinstance(said, str):
        return said_in(said) != said_in(there)
    return bool(said != (None if isna(there) else there))
