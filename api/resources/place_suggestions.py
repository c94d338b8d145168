"""Names as somebody types them, as rows: of the API and of the search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from threading import Thread
from typing import Any

from api.core.service import Service
from api.resources.city_finding import own_first
from geo.reference.cities import city as city_named
from geo.reference.places.place_index import PlaceIndex, load_names
from geo.reference.places.suggestions import Suggestion, suggest_places, warm
from geo.situation import has_sites, registers_on


def suggested(service: Service, q: str, slugs: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The names of some cities (slugs) that a text may become, as rows, those of the first city first; sites are those
    on the list today."""
    for alike in (False, True):
        rows = (row for slug in slugs for row in _of_city(service, slug, q, limit, alike=alike))
        found = [_item(row) for row in islice(rows, limit)]  # of no city that is not needed
        if found:
            return found
    return []


def _of_city(service: Service, slug: str, q: str, limit: int, *, alike: bool) -> list[Suggestion]:
    return suggest_places(_index(slug), q, limit, _sites(service, city_named(slug).slug), alike=alike)


def _sites(service: Service, slug: str) -> list[tuple[str, str]]:
    """Id and name of the sites on the list today; of a city without any nothing is read but that."""
    if not has_sites(slug, service.store):
        return []
    sites = registers_on(service.today, slug, service.store).sites
    return list(zip(sites["site_id"], sites["name"], strict=True))


def warm_up(slug: str) -> None:
    """Load the names of a city beside what goes on: somebody is about to type one."""
    Thread(target=lambda: warm(_index(slug)), daemon=True).start()


def warm_own(service: Service) -> None:
    """Load the names and the sites of the own city: the first letters that are typed do not wait for them."""
    own = own_first(service)[0]
    warm(_index(own))
    registers_on(service.today, own, service.store)


def warm_others(service: Service) -> None:
    """Load the names of the other cities: not what lies behind them, which whoever asks for it loads."""
    for slug in own_first(service)[1:]:
        warm(_index(slug))


def _index(slug: str) -> PlaceIndex:
    return load_names(city_named(slug))


def _item(row: Suggestion) -> dict[str, Any]:
    pages = {"ward": f"/wards/{row.code}", "site": f"/sites/{row.code}", "former": f"/wards/{row.code}"}
    lon, lat = row.lonlat or (None, None)
    values = {key: value for key, value in asdict(row).items() if key != "lonlat"}
    return {**values, "lon": lon, "lat": lat, "href": pages.get(row.kind)}
