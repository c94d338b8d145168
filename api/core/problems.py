"""Failures of the service, and the one table that says which HTTP status each failure has (RFC 9457).

A problem document is for people and for programs: `title`, `detail`, and of each of its `problems` what is wrong, where
and what to do; beside that the `code` and the `parameters` of each, which stay the same in every language.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from geo.errors import (
    DataFileMissingError,
    DiabanError,
    InputError,
    Problem,
    SiteNotListedError,
    UnknownNameError,
    UnknownSiteError,
)
from geo.i18n.catalogue import find
from geo.i18n.message import Message
from geo.importing.apart import ReaderBusyError
from geo.importing.geometries.model import TooLargeError as GeometriesTooLargeError
from geo.records.model.errors import (
    AccountLockedError,
    CodeNeededError,
    ConflictError,
    LoginRefusedError,
    PrivacyError,
    SignInBusyError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreUnreachableError,
)
from geo.situation import not_listed
from geo.situation.records import Records

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("diaban.api")


class SignInError(DiabanError):
    """Nobody has signed in, or the token or session does not hold."""


class ForbiddenError(DiabanError):
    """The account may not do this, or not for this ward."""


class CsrfError(DiabanError):
    """A write that came with a cookie, but not from a page of this server."""


class ProviderError(DiabanError):
    """The provider of sign-ins can't be reached, or what it answers can't be trusted."""


class NotFoundError(DiabanError):
    """There is nothing at this place."""


class QueryError(InputError):
    """A query parameter that can't be understood."""


class NotAcceptableError(InputError):
    """The answer can't be given in the form asked for."""


class PreconditionError(DiabanError):
    """The thing to change is another one by now than the client says."""


class RecordedAlreadyError(DiabanError):
    """What is to be recorded is recorded already."""


class TooLargeError(InputError):
    """The request is larger than the server takes."""


class EncodedBodyError(InputError):
    """The body is packed in what the server doesn't read."""


class StalledError(DiabanError):
    """A body that did not come in time."""


class TooManyError(DiabanError):
    """Too many requests of this kind in a minute."""


TABLE: tuple[tuple[type[Exception], int, str], ...] = (
    (SignInError, 401, "sign-in"),
    (LoginRefusedError, 401, "login-refused"),
    (CodeNeededError, 401, "code-needed"),
    (AccountLockedError, 429, "locked"),
    (TooManyError, 429, "too-many"),
    (SignInBusyError, 429, "too-many"),
    (CsrfError, 403, "forgery"),
    (ForbiddenError, 403, "forbidden"),
    (NotAcceptableError, 406, "not-acceptable"),
    (StalledError, 408, "stalled"),
    (PreconditionError, 412, "precondition"),
    (TooLargeError, 413, "too-large"),
    (GeometriesTooLargeError, 413, "too-large"),
    (EncodedBodyError, 415, "encoding"),
    (QueryError, 400, "query"),
    (PrivacyError, 422, "privacy"),
    (ConflictError, 409, "conflict"),
    (RecordedAlreadyError, 409, "recorded-already"),
    (NotFoundError, 404, "not-found"),
    (UnknownNameError, 404, "not-found"),
    (InputError, 422, "input"),
    (ProviderError, 502, "provider"),
    (ReaderBusyError, 503, "reader-busy"),
    (StoreBusyError, 503, "busy"),
    (StoreUnreachableError, 503, "unreachable"),
    (StoreFullError, 507, "disk-full"),
    (StoreError, 500, "store"),
    (DataFileMissingError, 500, "data"),
    (DiabanError, 500, "failure"),
)
"""Exception, status, name of the problem type; its title is the message `service.title.<name>`. The first line that
fits counts."""

_RETRY = {429: "60", 503: "2"}


def problem(
    status: int, name: str, *, problems: Sequence[Problem] = (), detail: str = "", extra: dict[str, Any] | None = None
) -> Response:
    """A problem document: `type`, `title`, `status`, `detail`, every problem, and what is `extra`."""
    title = str(Message(f"service.title.{name}"))
    text = detail or "; ".join(map(str, problems)) or title
    document = {"type": f"urn:diaban:problem:{name}", "title": title, "status": status, "detail": text}
    document |= ({"problems": [found.document() for found in problems]} if problems else {}) | (extra or {})
    headers = {"Cache-Control": "no-store"}
    if status in _RETRY:
        headers["Retry-After"] = _RETRY[status]
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="diaban"'
    return Response(orjson.dumps(document), status, headers=headers, media_type=MEDIA_TYPE)


def explained(error: DiabanError) -> Response:
    """The problem document of a failure that diaban explains; of a failure of the server itself nothing is said."""
    status, name = next(line[1:] for line in TABLE if isinstance(error, line[0]))
    if status >= 500:
        log.error("failure", extra={"problem": name, "error": str(error)})
        return _failed(status, name)
    extra = {"suggestions": list(error.suggestions)} if isinstance(error, UnknownNameError) else None
    return problem(status, name, problems=error.problems, extra=extra)


def install(app: FastAPI) -> None:
    """Make every failure of an app a problem document."""

    async def on_diaban(request: Request, error: Exception) -> Response:
        if isinstance(error, UnknownSiteError):
            moment = _moment(request.query_params.get("known_at", ""))
            error = await run_sync(_of_other_days, request.app.state.service.store, error, moment)
        return explained(error) if isinstance(error, DiabanError) else _failed(500, "failure")

    async def on_validation(request: Request, error: Exception) -> Response:
        problems = _validation_problems(error) if isinstance(error, RequestValidationError) else []
        if problems and (other := _other_body(request, problems)):
            problems = [other]
        # OGC API Features asks for 400 where a parameter is wrong.
        if request.url.path.startswith("/ogc") and request.method in ("GET", "HEAD"):
            return problem(400, "query", problems=problems)
        return problem(422, "input", problems=problems)

    async def on_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        answer = problem(status, _name(status))
        answer.headers.update((error.headers or {}) if isinstance(error, HTTPException) else {})
        allowed = getattr(request.state, "allow", "")
        if status == 405 and allowed:
            answer.headers["Allow"] = allowed  # of all routes of the path; the router knows of one
        return answer

    async def on_any(_: Request, error: Exception) -> Response:
        log.error("unexpected", extra={"error": type(error).__name__})
        return _failed(500, "failure")

    app.add_exception_handler(DiabanError, on_diaban)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_any)


def _moment(text: str) -> datetime | None:
    """The knowledge moment that a request names; one that is wrong was refused before."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _of_other_days(records: Records, error: UnknownSiteError, known_at: datetime | None) -> UnknownSiteError:
    """The same, which says so where the site is on the list of other days, as was known then."""
    found = not_listed(records, error.name, known_at)
    return SiteNotListedError(error.name, found) if found else error


def _failed(status: int, name: str) -> Response:
    return problem(status, name, detail=str(Message("service.see-log", title=Message(f"service.title.{name}"))))


def _name(status: int) -> str:
    return {404: "not-found", 405: "method", 413: "too-large"}.get(status, "http")


_FILES_ARE_SENT_TO = {"reports": "/upload", "coverage": "/coverage/import"}
"""The pages that take files of what an address of the API takes one by one."""


_TAKES_FILES = ("/api/v1/registers/plans", "/api/v1/reports/files")
"""How addresses of the API begin that take a file."""


def _other_body(request: Request, found: Sequence[Problem]) -> Problem | None:
    """What to send instead of a form or a file, where an address of the API takes JSON, or instead of what is no file
    where it takes one; None where the body is not what is wrong."""
    path, kind = request.url.path, request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method != "POST" or not path.startswith("/api/") or not kind or kind.endswith("json"):
        return None
    if path.startswith(_TAKES_FILES):
        no_file = any(problem.where == "file" for problem in found)
        return Problem("service.no-upload", "file", path=path) if no_file else None
    page = _FILES_ARE_SENT_TO.get(path.split("/")[3])
    code = "service.body-not-json" if page is None else "service.file-not-json"
    return Problem(code, "body", type=kind[:60], path=path, page=page)


def _validation_problems(error: RequestValidationError) -> list[Problem]:
    return [_validation_problem(entry) for entry in error.errors()[:100]]


def _validation_problem(entry: Any) -> Problem:
    """What pydantic found, by its own name for that; what the catalogues lack is said in pydantic's words."""
    where = ".".join(map(str, entry.get("loc", ())[1:]))
    code = f"service.invalid.{entry.get('type', '')}".replace("_", "-")
    if find("en", code) is None:
        return Problem("service.invalid", where, reason=str(entry.get("msg", "")).removeprefix("Value error, "))
    return Problem(code, where, **{name: value for name, value in entry.get("ctx", {}).items() if name != "error"})
