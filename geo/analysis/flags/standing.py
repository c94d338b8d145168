"""What became of a flag: raised, acknowledged with a note, handled, closed; and when a closed matter comes up again.

An event holds for the level under which it was recorded (`Flag.event_id`) and the milder ones. A closed flag comes up
again only when the matter grew: it reaches a higher level, or at least `again_verified` verified reports, or
`again_reports` of any kind, were made in it after the day of closing (`[flags]` of `data/risk.toml`). What was
acknowledged comes up again at a higher level only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

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
    """A flag before its standing, with the days of its reports (numbers) and which of these are verified.

    `origins`: months and cells of the reports of its episode, as ids name them (`geo.analysis.flags.identity`).
    `repeats`: ids of flags of the day that are left out because they say no more.
    """

    flag: Flag
    days: Ints
    verified: Bools
    origins: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a flag: `event` (`raised`, `acknowledged`, `handled`, `closed`), for which level (None: any),
    when; by which office until when it is handled, and what came of it."""

    event: str
    level: str | None
    day: date
    note: str
    handled_by: str = ""
    until: date | None = None
    result: str = ""


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
    for record in events.to_dict("records"):
        name, level = matter(str(record["flag_id"]))
        said = Event(
            str(record["event"]),
            level,
            _day(record["day"]),
            _text(record.get("note")),
            _text(record.get("handled_by")),
            until=None if _missing(record.get("until")) else _day(record["until"]),
            result=_text(record.get("result")),
        )
        found[name] = [*found.pop(name, []), said]
    return found


def _missing(value: Any) -> bool:
    return value is None or value != value


def _text(value: Any) -> str:
    return "" if _missing(value) else str(value)


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)


def settled(draft: Draft, events: Mapping[str, list[Event]], rules: FlagRules) -> Flag:
    """The flag with its status and note."""
    flag, said = draft.flag, events.get(draft.flag.flag_id, [])
    notes = [event.note for event in said if event.event != "raised"]
    flag = replace(flag, note=notes[-1]) if notes else flag
    holding = [event for event in said if _holds(event, flag)]
    if not holding or holding[-1].event == "raised":
        return flag
    last = holding[-1]
    if last.event == "closed":
        return flag if _grew(draft, last.day, rules) else replace(flag, status="closed", result=last.result)
    if last.event == "handled":
        return replace(flag, status="handled", handled_by=last.handled_by, until=last.until)
    return replace(flag, status="acknowledged")


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
