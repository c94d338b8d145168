"""`data/base/CITY.pmtiles`: the streets, water and names under the maps of a city, as vector tiles of zoom 7 to 14."""

from __future__ import annotations

from geo.reference.build.base.step import main

__all__ = ["main"]
