"""The picture of one day: everything an output needs, built once, never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from geo.analysis.crossings import crossings
from geo.analysis.reconcile import Agreement, reconcile
from geo.reference.geojson import records, to_geojson

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Situation:
    """What is so on `day` in a city; maps, tables, dossiers and API answers are functions of it.

    `wards` and `sites` carry the phase and the level of that day; `crossings` and `agreements` follow from them.
    A part that is None is not there yet, and outputs say so. `data_version` names the data: same version and day, same
    situation.
    """

    day: date
    city: str
    wards: GeoDataFrame
    sites: GeoDataFrame
    crossings: GeoDataFrame
    agreements: tuple[Agreement, ...]
    data_version: str
    reports: GeoDataFrame | None = None
    reviews: DataFrame | None = None
    assessments: DataFrame | None = None
    flags: tuple[Any, ...] | None = None
    coverage: Any | None = None


def from_registers(day: date, city: str, wards: GeoDataFrame, sites: GeoDataFrame) -> Situation:
    """The situation that the registers alone tell: what the plan says, and what follows from its geometry.

    `wards` and `sites` are those of one city (`load_wards`, `load_sites`); a city may have no site list yet. Raises
    `InputError` as `crossings` does.
    """
    stretches = crossings(sites, wards) if len(sites) else _no_crossings()
    return Situation(
        day=day,
        city=city,
        wards=wards,
        sites=sites,
        crossings=stretches,
        agreements=reconcile(sites, stretches),
        data_version=register_version(wards, sites),
    )


def _no_crossings() -> GeoDataFrame:
    import geopandas

    columns = ("site_id", "ward_code", "ward_name", "length_m", "area_m2", "share")
    further = ("intervals_m", "border_m", "border_with")
    return geopandas.GeoDataFrame({name: [] for name in columns + further}, geometry=[], crs="EPSG:4326")


def register_version(wards: GeoDataFrame, sites: GeoDataFrame) -> str:
    """A short name of the content of both registers, which changes with any of it (BLAKE2b, 12 hex digits)."""
    digest = hashlib.blake2b(digest_size=6)
    for frame in (wards, sites):
        digest.update(to_geojson(records(frame)).encode("utf-8"))
    return digest.hexdigest()
