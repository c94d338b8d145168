"""What a flag says: where, when, how many against how many expected, how sure, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shapely.geometry.base import BaseGeometry

FlagLevel = Literal["watch", "warning", "alert"]
FlagRule = Literal["exposure", "reactivation", "emergence", "near_repeat"]
FlagStatus = Literal["raised", "acknowledged", "closed"]

FLAG_LEVELS: tuple[FlagLevel, ...] = ("watch", "warning", "alert")
"""Levels from mild to grave: *theo dõi*, *cảnh báo*, *báo động*."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag (*cảnh báo*).

    `flag_id`: the same for the same matter from day to day; `site_id` if it is about a site; `geometry` in WGS 84 and
    `wards` as (code, share) pairs, shares adding up to 1; `first_day`, `last_day`: the window it speaks of; `observed`
    and `expected` counts of reports and `p`, where the rule counts; `score` (points) where the rule weighs; `reasons`:
    (points, Vietnamese, English) for every point; `text_vi`, `text_en`: one sentence for a ward officer, without
    persons or businesses; `status`, and the `note` of who acknowledged or closed it.

    `p` is the chance that a year of daily looks brings as much or more without any cause, for emergence anywhere in
    the city; for a near repeat it is the p-value of the raised risk itself.
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

    @property
    def event_id(self) -> str:
        """The id under which to record what happened to the flag: it names the level that was acknowledged or closed.

        A flag that rises above it comes up again (see `geo.analysis.flags.standing`).
        """
        return f"{self.flag_id}:{self.level}"

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.status != "closed"
