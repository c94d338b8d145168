"""The store as a command or a service opens it: with the registers of the data set, and what the plan says in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from geo.records.ledger.seed_from_plan import PLAN_ACTOR, plan_assessments, plan_phases
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Clock, Store, open_store, utc_now
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards


@contextmanager
def opened_store(url: str | None = None, *, now: Clock = utc_now) -> Iterator[Store]:
    """The records of `url` (as `open_store` chooses them) with the registers of the data set; closed at the end.

    The plan's own level of each site and phase of each ward are written where they are not there yet.

    Raises
    ------
    DataFileMissingError, InputError
        A register is missing or broken, or the URL can't be used.
    StoreError
        The database can't be reached, opened or written.
    """
    with open_store(url, registers=load_register_lookup(), now=now) as store:
        seed_plan(store)
        yield store


def seed_plan(store: Store) -> int:
    """Write what the plan says of sites and wards, where it is not there yet; how many entries that were."""
    return store.seed(plan_assessments(load_sites()), PLAN_ACTOR) + store.seed(plan_phases(load_wards()), PLAN_ACTOR)
