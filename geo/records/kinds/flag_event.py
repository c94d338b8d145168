"""What happens to flags: they are raised by the analysis, acknowledged and closed by officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geo.records.kinds.fields import FlagId, term
from geo.records.kinds.spec import KindSpec, NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlagEvent(NewEntry):
    """What happened to a flag: `raised`, `acknowledged` or `closed`."""

    flag_id: FlagId
    event: Annotated[str, term("flag_event")]


SPEC = KindSpec(
    name="flag_event",
    entry=NewFlagEvent,
    subject="flag_id",
    path="flag-events",
    post_path="flags/{flag_id}/events",
    api_list=False,
    listed=("flag_id", "event", "day", "note"),
    indexes={"flag": ("flag_id",)},
    example={"event": "acknowledged", "day": "2026-06-02"},
)
