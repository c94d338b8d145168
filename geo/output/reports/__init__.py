"""What leaves the coverage analysis on paper: the half-year and year report, the entry template, the deadlines."""

from __future__ import annotations

from geo.output.reports.calendar import deadlines_ics
from geo.output.reports.plain import attainment_dict, attainment_table, programme_dict, ward_dicts
from geo.output.reports.template import template_xlsx
from geo.output.reports.workbook import report_xlsx
from geo.output.reports.written import report_docx, report_odt, report_pdf

__all__ = [
    "attainment_dict",
    "attainment_table",
    "deadlines_ics",
    "programme_dict",
    "report_docx",
    "report_odt",
    "report_pdf",
    "report_xlsx",
    "template_xlsx",
    "ward_dicts",
]
