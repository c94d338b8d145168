"""What a map shows, before anybody decides how: page (Folium) and picture (matplotlib) both draw a `Drawing`.

All its texts are in one language, its figures as that language writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo.i18n.language import DEFAULT, Lang
from geo.output.shared.theme import Style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a card: `key` names its words in the theme (`population`), `value` is what it says."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under `head`, whose entries name words in the theme; cells are texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a card: words in the theme by `key`, and a relative address `href`."""

    key: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a feature says of itself: `title` and `brief` in the tooltip, all of it in the pop-up. Plain text only."""

    title: str
    subtitle: str = ""
    brief: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A text on the map at `lon`, `lat` (WGS 84); a ward's name stands only where `reach_m` metres of room are there.

    `kind` is `ward` (a name), `site` (a badge with a leader line where it has to give way) or `tick`.
    """

    lon: float
    lat: float
    text: str
    kind: str
    reach_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map; `geometry` in WGS 84, `aliases` are further names under which the search finds it."""

    id: str
    geometry: BaseGeometry
    style: Style
    card: Card | None = None
    mark: Mark | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """Features that are switched on and off together.

    `pane` is `areas` or `lines` (which lie above); `side` is `before` or `after` on a map of two days. `tabbed` layers
    are listed beside the map and reached by keyboard. Coordinates are rounded to `decimals` of a degree.
    """

    key: str
    label: str
    features: tuple[Feature, ...]
    shown: bool = True
    decimals: int = 5
    tabbed: bool = False
    pane: str = "areas"
    side: str = ""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One swatch of the legend, with how many features have it (None: not counted)."""

    style: Style
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class LegendGroup:
    """Swatches under a heading."""

    heading: str
    entries: tuple[LegendEntry, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where data come from: words with the licence, and the address of the source."""

    label: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map without a medium, in the language `lang`: layers from the bottom up, legend, sources, where to look first.

    `bounds` is all of it, `focus` what is shown first. `cards` stand open beside the map; `notices` say what is not
    there. `tiles`, with {z}, {x} and {y}, is where a service gives the tiles of a background file, `base` the file of
    the city's base, `places` the names of its streets. `near` is what the map is about, where it is less than the city:
    a page that stands alone carries the streets round it. `whole` is the register of the city's wards where the drawing
    shows a part of them: the small map in the corner of a picture says which.
    """

    key: str
    title: str
    subtitle: str
    day: str
    province_code: str
    layers: tuple[Layer, ...]
    legend: tuple[LegendGroup, ...]
    sources: tuple[Source, ...]
    bounds: Bounds
    focus: Bounds
    lang: Lang = DEFAULT
    version: str = ""
    tiles: str = ""
    base: str = ""
    places: str = ""
    notices: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    near: BaseGeometry | None = None
    whole: GeoDataFrame | None = field(default=None, compare=False, repr=False)

    def layer(self, key: str) -> Layer:
        """The layer with this key; KeyError without one."""
        for layer in self.layers:
            if layer.key == key:
                return layer
        raise KeyError(key)
