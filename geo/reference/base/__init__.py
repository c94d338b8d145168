"""The ground under the maps of a city: streets, water, green and names, from `data/base/CITY.pmtiles`.

One file of vector tiles for each city, made by `python -m geo.reference.build base`. Pages request parts of it, a map
that stands alone carries some of its tiles, and pictures draw its shapes (`rows_within`).
"""

from __future__ import annotations

from geo.reference.base.archive import Base, base_of
from geo.reference.base.read import rows_within
from geo.reference.base.table import LAYERS, BaseLayers, Table

__all__ = ["LAYERS", "Base", "BaseLayers", "Table", "base_of", "rows_within"]
