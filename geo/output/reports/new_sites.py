"""What papers, pages and tables say of the sites that came in, where a plan asks that none arise."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from geo.analysis.coverage.attainment import Attainment
from geo.analysis.coverage.new_sites import NewSite, NewSites, listing_target
from geo.i18n.formats import NOTHING
from geo.i18n.translator import Translator
from geo.output.dossier.documents.blocks import Block, Grid, Paragraph, Section
from geo.reference.duties import Body
from geo.reference.programmes import Programme

NEW_SITE_COLUMNS = ("origin", "site", "came_in", "ends", "wards", "document")


def new_site_row(w: Translator, site: NewSite) -> tuple[str, ...]:
    """The cells of `NEW_SITE_COLUMNS` of a site or a candidate."""
    return (
        w.text(f"origin_{site.origin}"),
        w.text("candidate_site") if site.origin == "candidate" else f"{site.id} {site.name}".strip(),
        w.day(site.day),
        site.place or NOTHING,
        ", ".join(name for _, name in site.wards) or NOTHING,
        site.document or NOTHING,
    )


def all_rows(found: NewSites) -> tuple[NewSite, ...]:
    """The sites of the register, then the candidates as far as they are open to the reader."""
    return (*found.sites, *(found.candidates or ()))


def new_sites_said(w: Translator, found: NewSites, attained: Attainment | None) -> list[str]:
    """How many came in, how many candidates there are, and how the number that was reported differs from the list."""
    days = {"since": w.day(found.since), "until": w.day(found.until)}
    count = {"count": w.number(len(found.sites)), "period_count": w.number(found.counted)}
    said = [w.text("new_sites_listed" if found.sites else "new_sites_none", **days, **count)]
    if found.candidates is not None:
        key = "new_sites_candidates" if found.candidates else "new_sites_no_candidates"
        said.append(w.text(key, count=w.number(len(found.candidates))))
    reported = _reported(found, attained)
    if reported is not None and reported != found.counted:
        said.append(w.text("new_sites_differ", reported=w.number(reported), listed=w.number(found.counted)))
    return said


def not_asked(w: Translator, programme: Programme) -> str:
    """That the plan sets no target of new sites; '' where it sets one."""
    return w.text("new_sites_not_asked", document=programme.document) if listing_target(programme) is None else ""


def answers_for_new_sites(programme: Programme, body: Body) -> bool:
    """Whether a body is in charge of the indicator that is answered by places, or works together on it."""
    target = listing_target(programme)
    if target is None:
        return False
    indicator = programme.indicator(target.id)
    return body.is_lead(indicator.lead) or body.is_lead(indicator.support)


def new_sites_section(w: Translator, attained: Attainment) -> tuple[Section, ...]:
    """The section of a report: the list, or that the plan asks for none; no section where nobody made the list."""
    found = attained.new_sites
    if found is None:
        said = not_asked(w, attained.programme)
        return (Section("new_sites", w.text("section_new_sites_none"), (Paragraph(said),)),) if said else ()
    blocks: list[Block] = [Paragraph(text) for text in new_sites_said(w, found, attained)]
    rows = tuple(new_site_row(w, site) for site in all_rows(found))
    if rows:
        heads = tuple(w.text(f"head_{name}") for name in NEW_SITE_COLUMNS)
        blocks.append(Grid(heads, rows, (22, 40, 20, 30, 34, 24), "llllll"))
    return (Section("new_sites", w.text("section_new_sites", target=found.target), tuple(blocks)),)


def new_sites_dict(attained: Attainment) -> dict[str, Any] | None:
    """The list as values that JSON knows, with the number that was reported (null: none, or not published)."""
    found = attained.new_sites
    if found is None:
        return None
    reported = _reported(found, attained)
    return {
        "target": found.target,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "sites": [_plain(site) for site in found.sites],
        "candidates": None if found.candidates is None else [_plain(site) for site in found.candidates],
        "of_period": found.counted,
        "reported": reported,
        "differs": None if reported is None else reported != found.counted,
    }


def _plain(site: NewSite) -> dict[str, Any]:
    wards = [{"code": code, "name": name} for code, name in site.wards]
    return asdict(site) | {"day": site.day.isoformat(), "wards": wards}


def _reported(found: NewSites, attained: Attainment | None) -> float | None:
    results = () if attained is None else attained.results
    result = next((each for each in results if each.target.id == found.target), None)
    return None if result is None or result.suppressed else result.value
