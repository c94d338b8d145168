"""Vector tiles of wards, sites and their crossings: maps of any size open as fast as a small one."""

from __future__ import annotations

from geo.output.tiles.grid import MOST_ZOOM, TileAddress, tile_address
from geo.output.tiles.layers import TileLayer, country_layers, facts_of, site_layers, situation_layers
from geo.output.tiles.parted import CityWards, PartedWards
from geo.output.tiles.pieces import HALFWAY_M, VectorTiles

__all__ = [
    "HALFWAY_M",
    "MOST_ZOOM",
    "CityWards",
    "PartedWards",
    "TileAddress",
    "TileLayer",
    "VectorTiles",
    "country_layers",
    "facts_of",
    "site_layers",
    "situation_layers",
    "tile_address",
]
