"""What the OpenAPI document says of answers: their forms, with an example each."""

from __future__ import annotations

from typing import Any

Answers = dict[int | str, dict[str, Any]]

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
                    "problems": {"type": "array", "items": {"type": "object"}},
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


def _forms(schema: dict[str, Any], example: dict[str, Any], feature: str) -> dict[str, Any]:
    return {
        "description": "The answer in the form asked for.",
        "content": {
            "application/json": {"schema": schema, "example": example},
            "application/geo+json": {
                "schema": {"type": "object", "required": ["type"], "properties": {"type": {"const": feature}}}
            },
            "text/csv": {"schema": {"type": "string"}},
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
        "links": {"type": "array", "items": {"type": "object"}},
        "items": {"type": "array", "items": {"type": "object"}},
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

LIST_ANSWERS: Answers = {200: _forms(_LIST, _LIST_EXAMPLE, "FeatureCollection"), 304: {"description": "Not changed."}}
ONE_ANSWERS: Answers = {200: _forms({"type": "object"}, _ONE_EXAMPLE, "Feature"), 304: {"description": "Not changed."}}
