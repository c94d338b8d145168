"""The programme, ward by ward: what is promised, what was attained, who has not reported; and the papers about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.responses import Answer, made
from api.http.response_cache import cached_response
from api.resources.visibility import published, visible
from api.web.base.file_names import attached, what_of
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.coverage.access import VisibleCoverage, chosen_period, coverage_of, periods
from api.web.coverage.view_models import arisen_view, entry_lines, phase_lines, target_lines, ward_lines
from api.web.sites.dossiers import edition
from api.web.sites.maps import links, map_page
from geo.errors import UnknownNameError
from geo.i18n.language import Lang
from geo.output.decree.file_names import file_name
from geo.output.reports.new_sites import not_asked
from geo.output.reports.wording import carried, own_text, words
from geo.output.shared.crossing_rows import inert_texts
from geo.output.shared.formats import MEDIA_TYPES, named
from geo.output.shared.tables import with_bom
from geo.output.shared.theme import theme
from geo.records.programmes import programme_for
from geo.reference.programmes import Period, Programme, Target
from geo.reference.sites import site_number
from geo.visibility.new_sites import new_sites_of, with_new_sites
from geo.visibility.published import as_of

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=60)]


@router.get("/coverage")
def coverage(context: PageContextNeed, period: Text = "", target: Text = "") -> Response:
    """The state of the programme for a period; with `target`, that one by phase and ward."""
    situation = context.situation()
    wanted = chosen_period(context, situation, period)
    shown = coverage_of(context, situation, wanted)
    chosen = _target(shown.programme, target) if target else None
    names = dict(zip(situation.wards["code"], situation.wards["full_name"], strict=True))
    due, viewer = shown.programme.deadline(wanted), context.identity.viewer
    arisen = new_sites_of(shown.programme, wanted, situation.day, situation, context.service.store, viewer)
    return context.cached_page(
        "coverage.html",
        situation=situation,
        programme=shown.programme,
        shown=shown,
        period=wanted,
        periods=[(str(each), label(context, each)) for each in periods(context, situation)],
        period_label=label(context, wanted),
        due=due,
        enters=viewer.sees_all or viewer.sees_any(frozenset(names)),
        # The plan prints 'before the day': the day before it is the last one in time.
        days_left=due.days_left(context.day or context.service.today) - 1,
        lines=target_lines(context, shown),
        chosen=chosen,
        phases=phase_lines(context, shown, chosen) if chosen else [],
        wards=ward_lines(context, shown, chosen) if chosen else [],
        entries=entry_lines(context, shown),
        silent=[(code, names[code]) for code in shown.attainment.reporting.without] if shown.attainment else [],
        outside=_outside(context, shown),
        arisen=None if arisen is None else arisen_view(context, arisen, shown.attainment),
        not_asked=not_asked(words(context.words.lang), shown.programme),
        carried=carried(words(context.words.lang), shown.programme),
    )


@router.get("/coverage/report.{ending}")
def report(
    context: PageContextNeed,
    ending: Annotated[Literal["docx", "odt", "pdf", "xlsx", "csv"], PathParameter()],
    period: Text = "",
) -> Response:
    """The report on a period as the visitor may see it."""
    situation = context.situation()
    wanted = chosen_period(context, situation, period)
    shown = _published(context, coverage_of(context, situation, wanted))
    shown = with_new_sites(shown, situation, context.service.store, context.identity.viewer)
    what, public = what_of(context, "report", situation.city, str(wanted)), shown.audience == "public"

    def answer() -> Answer:
        headers = attached(context, what, ending, shown.day, public=public)
        return made(_written(shown, ending, context.words.lang), MEDIA_TYPES[ending], headers)

    return cached_response(context.request, context.service, context.identity, answer)


@router.get("/coverage/deadlines.ics")
def deadlines(context: PageContextNeed, period: Text = "") -> Response:
    """When the reports of the city's programme are due, for a calendar; with a `period`, the one on that."""
    from geo.output.reports import deadlines_ics

    programme = context.situation().programme
    if period:
        wanted = Period.parse(period)
        programme = programme_for(context.situation().programmes, wanted)
        programme = replace(programme, deadlines=tuple(d for d in programme.deadlines if d.period == wanted))
    what = what_of(context, "deadlines", programme.id)
    headers = attached(context, what, "ics", context.situation().day, public=True)
    data = deadlines_ics(programme, context.words.lang)
    return Response(data, media_type=MEDIA_TYPES["ics"], headers=headers)


@router.get("/maps/coverage/period/{period}")
def period_map(context: PageContextNeed, period: Annotated[str, PathParameter(max_length=10)]) -> Response:
    """How much each ward has entered for a period, as the visitor may see it."""
    wanted = chosen_period(context, context.situation(), period)
    return _map(context, wanted, "coverage", f"coverage-{context.city.slug}-{wanted}")


@router.get("/maps/coverage/{target}")
def target_map(
    context: PageContextNeed, target: Annotated[str, PathParameter(max_length=60)], period: Text = ""
) -> Response:
    """One target ward by ward, as the visitor may see it."""
    situation = context.situation()
    wanted = chosen_period(context, situation, period)
    wish = _target(programme_for(situation.programmes, wanted), target)
    return _map(context, wanted, "target", f"coverage-{situation.city}-{wish.id}-{wanted}", wish.id)


def _map(context: PageContext, wanted: Period, kind: str, what: str, subject: str | None = None) -> Response:
    """A map of a period; `what` names its file."""
    from geo.output import maps

    situation = context.situation()
    shown = as_of(_published(context, coverage_of(context, situation, wanted)), situation.day)

    def answer() -> Answer:
        drawn = visible(context.service, situation, context.identity).with_coverage(shown)
        drawing = maps.MAP_KINDS[kind].draw(drawn, subject, links(context), lang=context.words.lang)
        name = file_name(what, situation.day, edition(context).audience, "png", context.words.lang)
        return map_page(drawing, framed=context.framed, name=name)

    return cached_response(context.request, context.service, context.identity, answer)


def label(context: PageContext, period: Period) -> str:
    """A period in the visitor's language."""
    return own_text(context.words, period, "label")


def _target(programme: Programme, id: str) -> Target:
    known = {target.id: target for target in programme.targets}
    if id not in known:
        raise UnknownNameError("target", id, list(known)[:5], programme.id)
    return known[id]


def _published(context: PageContext, shown: VisibleCoverage) -> Attainment:
    """The attainment; where it is not published yet, the error that says when it will be."""
    if shown.attainment is not None:
        return shown.attainment
    return published(context.service).coverage(context.situation(), shown.period)


def _written(shown: Attainment, ending: str, lang: Lang) -> bytes:
    from geo.output.reports import attainment_table

    if ending == "csv":
        text = inert_texts(attainment_table(shown)).to_csv(index=False, lineterminator="\n")
        return with_bom(text).encode()
    written: bytes = named("programme-report", ending).made(shown, lang)
    return written


def _outside(context: PageContext, shown: VisibleCoverage) -> list[tuple[str, ...]]:
    """Wards outside the programme that an active site crosses: code, name, id and name of the site, level, metres."""
    look, w = theme().lines, context.words
    rows = shown.outside.to_dict("records")
    metres = [w.metres(row["length_m"]) if row["length_m"] else w.text("figure.none") for row in rows]
    names = [
        (row["ward_code"], row["ward_name"], row["site_id"], f"{site_number(row['site_id'])} · {row['site_name']}")
        for row in rows
    ]
    levels = [w.pick(look[row["site_level"]].label) for row in rows]
    return [(*who, level, length) for who, level, length in zip(names, levels, metres, strict=True)]
