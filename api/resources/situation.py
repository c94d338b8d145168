"""The snapshot of a day in one document: what holds, where, and since which record."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.core.service import Service
from api.resources.feature_collections import Row, collection
from api.resources.visibility import flag_rows, report_counts, visible
from api.security.identity import Identity
from geo.situation import Situation

_PARTS = ("reports", "reviews", "assessments", "flags", "coverage")


def situation_document(service: Service, situation: Situation, identity: Identity) -> Row:
    """The situation as whoever asks may see it.

    `missing` names the parts that are not there yet, `hidden` those of which something is not shown to this reader.
    """
    shown = visible(service, situation, identity)
    flags = flag_rows(shown, identity.viewer)
    return {
        "city": situation.city,
        "day": situation.day.isoformat(),
        "data_version": shown.data_version,
        "missing": [name for name in _PARTS if getattr(situation, name) is None],
        "hidden": [name for name in _PARTS if shown.hides(name)],
        "wards": _wards(situation),
        "sites": [_site(row, shown, flags) for row in collection("sites", situation).rows],
        "flags": {"total": len(flags), "by_level": Counter(flag["level"] for flag in flags)},
        "reports": report_counts(service, situation, identity).document(),
    }


def _wards(situation: Situation) -> Row:
    phases = Counter(situation.wards["phase"].tolist())
    return {"total": len(situation.wards), "by_phase": {name: phases[name] for name in situation.programme.phase_ids}}


def _site(row: Row, shown: Situation, flags: list[Row]) -> Row:
    names = ("site_id", "name", "group", "level", "handed_over", "length_m", "wards", "agreement")
    mine = [flag["flag_id"] for flag in flags if flag["site_id"] == row["site_id"]]
    return {name: row[name] for name in names} | {"assessed": _assessed(row["site_id"], shown), "flags": mine}


def _assessed(site_id: str, shown: Situation) -> Row | None:
    """Since when, and on which document, the site has its level."""
    if shown.assessments is None:
        return None
    mine = shown.assessments[shown.assessments["site_id"] == site_id]
    if mine.empty:
        return None
    last: dict[Any, Any] = mine.iloc[-1].to_dict()
    return {"day": str(last["day"])[:10], "document": last["document"], "office": last["office"]}
