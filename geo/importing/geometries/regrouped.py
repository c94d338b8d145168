"""Layers as their author meant them: one of a drawing, which GDAL has in one layer; folders of a document as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import quoted
from geo.importing.geometries.model import Features, Geometries, Layer, unusable
from geo.importing.geometries.properties import field_of, text_of

_SAME, _SAME_M = 2e-6, 0.2
"""Lines so near to each other are the same, in degrees and metres: decimals that writing cut off."""
_SAME_SHARE = 1e-4
"""Areas that differ by so little of the one are the same."""
_DEGREES = 360.0


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
        passed=features.passed,
        rows=[features.number(row) for row in rows],
        notes=features.notes,
    )
    return Layer(names[rows[0]], len(rows), layer.holds, layer.columns, lambda: own, lines_only=True)


def joined(layers: Sequence[Layer], where: str) -> Layer:
    """The features of several layers in one, numbered through; a name that layers share gets its layer's before it.

    Raises
    ------
    InputError
        The layers are in different coordinate systems.
    """
    parts = [layer.read() for layer in layers]
    first = parts[0]
    if any((part.declared, part.is_wgs84) != (first.declared, first.is_wgs84) for part in parts):
        raise unusable("importing.layers-differ", where, layers=quoted(layer.name for layer in layers))
    fields = list(dict.fromkeys(chain.from_iterable(part.columns for part in parts)))
    columns = {name: [value for part in parts for value in _column(part, name)] for name in fields}
    named = field_of(fields, ("name",))
    if named is not None:
        columns[named] = _apart(layers, [_column(part, named) for part in parts])
    count, starts = sum(len(part.geometries) for part in parts), zip(_starts(parts), parts, strict=True)
    passed = list(chain.from_iterable(part.passed.values() for part in parts))
    features = Features(
        geometries=np.concatenate([part.geometries for part in parts]),
        columns=columns,
        ids=_ids(parts),
        declared=first.declared,
        is_wgs84=first.is_wgs84,
        is_assumed=any(part.is_assumed for part in parts),
        unreadable={start + row: why for start, part in starts for row, why in part.unreadable.items()},
        passed={count + number: why for number, why in enumerate(passed, start=1)},
        notes=tuple(dict.fromkeys(chain.from_iterable(part.notes for part in parts))),
    )
    name = ", ".join(layer.name for layer in layers)
    holds = frozenset(chain.from_iterable(layer.holds for layer in layers))
    return Layer(name, count + len(passed), holds, tuple(fields), lambda: features)


def without_repeated(layers: Sequence[Layer]) -> list[Layer]:
    """The layers without those whose lines all lie on lines before, or whose areas together are those of one before.

    That is the same route or area again, or cut in parts.
    """
    taken: list[Layer] = []
    lines, areas = list[BaseGeometry](), list[BaseGeometry]()
    for layer in layers:
        own, covered = _parts(layer.read().geometries, 1), _parts(layer.read().geometries, 2)
        if own and lines and _lie_on(own, lines):
            continue
        whole = shapely.union_all(shapely.make_valid(covered)) if covered else None
        if whole is not None and any(_are_same(whole, other) for other in areas):
            continue
        taken.append(layer)
        lines += own
        areas += [] if whole is None else [whole]
    return taken


def _parts(geometries: Geometries, dimension: int) -> list[BaseGeometry]:
    """The parts of lines (1) or areas (2); none where there is anything else."""
    parts = shapely.get_parts(geometries[~shapely.is_missing(geometries)])
    is_such = shapely.get_dimensions(parts) == dimension
    return list(parts) if is_such.all() else []


def _are_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(shapely.symmetric_difference(one, other).area <= _SAME_SHARE * one.area)


def _lie_on(own: Sequence[BaseGeometry], lines: Sequence[BaseGeometry]) -> bool:
    """Whether every vertex of lines, and the middle between each two, lies on one of the other lines."""
    places = np.concatenate([_places(shapely.get_coordinates(line)) for line in own])
    near = _SAME_M if np.abs(places).max() > _DEGREES else _SAME
    found = shapely.STRtree(lines).query_nearest(shapely.points(places), max_distance=near, all_matches=False)
    return len(np.unique(found[0])) == len(places)


def _places(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([xy, 0.5 * (xy[1:] + xy[:-1])])


def _column(part: Features, name: str) -> list[Any]:
    return part.columns.get(name) or [None] * len(part.geometries)


def _apart(layers: Sequence[Layer], names: Sequence[Sequence[Any]]) -> list[Any]:
    """The names of all layers, those that several layers have with their layer's."""
    counted = Counter(chain.from_iterable({text_of(name) for name in own} for own in names))
    return [
        f"{layer.name}: {text_of(name)}" if counted[text_of(name)] > 1 and text_of(name) else name
        for layer, own in zip(layers, names, strict=True)
        for name in own
    ]


def _ids(parts: Sequence[Features]) -> list[Any] | None:
    ids = [part.ids for part in parts]
    return None if any(own is None for own in ids) else [value for own in ids for value in own or ()]


def _starts(parts: Sequence[Features]) -> list[int]:
    return list(accumulate((len(part.geometries) for part in parts[:-1]), initial=0))
