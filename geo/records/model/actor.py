"""Who writes, and the receipt of a write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PLAN = "plan"
"""Who records what the plans of the data set say."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: `who` is an office account (never a person's name), its `office`, and the `origin` of the request.

    `origin` says the way in, `cli`, `api`, `import`, with at most a class of network (`api:office`), never an address.
    """

    who: str
    office: str
    origin: str = "cli"


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
