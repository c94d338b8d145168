"""What may be sent to be recorded: a model for each kind of record, made of its fields; anything else is refused."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.schemas.fields import LONGEST_TEXT, Day, Figure, Flag, Number, term
from api.security.identity import Identity
from geo.records.entries import NewCoverageEntry
from geo.records.kinds.registry import kinds
from geo.records.kinds.spec import Column, KindSpec, NewEntry
from geo.records.validation.entry_checks import MAX_NOTE

_TYPES: dict[type, Any] = {date: Day, float: Figure, bool: Flag, int: Number}
_NOTES = {
    "note": "About the place; nothing about persons.",
    "office": "The account's own office, if absent.",
    "corrects": "Number of the row that this one corrects.",
    "below_parts": "That the figure is not what its halves, quarters or months make is right; else it is refused.",
}


class Body(BaseModel):
    """Base of all bodies: unknown fields are refused, so that nothing about a person slips in under another name."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EntryBody(Body):
    """The body of an entry; its fields are those of the kind, and `corrects`."""

    def entry(self, spec: KindSpec, identity: Identity, **given: Any) -> NewEntry:
        """The entry to record; `given` are fields that the path holds."""
        values = self.model_dump(exclude={"corrects", "below_parts"}) | given
        own = {c.name: values[c.name] or identity.office for c in spec.columns if c.rule.own_office}
        return spec.entry(**values | own)

    @property
    def corrected(self) -> int | None:
        """Number of the row to correct, if one is named."""
        number: int | None = getattr(self, "corrects", None)
        return number

    @property
    def confirms(self) -> bool:
        """Whether a figure below what its parts hold is said to be right."""
        confirmed: bool = getattr(self, "below_parts", False)
        return confirmed


class WithdrawalBody(Body):
    """Why a row is taken back; it stays on record, and says so."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Ghi nhầm điểm"}})
    reason: Annotated[str, Field(max_length=MAX_NOTE, json_schema_extra={"minLength": 1})]


class RecordWithdrawalBody(WithdrawalBody):
    """Why a row is taken back. `names_person`: because a text of it names a person; its texts, and those of the rows
    that it corrects, are shown to nobody any more."""

    names_person: bool = False


class ReceiptBody(BaseModel):
    """A write that is safe on disk: the number of the row, when it was recorded (UTC), the data version it made.

    `notes`: what to look at again, such as a figure said before its period ended; mostly none.
    """

    id: int
    recorded_at: str
    data_version: str
    notes: list[str] = []


@cache
def body_of(spec: KindSpec) -> type[EntryBody]:
    """The model of what is sent of a kind; what its path holds is no field, and cannot be corrected."""
    in_path = [column.name for column in spec.columns if f"{{{column.name}}}" in spec.sent_to]
    fields: dict[str, Any] = {c.name: _field(c) for c in spec.columns if c.name not in in_path}
    if not in_path:
        fields["corrects"] = (Annotated[Number | None, Field(description=_NOTES["corrects"])], None)
    if spec.entry is NewCoverageEntry:
        fields["below_parts"] = (Annotated[Flag, Field(description=_NOTES["below_parts"])], False)
    name = spec.entry.__name__.removeprefix("New") + "Body"
    made = create_model(name, __base__=EntryBody, __doc__=spec.entry.__doc__, **fields)
    made.model_config["json_schema_extra"] = {"example": dict(spec.example)}
    return made


def withdrawable() -> Any:
    """The type of a path's part that names a kind by its collection."""
    return Literal[tuple(spec.path for spec in kinds() if spec.path)]


def _field(column: Column) -> tuple[Any, Any]:
    kind: Any = _type(column)
    if column.many:
        return Annotated[tuple.__class_getitem__((kind, ...)), Field(min_length=1, max_length=200)], ...
    optional = column.optional or column.rule.own_office
    default = ... if column.required and not optional else column.default
    return (kind | None if optional else kind), default


def _type(column: Column) -> Any:
    if column.type is str:
        return Annotated[str, _text(column)]
    return _TYPES[column.type]


def _text(column: Column) -> Any:
    """The field of a text. The records check its form and say more of what is wrong than a schema can."""
    if column.rule.group:
        return term(column.rule.group)
    schema = dict(column.rule.schema)
    longest = schema.pop("maxLength", LONGEST_TEXT)
    if column.rule.own_office:
        del schema["minLength"]  # an empty one is the account's own
    return Field(max_length=longest, description=_NOTES.get(column.name), json_schema_extra=schema)
