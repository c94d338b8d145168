"""How OpenStreetMap's tags, and OpenMapTiles' classes made of them, become the kinds of a base.

A base has few kinds, because a map has few looks: eight of streets, six of land. What a reader of a ward's map does
not need (paths through fields, single shops) is in none of them.
"""

from __future__ import annotations

from typing import Any

_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_STREETS = ("residential", "unclassified", "living_street", "pedestrian", "road", "busway")
_MINOR = ("service",)

_LAND = {
    "park": "green", "garden": "green", "grass": "green", "recreation_ground": "green", "village_green": "green",
    "golf_course": "green", "pitch": "green", "playground": "green", "theme_park": "green", "zoo": "green",
    "wood": "wood", "forest": "wood",
    "residential": "built", "retail": "built", "commercial": "built", "industrial": "works", "railway": "works",
    "school": "campus", "university": "campus", "college": "campus", "hospital": "campus", "kindergarten": "campus",
    "library": "campus", "stadium": "campus", "bus_station": "campus",
    "cemetery": "cemetery",
}  # fmt: skip
_WATERWAYS = {"river": "river", "canal": "canal", "stream": "stream", "drain": "stream", "ditch": ""}
_PLACES = {
    "city": "city", "town": "town", "village": "village", "hamlet": "hamlet", "neighbourhood": "hamlet",
    "square": "square", "suburb": "former", "quarter": "former",
}  # fmt: skip
_LANDMARKS = {
    "hospital": "hospital", "university": "university", "college": "university", "high_school": "school",
    "metro_station": "station", "station": "station", "halt": "station", "bus_station": "station",
    "marketplace": "market", "museum": "sight", "attraction": "sight", "stadium": "sight", "theatre": "sight",
    "park": "park", "townhall": "office", "zoo": "park",
}  # fmt: skip


def street_kind(highway: Any, name: str) -> str:
    """The kind of a street: its class, `link`, `street` where it has a name, `alley` where not; '' for paths.

    >>> street_kind("trunk_link", ""), street_kind("residential", "Phố Huế"), street_kind("footway", "")
    ('link', 'street', '')
    """
    text = str(highway)
    if text in _MAIN:
        return text
    if text.endswith("_link"):
        return "link"
    if text in _STREETS:
        return "street" if name else "alley"
    return ("street" if name else "service") if text in _MINOR else ""


def land_kind(tag: Any) -> str:
    """The kind of an area of land, '' where a base does not show it."""
    return _LAND.get(str(tag), "")


def water_kind(tag: Any) -> str:
    """`river` for running water, `lake` for standing."""
    return "river" if str(tag) in ("river", "canal", "riverbank", "stream") else "lake"


def waterway_kind(tag: Any) -> str:
    """The kind of a watercourse drawn as a line, '' where a base does not show it."""
    return _WATERWAYS.get(str(tag), "")


def rail_kind(tag: Any) -> str:
    """`metro` for light rail and subways, `rail` for trains, '' for what runs no more."""
    return {"rail": "rail", "narrow_gauge": "rail", "subway": "metro", "light_rail": "metro", "tram": "metro",
            "transit": "metro", "monorail": "metro"}.get(str(tag), "")  # fmt: skip


def place_kind(tag: Any) -> str:
    """The kind of a named place; `former` for what was a district or ward before July 2025 may be among them."""
    return _PLACES.get(str(tag), "")


def landmark_kind(tag: Any) -> str:
    """The kind of a landmark, '' where a base does not name it."""
    return _LANDMARKS.get(str(tag), "")
