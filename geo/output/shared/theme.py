"""The look that all maps share: colours, line styles, hatches and words, read from `theme.toml`.

Each class differs from its neighbours in lightness and in a pattern, dash or width, so that it survives
colour-blindness and a black-and-white printer; `lightness` is the measure that the tests hold it to.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.output.shared.base_look import BaseLook, read_look
from geo.output.shared.looks.own_styles import AreaStyles, LineStyles, Texts
from geo.output.shared.looks.styles import AreaStyle, Hatch, Label, LineStyle, PointStyle, Style
from geo.output.shared.looks.turns import turns
from geo.reference.programmes import Programme

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "AreaStyle",
    "Hatch",
    "Label",
    "LineStyle",
    "PointStyle",
    "Style",
    "Theme",
    "lightness",
    "read_theme",
    "rule_label",
    "theme",
]

_FILE = Path(__file__).with_name("theme.toml")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_HATCHES = ("diagonal", "cross", "dots")


@dataclass(frozen=True, slots=True)
class Theme:
    """Styles by name (`areas['pilot']`, `lines['active']`), stretches in turn, words, source links, the base."""

    areas: Mapping[str, AreaStyle]
    lines: Mapping[str, LineStyle]
    points: Mapping[str, PointStyle]
    stretches: tuple[LineStyle, ...]
    texts: Mapping[str, Label]
    links: Mapping[str, str]
    base: BaseLook

    def text(self, key: str) -> Label:
        """The words for `key` (`legend`, `population`, …); a key that the file lacks is a `KeyError`."""
        return self.texts[key]


def rule_label(rule: str, programme: Programme) -> Label:
    """What an alert says by a rule, in the words of the programme where it has some."""
    own = getattr(programme.words, f"rule_{rule}", None)
    return Label(own.vi, own.en) if own else theme().text(f"rule_{rule}")


@cache
def theme() -> Theme:
    """The theme of `theme.toml`.

    Raises
    ------
    DataFileMissingError, InputError
        The file is not there, is not TOML, or a style lacks a field or names no colour or hatch.
    """
    return read_theme(_FILE)


def read_theme(path: Path) -> Theme:
    """The theme in the file `path`; raises as `theme` does."""
    try:
        raw = tomllib.loads(read_bytes(path).decode("utf-8"))
        made = Theme(
            areas=AreaStyles({name: _area(name, row) for name, row in raw["area"].items()}),
            lines=LineStyles({name: _line(name, row) for name, row in raw["line"].items()}),
            points={name: _point(name, row) for name, row in raw["point"].items()},
            stretches=tuple(_stretch(rank, row) for rank, row in enumerate(raw["stretch"])),
            texts=Texts({key: Label(*pair) for key, pair in raw["text"].items()}),
            links=dict(raw["link"]),
            base=read_look(raw["base"]),
        )
    except InputError as error:
        raise InputError([problem.at(str(path)) for problem in error.problems]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("output.broken-theme", str(path), reason=str(error))) from error
    return made


def stretch_styles(geometries: NDArray[np.object_]) -> list[LineStyle]:
    """The look of each stretch, of the theme's in turn."""
    looks = theme().stretches
    return [looks[turn] for turn in turns(geometries, len(looks))]


def crossing_styles(rows: GeoDataFrame) -> list[LineStyle]:
    """The look of each row of `geo.crossings`: in turn, and another where it lies in no ward."""
    outside, looks = theme().lines["outside"], stretch_styles(rows.geometry.to_numpy())
    return [outside if none else look for none, look in zip(rows["ward_code"].isna(), looks, strict=True)]


def lightness(colour: str) -> float:
    """CIE 1976 lightness L* (0 black to 100 white) of an sRGB colour '#rrggbb': what is left of it in grey.

    >>> round(lightness("#ffffff")), round(lightness("#000000")), round(lightness("#777777"))
    (100, 0, 50)
    """
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _area(name: str, row: dict[str, Any]) -> AreaStyle:
    fields = dict(row)
    hatch = fields.pop("hatch", None)
    return AreaStyle(
        name=name,
        label=Label(*fields.pop("label")),
        fill=_colour(fields.pop("fill")),
        stroke=_colour(fields.pop("stroke")),
        dash=tuple(fields.pop("dash", ())),
        hatch=_hatch(hatch) if hatch else None,
        **fields,
    )


def _hatch(row: dict[str, Any]) -> Hatch:
    if row["kind"] not in _HATCHES:
        raise InputError(Problem("output.not-a-hatch", name=row["kind"], known=_HATCHES))
    return Hatch(row["kind"], _colour(row["ink"]), float(row["spacing"]), float(row["weight"]))


def _line(name: str, row: dict[str, Any]) -> LineStyle:
    fields = dict(row)
    return LineStyle(
        name=name,
        label=Label(*fields.pop("label")),
        colour=_colour(fields.pop("colour")),
        dash=tuple(fields.pop("dash", ())),
        **fields,
    )


def _stretch(rank: int, row: dict[str, Any]) -> LineStyle:
    dash = tuple(row.get("dash", ()))
    return LineStyle(f"stretch-{rank}", Label("", ""), _colour(row["colour"]), 6.5, dash, casing="#ffffff")


def _point(name: str, row: dict[str, Any]) -> PointStyle:
    fields = dict(row)
    return PointStyle(
        name=name,
        label=Label(*fields.pop("label")),
        fill=_colour(fields.pop("fill")),
        stroke=_colour(fields.pop("stroke")),
        **fields,
    )


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise InputError(Problem("output.not-a-colour", text=text))
    return text
