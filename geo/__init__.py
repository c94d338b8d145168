"""diaban: which ward answers for which metre of a site, and what follows from it.

>>> import geo
>>> wards, sites = geo.load_wards(), geo.load_sites()
>>> stretches = geo.crossings(sites, wards)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.analysis.crossings.table import crossings
    from geo.analysis.reconcile import reconcile
    from geo.importing.geometries import load_sites, load_wards
    from geo.output.maps import overview_map
    from geo.reference.wards import WardRegister

__version__ = "0.3.0"

__all__ = ["WardRegister", "__version__", "crossings", "load_sites", "load_wards", "overview_map", "reconcile"]

# Loaded when first asked for: a command that needs no map does not wait for the map library.
_HOMES = {
    "WardRegister": "geo.reference.wards",
    "crossings": "geo.analysis.crossings.table",
    "load_sites": "geo.importing.geometries",
    "load_wards": "geo.importing.geometries",
    "overview_map": "geo.output.maps",
    "reconcile": "geo.analysis.reconcile",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'geo' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
