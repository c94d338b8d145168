"""What was recorded of the flags of a city, flag by flag: those that stand today and those that are over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.analysis.flags.flag import FLAG_LEVELS, Flag
from geo.analysis.flags.identity import CELL_M, cell_of, is_of, matter, site_of
from geo.reference.cities import city
from geo.reference.crs import to_wgs84

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.situation.snapshot import Situation


@dataclass(frozen=True, slots=True)
class FlagStep:
    """One thing that was recorded of a flag: `event` and level ('' for any), when, by which office, what was said."""

    number: int
    event: str
    level: str
    day: date
    office: str
    note: str
    handled_by: str
    until: date | None
    result: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """All that was recorded of one flag, oldest first; `flag` where it is among the flags of the day.

    `wards` are codes: of the flag, else of its site or of the place that its id names.
    """

    flag_id: str
    rule: str
    level: str
    site_id: str
    wards: frozenset[str]
    steps: tuple[FlagStep, ...]
    flag: Flag | None = None

    @property
    def is_reported(self) -> bool:
        """Whether it rests on reports."""
        return self.rule != "exposure"

    @property
    def is_over(self) -> bool:
        """Whether the last thing recorded is that it is closed."""
        return bool(self.steps) and self.steps[-1].event == "closed"


@dataclass(frozen=True, slots=True)
class Month:
    """How many flags were raised, and closed, in a month (`2026-03`)."""

    name: str
    raised: int
    closed: int


def flag_records(situation: Situation, events: DataFrame) -> tuple[FlagRecord, ...]:
    """The flags of a situation with what was recorded of them, in their order; then those that are over, latest first.

    `events` as `geo.records` gives them: those of other cities are left out.
    """
    steps = _steps_by_flag(events)
    standing = [_standing(flag, steps.get(flag.flag_id, ())) for flag in situation.flags or ()]
    known = {record.flag_id for record in standing}
    past = [record for name, said in steps.items() if name not in known for record in _past(situation, name, said)]
    past.sort(key=lambda record: (record.steps[-1].day, record.steps[-1].number), reverse=True)
    return (*standing, *past)


def by_month(records: Iterable[FlagRecord], day: date, months: int = 12) -> tuple[Month, ...]:
    """How many flags were raised and closed in each of the last months up to a day, oldest first."""
    raised, closed = Counter[str](), Counter[str]()
    for record in records:
        begun = [step for step in record.steps if step.event == "raised"]
        raised.update(f"{step.day:%Y-%m}" for step in begun[:1])
        closed.update({f"{step.day:%Y-%m}" for step in record.steps if step.event == "closed"})
    names = [f"{year}-{month:02}" for year, month in _months_to(day, months)]
    return tuple(Month(name, raised[name], closed[name]) for name in names)


def _months_to(day: date, months: int) -> Iterator[tuple[int, int]]:
    last = day.year * 12 + day.month - 1
    for number in range(last - months + 1, last + 1):
        yield number // 12, number % 12 + 1


def _steps_by_flag(events: DataFrame) -> dict[str, tuple[FlagStep, ...]]:
    found: dict[str, list[FlagStep]] = {}
    for record in events.to_dict("records"):
        name, level = matter(str(record["flag_id"]))
        until = record["until"]
        found.setdefault(name, []).append(
            FlagStep(
                number=int(record["id"]),
                event=str(record["event"]),
                level=level or "",
                day=record["day"].date(),
                office=str(record["recorded_office"]),
                note=_text(record["note"]),
                handled_by=_text(record["handled_by"]),
                until=until.date() if until is not None and until == until else None,
                result=_text(record["result"]),
                recorded_at=record["recorded_at"],
            )
        )
    return {name: tuple(steps) for name, steps in found.items()}


def _text(value: object) -> str:
    """A text of a frame; '' where none was recorded, which a frame may hold as NaN."""
    return value if isinstance(value, str) else ""


def _standing(flag: Flag, steps: tuple[FlagStep, ...]) -> FlagRecord:
    wards = frozenset(code for code, _ in flag.wards)
    return FlagRecord(flag.flag_id, flag.rule, flag.level, flag.site_id or "", wards, steps, flag)


def _past(situation: Situation, flag_id: str, steps: tuple[FlagStep, ...]) -> Iterator[FlagRecord]:
    """The record of a flag that no longer stands; none where its place lies in another city."""
    site, cell = site_of(flag_id), cell_of(flag_id)
    rule = flag_id.split(":", maxsplit=1)[0]
    if site is not None and site in set(situation.sites["site_id"]):
        rows = situation.crossings[situation.crossings["site_id"] == site]
        wards = frozenset(str(code) for code in rows["ward_code"].tolist() if isinstance(code, str))
    elif cell is not None and is_of(flag_id, city(situation.city).province_code):
        wards = _wards_at(situation, cell)
        site = ""
    else:
        return
    if wards:
        yield FlagRecord(flag_id, rule, _gravest(steps), site or "", wards, steps)


def _gravest(steps: tuple[FlagStep, ...]) -> str:
    named = {step.level for step in steps}
    return next((str(level) for level in reversed(FLAG_LEVELS) if level in named), "")


def _wards_at(situation: Situation, cell: tuple[int, int]) -> frozenset[str]:
    corner = np.array(cell) * CELL_M
    box = np.array([shapely.box(*corner, *(corner + CELL_M))], dtype=object)
    place = to_wgs84(box, city(situation.city).province_code)[0]
    hit = shapely.intersects(situation.wards.geometry.to_numpy(), place)
    return frozenset(situation.wards["code"].to_numpy()[hit].tolist())
