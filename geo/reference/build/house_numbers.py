"""House numbers, each with the street at which it lies: the layer of numbers names none."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.reference.streets.search import base

REACH_M = 45.0
"""A number farther than this from every named street is left out."""
LANES = re.compile(r"^(?:ngõ|ngách|hẻm|kiệt|ngo|ngach|kiet)\b", re.I)
_PLAIN = re.compile(r"^(\d{1,4})[A-Za-z]?$")


def house_numbers(points: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Numbers (`housenumber`) at their nearest named street, lanes and motorways left out; both layers in metres.

    A number with a stroke ('12/5') lies in a lane and is left out, as is one that lies nearer to a named lane.

    Returns rows of `kind` ('number'), `name` (the number), `street`, `number`, `geometry`.
    """
    plain = points["housenumber"].astype(str).str.strip().str.extract(_PLAIN.pattern)[0]
    held = plain.notna().to_numpy()
    spots = np.asarray(points.geometry.values, dtype=object)[held]
    names = streets["name"].to_numpy(dtype=object)
    usable = (names != "") & ~streets["highway"].isin(["motorway", "motorway_link"]).to_numpy()
    lines = np.asarray(streets.geometry.values, dtype=object)[usable]
    own = names[usable]
    rows, near = shapely.STRtree(lines).query_nearest(spots, max_distance=REACH_M, all_matches=False)
    street = own[near]
    main = np.array([not LANES.match(name) and not base(name).startswith("cầu ") for name in street], dtype=bool)
    numbers = plain[held].to_numpy(dtype=object)[rows]
    table = {"kind": "number", "name": numbers, "street": street, "number": numbers.astype(float)}
    return pd.DataFrame({**table, "geometry": spots[rows]})[main].reset_index(drop=True)
