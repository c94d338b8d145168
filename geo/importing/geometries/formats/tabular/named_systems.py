"""The coordinate system that a table of places names: in its headings, above them, or in a column of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.tabular.second_places import cell_of
from geo.importing.geometries.model import Features
from geo.importing.geometries.systems.declared import named_crs
from geo.importing.geometries.systems.worded import OF_HEADING, worded_crs
from geo.importing.headings import heading_key
from geo.importing.headings.systems import NamedSystem, system_of
from geo.importing.tables import Row
from geo.importing.tables.model import is_blank

_COLUMNS = ("srid", "crs", "epsg", "he toa do", "coordinate system", "epsg code")
_LARGEST_DEGREE = 180.0


def with_named_system(
    features: Features, headings: Sequence[str], rows: Sequence[Row], texts: Sequence[str], where: str
) -> Features:
    """The features, declared to be in the system that the table names; one that is open has to be asked for.

    `headings` and `rows` are those of the table; `texts`: the headings of the places, and what stands above them; notes
    below the rows count as well.

    Raises
    ------
    InputError
        A column names several systems, or one that is not known.
    """
    named = _of_column(headings, rows, where) or system_of([*texts, *_notes(headings, rows)])
    if named is None or features.declared is not None:
        return features
    xy = shapely.get_coordinates(features.geometries[~shapely.is_missing(features.geometries)])
    are_degrees = len(xy) > 0 and bool((np.abs(xy) <= _LARGEST_DEGREE).all())
    crs = worded_crs(named) or (named.in_degrees if are_degrees else "")
    if not crs:
        return replace(features, is_assumed=False, worded=named)
    declared = named_crs(crs, where, "importing.crs-unknown")
    note = Message(OF_HEADING, text=named.text, crs=declared.name)
    return replace(features, declared=declared, notes=(note, *features.notes))


def _notes(headings: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Texts that stand alone in their row, as notes below a table do."""
    if len(headings) < 2:
        return []
    filled = ([cell for cell in row.cells if not is_blank(cell)] for row in rows)
    return [str(cells[0]) for cells in filled if len(cells) == 1]


def _of_column(headings: Sequence[str], rows: Sequence[Row], where: str) -> NamedSystem | None:
    for index, heading in enumerate(headings):
        if heading_key(heading) not in _COLUMNS:
            continue
        cells = (cell_of(row, index) for row in rows)
        said = list(dict.fromkeys(str(cell).strip().removesuffix(".0") for cell in cells if cell is not None))
        said = [text for text in said if text not in ("", "0")]
        if len(said) > 1:
            raise InputError(Problem("importing.several-systems", where, systems=said[:5]))
        if said:
            text = f"EPSG:{said[0]}" if said[0].isdigit() else said[0]
            return system_of([text])
    return None
