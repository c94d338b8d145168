"""Signing in and out: the session cookie, how it is set, and how it ends."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response

from api.core.problems import SignInError
from api.core.service import Service
from api.security.devices import counted_as, remember
from api.security.identity import COOKIE, SECURE_COOKIE, Identity, is_for_this_machine, network_class, of_account
from api.security.sealed import sealed, unsealed
from geo.errors import Problem
from geo.records.accounts import Account
from geo.records.model.errors import CodeNeededError

_TICKET = "second-factor"
_TICKET_LASTS = timedelta(minutes=5)
"""How long a right password counts until the code comes."""
_LATELY = timedelta(minutes=15)
"""For how long a sign-in counts as just done."""


def sign_in(
    service: Service, request: Request, response: Response, username: str, password: str, code: str = ""
) -> Identity:
    """Open a session of an account and set its cookie on the response. Takes tens of milliseconds, on purpose.

    Raises
    ------
    LoginRefusedError, AccountLockedError
        As `Accounts.check_password`, and for the `code` as `Accounts.check_code`.
    CodeNeededError
        The password is right, and the account asks for a code, which was not given.
    """
    origin = _origin(request)
    accounts = service.store.accounts
    account = accounts.check_password(username, password, origin, counted_as(service, request, username))
    if accounts.second_factor(account.username).is_on:
        if not code:
            raise CodeNeededError(Problem("accounts.code-needed", "code"))
        accounts.check_code(account.username, code, origin)
    return open_session(service, request, response, account)


def open_session(
    service: Service, request: Request, response: Response, account: Account, *, origin: str = ""
) -> Identity:
    """Open a session for an account that has shown who it is, and set its cookie on the response."""
    origin = origin or _origin(request)
    return of_account(account, origin, _opened(service, request, response, account.username, origin))


def sign_in_by_code(service: Service, request: Request, response: Response, ticket: str, code: str) -> Identity:
    """As `sign_in`, for the second page: the `ticket` says whose password was right a moment ago.

    Raises
    ------
    SignInError
        The ticket does not hold, or no longer.
    LoginRefusedError, AccountLockedError
        As `Accounts.check_code`.
    """
    username = unsealed(service, _TICKET, ticket).get("username")
    accounts = service.store.accounts
    account = accounts.get(username) if username is not None else None
    if account is None or not account.active:
        raise SignInError(Problem("accounts.ticket-not-valid"))
    accounts.check_code(account.username, code, _origin(request))
    return open_session(service, request, response, account)


def _origin(request: Request) -> str:
    return f"api:{network_class(request.client.host if request.client else None)}"


def ticket_of(service: Service, username: str) -> str:
    """A sealed text that says whose password was right, for as long as that counts."""
    return sealed(service, _TICKET, {"username": username}, _TICKET_LASTS)


def signed_in_lately(service: Service, identity: Identity) -> bool:
    """Whether whoever has this session showed the password (or the provider's word) a moment ago.

    What outlives a session, as a token or an account does, is not made by whoever merely found a browser open.
    """
    accounts, here = service.store.accounts, identity.session or ""
    name, since = accounts.session_name(here), service.now - _LATELY
    return any(one.name == name and one.created_at >= since for one in accounts.sessions(identity.who))


def reopen_session(service: Service, request: Request, response: Response, identity: Identity) -> None:
    """Open a fresh session for an account whose sessions just ended, and set its cookie on the response."""
    _opened(service, request, response, identity.who, identity.origin)


def _opened(service: Service, request: Request, response: Response, username: str, origin: str) -> str:
    lasts, idle = timedelta(hours=service.settings.session_hours), timedelta(minutes=service.settings.idle_minutes)
    session = service.store.accounts.open_session(username, lasts=lasts, idle=idle, origin=origin)
    for before in {request.cookies.get(name, "") for name in (COOKIE, SECURE_COOKIE)} - {""}:
        service.store.accounts.close_session(before)  # the browser has one session, and forgets this one
    set_cookie(service, request, response, session)
    remember(service, request, response, username, secure=is_secure(service, request))
    return session


def redeem(service: Service, request: Request, response: Response, key: str) -> None:
    """Open a session for the key of the one-time link and set its cookie on the response.

    Raises
    ------
    SignInError
        The key is wrong or was used before, accounts are in use, or the request came by a proxy or another name.
    """
    local = service.local if is_for_this_machine(request.headers) else None
    lasts = timedelta(hours=service.settings.session_hours)
    session = local.redeem(key, service.now, lasts) if local else None
    if session is None:
        raise SignInError(Problem("security.link-not-valid"))
    set_cookie(service, request, response, session)


def sign_out(service: Service, identity: Identity, response: Response) -> None:
    """End the session of an identity and take its cookie away; without a session nothing happens."""
    if identity.session is None:
        return
    if service.local_access is not None:
        service.local_access.close_session(identity.session)
    service.store.accounts.close_session(identity.session)
    for name in (COOKIE, SECURE_COOKIE):
        response.delete_cookie(name, secure=name == SECURE_COOKIE, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'  # not what a phone stores: reports wait there to be sent


def set_cookie(service: Service, request: Request, response: Response, session: str) -> None:
    """Set the session cookie: not for scripts, not for other sites' writes, and by https alone where there is https."""
    secure = is_secure(service, request)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        session,
        max_age=int(service.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def is_secure(service: Service, request: Request) -> bool:
    """Whether cookies are for https alone: where the service is reached by it."""
    return service.settings.https or request.url.scheme == "https"
