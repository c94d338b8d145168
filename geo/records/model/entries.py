"""What can be recorded: one frozen dataclass for each kind of entry, and who records it.

Entries are about places and duties. None has a field for a person; `note`, `document` and `office` are screened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

EntryKind = Literal["assessment", "review", "report", "verification", "coverage_entry", "phase_change", "flag_event"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: `who` is an office account (never a person's name), its `office`, and the `origin` of the request.

    `origin` says the way in, `cli`, `api`, `import`, with at most a class of network (`api:office`), never an address.
    """

    who: str
    office: str
    origin: str = "cli"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment:
    """The activity `level` of a site from a day on, as an office found it in a document."""

    site_id: str
    level: str
    day: date
    document: str
    office: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """A handover review (rà soát điểm đã bàn giao): wards and sites, the conclusion and the day of the next one."""

    day: date
    wards: tuple[str, ...]
    sites: tuple[str, ...]
    conclusion: str
    document: str
    next_day: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report (tin báo) about a place: a point, or a site with a chainage.

    `lon`, `lat`: degrees WGS 84. `chainage_m`: metres from the start of the site's route; None where only the site is
    known. Either the point or the site is given, never both.
    """

    day: date
    kind: str
    channel: str
    lon: float | None = None
    lat: float | None = None
    site_id: str | None = None
    chainage_m: float | None = None
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerification:
    """What a later verification (xác minh) of a report found: outcome `confirmed` or `unfounded`."""

    report_id: int
    outcome: str
    day: date
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoverageEntry:
    """The value of one indicator of a programme, for a ward (None: for the city) and a period (`2026-H1`, `2026`)."""

    ward_code: str | None
    programme: str
    indicator: str
    period: str
    value: float
    day: date
    document: str
    office: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhaseChange:
    """The phase of a ward in the support programme from a day on."""

    ward_code: str
    phase: str
    day: date
    document: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlagEvent:
    """What happened to a flag: `raised`, `acknowledged` or `closed`."""

    flag_id: str
    event: str
    day: date
    note: str = ""


NewEntry = NewAssessment | NewReview | NewReport | NewVerification | NewCoverageEntry | NewPhaseChange | NewFlagEvent


@dataclass(frozen=True, slots=True)
class Receipt:
    """A write that is safe on disk: the row's `id`, when it was recorded (UTC), the data version it made."""

    id: int
    recorded_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """A batch that is safe on disk: how many rows, when (UTC), the data version it made."""

    count: int
    recorded_at: datetime
    version: str
