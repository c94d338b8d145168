"""The report of one body in charge: its duties by the plan's part on organisation, the indicators that it leads."""

from __future__ import annotations

from geo.analysis.coverage.attainment import Attainment
from geo.i18n.language import Lang
from geo.i18n.translator import Translator, translator
from geo.output.decree.offices import Office
from geo.output.decree.types import REPORT
from geo.output.dossier.documents.blocks import Block, Document, Fill, Grid, Paragraph, Section
from geo.output.dossier.documents.frame import Basis, Matter, assembled, closing_of, office_of, plan_ground
from geo.output.dossier.edition import Edition
from geo.output.reports.new_sites import answers_for_new_sites, new_sites_section
from geo.output.reports.shares import of_period, of_year
from geo.output.reports.spans import Span, part_of_year
from geo.output.reports.wording import aim, attained, own_text, words
from geo.reference.cities import city
from geo.reference.duties import Body


def body_document(
    attainment: Attainment, body: Body, lang: Lang = "vi", *, edition: Edition | None = None, span: Span | None = None
) -> Document:
    """What a body reports: a duty each with room for its result, its indicators with what is known, difficulties."""
    w, shared = words(lang), translator(lang, "dossier")
    made_for = edition or Edition(lang=lang).with_environment()
    plan, day = attainment.programme, attainment.day
    issuer = office_of(made_for, city(plan.city))
    office = _office(issuer, body, w)
    period = own_text(w, attainment.period, "label") if span is None else span.label(w)
    matter = Matter(
        kind="duties",
        type=REPORT,
        subject=w.text("title_body", document=plan.document, period=period),
        addressed=(own_text(w, plan, "report_to"),),
        grounds=(plan_ground(shared, plan),),
    )
    notice = shared.text("notice_public" if attainment.audience == "public" else "notice_internal")
    example = (w.text("example"),) if attainment.example else ()
    inferred = () if body.printed else (w.text("body_not_printed", place=body.place, name=body.name),)
    basis = Basis(shared, day, notice, w.text("footer", day=w.day(day)), (*example, *inferred))
    part = part_of_year(attainment.period, span)
    arisen = new_sites_section(w, attainment) if answers_for_new_sites(plan, body) else ()
    sections = (_duties(w, body), _indicators(w, attainment, body, part), *arisen, _difficulties(w))
    return assembled(basis, office, matter, sections, closing_of(shared, office), ())


def _office(issuer: Office, body: Body, w: Translator) -> Office:
    """The body as the office that signs; who of it signs is not in the plan."""
    name = body.name if w.lang == "vi" else body.name_en
    return Office(
        id=str(body.number),
        name=name.upper(),
        spoken=name,
        parent=issuer.parent,
        symbol=body.symbol or "…",
        unit="…",
        place=issuer.place,
        signing=(w.text("head_of_office"),),
        addressed=(),
        recipients=(w.text("as_above"),),
    )


def _duties(w: Translator, body: Body) -> Section:
    blocks: list[Block] = []
    for number, duty in enumerate(body.duties, 1):
        blocks += [Paragraph(f"{number}. {duty}"), Fill(w.text("fill_result"), 1)]
    return Section("duties", w.text("section_duties"), tuple(blocks))


def _indicators(w: Translator, attainment: Attainment, body: Body, part: float) -> Section:
    heading = w.text("section_led")
    rows = tuple(
        (
            result.indicator.id,
            own_text(w, result.target, "label"),
            aim(w, result.target, result.needed),
            attained(w, result),
            of_period(w, result, part),
            of_year(w, result),
        )
        for result in attainment.results
        if body.is_lead(result.indicator.lead)
    )
    if not rows:
        return Section("led", heading, (Paragraph(w.text("none_led")),))
    names = ("number", "measured", "aim", "result", "of_period", "of_year")
    grid = Grid(tuple(w.text(f"head_{name}") for name in names), rows, (11, 60, 30, 30, 20, 20), "llllrr")
    return Section("led", heading, (grid,))


def _difficulties(w: Translator) -> Section:
    fills = tuple(Fill(w.text(f"fill_{name}"), 3) for name in ("difficulties", "proposals"))
    return Section("difficulties", w.text("section_difficulties"), fills)
