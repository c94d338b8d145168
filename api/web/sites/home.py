"""The first page: the map, the list of sites with its filters, and what is to be known of the site that is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.resources.feature_collections import collection
from api.resources.tasks import own_tasks
from api.web.base.dates import parse_day
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.base.problem_texts import ProblemText, problem_text
from api.web.sites.comparing import presets
from api.web.sites.dossiers import dossier_links
from api.web.sites.filters import SiteFilters, SiteFiltersNeed
from api.web.sites.view_models import (
    FlagLine,
    SiteLine,
    flag_lines,
    history_lines,
    report_lines,
    site_lines,
    stretch_lines,
)
from geo.errors import InputError, UnknownSiteError
from geo.output.shared.theme import theme
from geo.reference.names import plain, suggest
from geo.situation import Situation

router = APIRouter(include_in_schema=False)

MAPS = ("overview", "risk", "coverage", "compare")
Text = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True, slots=True)
class WardChoice:
    """A ward in the filter; `crossed` if a site runs through it."""

    code: str
    name: str
    phase: str
    crossed: bool


@router.get("/")
def home(
    context: PageContextNeed,
    filters: SiteFiltersNeed,
    site: Text = "",
    map: Text = "",
    before: Text = "",
) -> Response:
    """The map and the sites of a city on a day."""
    situation = context.situation()
    wards = ward_choices(situation)
    lines = site_lines(context, situation)
    fitting = filters.sites(situation)
    chosen = _chosen(lines, site)
    kind = map if map in MAPS else "overview"
    wrong = _wrong_day(context, before) if kind == "compare" else ()
    return context.cached_page(
        "home.html",
        situation=situation,
        filters=filters,
        wards=wards,
        lines=[line for line in lines if line.site_id in fitting],
        total=len(lines),
        tasks=_task_counts(context, situation),
        alerts=open_alerts(flag_lines(context, situation)),
        chosen=chosen,
        panel=_panel(context, situation, chosen) if chosen else None,
        dossiers=dossier_links(context, chosen.site_id) if chosen else [],
        kind=kind,
        before=before,
        presets=presets(context, situation) if kind == "compare" else [],
        wrong=wrong,
        map_url="" if wrong else _map_url(context, kind, filters, chosen, before),
        levels=[(level, theme().lines[level].label) for level in situation.programme.level_ids],
        phases=[(phase, theme().areas[phase].label) for phase in situation.programme.phase_ids],
        groups=[(group, theme().text(f"group_{group}")) for group in situation.programme.group_ids],
    )


def _wrong_day(context: PageContext, before: str) -> tuple[ProblemText, ...]:
    """What stands in the way of a comparison with an earlier day, to be said where its map would be."""
    try:
        context.situation_of(parse_day(before, "before"))
    except InputError as error:
        return tuple(problem_text(problem, context.words.lang) for problem in error.problems)
    return ()


def _task_counts(context: PageContext, situation: Situation) -> tuple[int, int]:
    """How many tasks the visitor has, and how many of them are overdue; none for those who do not work here."""
    if not context.identity.viewer.works:
        return 0, 0
    found = own_tasks(context.service, situation, context.identity, context.day)
    return len(found), sum(task.is_overdue(context.day or context.service.today) for task in found)


def open_alerts(lines: Iterable[FlagLine]) -> list[FlagLine]:
    """The flags that rest on reports and that nobody closed, in their order."""
    return [line for line in lines if line.is_reported and line.status != "closed"]


def ward_choices(situation: Situation) -> list[WardChoice]:
    """All wards by name, without regard to diacritics."""
    crossed = {row["ward_code"] for row in collection("crossings", situation).rows}
    rows = collection("wards", situation).rows
    found = [WardChoice(row["code"], row["full_name"], row["phase"], row["code"] in crossed) for row in rows]
    return sorted(found, key=lambda ward: plain(ward.name.split(" ", 1)[-1]))


def _chosen(lines: Iterable[SiteLine], site: str) -> SiteLine | None:
    if not site:
        return None
    found = next((line for line in lines if line.site_id == site), None)
    if found is None:
        raise UnknownSiteError(site, suggest(site, [line.site_id for line in lines]))
    return found


def _panel(context: PageContext, situation: Situation, chosen: SiteLine) -> dict[str, object]:
    """What the panel of a chosen site shows."""
    return {
        "stretches": stretch_lines(context, situation, site=chosen.site_id),
        "flags": flag_lines(context, situation, site=chosen.site_id),
        "history": history_lines(context, situation, chosen.site_id)[:5],
        "reports": report_lines(context, situation, site=chosen.site_id),
    }


def _map_url(context: PageContext, kind: str, filters: SiteFilters, chosen: SiteLine | None, before: str) -> str:
    if kind == "overview" and chosen is not None:
        return context.url(f"/maps/site/{chosen.site_id}")
    if kind == "overview" and filters == SiteFilters(ward=filters.ward) and filters.any:
        return context.url(f"/maps/ward/{filters.ward}")
    if kind == "compare" and not before:
        return ""
    return context.url(f"/maps/{kind}", before=before if kind == "compare" else None, **asdict(filters))
