"""Signing in and out: the session cookie, how it is set, and how it ends."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response

from api.core.problems import SignInError
from api.core.service import Service
from api.security.identity import COOKIE, SECURE_COOKIE, Identity, network_class, network_of, of_account
from geo.errors import Problem


def sign_in(service: Service, request: Request, response: Response, username: str, password: str) -> Identity:
    """Open a session of an account and set its cookie on the response. Takes tens of milliseconds, on purpose.

    Raises
    ------
    LoginRefusedError, AccountLockedError
        As `Accounts.check_password`.
    """
    client = request.client.host if request.client else None
    origin = f"api:{network_class(client)}"
    accounts = service.store.accounts
    account = accounts.check_password(username, password, origin, network_of(client))
    lasts, idle = timedelta(hours=service.settings.session_hours), timedelta(minutes=service.settings.idle_minutes)
    session = accounts.open_session(account.username, lasts=lasts, idle=idle, origin=origin)
    set_cookie(service, request, response, session)
    return of_account(account, origin, session)


def reopen_session(service: Service, request: Request, response: Response, identity: Identity) -> None:
    """Open a fresh session for an account whose sessions just ended, and set its cookie on the response."""
    lasts, idle = timedelta(hours=service.settings.session_hours), timedelta(minutes=service.settings.idle_minutes)
    session = service.store.accounts.open_session(identity.who, lasts=lasts, idle=idle, origin=identity.origin)
    set_cookie(service, request, response, session)


def redeem(service: Service, request: Request, response: Response, key: str) -> None:
    """Open a session for the key of the one-time link and set its cookie on the response.

    Raises
    ------
    SignInError
        The key is wrong or was used before, or accounts are in use.
    """
    lasts = timedelta(hours=service.settings.session_hours)
    session = service.local.redeem(key, service.now, lasts) if service.local else None
    if session is None:
        raise SignInError(Problem("security.link-not-valid"))
    set_cookie(service, request, response, session)


def sign_out(service: Service, identity: Identity, response: Response) -> None:
    """End the session of an identity and take its cookie away; without a session nothing happens."""
    if identity.session is None:
        return
    if service.local is not None:
        service.local.close_session(identity.session)
    service.store.accounts.close_session(identity.session)
    for name in (COOKIE, SECURE_COOKIE):
        response.delete_cookie(name, secure=name == SECURE_COOKIE, httponly=True, samesite="lax")


def set_cookie(service: Service, request: Request, response: Response, session: str) -> None:
    """Set the session cookie: not for scripts, not for other sites' writes, and by https alone where there is https."""
    secure = service.settings.https or request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        session,
        max_age=int(service.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=secure,
    )
