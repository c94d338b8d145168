"""The audit log, for administrators: who did what, the latest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.web.base.page_context import PageContextNeed

router = APIRouter(include_in_schema=False)

SHOWN = 500
Text = Annotated[str, Query(max_length=120)]


@router.get("/admin/audit")
def audit(context: PageContextNeed, subject: Text = "", action: Text = "") -> Response:
    """The last lines; of one subject or one action where they are named."""
    frame = context.service.store.audit(SHOWN, subject=subject or None, action=action or None)
    rows = [
        (context.words.moment(row["at"]), row["who"], row["office"], row["origin"], row["action"], row["subject"],
         row["detail"])
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return context.page("audit.html", rows=rows, subject=subject, action=action, most=SHOWN)
