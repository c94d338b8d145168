"""What became of a flag: raised, acknowledged with a note, closed; and when a closed matter comes up again.

An event holds for the level under which it was recorded (`Flag.event_id`) and the milder ones. A closed flag comes up
again only when the matter grew: it reaches a higher level, or at least `again_verified` verified reports, or
`again_reports` of any kind, were made in it after the day of closing (`[flags]` of `data/risk.toml`). What was
acknowledged comes up again at a higher level only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.analysis.flags.flag import FLAG_LEVELS, Flag
from geo.analysis.flags.identity import matter
from geo.analysis.flags.places import day_number
from geo.analysis.flags.rules import FlagRules

if TYPE_CHECKING:
    from pandas import DataFrame

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A flag before its standing, with the days of its reports (numbers) and which of these are verified."""

    flag: Flag
    days: Ints
    verified: Bools


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a flag: `event` (`raised`, `acknowledged`, `closed`), for which level (None: any), when."""

    event: str
    level: str | None
    day: date
    note: str


def unreported(flag: Flag) -> Draft:
    """A flag that rests on no report."""
    return Draft(flag, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))


def events_by_flag(events: DataFrame | None) -> dict[str, list[Event]]:
    """The events of each flag id, oldest first; the ids in the order of their last event.

    `events` as `geo.records` gives them, oldest first; None is no events.
    """
    found: dict[str, list[Event]] = {}
    if events is None:
        return found
    columns = (events[name].tolist() for name in ("flag_id", "event", "day", "note"))
    for flag_id, event, day, note in zip(*columns, strict=True):
        name, level = matter(str(flag_id))
        when = date(day.year, day.month, day.day)
        text = str(note) if note is not None and note == note else ""
        found[name] = [*found.pop(name, []), Event(str(event), level, when, text)]
    return found


def settled(draft: Draft, events: Mapping[str, list[Event]], rules: FlagRules) -> Flag:
    """The flag with its status and note."""
    flag, said = draft.flag, events.get(draft.flag.flag_id, [])
    notes = [event.note for event in said if event.event != "raised"]
    flag = replace(flag, note=notes[-1]) if notes else flag
    holding = [event for event in said if _holds(event, flag)]
    if not holding or holding[-1].event == "raised":
        return flag
    if holding[-1].event == "closed" and not _grew(draft, holding[-1].day, rules):
        return replace(flag, status="closed")
    return replace(flag, status="acknowledged") if holding[-1].event == "acknowledged" else flag


def _holds(event: Event, flag: Flag) -> bool:
    """Whether an event speaks of the flag at its level: done for this one or a graver, or raised for it or a milder."""
    if event.level is None:
        return True
    done, now = _rank(event.level), _rank(flag.level)
    return done <= now if event.event == "raised" else done >= now


def _grew(draft: Draft, closed: date, rules: FlagRules) -> bool:
    since = draft.days > day_number(closed)
    return bool(draft.verified[since].sum() >= rules.again_verified or since.sum() >= rules.again_reports)


def _rank(level: str) -> int:
    return [str(name) for name in FLAG_LEVELS].index(level)
