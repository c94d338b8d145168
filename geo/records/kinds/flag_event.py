"""What happens to flags: they are raised by the analysis, acknowledged, handled and closed by officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from geo.records.kinds.fields import FlagId, term, text
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault

RULE = "rule"
"""The result (`flag_result`) of a flag that the stated rule ends; only `geo.situation.flag_recorder` writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlagEvent(NewEntry):
    """What happened to a flag: `raised`, `acknowledged`, `handled` (by which office, until when) or `closed`.

    `result`: what came of a flag, said of each that is closed.
    """

    flag_id: FlagId
    event: Annotated[str, term("flag_event")]
    handled_by: Annotated[str, text()] | None = None
    until: date | None = None
    result: Annotated[str, term("flag_result")] | None = None


def _check(entry: NewFlagEvent, _: Context) -> Iterator[Fault]:
    handled, closed = entry.event == "handled", entry.event == "closed"
    if handled and not entry.handled_by:
        yield fault("handled_by", "records.nobody-handles")
    if not handled and (entry.handled_by or entry.until):
        yield fault("handled_by", "records.only-handled")
    if entry.until is not None and entry.until < entry.day:
        yield fault("until", "records.until-too-early")
    if entry.result and not closed:
        yield fault("result", "records.only-closed")
    if closed and not entry.result:
        yield fault("result", "records.no-result")


SPEC = KindSpec(
    name="flag_event",
    entry=NewFlagEvent,
    subject="flag_id",
    path="flag-events",
    post_path="flags/{flag_id}/events",
    api_list=False,
    check=_check,
    listed=("flag_id", "event", "day", "handled_by", "until", "result", "note"),
    indexes={"flag": ("flag_id",)},
    reserved={"result": RULE},
    example={"event": "acknowledged", "day": "2026-06-02"},
)
