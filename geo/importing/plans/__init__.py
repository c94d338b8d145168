"""Plans (kế hoạch) as offices write them: read from a file, row by row, each with how sure it is."""

from geo.importing.plans.reading import read_plan, read_plan_bytes, reading_of
from geo.importing.plans.understood import (
    Letterhead,
    PlanFigure,
    PlanIndicator,
    PlanReading,
    PlanSite,
    PlanWard,
)

__all__ = [
    "Letterhead",
    "PlanFigure",
    "PlanIndicator",
    "PlanReading",
    "PlanSite",
    "PlanWard",
    "read_plan",
    "read_plan_bytes",
    "reading_of",
]
