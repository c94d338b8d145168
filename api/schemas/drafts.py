"""What is sent of drafts of registers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.entry_bodies import Body, ReceiptBody
from api.schemas.fields import Day
from geo.records.drafting.content import MOST_ENTRIES, PUBLISHABLE
from geo.records.validation.entry_checks import MAX_TEXT

KindName = Literal[PUBLISHABLE]  # type: ignore[valid-type]


class DraftEntryBody(Body):
    """One entry of a draft: the kind of record, and its fields as that kind has them."""

    kind: KindName
    entry: dict[str, Any]


class DraftBody(Body):
    """Changes that come into force together from a day on; nothing of them is in force before it is published."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "city": "hanoi",
                "title": "Đưa HN-I-4 ra khỏi danh mục",
                "day": "2026-06-01",
                "document": "15/KH-UBND",
                "entries": [
                    {
                        "kind": "site_event",
                        "entry": {
                            "site_id": "HN-I-4",
                            "event": "cleared",
                            "day": "2026-06-01",
                            "document": "15/KH-UBND",
                            "office": "Sở Y tế",
                        },
                    }
                ],
            }
        }
    )
    city: Annotated[str, Field(max_length=30)]
    title: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    day: Day
    document: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    office: Annotated[str | None, Field(max_length=MAX_TEXT)] = None
    entries: Annotated[list[DraftEntryBody], Field(min_length=1, max_length=MOST_ENTRIES)]
    corrects: Annotated[
        int | None, Field(ge=1, le=2**62, description="Number of the draft that this one replaces.")
    ] = None


class LeftOutBody(BaseModel):
    """A row of a plan that is not in the draft: what it would change, how sure it is, and why it is left out.

    `row` is what a choice calls it: its number, with a count where the plan prints that before.
    """

    row: str = ""
    number: str = ""
    name: str = ""
    site_id: str = ""
    state: str
    certainty: str
    reasons: list[str] = []


class FindingBody(BaseModel):
    """What a draft does beside what it says; `look`: somebody has to look at it before the draft is published."""

    site_id: str
    code: str
    text: str
    look: bool


class DraftReceiptBody(ReceiptBody):
    """A draft that is recorded, with what there is to look at before it is published."""

    findings: list[FindingBody]


class PlanReceiptBody(DraftReceiptBody):
    """The draft of a plan: how many entries it has, what is left out, what to look at, and the lines not understood."""

    entries: int
    left_out: list[LeftOutBody]
    notes: list[str]
    not_understood: list[str]
