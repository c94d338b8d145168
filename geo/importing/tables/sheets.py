"""Which sheet of a workbook is read, and which of its first rows are the headings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from geo.importing.tables.model import BadCell, Book, Cell, Row, Seen, Sheet, refused
from geo.reference.names import plain

Recognise = Callable[[str], str | None]
"""A heading → the field that it names; None where it is none."""

_LOOKED_AT = 50
"""The headings stand among the first so many rows that are not blank."""
_GUIDES = ("huong dan", "danh muc", "giai thich")
"""Sheets of templates that hold no data."""


def chosen_sheet(
    book: Book, recognise: Recognise, needed: Collection[str], wanted: str = ""
) -> tuple[Sheet, Start, Seen]:
    """The sheet to read: the one `wanted`, else that whose headings name most of the `needed` fields.

    Of several that fit alike a visible one goes before a hidden one, and the first before the others. What is not read
    is noted.

    Raises
    ------
    InputError
        No sheet holds a row, or there is none of the name.
    """
    begun = [(sheet, Start.of(sheet, recognise)) for sheet in book.sheets]
    filled = [(sheet, start) for sheet, start in begun if start.first]
    if wanted:
        named = [pair for pair in begun if plain(pair[0].name) == plain(wanted)]
        if not named or not named[0][1].first:
            raise refused("importing.no-such-sheet", book.name, sheet=wanted[:60], sheets=_names(filled))
        sheet, start = named[0]
    elif filled:
        sheet, start = max(filled, key=lambda pair: (pair[1].fit(recognise, needed), not pair[0].hidden))
    else:
        raise refused("importing.no-rows", book.name)
    others = [pair for pair in filled if pair[0] is not sheet and plain(pair[0].name) not in _GUIDES]
    alike = [pair for pair in others if pair[1].fit(recognise, needed) >= max(2, start.fit(recognise, needed))]
    return (
        sheet,
        start,
        Seen(
            sheet=sheet.name,
            other_sheets=_names(others),
            tables_beside=_names(alike),
            hidden_sheets=_names([pair for pair in filled if pair[0].hidden]),
        ),
    )


def _names(pairs: Sequence[tuple[Sheet, Start]]) -> tuple[str, ...]:
    return tuple(sheet.name for sheet, _ in pairs)


@dataclass(frozen=True, slots=True)
class Start:
    """The first rows of a sheet, and which of them are the headings: `height` rows from `at`, `score` recognised.

    `groups`: what stands above the headings where they are two rows: in the cell above, or in the last one before it,
    as merged cells are saved.
    """

    first: list[Row]
    at: int
    height: int
    score: int
    header: tuple[str, ...]
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, sheet: Sheet, recognise: Recognise) -> Start:
        first = list(islice(sheet.rows, _LOOKED_AT))
        best = cls(first, 0, 1, 0, texts_of(first[0]) if first else ())
        for at, row in enumerate(first):
            for header, height in _headers(row, first[at + 1 :][:1], recognise):
                score = len({recognise(text) for text in header} - {None})
                if score >= 2 and score > best.score:
                    best = cls(first, at, height, score, header, _groups(row, header) if height > 1 else ())
        return best

    def fit(self, recognise: Recognise, needed: Collection[str]) -> int:
        """How many of the needed fields the headings name, from 2; 1 and less where there are no headings."""
        return self.score if self.score < 2 else 2 + len({recognise(text) for text in self.header} & set(needed))

    @property
    def header_row(self) -> int:
        return self.first[self.at + self.height - 1].number


def _headers(row: Row, below: Sequence[Row], recognise: Recognise) -> Iterator[tuple[tuple[str, ...], int]]:
    """A row as headings, and with the row below it where that names parts of it (*Tọa độ*: *Kinh độ*, *Vĩ độ*).

    A row above complete headings is a title, and is passed over.
    """
    upper = texts_of(row)
    yield upper, 1
    for row_below in below:
        lower = texts_of(row_below)
        if any(lower) and all(recognise(text) for text in lower if text):
            width = max(len(upper), len(lower))
            pairs = list(zip(padded(lower, width), padded(upper, width), strict=True))
            if any(whole and not part for part, whole in pairs):
                yield tuple(part or whole for part, whole in pairs), 2


def _groups(above: Row, header: Sequence[str]) -> tuple[str, ...]:
    upper = padded(texts_of(above), len(header))
    running: Iterator[str] = accumulate(upper, _text_or_before)
    return tuple("" if text == own else text for text, own in zip(running, header, strict=True))


def _text_or_before(before: str, text: str) -> str:
    return text or before


def texts_of(row: Row) -> tuple[str, ...]:
    """The cells of a row as texts."""
    return tuple(_text(cell) for cell in row.cells)


def _text(cell: Cell) -> str:
    if isinstance(cell, BadCell):
        return cell.text
    return "" if cell is None else str(cell).strip()


def padded(texts: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Texts filled up with blank ones."""
    return texts + ("",) * (width - len(texts))
