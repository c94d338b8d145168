"""The second half of a site's dossier, from the records: history, reports, flags, programme. None is said so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.analysis.flags.flag import FLAG_LEVELS
from geo.i18n.formats import NOTHING
from geo.i18n.message import Message
from geo.i18n.translator import Translator
from geo.output.dossier.documents.blocks import Block, Grid, Paragraph, Section
from geo.output.dossier.documents.review_sections import next_review, reviews_of
from geo.output.dossier.documents.site_sections import NAMED
from geo.output.dossier.view import SiteView, View
from geo.output.dossier.wording import heads, hidden, level_name, sentence, themed
from geo.output.maps.drawing.cards import has_phases
from geo.output.shared.cells import known, text_of
from geo.output.shared.theme import rule_label, theme
from geo.records.model.vocabulary import vocabulary
from geo.reference.programmes import Programme
from geo.situation.site_reports import of_site

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.analysis.flags.flag import Flag

PERIOD = timedelta(days=365)
"""Reports of the last year before the situation's day are listed."""
_LEFT_OUT = ("reports", "flags", "reviews", "notes", "counts")
"""What everybody may not see, in the words of the catalogue."""
_STATUSES = ("confirmed", "unfounded", "verified", "unverified")


def history_section(site: SiteView) -> Section:
    """The handover, the level now, every assessment and every review of the site, with documents."""
    w, row = site.view.words, site.row
    blocks: list[Block] = []
    if known(row.handed_over):
        document = text_of(row.document, w.text("unknown"))
        blocks.append(Paragraph(w.text("history_handed_over", year=str(int(row.handed_over)), document=document)))
    day = w.day(site.view.situation.day)
    blocks.append(Paragraph(w.text("history_current", day=day, level=level_name(w, row.level))))
    return Section("history", w.text("section_history"), (*blocks, *_assessments(site), *_reviews(site)))


def reports_section(site: SiteView) -> Section:
    """Reports of the last year near the site and the open flags that concern it: of internal editions only."""
    w = site.view.words
    return Section("reports", w.text("section_reports"), (*_reports(site), *_flags(site)))


def coverage_section(site: SiteView) -> Section:
    """Which of the site's wards the programme covers, and what they have reported."""
    w, view = site.view.words, site.view
    attainment = view.situation.coverage
    answering = [row.ward_code for row in site.answering]
    rows = [(view.name(code), phase_name(view, code), *_entered(view, code)) for code in answering]
    head = heads(w, "ward", "phase", "asked", "entered", "lacking")
    columns = 5 if attainment is not None else 2
    widths = (50, 45, 20, 20, 20) if attainment is not None else (70, 70)
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid(head[:columns], tuple(row[:columns] for row in rows), widths, "llrrr"[:columns]))
    outside = tuple(code for code in answering if has_phases(view.situation) and _phase(view, code) == "none")
    if outside:
        blocks.append(Paragraph(_outside_text(view, outside)))
    return Section("coverage", w.text("section_coverage"), (*blocks, *_coverage_notes(view)))


def _outside_text(view: View, outside: tuple[str, ...]) -> str:
    """Which wards the programme does not cover; where they are many, how many, as the table says which."""
    w = view.words
    if len(outside) > NAMED:
        return w.text("coverage_outside_many", count=len(outside), phase=phase_name(view, outside[0]))
    return sentence(w.text("coverage_outside", wards=view.named(outside)))


def left_out_section(view: View) -> Section | None:
    """What a public edition leaves out; None where nothing is left out."""
    if view.edition.audience != "public":
        return None
    w = view.words
    lines = tuple(Paragraph(w.text(f"omitted_{name}"), "item") for name in _LEFT_OUT)
    return Section("left-out", w.text("section_left_out"), (Paragraph(w.text("omitted_intro")), *lines))


def phase_name(view: View, code: str) -> str:
    """The programme phase of a ward in the edition's language."""
    if not has_phases(view.situation):
        return view.words.text("phase_plain")
    return view.words.pick(theme().areas[_phase(view, code)].label)


def term(w: Translator, group: str, name: object) -> str:
    """A term of the records' vocabulary in the edition's language; one that it does not hold stands as it is."""
    entry = vocabulary().groups[group].get(str(name))
    return text_of(name, NOTHING) if entry is None else w.pick(entry)


def _phase(view: View, code: str) -> str:
    wards = view.situation.wards
    found = wards.loc[wards["code"].astype(str) == code, "phase"]
    return str(found.iloc[0]) if len(found) else "none"


def _assessments(site: SiteView) -> list[Block]:
    w, frame = site.view.words, site.view.situation.assessments
    if frame is None:
        return [Paragraph(w.text("history_no_records"), "missing")]
    own = frame[frame["site_id"] == site.id]
    if own.empty:
        return [Paragraph(w.text("history_empty"))]
    keys = ["head_day", "head_level", "head_document", "head_office"]
    rows = [
        (
            w.day(row["day"]),
            level_name(w, row["level"]),
            text_of(row["document"], NOTHING),
            term(w, "office", row.get("office")),
        )
        for row in own.to_dict("records")
    ]
    if "note" not in own:
        return [Grid(tuple(w.text(key) for key in keys), tuple(rows), (24, 30, 60, 40), "llll")]
    noted = tuple((*row, _note(site, raw)) for row, raw in zip(rows, own.to_dict("records"), strict=True))
    return [Grid(tuple(w.text(key) for key in (*keys, "head_note")), noted, (23, 25, 45, 32, 38), "lllll")]


def _note(site: SiteView, row: Any) -> str:
    """The note of an assessment; the account of a ward is not shown who recorded those of others."""
    hidden_here = site.view.situation.hides("assessments") and not known(row.get("recorded_by"))
    return themed(site.view.words, "state_suppressed") if hidden_here else text_of(row["note"], NOTHING)


def _hidden_rest(site: SiteView, kind: str) -> list[Block]:
    """What is to be said where others' records of a kind are hidden."""
    hides = site.view.situation.hides(kind)
    return [Paragraph(hidden(site.view.words, f"{kind}-of-others"), "missing")] if hides else []


def _none(site: SiteView, kind: str) -> list[Block]:
    """Why there are no records of a kind: hidden, or none recorded."""
    w, hides = site.view.words, site.view.situation.hides(kind)
    return [Paragraph(hidden(w, kind) if hides else w.text(f"{kind}_no_records"), "missing")]


def _reviews(site: SiteView) -> list[Block]:
    w, frame = site.view.words, site.view.situation.reviews
    if frame is None:
        return _none(site, "reviews")
    rest = _hidden_rest(site, "reviews")
    own = reviews_of(site)
    if not own:
        return rest or [Paragraph(w.text("reviews_empty"))]
    rows = tuple(
        (
            w.day(row["day"]),
            term(w, "conclusion", row["conclusion"]),
            text_of(row["document"], NOTHING),
            next_review(site, row, own),
        )
        for row in own
    )
    head = heads(w, "day", "conclusion", "document", "next")
    return [Paragraph(w.text("reviews_intro")), Grid(head, rows, (24, 55, 55, 26), "llll"), *rest]


def _reports(site: SiteView) -> list[Block]:
    w, frame = site.view.words, site.view.situation.reports
    if frame is None:
        return _none(site, "reports")
    rest = _hidden_rest(site, "reports")
    near = site_reports(site)
    last = site.view.situation.day
    words = {"first": w.day(last - PERIOD), "last": w.day(last), "corridor": w.written.some_length(_corridor(site))}
    if near.empty:
        return [Paragraph(w.text("reports_none", **words)), *rest]
    kinds = list(vocabulary().groups["kind"])
    present = sorted(near["kind"].unique(), key=lambda kind: kinds.index(kind) if kind in kinds else len(kinds))
    rows = [_report_row(w, term(w, "kind", kind), near[near["kind"] == kind]) for kind in present]
    rows.append(_report_row(w, w.text("total"), near))
    grid = Grid(
        heads(w, "kind", "count", *_STATUSES),
        tuple(rows),
        (56, 18, 20, 24, 22, 24),
        "lrrrrr",
        total=True,
    )
    intro = Paragraph(w.text("reports_intro", count=w.number(len(near)), **words))
    return [intro, grid, Paragraph(w.text("reports_list")), _report_list(site, near), *rest]


def _report_list(site: SiteView, near: GeoDataFrame) -> Grid:
    """Every report by day: its kind, ward and chainage; neither its point nor what was written of it."""
    w, view = site.view.words, site.view
    rows = []
    for number, row in enumerate(near.sort_values(["day", "id"]).to_dict("records"), 1):
        chainage = w.metres(float(row["chainage_m"])) if known(row.get("chainage_m")) else NOTHING
        ward = view.name(str(row["ward_code"])) if known(row["ward_code"]) else NOTHING
        status = w.text(f"head_{row.get('status', 'unverified')}")
        rows.append((str(number), w.day(row["day"]), term(w, "kind", row["kind"]), ward, chainage, status))
    head = heads(w, "row", "day", "kind", "ward", "stretches", "status")
    return Grid(head, tuple(rows), (14, 24, 46, 32, 22, 26), "clllrl")


def site_reports(site: SiteView) -> GeoDataFrame:
    """The reports of the last year that name the site or lie within its corridor; of a public situation none."""
    frame = site.view.situation.reports
    if frame is None:
        return site.view.situation.sites.iloc[:0]
    days = pd.to_datetime(frame["day"])
    last = pd.Timestamp(site.view.situation.day)
    inside = ((days > last - PERIOD) & (days <= last)).to_numpy(dtype=bool)
    near: GeoDataFrame = frame[inside & of_site(site.view.situation, site.id, frame)]
    return near


def _corridor(site: SiteView) -> float:
    return float(site.row.corridor_m) if known(getattr(site.row, "corridor_m", None)) else 0.0


def _report_row(w: Translator, name: str, frame: GeoDataFrame) -> tuple[str, ...]:
    status = frame["status"] if "status" in frame else pd.Series(["unverified"] * len(frame))
    return (name, w.number(len(frame)), *(w.number(int((status == key).sum())) for key in _STATUSES))


def site_flags(site: SiteView) -> tuple[Flag, ...]:
    """The flags not closed that are about the site or about one of its wards, gravest first."""
    wards = {row.ward_code for row in site.answering}
    found = [
        flag
        for flag in site.view.situation.flags or ()
        if flag.status != "closed"
        and (flag.site_id == site.id or (flag.site_id is None and wards & {code for code, _ in flag.wards}))
    ]
    return tuple(sorted(found, key=lambda flag: (-FLAG_LEVELS.index(flag.level), flag.flag_id)))


def flag_texts(w: Translator, flag: Flag, programme: Programme) -> tuple[str, str, str]:
    """Level, rule and text of a flag in the edition's language."""
    said = flag.text_vi if w.lang == "vi" else flag.text_en
    return w.pick(theme().areas[f"flag-{flag.level}"].label), w.pick(rule_label(flag.rule, programme)), said


def _flags(site: SiteView) -> list[Block]:
    w = site.view.words
    if site.view.situation.flags is None:
        return [Paragraph(w.text("flags_no_records"), "missing")]
    hides = site.view.situation.hides("flags")
    rest = [Paragraph(hidden(w, "flags-of-reports"), "missing")] if hides else []
    found = site_flags(site)
    if not found:
        return [*rest] or [Paragraph(w.text("flags_none"))]
    rows = tuple(flag_texts(w, flag, site.view.situation.programme) for flag in found)
    head = heads(w, "flag", "rule", "says")
    return [Paragraph(w.text("flags_intro")), Grid(head, rows, (22, 35, 103), "lll"), *rest]


def _entered(view: View, code: str) -> tuple[str, ...]:
    attainment = view.situation.coverage
    if attainment is None:
        return ()
    table = attainment.rows("ward")
    states = table.loc[(table["code"] == code) & (table["state"] != "outside"), "state"]
    entered = int((states != "missing").sum())
    return tuple(view.words.number(figure) for figure in (len(states), entered, len(states) - entered))


def _coverage_notes(view: View) -> list[Block]:
    w, attainment = view.words, view.situation.coverage
    if attainment is None:
        hides = view.situation.hides("coverage")
        text = (
            str(Message("visibility.coverage-not-published").text(w.lang)) if hides else w.text("coverage_no_records")
        )
        return [Paragraph(text, "missing")]
    deadline: date = attainment.deadline.last_day
    period = attainment.period.label if w.lang == "vi" else attainment.period.label_en
    notes: list[Block] = [Paragraph(w.text("coverage_period", period=period, deadline=w.day(deadline)), "note")]
    if attainment.audience != "internal":
        notes.append(Paragraph(w.text("coverage_known_by", day=w.day(attainment.day)), "note"))
    if attainment.example:
        notes.append(Paragraph(w.text("coverage_example"), "missing"))
    return notes
