"""A layer of a drawing: GDAL has all of a drawing in one, with the name of the drawing's own layer in a column."""

from __future__ import annotations

import numpy as np

from geo.i18n.message import quoted
from geo.importing.geometries.model import Features, Layer, unusable


def cad_layer(layer: Layer, name: str, where: str) -> Layer:
    """The features of a drawing that lie in one layer of it.

    Raises
    ------
    InputError
        The drawing has no such layer.
    """
    features = layer.read()
    names = [str(value) for value in features.columns.get("Layer", [])]
    rows = [row for row, value in enumerate(names) if value.casefold() == name.strip().casefold()]
    if not rows:
        raise unusable("importing.no-such-layer", where, name=name, layers=quoted(list(dict.fromkeys(names))[:20]))
    own = Features(
        geometries=features.geometries[np.array(rows)],
        columns={column: [values[row] for row in rows] for column, values in features.columns.items()},
        declared=features.declared,
        unreadable={rows.index(row): why for row, why in features.unreadable.items() if row in rows},
        rows=[features.number(row) for row in rows],
        notes=features.notes,
    )
    return Layer(names[rows[0]], len(rows), layer.holds, layer.columns, lambda: own, lines_only=True)
