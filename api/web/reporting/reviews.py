"""The handover reviews (*rà soát điểm đã bàn giao*): what was concluded, when the next is due, and the form for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Response

from api.resources.feature_collections import Row
from api.resources.visibility import review_rows, visible
from api.security.object_permissions import site_wards
from api.web.base.dates import day_field, parse_day
from api.web.base.forms import Filled, record
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.sites.home import ward_choices
from api.web.sites.view_models import choices, site_choices, term, ward_label
from geo.errors import InputError, Problem
from geo.records.entries import NewReview
from geo.reference.sites import site_number
from geo.situation import Situation

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Several = Annotated[list[str], Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in the list; `next_day` '' where none was set, `overdue` if that day has passed without another."""

    number: int
    day: str
    iso_day: str
    wards: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]
    conclusion: str
    document: str
    note: str
    next_day: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The wards and sites that were ticked in the form."""

    wards: frozenset[str] = field(default_factory=frozenset)
    sites: frozenset[str] = field(default_factory=frozenset)


@router.get("/reviews")
def reviews(context: PageContextNeed, saved: str = "") -> Response:
    """The reviews up to a day, the latest first; a ward's are those that name it."""
    return _page(context, Filled(), Chosen(), saved=bool(saved))


@router.post("/reviews")
def add(
    context: PageContextNeed,
    wards: Several = [],  # noqa: B006  (FastAPI copies it)
    sites: Several = [],  # noqa: B006
    day: Field = "",
    conclusion: Field = "",
    document: Field = "",
    next_day: Field = "",
    note: Field = "",
) -> Response:
    """Record a review; the page again, with the reasons, where it is refused."""

    def entry() -> NewReview:
        if not note.strip() and context.identity.viewer.sees_every(wards):
            _require_met(context, wards, sites)
        return NewReview(
            day=day_field(day),
            wards=tuple(wards),
            sites=tuple(sites),
            conclusion=conclusion,
            document=document,
            next_day=parse_day(next_day, "next_day"),
            note=note,
        )

    values = {"day": day, "conclusion": conclusion, "document": document, "next_day": next_day, "note": note}
    again = record(context, entry, values)
    if again is None:
        return context.see("/reviews", saved=1)
    return _page(context, again, Chosen(frozenset(wards), frozenset(sites)))


def _require_met(context: PageContext, wards: Iterable[str], sites: Iterable[str]) -> None:
    """A review of a ward that none of the sites meets is a slip more often than meant: its note says why.

    Raises
    ------
    InputError
        Some wards answer for none of the sites.
    """
    answering = frozenset[str]().union(*(site_wards(context.service, site) for site in sites))
    beside = [name for _, name in ward_names(code for code in wards if code not in answering)]
    if beside and answering:
        raise InputError(Problem("web.ward-beside-sites", "wards", wards=beside))


def _page(context: PageContext, form: Filled, chosen: Chosen, *, saved: bool = False) -> Response:
    situation = context.situation()
    own = context.identity.wards
    page = partial(context.page, status=422) if form.problems else context.cached_page
    return page(
        "reviews.html",
        situation=situation,
        lines=list(_lines(context, situation)),
        wards=[ward for ward in ward_choices(situation) if not own or ward.code in own],
        sites=site_choices(context, situation),
        conclusions=choices(context, "conclusion"),
        form=form,
        chosen=chosen,
        saved=saved,
    )


def _lines(context: PageContext, situation: Situation) -> Iterable[ReviewLine]:
    names = ward_label(situation)
    rows = review_rows(visible(context.service, situation, context.identity))
    own = [row for row in rows if any(code in names for code in row["wards"])]
    reviewed: set[str] = set()
    for row in reversed(own):
        later = set(row["sites"]) <= reviewed
        reviewed |= set(row["sites"])
        yield _line(context, row, names, later=later)


def _line(context: PageContext, row: Row, names: dict[str, str], *, later: bool) -> ReviewLine:
    w, today = context.words, (context.day or context.service.today).isoformat()
    return ReviewLine(
        number=int(row["id"]),
        day=w.day(row["day"]),
        iso_day=row["day"],
        wards=tuple((code, names.get(code, code)) for code in row["wards"]),
        sites=tuple((site, site_number(site)) for site in row["sites"]),
        conclusion=term(context, "conclusion", row["conclusion"]),
        document=row["document"],
        note=row["note"] or "",
        next_day=w.day(row["next_day"]) if row["next_day"] else "",
        overdue=bool(row["next_day"]) and row["next_day"] < today and not later,
    )
