"""Which table holds which kind of entry."""

from __future__ import annotations

from geo.records.model import entries
from geo.records.model import tables as models

TABLES: dict[type, type[models.Entry]] = {
    entries.NewAssessment: models.Assessment,
    entries.NewReview: models.Review,
    entries.NewReport: models.Report,
    entries.NewVerification: models.Verification,
    entries.NewCoverageEntry: models.CoverageEntry,
    entries.NewPhaseChange: models.PhaseChange,
    entries.NewFlagEvent: models.FlagEvent,
}
KINDS: dict[str, type[models.Entry]] = {table.__tablename__: table for table in TABLES.values()}
