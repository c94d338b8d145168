"""A few streets in the middle of Đà Nẵng, made up, as a folder of layers and as a file of OpenStreetMap (.osm)."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import shapely

WEST, SOUTH, STEP = 108.205, 16.055, 0.003
STREETS = {
    "Đường Ban Mai": [(0, 2), (8, 2)],
    "Đường Hoa Sen": [(0, 4), (8, 4)],
    "Đường Cây Đa": [(2, 0), (2, 6)],
    "Đường Bến Nước": [(6, 0), (6, 6)],
}
RIVER = [(9, 0), (9, 3), (9, 6)]
POINTS = {"Bệnh viện Thử Nghiệm": ("hospital", (3, 3)), "Trường Tiểu học Ban Mai": ("school", (5, 3))}
LOCALITY = ("Xóm Thử", (7, 5))


def _place(at: tuple[float, float]) -> tuple[float, float]:
    return round(WEST + at[0] * STEP, 7), round(SOUTH + at[1] * STEP, 7)


def _along(ends: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Every step of a street is a vertex, so that crossing streets share them."""
    (x0, y0), (x1, y1) = ends
    steps = max(abs(x1 - x0), abs(y1 - y0))
    return [_place((x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps)) for n in range(steps + 1)]


def write_layers(folder: Path, slug: str) -> Path:
    """The layers as `geo.reference.build` reads them; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [shapely.LineString(_along(ends)) for ends in STREETS.values()]
    names = list(STREETS)
    _write(folder / f"{slug}_streets_osm2026.parquet", {"name": names, "highway": ["primary"] * len(names)}, lines)
    river = shapely.LineString([_place(at) for at in RIVER])
    _write(folder / f"{slug}_waterways_osm2026.parquet", {"name": ["Sông Thử"], "class": ["river"]}, [river])
    water = {"name": ["Sông Thử"], "class": ["river"]}
    _write(folder / f"{slug}_water_osm2026.parquet", water, [river.buffer(0.001)])
    kinds = [kind for kind, _ in POINTS.values()]
    spots = [shapely.Point(_place(at)) for _, at in POINTS.values()]
    _write(folder / f"{slug}_pois_osm2026.parquet", {"name": list(POINTS), "class": kinds, "subclass": kinds}, spots)
    place = {"name": [LOCALITY[0]], "class": ["hamlet"]}
    _write(folder / f"{slug}_places_osm2026.parquet", place, [shapely.Point(_place(LOCALITY[1]))])
    return folder


def _write(file: Path, columns: dict[str, list[str]], shapes: list[shapely.Geometry]) -> None:
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_parquet(file)


def write_osm(file: Path) -> Path:
    """The same as OpenStreetMap XML; returns the file."""
    nodes: dict[tuple[float, float], int] = {}
    ways: list[str] = []
    for name, ends in STREETS.items():
        ways.append(_way(1000 + len(ways), _along(ends), nodes, {"highway": "primary", "name": name}))
    ways.append(_way(1900, [_place(at) for at in RIVER], nodes, {"waterway": "river", "name": "Sông Thử"}))
    tagged = [
        _node(5000 + n, _place(at), {"amenity": kind, "name": name})
        for n, (name, (kind, at)) in enumerate(POINTS.items())
    ]
    tagged.append(_node(5900, _place(LOCALITY[1]), {"place": "hamlet", "name": LOCALITY[0]}))
    tagged.append(_node(5901, _place((4, 2.05)), {"addr:housenumber": "17"}))
    bare = [_node(number, at, {}) for at, number in nodes.items()]
    file.write_text(f'<osm version="0.6">{"".join([*bare, *tagged, *ways])}</osm>', encoding="utf-8")
    return file


def _way(
    number: int, places: list[tuple[float, float]], nodes: dict[tuple[float, float], int], tags: dict[str, str]
) -> str:
    refs = "".join(f'<nd ref="{nodes.setdefault(at, len(nodes) + 1)}"/>' for at in places)
    return f'<way id="{number}" version="1">{refs}{_tags(tags)}</way>'


def _node(number: int, at: tuple[float, float], tags: dict[str, str]) -> str:
    return f'<node id="{number}" version="1" lon="{at[0]}" lat="{at[1]}">{_tags(tags)}</node>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
