"""Coverage entries: the figures that wards and the city report for a programme."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from geo.errors import InputError
from geo.records.kinds.fields import ID, Document, Id, Office, WardCode
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault
from geo.reference.programmes import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoverageEntry(NewEntry):
    """The value of one indicator of a programme, for a ward (None: for the city) and a period (`2026-H1`, `2026`)."""

    ward_code: WardCode | None
    programme: Id
    indicator: Id
    period: Id
    value: float
    document: Document
    office: Office


def _check(entry: NewCoverageEntry, context: Context) -> Iterator[Fault]:
    if not math.isfinite(entry.value) or entry.value < 0:
        yield fault("value", "records.negative-value")
    try:
        period = Period.parse(entry.period)
    except InputError:
        yield fault("period", "records.no-period", value=entry.period[:60])
    else:
        if entry.day < period.first_day:
            yield fault("day", "records.day-before-period", day=entry.day, period=entry.period, first=period.first_day)
    known = context.registers.targets if context.registers else None
    if known is None or not (ID.fullmatch(entry.programme) and ID.fullmatch(entry.indicator)):
        return
    if entry.programme not in known:
        yield fault("programme", "records.unknown-programme", programme=entry.programme, options=sorted(known))
    elif entry.indicator not in known[entry.programme]:
        named = {"indicator": entry.indicator, "programme": entry.programme}
        yield fault("indicator", "records.unknown-target", **named, options=sorted(known[entry.programme]))


SPEC = KindSpec(
    name="coverage_entry",
    entry=NewCoverageEntry,
    subject="ward_code",
    path="coverage-entries",
    post_path="coverage/entries",
    api_list=False,
    check=_check,
    listed=("ward_code", "programme", "indicator", "period", "value", "day", "document", "office", "note"),
    same=("ward_code", "programme", "indicator", "period", "value"),
    indexes={"key": ("programme", "period", "indicator")},
    example={
        "ward_code": "00004",
        "programme": "hanoi-2026",
        "indicator": "1",
        "period": "2026-H1",
        "value": 1,
        "day": "2026-06-15",
        "document": "20/BC-UBND",
    },
)
