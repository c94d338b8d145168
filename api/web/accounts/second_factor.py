"""The second factor of one's own account: set up with an authenticator app, its recovery codes, taken off."""

from __future__ import annotations

from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Form, Response

from api.security.identity import network_of
from api.security.sessions import reopen_session
from api.web.accounts.own import has_session, to_sign_in
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from geo.errors import DiabanError, InputError, Problem
from geo.records.model.errors import LoginRefusedError
from geo.records.sign_in.second_factor import provisioning_uri

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1000)]


@router.get("/account/second-factor")
def second_factor(context: PageContextNeed, saved: str = "") -> Response:
    """Whether it is on, and the form for the other state."""
    if not has_session(context):
        return to_sign_in(context)
    return _page(context, Filled(), saved=bool(saved))


@router.post("/account/second-factor")
def change(
    context: PageContextNeed,
    act: Annotated[Literal["begin", "confirm", "end"], Form()],
    password: Field = "",
    code: Field = "",
) -> Response:
    """Begin with the password, confirm with a code, end with both."""
    if not has_session(context):
        return to_sign_in(context)
    accounts, who, actor = context.service.store.accounts, context.identity.who, context.identity.actor
    try:
        if act == "confirm":
            return _page(context, Filled(), codes=accounts.confirm_second_factor(who, code, actor))
        _require_password(context, password)
        if act == "begin":
            secret = accounts.begin_second_factor(who)
            return _page(context, Filled(), secret=secret)
        _require_code(context, code)
        accounts.end_second_factor(who, actor)
    except DiabanError as error:
        waiting = accounts.pending_secret(who) if act == "confirm" else None
        return _page(context, refused(context, error, {}), secret=waiting or "")
    response = context.see("/account/second-factor", saved=1)
    reopen_session(context.service, context.request, response, context.identity)
    return response


def _require_password(context: PageContext, password: str) -> None:
    client = context.request.client
    network = network_of(client.host if client else None)
    try:
        context.service.store.accounts.check_password(context.identity.who, password, context.identity.origin, network)
    except LoginRefusedError:
        raise InputError(Problem("accounts.old-password", "password")) from None


def _require_code(context: PageContext, code: str) -> None:
    try:
        context.service.store.accounts.check_code(context.identity.who, code, context.identity.origin)
    except LoginRefusedError as error:
        raise InputError(list(error.problems)) from None


def _page(
    context: PageContext, form: Filled, *, secret: str = "", codes: tuple[str, ...] = (), saved: bool = False
) -> Response:
    who = context.identity.who
    picture = segno.make(provisioning_uri(secret, who), error="m").svg_data_uri(scale=6, border=4) if secret else ""
    return context.page(
        "second_factor.html",
        status=422 if form.problems else 200,
        state=context.service.store.accounts.second_factor(who),
        secret=secret,
        picture=picture,
        codes=codes,
        form=form,
        saved=saved,
    )
