"""A `Drawing` as compact JSON for the page: coordinates as whole numbers, each the step from the one before."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.output.maps.drawing.drawing import Card, Feature, Layer, Mark
from geo.output.shared.theme import AreaStyle, LineStyle, Style

Json = dict[str, Any]

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def script_json(value: Any) -> str:
    """`value` as JSON that may stand inside a `<script>`: no tag can open or close in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def encode_layer(layer: Layer) -> Json:
    """A layer for `diaban.layer` (`layers.js`): its styles and the texts of its cards once each, then features.

    Coordinates are latitude, longitude, in steps of 10^-`decimals` degrees, as differences along each line or ring;
    those of all features are `packed` together. A card's texts are places in `words`.
    """
    styles = {feature.style.name: feature.style for feature in layer.features}
    words: dict[str, int] = {}
    shapes = [coordinates(feature.geometry, layer.decimals) for feature in layer.features]
    kinds = [kind for kind, _ in shapes]
    features = [_feature(feature, kind, words) for feature, kind in zip(layer.features, kinds, strict=True)]
    return {
        "key": layer.key,
        "label": layer.label,
        "scale": 10**layer.decimals,
        "tabbed": layer.tabbed,
        "pane": f"{layer.pane}-{layer.side}" if layer.side else layer.pane,
        "styles": {name: style_json(style) for name, style in styles.items()},
        "words": list(words),
        "packed": packed([places for _, places in shapes]),
        "features": features,
    }


def style_json(style: Style) -> Json:
    """Leaflet's path options for a style; a hatched area is filled with the pattern of `hatches`."""
    if isinstance(style, LineStyle):
        options: Json = {"color": style.colour, "weight": style.width, "casing": style.casing, "fill": False}
        return options | _dash(style.dash)
    options = {"color": style.stroke, "weight": style.width, "fillColor": style.fill}
    if isinstance(style, AreaStyle):
        fill = {"fillColor": f"url(#hatch-{style.name})"} if style.hatch else {}
        return options | fill | _dash(style.dash)
    return options | {"radius": style.radius}


def coordinates(geometry: BaseGeometry, decimals: int) -> tuple[str, Any]:
    """A geometry's kind (`area`, `line`, `point`) and its coordinates: parts of rings, parts, or points."""
    kind = geometry.geom_type.removeprefix("Multi")
    parts = shapely.get_parts(geometry)
    if kind == "Polygon":
        return "area", [[_steps(ring, decimals) for ring in shapely.get_rings(part)] for part in parts]
    if kind in ("LineString", "LinearRing"):
        return "line", [_steps(part, decimals) for part in parts]
    if kind == "Point":
        return "point", [_steps(part, decimals) for part in parts]
    raise TypeError(f"a map draws points, lines and areas, not a {geometry.geom_type}")


def packed(value: Any) -> str:
    """`value` as JSON, gzipped, as base64: half the room of figures as text. The same value gives the same text."""
    text = json.dumps(value, separators=(",", ":")).encode("ascii")
    return base64.b64encode(gzip.compress(text, 6, mtime=0)).decode("ascii")


def _steps(line: BaseGeometry, decimals: int) -> list[int]:
    places = np.rint(shapely.get_coordinates(line)[:, ::-1] * 10**decimals).astype(np.int64)
    moved = np.r_[True, np.any(np.diff(places, axis=0) != 0, axis=1)]
    steps: list[int] = np.diff(places[moved], axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    return steps


def _feature(feature: Feature, kind: str, words: dict[str, int]) -> Json:
    coded: Json = {"id": feature.id, "kind": kind, "style": feature.style.name}
    if feature.card:
        coded["card"] = _card(feature.card, words)
    if feature.mark:
        coded["mark"] = _mark(feature.mark)
    if feature.aliases:
        coded["aliases"] = list(feature.aliases)
    return coded


def _mark(mark: Mark) -> list[Any]:
    return [round(mark.lat, 5), round(mark.lon, 5), mark.text, mark.kind, round(mark.reach_m)]


def _card(card: Card, words: dict[str, int]) -> Json:
    def place(text: str) -> int:
        return words.setdefault(text, len(words))

    full: Json = {
        "title": card.title,
        "subtitle": [place(card.subtitle)] if card.subtitle else [],
        "brief": [place(line) for line in card.brief],
        "facts": [[fact.key, place(fact.value)] for fact in card.facts],
        "tables": [{"head": t.head, "rows": [[place(c) for c in row] for row in t.rows]} for t in card.tables],
        "notes": [place(note) for note in card.notes],
        "links": [[link.key, link.href] for link in card.links],
    }
    return _filled(full)


def _filled(fields: Mapping[str, Any]) -> Json:
    return {key: value for key, value in fields.items() if value}


def _dash(dash: tuple[float, ...]) -> Json:
    return {"dashArray": " ".join(f"{length:g}" for length in dash)} if dash else {}
