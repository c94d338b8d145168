"""`data/country/`: the wards of all provinces, generalised, the units before July 2025, and the provinces."""

from __future__ import annotations

from geo.reference.build.country.step import main

__all__ = ["main"]
