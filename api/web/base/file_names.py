"""What files of the pages are called: what they are in the visitor's language, of what, of which day and edition."""

from __future__ import annotations

from datetime import date
from typing import Literal

from api.web.base.page_context import PageContext
from geo.output.decree.file_names import file_name

Kind = Literal[
    "atlas", "minutes", "package", "review", "tasks", "report", "deadlines", "figures", "reports",
    "months", "places", "coverage",
]  # fmt: skip


def what_of(context: PageContext, kind: Kind, *subject: str) -> str:
    """What a file is, and of what: `bien-ban-09832`."""
    return "-".join((context.words.text(f"file.{kind}"), *subject))


def attached(context: PageContext, what: str, ending: str, day: date, *, public: bool = False) -> dict[str, str]:
    """The header of a file that is to be saved: `bien-ban-09832_2026-11-29_noi-bo.docx`; `public` whoever takes it."""
    audience = "internal" if context.identity.viewer.works and not public else "public"
    name = file_name(what, day, audience, ending, context.words.lang)
    return {"Content-Disposition": f'attachment; filename="{name}"'}
