"""The styles of areas, lines and points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A text in Vietnamese and in English."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} · {self.en}" if self.en and self.en != self.vi else self.vi


@dataclass(frozen=True, slots=True)
class Hatch:
    """A pattern over a fill: `kind` (`diagonal`, `cross`, `dots`), `ink`, `spacing` and `weight` in CSS pixels."""

    kind: str
    ink: str
    spacing: float
    weight: float


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """How an area looks: `fill` (#rrggbb) under an optional `hatch`, and its border in CSS pixels."""

    name: str
    label: Label
    fill: str
    stroke: str
    width: float
    dash: tuple[float, ...] = ()
    hatch: Hatch | None = None


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a line looks: `colour` (#rrggbb), `width` and `dash` in CSS pixels, `casing` its edge or ''."""

    name: str
    label: Label
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    casing: str = ""


@dataclass(frozen=True, slots=True)
class PointStyle:
    """How a point looks: a disc of `radius` CSS pixels."""

    name: str
    label: Label
    fill: str
    stroke: str
    radius: float
    width: float


Style = AreaStyle | LineStyle | PointStyle
