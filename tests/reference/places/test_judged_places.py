"""Places in words against the layers from which the streets were made, read by other means than this project's code.

`judged_descriptions.csv`: wording of our own, and where it lies as the published layers have it (OpenStreetMap of 2021,
of Hà Nội also of 2025, where they differ the newer one): `points` (longitude,latitude), each of which has to lie within
`tolerance_m` of the place. How the points were taken (`layers`): W the two farthest vertices of a street's ways and one
between them, W2 those of two streets; S where a street meets the first and the second limit, and a vertex between them;
J where two streets come within 12 m of each other; B and N the ways of a bridge and of a lane; P a point of interest;
L the middle of a lake; H a house number within 25 m of the street; K a bus stop that bears the kilometre.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import shapely

from geo.reference.cities import city
from geo.reference.crs import to_metric
from geo.reference.places.candidate import Candidate
from geo.reference.places.search import find_in_cities

with (Path(__file__).parent / "judged_descriptions.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
ANY_POINT = ("junction", "point", "area")
"""Kinds of which one of the points is enough: streets that meet twice have two."""


def is_right(row: dict[str, str], candidate: Candidate, province_code: str) -> bool:
    lonlat = [shapely.Point(*map(float, pair.split(","))) for pair in row["points"].split()]
    points = to_metric(np.array(lonlat, dtype=object), province_code)
    kind, reach = row["kind"], float(row["tolerance_m"])
    apart = shapely.distance(candidate.geometry, points)
    if kind not in ("any", candidate.kind.value) or (apart.min() if kind in ANY_POINT else apart.max()) > reach:
        return False
    ends = shapely.get_parts(shapely.boundary(candidate.geometry)) if kind == "stretch" else points[[0, -1]]
    return len(ends) == 2 and any(
        shapely.distance(ends, limits).max() <= reach for limits in (points[[0, -1]], points[[-1, 0]])
    )


def test_judged_descriptions_are_placed_and_none_is_wrong_in_silence() -> None:
    """Of 71 descriptions 67 have the right place as the one sure answer, 4 as the first of several."""
    sure, first, silent, wrong = [], [], [], []
    for row in ROWS:
        answer, index = find_in_cities(row["text"], city(row["city"]))
        own = next((part.candidates[0] for part in answer.parts if part.candidates), None)
        right = own is not None and is_right(row, own, index.city.province_code)
        (sure if right and answer.sure else first if right else silent if answer.sure else wrong).append(row["text"])
    assert silent == []
    assert len(ROWS) >= 60
    assert len(sure) >= 64, first
    assert len(wrong) <= 3, wrong
