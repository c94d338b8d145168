"""What the analysis itself records of flags: that one stands (`raised`), each once, and that the stated rule ends one.

A flag that was recorded stays until somebody closes it, until nothing was reported in its place for `over_days`
(`[flags]` of `data/risk.toml`), or until its reports stand in a graver flag: that closing is a record too, and names
the rule. So the recorder is to run every day;
`catch_up` goes through the days on which it did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geo.i18n.message import Message
from geo.situation.snapshot import at

if TYPE_CHECKING:
    from geo.analysis.flags import Flag
    from geo.records.model.actor import Actor
    from geo.records.store import Store

MOST_DAYS = 31
"""Days that are caught up at most: what a flag of earlier days was worth is for its reports to say."""


@dataclass(frozen=True, slots=True)
class RecordedFlags:
    """What was recorded of a day: ids of the flags that are raised anew, and of those that the rule ended."""

    raised: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


def record_flags(store: Store, city: str, day: date, who: Actor) -> RecordedFlags:
    """Record which flags of a city stand on a day, each once, and close those that the stated rule ends.

    Errors as `geo.situation.at` and `Store.add`.
    """
    from geo.analysis.flags import load_flag_rules
    from geo.analysis.flags.unclosed import is_over
    from geo.records.entries import NewFlagEvent
    from geo.records.kinds.flag_event import RULE

    store = store.of(city)
    events = store.flag_events(day)
    last = dict(zip(events["flag_id"].tolist(), events["event"].tolist(), strict=True))
    fresh = [flag for flag in at(day, city=city, store=store).flags or () if _is_fresh(flag, last)]
    store.add_all([NewFlagEvent(flag_id=flag.event_id, event="raised", day=day) for flag in fresh], who)
    limit = load_flag_rules().over_days
    standing = {flag.flag_id: flag for flag in at(day, city=city, store=store).flags or ()}
    ended = [flag for flag in standing.values() if is_over(flag, limit)]
    notes = (_why_over(flag, standing.get(flag.heir), limit).text("vi") for flag in ended)
    closings = [
        NewFlagEvent(flag_id=flag.event_id, event="closed", day=day, result=RULE, note=note)
        for flag, note in zip(ended, notes, strict=True)
    ]
    store.add_all(closings, who)
    return RecordedFlags(tuple(flag.event_id for flag in fresh), tuple(flag.event_id for flag in ended))


def _why_over(flag: Flag, heir: Flag | None, limit: int) -> Message:
    if heir is None:
        return Message("analysis.flag.over-note", days=flag.quiet_days, limit=limit)
    return Message("analysis.flag.heir-note", level=Message(f"analysis.flag.level-{heir.level}"))


def catch_up(store: Store, cities: Iterable[str], since: date | None, today: date, who: Actor) -> RecordedFlags:
    """Record the flags of every day after `since` (None: of `today` alone) up to `today`, `MOST_DAYS` at most."""
    first = today if since is None else max(since + timedelta(days=1), today - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)] or [today]
    found = [record_flags(store, city, day, who) for day in days for city in cities]
    return RecordedFlags(
        tuple(name for one in found for name in one.raised), tuple(name for one in found for name in one.over)
    )


def _is_fresh(flag: Flag, last: dict[str, str]) -> bool:
    return flag.status == "raised" and flag.quiet_days is None and last.get(flag.event_id) != "raised"
