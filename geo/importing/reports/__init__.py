"""Reports from a file: every row read, passed over or refused with its reason; all that are new are written, or none.

`examine_reports` reads and checks without writing, `read_reports` too and raises what is wrong; `commit` writes.
"""

from geo.importing.columns import Column
from geo.importing.headings import heading_key
from geo.importing.reports.columns import REPORT_COLUMNS
from geo.importing.reports.reading import MAX_PROBLEMS, ReportFile, commit, examine_reports, read_reports

__all__ = [
    "MAX_PROBLEMS",
    "REPORT_COLUMNS",
    "Column",
    "ReportFile",
    "commit",
    "examine_reports",
    "heading_key",
    "read_reports",
]
