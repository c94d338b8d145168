"""The inbox (*Tin báo*): the reports that one works on, unverified first, and one finding for several at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Form, Query, Response

from api.resources.visibility import visible
from api.security.object_permissions import require_own
from api.web.base.dates import day_field, parse_day
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.home import ward_choices
from api.web.sites.view_models import ReportLine, choices, report_lines_of, site_choices
from geo.errors import DiabanError, InputError, Problem
from geo.records.entries import NewVerification
from geo.situation.site_reports import of_site

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from geo.situation import Situation

router = APIRouter(include_in_schema=False)

STATUSES = ("unverified", "verified", "confirmed", "unfounded")
"""The states of a report, in the order in which they are worked on."""
_A_PAGE = 100
_SEEN = "diaban_inbox_seen"
_YEAR_S = 365 * 24 * 3600

Field = Annotated[str, Form(max_length=1200)]
Text = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; '' for everything. Days are of the reports themselves, both in it."""

    status: str = ""
    ward: str = ""
    site: str = ""
    kind: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    new: bool = False

    @property
    def query(self) -> dict[str, object]:
        """The filters as an address has them."""
        pairs: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return {name: 1 if value is True else value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A report in the inbox; `is_new`: recorded since the inbox was last marked as seen on this device."""

    line: ReportLine
    is_new: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the reports that fit (`total`); `waiting` and `fresh` count all reports, whether they fit or not."""

    lines: tuple[InboxLine, ...] = ()
    total: int = 0
    waiting: int = 0
    fresh: int = 0


@router.get("/reports")
def inbox(
    context: PageContextNeed,
    status: Text = "",
    ward: Text = "",
    site: Text = "",
    kind: Text = "",
    channel: Text = "",
    since: Text = "",
    until: Text = "",
    new: Text = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    saved: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The reports of the three years up to the day, those not verified first, then the latest first."""
    days = parse_day(since, "since"), parse_day(until, "until")
    filters = Filters(status, ward, site, kind, channel, *days, new=bool(new))
    return _page(context, filters, page, Filled(), saved=bool(saved))


@router.post("/reports/seen")
def seen(context: PageContextNeed) -> Response:
    """Mark everything that is there as seen, on this device."""
    answer = context.see("/reports")
    secure = context.service.settings.https
    moment = context.service.store.known_at().isoformat()
    answer.set_cookie(_SEEN, moment, max_age=_YEAR_S, samesite="lax", httponly=True, secure=secure)
    return answer


@router.post("/reports/verifications")
def verify_several(
    context: PageContextNeed,
    ids: Annotated[list[str], Form(max_length=_A_PAGE)] = [],  # noqa: B006  (FastAPI copies it)
    outcome: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
) -> Response:
    """Record one finding for all chosen reports, or for none of them."""
    values = {"outcome": outcome, "day": day, "document": document, "note": note}
    try:
        numbers = _numbers(ids)
        facts: dict[str, Any] = {"outcome": outcome, "day": day_field(day), "document": document, "note": note}
        entries = [NewVerification(report_id=number, **facts) for number in numbers]
        for entry in entries:
            require_own(context.service, context.identity, entry)
        context.service.store.add_all(entries, context.identity.actor)
    except DiabanError as error:
        return _page(context, Filters(), 1, refused(context, error, values), chosen=frozenset(ids))
    return context.see("/reports", saved=len(entries))


def _numbers(ids: list[str]) -> list[int]:
    numbers = sorted({int(text) for text in ids if text.isdecimal() and len(text) < 19})
    if not numbers:
        raise InputError(Problem("web.none-chosen", "ids"))
    return numbers


def _page(
    context: PageContext,
    filters: Filters,
    page: int,
    form: Filled,
    *,
    saved: bool = False,
    chosen: frozenset[str] = frozenset(),
) -> Response:
    situation, last_look = context.situation(), _last_look(context)
    frame = visible(context.service, situation, context.identity).reports
    listed = _listed(context, situation, frame, filters, page) if frame is not None and len(frame) else Listed()
    own = context.identity.wards
    return context.page(
        "inbox.html",
        status=422 if form.problems else 200,
        situation=situation,
        lines=listed.lines,
        total=listed.total,
        waiting=listed.waiting,
        fresh=listed.fresh,
        last_look=last_look,
        number=page,
        pages=max(1, -(-listed.total // _A_PAGE)),
        filters=filters,
        statuses=[(name, context.words.text(f"report.status.{name}")) for name in STATUSES],
        kinds=choices(context, "kind"),
        channels=choices(context, "channel"),
        outcomes=choices(context, "outcome"),
        wards=[(ward.code, ward.name) for ward in ward_choices(situation) if not own or ward.code in own],
        sites=site_choices(context, situation),
        form=form,
        chosen=chosen,
        saved=saved,
    )


def _listed(context: PageContext, situation: Situation, frame: GeoDataFrame, filters: Filters, page: int) -> Listed:
    is_new, is_open = _is_new(frame, _last_look(context)), frame["status"] == "unverified"
    found = frame[_fits(frame, filters, is_new) & _at_site(situation, frame, filters)]
    found = found.iloc[np.lexsort((-np.arange(len(found)), found["status"] != "unverified"))]
    part = found.iloc[(page - 1) * _A_PAGE : page * _A_PAGE]
    lines = (
        InboxLine(line, bool(is_new[index]), bool(is_open[index]))
        for index, line in zip(part.index, report_lines_of(context, situation, part), strict=True)
    )
    return Listed(tuple(lines), len(found), int(is_open.sum()), int(is_new.sum()))


def _fits(frame: DataFrame, filters: Filters, is_new: Series) -> Series:
    fits = is_new if filters.new else is_new | True
    columns = {"status": "status", "ward": "ward_code", "kind": "kind", "channel": "channel"}
    for name, column in columns.items():
        wanted = getattr(filters, name)
        if wanted:
            fits &= (frame[column] == wanted).fillna(value=False)
    days = frame["day"].dt.date
    if filters.since:
        fits &= days >= filters.since
    if filters.until:
        fits &= days <= filters.until
    return fits


def _at_site(situation: Situation, frame: GeoDataFrame, filters: Filters) -> NDArray[np.bool_]:
    return of_site(situation, filters.site, frame) if filters.site else np.ones(len(frame), dtype=bool)


def _is_new(frame: DataFrame, last_look: datetime | None) -> Series:
    return frame["recorded_at"] > last_look if last_look else frame["recorded_at"] != frame["recorded_at"]


def _last_look(context: PageContext) -> datetime | None:
    """When the inbox was last marked as seen on this device; None for never, and for a cookie that is no moment."""
    try:
        moment = datetime.fromisoformat(context.request.cookies.get(_SEEN, ""))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
