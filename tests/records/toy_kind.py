"""A kind of record in one file: broken street lights of a ward. All that the tests do with it follows from its spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from geo.i18n.message import Words
from geo.records.kinds.fields import Field, WardCode, term, text
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import Context, Fault, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDarkLamps(NewEntry):
    """Street lights of a ward that are dark."""

    ward_code: WardCode
    street: Annotated[str, text(label=Words("Tuyến phố", "Street"))]
    lamps: Annotated[int, Field(label=Words("Số đèn", "Lamps"))]
    channel: Annotated[str, term("channel")]
    electrician: Annotated[str, text(required=False)] = ""


def _check(entry: NewDarkLamps, _: Context) -> Iterator[Fault]:
    if entry.lamps < 1:
        yield fault("lamps", "records.negative-value")


TOY = KindSpec(
    name="dark_lamps",
    entry=NewDarkLamps,
    subject="ward_code",
    read_role="public",
    hidden=frozenset({"note", "electrician"}),
    label=Words("đèn hỏng", "dark lamps"),
    path="dark-lamps",
    check=_check,
    indexes={"ward_day": ("ward_code", "day")},
    example={"ward_code": "00004", "street": "Láng", "lamps": 2, "channel": "hotline", "day": "2026-06-01"},
)
