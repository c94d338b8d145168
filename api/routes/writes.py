"""What is recorded: each write is a new row, in the name of an account, safe on disk when the answer comes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Path as PathParameter

from api.core.service import Service, public_version
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.schemas.entry_bodies import (
    AssessmentBody,
    CorrectableBody,
    CoverageBody,
    FlagEventBody,
    ReceiptBody,
    ReportBody,
    ReviewBody,
    VerificationBody,
    WithdrawalBody,
)
from api.security.identity import Identity
from api.security.object_permissions import known_flag, require_own, require_own_row
from geo.records.model.entries import EntryKind, Receipt

router = APIRouter(prefix="/api/v1", tags=["records"])

Plural = Literal["assessments", "reviews", "reports", "verifications", "coverage-entries", "flag-events"]
_KINDS: dict[str, EntryKind] = {
    "assessments": "assessment",
    "reviews": "review",
    "reports": "report",
    "verifications": "verification",
    "coverage-entries": "coverage_entry",
    "flag-events": "flag_event",
}


@router.post("/assessments", status_code=201)
def add_assessment(service: ServiceNeed, identity: IdentityNeed, body: AssessmentBody) -> ReceiptBody:
    """Record the level of a site from a day on; a ward, of the sites that cross it."""
    return _recorded(service, identity, body)


@router.post("/reviews", status_code=201)
def add_review(service: ServiceNeed, identity: IdentityNeed, body: ReviewBody) -> ReceiptBody:
    """Record a handover review; a ward, of itself."""
    return _recorded(service, identity, body)


@router.post("/reports", status_code=201)
def add_report(service: ServiceNeed, identity: IdentityNeed, body: ReportBody) -> ReceiptBody:
    """Record a report about a place; a ward, inside it. Anything about a person is refused."""
    return _recorded(service, identity, body)


@router.post("/verifications", status_code=201)
def add_verification(service: ServiceNeed, identity: IdentityNeed, body: VerificationBody) -> ReceiptBody:
    """Record what the verification of a report found."""
    return _recorded(service, identity, body)


@router.post("/coverage/entries", status_code=201)
def add_coverage(service: ServiceNeed, identity: IdentityNeed, body: CoverageBody) -> ReceiptBody:
    """Record the value of an indicator; a ward, its own."""
    return _recorded(service, identity, body)


@router.post("/flags/{flag_id}/events", status_code=201)
def add_flag_event(
    service: ServiceNeed,
    identity: IdentityNeed,
    flag_id: Annotated[str, PathParameter(max_length=130)],
    body: FlagEventBody,
) -> ReceiptBody:
    """Acknowledge or close a flag of today; a ward, one that concerns it."""
    entry = body.for_flag(known_flag(service, flag_id, identity).event_id)
    require_own(service, identity, entry)
    return _receipt(service.store.add(entry, identity.actor))


@router.post("/{kind}/{row_id}/withdrawal", status_code=201)
def withdraw(
    service: ServiceNeed,
    identity: IdentityNeed,
    kind: Plural,
    row_id: Annotated[int, PathParameter(ge=1, le=2**62)],
    body: WithdrawalBody,
) -> ReceiptBody:
    """Take a row back: a further row says so, and why. Nothing is deleted."""
    require_own_row(service, identity, _KINDS[kind], row_id)
    return _receipt(service.store.withdraw(_KINDS[kind], row_id, identity.actor, reason=body.reason))


def _recorded(service: Service, identity: Identity, body: CorrectableBody) -> ReceiptBody:
    entry = body.entry(identity)
    require_own(service, identity, entry, body.corrects)
    return _receipt(service.store.add(entry, identity.actor, corrects=body.corrects))


def _receipt(receipt: Receipt) -> ReceiptBody:
    return ReceiptBody(
        id=receipt.id, recorded_at=receipt.recorded_at.isoformat(), data_version=public_version(receipt.version)
    )
