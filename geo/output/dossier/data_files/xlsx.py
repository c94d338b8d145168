"""A site as a workbook: numbers as numbers, dates as dates, codes and all else as texts (never as formulas)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from geo.output.dossier.documents.record_sections import flag_texts, phase_name, site_flags, site_reports, term
from geo.output.dossier.documents.site_sections import verdict
from geo.output.dossier.documents.sources import source_lines
from geo.output.dossier.view import SiteView
from geo.output.dossier.wording import heads, hidden, level_name, themed
from geo.output.shared.cells import known, text_of
from geo.output.shared.sheets import Book, workbook_bytes

Cell = str | date | tuple[float, str] | None
"""A text, a day, a number with the name of its style, or nothing."""
Rows = Sequence[tuple[Cell, ...]]
_LINE = 15.0
"""Points."""


def xlsx(site: SiteView) -> bytes:
    """The site as XLSX: sheets of facts, wards, chainages, history, programme, and (internal) reports and flags."""

    w = site.view.words
    title = w.text("subject_dossier", number=site.number, name=site.name)
    notice = w.text(f"notice_{site.view.edition.audience}")

    def fill(book: Book) -> None:
        for name, head, rows in _sheets(site):
            sheet = _sheet(book, name, head, rows)
            sheet.set_header(f"&L{_plain(title)}&R{_plain(notice)}")
            sheet.set_footer("&C&P/&N")
        about = book.sheet(w.text("section_sources"), [110])
        for row, line in enumerate((title, notice, *source_lines(site), w.text("rights"))):
            book.put(about, row, 0, line, "title" if row == 0 else "text")

    day = site.view.situation.day
    return workbook_bytes(fill, title=f"{site.number} {site.name}", created=day, lang=site.view.words.lang)


def _sheets(site: SiteView) -> list[tuple[str, tuple[str, ...], Rows]]:
    w = site.view.words
    code = themed(w, "code")
    ward_head = heads(w, "ward", "length", "share", "border")
    sheets: list[tuple[str, tuple[str, ...], Rows]] = [
        (w.text("section_site"), (w.text("fact_number"), site.id), _facts(site)),
        (w.text("head_ward"), (code, *ward_head, themed(w, "border_with"), *heads(w, "check")), _wards(site)),
        (w.text("head_stretches"), (*heads(w, "begin", "end", "length"), code, *heads(w, "ward")), _pieces(site)),
        (w.text("section_history"), heads(w, "day", "level", "document", "office"), _history(site)),
        (w.text("head_phase"), (code, *heads(w, "ward", "phase")), _phases(site)),
        (w.text("head_kind"), (*heads(w, "day", "kind", "ward", "stretches"), themed(w, "status")), _reports(site)),
        (w.text("head_flag"), heads(w, "flag", "rule", "says", "day"), _flags(site)),
    ]
    if site.view.edition.audience == "public":
        del sheets[5:]
    if site.dimension != 1:
        del sheets[2]
    return sheets


def _plain(text: str) -> str:
    """A text inside the head of a printed page, where & begins a code; such a head has room for 255 letters."""
    return text.replace("&", "&&")[:100]


def _sheet(book: Book, name: str, head: Sequence[str], rows: Rows) -> Any:
    """A sheet with a head that stays in view; the type of a value decides its cell."""
    widths = [_width(text, [row[column] for row in rows]) for column, text in enumerate(head)]
    sheet = book.sheet(name, widths)
    book.line(sheet, 0, head, "heading")
    for line, row in enumerate([tuple(head), *rows]):
        sheet.set_row(line, _LINE * _lines(row, widths))
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            value, style = cell if isinstance(cell, tuple) else (cell, "date" if isinstance(cell, date) else "text")
            book.put(sheet, line, column, value, style)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    return sheet


def _width(head: str, cells: Sequence[Cell]) -> int:
    """Letters across a column: as its longest text, within bounds."""
    longest = max((len(str(cell)) for cell in cells if not isinstance(cell, tuple)), default=0)
    return min(60, max(12, min(len(head), 24) + 2, longest + 3))


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Lines that the longest text of a row takes; not every program works that out by itself."""
    texts = [(cell, width) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str)]
    return max((1 if len(text) < width else -(-len(text) * 11 // (width * 10)) for text, width in texts), default=1)


def _metres(value: float) -> tuple[float, str]:
    return round(value, 3), "points"


def _facts(site: SiteView) -> Rows:
    w, row = site.view.words, site.row
    return [
        (w.text("fact_notice"), w.text(f"notice_{site.view.edition.audience}")),
        (w.text("fact_name"), site.name),
        (w.text("fact_group"), themed(w, f"group_{row.group}")),
        (w.text("fact_from"), text_of(row.from_)),
        (w.text("fact_to"), text_of(row.to)),
        (f"{w.text('fact_length')} (m)", _metres(site.length_m) if site.dimension == 1 else None),
        (w.text("fact_level"), level_name(w, row.level)),
        (w.text("fact_handed_over"), (int(row.handed_over), "year") if known(row.handed_over) else None),
        (w.text("fact_document"), text_of(row.document)),
        (f"{themed(w, 'accuracy')} (m)", _metres(float(row.accuracy_m)) if known(row.accuracy_m) else None),
        (themed(w, "day"), site.view.situation.day),
        (themed(w, "version"), site.view.situation.data_version),
    ]


def _wards(site: SiteView) -> Rows:
    view = site.view
    rows: list[tuple[Cell, ...]] = [
        (
            row.ward_code,
            view.name(row.ward_code),
            _metres(row.length_m),
            (row.printed_share, "share"),
            _metres(row.border_m),
            ", ".join(view.name(code) for code in row.border_with),
            verdict(site, row),
        )
        for row in site.stretches
    ]
    if len(rows) < 2:
        return rows
    length, share = (sum(getattr(row, name) for row in site.stretches) for name in ("length_m", "printed_share"))
    return [*rows, (view.words.text("total"), None, _metres(length), (round(share, 6), "share"), None, None, None)]


def _pieces(site: SiteView) -> Rows:
    rows: list[tuple[Cell, ...]] = [
        (_metres(a), _metres(b), _metres(b - a), code, site.view.name(code)) for a, b, code in site.pieces
    ]
    total = sum(b - a for a, b, _ in site.pieces)
    return [*rows, (site.view.words.text("total"), None, _metres(total), None, None)] if len(rows) > 1 else rows


def _history(site: SiteView) -> Rows:
    w, frame = site.view.words, site.view.situation.assessments
    if frame is None:
        return [(None, None, w.text("no_data"), None)]
    own = frame[frame["site_id"] == site.id].to_dict("records")
    return [
        (_day(r["day"]), level_name(w, r["level"]), text_of(r["document"]), term(w, "office", r["office"])) for r in own
    ]


def _phases(site: SiteView) -> Rows:
    view = site.view
    return [(row.ward_code, view.name(row.ward_code), phase_name(view, row.ward_code)) for row in site.answering]


def _reports(site: SiteView) -> Rows:
    """Reports without their points: a workbook goes from hand to hand."""
    w, view = site.view.words, site.view
    if view.situation.reports is None:
        text = hidden(w, "reports") if site.view.situation.hides("reports") else w.text("no_data")
        return [(None, text, None, None, None)]
    rows = site_reports(site).drop(columns="geometry").to_dict("records")
    status = [w.texts.get(f"head_{row.get('status', 'unverified')}", "–") for row in rows]
    return [
        (
            _day(row["day"]),
            term(w, "kind", row["kind"]),
            view.name(str(row["ward_code"])),
            _metres(float(row["chainage_m"])) if known(row.get("chainage_m")) else None,
            said,
        )
        for row, said in zip(rows, status, strict=True)
    ]


def _flags(site: SiteView) -> Rows:
    w = site.view.words
    if site.view.situation.flags is None:
        return [(None, None, w.text("no_data"), None)]
    programme = site.view.situation.programme
    return [(*flag_texts(w, flag, programme), flag.last_day) for flag in site_flags(site)]


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload,arg-type]
