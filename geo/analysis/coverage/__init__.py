"""Where the programme stands: its indicators by ward and period, against target and deadline."""

from geo.analysis.coverage.attainment import Attainment, Reporting, Result, attainment

__all__ = ["Attainment", "Reporting", "Result", "attainment"]
