"""What of a row of a list was not read, and is said of it: footnotes, no value, struck and further words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo.i18n.message import Message
from geo.importing.plans.files.blocks import NO_VALUE, GridRow
from geo.importing.plans.words.handover import is_of_handover
from geo.importing.plans.words.markers import FOOTNOTE_SIGN
from geo.importing.plans.words.notes import unexplained

_FOOTNOTE = re.compile(rf"{FOOTNOTE_SIGN}|\(\*+\)|\(\d\)\s*$|\[\d\]\s*$", re.M)
_SIGNS = re.compile(f"{FOOTNOTE_SIGN}+")


def footnotes(row: GridRow) -> Iterator[Message]:
    """The cells of a row with the sign of a footnote, which may say something else."""
    for column in row.filled:
        text = row.cells[column]
        if len(text) > 2 and _FOOTNOTE.search(text):
            yield Message("importing.plan-footnote", text=" ".join(text.split())[:60])


def without_value(row: GridRow, labels: Sequence[str]) -> Iterator[Message]:
    """The cells of a row that show nothing of what they hold."""
    for column in row.filled:
        if row.cells[column] == NO_VALUE:
            label = labels[column] if column < len(labels) else ""
            yield Message("importing.plan-cell-without-value", column=" ".join(label.split()))


def handed_above(headings: Sequence[str], year: int | None) -> Iterator[Message]:
    """A handover that is said of all rows below a heading, and not in the row."""
    said = next((text for text in headings if is_of_handover(text)), "")
    if said and year is None:
        yield Message("importing.plan-handover-above", text=said[:80])


def bare(row: GridRow) -> GridRow:
    """A row without the signs of footnotes in its words."""
    return replace(row, cells=tuple(_SIGNS.sub("", cell) if len(cell) > 2 else cell for cell in row.cells))


def beyond(row: GridRow, note: str, level: str) -> Iterator[Message]:
    """What a row leaves out as struck, and what its note says beyond the handover, the level and the place on the
    list."""
    if row.struck:
        yield Message("importing.plan-struck", text=row.struck[:80])
    if left := unexplained(note, level):
        yield Message("importing.plan-note-unread", text=left[:80])
