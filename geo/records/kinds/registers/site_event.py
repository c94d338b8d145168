"""What happens to the identity of a site: renamed, split, merged, cleared, returned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import Document, Office, SiteId
from geo.records.kinds.registers.fields import ForceDay, choice
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault

ENDING = ("cleared", "split", "merged")
"""Events by which a site leaves the list."""
EVENTS = ("renamed", *ENDING, "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSiteEvent(NewEntry):
    """An event in the life of a site; `others` are the sites that it was split into or merged into."""

    day: ForceDay
    site_id: SiteId
    event: Annotated[str, choice(*EVENTS)]
    others: tuple[SiteId, ...] = ()
    document: Document
    office: Office


def _check(entry: NewSiteEvent, _: Context) -> Iterator[Fault]:
    needed = entry.event in ("split", "merged")
    if needed != bool(entry.others):
        yield fault("others", "records.others-needed" if needed else "records.no-others", event=entry.event)
    if entry.event == "merged" and len(entry.others) > 1:
        yield fault("others", "records.merged-into-one", site=entry.site_id)
    if entry.site_id in entry.others:
        yield fault("others", "records.other-is-itself", site=entry.site_id)


SPEC = KindSpec(
    name="site_event",
    entry=NewSiteEvent,
    subject="site_id",
    write_role="city",
    by_draft=True,
    read_role="public",
    check=_check,
    listed=("site_id", "event", "others", "day", "document", "office", "note"),
    indexes={"site_day": ("site_id", "day")},
)
