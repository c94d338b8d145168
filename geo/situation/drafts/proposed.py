"""Records as they would be if a draft of registers came into force; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from geo.records.drafting.withdrawals import withdrawn_rows
from geo.records.kinds.registry import kind_of
from geo.records.kinds.spec import NewEntry

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.records.store import Store


@dataclass(frozen=True, slots=True)
class Proposed:
    """The records with these entries behind them, as `geo.situation.at` reads records.

    `name` says which entries these are: two drafts have two names. What was known earlier (`known_at`) knows nothing of
    them, so a moment is not taken: only the situation by all that is known now can be asked for.
    """

    records: Store
    entries: Sequence[NewEntry]
    name: Hashable

    @property
    def opened_as(self) -> object:
        return self.records.opened_as, self.name

    def of(self, city: str) -> Proposed:
        own = self.records.of(city)
        return self if own is self.records else replace(self, records=own)

    def version(self) -> str:
        return f"{self.records.version()}-{self.name}"

    def known_at(self) -> datetime:
        return self.records.known_at()

    def last_moment(self, known_at: datetime) -> datetime:
        return self.records.last_moment(known_at)

    def assessments(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self._behind(self.records.assessments(day, known_at=known_at), "assessment", day)

    def levels(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        if "assessment" in withdrawn_rows(self.entries):
            return self._latest(self.records.assessments(day, known_at=known_at), "assessment", "site_id", day)
        return self._latest(self.records.levels(day, known_at=known_at), "assessment", "site_id", day)

    def phases(self, day: date, *, known_at: datetime | None = None) -> DataFrame:
        if "phase_change" in withdrawn_rows(self.entries):
            # Without the last one of a ward that before it holds.
            return self._latest(self.records.entries("phase_change", day), "phase_change", "ward_code", day)
        return self._latest(self.records.phases(day, known_at=known_at), "phase_change", "ward_code", day)

    def register_entries(self, known_at: datetime | None = None) -> tuple[DataFrame, DataFrame]:
        versions, events = self.records.register_entries(known_at)
        return self._behind(versions, "site_version", None), self._behind(events, "site_event", None)

    def coverage_state(self, day: date, *, known_at: datetime | None = None) -> str:
        return f"{self.records.coverage_state(day, known_at=known_at)}-{self.name}"

    def programme_versions(self, known_at: datetime | None = None) -> DataFrame:
        return self._behind(self.records.programme_versions(known_at), "programme_version", None)

    def responsibilities(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self._behind(self.records.responsibilities(day, known_at=known_at), "responsibility", day)

    def reviews(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self.records.reviews(day, known_at=known_at)

    def coverage(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self.records.coverage(day, known_at=known_at)

    def flag_events(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self.records.flag_events(day, known_at=known_at)

    def observations(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self.records.observations(day, known_at=known_at)

    def measures(self, day: date | None = None, *, known_at: datetime | None = None) -> DataFrame:
        return self.records.measures(day, known_at=known_at)

    def reports(
        self,
        day_from: date,
        day_to: date,
        *,
        known_at: datetime | None = None,
        wards: Collection[str] | None = None,
    ) -> GeoDataFrame:
        return self.records.reports(day_from, day_to, known_at=known_at, wards=wards)

    def _behind(self, frame: DataFrame, kind_name: str, day: date | None) -> DataFrame:
        """The frame with the entries of a kind that hold on a day (any day without one), by day, without the rows that
        entries take back."""
        import pandas as pd

        gone = withdrawn_rows(self.entries).get(kind_name)
        if gone:
            frame = frame[~frame["id"].isin(gone)].reset_index(drop=True)
        rows = [
            {name: getattr(entry, name, None) for name in frame.columns} | {"id": -number}
            for number, entry in enumerate(self.entries, start=1)
            if kind_of(entry).name == kind_name and (day is None or entry.day <= day)
        ]
        if not rows:
            return frame
        more = pd.DataFrame(rows, columns=frame.columns).astype({"day": frame["day"].dtype})
        return (
            pd.concat([frame.astype(object), more.astype(object)])
            .astype({"day": frame["day"].dtype})
            .sort_values("day", kind="stable", ignore_index=True)
        )

    def _latest(self, frame: DataFrame, kind_name: str, subject: str, day: date) -> DataFrame:
        found = self._behind(frame, kind_name, day)
        return found.drop_duplicates(subject, keep="last").sort_values(subject, ignore_index=True)
