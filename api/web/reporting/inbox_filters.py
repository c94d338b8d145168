"""What the inbox is narrowed to, as it stands in the address, and which reports fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import numpy as np
from fastapi import Depends, Query

from api.core.problems import QueryError
from api.web.base.dates import parse_day
from api.web.base.page_context import PageContext
from geo.errors import Problem
from geo.situation.site_reports import of_site

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from geo.situation import Situation

STATUSES = ("unverified", "verified", "confirmed", "unfounded")
INBOX = "reports"
"""What the page is called among those that accounts look at and have views of."""
Text = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What the list is narrowed to; '' for everything. Days are of the reports themselves, both in it."""

    status: str = ""
    ward: str = ""
    site: str = ""
    kind: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    new: bool = False

    @property
    def query(self) -> dict[str, object]:
        """The filters as an address has them."""
        pairs: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return {name: 1 if value is True else value for name, value in pairs.items() if value}

    @property
    def text(self) -> str:
        """The filters as one text of an address."""
        return urlencode({name: str(value) for name, value in self.query.items()})


async def _filters(
    status: Text = "",
    ward: Text = "",
    site: Text = "",
    kind: Text = "",
    channel: Text = "",
    since: Text = "",
    until: Text = "",
    new: Text = "",
) -> InboxFilters:
    if status and status not in STATUSES:
        raise QueryError(Problem("records.not-among", "status", value=status, options=list(STATUSES)))
    days = parse_day(since, "since"), parse_day(until, "until")
    return InboxFilters(status, ward, site, kind, channel, *days, new=bool(new))


InboxFiltersNeed = Annotated[InboxFilters, Depends(_filters)]
"""The filters in the address of a request; `InputError` for a day that is none."""


def last_look(context: PageContext) -> datetime | None:
    """When the account last marked the inbox as seen; None for never."""
    return context.service.store.desk.last_look(context.identity.who, INBOX)


def is_new(frame: DataFrame, seen: datetime | None) -> Series:
    """Which reports were recorded since a moment; none where there was no look before."""
    return frame["recorded_at"] > seen if seen else frame["recorded_at"] != frame["recorded_at"]


def narrowed(situation: Situation, frame: GeoDataFrame, filters: InboxFilters, seen: datetime | None) -> GeoDataFrame:
    """The reports that fit, those not verified first, then the latest first."""
    fits = is_new(frame, seen) if filters.new else frame["recorded_at"] == frame["recorded_at"]
    columns = {"status": "status", "ward": "ward_code", "kind": "kind", "channel": "channel"}
    for name, column in columns.items():
        wanted = getattr(filters, name)
        if wanted:
            fits &= (frame[column] == wanted).fillna(value=False)
    days = frame["day"].dt.date
    if filters.since:
        fits &= days >= filters.since
    if filters.until:
        fits &= days <= filters.until
    if filters.site:
        fits &= of_site(situation, filters.site, frame)
    found = frame[fits]
    return found.iloc[np.lexsort((-np.arange(len(found)), found["status"] != "unverified"))]
