"""The table of rules: which route is open to whom. A route that is not in it is open to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.records.kinds.registry import kinds
from geo.visibility import Role

Budget = Literal["", "login", "route"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: at least `role`; and which budget of requests a minute it draws on.

    `own_wards`: whether a ward account may write about its own wards alone, which the body of the request shows
    (`api.security.object_permissions`). `reads`: the route writes nothing, whatever its method.
    """

    role: Role
    own_wards: bool = False
    budget: Budget = ""
    reads: bool = False


_OPEN = Rule(Role.NOBODY)
_READ = Rule(Role.PUBLIC)
_WARD = Rule(Role.WARD)
_WRITE = Rule(Role.WARD, own_wards=True)
_CITY = Rule(Role.CITY)
_ADMIN = Rule(Role.ADMIN)
_API = "/api/v1"

RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/health"): _OPEN,
    ("GET", "/ready"): _OPEN,
    ("GET", "/metrics"): _ADMIN,
    ("GET", "/open"): Rule(Role.NOBODY, budget="login"),
    ("GET", "/docs"): _OPEN,
    ("GET", "/docs/assets/{name}"): _OPEN,
    ("GET", "/openapi.json"): _OPEN,
    ("GET", f"{_API}/session"): _OPEN,
    ("POST", f"{_API}/session"): Rule(Role.NOBODY, budget="login"),
    ("DELETE", f"{_API}/session"): _OPEN,
    ("GET", f"{_API}/vocabulary"): _READ,
    ("GET", f"{_API}/wards"): _READ,
    ("GET", f"{_API}/wards/at"): _READ,
    ("GET", f"{_API}/wards/search"): _READ,
    ("GET", f"{_API}/places"): _READ,
    ("GET", f"{_API}/places/candidates"): Rule(Role.PUBLIC, budget="route"),
    ("GET", f"{_API}/units/former"): _READ,
    ("GET", f"{_API}/wards/{{code}}"): _READ,
    ("GET", f"{_API}/wards/{{code}}/sites"): _READ,
    ("GET", f"{_API}/sites"): _READ,
    ("GET", f"{_API}/sites/{{site_id}}"): _READ,
    ("GET", f"{_API}/sites/{{site_id}}/crossings"): _READ,
    ("GET", f"{_API}/sites/{{site_id}}/history"): _READ,
    ("GET", f"{_API}/crossings"): _READ,
    ("POST", f"{_API}/crossings"): Rule(Role.PUBLIC, budget="route", reads=True),
    ("GET", f"{_API}/situation"): _READ,
    ("GET", f"{_API}/flags"): _READ,
    ("GET", f"{_API}/flags/{{flag_id}}"): _READ,
    ("GET", f"{_API}/programmes"): _READ,
    ("GET", f"{_API}/programmes/{{programme_id}}"): _READ,
    ("GET", f"{_API}/coverage"): _READ,
    ("GET", f"{_API}/registers/drafts"): _CITY,
    ("GET", f"{_API}/registers/drafts/{{number}}"): _CITY,
    ("POST", f"{_API}/registers/drafts"): _CITY,
    ("POST", f"{_API}/registers/drafts/{{number}}/publication"): _CITY,
    ("POST", f"{_API}/registers/drafts/{{number}}/withdrawal"): _CITY,
    ("GET", f"{_API}/registers/rows"): _CITY,
    ("POST", f"{_API}/registers/plans"): _CITY,
    ("POST", f"{_API}/registers/plans/reading"): Rule(Role.CITY, reads=True),
    ("GET", f"{_API}/reports"): _WARD,
    ("POST", f"{_API}/reports/files"): _WRITE,
    ("POST", f"{_API}/reports/files/reading"): Rule(Role.WARD, own_wards=True, reads=True),
    ("GET", f"{_API}/reviews"): _WARD,
    ("POST", f"{_API}/{{kind}}/{{row_id}}/withdrawal"): _WRITE,
    ("GET", "/tiles.json"): _READ,
    ("GET", "/tiles/{z}/{x}/{y}"): _READ,
    ("GET", "/ogc"): _READ,
    ("GET", "/ogc/conformance"): _READ,
    ("GET", "/ogc/api"): _READ,
    ("GET", "/ogc/collections"): _READ,
    ("GET", "/ogc/collections/{collection}"): _READ,
    ("GET", "/ogc/collections/{collection}/queryables"): _READ,
    ("GET", "/ogc/collections/{collection}/schema"): _READ,
    ("GET", "/ogc/collections/{collection}/items"): _READ,
    ("POST", "/ogc/collections/{collection}/items"): _WRITE,
    ("OPTIONS", "/ogc/collections/{collection}/items"): _READ,
    ("GET", "/ogc/collections/{collection}/items/{item}"): _READ,
    ("PUT", "/ogc/collections/{collection}/items/{item}"): _WRITE,
    ("DELETE", "/ogc/collections/{collection}/items/{item}"): _WRITE,
    ("OPTIONS", "/ogc/collections/{collection}/items/{item}"): _READ,
}
"""(method, path as the route declares it) → rule. Pages add theirs with `api.security.permissions.extend`."""


def record_rules() -> dict[tuple[str, str], Rule]:
    """The rules of the routes of every kind of record, as its spec says."""
    rules: dict[tuple[str, str], Rule] = {}
    for spec in kinds():
        if spec.path:
            rules["POST", f"{_API}/{spec.sent_to}"] = Rule(Role[spec.write_role.upper()], own_wards=True)
        if spec.path and spec.api_list:
            rules["GET", f"{_API}/{spec.path}"] = Rule(Role[spec.read_role.upper()])
    return rules


def extend(rules: dict[tuple[str, str], Rule]) -> None:
    """Add the rules of further routes (the pages'); the rule that a route has already stays."""
    for key, rule in rules.items():
        RULES.setdefault(key, rule)


extend(record_rules())
