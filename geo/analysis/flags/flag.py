"""What a flag says: where, when, how many against how many expected, how sure, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shapely.geometry.base import BaseGeometry

FlagLevel = Literal["slight", "notable", "high", "watch", "warning", "alert"]
FlagRule = Literal["exposure", "reactivation", "emergence", "displacement", "near_repeat"]
FlagStatus = Literal["raised", "acknowledged", "handled", "closed"]

EXPOSURE_LEVELS: tuple[FlagLevel, ...] = ("slight", "notable", "high")
"""How much the registers leave open at a site (*bối cảnh địa bàn*): no alert, for nothing has happened."""
REPORT_LEVELS: tuple[FlagLevel, ...] = ("watch", "warning", "alert")
"""Levels of what reports raise, from mild to grave: *theo dõi*, *cảnh báo*, *báo động*."""
FLAG_LEVELS: tuple[FlagLevel, ...] = (*EXPOSURE_LEVELS, *REPORT_LEVELS)
"""All levels; what rests on reports comes before what the registers alone say."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag (*cảnh báo*).

    `flag_id`: the same for the same matter from day to day; `site_id` if it is about a site; `geometry` in WGS 84 and
    `wards` as (code, share) pairs, shares adding up to 1; `first_day`, `last_day`: the window it speaks of; `observed`
    and `expected` counts of reports and `p`, where the rule counts; `score` (points) where the rule weighs; `reasons`:
    (points, Vietnamese, English) for every point; `text_vi`, `text_en`: one sentence for a ward officer, without
    persons or businesses; `status`, and the `note` of who acknowledged or closed it; `handled_by` (an office) and
    `until` while it is being handled, `result` (a term of `flag_result`) where it is closed; `heir`: id of the graver
    flag in which the reports of one that merely stands are today, '' for none.

    `p` is the chance that a quiet year of daily looks brings as much or more, at all sites or anywhere in the city, if
    reports come independently and the share of each place in the city's varies no more than so far (a displacement's is
    for all looks after the measure, if it does not vary); for a near repeat the p-value of the raised risk itself.
    `earlier`: ids of earlier flags of the same place. `quiet_days`: for a flag that stands because nobody closed it,
    though today's numbers alone would not raise it, the days since the last report in its place; None for any other.
    """

    flag_id: str
    rule: FlagRule
    level: FlagLevel
    site_id: str | None
    geometry: BaseGeometry
    wards: tuple[tuple[str, float], ...]
    first_day: date
    last_day: date
    text_vi: str
    text_en: str
    observed: int | None = None
    expected: float | None = None
    p: float | None = None
    score: float | None = None
    reasons: tuple[tuple[float, str, str], ...] = ()
    status: FlagStatus = "raised"
    note: str = ""
    earlier: tuple[str, ...] = ()
    quiet_days: int | None = None
    handled_by: str = ""
    until: date | None = None
    result: str = ""
    heir: str = ""

    @property
    def event_id(self) -> str:
        """The id under which to record what happened to the flag: it names the level that was acknowledged or closed.

        A flag that rises above it comes up again (see `geo.analysis.flags.standing`).
        """
        return f"{self.flag_id}:{self.level}"

    @property
    def recurrence_years(self) -> float | None:
        """In how many quiet years chance brings as much once: 1 / `p`; None where `p` is not of a year."""
        return None if self.p is None or self.p <= 0 or self.rule == "near_repeat" else 1 / self.p

    @property
    def is_reported(self) -> bool:
        """Whether it rests on reports: something happened. Else the registers alone say it (*bối cảnh địa bàn*)."""
        return self.rule != "exposure"

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.status != "closed"
