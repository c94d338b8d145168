"""Writes that come with a cookie must come from a page of this server: origin and token are both checked."""

from __future__ import annotations

import hmac
from collections.abc import Container
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import Message as HttpMessage
from starlette.types import Receive

from api.core.problems import CsrfError
from api.core.service import Service
from api.security.identity import Identity, csrf_token
from geo.errors import Problem
from geo.i18n.message import Message

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "x-csrf-token"
FIELD = "csrf_token"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def check_origin(request: Request, public_url: str, others: Container[str] = ()) -> None:
    """Refuse a write that a page of another site sent; programs send no Origin and pass.

    `others` are the origins that may send it all the same; '*' among them is any.

    Raises
    ------
    CsrfError
        Origin, or else Referer, names another host than that of the request, or the browser says `cross-site`.
    """
    source = request.headers.get("origin") or request.headers.get("referer")
    if "*" in others or request.headers.get("origin", "").lower() in others:
        return
    if request.headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        raise CsrfError(_foreign(Message("security.another-site")))
    if source is None:
        return
    own = {request.url.netloc.lower(), urlsplit(public_url).netloc.lower()} - {""}
    if urlsplit(source).netloc.lower() not in own:
        raise CsrfError(_foreign(urlsplit(source).netloc[:100] or Message("security.unknown-page")))


async def check_token(request: Request, service: Service, identity: Identity) -> Receive:
    """Refuse a write of a browser session without its token (header, or field of the form).

    Returns the receive channel for the route: the body is read here where it is a form, and handed on.

    Raises
    ------
    CsrfError
        The token is missing or is not that of the session, or the browser did not say which page the write is from.
    """
    if identity.session is None:
        return request.receive
    if not (request.headers.get("origin") or request.headers.get("referer")):
        raise CsrfError(Problem("security.no-origin", "Origin"))
    expected = csrf_token(service, identity.session)
    given, receive = request.headers.get(HEADER), request.receive
    if given is None and request.headers.get("content-type", "").startswith(_FORMS):
        given, receive = await _form_token(request)
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        raise CsrfError(Problem("security.csrf-token-not-valid", HEADER))
    return receive


async def _form_token(request: Request) -> tuple[str | None, Receive]:
    body = await request.body()
    replayed = _replay(body)
    form = await Request(request.scope, replayed).form()
    token = form.get(FIELD)
    await form.close()
    return (token if isinstance(token, str) else None), _replay(body)


def _replay(body: bytes) -> Receive:
    messages: list[HttpMessage] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> HttpMessage:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _foreign(source: str | Message) -> Problem:
    return Problem("security.foreign-origin", "Origin", source=source)
