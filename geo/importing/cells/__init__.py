"""From a cell to a value: days, figures, places, periods, terms, as officials and their programs write them."""

from geo.importing.cells.days import as_day
from geo.importing.cells.degrees import as_degrees
from geo.importing.cells.errors import CellError
from geo.importing.cells.numbers import as_count, as_metres, as_record
from geo.importing.cells.periods import as_period, from_january, says_cumulative
from geo.importing.cells.places import as_pair, as_point
from geo.importing.cells.words import as_code, as_flag, as_said, as_term, as_text, as_ward_code

__all__ = [
    "CellError",
    "as_code",
    "as_count",
    "as_day",
    "as_degrees",
    "as_flag",
    "as_metres",
    "as_pair",
    "as_period",
    "as_point",
    "as_record",
    "as_said",
    "as_term",
    "as_text",
    "as_ward_code",
    "from_january",
    "says_cumulative",
]
