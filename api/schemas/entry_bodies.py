"""What may be sent to be recorded: one model for each kind, with examples; anything else in a body is refused."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.fields import Day, Figure, Flag, Id, Number, SiteId, Text, WardCode, term
from api.security.identity import Identity
from geo.records.model.entries import (
    NewAssessment,
    NewCoverageEntry,
    NewEntry,
    NewFlagEvent,
    NewReport,
    NewReview,
    NewVerification,
)

Note = Annotated[str, Field(max_length=1000, description="About the place; nothing about persons.")]
Corrects = Annotated[Number | None, Field(description="Number of the row that this one corrects.")]
Office = Annotated[str | None, Field(max_length=200, description="The account's own office, if absent.")]
Reason = Annotated[str, Field(max_length=1000, json_schema_extra={"minLength": 1})]


class Body(BaseModel):
    """Base of all bodies: unknown fields are refused, so that nothing about a person slips in under another name."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    def entry(self, identity: Identity) -> NewEntry:
        """The entry to record."""
        raise NotImplementedError


class CorrectableBody(Body):
    """A body that may correct an earlier row."""

    corrects: Corrects = None

    def values(self) -> dict[str, Any]:
        """The fields of the entry."""
        return self.model_dump(exclude={"corrects"})


class AssessmentBody(CorrectableBody):
    """The level of a site from a day on (đánh giá mức độ)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"site_id": "HN-I-1", "level": "low", "day": "2026-06-01", "document": "12/BC-UBND"}
        }
    )
    site_id: SiteId
    level: Annotated[str, term("level")]
    day: Day
    document: Text
    office: Office = None
    note: Note = ""

    def entry(self, identity: Identity) -> NewAssessment:
        """The assessment to record."""
        return NewAssessment(**self.values() | {"office": self.office or identity.office})


class ReviewBody(CorrectableBody):
    """A handover review (rà soát điểm đã bàn giao)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "day": "2026-06-01",
                "wards": ["09832"],
                "sites": ["HN-I-1"],
                "conclusion": "watch",
                "document": "15/BB-RS",
                "next_day": "2026-12-01",
            }
        }
    )
    day: Day
    wards: Annotated[tuple[WardCode, ...], Field(min_length=1, max_length=200)]
    sites: Annotated[tuple[SiteId, ...], Field(min_length=1, max_length=200)]
    conclusion: Annotated[str, term("conclusion")]
    document: Text
    next_day: Day | None = None
    note: Note = ""

    def entry(self, identity: Identity) -> NewReview:  # noqa: ARG002
        """The review to record."""
        return NewReview(**self.values())


class ReportBody(CorrectableBody):
    """A report about a place (tin báo): a point, or a site with a chainage. No persons."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "day": "2026-06-01",
                "kind": "surroundings",
                "channel": "ward_check",
                "site_id": "HN-I-1",
                "chainage_m": 1200,
            }
        }
    )
    day: Day
    kind: Annotated[str, term("kind")]
    channel: Annotated[str, term("channel")]
    lon: Figure | None = None
    lat: Figure | None = None
    site_id: SiteId | None = None
    chainage_m: Figure | None = None
    verified: Flag = False
    note: Note = ""

    def entry(self, identity: Identity) -> NewReport:  # noqa: ARG002
        """The report to record."""
        return NewReport(**self.values())


class VerificationBody(CorrectableBody):
    """What the verification (xác minh) of a report found."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"report_id": 1, "outcome": "confirmed", "day": "2026-06-02"}}
    )
    report_id: Number
    outcome: Annotated[str, term("outcome")]
    day: Day
    document: Annotated[str, Field(max_length=200)] = ""
    note: Note = ""

    def entry(self, identity: Identity) -> NewVerification:  # noqa: ARG002
        """The verification to record."""
        return NewVerification(**self.values())


class CoverageBody(CorrectableBody):
    """The value of one indicator, for a ward (without one: for the city) and a period."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "ward_code": "00004",
                "programme": "hanoi-2026",
                "indicator": "1",
                "period": "2026-H1",
                "value": 1,
                "day": "2026-06-15",
                "document": "20/BC-UBND",
            }
        }
    )
    ward_code: WardCode | None = None
    programme: Id
    indicator: Id
    period: Id
    value: Figure
    day: Day
    document: Text
    office: Office = None
    note: Note = ""

    def entry(self, identity: Identity) -> NewCoverageEntry:
        """The coverage entry to record."""
        return NewCoverageEntry(**self.values() | {"office": self.office or identity.office})


class FlagEventBody(Body):
    """What happened to a flag: acknowledged, or closed."""

    model_config = ConfigDict(json_schema_extra={"example": {"event": "acknowledged", "day": "2026-06-02"}})
    event: Annotated[str, term("flag_event")]
    day: Day
    note: Note = ""

    def for_flag(self, event_id: str) -> NewFlagEvent:
        """The event to record of a flag."""
        return NewFlagEvent(flag_id=event_id, **self.model_dump())


class WithdrawalBody(Body):
    """Why a row is taken back; it stays on record, and says so."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Ghi nhầm điểm"}})
    reason: Reason


class ReceiptBody(BaseModel):
    """A write that is safe on disk: the number of the row, when it was recorded (UTC), the data version it made."""

    id: int
    recorded_at: str
    data_version: str
