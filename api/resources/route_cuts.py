"""Routes and areas that somebody sends, cut at the wards of the cities that they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.core.service import Service
from api.resources.city_finding import cities_of_shapes
from geo.analysis.crossings.table import crossings

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def cut(service: Service, sent: GeoDataFrame, city: str | None) -> tuple[list[str], GeoDataFrame]:
    """The cities that routes or areas meet (the server's own where they meet none), and their stretches in each ward.

    With a `city` its wards alone.
    """
    import pandas as pd

    slugs = [city] if city else [*cities_of_shapes(service, sent.bounds.to_numpy())] or [service.settings.city]
    (registers, index), *others = [service.ward_index(slug) for slug in slugs]
    if not others:
        return [registers.city.slug], crossings(sent, registers.wards, index=index)
    # All wards in one: what lies in no ward of any of the cities is one row.
    every = [registers, *(more for more, _ in others)]
    found = crossings(sent, pd.concat([one.wards for one in every], ignore_index=True))
    met = [one.city.slug for one in every if one.wards["code"].isin(found["ward_code"]).any()]
    return met or slugs[:1], found
