"""The audit log, for administrators: who did what, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.resources.city_finding import all_wards
from api.web.base.page_context import PageContextNeed
from geo.output.audit_words import account_text, action_text, detail_text, origin_text, subject_text

router = APIRouter(include_in_schema=False)

SHOWN = 500
_LOOKED_AT = 5000
"""Lines whose actions are offered to choose from."""
Text = Annotated[str, Query(max_length=120)]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the log in words; `asked` is the subject as the log holds it, by which it is found."""

    at: str
    who: str
    office: str
    origin: str
    action: str
    subject: str
    asked: str
    detail: str


@router.get("/admin/audit")
def audit(context: PageContextNeed, subject: Text = "", action: Text = "") -> Response:
    """The last lines; of one subject or one action where they are named."""
    store = context.service.store
    frame = store.audit(SHOWN, subject=subject or None, action=action or None)
    names, lang = {code: name for code, (_, name) in all_wards().items()}, context.words.lang
    lines = [
        AuditLine(
            at=context.words.moment(row["at"]),
            who=account_text(row["who"], lang),
            office=row["office"],
            origin=origin_text(row["origin"], lang),
            action=action_text(row["action"], lang),
            subject=subject_text(row["action"], row["subject"], names, lang),
            asked=row["subject"],
            detail=detail_text(row["action"], row["detail"], names, lang),
        )
        for row in frame.to_dict("records")
    ]
    done = {action, *store.audit(_LOOKED_AT)["action"]} - {""}
    actions = sorted(((name, action_text(name, lang)) for name in done), key=lambda one: one[1])
    about = next((line.subject for line in lines if subject), subject)
    return context.page(
        "audit.html", lines=lines, subject=subject, about=about, action=action, actions=actions, most=SHOWN
    )
