"""What is done in the inbox with several reports at once: verified, closed, linked, taken back; and views of it.

Each report gets a record of its own; all of them are written, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response

from api.resources.visibility import visible
from api.security.object_permissions import require_own, require_own_row
from api.web.base.dates import day_field
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.reporting.inbox import A_PAGE, inbox_page
from api.web.reporting.inbox_filters import INBOX, InboxFilters, InboxFiltersNeed
from api.web.reporting.meanwhile import refuse_unseen
from geo.errors import DiabanError, InputError, Problem
from geo.records.entries import NewReport, NewVerification
from geo.records.kinds.registry import kind
from geo.records.model.errors import UnknownRowError
from geo.records.several import correct_all, withdraw_all

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Page = Annotated[int, Query(ge=1, le=10_000)]
Ids = Annotated[list[str], Form(max_length=A_PAGE)]


@router.post("/reports/seen")
def seen(context: PageContextNeed) -> Response:
    """Mark everything that is there as seen by this account."""
    store = context.service.store
    store.desk.look(context.identity.who, INBOX, store.known_at())
    return context.see("/reports")


@router.post("/reports/views")
def save_view(context: PageContextNeed, filters: InboxFiltersNeed, name: Field = "", forget: Field = "") -> Response:
    """Save the filters of the address as a view of this account, or remove the view named by `forget`."""
    desk, who = context.service.store.desk, context.identity.who
    if forget:
        desk.forget_view(who, INBOX, forget)
        return context.see("/reports", **filters.query)
    try:
        desk.save_view(who, INBOX, name, filters.text)
    except DiabanError as error:
        return inbox_page(context, filters, 1, refused(context, error, {"name": name}))
    return context.see("/reports", **(filters.query | {"saved": 1}))


@router.post("/reports/verifications")
def verify_several(
    context: PageContextNeed,
    filters: InboxFiltersNeed,
    ids: Ids = [],  # noqa: B006  (FastAPI copies it)
    outcome: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
    seen: Field = "",
    same_as: Field = "",
    reason: Field = "",
    page: Page = 1,
) -> Response:
    """Record one finding for all chosen reports; `seen`: up to when the page showed what was recorded."""

    def write(numbers: list[int]) -> None:
        if same_as.strip() or reason.strip():
            # The key Enter in the field of another action presses the first button of the form.
            raise InputError(Problem("web.several-acts", "outcome"))
        facts: dict[str, Any] = {"outcome": outcome, "day": day_field(day), "document": document, "note": note}
        entries = [NewVerification(report_id=number, **facts) for number in numbers]
        for entry in entries:
            require_own(context.service, context.identity, entry)
        guard = partial(refuse_unseen, seen, entries)
        context.service.store.add_all(entries, context.identity.actor, guard=guard)

    values = {"outcome": outcome, "day": day, "document": document, "note": note, "same_as": same_as, "reason": reason}
    return _done(context, filters, ids, write, values, page)


@router.post("/reports/links")
def link_several(
    context: PageContextNeed,
    filters: InboxFiltersNeed,
    ids: Ids = [],  # noqa: B006
    same_as: Field = "",
    page: Page = 1,
) -> Response:
    """Say that the chosen reports are of the same matter as another one: each is corrected so."""

    def write(numbers: list[int]) -> None:
        number = same_as.strip().removeprefix("#")  # as the list writes it
        target = int(number) if number.isdecimal() and len(number) < 19 else 0
        if not target or target in numbers:
            raise InputError(Problem("web.no-such-matter", "same_as"))
        rows = _own_rows(context, [*numbers, target])
        row_ids = [int(rows[number]["id"]) for number in numbers]
        pairs = [(row_id, _linked(context, row_id, target)) for row_id in row_ids]
        for row_id, entry in pairs:
            require_own(context.service, context.identity, entry, row_id)
        correct_all(context.service.store, pairs, context.identity.actor)

    return _done(context, filters, ids, write, {"same_as": same_as}, page)


@router.post("/reports/withdrawals")
def withdraw_several(
    context: PageContextNeed,
    filters: InboxFiltersNeed,
    ids: Ids = [],  # noqa: B006
    reason: Field = "",
    page: Page = 1,
) -> Response:
    """Take the chosen reports back, with the reason."""

    def write(numbers: list[int]) -> None:
        rows = [int(row["id"]) for row in _own_rows(context, numbers).values()]
        for row_id in rows:
            require_own_row(context.service, context.identity, "report", row_id, reason=reason)
        withdraw_all(context.service.store, "report", rows, context.identity.actor, reason)

    return _done(context, filters, ids, write, {"reason": reason}, page)


def _done(
    context: PageContext,
    filters: InboxFilters,
    ids: list[str],
    write: Callable[[list[int]], None],
    values: dict[str, str],
    page: int,
) -> Response:
    """Do it for the chosen reports; the page again, with what was typed and chosen, where it is refused."""
    try:
        numbers = sorted({int(text) for text in ids if text.isdecimal() and len(text) < 19})
        if not numbers:
            raise InputError(Problem("web.none-chosen", "ids"))
        write(numbers)
    except DiabanError as error:
        form: Filled = refused(context, error, values)
        return inbox_page(context, filters, page, form, chosen=frozenset(ids))
    where = {"saved": len(numbers)} | ({"page": page} if page > 1 else {})
    return context.see("/reports", **(filters.query | where))


def _own_rows(context: PageContext, numbers: list[int]) -> dict[int, dict[Any, Any]]:
    """The rows that hold of reports, by their numbers; one that the visitor may not see is unknown."""
    frame = visible(context.service, context.situation(), context.identity).reports
    found: dict[int, dict[Any, Any]] = {}
    if frame is not None:
        mine = frame[frame["report_id"].isin(numbers)]
        found = {int(row["report_id"]): row for row in mine.to_dict("records")}
    for number in numbers:
        if number not in found:
            raise UnknownRowError(kind("report").shown, str(number))
    return found


def _linked(context: PageContext, row_id: int, target: int) -> NewReport:
    """A report as it was entered, of the same matter as another; what a verification found is no part of it."""
    row = context.service.store.history("report", id=row_id).to_dict("records")[0]
    values: dict[str, Any] = {column.name: _plain(row[column.name]) for column in kind("report").columns}
    return NewReport(**values | {"day": row["day"].date(), "same_as": target})


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value
