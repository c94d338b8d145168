"""The query of an items request, parsed and checked: what is unknown or wrong gets 400, as the norm asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from fastapi import Request
from numpy.typing import NDArray

from api.core.problems import NotAcceptableError, QueryError
from api.core.service import Service
from api.ogc.crs import box_in_wgs84, checked_crs
from api.ogc.filters import Filter, parsed
from api.ogc.item_pages import DEFAULT_LIMIT, Form
from api.ogc.layers import Kind, Layer, Type
from api.resources.city_finding import own_first
from api.resources.dependencies import Box, parse_box
from api.security.lists.of_request import CITY, has_further_lists
from geo.errors import Problem
from geo.i18n.formats import VIET_NAM_TIME
from geo.i18n.message import quoted
from geo.records.validation.entry_checks import FIRST_DAY
from geo.reference.names import suggest
from geo.situation import registers_ever

MAX_LIMIT = 10_000
_WARDS, _SITES = ("ward_code", "code", "wards"), ("site_id", "sites")
PARAMETERS = ("f", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime")


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """Which items: a page of those that meet a box (WGS 84), hold in `span`, and have these properties."""

    limit: int
    offset: int
    crs: str
    box: Box | None
    span: tuple[date | None, date | None] | None
    filters: tuple[Filter, ...]

    def day(self, last: date) -> date | None:
        """The day of the answer: the end of the span; None, so today, where it is open.

        Raises
        ------
        QueryError
            It lies behind the last day of which anything can be published.
        """
        return None if self.span is None else _day_of(self.span, last)

    def mask(self, layer: Layer) -> NDArray[np.bool_]:
        """Which rows of a layer are requested."""
        found = layer.found
        mask: NDArray[np.bool_] = np.ones(len(found), dtype=bool)
        for wanted in self.filters:
            mask &= np.fromiter(map(wanted.holds, found.rows), dtype=bool, count=len(found))
        if self.span is not None and self.span[1] is not None:
            end = self.span[1]
            mask &= np.fromiter((start is None or start <= end for start in layer.since), dtype=bool, count=len(found))
        if self.box is not None:
            mask &= found.within(*self.box)
        return mask


def items_query(request: Request, kind: Kind | None) -> ItemsQuery:
    """The query of an items request for a collection of a kind; None for one that is not there.

    Raises
    ------
    QueryError
        A parameter is unknown, stands twice, or can't be understood; all are named.
    """
    given = request.query_params
    queryables = kind.queryable_types if kind else {}
    problems = _unknown(request, (*PARAMETERS, *queryables))
    if problems:
        raise QueryError(problems)
    bbox, box_crs = given.get("bbox"), checked_crs(given.get("bbox-crs"), "bbox-crs")
    return ItemsQuery(
        limit=min(_whole(given.get("limit"), "limit", DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=_whole(given.get("offset"), "offset", 0, 0),
        crs=checked_crs(given.get("crs"), "crs"),
        box=None if bbox is None else box_in_wgs84(parse_box(bbox), box_crs),
        span=None if given.get("datetime") is None else _span(given["datetime"]),
        filters=_filters(queryables, given),
    )


def day_of(text: str | None, last: date) -> date | None:
    """The day of an item by `datetime`, as `ItemsQuery.day`; None, so today, without one."""
    return None if text is None else _day_of(_span(text), last)


def _day_of(span: tuple[date | None, date | None], last: date) -> date | None:
    end = span[1]
    if end is not None and end > last:
        raise QueryError(Problem("service.no-such-day", "datetime", day=end, first=FIRST_DAY, last=last))
    return None if end is None else max(FIRST_DAY, end)  # before the first day there is no item


def check_named(service: Service, query: ItemsQuery) -> None:
    """Refuse filters by a ward or a site that no city has: without items the answer would look like a sound one.

    Raises
    ------
    QueryError
        There is no such ward or site; those that are nearest are named.
    """
    asked = [each for each in query.filters if each.name in (*_WARDS, *_SITES) and each.value is not None]
    for each in asked:
        names = _known(service, each.name)
        if each.value not in names:
            near = suggest(str(each.value), names) or sorted(names)[:5]
            problem = Problem("service.filter-names-nothing", each.name, text=str(each.value)[:60], near=quoted(near))
            raise QueryError(problem)


def _known(service: Service, name: str) -> set[str]:
    """The codes of wards or the ids of sites that any city has, or ever had."""
    found = [registers_ever(slug, service.store) for slug in own_first(service)]
    if name in _SITES:
        return {site for each in found for site in each.sites["site_id"]}
    return {code for each in found for code in (*each.wards["code"], *each.crossings["ward_code"].dropna())}


def check_plain(request: Request, *allowed: str) -> None:
    """Refuse parameters that a resource without a query does not know; `QueryError` names them all."""
    problems = _unknown(request, ("f", *allowed))
    if problems:
        raise QueryError(problems)


def form_of(request: Request) -> Form:
    """JSON or HTML: by `f`, else by what the Accept header prefers.

    Raises
    ------
    QueryError
        `f` names another form.
    NotAcceptableError
        The Accept header takes neither.
    """
    wanted = request.query_params.get("f")
    if wanted is not None:
        if wanted not in ("json", "html"):
            raise QueryError(Problem("service.no-such-form", "f", form=wanted[:20], offered=("json", "html")))
        return "html" if wanted == "html" else "json"
    accept = request.headers.get("accept", "*/*").lower()
    if "text/html" in accept:
        return "html"
    if any(media in accept for media in ("*/*", "application/", "text/*")):
        return "json"
    raise NotAcceptableError(Problem("service.not-acceptable", "Accept", offered=("application/json", "text/html")))


def _unknown(request: Request, known: tuple[str, ...]) -> list[Problem]:
    also = (CITY,) if has_further_lists() else ()
    names = [name for name, _ in request.query_params.multi_items()]
    unknown = [
        Problem("service.unknown-parameter", name[:40], name=name[:40], known=known)
        for name in names
        if name not in (*known, *also)
    ]
    return unknown + [Problem("service.repeated-parameter", name) for name in (*known, *also) if names.count(name) > 1]


def _whole(text: str | None, name: str, default: int, least: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
        raise QueryError(Problem("service.no-whole-number", name, text=text[:20], least=least))
    return int(text)


def _filters(queryables: Mapping[str, Type], given: Mapping[str, str]) -> tuple[Filter, ...]:
    found = [parsed(name, given[name], about) for name, about in queryables.items() if name in given]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise QueryError(problems)
    return tuple(each for each in found if isinstance(each, Filter))


def _span(text: str) -> tuple[date | None, date | None]:
    begin, slash, end = text.partition("/")
    span = (_day(begin), _day(end)) if slash else (_day(begin), _day(begin))
    if (not slash and span[0] is None) or (span[0] and span[1] and span[0] > span[1]):
        raise QueryError(_bad_time(text))
    return span


def _day(text: str) -> date | None:
    if text in ("", ".."):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QueryError(_bad_time(text)) from None
    try:
        return moment.date() if moment.tzinfo is None else moment.astimezone(VIET_NAM_TIME).date()
    except OverflowError:
        return date.max - timedelta(days=1)


def _bad_time(text: str) -> Problem:
    return Problem("service.no-time", "datetime", text=text[:60])
