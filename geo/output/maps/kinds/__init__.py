"""The kinds of maps, one entry each: from them the library, the command line and the pages take what they draw.

A new kind is a module with its drawing function, an entry in `MAP_KINDS`, and its two texts in the catalogue `maps`.
Modules are loaded when they draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.message import Message

if TYPE_CHECKING:
    from geo.output.maps.drawing.cards import Links
    from geo.output.maps.drawing.drawing import Drawing
    from geo.situation import Situation

_FOLDER = "geo.output.maps.kinds"


class Needs(StrEnum):
    """What a map is drawn of, beside the situation."""

    NOTHING = "nothing"
    SITE = "site"
    WARD = "ward"
    TARGET = "target"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class MapKind:
    """One kind of map.

    `name` stands in addresses, on the command line and in `geo.output.maps`. `drawing` is its function, as
    `module:function`; it takes the situation, what the map `needs` (compare: the earlier situation, first), then
    `links` and `lang`. `title` is the heading of the map, `about` one line on what it shows.
    """

    name: str
    drawing: str
    title: Message
    about: Message
    needs: Needs = Needs.NOTHING

    @property
    def function(self) -> Callable[..., Drawing]:
        """The drawing function."""
        found: Callable[..., Drawing] = resolve_name(self.drawing)
        return found

    def draw(
        self,
        situation: Situation,
        subject: str | Situation | None = None,
        links: Links | None = None,
        *,
        lang: Lang = DEFAULT,
    ) -> Drawing:
        """The map of a situation; `subject` is what it needs: an id, a code, or the earlier situation."""
        given = {Needs.NOTHING: (situation,), Needs.BEFORE: (subject, situation)}
        return self.function(*given.get(self.needs, (situation, subject)), links, lang=lang)


def _kind(name: str, needs: Needs = Needs.NOTHING) -> MapKind:
    drawing = f"{_FOLDER}.{name}:{name}_drawing"
    return MapKind(name, drawing, Message(f"maps.{name}-title"), Message(f"maps.{name}-about"), needs)


MAP_KINDS: dict[str, MapKind] = {
    kind.name: kind
    for kind in (
        _kind("overview"),
        _kind("site", Needs.SITE),
        _kind("ward", Needs.WARD),
        _kind("risk"),
        _kind("coverage"),
        _kind("target", Needs.TARGET),
        _kind("compare", Needs.BEFORE),
    )
}
"""Every kind of map by its name."""
