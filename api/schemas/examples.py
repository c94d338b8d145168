"""What the OpenAPI document says of answers: their forms, with an example each."""

from __future__ import annotations

from typing import Any

Described = dict[int | str, dict[str, Any]]

PROBLEM: dict[str, Any] = {
    "description": "A problem (RFC 9457).",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "problems": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["what", "where", "remedy", "code", "parameters"],
                            "properties": {
                                **{name: {"type": "string"} for name in ("what", "where", "remedy", "code")},
                                "parameters": {"type": "object"},
                            },
                        },
                    },
                    "suggestions": {"type": "array", "items": {"type": "string"}},
                },
            },
            "example": {
                "type": "urn:diaban:problem:not-found",
                "title": "There is no such thing",
                "status": 404,
                "detail": "ward '00005' is not known → did you mean '00004'?",
                "suggestions": ["00004"],
            },
        }
    },
}


def _forms(schema: dict[str, Any], example: dict[str, Any], feature: str = "") -> dict[str, Any]:
    content: dict[str, Any] = {
        "application/json": {"schema": schema, "example": example},
        "text/csv": {"schema": {"type": "string"}},
    }
    if feature:
        content["application/geo+json"] = {"schema": _GEOJSON[feature]}
    return {"description": "The answer in the requested form.", "content": content}


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_LINK = {
    "type": "object",
    "required": ["rel", "href"],
    "properties": {"rel": {"enum": ["self", "prev", "next"]}, "href": {"type": "string"}},
}
_FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "geometry": {"type": ["object", "null"], "required": ["type"]},
        "properties": {"type": "object"},
    },
}
_GEOJSON: dict[str, dict[str, Any]] = {
    "Feature": _FEATURE,
    "FeatureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": _list_of(_FEATURE)},
    },
}


_LIST = {
    "type": "object",
    "required": ["total", "limit", "offset", "links", "items"],
    "properties": {
        "total": {"type": "integer"},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "city": {"type": "string"},
        "day": {"type": "string", "format": "date"},
        "links": _list_of(_LINK),
        "items": _list_of({"type": "object"}),
    },
}
_CUT = {
    "type": "object",
    "required": ["city", "items"],
    "properties": {
        "city": {"type": "string"},
        "items": _list_of(
            {
                "type": "object",
                "required": ["id", "crossings"],
                "properties": {
                    "id": {"type": "string"},
                    "length_m": {"type": "number", "minimum": 0},
                    "outside_m": {"type": "number", "minimum": 0},
                    "area_m2": {"type": "number", "minimum": 0},
                    "outside_m2": {"type": "number", "minimum": 0},
                    "outside_share": {"type": "number", "minimum": 0, "maximum": 1.000001},
                    "crossings": _list_of({"type": "object", "required": ["ward_code", "length_m", "area_m2"]}),
                },
            }
        ),
    },
}
_LINKS = [{"rel": "self", "href": "http://127.0.0.1:8000/api/v1/sites/HN-I-1/crossings?limit=200&offset=0"}]
_STRETCH = {
    "crossing_id": "HN-I-1.09832",
    "site_id": "HN-I-1",
    "ward_code": "09832",
    "ward_name": "Hoài Đức",
    "length_m": 1653.412,
    "share": 0.127,
    "intervals_m": [[0.0, 1653.412]],
    "border_m": 210.5,
    "border_with": ["09877"],
    "verdict": "confirmed",
    "declared_wards": ["09832", "09877"],
    "on_border": ["09877"],
    "absent": [],
}
_LIST_EXAMPLE = {
    "total": 1,
    "limit": 200,
    "offset": 0,
    "city": "hanoi",
    "day": "2026-06-01",
    "links": _LINKS,
    "items": [_STRETCH],
}
_ONE_EXAMPLE = {"city": "hanoi", "day": "2026-06-01", "code": "00004", "name": "Ba Đình", "phase": "pilot"}

_NOT_CUT = ("crossing_id", "site_id", "verdict", "declared_wards", "on_border", "absent")
_CUT_EXAMPLE = {
    "city": "hanoi",
    "items": [
        {
            "id": "my-route",
            "length_m": 6613.4,
            "outside_m": 0.0,
            "area_m2": 0.0,
            "outside_m2": 0.0,
            "outside_share": 0.0,
            "crossings": [{k: v for k, v in _STRETCH.items() if k not in _NOT_CUT} | {"area_m2": 0.0}],
        }
    ],
}

CANDIDATES_ANSWERS: Described = {
    200: {
        "description": "The candidates, best first.",
        "content": {"application/geo+json": {"schema": {"type": "object"}}},
    }
}
UNITS_ANSWERS: Described = {200: _forms({"type": "object"}, {"items": [], "count": 0})}
LIST_ANSWERS: Described = {200: _forms(_LIST, _LIST_EXAMPLE, "FeatureCollection")}
"""A list whose rows have places."""
TABLE_ANSWERS: Described = {200: _forms(_LIST, _LIST_EXAMPLE | {"items": []})}
"""A list whose rows have none."""
ONE_ANSWERS: Described = {200: _forms({"type": "object"}, _ONE_EXAMPLE, "Feature")}
CUT_ANSWERS: Described = {200: _forms(_CUT, _CUT_EXAMPLE, "FeatureCollection")}
"""The wards of what was sent."""
