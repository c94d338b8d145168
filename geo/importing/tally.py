"""What became of the rows of a file, in counts and in words, to be shown before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from geo.i18n.message import Message
from geo.importing.columns import MatchedTable
from geo.importing.tables import Seen
from geo.importing.where import column_letter, number_list


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows of a file that are not blank, headings aside: each is read, passed over or refused.

    `passed`: number of the row → code of why. `notices`: what the user should know before it is written. `sheets`:
    among which the user may choose, that which was read first.
    """

    rows: int
    read: int
    refused: int
    passed: Mapping[int, str] = field(default_factory=dict)
    notices: tuple[Message, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def passed_by_reason(self) -> tuple[Message, ...]:
        """Which rows were passed over, and why: a line for each reason."""
        reasons = Counter(self.passed.values())
        return tuple(
            Message(
                why,
                count=count,
                rows=number_list([row for row, reason in self.passed.items() if reason == why]),
            )
            for why, count in reasons.most_common()
        )


class Decisions(NamedTuple):
    """What the user decides before a file is written: also what is recorded already, also rows that repeat another.

    `changes`: what rows that are recorded say otherwise of a verification replaces what is recorded of it.
    """

    again: bool = False
    repeated: bool = False
    changes: bool = False


NOTHING_DECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the rows of a file: how many are written as `new` and as `changed`, are `known`, or are left out as repeated.

    Those that are known are written too where the user decided so (`again`).
    """

    new: int
    known: int
    changed: int = 0
    repeated: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What to show of a file before it is written: the `counts`, why rows were passed over, and what else to know."""

    counts: tuple[Message, ...]
    passed: tuple[Message, ...]
    notices: tuple[Message, ...]


def summary(tally: Tally, counts: Counts, more: Sequence[Message] = ()) -> Summary:
    """The summary of a file, with what else there is to say of it."""
    return Summary(_lines(tally, counts), tally.passed_by_reason, (*tally.notices, *more))


def repeated_rows(count: int, rows: Sequence[int], decided: Decisions) -> list[Message]:
    """That so many figures or rows repeat another, whether they are written, and which they are."""
    code = "importing.repeated-rows-too" if decided.repeated else "importing.repeated-rows"
    return [Message(code, count=count, rows=number_list(rows))] if rows else []


def notices(seen: Seen, matched: MatchedTable | None = None) -> list[Message]:
    """What the reader met: hidden rows, formulas, merged cells, columns and sheets that are left out."""
    found = []
    if matched is not None:
        for why in dict.fromkeys(matched.left_out.values()):
            columns = [heading for heading, reason in matched.left_out.items() if reason == why]
            found.append(Message(why, columns=columns))
        if matched.mapped:
            found.append(Message("importing.columns-mapped", columns=list(matched.mapped)))
        if matched.grouped:
            found.append(Message("importing.columns-grouped", columns=list(matched.grouped)))
        if matched.units:
            found.append(Message("importing.units-read", columns=list(matched.units)))
        if matched.joined:
            found.append(Message("importing.choices-joined", columns=list(matched.joined)))
    return [*found, *_cell_notices(seen), *_sheet_notices(seen)]


def _cell_notices(seen: Seen) -> Iterator[Message]:
    if seen.hidden:
        yield Message("importing.hidden-rows", count=len(seen.hidden), rows=number_list(seen.hidden))
    if seen.hidden_columns:
        columns = [f"{column_letter(index)} '{heading}'" for index, heading in seen.hidden_columns]
        yield Message("importing.hidden-columns", columns=columns)
    if seen.formulas:
        yield Message("importing.stored-formulas", count=seen.formulas)
    if seen.merged:
        yield Message("importing.merged-cells", count=seen.merged)
    for font, count in seen.old_fonts.items():
        yield Message("importing.old-fonts", count=count, font=font)


def _sheet_notices(seen: Seen) -> Iterator[Message]:
    if seen.other_sheets:
        yield Message("importing.other-sheets", sheet=seen.sheet, sheets=list(seen.other_sheets))
    if seen.tables_beside:
        yield Message("importing.tables-beside", sheets=list(seen.tables_beside))
    if seen.hidden_sheets:
        yield Message("importing.hidden-sheets", sheets=list(seen.hidden_sheets))


def _lines(tally: Tally, counts: Counts) -> tuple[Message, ...]:
    """The counts of a file, in the order in which they are shown."""
    changes = [Message("importing.count-changed", count=counts.changed)] if counts.changed else []
    twice = [Message("importing.count-repeated", count=counts.repeated)] if counts.repeated else []
    known = "importing.count-known-too" if counts.again and counts.known else "importing.count-known"
    return (
        Message("importing.count-read", count=tally.read),
        Message("importing.count-new", count=counts.new),
        *changes,
        Message(known, count=counts.known),
        *twice,
        Message("importing.count-passed", count=len(tally.passed)),
        Message("importing.count-refused", count=tally.refused),
    )
