"""The half-year and year report, and that of a month or quarter, as a document that an office completes and signs.

A report (báo cáo) after Nghị định 30/2020/NĐ-CP, in the plan's own order of indicators. Same attainment, same document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.analysis.coverage.attainment import Attainment, Result
from geo.i18n.formats import NOTHING
from geo.i18n.language import Lang
from geo.i18n.translator import Translator, translator
from geo.output.decree.types import REPORT
from geo.output.dossier.documents.blocks import Block, Document, Fill, Grid, Paragraph, Section
from geo.output.dossier.documents.frame import Basis, Matter, Part, assembled, closing_of, office_of, plan_ground
from geo.output.dossier.edition import Edition
from geo.output.reports.new_sites import new_sites_section
from geo.output.reports.shares import change_since, of_period, of_year, state_of
from geo.output.reports.spans import Span, part_of_year
from geo.output.reports.wording import (
    STATES,
    aim,
    attained,
    carried,
    due_text,
    in_order,
    own_text,
    phase_name,
    silent_wards,
    words,
)
from geo.output.shared.theme import theme
from geo.reference.cities import city
from geo.reference.programmes import Indicator
from geo.reference.sites import site_number

_WIDTHS = {
    "number": 10,
    "indicator": 58,
    "lead": 30,
    "support": 32,
    "aim": 26,
    "result": 26,
    "new": 18,
    "of_period": 17,
    "of_year": 17,
    "state": 18,
}


@dataclass(frozen=True, slots=True)
class _Report:
    """What a report is made from: an attainment, the words, and for a month or quarter what was known before it."""

    attainment: Attainment
    w: Translator
    edition: Edition
    span: Span | None = None
    before: Attainment | None = None

    @property
    def period(self) -> str:
        """The name of the period."""
        return own_text(self.w, self.attainment.period, "label") if self.span is None else self.span.label(self.w)

    @property
    def part(self) -> float:
        """How much of a year the report is about."""
        return part_of_year(self.attainment.period, self.span)


def report_document(
    attainment: Attainment,
    lang: Lang = "vi",
    *,
    edition: Edition | None = None,
    span: Span | None = None,
    before: Attainment | None = None,
) -> Document:
    """The report: who reported, results, wards outside the programme; every indicator and silent wards as appendices.

    A figure that nobody reported says so and is never written as zero. With a `span` (a month or quarter),
    `attainment` is what was known at its end and `before` what was known when it began.
    """
    made = _Report(attainment, words(lang), edition or Edition(lang=lang).with_environment(), span, before)
    plan, shared = attainment.programme, translator(lang, "dossier")
    office = office_of(made.edition, city(plan.city))
    matter = Matter(
        kind="report",
        type=REPORT,
        subject=made.w.text("title", document=plan.document, period=made.period),
        addressed=office.addressed,
        grounds=plan_ground(shared, plan),
    )
    sections = (
        _reporting(made),
        _summary(made),
        _outside(made),
        *new_sites_section(made.w, made.attainment),
        _difficulties(made),
    )
    return assembled(_basis(made, shared), office, matter, sections, closing_of(shared, office), _parts(made))


def _basis(made: _Report, shared: Translator) -> Basis:
    w, day = made.w, made.attainment.day
    notice = shared.text(f"notice_{'public' if made.attainment.audience == 'public' else 'internal'}")
    example = (w.text("example"),) if made.attainment.example else ()
    return Basis(shared, day, notice, w.text("footer", day=w.day(day)), example)


def _reporting(made: _Report) -> Section:
    w, attainment = made.w, made.attainment
    programme, reporting = attainment.programme, attainment.reporting
    opening = w.text("opening", day=w.day(attainment.day), due=due_text(w, attainment))
    counts = {"reporting": w.number(reporting.reporting), "wards": w.number(reporting.wards)}
    counts |= {"silent": w.number(len(reporting.without)), "share": w.percent(reporting.share)}
    said = w.text("reporting_silent" if reporting.without else "reporting", **counts)
    texts = [carried(w, programme), opening, said]
    blocks: list[Block] = [Paragraph(text) for text in texts if text]
    if programme.phases:
        blocks.append(_phases(made))
    return Section("reporting", w.text("section_reporting"), tuple(blocks))


def _phases(made: _Report) -> Grid:
    w, attainment = made.w, made.attainment
    wards = attainment.rows("ward").drop_duplicates("code")
    asked = wards["phase"].value_counts()
    reported = wards[~wards["code"].isin(attainment.reporting.without)]["phase"].value_counts()
    rows = [
        (phase_name(w, attainment.programme, phase), w.number(asked.get(phase, 0)), w.number(reported.get(phase, 0)))
        for phase in attainment.programme.phase_ids
    ]
    rows.append((w.text("total"), w.number(asked.sum()), w.number(reported.sum())))
    return Grid(_heads(w, ("group", "total", "reported")), tuple(rows), (80, 35, 35), "lrr", total=True)


def _summary(made: _Report) -> Section:
    w, results = made.w, made.attainment.results
    count = {state: sum(state_of(result, made.span) == state for result in results) for state in STATES}
    states = "; ".join(f"{w.text(f'state_{state}').lower()}: {w.number(count[state])}" for state in STATES)
    texts = [w.text("results", count=w.number(len(results)), states=states), w.text("shares_explained")]
    if made.attainment.audience == "public":
        texts.append(w.text("public_note"))
    return Section("results", w.text("section_results"), tuple(Paragraph(text) for text in texts))


def _outside(made: _Report) -> Section:
    w, outside = made.w, made.attainment.outside
    heading = w.text("section_outside")
    if not made.attainment.programme.phases:
        return Section("outside", heading, (Paragraph(w.text("no_phase_list")),))
    if outside is None or outside.empty:
        return Section(
            "outside", heading, (Paragraph(w.text("outside_unknown" if outside is None else "outside_none")),)
        )
    levels = theme().lines
    rows = tuple(
        (
            str(row["ward_name"]),
            f"{site_number(row['site_id'])} · {row['site_name']}",
            w.pick(levels[row["site_level"]].label),
            w.number(row["length_m"]),
        )
        for row in outside.to_dict("records")
    )
    grid = Grid(_heads(w, ("ward", "site", "level", "length")), rows, (40, 70, 28, 22), "lllr")
    return Section("outside", heading, (grid,))


def _difficulties(made: _Report) -> Section:
    w = made.w
    fills = tuple(Fill(w.text(f"fill_{name}"), 3) for name in ("difficulties", "proposals"))
    return Section("difficulties", w.text("section_difficulties"), fills)


def _parts(made: _Report) -> Iterable[Part]:
    w, period = made.w, made.period
    yield Part("results", w.text("annex_results", period=period), (Section("all", "", (_results(made),)),), across=True)
    if made.attainment.reporting.without:
        names = "; ".join(name for _, name in silent_wards(made.attainment)) + "."
        yield Part("silent", w.text("annex_silent"), (Section("silent", "", (Paragraph(names),)),))


def _results(made: _Report) -> Grid:
    """Every line of the plan's list: its own columns first, then what was reached."""
    w, lines = made.w, in_order(made.attainment)
    before = [None, *(indicator for indicator, _ in lines)]
    rows = [_row(made, *line, again=last == line[0]) for last, line in zip(before, lines, strict=False)]
    shown = [name for name in _WIDTHS if (name != "new" or made.span) and _is_used(name, rows)]
    # What a column that is left out would take goes to the text of the indicators.
    widths = [_WIDTHS[name] for name in shown]
    widths[1] += sum(_WIDTHS.values()) - sum(widths)
    table = tuple(tuple(row[name] for name in shown) for row in rows)
    align = "".join("r" if name in ("new", "of_period", "of_year") else "l" for name in shown)
    return Grid(_heads(w, shown), table, tuple(widths), align)


def _is_used(name: str, rows: list[dict[str, str]]) -> bool:
    return name not in ("lead", "support") or any(row[name] not in ("", NOTHING) for row in rows)


def _row(made: _Report, indicator: Indicator, result: Result | None, *, again: bool) -> dict[str, str]:
    w = made.w
    row = dict.fromkeys(_WIDTHS, "")
    if not again:
        row |= {"number": indicator.id, "indicator": own_text(w, indicator, "text")}
        row |= {"lead": indicator.lead or NOTHING, "support": indicator.support or NOTHING}
    if result is None:
        return row | {"lead": "", "support": ""}
    row |= {"aim": aim(w, result.target, result.needed), "result": attained(w, result)}
    row["of_year"], row["of_period"] = of_year(w, result), of_period(w, result, made.part)
    row["new"] = change_since(w, result, made.before) if made.span else ""
    return row | {"state": w.text(f"state_{state_of(result, made.span)}")}


def _heads(w: Translator, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(w.text(f"head_{name}") for name in names)
