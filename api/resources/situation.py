"""The picture of a day in one document: what holds, where, and since which record."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.core.service import Service, public_version
from api.resources.feature_collections import Row, collection
from api.resources.visibility import flags_of, report_counts
from api.security.identity import Identity, Role
from geo.situation import Situation

_PARTS = ("reports", "reviews", "assessments", "flags", "coverage")


def situation_document(service: Service, situation: Situation, identity: Identity) -> Row:
    """The situation as an audience may see it; `missing` names the parts that are not there yet."""
    flags = flags_of(situation, identity)
    document: Row = {
        "city": situation.city,
        "day": situation.day.isoformat(),
        "data_version": public_version(situation.data_version) if identity.role >= Role.WARD else None,
        "missing": [name for name in _PARTS if getattr(situation, name) is None],
        "wards": _wards(situation),
        "sites": [_site(row, situation, flags) for row in collection("sites", situation).rows],
        "flags": {"total": len(flags), "by_level": Counter(flag["level"] for flag in flags)},
        "reports": report_counts(service, situation, identity).document(),
    }
    return document


def _wards(situation: Situation) -> Row:
    phases = Counter(situation.wards["phase"].tolist())
    return {"total": len(situation.wards), "by_phase": {name: phases[name] for name in ("pilot", "expansion", "none")}}


def _site(row: Row, situation: Situation, flags: list[Row]) -> Row:
    names = ("site_id", "name", "group", "level", "handed_over", "length_m", "wards", "agreement")
    mine = [flag["flag_id"] for flag in flags if flag["site_id"] == row["site_id"]]
    return {name: row[name] for name in names} | {"assessed": _assessed(row["site_id"], situation), "flags": mine}


def _assessed(site_id: str, situation: Situation) -> Row | None:
    """Since when, and on which document, the site has its level."""
    if situation.assessments is None:
        return None
    mine = situation.assessments[situation.assessments["site_id"] == site_id]
    if mine.empty:
        return None
    last: dict[Any, Any] = mine.iloc[-1].to_dict()
    return {"day": str(last["day"])[:10], "document": last["document"], "office": last["office"]}
