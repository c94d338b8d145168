"""Headings: which column of a file fills which field, by itself or as the user says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from geo.errors import InputError, Problem
from geo.importing.cells import CellError, as_text
from geo.importing.choices import choices, split_questions, with_questions
from geo.importing.headings import heading_key, mapping_key, remarks
from geo.importing.headings.parts import unit_of_title
from geo.importing.headings.unit_rows import units_in_row
from geo.importing.headings.units import Reader, Unit, unit_of
from geo.importing.tables import LIMITS, BadCell, Book, Cell, Limits, Row, Table, find_table, open_book
from geo.importing.tables.layout import is_running_number
from geo.records.model.errors import PrivacyError
from geo.records.validation.privacy import refused_column

LEFT_OUT = "-"
"""What a heading is mapped to whose column is to be left out."""
Mapped = Mapping[str, str]
"""What the user says of headings: heading → field, or `LEFT_OUT`."""

_DAYS = ("day",)
"""Fields that are days."""
_SURVEY = frozenset(
    (
        "start", "end", "today", "deviceid", "username", "simserial", "subscriberid", "phonenumber", "audit", "uuid",
        "instanceid", "meta instanceid", "instancename", "meta instancename", "submission time", "submissiondate",
        "validation status", "status", "submitted by", "version", "tags", "index", "parent index", "key", "id",
        "formhub uuid", "root uuid", "meta rootuuid", "notes", "attachments", "xform id string", "submitterid",
        "submittername", "attachmentspresent", "attachmentsexpected", "reviewstate", "edits", "formversion",
        "altitude", "precision", "accuracy", "parent table name", "submission id",
    )
)  # fmt: skip
"""Headings of the columns that KoboToolbox and ODK add to every form."""
_SURVEY_PARTS = frozenset(("altitude", "precision", "accuracy", "instanceid", "instancename"))
"""Those of them that stand behind the name of a question or group."""
_GROUPED = re.compile(r"(?a)[A-Za-z_]\w*(?:[-.:][A-Za-z_]\w*)+")
"""The names of a form's questions, which hold no blank; in words a dash is no more than a dash."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file may have: the `field` that it fills, its `headings` (the first is the template's), a reader.

    `figure`: one merged cell can't hold it for several rows. `instead`: the field that may be there in place of a
    required one. `measure`: what the cells are, of which a heading may name the unit (`geo.importing.headings.units`).
    """

    field: str
    headings: tuple[str, ...]
    read: Callable[[Cell], object] = as_text
    required: bool = False
    figure: bool = False
    instead: str = ""
    measure: str = ""


class HeadingError(InputError):
    """Headings can't be matched; `headings` are those of the file with the fields that they name ('' for none).

    `sheets`: among which the user may choose, that which was read first.
    """

    def __init__(
        self, problems: Sequence[Problem], headings: Sequence[tuple[str, str]], sheets: Sequence[str] = ()
    ) -> None:
        super().__init__(problems)
        self.headings, self.sheets = tuple(headings), tuple(sheets)


@dataclass(frozen=True, slots=True)
class MatchedTable:
    """A table whose headings were recognised: `columns` stand beside the headings, None where one fills no field.

    `left_out`: headings of columns that are passed over, with the code of why. `mapped`: headings whose field the user
    named, now or before; `grouped`: those that are known by what stands behind the name of a group;
    `joined`: questions that were read from the columns of their choices. `said`: the headings themselves that the user
    named the field of. `units`: headings of columns that are read in another unit than usual, and what reads them.
    """

    table: Table
    columns: tuple[Column | None, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    mapped: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()
    units: Mapping[str, Reader] = field(default_factory=dict)

    def index(self, name: str) -> int | None:
        """The place of the column that fills a field; None where there is none."""
        fields = [column.field if column is not None else "" for column in self.columns]
        return fields.index(name) if name in fields else None

    def is_left_out(self, index: int) -> bool:
        """Whether a column is passed over."""
        return index < len(self.table.header) and self.table.header[index] in self.left_out

    def beside(self, names: Sequence[str]) -> list[str]:
        """What stands in the headings of fields, above them, and above the table; nothing where no field is there."""
        places = [index for index in map(self.index, names) if index is not None]
        table = self.table
        around = (texts[index] for texts in (table.units, table.groups) for index in places if index < len(texts))
        return [*(table.header[index] for index in places), *around, *(table.seen.titles if places else ())]

    def in_unit(self, name: str, cell: Cell) -> Cell:
        """The cell of a field as a text or a day in the usual unit, where its heading names another."""
        index = self.index(name)
        read = None if index is None else self.units.get(self.table.header[index])
        if read is None or cell is None:
            return cell
        try:
            return cast("Cell", read(cell))
        except CellError as error:
            return BadCell(error.code, error.parameters)

    def cells(self, row: Row) -> dict[str, Cell]:
        """The cells of a row by field; None for what a short row lacks."""
        width = len(row.cells)
        named = [(column.field, index) for index, column in enumerate(self.columns) if column is not None]
        return {name: row.cells[index] if index < width else None for name, index in named}


@dataclass(frozen=True)
class Headings:
    """The headings of a kind of file: its `columns`, and what the user said of others (`mapped`) and of the `sheet`.

    `beside`: headings that mean something else beside the others of a table: the field, or '' and the code of why the
    column is passed over.
    """

    columns: Sequence[Column]
    mapped: Mapped = field(default_factory=dict)
    sheet: str = ""
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def field_of(self, heading: str) -> str | None:
        """The field that a heading names, or `LEFT_OUT`; None for one that is not known."""
        key = heading_key(heading)
        if not key:
            return None
        known = self._said_of(heading) or self._known.get(key) or self._known.get(_last_part(heading))
        return known or self._known.get(_survey_place(heading))

    def find(self, book: Book) -> MatchedTable:
        """The table of a file, its headings recognised; errors as `match`."""
        needed = [column.field for column in self.columns if column.required]
        figures = [column.field for column in self.columns if column.figure]
        return self.match(find_table(book, self._recognised, needed, figures, self.sheet, _DAYS, units_in_row))

    def match(self, table: Table) -> MatchedTable:
        """The table with its headings recognised by any of their names.

        Raises
        ------
        PrivacyError
            A heading is about persons.
        HeadingError
            A heading is not known or stands twice, or a required column is missing; all are named.
        """
        private = [heading for heading in table.header if refused_column(heading)]
        if private:
            raise PrivacyError(Problem("importing.person-columns", table.name, columns=private))
        split = split_questions(table.header, self._question_field)
        table = with_questions(table, split) if split else table
        by_field = {column.field: column for column in self.columns}
        single = choices(table.header)
        left_out = {
            heading: why
            for heading in table.header
            if heading and (why := self._left_out(heading, is_choice=heading in single))
        }
        left_out |= {heading: why for heading, (name, why) in self.beside.items() if not name}
        named_beside = {heading: name for heading, (name, _) in self.beside.items()}
        fields = [
            "" if heading in left_out else named_beside.get(heading) or self.field_of(heading) or ""
            for heading in table.header
        ]
        columns = tuple(by_field.get(name) for name in fields)
        units = self._units(table, columns)
        problems = [*self._problems(table, fields, left_out), *_unit_problems(table, units)]
        if problems:
            named = [pair for pair in zip(table.header, fields, strict=True) if pair[0]]
            raise HeadingError(problems, named, table.seen.sheets)
        columns = tuple(_in_unit(column, units.get(index)) for index, column in enumerate(columns))
        pairs = zip(table.header, columns, strict=True)
        shown = {text: f"{text} → {column.headings[0]}" for text, column in pairs if column}
        mapped = [line for text, line in shown.items() if self._is_renamed(text)]
        grouped = [line for text, line in shown.items() if not self.is_mapped(text) and self._is_grouped(text)]
        said = frozenset(filter(self.is_mapped, table.header))
        read = {table.header[index]: unit.read for index, unit in units.items() if unit.read is not None}
        return MatchedTable(table, columns, left_out, tuple(mapped), tuple(grouped), tuple(split), said, read)

    def _units(self, table: Table, columns: Sequence[Column | None]) -> dict[int, Unit]:
        """The units that headings, those above them, or lines above the table name of columns, by place."""
        above = [*filter(None, map(unit_of_title, table.seen.titles))]
        found = {}
        for index, (heading, column) in enumerate(zip(table.header, columns, strict=True)):
            if column is None or not column.measure:
                continue
            group = table.groups[index] if index < len(table.groups) else ""
            below = table.units[index : index + 1]
            own = (*below, *remarks(heading), *_behind_name(heading), *remarks(group))
            unit = unit_of(column.measure, own) or unit_of(column.measure, above)
            if unit is not None and not (unit.is_asked and mapping_key(heading) in self._mapped):
                found[index] = unit
        return found

    def _problems(self, table: Table, fields: list[str], left_out: Mapped) -> Iterator[Problem]:
        where = table.name
        for heading, name in zip(table.header, fields, strict=True):
            if heading and not name and heading not in left_out:
                yield Problem("importing.unknown-column", where, column=heading[:60])
        for column in self.columns:
            if fields.count(column.field) > 1:
                yield Problem("importing.column-twice", where, column=column.headings[0])
            if column.required and column.field not in fields and not _is_there(column.instead, fields):
                yield Problem("importing.column-missing", where, column=column.headings[0], field=column.field)

    def _question_field(self, heading: str) -> str | None:
        found = self.field_of(heading)
        return None if found == LEFT_OUT else found

    def _is_grouped(self, heading: str) -> bool:
        """Whether a heading is known by its last part only: `group/day`."""
        return heading_key(heading) not in self._known and _last_part(heading) in self._known

    def is_mapped(self, heading: str) -> bool:
        """Whether the user named the field of a heading."""
        return self._said_of(heading) is not None

    def _said_of(self, heading: str) -> str | None:
        """What the user said of a heading: of just this one, or of all of its name."""
        return self._mapped.get(mapping_key(heading)) or self._mapped.get(heading_key(heading))

    def _is_renamed(self, heading: str) -> bool:
        """Whether the user named another field than the heading says itself; forms name all of them."""
        return self.is_mapped(heading) and self._known.get(heading_key(heading)) != self.field_of(heading)

    def _left_out(self, heading: str, *, is_choice: bool) -> str:
        """The code of why a column is passed over; '' where it is not."""
        known = self.field_of(heading)
        if known == LEFT_OUT:
            return "importing.columns-chosen"
        if is_choice and not self.is_mapped(heading) and heading_key(heading) not in self._known:
            return "importing.columns-choices"
        if known is None and is_running_number(heading):
            return "importing.columns-running"
        return "importing.columns-survey" if known is None and _survey(heading) else ""

    def _recognised(self, heading: str) -> str | None:
        """What makes a row one of headings: fields, and what may not be there, so that it is not taken for a title."""
        found = self.field_of(heading)
        if found is None and refused_column(heading):
            return heading_key(heading)
        return None if found == LEFT_OUT else found

    @cached_property
    def _known(self) -> dict[str, str]:
        return {
            heading_key(heading): column.field
            for column in self.columns
            for heading in (*column.headings, column.field)
        }

    @cached_property
    def _mapped(self) -> dict[str, str]:
        return {mapping_key(heading): name for heading, name in self.mapped.items()}


def _behind_name(heading: str) -> tuple[str, ...]:
    """The last word of a heading, which may be its unit: `Lý trình km`, `chainage_km`."""
    return (re.split(r"[\s_,/\-]+", heading.strip())[-1],)


def _unit_problems(table: Table, units: Mapping[int, Unit]) -> Iterator[Problem]:
    for index, unit in units.items():
        if unit.fault:
            yield Problem(unit.fault, table.name, column=table.header[index][:60], unit=unit.named[:60])


def _in_unit(column: Column | None, unit: Unit | None) -> Column | None:
    return column if column is None or unit is None or unit.read is None else replace(column, read=unit.read)


def _is_there(name: str, fields: Sequence[str]) -> bool:
    return bool(name) and name in fields


def _in_group(heading: str) -> str:
    """A heading without the groups that survey programs put before it: `group/day`, `group-day`, `group.day`."""
    last = heading.rsplit("/", 1)[-1]
    return re.split(r"[-.:]", last)[-1] if _GROUPED.fullmatch(last) else last


def _last_part(heading: str) -> str:
    return heading_key(_in_group(heading))


def _survey_place(heading: str) -> str:
    """Survey programs split the place of a question: `_place_latitude`, `_place_longitude`."""
    found = re.fullmatch(r"_.+_(latitude|longitude)", _in_group(heading))
    return found[1] if found else ""


def _survey(heading: str) -> bool:
    if heading_key(heading) in _SURVEY or _last_part(heading) in _SURVEY_PARTS:
        return True
    return _in_group(heading).startswith("_") and not refused_column(heading)


def read_mapped(pairs: Sequence[str], columns: Sequence[Column], option: str = "--map") -> dict[str, str]:
    """What the user says of headings, each as `Heading=field`, or `Heading=-` for a column to leave out.

    `option`: where the user says it.

    Raises
    ------
    InputError
        One has another form, or names a field that there is not.
    """
    known = [column.field for column in columns]
    problems, found = [], {}
    for pair in pairs:
        heading, _, name = pair.rpartition("=")
        if not heading.strip() or name.strip() not in (*known, LEFT_OUT):
            problems.append(Problem("importing.no-mapping", option, text=pair[:60], fields=known))
        found[heading.strip()] = name.strip()
    if problems:
        raise InputError(problems)
    return found


def open_matched(path: str | Path, headings: Headings, limits: Limits = LIMITS) -> MatchedTable:
    """The table of a file with its headings recognised; errors as `open_book` and `Headings.match`."""
    return headings.find(open_book(path, limits))
