"""The inbox (*Tin báo*): the reports that one works on, unverified first, beside their map; views by account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from api.http.response_cache import cached_response
from api.resources.visibility import visible
from api.web.base.forms import Filled
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.reporting.inbox_filters import INBOX, STATUSES, InboxFilters, InboxFiltersNeed, is_new, last_look, narrowed
from api.web.reporting.meanwhile import seen_now
from api.web.sites.home import ward_choices
from api.web.sites.maps import map_answer
from api.web.sites.view_models import ReportLine, choices, report_lines_of, site_choices
from api.web.tiles.background import stamp
from geo.i18n.message import Message
from geo.output.maps.kinds import MapKind

if TYPE_CHECKING:
    from api.core.responses import Answer
    from geo.situation import Situation

router = APIRouter(include_in_schema=False)

"""The states of a report, in the order in which they are worked on."""
A_PAGE = 100
_MOST_ON_MAP = 1000
_MAP = MapKind(
    "inbox", "geo.output.maps.kinds.inbox:inbox_drawing", Message("maps.inbox-title"), Message("maps.inbox-about")
)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A report in the inbox; `is_new`: recorded since the account last marked the inbox as seen."""

    line: ReportLine
    is_new: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the reports that fit (`total`), the last one where there is no page of the wanted `number`.

    `waiting` and `fresh` count all reports, whether they fit or not.
    """

    lines: tuple[InboxLine, ...] = ()
    number: int = 1
    total: int = 0
    waiting: int = 0
    fresh: int = 0


@router.get("/reports")
def inbox(
    context: PageContextNeed,
    filters: InboxFiltersNeed,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    saved: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The reports of the three years up to the day, those not verified first, then the latest first."""
    return inbox_page(context, filters, page, Filled(), saved=bool(saved))


@router.get("/reports/map")
def inbox_map(context: PageContextNeed, filters: InboxFiltersNeed) -> Response:
    """The reports that fit the filters, on a map of their part of the city."""

    def make() -> Answer:
        situation = context.situation()
        frame = visible(context.service, situation, context.identity).reports
        if frame is not None:
            frame = narrowed(situation, frame, filters, last_look(context)).iloc[:_MOST_ON_MAP]
        return map_answer(context, _MAP, replace(situation, reports=frame))

    if filters.new:  # what is new is another thing after each look, which is no part of the records
        made = make()
        return Response(made.body, headers=dict(made.headers), media_type=made.media_type)
    return cached_response(context.request, context.service, context.identity, make, stamp())


def inbox_page(
    context: PageContext,
    filters: InboxFilters,
    page: int,
    form: Filled,
    *,
    saved: bool = False,
    chosen: frozenset[str] = frozenset(),
) -> Response:
    """The page of the inbox, with what was typed where an action was refused."""
    seen, situation = seen_now(context), context.situation()
    own = context.identity.wards
    listed = _listed(context, situation, filters, page)
    return context.page(
        "inbox.html",
        status=422 if form.problems else 200,
        situation=situation,
        listed=listed,
        looked=last_look(context) is not None,
        number=listed.number,
        pages=_pages(listed.total),
        filters=filters,
        address=lambda path, **more: context.url(path, **(filters.query | more)),
        views=_views(context),
        statuses=[(name, context.words.text(f"report.status.{name}")) for name in STATUSES],
        kinds=choices(context, "kind"),
        channels=choices(context, "channel"),
        outcomes=choices(context, "outcome"),
        wards=[(ward.code, ward.name) for ward in ward_choices(situation) if not own or ward.code in own],
        sites=site_choices(context, situation),
        form=form,
        chosen=chosen,
        saved=saved,
        seen=seen,
    )


def _views(context: PageContext) -> list[tuple[str, str]]:
    """Name and address of the views that the account saved."""
    base = context.url("/reports")
    mark = "&" if "?" in base else "?"
    views = context.service.store.desk.views(context.identity.who, INBOX)
    return [(name, f"{base}{mark}{query}") for name, query in views]


def _listed(context: PageContext, situation: Situation, filters: InboxFilters, page: int) -> Listed:
    frame = visible(context.service, situation, context.identity).reports
    if frame is None or not len(frame):
        return Listed()
    fresh, is_open = is_new(frame, last_look(context)), frame["status"] == "unverified"
    found = narrowed(situation, frame, filters, last_look(context))
    number = min(page, _pages(len(found)))
    part = found.iloc[(number - 1) * A_PAGE : number * A_PAGE]
    lines = (
        InboxLine(line, bool(fresh[index]), bool(is_open[index]))
        for index, line in zip(part.index, report_lines_of(context, situation, part), strict=True)
    )
    return Listed(tuple(lines), number, len(found), int(is_open.sum()), int(fresh.sum()))


def _pages(total: int) -> int:
    return max(1, -(-total // A_PAGE))
