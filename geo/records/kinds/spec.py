"""What a kind of record is: one `KindSpec`, from which all else follows.

From the entry's dataclass come the columns of the table, the checks, the body of the API and the options of commands;
from the rest of the spec the routes, who may write and read, which wards a record is about, how records are listed and
what the audit log says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as attribute
from datetime import date
from functools import cached_property
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from sqlalchemy import Boolean, Date, Double, ForeignKey, Index, Table, Text
from sqlalchemy import Column as TableColumn

from geo.errors import InputError, Problem
from geo.i18n.catalogue import find
from geo.i18n.message import Message
from geo.records.kinds.fields import WARD, Check, Concerned, Day, Duties, Field, Label, Note, term_faults
from geo.records.model.register_lookup import RegisterLookup
from geo.records.model.tables import LIST, Base, BigKey, Codes, UtcTime, index_by_list
from geo.records.validation.entry_checks import Context, Fault, clean

Access = Literal["public", "ward", "city", "admin"]
"""The least role that an account needs; ward accounts are held to their own wards."""
RECORDED = ("recorded_at", "recorded_by", "recorded_office", "corrects_id")
_STORED: Mapping[type, Any] = {str: Text(), float: Double(), bool: Boolean(), int: BigKey, date: Date()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What every entry says: since which `day` it is so, and a `note` about the place, never about a person."""

    day: Day
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of an entry: its type (of one value), whether it may be None, holds many, has a default."""

    name: str
    type: type
    optional: bool
    many: bool
    required: bool
    default: Any
    rule: Field

    @property
    def label(self) -> Label | str:
        """What heads it in a list."""
        return label_of(self.name, self.rule.label)

    @property
    def is_day(self) -> bool:
        """Whether it holds a day."""
        return self.type is date

    @property
    def option(self) -> str:
        """What a command calls it: `site` for `site_id`, `ward` for `wards`."""
        return re.sub(r"s$" if self.many else r"_(?:id|code|day|m)$", "", self.name).replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedWard:
    """The ward of each record (`ward_code`), found when it is written; `check` says what is wrong with it."""

    find: Callable[[Sequence[Any], RegisterLookup | None], Sequence[str | None]]
    check: Callable[[Any, str | None, RegisterLookup | None], Fault | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class KindSpec:
    """A kind of record.

    `name`: of the table, and of the kind in the audit log; `entry`: what is written. `subject`: the field that says
    what a record is about, which decides the wards concerned. `label`, `example` (a body for the API, where `path` is
    the collection: `/api/v1/<path>`; '' for a kind without routes) and `check` (what no field can say alone) describe
    it; `post_path` where entries are sent to another path than the collection's. `listed`: columns of a list, in order,
    all if not given; `api_list`: whether the service lists it at its path; `by_draft`: whether publishing a draft
    writes it (`geo.records.publishing`), and no command of its own. `same`: the fields by which two records say the
    same, all if not given. `indexes`: columns by the end of the index's name. `read_role` is the least role that may
    read records of the kind, and `hidden` are the fields that take the role `ward` at least. `reserved`: terms of
    fields that the software alone writes.
    """

    name: str
    entry: type[NewEntry]
    subject: str
    write_role: Access = "ward"
    read_role: Access = "ward"
    hidden: frozenset[str] = frozenset({"note"})
    label: Label | None = None
    path: str = ""
    post_path: str = ""
    api_list: bool = True
    by_draft: bool = False
    example: Mapping[str, Any] = attribute(default_factory=dict)
    check: Callable[[Any, Context], Iterator[Fault]] | None = None
    computed: ComputedWard | None = None
    listed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    indexes: Mapping[str, tuple[str, ...]] = attribute(default_factory=dict)
    reserved: Mapping[str, str] = attribute(default_factory=dict)

    # ---- what follows

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The fields of the entry: its own, then the day and the note."""
        hints = get_type_hints(self.entry, include_extras=True)
        found = [_column(field, hints[field.name]) for field in fields(self.entry)]
        return tuple(sorted(found, key=lambda column: ("day", "note").index(column.name) if _shared(column) else -1))

    @cached_property
    def _checks(self) -> tuple[tuple[str, bool, Check], ...]:
        """Name, whether it holds many, and check of each field that has one."""
        return tuple((c.name, c.many, c.rule.check) for c in self.columns if c.rule.check is not None)

    @cached_property
    def table(self) -> Table:
        """The append-only table, in the metadata of all tables."""
        own = [_stored(column) for column in self.columns if not _shared(column)]
        if self.computed is not None:
            own.append(TableColumn("ward_code", Text()))
        made = Table(self.name, Base.metadata, *_recorded(self.name), *own, sqlite_autoincrement=True)
        index_by_list(made)
        for ending, names in self.indexes.items():
            Index(f"ix_{self.name}_{ending}", *(made.c[name] for name in names))
        return made

    @property
    def shown(self) -> Label:
        """What the kind is called."""
        return self.label or Message(f"records.kind.{self.name}")

    @property
    def listing(self) -> tuple[str, ...]:
        """The columns of a list, in their order."""
        return self.listed or tuple(column.name for column in self.columns)

    @property
    def public_fields(self) -> tuple[str, ...]:
        """The columns of a list that are open to everybody; none where the kind itself is not."""
        return tuple(name for name in self.listing if name not in self.hidden) if self.read_role == "public" else ()

    @property
    def sent_to(self) -> str:
        """The path that takes new entries, below `/api/v1/`."""
        return self.post_path or self.path

    def column(self, name: str) -> Column | None:
        """The field of this name; None for columns that no entry has (`ward_code` of reports, `recorded_at`)."""
        return next((column for column in self.columns if column.name == name), None)

    def heading(self, name: str) -> Label | str:
        """What heads a column in a list."""
        column = self.column(name)
        return label_of(name, None) if column is None else column.label

    def action(self, verb: str) -> str:
        """What the audit log calls something done with the kind: `add`, `correct`, `withdraw`, `seed`, `import`."""
        return f"{self.name}.{verb}"

    def faults(self, entry: NewEntry, context: Context) -> Iterator[Fault]:
        """Everything that is wrong with an entry, but for the place where its computed ward lies."""
        for name, many, check in self._checks:
            value = getattr(entry, name)
            if value is None:
                continue
            for each in value if many else (value,):
                yield from check(name, each, context)
        if self.check is not None:
            yield from self.check(entry, context)
        yield from self.foreign_terms(entry, getattr(entry, "ward_code", None), context)

    def foreign_terms(self, entry: NewEntry, ward_code: str | None, context: Context) -> Iterator[Fault]:
        """The terms of an entry that are those of another city than its site's, else its ward's."""
        offered = context.offered_at(getattr(entry, "site_id", None), ward_code)
        if offered is context.vocabulary:
            return
        for column in self.columns:
            group, value = column.rule.group, getattr(entry, column.name)
            if group and value is not None and context.vocabulary.holds(group, value):  # else it is refused already
                yield from term_faults(column.name, group, value, offered)

    def values(self, entry: NewEntry) -> dict[str, Any]:
        """The fields of an entry as they are stored."""
        pairs = ((column.name, getattr(entry, column.name)) for column in self.columns)
        return {name: clean(value) if isinstance(value, str) else value for name, value in pairs}

    def rows(self, entries: Sequence[NewEntry], registers: RegisterLookup | None) -> list[dict[str, Any]]:
        """Entries of this kind as they are stored, with what is computed of them."""
        rows = [self.values(entry) for entry in entries]
        if self.computed is not None:
            for row, code in zip(rows, self.computed.find(entries, registers), strict=True):
                row["ward_code"] = code
        return rows

    def refuse_reserved(self, entry: NewEntry) -> None:
        """Refuse an entry of a person with a term that the software alone writes (`InputError`)."""
        for name, term in self.reserved.items():
            if clean(str(getattr(entry, name))) == term:
                raise InputError(Problem("records.reserved", name, term=term))

    def concerns(self, record: Mapping[str, Any], duties: Duties) -> Concerned:
        """The wards that a record (columns → values) is about."""
        column, value = self.column(self.subject), record[self.subject]
        rule = WARD if column is None else column.rule
        if value is None or value != value or rule.concerns is None:
            return Concerned()
        return rule.concerns(value, duties)


def label_of(name: str, label: Label | None) -> Label | str:
    """The label of a column: its own, else the catalogue's, else its name."""
    code = f"records.field.{name}"
    return label or (Message(code) if find("en", code) else name)


def _shared(column: Column) -> bool:
    return column.name in ("day", "note")


def _column(field: Any, hint: Any) -> Column:
    optional = NoneType in get_args(hint)
    if optional:
        hint = next(part for part in get_args(hint) if part is not NoneType)
    many = get_origin(hint) is tuple
    if many:
        hint = get_args(hint)[0]
    rule = Field()
    if get_origin(hint) is Annotated:
        rule = next((part for part in hint.__metadata__ if isinstance(part, Field)), rule)
        hint = hint.__origin__
    required = field.default is MISSING
    return Column(field.name, hint, optional, many, required, None if required else field.default, rule)


def _stored(column: Column) -> TableColumn[Any]:
    lasting = column.rule.link and not column.rule.outlives
    links = [ForeignKey(f"{column.rule.link}.id")] if lasting else []
    kind = Codes() if column.many else _STORED[column.type]
    return TableColumn(column.name, kind, *links, nullable=column.optional)


def _recorded(name: str) -> list[TableColumn[Any]]:
    """What every append-only row has: when, by whom and in which list it was recorded, and what it corrects.

    `root_id` is the first row of a chain of corrections (None in that row itself): the number by which the thing is
    known. A `withdrawn` row takes back what it corrects.
    """
    return [
        TableColumn("id", BigKey, primary_key=True),
        TableColumn("recorded_at", UtcTime(), nullable=False),
        TableColumn("recorded_by", Text(), nullable=False),
        TableColumn("recorded_office", Text(), nullable=False),
        TableColumn("withdrawn", Boolean(), nullable=False),
        TableColumn("day", Date(), nullable=False),
        TableColumn("note", Text(), nullable=False),
        TableColumn(LIST, Text()),
        TableColumn("corrects_id", BigKey, ForeignKey(f"{name}.id"), unique=True),
        TableColumn("root_id", BigKey, ForeignKey(f"{name}.id"), index=True),
    ]
