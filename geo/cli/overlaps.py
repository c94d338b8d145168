"""What lies in two wards of a file at once is said: a command answers with one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.cli.base.commands import FOUND, end_with
from geo.cli.base.console import note

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def say_overlaps(sites: GeoDataFrame, wards: GeoDataFrame) -> None:
    """Say what of the sites lies in two of the wards; then the command ends with code 1."""
    from geo.analysis.overlaps_met import overlaps_met

    for found in overlaps_met(sites, wards):
        named = [f"{name} ({code})" for code, name in found.wards]
        if found.length_m:
            note("in-two-wards-metres", wards=named, metres=found.length_m)
        if found.area_m2:
            note("in-two-wards-area", wards=named, area=found.area_m2)
        if found.points:
            note("in-two-wards-points", wards=named, count=found.points)
        end_with(FOUND)


def say_overlapping(wards: GeoDataFrame) -> None:
    """Say where wards of a file overlap, for sites that are never here together; then the command ends with code 1."""
    from geo.analysis.overlaps_met import wards_overlapping

    for found in wards_overlapping(wards):
        note("wards-overlap", wards=[f"{name} ({code})" for code, name in found.wards], area=found.area_m2)
        end_with(FOUND)
