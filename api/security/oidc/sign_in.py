"""The two steps of a sign-in by the provider: the way there, and the way back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from authlib.common.security import generate_token
from fastapi import Request, Response

from api.core.problems import NotFoundError, SignInError
from api.core.service import Service
from api.security.identity import Identity, network_class
from api.security.oidc.provider import provider_of
from api.security.oidc.rights import ProviderSettings, claimed, provider_settings
from api.security.sealed import sealed, unsealed
from api.security.sessions import is_secure, open_session
from geo.errors import Problem
from geo.records.provider_accounts import account_of_provider

_COOKIE, _SECURE_COOKIE = "diaban_provider", "__Host-diaban_provider"
_PURPOSE = "oidc"
_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a browser brings back from the provider."""

    code: str
    state: str
    error: str
    issuer: str


def leave(service: Service, request: Request, response: Response, after: str) -> str:
    """The address of the provider to go to; the browser remembers in a signed cookie what was asked, for ten minutes.

    Raises
    ------
    NotFoundError
        No provider is set.
    ProviderError
        It does not answer.
    """
    state, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32), generate_token(64)
    address = provider_of(_set(service)).way_there(state=state, nonce=nonce, verifier=verifier)
    asked = {"state": state, "nonce": nonce, "verifier": verifier, "after": after}
    secure, seconds = is_secure(service, request), int(_LASTS.total_seconds())
    text = sealed(service, _PURPOSE, asked, _LASTS)
    response.set_cookie(_name(secure=secure), text, max_age=seconds, httponly=True, samesite="lax", secure=secure)
    return address


def come_back(service: Service, request: Request, response: Response, came: CameBack) -> tuple[Identity, str]:
    """Open a session for whoever the provider says has come, and where they wanted to go.

    Raises
    ------
    SignInError
        This browser did not begin the sign-in, or too long ago, or the provider says that it was given up.
    ProviderError
        The provider can't be reached, or its answer is not for this sign-in.
    LoginRefusedError, InputError
        The claims stand for no account, or for one that is closed.
    """
    wanted, name = _set(service), _name(secure=is_secure(service, request))
    asked = unsealed(service, _PURPOSE, request.cookies.get(name, ""))
    response.delete_cookie(name, secure=name == _SECURE_COOKIE, httponly=True, samesite="lax")
    if not asked or not hmac.compare_digest(asked["state"].encode(), came.state.encode("utf-8", "surrogatepass")):
        raise SignInError(Problem("accounts.provider-not-begun"))
    if came.issuer and came.issuer != wanted.issuer:
        raise SignInError(Problem("accounts.provider-not-begun"))
    if came.error or not came.code:
        raise SignInError(Problem("accounts.provider-refused", reason=came.error[:200] or "no code"))
    now = int(service.now.timestamp())
    claims = provider_of(wanted).claims(came.code, nonce=asked["nonce"], verifier=asked["verifier"], now=now)
    registers = service.store.registers
    ward_code = registers.ward_named if registers is not None and registers.ward_named is not None else str
    origin = f"provider:{network_class(request.client.host if request.client else None)}"
    account = account_of_provider(service.store.accounts, claimed(wanted, claims, ward_code), origin)
    return open_session(service, request, response, account, origin=origin), asked["after"]


def _set(service: Service) -> ProviderSettings:
    found = provider_settings(service.settings)
    if found is None:
        raise NotFoundError(Problem("accounts.provider-none"))
    return found


def _name(*, secure: bool) -> str:
    return _SECURE_COOKIE if secure else _COOKIE
