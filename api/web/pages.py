"""All pages, added to an app."""

from __future__ import annotations

from fastapi import FastAPI

from api.security.rules import extend
from api.service import Service
from api.web import (
    about,
    assets,
    background,
    coverage,
    coverage_entry,
    dossiers,
    flags,
    home,
    login,
    maps,
    reports,
    reviews,
    site,
    tiles,
    tokens,
    upload,
    users,
    ward,
)
from api.web.failures import PageFailures
from api.web.rules import RULES

_MODULES = (
    home,
    site,
    ward,
    coverage,
    coverage_entry,
    flags,
    reports,
    reviews,
    tiles,
    upload,
    login,
    tokens,
    users,
    about,
    maps,
    background,
    dossiers,
    assets,
)


def install_pages(app: FastAPI, service: Service) -> None:
    """Add the pages to an app whose gate is in place already: their routes, their rules, their way to tell failures.

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
