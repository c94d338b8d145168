"""The routes of the service, one router a resource."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import crossings, health, sites, situation, wards

ROUTERS: tuple[APIRouter, ...] = (health.router, wards.router, sites.router, crossings.router, situation.router)
"""Every router of the service, in the order in which paths are tried."""
