"""What the list of sites and the maps of a city are narrowed to: a ward, a phase, a level, a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from api.resources.feature_collections import collection
from geo.situation import Situation

Text = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True, slots=True)
class SiteFilters:
    """What is chosen; '' for everything."""

    ward: str = ""
    phase: str = ""
    level: str = ""
    group: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.ward or self.phase or self.level or self.group)

    def wards(self, situation: Situation) -> frozenset[str] | None:
        """The codes of the wards that are chosen; None for all."""
        if self.ward:
            return frozenset((self.ward,))
        if not self.phase:
            return None
        return frozenset(row["code"] for row in collection("wards", situation).rows if row["phase"] == self.phase)

    def sites(self, situation: Situation) -> frozenset[str]:
        """The ids of the sites that fit: of a level and a group, in a ward, in any ward of a phase."""
        in_phase = {row["code"] for row in collection("wards", situation).rows if row["phase"] == self.phase}
        return frozenset(
            row["site_id"]
            for row in collection("sites", situation).rows
            if self.level in ("", row["level"])
            and self.group in ("", row["group"])
            and _in_wards(row["wards"], self.ward, in_phase if self.phase else None)
        )


def _in_wards(codes: Iterable[str], ward: str, in_phase: set[str] | None) -> bool:
    return (not ward or ward in codes) and (in_phase is None or not in_phase.isdisjoint(codes))


def _filters(ward: Text = "", phase: Text = "", level: Text = "", group: Text = "") -> SiteFilters:
    return SiteFilters(ward, phase, level, group)


SiteFiltersNeed = Annotated[SiteFilters, Depends(_filters)]
