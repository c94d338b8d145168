"""The routes of the service, one router a resource."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import (
    coverage,
    crossings,
    flags,
    operation,
    reports,
    session,
    sites,
    situation,
    tiles,
    vocabulary,
    wards,
    writes,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (
        operation,
        session,
        wards,
        sites,
        crossings,
        situation,
        flags,
        coverage,
        reports,
        vocabulary,
        tiles,
        writes,
    )
)
"""Every router of the service, in the order in which paths are tried."""
