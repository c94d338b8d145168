"""The routes on which wards agreed: what a later route is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame


def with_routes(agreed: DataFrame, versions: DataFrame) -> DataFrame:
    """Agreements (`Store.responsibilities`) with `route`: the site's geometry on their day as GeoJSON, '' for none."""
    routes = [_route_on(versions, site, day) for site, day in zip(agreed["site_id"], agreed["day"], strict=True)]
    return agreed.assign(route=routes)


def _route_on(versions: DataFrame, site: str, day: Any) -> str:
    own = versions[(versions["site_id"] == site) & (versions["day"] <= day)]
    return str(own["geometry"].iloc[-1]) if len(own) else ""
