"""What the settings say of the provider, and which rights the claims of somebody stand for."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from api.core.settings import ApiSettings, has_own_secret
from geo.errors import InputError, Problem
from geo.records.model.errors import LoginRefusedError
from geo.records.provider_accounts import Claimed
from geo.reference.cities import city, list_of
from geo.settings import TABLE
from geo.visibility import Role

CALLBACK = "/login/provider/callback"
_ROLES = {role.name.lower(): role for role in Role if role is not Role.NOBODY}


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A provider as it is set: its address, who this service is there, and where the claims stand.

    `roles`: value of the claim → role of an account.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    roles: tuple[tuple[str, Role], ...]
    roles_claim: str
    wards_claim: str
    cities_claim: str
    office_claim: str
    name_claim: str


def provider_settings(settings: ApiSettings) -> ProviderSettings | None:
    """The provider of the settings; None where there is none.

    Raises
    ------
    InputError
        Something is missing, or the provider would be asked in plain text.
    """
    if not settings.oidc_issuer:
        return None
    missing = [
        Problem("settings.oidc-missing", TABLE[name].variable)
        for name in ("oidc_client_id", "oidc_client_secret", "oidc_roles", "public_url")
        if not getattr(settings, name) or getattr(getattr(settings, name), "get_secret_value", lambda: "-")() == ""
    ]
    if not _is_private(settings.oidc_issuer):
        missing.append(Problem("settings.oidc-not-https", TABLE["oidc_issuer"].variable, value=settings.oidc_issuer))
    if not has_own_secret(settings):
        missing.append(Problem("settings.weak-secret", TABLE["secret"].variable, least=32))
    if missing:
        raise InputError(missing)
    return ProviderSettings(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        settings.public_url.rstrip("/") + CALLBACK,
        _mapping(settings.oidc_roles),
        settings.oidc_roles_claim,
        settings.oidc_wards_claim,
        settings.oidc_cities_claim,
        settings.oidc_office_claim,
        settings.oidc_name_claim,
    )


def claimed(wanted: ProviderSettings, claims: Mapping[str, Any], ward_code: Callable[[str], str]) -> Claimed:
    """The account that claims stand for; of several roles the highest.

    Raises
    ------
    LoginRefusedError
        No value of the claim stands for a role, or name or office are missing.
    UnknownWardError
        The claim names a ward that there is not.
    UnknownNameError
        The claim names a city that there is not.
    """
    given = set(_texts(_at(claims, wanted.roles_claim)))
    roles = [role for value, role in wanted.roles if value in given]
    if not roles:
        raise LoginRefusedError(Problem("accounts.provider-no-role", wanted.roles_claim))
    name, office = (next(iter(_texts(_at(claims, at))), "") for at in (wanted.name_claim, wanted.office_claim))
    if not name or not office:
        absent = wanted.office_claim if name else wanted.name_claim
        raise LoginRefusedError(Problem("accounts.provider-no-claim", absent))
    role = max(roles)
    wards = tuple(map(ward_code, _texts(_at(claims, wanted.wards_claim)))) if role is Role.WARD else ()
    cities = _texts(_at(claims, wanted.cities_claim)) if role in (Role.CITY, Role.WARD) else ()
    provinces = tuple(dict.fromkeys(city(text).key for text in cities))
    if role is Role.WARD and not any(map(list_of, provinces)):
        provinces = ()
    return Claimed(wanted.issuer, str(claims["sub"]), name, role.name.lower(), wards, office, provinces)


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of a name; one with dots may also lead through objects, as in `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _texts(value: Any) -> list[str]:
    """A claim as texts: a list of them, or one with ';' between."""
    parts = value if isinstance(value, list) else value.split(";") if isinstance(value, str) else []
    return [part.strip() for part in parts if isinstance(part, str) and part.strip()]


def _mapping(text: str) -> tuple[tuple[str, Role], ...]:
    pairs = [part.rpartition("=") for part in text.split(";") if part.strip()]
    wrong = [role.strip() for value, _, role in pairs if not value.strip() or role.strip() not in _ROLES]
    if wrong:
        variable = TABLE["oidc_roles"].variable
        raise InputError(Problem("settings.oidc-no-role", variable, values=wrong, roles=list(_ROLES)))
    return tuple((value.strip(), _ROLES[role.strip()]) for value, _, role in pairs)


def _is_private(address: str) -> bool:
    """Whether what is sent there can't be read on the way: by https, or to this machine itself."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
