"""Verifications (xác minh) of reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import link, term, text
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerification(NewEntry):
    """What a later verification (xác minh) of a report found: outcome `confirmed` or `unfounded`."""

    report_id: Annotated[int, link("report")]
    outcome: Annotated[str, term("outcome")]
    document: Annotated[str, text(required=False)] = ""


SPEC = KindSpec(
    name="verification",
    entry=NewVerification,
    subject="report_id",
    path="verifications",
    api_list=False,
    indexes={"report_id": ("report_id",)},
    example={"report_id": 1, "outcome": "confirmed", "day": "2026-06-02"},
)
