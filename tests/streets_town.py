"""A small town, drawn in metres, as ways and as the files that street networks come in."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import shapely

from geo.reference.crs import to_wgs84

EAST, NORTH = 585_000.0, 2_325_000.0


@dataclass(frozen=True)
class Way:
    """A way: metres east and north of the town's origin, and its tags."""

    xy: tuple[tuple[float, float], ...]
    tags: dict[str, str] = field(default_factory=dict)


def way(*xy: tuple[float, float], **tags: str) -> Way:
    return Way(xy, {"highway": "primary", **{k.replace("__", ":"): v for k, v in tags.items()}})


# Đường Thử runs east for a kilometre, 20 m between its carriageways; its middle is y = 0.
TOWN = (
    way((0, -10), (300, -10), (500, -10), name="Đường Thử", oneway="yes"),
    way((500, -10), (700, -10), (1000, -10), name="Đường Thử", oneway="yes"),
    way((1000, 10), (700, 10), (500, 10), name="Đường Thử", oneway="yes"),
    way((500, 10), (300, 10), (0, 10), name="Đường Thử", oneway="yes"),
    way((300, -200), (300, -10), (300, 10), (300, 200), name="Phố Một", highway="tertiary"),
    way((700, -200), (700, -10), (700, 10), (700, 200), name="Đường Hai", highway="tertiary"),
    way((500, -10), (500, 10), highway="primary_link"),
    way((480, 40), (520, 40), name="Phố Bờ Sông", highway="residential", bridge="yes", bridge__name="Cầu Ba"),
    # Phố Đơn: one carriageway, a bridge of another name in it, a gap of 60 m before its last piece.
    way((300, 200), (400, 200), name="Phố Đơn", highway="residential"),
    way((400, 200), (430, 200), name="Cầu Gỗ - Phố Đơn", highway="residential", bridge="yes"),
    way((430, 200), (500, 200), name="Phố Đơn", highway="residential"),
    way((560, 200), (700, 200), name="Phố Đơn", highway="residential"),
    way((0, 400), (100, 400), name="Đường Đôi", highway="tertiary"),
    way((0, 900), (300, 900), name="Phố Đôi", highway="tertiary"),
    way((0, 1000), (1000, 1000), name="Đường Xa", highway="trunk", ref="QL.99;ĐT.7"),
)


def lonlat(xy: tuple[tuple[float, float], ...]) -> shapely.LineString:
    metric = shapely.LineString(np.add(xy, (EAST, NORTH)))
    return shapely.transform(to_wgs84(np.array([metric], dtype=object), "01")[0], lambda c: np.round(c, 7))


def frame(ways: tuple[Way, ...] = TOWN, columns: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
    names = columns or ("name", "highway", "ref", "bridge", "bridge:name", "oneway")
    table = {name.replace(":", "_"): [w.tags.get(name) for w in ways] for name in names}
    return gpd.GeoDataFrame(table, geometry=[lonlat(w.xy) for w in ways], crs="EPSG:4326")


def write(path: Path, ways: tuple[Way, ...] = TOWN) -> Path:
    """Write the ways in the format that the suffix names."""
    if path.name.endswith(".pbf"):
        path.write_bytes(_pbf(ways))
    elif path.suffix == ".osm":
        path.write_text(_xml(ways), encoding="utf-8")
    elif path.suffix == ".parquet":
        frame(ways).to_parquet(path)
    else:
        frame(ways).to_file(path)
    return path


def _nodes(ways: tuple[Way, ...]) -> tuple[dict[tuple[float, float], int], list[list[int]]]:
    ids: dict[tuple[float, float], int] = {}
    refs = [
        [ids.setdefault((x, y), len(ids) + 1) for x, y in shapely.get_coordinates(lonlat(w.xy)).tolist()] for w in ways
    ]
    return ids, refs


def _xml(ways: tuple[Way, ...]) -> str:
    ids, refs = _nodes(ways)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [f'<node id="{n}" lat="{y:.7f}" lon="{x:.7f}" version="1"/>' for (x, y), n in ids.items()]
    for number, (w, nodes) in enumerate(zip(ways, refs, strict=True), start=1):
        lines.append(f'<way id="{number}" version="1">')
        lines += [f'<nd ref="{n}"/>' for n in nodes]
        lines += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in w.tags.items()]
        lines.append("</way>")
    return "\n".join([*lines, "</osm>"])


# The little of Protocol Buffers that an .osm.pbf needs (https://wiki.openstreetmap.org/wiki/PBF_Format).


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _int(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _deltas(values: list[int]) -> bytes:
    return b"".join(_zigzag(b - a) for a, b in zip([0, *values], values, strict=False))


def _blob(kind: str, content: bytes) -> bytes:
    blob = _bytes(1, content) + _int(2, len(content))
    header = _bytes(1, kind.encode()) + _int(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _pbf(ways: tuple[Way, ...]) -> bytes:
    ids, refs = _nodes(ways)
    texts = ["", *sorted({text for w in ways for pair in w.tags.items() for text in pair})]
    strings = b"".join(_bytes(1, text.encode()) for text in texts)
    dense = _bytes(1, _deltas(list(ids.values())))
    dense += _bytes(8, _deltas([round(y * 1e7) for _, y in ids]))
    dense += _bytes(9, _deltas([round(x * 1e7) for x, _ in ids]))
    groups = _bytes(2, _bytes(2, dense))
    body = b""
    for number, (w, nodes) in enumerate(zip(ways, refs, strict=True), start=1):
        keys = b"".join(_varint(texts.index(key)) for key in w.tags)
        values = b"".join(_varint(texts.index(value)) for value in w.tags.values())
        body += _bytes(3, _int(1, number) + _bytes(2, keys) + _bytes(3, values) + _bytes(8, _deltas(nodes)))
    groups += _bytes(2, body)
    header = _bytes(4, b"OsmSchema-V0.6") + _bytes(4, b"DenseNodes")
    return _blob("OSMHeader", header) + _blob("OSMData", _bytes(1, strings) + groups)
