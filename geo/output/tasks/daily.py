"""What is to run every day, or oftener: flags are recorded, notices are sent; by one process at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geo.output.tasks.notices import notify
from geo.reference.cities import every_list
from geo.situation.flag_recorder import catch_up

if TYPE_CHECKING:
    from geo.records.model.actor import Actor
    from geo.records.store import Store

JOB = "daily"
_HOLDING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Done:
    """How many flags were raised anew, how many the rule ended, how many notices went out."""

    raised: int
    over: int
    sent: int


def run_daily(store: Store, who: Actor, address: str = "") -> Done | None:
    """Record the flags of all cities and further lists since the last run, then send notices.

    None where another process is at it. Errors as `catch_up` and `notify`; the job is free again then, and the next
    run does it.
    """
    last = store.jobs.take(JOB, _HOLDING)
    if last is None:
        return None
    try:
        since, today = date.fromisoformat(last) if last else None, store.today
        found = catch_up(store, [city.slug for city in every_list()], since, today, who)
        sent = notify(store, today, who, address)
    except BaseException:
        store.jobs.drop(JOB)
        raise
    store.jobs.done(JOB, today.isoformat())
    return Done(len(found.raised), len(found.over), sent)
