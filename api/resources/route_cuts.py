"""Routes and areas that somebody sends, cut at the wards: as much as a request may take, and few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np

from api.core.problems import TooLargeError, TooManyError
from api.core.service import Service
from api.resources.city_finding import cities_of_shapes
from geo.analysis.crossings.effort import steps
from geo.analysis.crossings.table import crossings
from geo.errors import Problem

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

AT_ONCE = 2
"""Cuts at a time in a process: a cut uses every processor itself."""
_WAIT_S = 5.0


def cut(service: Service, sent: GeoDataFrame, city: str | None) -> tuple[list[str], GeoDataFrame]:
    """The cities that routes or areas meet (the server's own where they meet none), and their stretches in each ward.

    With a `city` its wards alone.

    Raises
    ------
    TooLargeError
        Cutting them would take too long (`DIABAN_MAX_ROUTE_STEPS`).
    TooManyError
        Others are being cut, and go on for longer than one waits here.
    InputError
        As `geo.analysis.crossings.table.crossings`.
    """
    import pandas as pd

    slugs = [city] if city else [*cities_of_shapes(service, sent.bounds.to_numpy())] or [service.settings.city]
    (registers, index), *others = [service.ward_index(slug) for slug in slugs]
    geometries, most = np.asarray(sent.geometry, dtype=object), service.settings.max_route_steps
    needed = steps(geometries, index) * len(slugs)
    if needed > most:
        raise TooLargeError(Problem("service.too-far-to-cut", "body", count=needed, most=most))
    with _turn():
        if not others:
            return [registers.city.slug], crossings(sent, registers.wards, index=index)
        # All wards in one: what lies in no ward of any of the cities is one row.
        every = [registers, *(more for more, _ in others)]
        found = crossings(sent, pd.concat([one.wards for one in every], ignore_index=True))
    met = [one.city.slug for one in every if one.wards["code"].isin(found["ward_code"]).any()]
    return met or slugs[:1], found


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_WAIT_S):
        raise TooManyError(Problem("service.cutting-busy"))
    try:
        yield
    finally:
        _turns.release()


_turns = BoundedSemaphore(AT_ONCE)
