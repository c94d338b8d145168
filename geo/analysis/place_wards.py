"""The wards of placed candidates: metre by metre for lines, by area for surfaces, those within reach for points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geo.analysis.crossings.kinds import one_kind_each
from geo.analysis.crossings.table import cross
from geo.reference.geojson import feature
from geo.reference.places.candidate import Candidate, Kind
from geo.reference.places.place_index import PlaceIndex
from geo.reference.places.search import Answer
from geo.spatial.edge_index_cache import cached_index
from geo.spatial.lookup import OUTSIDE
from geo.spatial.measure import Ellipsoid

SMALLEST_SHARE = 0.005
"""A ward with less of an area than this is the two sources' disagreement about a border."""
REACH_M = 30.0
"""Wards this near to a junction meet there."""


def collection(answer: Answer, index: PlaceIndex) -> dict[str, Any]:
    """An answer as a GeoJSON FeatureCollection: the candidates of every part, best first, with their wards.

    Beside `features` it says `query`, `city`, `sure`, and for each part `text`, how many `candidates` it has, what was
    `understood` and which names are `nearest`.
    """
    rows = [(number, part, candidate) for number, part in enumerate(answer.parts) for candidate in part.candidates]
    wards = wards_of([candidate for _, _, candidate in rows], index)
    features = []
    for (number, part, candidate), own in zip(rows, wards, strict=True):
        record = candidate.record(index.city.province_code)
        head = {"description": part.text, "part": number + 1, "kind": record.pop("kind"), "name": record.pop("name")}
        sizes = {"length_m": record.pop("length_m"), "accuracy_m": record.pop("accuracy_m")}
        features.append(feature({**head, **sizes, "wards": own, **record}))
    parts = [
        {
            "text": part.text,
            "candidates": len(part.candidates),
            "understood": list(map(str, part.understood)),
            "nearest": list(part.nearest),
        }
        for part in answer.parts
    ]
    head = {"type": "FeatureCollection", "query": answer.text, "city": answer.city.slug, "sure": answer.sure}
    source = {"attribution": index.attribution} if index.attribution else {}
    return {**head, **source, "parts": parts, "features": features}


def wards_of(candidates: Sequence[Candidate], index: PlaceIndex) -> list[list[dict[str, Any]]]:
    """For each candidate `code`, `name` and `length_m` of the wards it meets, in the order of the way or by size."""
    lines = [row for row, candidate in enumerate(candidates) if _is_line(candidate)]
    found: list[list[dict[str, Any]]] = [[] for _ in candidates]
    if lines:
        shapes = [_sound(candidates[row].lonlat(index.city.province_code)) for row in lines]
        one_kind = one_kind_each(np.array(shapes, dtype=object), [str(row) for row in lines])
        table = cross(one_kind, cached_index(index.register.shapes), Ellipsoid())
        rows = zip(table.site.tolist(), table.ward.tolist(), table.length_m.tolist(), strict=True)
        for site, ward, length in rows:
            if ward != OUTSIDE:  # a road may lead out of the city: those metres are of none of its wards
                found[lines[site]].append(_ward(index, index.register.wards[ward].code, length))
        for row in lines:
            found[row] = _scaled(found[row], candidates[row])
    for row, candidate in enumerate(candidates):
        if not _is_line(candidate):
            found[row] = [_ward(index, code, 0.0) for code in _codes_at(candidate, index)]
    return found


def _sound(line: Any) -> Any:
    """A line without the pieces that are no longer than nothing: streets that are merged can leave some."""
    parts = shapely.get_parts(line)
    return shapely.union_all(parts[shapely.length(parts) > 0]) if (shapely.length(parts) == 0).any() else line


def _is_line(candidate: Candidate) -> bool:
    return bool(shapely.get_dimensions(candidate.geometry) == 1)


def _scaled(wards: list[dict[str, Any]], candidate: Candidate) -> list[dict[str, Any]]:
    """Of a road that is given as its carriageways the metres of its ways, by its own length."""
    drawn = float(candidate.geometry.length)
    share = candidate.length_m / drawn if drawn and candidate.length_m else 1.0
    if abs(share - 1.0) < 0.01:
        return wards
    return [{**ward, "length_m": round(ward["length_m"] * share, 1)} for ward in wards]


def _codes_at(candidate: Candidate, index: PlaceIndex) -> list[str]:
    shapes = index.ward_shapes
    if candidate.kind is Kind.AREA:
        parts = {code: float(shapely.intersection(candidate.geometry, shape).area) for code, shape in shapes.items()}
        whole = max(float(candidate.geometry.area), 1e-9)
        codes = [code for code, area in parts.items() if area / whole > SMALLEST_SHARE]
        return sorted(codes, key=lambda code: (-parts[code], code)) or _nearest(candidate, index, REACH_M)
    reach = max(REACH_M, min(candidate.accuracy_m, 60.0)) if candidate.kind is Kind.JUNCTION else 0.0
    return _nearest(candidate, index, reach)


def _nearest(candidate: Candidate, index: PlaceIndex, reach_m: float) -> list[str]:
    codes = list(index.ward_shapes)
    distance = shapely.distance(np.array(list(index.ward_shapes.values()), dtype=object), candidate.geometry)
    return [codes[row] for row in np.argsort(distance, kind="stable") if distance[row] <= reach_m]


def _ward(index: PlaceIndex, code: str, length_m: float) -> dict[str, Any]:
    return {"code": code, "name": index.register.by_code(code).full_name, "length_m": round(length_m, 1)}
