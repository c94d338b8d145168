"""The OpenAPI document of the service, with who may use each route."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from api.schemas.examples import PROBLEM
from api.security.permissions import RULES
from geo.records.kinds.registry import kinds
from geo.visibility import Role

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token: diaban user token NAME"},
    "session": {"type": "apiKey", "in": "cookie", "name": "diaban_session"},
}
_METHODS = ("get", "post", "put", "patch", "delete")
_BODY = "$response.body#"
_API = "/api/v1"
_WITHDRAWAL = ("post", f"{_API}/{{kind}}/{{row_id}}/withdrawal")


def _next(path: str, **parameters: str) -> dict[str, Any]:
    return {"to": ("get", _API + path), "parameters": parameters}


def _withdrawal(kind: str) -> dict[str, Any]:
    return {"withdrawal": {"to": _WITHDRAWAL, "parameters": {"kind": kind, "row_id": f"{_BODY}/id"}}}


_FIRST_SITE = {"site_id": f"{_BODY}/items/0/site_id"}
_VERIFICATION = {"to": ("post", f"{_API}/verifications"), "requestBody": {"report_id": f"{_BODY}/id"}}
_READ_LINKS: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("get", f"{_API}/wards"): {"ward": _next("/wards/{code}", code=f"{_BODY}/items/0/code")},
    ("get", f"{_API}/sites"): {
        "site": _next("/sites/{site_id}", **_FIRST_SITE),
        "crossings": _next("/sites/{site_id}/crossings", **_FIRST_SITE),
        "history": _next("/sites/{site_id}/history", **_FIRST_SITE),
    },
    ("get", f"{_API}/flags"): {"flag": _next("/flags/{flag_id}", flag_id=f"{_BODY}/items/0/flag_id")},
}
"""(method, path) → what can be requested next with what the answer holds, by (method, path) of that."""


def _links() -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """The links of all routes: of those above, and of every kind of record."""
    found = {("post", f"{_API}/{spec.sent_to}"): _withdrawal(spec.path) for spec in kinds() if spec.path}
    found["post", f"{_API}/reports"]["verification"] = _VERIFICATION
    return _READ_LINKS | found


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: what FastAPI derives from the routes, with the rules of access and the problem answers."""
    described = deepcopy(app.openapi())  # FastAPI gives the same one each time
    described.setdefault("components", {})["securitySchemes"] = _SCHEMES
    described["components"].setdefault("responses", {})["Problem"] = PROBLEM
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method in operations:
                _complete(operations[method], RULES.get((method.upper(), path)), method)
    for (method, path), links in _links().items():
        _link(described["paths"], described["paths"][path][method], links)
    return described


def _link(paths: dict[str, Any], operation: dict[str, Any], links: dict[str, dict[str, Any]]) -> None:
    """Say in an operation's good answer what can be requested next."""
    answer = operation["responses"].get("200") or operation["responses"]["201"]
    answer["links"] = {}
    for name, link in links.items():
        method, path = link["to"]
        parts = {key: value for key, value in link.items() if key != "to"}
        answer["links"][name] = {"operationId": paths[path][method]["operationId"], **parts}


def _complete(operation: dict[str, Any], rule: Any, method: str) -> None:
    responses = operation["responses"]
    operation["summary"] = operation.get("description", operation["summary"]).split("\n\n", 1)[0].rstrip(".")
    if method == "get" and rule is not None and rule.role > Role.NOBODY:
        responses["304"] = {"description": "Not changed."}
    for status in ("400", "401", "403", "404", "406", "409", "413", "422", "429", "503"):
        responses[status] = {"$ref": "#/components/responses/Problem"}
    if rule is None or rule.role == Role.NOBODY:
        return
    operation["security"] = [{"bearer": []}, {"session": []}]
    if rule.role == Role.PUBLIC:
        operation["security"].insert(0, {})
    else:
        needed = f"Needs the role `{rule.role.name.lower()}` or higher."
        own = " A ward account: its own wards only." if rule.own_wards or method == "get" else ""
        operation["description"] = f"{operation.get('description', '')}\n\n{needed}{own}".strip()
