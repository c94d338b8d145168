"""How the base under the maps looks: what is painted in which order, and which names are written, from `theme.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.errors import InputError, Problem

_COLOUR = re.compile(r"#[0-9a-f]{6}")
Stops = tuple[tuple[float, float], ...]
"""A size by zoom: (zoom, CSS pixels), linear between."""


@dataclass(frozen=True, slots=True)
class Paint:
    """One coat: the `kinds` of a layer as areas (`fill`) or lines (`colour`, `width`, `dash`, an edge in `casing`)."""

    layer: str
    kinds: tuple[str, ...]
    first: float = 0.0
    fill: str = ""
    colour: str = ""
    casing: str = ""
    width: Stops = ()
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """How the names of the `kinds` of a layer are written: from which zoom to which, size in CSS pixels, colour."""

    layer: str
    kinds: tuple[str, ...]
    first: float
    size: float
    colour: str
    last: float = 99.0
    italic: bool = False


@dataclass(frozen=True, slots=True)
class BaseLook:
    """The whole look: colour of the ground, of the edge round letters, coats from the bottom up, names by rank."""

    ground: str
    halo: str
    paint: tuple[Paint, ...]
    names: tuple[Naming, ...]

    def json(self) -> dict[str, Any]:
        """The look as the scripts of a page take it."""
        return {
            "ground": self.ground,
            "halo": self.halo,
            "paint": [_filled(coat) for coat in self.paint],
            "names": [_filled(naming) for naming in self.names],
        }


def width_at(stops: Stops, zoom: float) -> float:
    """A size at a zoom.

    >>> width_at(((10, 1.0), (12, 3.0)), 11)
    2.0
    """
    zooms, sizes = zip(*stops, strict=True)
    return float(np.interp(zoom, zooms, sizes))


def read_look(raw: Mapping[str, Any]) -> BaseLook:
    """The look of the theme's table `base`; `InputError` for what is no colour, KeyError or TypeError for a field."""
    return BaseLook(
        ground=_colour(raw["ground"]),
        halo=_colour(raw["halo"]),
        paint=tuple(_paint(row) for row in raw["paint"]),
        names=tuple(_naming(row) for row in raw["name"]),
    )


def _paint(row: Mapping[str, Any]) -> Paint:
    fields = dict(row)
    for key in ("fill", "colour", "casing"):
        if key in fields:
            _colour(fields[key])
    fields["kinds"] = tuple(fields["kinds"])
    fields["width"] = tuple((float(zoom), float(size)) for zoom, size in fields.get("width", ()))
    fields["dash"] = tuple(fields.get("dash", ()))
    return Paint(**fields)


def _naming(row: Mapping[str, Any]) -> Naming:
    fields = dict(row)
    _colour(fields["colour"])
    fields["kinds"] = tuple(fields["kinds"])
    return Naming(**fields)


def _filled(part: Paint | Naming) -> dict[str, Any]:
    fields = {name: getattr(part, name) for name in type(part).__slots__}
    return {name: value for name, value in fields.items() if value not in ("", (), 0.0, 99.0, False)}


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise InputError(Problem("output.not-a-colour", text=text))
    return text


def kinds_of(paint: Sequence[Paint]) -> set[tuple[str, str]]:
    """Every (layer, kind) that is painted."""
    return {(coat.layer, kind) for coat in paint for kind in coat.kinds}
