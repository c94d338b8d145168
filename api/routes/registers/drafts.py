"""Drafts of registers, and their publication. A conflict is answered with 409 and both versions."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi import Path as PathParameter

from api.core.responses import made_json, respond
from api.core.service import Service, public_version
from api.resources.dependencies import IdentityNeed, RequestContextNeed, ServiceNeed
from api.schemas.drafts import (
    DraftBody,
    DraftReceiptBody,
    FindingBody,
    LeftOutBody,
    PlanReceiptBody,
)
from api.schemas.entry_bodies import ReceiptBody, WithdrawalBody
from api.security.object_permissions import may_work_on, own_draft, require_city, require_own_row
from geo import settings
from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.registers.changes import other_papers
from geo.records.drafting.content import entries_of, written
from geo.records.model.actor import Receipt
from geo.records.plan_files import MAX_BYTES, PlanFile
from geo.records.published.rows import TakenBack, rows_in_force, taken_back_of
from geo.records.publishing import Draft, draft_of, drafts, new_draft, publish, save_draft
from geo.records.publishing import withdraw_draft as taken_back
from geo.reference.cities import city as city_named
from geo.situation.drafts.findings import findings

if TYPE_CHECKING:
    from geo.importing.plans import PlanReading
    from geo.importing.registers.plan_changes import SiteRow

router = APIRouter(prefix="/api/v1", tags=["registers"])
CityName = Annotated[str | None, Query(max_length=30, description="City of the plan, where it names none.")]
DraftNumber = Annotated[int, PathParameter(ge=1, le=2**62)]
_COUNT = "How a target is counted: `3=measure:count,level:ward,combine:sum,rule:reach,scope:all,figure:25,unit:điểm`."
_PLACE = "Which candidate a new site is: the number of its row, =, and that of the candidate in `notes`: `II.3=2`."
_ROW = "What a row is: its number, =, and a group (establishment, public), `new` or a site: `II.3=public`, `4=HN-II-4`."


@router.get("/registers/drafts")
def list_drafts(
    context: RequestContextNeed, city: Annotated[str | None, Query(max_length=30, description="Slug of a city.")] = None
) -> Response:
    """The drafts that wait to be published."""
    slug, identity = None if city is None else city_named(city).slug, context.identity
    found = [draft for draft in drafts(context.service.store, slug) if may_work_on(identity, draft.city)]
    document = {"drafts": [_document(draft) for draft in found]}
    return respond(context.request, made_json(document), private=True)


@router.get("/registers/drafts/{number}")
def one_draft(context: RequestContextNeed, number: DraftNumber) -> Response:
    """A draft with its entries, published or not; `taken_back`: what of it was withdrawn since, by which paper."""
    draft = own_draft(context.service, context.identity, number)
    found = [finding.model_dump() for finding in _findings(context.service, draft)]
    back = [_taken_back(one) for one in taken_back_of(context.service.store, draft.row)]
    document = _document(draft) | {"findings": found, "taken_back": back}
    return respond(context.request, made_json(document), private=True)


@router.post("/registers/drafts", status_code=201)
def add_draft(service: ServiceNeed, identity: IdentityNeed, body: DraftBody) -> DraftReceiptBody:
    """Record a draft; nothing of it comes into force. It stands on the versions of its sites that are recorded now.

    `findings` is what somebody should look at before it is published, as the page of the draft and the command say it.

    One's own office's draft is replaced, or by an administrator another's.
    """
    if body.corrects is not None:
        row = own_draft(service, identity, body.corrects).row
        require_own_row(service, identity, "register_draft", row, reason=body.document)
    entries = entries_of(json.dumps([entry.model_dump() for entry in body.entries]))
    slug, office = city_named(body.city).slug, body.office or identity.office
    require_city(identity, slug)
    said: dict[str, Any] = {"day": body.day, "document": body.document, "office": office}
    draft = new_draft(service.store, slug, body.title, entries, **said)
    receipt = save_draft(service.store, draft, identity.actor, corrects=body.corrects)
    return DraftReceiptBody(
        **_receipt(receipt).model_dump(), findings=_findings(service, draft_of(service.store, receipt.id))
    )


@router.post("/registers/drafts/{number}/publication", status_code=201)
def publish_draft(service: ServiceNeed, identity: IdentityNeed, number: DraftNumber) -> ReceiptBody:
    """Bring a draft into force, all of it in one step. 409 where a site was changed meanwhile, with both versions.

    A new site whose id was given to another place since gets the next one; the draft names both (`renumbered`).
    """
    by_two = bool(settings.TABLE["publish_by_two"].read())
    own_draft(service, identity, number)
    receipt = publish(service.store, number, identity.actor, by_two=by_two)
    moved = draft_of(service.store, number).renumbered
    notes = [str(Message("service.renumbered", old=old, new=new)) for old, new in moved.items()]
    return _receipt(receipt).model_copy(update={"notes": notes})


@router.post("/registers/drafts/{number}/withdrawal", status_code=201)
def withdraw_draft(
    service: ServiceNeed, identity: IdentityNeed, number: DraftNumber, body: WithdrawalBody
) -> ReceiptBody:
    """Take a draft back, of one's own office or by an administrator; 409 where it is published."""
    require_own_row(service, identity, "register_draft", own_draft(service, identity, number).row, reason=body.reason)
    return _receipt(taken_back(service.store, number, identity.actor, reason=body.reason))


@router.get("/registers/rows")
def published_entries(
    context: RequestContextNeed,
    city: Annotated[str | None, Query(max_length=30, description="Slug of a city.")] = None,
    subject: Annotated[str, Query(max_length=60, description="A site, a ward, the number of a plan.")] = "",
) -> Response:
    """What was published and holds, row by row: what a draft with entries of kind `withdrawal` takes back."""
    where = city_named(city or context.home)
    require_city(context.identity, where.slug)
    found = rows_in_force(context.service.store, where, subject)
    rows = [{"row": one.row, "subject": one.subject, **written(one.entry)} for one in found]
    return respond(context.request, made_json({"city": where.slug, "rows": rows}), private=True)


@router.post("/registers/plans/reading")
def read_plan_file(
    context: RequestContextNeed,
    file: Annotated[UploadFile, File()],
    city: CityName = None,
) -> Response:
    """What is understood of the file of a plan; nothing is recorded."""
    reading = _read(context.service, file.file.read(), _name(file, context.request.url.path), city)
    return respond(context.request, made_json(reading.document()), private=True)


@router.post("/registers/plans", status_code=201)
def import_plan_file(
    service: ServiceNeed,
    identity: IdentityNeed,
    request: Request,
    file: Annotated[UploadFile, File()],
    city: CityName = None,
    number: Annotated[str, Query(max_length=60, description="Number of the plan, where it prints none.")] = "",
    day: Annotated[date | None, Query(description="Day from which it holds, where it prints none.")] = None,
    issuer: Annotated[str, Query(max_length=200, description="Who issued it, where it does not say so.")] = "",
    unsure: Annotated[bool, Query(description="Take rows that are not sure too.")] = False,
    row: Annotated[list[str], Query(max_length=200, description=_ROW)] = [],  # noqa: B006  (FastAPI copies it)
    count: Annotated[list[str], Query(max_length=200, description=_COUNT)] = [],  # noqa: B006
    choose: Annotated[list[str], Query(max_length=200, description=_PLACE)] = [],  # noqa: B006
) -> PlanReceiptBody:
    """Record a draft of what the file of a plan changes, with the file; nothing of it comes into force.

    What is not sure is left out and named with the reasons, and so are new sites without a group or a place.
    """
    from geo.importing.registers.plan_choices import read_choices
    from geo.importing.registers.plan_counting import read_counting
    from geo.importing.registers.plan_draft import draft_of_plan, with_head
    from geo.importing.registers.plan_routes import read_places

    data, name = file.file.read(MAX_BYTES + 1), _name(file, request.url.path)
    reading = with_head(_read(service, data, name, city), number, day, issuer, option="")
    chosen: dict[str, Any] = {"choices": read_choices(row), "counting": read_counting(count)}
    chosen["places"] = read_places(choose)
    made, head = draft_of_plan(service.store, reading, unsure=unsure, **chosen), reading.head
    require_city(identity, head.city)
    said: dict[str, Any] = {"day": made.papers.day, "document": made.papers.document, "office": made.papers.office}
    draft = new_draft(service.store, head.city, head.number, made.entries, file=PlanFile(name, data), **said)
    receipt = save_draft(service.store, draft, identity.actor)
    return PlanReceiptBody(
        **_receipt(receipt).model_dump(exclude={"notes"}),
        findings=_findings(service, draft_of(service.store, receipt.id)),
        entries=len(made.entries),
        left_out=[_left_out(row) for row in made.left],
        notes=[*map(str, made.problems), *map(str, made.remarks), *map(str, reading.remarks)],
        not_understood=list(reading.not_understood),
    )


def _name(file: UploadFile, path: str) -> str:
    """The name of a file, whose ending says how it is read; `InputError` where it came without one."""
    if not (file.filename or "").strip():
        raise InputError(Problem("service.no-upload", "file", path=path))
    return str(file.filename)


def _read(service: Service, data: bytes, name: str, city: str | None) -> PlanReading:
    from geo.importing.apart import read_apart
    from geo.importing.plans import read_plan_bytes

    slug = city_named(city).slug if city else ""
    return read_apart(service.settings.reader_seconds, name, read_plan_bytes, data, name, slug)


def _left_out(row: SiteRow) -> LeftOutBody:
    site = row.site
    named = {"number": site.number, "name": site.name} if site else {}
    reasons = [str(reason) for reason in row.reasons]
    return LeftOutBody(
        row=row.key, site_id=row.site_id, state=row.state, certainty=row.certainty, reasons=reasons, **named
    )


def _document(draft: Draft) -> dict[str, Any]:
    return {
        "draft": draft.number,
        "city": draft.city,
        "title": draft.title,
        "day": draft.day.isoformat(),
        "document": draft.document,
        "office": draft.office,
        "written_by": draft.written_by,
        "published": draft.published,
        "renumbered": dict(draft.renumbered),
        "notes": [str(message) for message in other_papers(draft)],
        "base": dict(draft.base),
        "entries": [written(entry) for entry in draft.entries],
    }


def _taken_back(one: TakenBack) -> dict[str, Any]:
    said = {"kind": one.kind, "row": one.row, "subject": one.subject, "day": one.day.isoformat()}
    said |= {"document": one.document, "office": one.office, "reason": one.reason}
    return said | {"recorded_at": one.recorded_at.isoformat()}


def _findings(service: Service, draft: Draft) -> list[FindingBody]:
    found = findings(service.store, draft)
    return [
        FindingBody(site_id=one.site_id, code=one.message.code, text=str(one.message), look=one.look) for one in found
    ]


def _receipt(receipt: Receipt) -> ReceiptBody:
    return ReceiptBody(
        id=receipt.id, recorded_at=receipt.recorded_at.isoformat(), data_version=public_version(receipt.version)
    )
