"""Routes of every kind of record: to write, to take back and to list.

Each write is a new row, in the name of an account, safe on disk when the answer comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import getdoc
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter
from sqlalchemy import Connection

from api.core.problems import RecordedAlreadyError
from api.core.responses import Answer, respond
from api.core.service import Service, public_version
from api.http.response_cache import is_private
from api.resources.coverage import ask_about_figure, figure_notes
from api.resources.dependencies import IdentityNeed, PageNeed, RequestContextNeed, ServiceNeed, WhenNeed
from api.resources.pages import tabled
from api.schemas.entry_bodies import EntryBody, ReceiptBody, RecordWithdrawalBody, body_of, withdrawable
from api.schemas.examples import TABLE_ANSWERS
from api.security.identity import Identity
from api.security.object_permissions import known_flag, readable, records_alike, require_own, require_own_row
from geo.errors import Problem
from geo.i18n.message import Message
from geo.records.kinds.registry import kind, kind_of, kinds
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.model.actor import Receipt
from geo.records.store import Guard

Route = Callable[..., Any]


def router() -> APIRouter:
    """The routes of all kinds that have a path."""
    made = APIRouter(prefix="/api/v1", tags=["records"])
    for spec in kinds():
        if not spec.path:
            continue
        about: dict[str, Any] = {"description": getdoc(spec.entry)}
        add, path = _adding(spec), f"/{spec.sent_to}"
        made.add_api_route(path, add, methods=["POST"], status_code=201, name=f"add_{spec.name}", **about)
        if spec.api_list:
            name = f"list_{spec.name}"
            made.add_api_route(f"/{spec.path}", _listing(spec), name=name, responses=TABLE_ANSWERS, **about)
    path = "/{kind}/{row_id}/withdrawal"
    made.add_api_route(path, _withdrawing(), methods=["POST"], status_code=201, name="withdraw")
    return made


_RECORDED_ALREADY = {
    "report": "service.report-recorded-already",
    "coverage_entry": "service.figure-recorded-already",
}
"""What is said of a kind of which the same is recorded already; of the others `service.same-recorded-already`."""

AgainNeed = Annotated[
    bool,
    Query(
        description="Record it although the same is recorded: a report of its day, kind and channel within 30 m; the "
        "same figure of the same place and period; of any other kind a record that says the same in all its fields."
    ),
]


def _adding(spec: KindSpec) -> Route:
    def add(service: ServiceNeed, identity: IdentityNeed, body: Any, again: AgainNeed = False) -> ReceiptBody:
        entry = body.entry(spec, identity)
        require_own(service, identity, entry, body.corrected)
        ask_about_figure(service, entry, body)
        guard = None if again or body.corrected is not None else _once(service, identity, entry)
        receipt = service.store.add(entry, identity.actor, corrects=body.corrected, guard=guard)
        return _receipt(receipt, figure_notes(service, entry))

    route = _OWN.get(spec.name, add)
    route.__annotations__["body"] = body_of(spec)
    return route


def _once(service: Service, identity: Identity, entry: NewEntry) -> Guard:
    """Refuses, inside a write, what is recorded already."""
    spec = kind_of(entry)

    def refuse_recorded(connection: Connection) -> None:
        numbers = records_alike(service, identity, entry, connection)
        if numbers:
            code = _RECORDED_ALREADY.get(spec.name, "service.same-recorded-already")
            raise RecordedAlreadyError(Problem(code, spec.path, kind=spec.shown, items=list(numbers)))

    return refuse_recorded


def _add_flag_event(
    service: ServiceNeed,
    identity: IdentityNeed,
    flag_id: Annotated[str, PathParameter(max_length=130)],
    body: EntryBody,
    again: AgainNeed = False,
) -> ReceiptBody:
    flag = known_flag(service, flag_id, identity)
    entry = body.entry(kind("flag_event"), identity, flag_id=flag.event_id)
    require_own(service, identity, entry)
    guard = None if again else _once(service, identity, entry)
    return _receipt(service.store.add(entry, identity.actor, guard=guard))


_OWN: Mapping[str, Route] = {"flag_event": _add_flag_event}
"""What adds a record where that is more than to add it."""


def _listing(spec: KindSpec) -> Route:
    def records(context: RequestContextNeed, when: WhenNeed, page: PageNeed) -> Response:
        service = context.service
        day = when.day or service.today

        def make() -> Answer:
            found = service.store.entries(spec.name, day, known_at=when.known_at)
            rows = readable(service, context.identity, spec, found.to_dict("records"))
            return tabled(
                context, rows[page.offset : page.offset + page.limit], len(rows), page, {"day": day.isoformat()}
            )

        # Some kinds are written where no public state sees it: they are listed anew at each request.
        return respond(context.request, make(), private=is_private(context.identity))

    return records


def _withdrawing() -> Route:
    named = {spec.path: spec.name for spec in kinds()}

    def withdraw(
        service: ServiceNeed,
        identity: IdentityNeed,
        kind: str,
        row_id: Annotated[int, PathParameter(ge=1, le=2**62)],
        body: RecordWithdrawalBody,
    ) -> ReceiptBody:
        """Take a row back: a further row says so, and why. Nothing is deleted."""
        require_own_row(service, identity, named[kind], row_id, reason=body.reason)
        said: dict[str, Any] = {"reason": body.reason, "names_person": body.names_person}
        return _receipt(service.store.withdraw(named[kind], row_id, identity.actor, **said))

    withdraw.__annotations__["kind"] = withdrawable()
    return withdraw


def _receipt(receipt: Receipt, notes: Iterable[Message] = ()) -> ReceiptBody:
    return ReceiptBody(
        id=receipt.id,
        recorded_at=receipt.recorded_at.isoformat(),
        data_version=public_version(receipt.version),
        notes=[str(note) for note in notes],
    )
