"""Hoàng Sa and Trường Sa, as every map of Việt Nam shows them that reaches so far over the sea."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.i18n.language import Lang


def islands(lang: Lang) -> list[dict[str, Any]]:
    """The two archipelagos: `name` in a language, `at` (latitude, longitude) of the name, `dots` of the islands.

    None where the data set has no `base/islands.geojson`.
    """
    path = settings.data_dir() / "base" / "islands.geojson"
    return [{**row, "name": row["name"][lang]} for row in _read(path)]


def islands_within(lang: Lang, box: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """The archipelagos of which an island lies in `box` (west, south, east, north; degrees WGS 84)."""
    west, south, east, north = box
    return [
        row for row in islands(lang) if any(south <= lat <= north and west <= lon <= east for lat, lon in row["dots"])
    ]


@cache
def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    features = json.loads(path.read_text("utf-8"))["features"]
    return [
        {
            "name": {"vi": row["properties"]["name"], "en": row["properties"]["name_en"]},
            "at": row["properties"]["at"],
            "dots": [[lat, lon] for lon, lat in row["geometry"]["coordinates"]],
        }
        for row in features
    ]
