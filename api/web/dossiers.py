"""Where the dossiers of sites and wards can be had, if this server makes any."""

from __future__ import annotations

from api.web.visit import Visit

_KINDS = ("pdf", "docx")


def dossier_links(visit: Visit, site_id: str) -> list[tuple[str, str]]:
    """(kind, address) of each form in which the dossier of a site can be had; none where no route makes dossiers."""
    if not getattr(visit.request.app.state, "has_dossiers", False):
        return []
    return [(kind.upper(), visit.url(f"/api/v1/dossiers/{site_id}.{kind}")) for kind in _KINDS]
