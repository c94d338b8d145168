"""Drafts of registers: changes that somebody prepares; nothing of them is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Office, text
from geo.records.kinds.registers.fields import City, ForceDay, Json
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegisterDraft(NewEntry):
    """Changes to the registers of a city that come into force together.

    `content` is JSON, a list of `{kind, entry}`: what publishing records. `base` is JSON, site → number of the version
    on which the change of it stands (null for a new one): publishing refuses where somebody changed it meanwhile.
    """

    day: ForceDay
    city: City
    title: Annotated[str, text()]
    content: Json
    base: Json = "{}"
    document: Document
    office: Office


SPEC = KindSpec(
    name="register_draft",
    entry=NewRegisterDraft,
    subject="title",
    write_role="city",
    by_draft=True,
    read_role="city",
    listed=("city", "title", "day", "document", "office", "content", "base", "note"),
)
