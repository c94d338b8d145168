"""The store as a command or a service opens it: with the registers of the data set, and what the plan says in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from geo.records.ledger.seed_from_plan import PLAN_ACTOR, plan_assessments, plan_phases
from geo.records.ledger.seed_registers import first_plans, first_versions
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Clock, Store, open_store, utc_now
from geo.reference.cities import further_lists, in_list
from geo.reference.programmes import load_programmes
from geo.reference.sites import load_sites
from geo.reference.wards import ward_rows

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@contextmanager
def opened_store(url: str | None = None, *, now: Clock = utc_now) -> Iterator[Store]:
    """The records of `url` (as `open_store` chooses them) with the registers of the data set; closed at the end.

    The plan's own level of each site and phase of each ward are written at the first start.

    Raises
    ------
    DataFileMissingError, InputError
        A register is missing or broken, or the URL can't be used.
    StoreError
        The database can't be reached, opened or written.
    """
    with in_list(""):
        registers = load_register_lookup()
    with open_store(url, registers=registers, now=now) as store:
        seed_plan(store)
        yield store


def seed_plan(store: Store) -> int:
    """Write what the plan says of sites and wards, once for each city and further list; how many entries that were.

    What a file says otherwise later is a proposal (`geo.records.changed_files`).
    """
    count = 0
    for key in ("", *(further.list_key for further in further_lists())):
        with in_list(key):
            count += _seed_list(store.of_list(key))
    return count


def _seed_list(store: Store) -> int:
    """The same of the list in view."""
    sites, wards = load_sites(), ward_rows()
    known = _cities_of_sites(store)
    # Typed: without a site an empty list would choose columns.
    new = sites[np.asarray([site.partition("-")[0] not in known for site in sites["site_id"]], dtype=bool)]
    phases = plan_phases(wards)
    province = dict(zip(wards["code"], wards["province_code"], strict=True))
    documents = {entry.document for entry in phases}
    rows = store.rows("phase_change", ("ward_code", "document"))
    recorded = {province.get(code) for code, document in rows if document in documents}
    first = [entry for entry in phases if province[entry.ward_code] not in recorded]
    count = store.seed(plan_assessments(new), PLAN_ACTOR) + store.seed(first, PLAN_ACTOR)
    return count + seed_registers(store, sites)


def seed_registers(store: Store, sites: GeoDataFrame) -> int:
    """Record the files of the data set as the first plans, once for each city; how many entries that were."""
    known = _cities_of_sites(store)
    plans = {number for (number,) in store.rows("city_plan", ("number",))}
    versions = [entry for entry in first_versions(sites) if entry.site_id.partition("-")[0] not in known]
    first = first_plans(load_programmes(added=False)) if not plans else []
    return store.seed([*first, *versions], PLAN_ACTOR)


def _cities_of_sites(store: Store) -> set[str]:
    """The prefixes of the cities of which sites are recorded."""
    return {site.partition("-")[0] for (site,) in store.rows("site_version", ("site_id",))}
