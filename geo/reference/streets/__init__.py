"""From a description, 'Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)', to one centre line.

named street → its ways → a line for each direction of travel between the two limits → the line between them.

`load_network` reads a street network, `place` does the rest and says in a `Placement` what it found and chose.
"""

from __future__ import annotations

from geo.reference.streets.description import Description, Limit, parse
from geo.reference.streets.gazetteer import Alias, Gazetteer, NamedPlace, RouteFile, load_gazetteer
from geo.reference.streets.network import StreetNetwork, load_network
from geo.reference.streets.placement import Carriageway, Placement, place
from geo.reference.streets.search import StreetMatch, find_street

__all__ = [
    "Alias",
    "Carriageway",
    "Description",
    "Gazetteer",
    "Limit",
    "NamedPlace",
    "Placement",
    "RouteFile",
    "StreetMatch",
    "StreetNetwork",
    "find_street",
    "load_gazetteer",
    "load_network",
    "parse",
    "place",
]
