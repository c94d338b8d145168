"""The OpenAPI document of the service, with who may use each route."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.examples import PROBLEM
from api.security.identity import Role
from api.security.rules import RULES

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token: diaban user token NAME"},
    "session": {"type": "apiKey", "in": "cookie", "name": "diaban_session"},
}
_METHODS = ("get", "post", "put", "patch", "delete")


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: what FastAPI derives from the routes, with the rules of access and the problem answers."""
    described = app.openapi()
    described.setdefault("components", {})["securitySchemes"] = _SCHEMES
    described["components"].setdefault("responses", {})["Problem"] = PROBLEM
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method in operations:
                _complete(operations[method], RULES.get((method.upper(), path)), method)
    return described


def _complete(operation: dict[str, Any], rule: Any, method: str) -> None:
    responses = operation["responses"]
    operation["summary"] = operation.get("description", operation["summary"]).split("\n\n", 1)[0].rstrip(".")
    for status in ("400", "401", "403", "404", "406", "409", "413", "422", "429", "503"):
        responses[status] = {"$ref": "#/components/responses/Problem"}
    if rule is None or rule.role == Role.NOBODY:
        return
    operation["security"] = [{"bearer": []}, {"session": []}]
    if rule.role == Role.PUBLIC:
        operation["security"].insert(0, {})
    else:
        needed = f"Needs the role `{rule.role.name.lower()}` or higher."
        own = " A ward account: its own wards only." if rule.scope == "ward" or method == "get" else ""
        operation["description"] = f"{operation.get('description', '')}\n\n{needed}{own}".strip()
