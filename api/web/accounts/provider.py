"""Signing in by a provider of OpenID Connect, where one is set."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.core.problems import TABLE, SignInError
from api.security.oidc.sign_in import CameBack, come_back, leave
from api.web.accounts.login import failed_page, first_page, local
from api.web.base.page_context import PageContext, PageContextNeed
from geo.errors import DiabanError
from geo.records.entries import Actor

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=2000)]


@router.get("/login/provider")
def provider(context: PageContextNeed, next: Text = "") -> Response:
    """Lead the browser to the provider."""
    response = RedirectResponse("", status_code=303, headers={"Cache-Control": "no-store"})
    try:
        response.headers["location"] = leave(context.service, context.request, response, local(next))
    except DiabanError as error:
        return failed_page(context, error, _status(error))
    return response


@router.get("/login/provider/callback")
def callback(
    context: PageContextNeed,
    code: Text = "",
    state: Text = "",
    error: Text = "",
    iss: Text = "",
    error_description: Text = "",  # noqa: ARG001 - providers send these, and they are not used
    error_uri: Text = "",  # noqa: ARG001
    session_state: Text = "",  # noqa: ARG001
    scope: Text = "",  # noqa: ARG001
    prompt: Text = "",  # noqa: ARG001
    authuser: Text = "",  # noqa: ARG001
) -> Response:
    """Where the provider sends the browser back to."""
    response = RedirectResponse("", status_code=303, headers={"Cache-Control": "no-store"})
    try:
        identity, after = come_back(context.service, context.request, response, CameBack(code, state, error, iss))
    except DiabanError as failure:
        if context.service.settings.oidc_issuer:
            context.service.store.accounts.note(
                _nobody(context), "session.refused", "unknown", failure.problems[0].code
            )
        return failed_page(context, failure, _status(failure))
    response.headers["location"] = f"{context.root}{first_page(identity, local(after))}"
    return response


def _nobody(context: PageContext) -> Actor:
    return Actor("unknown", "unknown", context.identity.origin)


def _status(error: DiabanError) -> int:
    if isinstance(error, SignInError):
        return 403  # 401 would lead back to this page, and say nothing
    return next(status for kind, status, _ in TABLE if isinstance(error, kind))
