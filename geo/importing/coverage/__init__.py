"""Figures of a programme from a file: every cell checked, every fault named with its cell, and all taken or none."""

from geo.importing.coverage.reading import COLUMNS, CoverageFile, checked_entries, examine_entries, read_entries

__all__ = ["COLUMNS", "CoverageFile", "checked_entries", "examine_entries", "read_entries"]
