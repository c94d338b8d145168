"""Who may open which page; added to the one table of rules."""

from __future__ import annotations

from api.security.permissions import Rule
from geo.visibility import Role

_OPEN = Rule(Role.NOBODY)
_READ = Rule(Role.PUBLIC)
_WORK = Rule(Role.WARD)
_WRITE = Rule(Role.WARD, own_wards=True)
_CITY = Rule(Role.CITY)
_ADMIN = Rule(Role.ADMIN)
_DEAR = Rule(Role.PUBLIC, budget="route")
_LOGIN = Rule(Role.NOBODY, budget="login")

RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/"): _READ,
    ("GET", "/sites/{site_id}"): _READ,
    ("POST", "/sites/{site_id}/status"): _WRITE,
    ("GET", "/wards/{code}"): _READ,
    ("POST", "/flags"): _WRITE,
    ("GET", "/reviews"): _WORK,
    ("POST", "/reviews"): _WRITE,
    ("GET", "/reports"): _WORK,
    ("POST", "/reports/seen"): _WORK,
    ("POST", "/reports/verifications"): _WRITE,
    ("GET", "/reports/new"): _WORK,
    ("POST", "/reports/new"): _WRITE,
    ("GET", "/reports/{report_id}"): _WORK,
    ("POST", "/reports/{report_id}/verification"): _WRITE,
    ("GET", "/records/{collection}/{row_id}"): _WORK,
    ("POST", "/records/{collection}/{row_id}/correction"): _WRITE,
    ("POST", "/records/{collection}/{row_id}/withdrawal"): _WRITE,
    ("GET", "/account"): _READ,
    ("POST", "/account/password"): Rule(Role.PUBLIC, budget="login"),
    ("POST", "/account/sessions"): _READ,
    ("GET", "/admin/audit"): _ADMIN,
    ("GET", "/admin/offices"): _ADMIN,
    ("POST", "/admin/offices/{office}"): _ADMIN,
    ("GET", "/registers"): _CITY,
    ("POST", "/registers/sites"): _CITY,
    ("POST", "/registers/phases"): _CITY,
    ("POST", "/registers/plan"): _CITY,
    ("GET", "/registers/plans/{digest}"): _CITY,
    ("POST", "/registers/drafts"): _CITY,
    ("GET", "/registers/drafts/{number}"): _CITY,
    ("GET", "/registers/drafts/{number}/map"): _CITY,
    ("POST", "/registers/drafts/{number}/publish"): _CITY,
    ("POST", "/registers/drafts/{number}/withdraw"): _CITY,
    ("GET", "/registers/sites/{site_id}"): _CITY,
    ("POST", "/registers/sites/{site_id}/{action}"): _CITY,
    ("GET", "/account/tokens"): _READ,
    ("POST", "/account/tokens"): _READ,
    ("POST", "/account/tokens/{number}"): _READ,
    ("GET", "/upload"): _WORK,
    ("POST", "/upload"): _WRITE,
    ("GET", "/upload/template.{ending}"): _WORK,
    ("POST", "/upload/check"): _WRITE,
    ("POST", "/upload/commit"): _WRITE,
    ("GET", "/login"): _OPEN,
    ("POST", "/login"): _LOGIN,
    ("GET", "/logout"): _OPEN,
    ("POST", "/logout"): _OPEN,
    ("GET", "/admin/users"): _ADMIN,
    ("POST", "/admin/users"): _ADMIN,
    ("POST", "/admin/users/{username}"): _ADMIN,
    ("GET", "/about"): _READ,
    ("GET", "/search"): _DEAR,
    ("GET", "/units/former"): _READ,
    ("GET", "/background/{z}/{x}/{y}"): _READ,
    ("GET", "/base/{city}.pmtiles"): _READ,
    ("GET", "/maps/{map_kind}"): _READ,
    ("GET", "/maps/{map_kind}/{subject}"): _READ,
    ("GET", "/maps/coverage/{target}"): _READ,
    ("GET", "/coverage"): _READ,
    ("GET", "/coverage/report.{ending}"): _DEAR,
    ("GET", "/coverage/deadlines.ics"): _READ,
    ("GET", "/coverage/entry"): _WORK,
    ("POST", "/coverage/entry"): _WRITE,
    ("GET", "/coverage/import"): _WORK,
    ("POST", "/coverage/import"): _WRITE,
    ("POST", "/coverage/import/check"): _WRITE,
    ("POST", "/coverage/import/commit"): _WRITE,
    ("GET", "/coverage/template.xlsx"): _WORK,
    ("GET", "/dossiers/{site_id}.{ending}"): _DEAR,
    ("GET", "/minutes/{code}.{ending}"): Rule(Role.WARD, budget="route"),
    ("GET", "/packages/{code}.zip"): Rule(Role.WARD, budget="route"),
    ("GET", "/packages/reviews/{number}.zip"): Rule(Role.WARD, budget="route"),
    ("GET", "/crossings"): _READ,
    ("POST", "/crossings"): _DEAR,
    ("POST", "/crossings/export"): _DEAR,
    ("GET", "/tiles"): _READ,
    ("GET", "/tiles/map.js"): _OPEN,
    ("GET", "/tiles/map.css"): _OPEN,
    ("GET", "/static/{name}"): _OPEN,
    ("GET", "/favicon.ico"): _OPEN,
}
"""(method, path as the route declares it) → rule."""
