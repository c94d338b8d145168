"""All pages, added to an app."""

from __future__ import annotations

from fastapi import FastAPI

from api.core.service import Service
from api.security.permissions import extend
from api.web.accounts import audit, login, offices, own, provider, second_factor, tokens, users
from api.web.base import assets
from api.web.base.error_pages import PageFailures
from api.web.base.language import RequestLanguage
from api.web.city import dashboard
from api.web.coverage import entry_form as coverage_entry
from api.web.coverage import import_file as coverage_import
from api.web.coverage import overview as coverage
from api.web.crossings import page as crossings
from api.web.permissions import RULES
from api.web.phone import quick
from api.web.registers import drawing as registers_drawing
from api.web.registers import life as registers_life
from api.web.registers import overview as registers
from api.web.registers import plan as registers_plan
from api.web.registers import preview as registers_preview
from api.web.registers.published import revoking as registers_revoking
from api.web.reporting import import_reports as upload
from api.web.reporting import inbox, inbox_actions, record, reports, reviews
from api.web.sites import about, dossiers, former_units, home, maps, search, site, ward
from api.web.tiles import background, base
from api.web.tiles import viewer as tiles
from api.web.work import alerts, notices, tasks

_MODULES = (
    home,
    site,
    ward,
    search,
    former_units,
    dashboard,
    coverage,
    coverage_entry,
    coverage_import,
    crossings,
    alerts,
    tasks,
    notices,
    inbox,
    inbox_actions,
    record,
    reports,
    quick,
    reviews,
    registers,
    registers_drawing,
    registers_plan,
    registers_life,
    registers_preview,
    registers_revoking,
    tiles,
    upload,
    login,
    tokens,
    users,
    own,
    second_factor,
    provider,
    audit,
    offices,
    about,
    maps,
    background,
    base,
    dossiers,
    assets,
)


def install_pages(app: FastAPI, service: Service) -> None:
    """Add the pages to an app that has its authorization already: routes, rules, error pages, the language of requests.

    Raises
    ------
    InputError, DataFileMissingError
        The background that the settings name can't be used: said at the start, not by every map.
    """
    background.background()
    extend(RULES)
    for module in _MODULES:
        app.include_router(module.router)
    app.state.has_pages = True
    app.add_middleware(PageFailures, service=service)
    app.add_middleware(RequestLanguage)
