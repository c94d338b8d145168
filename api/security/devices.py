"""Browsers from which an account signed in before: while strangers flood the sign-in, they wait behind nobody.

A browser gets a signed cookie once the password was right (OWASP's device cookies). It opens nothing. It belongs to one
account, since whoever may sign in to one could else gather cookies and guess at another with each of them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response
from starlette.requests import HTTPConnection
from starlette.types import Scope

from api.core.service import Service
from api.security.identity import network_of
from api.security.sealed import sealed, unsealed

COOKIE, SECURE_COOKIE = "diaban_device", "__Secure-diaban_device"
_PURPOSE = "device"
_LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that is known: of which account, and its own `number`, by which its wrong passwords are counted."""

    username: str
    number: str


def device_of(service: Service, connection: HTTPConnection) -> Device | None:
    """The browser that sends a request, where it is known."""
    cookies = connection.cookies
    claims = unsealed(service, _PURPOSE, cookies.get(SECURE_COOKIE) or cookies.get(COOKIE) or "")
    return Device(claims["username"], claims["number"]) if claims else None


def account_of_device(service: Service, scope: Scope) -> str:
    """The account whose browser sends a request, '' for any that is not known."""
    device = device_of(service, HTTPConnection(scope))
    return device.username if device else ""


def counted_as(service: Service, request: Request, username: str) -> str:
    """By what the wrong passwords of a name are counted: the account's own browser, else the network."""
    device = device_of(service, request)
    if device is not None and device.username.casefold() == username.casefold():
        return f"device {device.number}"
    return network_of(request.client.host if request.client else None)


def remember(service: Service, request: Request, response: Response, username: str, *, secure: bool) -> None:
    """Have the browser known from now on; it sends the cookie where one signs in, and nowhere else."""
    device = device_of(service, request)
    number = device.number if device is not None and device.username == username else secrets.token_urlsafe(16)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        sealed(service, _PURPOSE, {"username": username, "number": number}, _LASTS),
        max_age=int(_LASTS.total_seconds()),
        path=f"{request.scope.get('root_path', '')}/login",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
