"""The records as a situation reads them: all of them (`geo.records.store.Store`), or a part."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


class Records(Protocol):
    """Frames as `Store` has them; `opened_as` and `version` say which records these are, and in which state."""

    @property
    def opened_as(self) -> object: ...
    def version(self) -> str: ...
    def known_at(self) -> datetime: ...
    def assessments(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame: ...
    def levels(self, day: date, *, known_at: datetime | None = None) -> DataFrame: ...
    def phases(self, day: date, *, known_at: datetime | None = None) -> DataFrame: ...
    def reviews(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame: ...
    def coverage(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame: ...
    def flag_events(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame: ...
    def reports(
        self,
        day_from: date,
        day_to: date,
        *,
        known_at: datetime | None = None,
        wards: Collection[str] | None = None,
    ) -> GeoDataFrame: ...
