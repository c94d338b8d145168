"""One reader of tables: text, XLSX, XLS and ODS files that may be anything, within limits; nothing in them is run."""

from geo.importing.tables.layout import Table, find_table, open_table
from geo.importing.tables.model import LIMITS, BadCell, Book, Cell, Limits, Row, Seen, Sheet
from geo.importing.tables.open import open_book

__all__ = [
    "LIMITS",
    "BadCell",
    "Book",
    "Cell",
    "Limits",
    "Row",
    "Seen",
    "Sheet",
    "Table",
    "find_table",
    "open_book",
    "open_table",
]
