"""Failures of the service, and the one table that says which HTTP status each failure has (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from geo.errors import DataFileMissingError, DiabanError, InputError, Problem, UnknownNameError
from geo.records.model.errors import (
    AccountLockedError,
    ConflictError,
    LoginRefusedError,
    PrivacyError,
    StoreBusyError,
    StoreError,
    StoreUnreachableError,
)

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("diaban.api")


class SignInError(DiabanError):
    """Nobody has signed in, or the token or session does not hold."""


class ForbiddenError(DiabanError):
    """The account may not do this, or not for this ward."""


class ForgeryError(DiabanError):
    """A write that came with a cookie, but not from a page of this server."""


class QueryError(InputError):
    """A query parameter that can't be understood."""


class NotAcceptableError(InputError):
    """The answer can't be given in the form asked for."""


class TooLargeError(InputError):
    """The request is larger than the server takes."""


class TooManyError(DiabanError):
    """Too many requests of this kind in a minute."""


TABLE: tuple[tuple[type[Exception], int, str, str], ...] = (
    (SignInError, 401, "sign-in", "Sign in first"),
    (LoginRefusedError, 401, "login-refused", "User name or password are wrong"),
    (AccountLockedError, 429, "locked", "The account is locked for a while"),
    (TooManyError, 429, "too-many", "Too many requests"),
    (ForgeryError, 403, "forgery", "The request did not come from a page of this server"),
    (ForbiddenError, 403, "forbidden", "Not allowed"),
    (NotAcceptableError, 406, "not-acceptable", "Not available in this form"),
    (TooLargeError, 413, "too-large", "Too large"),
    (QueryError, 400, "query", "A query parameter can't be understood"),
    (PrivacyError, 422, "privacy", "The text seems to be about a person"),
    (ConflictError, 409, "conflict", "Somebody else was faster"),
    (UnknownNameError, 404, "not-found", "There is no such thing"),
    (InputError, 422, "input", "The input can't be used"),
    (StoreBusyError, 503, "busy", "The database is busy"),
    (StoreUnreachableError, 503, "unreachable", "The database does not answer"),
    (StoreError, 500, "store", "The database failed"),
    (DataFileMissingError, 500, "data", "The data set is not complete"),
    (DiabanError, 500, "failure", "Something failed"),
)
"""Exception, status, name of the problem type, title. The first line that fits counts."""

_RETRY = {429: "60", 503: "2"}


def problem(
    status: int,
    name: str,
    title: str,
    *,
    problems: Sequence[Problem] = (),
    detail: str = "",
    extra: dict[str, Any] | None = None,
) -> Response:
    """A problem document: `type`, `title`, `status`, `detail`, and every `problems` entry (`Problem.document`)."""
    found = [p.document() for p in problems]
    text = detail or "; ".join(map(str, problems)) or title
    document = {"type": f"urn:diaban:problem:{name}", "title": title, "status": status, "detail": text}
    document |= ({"problems": found} if found else {}) | (extra or {})
    headers = {"Cache-Control": "no-store"}
    if status in _RETRY:
        headers["Retry-After"] = _RETRY[status]
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="diaban"'
    return Response(orjson.dumps(document), status, headers=headers, media_type=MEDIA_TYPE)


def explained(error: DiabanError) -> Response:
    """The problem document of a failure that diaban explains; of a failure of the server itself nothing is told."""
    status, name, title = next(line[1:] for line in TABLE if isinstance(error, line[0]))
    if status >= 500:
        log.error("failure", extra={"problem": name, "error": str(error)})
        return problem(status, name, title, detail=f"{title}. The server's log says more.")
    extra = {"suggestions": list(error.suggestions)} if isinstance(error, UnknownNameError) else None
    return problem(status, name, title, problems=error.problems, extra=extra)


def install(app: FastAPI) -> None:
    """Make every failure of an app a problem document."""

    async def on_diaban(_: Request, error: Exception) -> Response:
        return explained(error) if isinstance(error, DiabanError) else _unexpected()

    async def on_validation(request: Request, error: Exception) -> Response:
        problems = _validation_problems(error) if isinstance(error, RequestValidationError) else []
        # OGC API Features asks for 400 where a parameter is wrong.
        if request.url.path.startswith("/ogc"):
            return problem(400, "query", "A query parameter can't be understood", problems=problems)
        return problem(422, "input", "The input can't be used", problems=problems)

    async def on_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        answer = problem(status, _name(status), HTTPStatus(status).phrase)
        answer.headers.update((error.headers or {}) if isinstance(error, HTTPException) else {})
        allowed = getattr(request.state, "allow", "")
        if status == 405 and allowed:
            answer.headers["Allow"] = allowed  # of all routes of the path; the router knows of one
        return answer

    async def on_any(_: Request, error: Exception) -> Response:
        log.error("unexpected", extra={"error": type(error).__name__})
        return _unexpected()

    app.add_exception_handler(DiabanError, on_diaban)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_any)


def _unexpected() -> Response:
    return problem(500, "failure", "Something failed", detail="Something failed. The server's log says more.")


def _name(status: int) -> str:
    return {404: "not-found", 405: "method", 413: "too-large"}.get(status, "http")


def _validation_problems(error: RequestValidationError) -> list[Problem]:
    return [
        Problem(str(entry.get("msg", "")).removeprefix("Value error, "), ".".join(map(str, entry.get("loc", ())[1:])))
        for entry in error.errors()[:100]
    ]
