"""What callers of the store need by name: the entries of all kinds, who writes them, and receipts.

Entries are about places and duties. None has a field for a person; every text is screened.
"""

from __future__ import annotations

from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.coverage_entry import NewCoverageEntry
from geo.records.kinds.duties.explanation import NewExplanation
from geo.records.kinds.flag_event import NewFlagEvent
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.report import NewReport
from geo.records.kinds.review import NewReview
from geo.records.kinds.spec import NewEntry
from geo.records.kinds.verification import NewVerification
from geo.records.model.actor import Actor, BatchReceipt, Receipt

__all__ = [
    "Actor",
    "BatchReceipt",
    "NewAssessment",
    "NewCoverageEntry",
    "NewEntry",
    "NewExplanation",
    "NewFlagEvent",
    "NewPhaseChange",
    "NewReport",
    "NewReview",
    "NewVerification",
    "Receipt",
]
