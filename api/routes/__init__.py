"""The routes of the service, one router a resource."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import coverage, flags, operation, records, report_files, reports, session, situation, tiles, vocabulary
from api.routes.registers import crossings, drafts, places, sites, wards

_FIRST = (operation, session, wards, places, sites, crossings, situation, flags)
_MODULES = (*_FIRST, drafts, coverage, reports, report_files, vocabulary, tiles)


def routers() -> tuple[APIRouter, ...]:
    """Every router of the service, in the order in which paths are tried; records have one for all kinds."""
    return (*(module.router for module in _MODULES), records.router())
