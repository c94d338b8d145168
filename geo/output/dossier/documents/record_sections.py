"""The second half of a site's dossier, from the records: history, reports, flags, programme. None is said so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.output.dossier.documents.blocks import Block, Grid, Paragraph, Section
from geo.output.dossier.view import SiteView, View
from geo.output.dossier.wording import Words
from geo.output.maps.drawing.cards import has_phases
from geo.output.shared.numerals import known
from geo.output.shared.stretches import codes
from geo.output.shared.theme import theme
from geo.records.model.vocabulary import vocabulary
from geo.reference.crs import to_metric

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.analysis.flags.flag import Flag

PERIOD = timedelta(days=365)
"""Reports of the last year before the situation's day are told of."""
_FLAG_LEVELS = ("alert", "warning", "watch")
_STATUSES = ("confirmed", "unfounded", "unverified")


def history_section(site: SiteView) -> Section:
    """The handover, the level now, every assessment and every review of the site, with documents."""
    told, row = site.view.words, site.row
    blocks: list[Block] = []
    if known(row.handed_over):
        document = str(row.document) if known(row.document) else told("unknown")
        blocks.append(Paragraph(told("history_handed_over", year=int(row.handed_over), document=document)))
    day = told.day(site.view.situation.day)
    blocks.append(Paragraph(told("history_current", day=day, level=level_name(told, row.level))))
    return Section("history", told("section_history"), (*blocks, *_assessments(site), *_reviews(site)))


def reports_section(site: SiteView) -> Section:
    """Reports of the last year near the site and the open flags that concern it: of internal editions only."""
    told = site.view.words
    return Section("reports", told("section_reports"), (*_reports(site), *_flags(site)))


def coverage_section(site: SiteView) -> Section:
    """Which of the site's wards the programme covers, and what they have reported."""
    told, view = site.view.words, site.view
    attainment = view.situation.coverage
    answering = [row.ward_code for row in site.answering]
    rows = [(view.name(code), phase_name(view, code), *_entered(view, code)) for code in answering]
    head = tuple(told(key) for key in ("head_ward", "head_phase", "head_asked", "head_entered", "head_lacking"))
    columns = 5 if attainment is not None else 2
    widths = (50, 45, 20, 20, 20) if attainment is not None else (70, 70)
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid(head[:columns], tuple(row[:columns] for row in rows), widths, "llrrr"[:columns]))
    outside = tuple(code for code in answering if has_phases(view.situation) and _phase(view, code) == "none")
    if outside:
        blocks.append(Paragraph(told.sentence("coverage_outside", wards=view.named(outside))))
    return Section("coverage", told("section_coverage"), (*blocks, *_coverage_notes(view)))


def level_name(told: Words, level: object) -> str:
    """An activity level in the edition's language."""
    style = theme().lines.get(str(level))
    return told.label(style.label) if style else str(level)


def phase_name(view: View, code: str) -> str:
    """The programme phase of a ward in the edition's language."""
    return view.words(f"phase_{_phase(view, code)}" if has_phases(view.situation) else "phase_plain")


def term(told: Words, group: str, name: object) -> str:
    """A term of the records' vocabulary in the edition's language; one that it does not hold stands as it is."""
    entry = vocabulary().groups[group].get(str(name))
    if entry is None:
        return str(name) if known(name) else "–"
    return entry.en if told.lang == "en" else entry.vi


def day_cell(told: Words, value: object) -> str:
    """A date of a frame's cell, '–' where it is empty."""
    return "–" if value is None or pd.isna(value) else told.day(pd.Timestamp(value).date())  # type: ignore[call-overload,arg-type]


def _phase(view: View, code: str) -> str:
    wards = view.situation.wards
    found = wards.loc[wards["code"].astype(str) == code, "phase"]
    return str(found.iloc[0]) if len(found) else "none"


def _assessments(site: SiteView) -> list[Block]:
    told, frame = site.view.words, site.view.situation.assessments
    if frame is None:
        return [Paragraph(told("history_no_records"), "missing")]
    own = frame[frame["site_id"] == site.id]
    if own.empty:
        return [Paragraph(told("history_empty"))]
    keys = ["head_day", "head_level", "head_document", "head_office"]
    rows = [
        (day_cell(told, row["day"]), level_name(told, row["level"]), _text(row, "document"), _office(told, row))
        for row in own.to_dict("records")
    ]
    if "note" not in own:
        return [Grid(tuple(told(key) for key in keys), tuple(rows), (24, 30, 60, 40), "llll")]
    noted = tuple((*row, _note(site, raw)) for row, raw in zip(rows, own.to_dict("records"), strict=True))
    return [Grid(tuple(told(key) for key in (*keys, "head_note")), noted, (23, 25, 45, 32, 38), "lllll")]


def _reviews(site: SiteView) -> list[Block]:
    told, frame = site.view.words, site.view.situation.reviews
    hides = site.view.situation.hides("reviews")
    if frame is None:
        text = told.message("visibility.reviews-hidden") if hides else told("reviews_no_records")
        return [Paragraph(text, "missing")]
    rest = [Paragraph(told.message("visibility.reviews-of-others-hidden"), "missing")] if hides else []
    own = frame[[site.id in codes(value) for value in frame["sites"]]]
    if own.empty:
        return [*rest] or [Paragraph(told("reviews_empty"))]
    rows = tuple(
        (
            day_cell(told, row["day"]),
            term(told, "conclusion", row["conclusion"]),
            _text(row, "document"),
            day_cell(told, row["next_day"]),
        )
        for row in own.to_dict("records")
    )
    head = tuple(told(key) for key in ("head_day", "head_conclusion", "head_document", "head_next"))
    return [Paragraph(told("reviews_intro")), Grid(head, rows, (24, 55, 55, 26), "llll"), *rest]


def _note(site: SiteView, row: Any) -> str:
    """The note of an assessment; the account of a ward is not shown who recorded those of others."""
    hidden = site.view.situation.hides("assessments") and not known(row.get("recorded_by"))
    return site.view.words.themed("state_withheld") if hidden else _text(row, "note")


def _text(row: Any, column: str) -> str:
    return str(row[column]) if known(row.get(column)) else "–"


def _office(told: Words, row: Any) -> str:
    return term(told, "office", row.get("office"))


def _reports(site: SiteView) -> list[Block]:
    told, frame = site.view.words, site.view.situation.reports
    hides = site.view.situation.hides("reports")
    if frame is None:
        text = told.message("visibility.reports-hidden") if hides else told("reports_no_records")
        return [Paragraph(text, "missing")]
    rest = [Paragraph(told.message("visibility.reports-of-others-hidden"), "missing")] if hides else []
    near = site_reports(site)
    last = site.view.situation.day
    words = {"first": told.day(last - PERIOD), "last": told.day(last), "corridor": told.metres(_corridor(site))}
    if near.empty:
        return [Paragraph(told("reports_none", **words)), *rest]
    kinds = list(vocabulary().groups["kind"])
    present = sorted(near["kind"].unique(), key=lambda kind: kinds.index(kind) if kind in kinds else len(kinds))
    rows = [_report_row(told, term(told, "kind", kind), near[near["kind"] == kind]) for kind in present]
    rows.append(_report_row(told, told("total"), near))
    keys = ("head_kind", "head_count", "head_confirmed", "head_unfounded", "head_unverified")
    grid = Grid(tuple(told(key) for key in keys), tuple(rows), (70, 20, 22, 26, 26), "lrrrr", total=True)
    return [Paragraph(told("reports_intro", count=told.number(len(near)), **words)), grid, *rest]


def site_reports(site: SiteView) -> GeoDataFrame:
    """The reports of the last year that name the site or lie within its corridor; of a public situation none."""
    frame = site.view.situation.reports
    if frame is None:
        return site.view.situation.sites.iloc[:0]
    days = pd.to_datetime(frame["day"])
    last = pd.Timestamp(site.view.situation.day)
    inside = ((days > last - PERIOD) & (days <= last)).to_numpy(dtype=bool)
    named = (frame["site_id"] == site.id).fillna(False).to_numpy(dtype=bool)
    near: GeoDataFrame = frame[inside & (named | _within(site, frame))]
    return near


def _within(site: SiteView, frame: GeoDataFrame) -> Any:
    near = np.zeros(len(frame), dtype=bool)
    placed = frame.geometry.notna().to_numpy()
    if placed.any():
        province = site.view.city.province_code
        shapes = np.array([site.row.geometry, *frame.geometry.to_numpy()[placed]], dtype=object)
        metric = to_metric(shapes, province)
        near[placed] = shapely.dwithin(metric[0], metric[1:], _corridor(site))
    return near


def _corridor(site: SiteView) -> float:
    return float(site.row.corridor_m) if known(getattr(site.row, "corridor_m", None)) else 0.0


def _report_row(told: Words, name: str, frame: GeoDataFrame) -> tuple[str, ...]:
    status = frame["status"] if "status" in frame else pd.Series(["unverified"] * len(frame))
    return (name, told.number(len(frame)), *(told.number(int((status == key).sum())) for key in _STATUSES))


def site_flags(site: SiteView) -> tuple[Flag, ...]:
    """The flags not closed that are about the site or about one of its wards, gravest first."""
    wards = {row.ward_code for row in site.answering}
    found = [
        flag
        for flag in site.view.situation.flags or ()
        if flag.status != "closed"
        and (flag.site_id == site.id or (flag.site_id is None and wards & {code for code, _ in flag.wards}))
    ]
    return tuple(sorted(found, key=lambda flag: (_FLAG_LEVELS.index(flag.level), flag.flag_id)))


def _flags(site: SiteView) -> list[Block]:
    told = site.view.words
    if site.view.situation.flags is None:
        return [Paragraph(told("flags_no_records"), "missing")]
    hides = site.view.situation.hides("flags")
    rest = [Paragraph(told.message("visibility.flags-of-reports-hidden"), "missing")] if hides else []
    found = site_flags(site)
    if not found:
        return [*rest] or [Paragraph(told("flags_none"))]
    rows = tuple(
        (
            told(f"flag_{flag.level}"),
            told.maybe(f"rule_{flag.rule}", flag.rule),
            flag.text_en if told.lang == "en" else flag.text_vi,
        )
        for flag in found
    )
    head = tuple(told(key) for key in ("head_flag", "head_rule", "head_says"))
    return [Paragraph(told("flags_intro")), Grid(head, rows, (22, 35, 103), "lll"), *rest]


def _entered(view: View, code: str) -> tuple[str, ...]:
    attainment = view.situation.coverage
    if attainment is None:
        return ()
    table = attainment.rows("ward")
    states = table.loc[(table["code"] == code) & (table["state"] != "outside"), "state"]
    entered = int((states != "missing").sum())
    return tuple(view.words.number(figure) for figure in (len(states), entered, len(states) - entered))


def _coverage_notes(view: View) -> list[Block]:
    told, attainment = view.words, view.situation.coverage
    if attainment is None:
        hides = view.situation.hides("coverage")
        text = told.message("visibility.coverage-not-published") if hides else told("coverage_no_records")
        return [Paragraph(text, "missing")]
    deadline: date = attainment.deadline.last_day
    notes: list[Block] = [
        Paragraph(told("coverage_period", period=str(attainment.period), deadline=told.day(deadline)), "note")
    ]
    if attainment.example:
        notes.append(Paragraph(told("coverage_example"), "missing"))
    return notes
