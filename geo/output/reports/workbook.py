"""The half-year and year report as a workbook: the plan's own order, numbers as numbers, dates as dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.formats import NOTHING
from geo.i18n.language import Lang
from geo.i18n.translator import Translator
from geo.output.reports.new_sites import (
    NEW_SITE_COLUMNS,
    all_rows,
    answers_for_new_sites,
    new_site_row,
    new_sites_said,
    not_asked,
)
from geo.output.reports.shares import new_since, share_of, state_of
from geo.output.reports.spans import Span, part_of_year
from geo.output.reports.wording import (
    aim,
    carried,
    due_text,
    in_order,
    own_text,
    phase_name,
    silent_wards,
    title,
    words,
)
from geo.output.shared.sheets import Book, workbook_bytes
from geo.output.shared.theme import theme
from geo.reference.duties import Body
from geo.reference.programmes import Indicator, Programme

_RESULT_COLUMNS = (
    *("number", "text", "measured", "lead", "support", "code", "aim", "needed", "unit", "result", "total", "share"),
    *("lacking", "state", "asked", "entered", "zero", "missing"),
)
_SHARE_COLUMNS = ("of_period", "of_year")
_RESULT_WIDTHS = (6, 48, 36, 24, 30, 7, 22, 10, 12, 11, 11, 9, 11, 16, 9, 9, 9, 9)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose report it is, and on what: the plan's period or a `span` of it, the whole programme or one `body`."""

    title: str
    span: Span | None = None
    before: Attainment | None = None
    body: Body | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the results; what is new in a span only where it is known what was there before."""
        return (*_RESULT_COLUMNS, *(("new",) if self.before is not None else ()), *_SHARE_COLUMNS)

    def is_asked(self, indicator: Indicator) -> bool:
        """Whether the report has this indicator: all, or those that its body is in charge of."""
        return self.body is None or self.body.is_lead(indicator.lead)


def report_xlsx(
    attainment: Attainment,
    lang: Lang = "vi",
    *,
    span: Span | None = None,
    before: Attainment | None = None,
    body: Body | None = None,
) -> bytes:
    """The report as XLSX: indicators, phases, wards, wards without any entry, wards outside the programme.

    Of a `body` in charge: its duties with room for their results, and its indicators. With a `span`, `attainment` is
    what was known at its end and `before` what was known when it began. A figure that nobody reported is an empty,
    hatched cell, one that is not published a text; neither is 0.
    """
    w = words(lang)
    asked = _Asked(title(w, attainment, span, "title_body" if body else "title"), span, before, body)

    def fill(book: Book) -> None:
        _about(book, w, attainment, asked)
        if body is not None:
            _duties(book, w, body)
        _results(book, w, attainment, asked)
        if body is None or answers_for_new_sites(attainment.programme, body):
            _new_sites(book, w, attainment)
        for write in () if body is not None else (_phases, _wards, _silent, _outside):
            write(book, w, attainment)

    return workbook_bytes(fill, title=asked.title, created=attainment.day, lang=lang)


def _duties(book: Book, w: Translator, body: Body) -> None:
    """The duties of a body in printed order, the last column to be filled in."""
    sheet = book.sheet(w.text("sheet_duties"), [6, 100, 60])
    book.line(sheet, 0, _heads(w, "number", "duty", "done"), "heading")
    sheet.freeze_panes(1, 0)
    for row, duty in enumerate(body.duties, 1):
        book.line(sheet, row, [row, duty, ""], ["count", "text", "text"])


def _heads(w: Translator, *names: str) -> list[str]:
    return [w.text(f"head_{name}") for name in names]


def _about(book: Book, w: Translator, attainment: Attainment, asked: _Asked) -> None:
    programme, reporting = attainment.programme, attainment.reporting
    sheet = book.sheet(w.text("sheet_about"), [34, 90])
    sheet.write_string(0, 0, asked.title, book.formats["title"])
    if attainment.example:
        sheet.write_string(1, 0, w.text("example"), book.formats["warning"])
    counts = {"reporting": w.number(reporting.reporting), "wards": w.number(reporting.wards)}
    facts: dict[str, object] = {
        "programme": own_text(w, programme, "title"),
        "document": f"{programme.document}, {programme.issuer}",
        "issued": programme.issued,
        **({"body": asked.body.name if w.lang == "vi" else asked.body.name_en} if asked.body else {}),
        "period": own_text(w, attainment.period, "label") if asked.span is None else asked.span.label(w),
        "day": attainment.day,
        "printed": attainment.deadline.day,
        "last_day": attainment.deadline.last_day,
        "due": due_text(w, attainment),
        "report_to": own_text(w, programme, "report_to"),
        "reporting": w.text("of_wards", **counts),
        "version": w.text(f"version_{attainment.audience}"),
        "unused": attainment.unused,
        **_said_of_plan(w, programme),
    }
    for row, (name, value) in enumerate(facts.items(), 3):
        book.put(sheet, row, 0, w.text(f"fact_{name}"), "heading")
        book.put(sheet, row, 1, value, "date" if isinstance(value, date) else "text")


def _said_of_plan(w: Translator, programme: Programme) -> dict[str, object]:
    """What the plan lacks: indicators of its own, a target of new sites."""
    lacking = {"indicators_of": carried(w, programme), "new_sites": not_asked(w, programme)}
    return {name: said for name, said in lacking.items() if said}


def _new_sites(book: Book, w: Translator, attainment: Attainment) -> None:
    """The places that answer the target that no new sites arise, below what is said of them."""
    found = attainment.new_sites
    if found is None:
        return
    sheet = book.sheet(w.text("sheet_new_sites"), [22, 60, 12, 40, 40, 30])
    said = new_sites_said(w, found, attainment)
    for row, text in enumerate(said):
        book.put(sheet, row, 0, text)
    head = len(said) + 1
    book.line(sheet, head, _heads(w, *NEW_SITE_COLUMNS), "heading")
    for row, site in enumerate(all_rows(found), head + 1):
        book.line(sheet, row, list(new_site_row(w, site)))
        book.put(sheet, row, NEW_SITE_COLUMNS.index("came_in"), site.day, "date")


def _results(book: Book, w: Translator, attainment: Attainment, asked: _Asked) -> None:
    sheet = book.sheet(w.text("sheet_results"), (*_RESULT_WIDTHS, *[12] * (len(asked.columns) - len(_RESULT_WIDTHS))))
    book.line(sheet, 0, _heads(w, *asked.columns), "heading")
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    part = part_of_year(attainment.period, asked.span)
    lines = [line for line in in_order(attainment) if asked.is_asked(line[0])]
    for row, (indicator, result) in enumerate(lines, 1):
        line = [indicator.id, own_text(w, indicator, "text")]
        if result is None:
            book.line(sheet, row, line + [""] * (len(asked.columns) - 2), "heading")
        else:
            new = [(new_since(result, asked.before), "points")] if asked.before is not None else []
            shares = [(share_of(result, each), "share") for each in (part, 1.0)]
            cells = [*((text, "text") for text in line), *_result(w, indicator, result, asked), *new, *shares]
            book.line(sheet, row, [value for value, _ in cells], [style for _, style in cells])


def _result(w: Translator, indicator: Indicator, result: Result, asked: _Asked) -> list[tuple[object, str]]:
    target = result.target
    texts = [own_text(w, target, "label"), indicator.lead, indicator.support, target.id, aim(w, target, result.needed)]
    counts = (result.wards, result.reporting, result.zero, result.missing)
    return [
        *((text, "text") for text in texts),
        (result.needed, "points" if target.has_base else "count"),
        ("%" if target.has_base else own_text(w, target, "unit"), "text"),
        _figure(w, result.value, suppressed=result.suppressed),
        _figure(w, result.base, suppressed=result.suppressed) if target.has_base else ("", "outside"),
        (result.share, "share"),
        (None if result.suppressed else result.distance, "points"),
        (w.text(f"state_{state_of(result, asked.span)}"), "text"),
        *((count if target.level == "ward" else "", "count") for count in counts),
    ]


def _figure(w: Translator, value: float | None, *, suppressed: bool) -> tuple[object, str]:
    """What stands in the cell of a figure, and its look."""
    if value is not None:
        return value, "count"
    return (w.text("suppressed"), "suppressed") if suppressed else (None, "missing")


def _phases(book: Book, w: Translator, attainment: Attainment) -> None:
    sheet = book.sheet(w.text("sheet_phases"), [26, 7, 48, 12, 12, 10, 12, 12, 12, 12])
    columns = ("group", "code", "measured", "result", "total", "share", "asked", "entered", "zero", "missing")
    book.line(sheet, 0, _heads(w, *columns), "heading")
    sheet.freeze_panes(1, 0)
    labels = {target.id: own_text(w, target, "label") for target in attainment.programme.targets}
    for row, entry in enumerate(attainment.rows("phase").to_dict("records"), 1):
        phase = phase_name(w, attainment.programme, entry["phase"])
        book.line(sheet, row, [phase, entry["target"], labels[entry["target"]]])
        figures = [None if pd.isna(entry[name]) else float(entry[name]) for name in ("value", "base", "share")]
        for column, value in enumerate(figures[:2], 3):
            hidden = value is None and entry["suppressed"]
            book.put(sheet, row, column, *((w.text("suppressed"), "suppressed") if hidden else (value, "count")))
        book.put(sheet, row, 5, figures[2], "share")
        for column, name in enumerate(("wards", "reporting", "zero", "missing"), 6):
            book.put(sheet, row, column, int(entry[name]), "count")


def _wards(book: Book, w: Translator, attainment: Attainment) -> None:
    rows = attainment.rows("ward")
    targets = [target for target in attainment.programme.targets if target.level == "ward"]
    sheet = book.sheet(w.text("sheet_wards"), [8, 30, 20] + [13] * len(targets))
    book.line(sheet, 0, [*_heads(w, "code", "ward_name", "phase"), *(target.id for target in targets)], "heading")
    book.line(sheet, 1, ["", "", "", *(own_text(w, target, "label") for target in targets)], "hint")
    sheet.set_row(1, 110)
    sheet.freeze_panes(2, 3)
    cells = {(row["code"], row["target"]): row for row in rows.to_dict("records")}
    listed = rows.drop_duplicates("code")[["code", "name", "phase"]]
    for number, (code, name, phase) in enumerate(listed.itertuples(index=False, name=None), 2):
        book.line(sheet, number, [code, name, phase_name(w, attainment.programme, phase)])
        for column, target in enumerate(targets, 3):
            book.put(sheet, number, column, *_ward_cell(w, cells[code, target.id]))
    last = len(listed) + 3
    for number, state in enumerate(("missing", "outside")):
        book.put(sheet, last + number, 1, w.text(f"cell_{state}"))
        book.put(sheet, last + number, 2, *_ward_cell(w, {"state": state, "suppressed": False, "value": None}))


def _ward_cell(w: Translator, cell: Mapping[Any, Any]) -> tuple[object, str]:
    """What stands in a ward's cell, and its look."""
    if cell["suppressed"] or cell["state"] == "missing":
        return _figure(w, None, suppressed=cell["suppressed"])
    if cell["state"] == "outside":
        return NOTHING, "outside"
    if cell["state"] == "incomplete":
        return w.text("cell_incomplete"), "missing"
    return float(cell["value"]), "count"


def _silent(book: Book, w: Translator, attainment: Attainment) -> None:
    sheet = book.sheet(w.text("sheet_silent"), [8, 40])
    book.line(sheet, 0, _heads(w, "code", "silent"), "heading")
    for row, ward in enumerate(silent_wards(attainment), 1):
        book.line(sheet, row, ward)


def _outside(book: Book, w: Translator, attainment: Attainment) -> None:
    sheet = book.sheet(w.text("sheet_outside"), [8, 30, 12, 50, 16, 14, 12])
    book.line(sheet, 0, _heads(w, "code", "ward", "site_id", "site", "level", "length", "share"), "heading")
    if not attainment.programme.phases or attainment.outside is None:
        lacking = "outside_unknown" if attainment.programme.phases else "no_phase_list"
        book.put(sheet, 1, 0, w.text(lacking))
        return
    for row, entry in enumerate(attainment.outside.to_dict("records"), 1):
        level = w.pick(theme().lines[entry["site_level"]].label)
        book.line(sheet, row, [entry["ward_code"], entry["ward_name"], entry["site_id"], entry["site_name"], level])
        book.put(sheet, row, 5, float(entry["length_m"]), "points")
        book.put(sheet, row, 6, float(entry["share"]), "share")
