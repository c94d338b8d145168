"""The half-year and year report as a document that an office completes and signs.

Layout after Nghị định 30/2020/NĐ-CP: A4, margins of 20 mm at top, bottom and right and 30 mm at left, Times New Roman,
the national heading, page numbers centred on top from page 2. Same attainment, same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.formats import NOTHING
from geo.i18n.language import Lang
from geo.i18n.translator import translator
from geo.output.reports.wording import (
    PHASES,
    STATES,
    aim,
    attained,
    due_text,
    in_order,
    own_text,
    phase_name,
    silent_wards,
    still_missing,
    title,
    words,
)
from geo.output.shared.theme import Label, theme
from geo.output.shared.word import add_page_number, saved, set_font, set_properties, set_row_rule
from geo.reference.cities import city
from geo.reference.programmes import Indicator

_CENTRE, _LEFT, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_BODY_PT, _TABLE_PT = 13, 10
_LONG, _SHORT = Mm(297), Mm(210)
_DOTS = "…" * 32
_COLUMNS = ("number", "indicator", "lead", "measured", "aim", "result", "lacking", "missing", "state")
_WIDTHS_MM = (11, 62, 30, 40, 26, 28, 20, 14, 16)
_LEAD = 2


def report_docx(attainment: Attainment, lang: Lang = "vi") -> bytes:
    """The report as DOCX: reporting, results in the plan's order, wards outside the programme, annexes.

    A figure that nobody reported says so and is never written as zero.
    """
    report = _Report(attainment, lang)
    report.heading()
    report.reporting()
    report.summary()
    report.outside()
    report.closing()
    report.annex_results()
    report.annex_silent()
    set_properties(report.paper, title(report.w, attainment), attainment.day, lang)
    return saved(report.paper)


class _Report:
    """A report being written: `paper` is the Word document, `w` the words."""

    def __init__(self, attainment: Attainment, lang: Lang) -> None:
        self.attainment = attainment
        self.paper: Any = Document()
        self.w = words(lang)
        self.letterhead = translator(lang, "dossier")
        set_font(self.paper.styles["Normal"], _BODY_PT)
        self.paper.styles["Normal"].paragraph_format.space_after = Pt(6)
        heading = self.paper.styles["Heading 1"]
        set_font(heading, _BODY_PT, bold=True)
        heading.font.color.rgb = None
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
        page = self.paper.sections[0]
        page.page_width, page.page_height = _SHORT, _LONG
        _margins(page)
        add_page_number(page)

    def heading(self) -> None:
        w, letterhead, attainment = self.w, self.letterhead, self.attainment
        programme, place = attainment.programme, w.pick(_place(attainment))
        left, right = self._pair((Mm(62), Mm(98)))
        parent = letterhead.text("parent", city_upper=place.upper())
        _lines(left, [(parent, False), (letterhead.text("office"), True), (w.text("number"), False)])
        date = letterhead.text("place_date", place=place, year=str(attainment.day.year))
        _lines(right, [(letterhead.text("nation"), True), (letterhead.text("motto"), True), (date, False)])
        for text in (*([w.text("example")] if attainment.example else []), w.text("report"), title(w, attainment)):
            self._centred(text)
        opening = w.text(
            "opening",
            document=programme.document,
            issued=w.day(programme.issued),
            issuer=programme.issuer,
            title=own_text(w, programme, "title"),
            day=w.day(attainment.day),
            due=due_text(w, attainment),
        )
        self._body(opening)

    def reporting(self) -> None:
        w, programme, reporting = self.w, self.attainment.programme, self.attainment.reporting
        self.paper.add_heading(w.text("section_reporting"), 1)
        counts = {"reporting": w.number(reporting.reporting), "wards": w.number(reporting.wards)}
        counts |= {"silent": w.number(len(reporting.without)), "share": w.percent(reporting.share)}
        self._body(w.text("reporting_silent" if reporting.without else "reporting", **counts))
        if not programme.phases.pilot:
            return
        wards = self.attainment.rows("ward").drop_duplicates("code")
        phases = wards["phase"].value_counts()
        reported = wards[~wards["code"].isin(reporting.without)]["phase"].value_counts()
        rows = [
            [phase_name(w, programme, phase), w.number(phases.get(phase, 0)), w.number(reported.get(phase, 0))]
            for phase in PHASES
        ]
        self._table(("group", "total", "reported"), rows, [80, 35, 35])

    def summary(self) -> None:
        w, results = self.w, self.attainment.results
        self.paper.add_heading(w.text("section_results"), 1)
        count = {state: sum(result.state == state for result in results) for state in STATES}
        states = "; ".join(f"{w.text(f'state_{state}').lower()}: {w.number(count[state])}" for state in STATES)
        self._body(w.text("results", count=w.number(len(results)), states=states))
        if self.attainment.audience == "public":
            self._body(w.text("public_note"))

    def outside(self) -> None:
        w, outside = self.w, self.attainment.outside
        self.paper.add_heading(w.text("section_outside"), 1)
        if not self.attainment.programme.phases.pilot:
            self._body(w.text("no_phase_list"))
        elif outside is None or outside.empty:
            self._body(w.text("outside_unknown" if outside is None else "outside_none"))
        else:
            levels = theme().lines
            rows = [
                [
                    row["ward_name"],
                    f"{row['site_id']} {row['site_name']}",
                    w.pick(levels[row["site_level"]].label),
                    w.number(row["length_m"], 1),
                ]
                for row in outside.to_dict("records")
            ]
            self._table(("ward", "site", "level", "length"), rows, [40, 70, 28, 22])

    def closing(self) -> None:
        w = self.w
        self.paper.add_heading(w.text("section_difficulties"), 1)
        for _ in range(3):
            self._body(_DOTS)
        left, right = self.paper.add_table(rows=1, cols=2).rows[0].cells
        _lines(left, [(w.text("recipients"), True), (w.text("recipients_list"), False)], _LEFT)
        _lines(right, [(w.text("sign_role"), True), (self.letterhead.text("sign_note"), False)])

    def annex_results(self) -> None:
        w = self.w
        page = self.paper.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = _LONG, _SHORT
        page.different_first_page_header_footer = False
        _margins(page)
        self._centred(w.text("annex_results", title=title(w, self.attainment)))
        lines = in_order(self.attainment)
        before = [None, *(indicator for indicator, _ in lines)]
        rows = [self._result(*line, again=last == line[0]) for last, line in zip(before, lines, strict=False)]
        is_led = any(indicator.lead for indicator, _ in lines)
        columns = [column for column in range(len(_COLUMNS)) if column != _LEAD or is_led]
        # What a column that is left out would take goes to the text of the indicators.
        widths = [_WIDTHS_MM[column] for column in columns]
        widths[1] += sum(_WIDTHS_MM) - sum(widths)
        shown = [[row[column] for column in columns] for row in rows]
        self._table([_COLUMNS[column] for column in columns], shown, widths)

    def annex_silent(self) -> None:
        if self.attainment.reporting.without:
            self._centred(self.w.text("annex_silent"))
            self._body("; ".join(name for _, name in silent_wards(self.attainment)) + ".")

    def _result(self, indicator: Indicator, result: Result | None, *, again: bool) -> list[str]:
        w, text = self.w, own_text(self.w, indicator, "text")
        if result is None:
            return [indicator.id, text, *[""] * 7]
        target = result.target
        opening = ["", "", ""] if again else [indicator.id, text, indicator.lead or NOTHING]
        silent = w.number(result.missing) if target.level == "ward" else NOTHING
        figures = [aim(w, target, result.needed), attained(w, result), still_missing(w, result), silent]
        return [*opening, own_text(w, target, "label"), *figures, w.text(f"state_{result.state}")]

    def _pair(self, widths: tuple[Any, Any]) -> tuple[Any, Any]:
        """Two cells beside each other, without borders."""
        table = self.paper.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        left, right = table.rows[0].cells
        for column, cell, width in zip(table.columns, (left, right), widths, strict=True):
            column.width = cell.width = width
        return left, right

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> None:
        table = self.paper.add_table(rows=1 + len(rows), cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        heading = [self.w.text(f"head_{name}") for name in heads]
        for number, (written, row) in enumerate(zip(table.rows, (heading, *rows), strict=True)):
            for cell, text, width in zip(written.cells, row, widths_mm, strict=True):
                cell.width = Mm(width)
                run = cell.paragraphs[0].add_run(text)
                run.font.size, run.bold = Pt(_TABLE_PT), number == 0
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            set_row_rule(written, "w:tblHeader" if number == 0 else "w:cantSplit")
        self.paper.add_paragraph().paragraph_format.space_after = Pt(0)

    def _centred(self, text: str) -> None:
        paragraph = self.paper.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.add_run(text).bold = True

    def _body(self, text: str) -> None:
        self.paper.add_paragraph(text).alignment = _JUSTIFY


def _place(attainment: Attainment) -> Label:
    found = city(attainment.programme.city)
    return Label(found.name, found.name_en)


def _margins(page: Any) -> None:
    page.top_margin = page.bottom_margin = page.right_margin = Mm(20)
    page.left_margin = Mm(30)


def _lines(cell: Any, lines: Sequence[tuple[str, bool]], alignment: Any = _CENTRE) -> None:
    for number, (text, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = alignment
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(12)
        paragraph.paragraph_format.space_after = Pt(2)
