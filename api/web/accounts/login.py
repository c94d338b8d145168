"""Signing in and out on a page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from api.core.problems import SignInError
from api.security.identity import Identity
from api.security.sessions import sign_in, sign_in_by_code, sign_out, ticket_of
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.base.problem_texts import ProblemText, problem_text
from geo.errors import DiabanError
from geo.records.model.errors import AccountLockedError, CodeNeededError, LoginRefusedError, SignInBusyError
from geo.visibility import Role

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1000)]


@router.get("/login")
def login(context: PageContextNeed, next: Annotated[str, Query(max_length=500)] = "") -> Response:
    """The form."""
    return _page(context, after=local(next))


@router.post("/login")
def enter(
    context: PageContextNeed,
    username: Field = "",
    password: Field = "",
    next: Field = "",
) -> Response:
    """Sign in and go on to `next`, a page of this server; the form again where it fails."""
    after = local(next)
    response = RedirectResponse("", status_code=303)
    try:
        identity = sign_in(context.service, context.request, response, username.strip(), password)
    except CodeNeededError:
        return _code_page(context, after=after, ticket=ticket_of(context.service, username.strip()))
    except LoginRefusedError:
        return _page(context, after=after, username=username, failure="login.refused", status=401)
    except (AccountLockedError, SignInBusyError):
        return _page(context, after=after, username=username, failure="login.locked", status=429)
    response.headers["location"] = f"{context.root}{first_page(identity, after)}"
    return response


@router.post("/login/code")
def enter_code(context: PageContextNeed, ticket: Field = "", code: Field = "", next: Field = "") -> Response:
    """The second step of an account with a second factor; the form again where the code is wrong."""
    after = local(next)
    response = RedirectResponse("", status_code=303)
    try:
        identity = sign_in_by_code(context.service, context.request, response, ticket, code)
    except SignInError:
        return _page(context, after=after, failure="login.code_late", status=401)
    except LoginRefusedError:
        return _code_page(context, after=after, ticket=ticket, failure="login.code_refused", status=401)
    except AccountLockedError:
        return _code_page(context, after=after, ticket=ticket, failure="login.code_locked", status=429)
    response.headers["location"] = f"{context.root}{first_page(identity, after)}"
    return response


@router.get("/logout")
def leave_page(context: PageContextNeed) -> Response:
    """The button to sign out, for those who typed the address."""
    return context.page("logout.html")


@router.post("/logout")
def leave(context: PageContextNeed) -> Response:
    """Sign out, and back to the first page."""
    response = context.see("/")
    sign_out(context.service, context.identity, response)
    return response


def local(after: str) -> str:
    """The path to go on to; only one of this server, whatever an address says, else the first page."""
    parts = urlsplit(after)
    is_path = after.startswith("/") and not after.startswith(("//", "/\\")) and after.isprintable()
    return after if is_path and not parts.netloc and not parts.scheme and "\\" not in after else "/"


def first_page(identity: Identity, after: str) -> str:
    """Where somebody who has signed in goes on: to `after`; who named no page and works for a ward, to that ward's."""
    return f"/wards/{identity.wards[0]}" if after == "/" and identity.role == Role.WARD and identity.wards else after


def failed_page(context: PageContext, error: DiabanError, status: int) -> Response:
    """The form, with why signing in by the provider failed."""
    problems = tuple(problem_text(problem, context.words.lang) for problem in error.problems)
    return _page(context, after="/", problems=problems, status=status)


def _code_page(context: PageContext, *, after: str, ticket: str, failure: str = "", status: int = 200) -> Response:
    return context.page("login_code.html", status=status, after=after, ticket=ticket, failure=failure)


def _page(
    context: PageContext,
    *,
    after: str,
    username: str = "",
    failure: str = "",
    problems: tuple[ProblemText, ...] = (),
    status: int = 200,
) -> Response:
    values: dict[str, object] = {"after": after, "username": username, "failure": failure, "problems": problems}
    values |= {"local_only": context.service.local is not None}
    values |= {"provider": urlsplit(context.service.settings.oidc_issuer).hostname}
    return context.page("login.html", status=status, **values)
