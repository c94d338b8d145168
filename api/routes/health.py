"""Is the process alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter

from api.resources.dependencies import ServiceNeed
from geo import __version__
from geo.situation import load_registers

router = APIRouter(tags=["operation"])


@router.get("/health")
async def health() -> dict[str, str]:
    """`ok` as long as the process lives; asks neither the database nor the data set."""
    return {"status": "ok", "version": __version__}


@router.get("/ready")
def ready(service: ServiceNeed) -> dict[str, str]:
    """`ready` when the registers are read and the database answers; 503 or 500 with a reason otherwise."""
    load_registers(service.settings.city)
    service.store.version()
    return {"status": "ready"}
