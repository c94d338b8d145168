"""The same crossings for more routes than one machine holds: GeoParquet in and out, on a Dask cluster."""

from __future__ import annotations

from geo.scale.folder import read_crossings
from geo.scale.partition import Outcome
from geo.scale.run import Summary, scale_crossings

__all__ = ["Outcome", "Summary", "read_crossings", "scale_crossings"]
