"""What a route needs, as `Annotated` aliases: query parameters are parsed here, so that a route is a few lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.core.problems import NotAcceptableError, QueryError
from api.core.responses import Answer
from api.core.service import Service
from api.http.response_cache import cached_response
from api.resources.city_finding import check_known, city_in, city_of_box, home_city
from api.schemas.fields import BOX_PATTERN, Day, Moment
from api.security.identity import Identity
from geo.errors import Problem
from geo.situation import Situation

Box = tuple[float, float, float, float]


class Form(StrEnum):
    """The form of an answer: JSON without geometry, GeoJSON (RFC 7946), or CSV without geometry."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"


_MEDIA = {
    "application/json": Form.JSON,
    "application/geo+json": Form.GEOJSON,
    "application/vnd.geo+json": Form.GEOJSON,
    "text/csv": Form.CSV,
    "text/html": Form.JSON,
    "application/*": Form.JSON,
    "*/*": Form.JSON,
}

CityQuery = Annotated[
    str | None,
    Query(
        description="hanoi or hue; if absent that of what is named, of the account's wards, or the server's own.",
        examples=["hanoi"],
        max_length=40,
    ),
]
DayQuery = Annotated[
    Day | None,
    Query(
        description="The day that the answer is of; today if absent. One that lies ahead (up to three years): by the"
        " registers that are published to hold then, and what is known so far of all else.",
        examples=["2026-06-01"],
    ),
]
KnownAtQuery = Annotated[
    Moment | None,
    Query(description="As it was known at this moment (ISO 8601 with zone).", examples=["2026-06-01T09:00:00Z"]),
]
FormQuery = Annotated[Form | None, Query(alias="f", description="Form of the answer; else by `Accept`.")]


def get_service(request: Request) -> Service:
    """The service of the running app."""
    service: Service = request.app.state.service
    return service


def get_identity(request: Request) -> Identity:
    """Who asks, as the authorization found out."""
    identity: Identity = request.state.identity
    return identity


async def _service(request: Request) -> Service:
    return get_service(request)


async def _identity(request: Request) -> Identity:
    return get_identity(request)


ServiceNeed = Annotated[Service, Depends(_service)]
IdentityNeed = Annotated[Identity, Depends(_identity)]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: `limit` of them from `offset` on."""

    limit: int
    offset: int


async def _page(
    limit: Annotated[int, Query(ge=1, le=1000, description="Rows of a page.")] = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="Rows before the first one.")] = 0,
) -> Page:
    return Page(limit, offset)


PageNeed = Annotated[Page, Depends(_page)]


async def _box(
    bbox: Annotated[
        str | None,
        Query(
            description="west,south,east,north in degrees (WGS 84).",
            examples=["105.79,21.02,105.82,21.05"],
            json_schema_extra={"pattern": BOX_PATTERN},
        ),
    ] = None,
) -> Box | None:
    return None if bbox is None else parse_degrees(bbox)


BoxNeed = Annotated[Box | None, Depends(_box)]


def parse_box(text: str) -> Box:
    """Four numbers, or six with heights, which play no part.

    Raises
    ------
    QueryError
        It is no box.
    """
    if not re.match(BOX_PATTERN, text):
        raise QueryError(Problem("service.bbox-not-numbers", "bbox", text=text[:60]))
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if any(abs(n) > 1e9 for n in numbers) or numbers[1] > numbers[3]:
        raise QueryError(Problem("service.no-bbox", "bbox", text=text[:60]))
    return numbers[0], numbers[1], numbers[2], numbers[3]


def parse_degrees(text: str) -> Box:
    """A box of longitudes and latitudes, as `parse_box`.

    Raises
    ------
    QueryError
        It is no box, or its latitudes are none: whoever writes them first would find nothing, and not know why.
    """
    return checked_degrees(parse_box(text))


def checked_degrees(box: Box) -> Box:
    """A box (west, south, east, north in degrees) that meets the earth; errors as `parse_degrees`."""
    if box[1] > 90.0 or box[3] < -90.0:
        raise QueryError(Problem("service.no-bbox", "bbox", text=",".join(f"{number:g}" for number in box)))
    return box


@dataclass(frozen=True, slots=True)
class When:
    """Which situation is requested."""

    city: str | None
    day: date | None
    known_at: datetime | None


async def _when(
    request: Request,
    service: ServiceNeed,
    city: CityQuery = None,
    day: DayQuery = None,
    known_at: KnownAtQuery = None,
) -> When:
    identity = get_identity(request)
    city = city or _city_meant(request, service)
    if city is None and identity.provinces:  # else a point or a name may find its city yet
        city = home_city(service, (), identity.provinces)
    if known_at is not None and known_at.tzinfo is None:
        raise QueryError(Problem("service.no-time-zone", "known_at"))
    return When(city, day, known_at)


def _city_meant(request: Request, service: Service) -> str | None:
    """The city of the wards, site or box that a request names.

    Raises
    ------
    QueryError
        Its wards lie in several cities, of which an answer could show one alone.
    """
    query = request.query_params
    named = {city_in({"ward": code}) for code in query.getlist("ward")} - {None}
    if len(named) > 1:
        raise QueryError(Problem("service.several-cities", "ward", cities=sorted(filter(None, named))))
    found = city_in({**query, **request.path_params})
    if found is None and "bbox" in query:
        return city_of_box(service, parse_degrees(query["bbox"]))
    return found


WhenNeed = Annotated[When, Depends(_when)]


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A request with all that an answer needs."""

    request: Request
    service: Service
    identity: Identity
    form: Form

    @property
    def home(self) -> str:
        """The city (slug) that is meant where a request names nothing: of the account, else the server's own."""
        return home_city(self.service, self.identity.wards, self.identity.provinces)

    def situation(self, when: When) -> Situation:
        """The situation that is requested, for the public by what it can see.

        Raises
        ------
        UnknownWardError, UnknownSiteError
            The query names a ward or a site that the city does not have.
        QueryError, UnknownNameError
            As `Service.situation`.
        """
        if when.known_at is not None and when.known_at > self.service.now:
            self.request.scope["state"]["keys"] = None  # what will be known then is not known yet
        city = when.city or self.home
        works = self.identity.in_city(self.service.registers(city).city).viewer.works
        find = self.service.situation if works else self.service.public_situation
        found = find(when.day, city, when.known_at)
        given = self.request.query_params
        check_known(self.service, found, given.getlist("ward"), given.getlist("site"))
        return found

    def answer(self, make: Callable[[], Answer]) -> Response:
        """The response made by `make`, made once for all who may see the same, as long as the data are the same."""
        return cached_response(self.request, self.service, self.identity, make)


async def _form(request: Request, f: FormQuery = None) -> Form:
    return f or negotiated(request.headers.get("accept", "*/*"))


def negotiated(accept: str) -> Form:
    """The form that an Accept header prefers.

    Raises
    ------
    NotAcceptableError
        It takes none of the forms there are.
    """
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.split(",")):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((_quality(p) for p in parameters if p.startswith("q=")), 1.0)
        if quality > 0 and media in _MEDIA:
            wanted.append((-quality, place, media))
    if not wanted:
        offered = ("application/json", "application/geo+json", "text/csv")
        raise NotAcceptableError(Problem("service.not-acceptable", "Accept", offered=offered))
    return _MEDIA[min(wanted)[2]]


def _quality(parameter: str) -> float:
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0


async def _context(
    request: Request, service: ServiceNeed, identity: IdentityNeed, form: Annotated[Form, Depends(_form)]
) -> RequestContext:
    return RequestContext(request, service, identity, form)


RequestContextNeed = Annotated[RequestContext, Depends(_context)]


def base_of(request: Request, service: Service) -> str:
    """The address of the server as the client calls it, without a slash at its end."""
    return service.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
