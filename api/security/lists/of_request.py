"""Which list of places a request is about: the one whose city or place it names, else that of whoever asks.

A province may have further lists beside that of its city (`geo.reference.cities`). A request is about one of them, from
its first look at the records to its answer: it reads and writes the records of that list, with the rights that its
account has there. Without `city` it is about the list of a place that it names; else about that of the server's city;
an account that has rights in further lists alone means the first of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl

from starlette.types import Scope

from api.core.data_version import registers_stamp
from api.core.service import Service
from api.security.identity import Identity
from geo.errors import DiabanError
from geo.reference.cities import City, further_lists, list_of
from geo.visibility import Role
from geo.visibility.viewer import rights_in

CITY = "city"
"""The parameter by which every request may name its list."""
_PLACES = ("site", "site_id", "item", "subject", "flag_id")


def has_further_lists() -> bool:
    """Whether any province of the service has more than one list."""
    return bool(_further(registers_stamp()))


def list_of_request(service: Service, scope: Scope, identity: Identity) -> str:
    """The key of the list (`City.list_key`) that a request of an account is about."""
    further = _further(registers_stamp())
    if not further:
        return ""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if query.get(CITY):
        return next((one.list_key for one in further if one.slug == query[CITY]), "")
    for place in _places(scope["path"], query):
        for one in further:
            if place.upper().startswith((f"{one.site_prefix}-", f"EXPOSURE:{one.site_prefix}-")):
                return one.list_key
    return _home(service, identity)


def _home(service: Service, identity: Identity) -> str:
    """The list that an account means where its request names nothing."""
    own = list_of(service.settings.city)
    if identity.role < Role.WARD or identity.viewer.sees_all:
        return own
    by_ward = identity.role == Role.WARD
    open_to = {"", *map(list_of, identity.provinces)}
    found = [key for key in (own, *sorted(open_to)) if rights_in(identity.provinces, key, by_ward=by_ward) is not None]
    return found[0] if found else own


def _places(path: str, query: dict[str, str]) -> Iterator[str]:
    yield from path.split("/")
    yield from (query[name] for name in _PLACES if name in query)


@lru_cache(maxsize=2)
def _further(_stamp: str) -> tuple[City, ...]:
    try:
        return further_lists()
    except DiabanError:  # whatever reads the cities says what is wrong with them
        return ()
