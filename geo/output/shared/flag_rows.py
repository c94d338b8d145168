"""Flags and exposure of a situation as JSON and GeoJSON: the same rows in every form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geo.analysis.exposure.score import exposure, ward_exposure
from geo.reference.geojson import feature

if TYPE_CHECKING:
    from geo.analysis.exposure.score import SiteExposure, WardExposure
    from geo.analysis.flags import Flag
    from geo.situation import Situation


def exposed_sites(situation: Situation) -> tuple[SiteExposure, ...]:
    """Every site of a situation with its score and reasons, most exposed first."""
    return exposure(situation.day, situation.wards, situation.sites, situation.crossings)


def exposed_wards(situation: Situation) -> tuple[WardExposure, ...]:
    """The wards of a situation that an active site touches, those outside the programme first."""
    return ward_exposure(situation.wards, situation.sites, situation.crossings)


def risk_document(situation: Situation) -> dict[str, Any]:
    """`{day, city, data_version, reports, hidden, flags, sites, wards}`, JSON-ready; metres and points to one decimal.

    `reports`: how many reports the flags rest on, None where there are no records. `hidden`: the parts of which
    something is hidden from whoever it is made for. `flags`: closed ones too, with their status; `sites`: the exposure
    of all; `wards`: those that an active site touches.
    """
    return {
        "day": situation.day.isoformat(),
        "city": situation.city,
        "data_version": situation.data_version,
        "reports": None if situation.reports is None else len(situation.reports),
        "hidden": sorted(situation.hidden or ()),
        "flags": [flag_record(flag) for flag in situation.flags or ()],
        "sites": [_site(found) for found in exposed_sites(situation)],
        "wards": [_ward(found) for found in exposed_wards(situation)],
    }


def flag_record(flag: Flag) -> dict[str, Any]:
    """A flag as JSON-ready properties, without its geometry; shares to six decimals, `p` to three digits."""
    return {
        "flag_id": flag.flag_id,
        "event_id": flag.event_id,
        "rule": flag.rule,
        "level": flag.level,
        "status": flag.status,
        "note": flag.note,
        "handled_by": flag.handled_by,
        "until": None if flag.until is None else flag.until.isoformat(),
        "result": flag.result,
        "site_id": flag.site_id,
        "wards": [{"ward_code": code, "share": round(share, 6)} for code, share in flag.wards],
        "first_day": flag.first_day.isoformat(),
        "last_day": flag.last_day.isoformat(),
        "observed": flag.observed,
        "expected": flag.expected,
        "p": None if flag.p is None else float(f"{flag.p:.3g}"),
        "recurrence_years": None if flag.recurrence_years is None else float(f"{flag.recurrence_years:.3g}"),
        "earlier": list(flag.earlier),
        "quiet_days": flag.quiet_days,
        "score": flag.score,
        "reasons": [{"points": points, "vi": vi, "en": en} for points, vi, en in flag.reasons],
        "text_vi": flag.text_vi,
        "text_en": flag.text_en,
    }


def flags_geojson(situation: Situation) -> str:
    """The flags as an RFC 7946 FeatureCollection, a feature a flag, closed ones too."""
    features = [feature({**flag_record(flag), "geometry": flag.geometry}) for flag in situation.flags or ()]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"


def _site(found: SiteExposure) -> dict[str, Any]:
    facts = found.facts
    return {
        "site_id": found.site_id,
        "name": facts.name,
        "level": facts.level,
        "score": found.score,
        "exposure": found.flag,
        "score_range": list(found.range),
        "exposure_range": list(found.flag_range),
        "wards": [{"ward_code": code, "share": round(share, 6)} for code, share in facts.wards],
        "outside": list(facts.outside),
        "outside_share": round(facts.outside_share, 6),
        "undeclared": list(facts.undeclared),
        "border_m": round(facts.border_m, 1),
        "border": [
            {"ward_code": code, "border_m": round(metres, 1), "with": list(others)}
            for code, metres, others in facts.border
        ],
        "adjoining_outside": list(facts.adjoining_outside),
        "recent_handover": found.recent,
        "reasons": [{"rule": r.rule, "points": r.points, "vi": r.vi, "en": r.en} for r in found.reasons],
    }


def _ward(found: WardExposure) -> dict[str, Any]:
    return {
        "ward_code": found.code,
        "ward_name": found.ward.full_name,
        "phase": found.ward.phase,
        "outside": found.outside,
        "inside": [{"site_id": site, "length_m": round(metres, 1)} for site, metres in found.inside],
        "along": list(found.along),
        "near": list(found.near),
    }
