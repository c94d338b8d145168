"""One's own account: another password, and the sessions that are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Response

from api.security.identity import LOCAL_USER, network_of
from api.security.sessions import reopen_session, signed_in_lately
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from geo.errors import DiabanError, InputError, Problem
from geo.records.sign_in.passwords import MIN_PASSWORD

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1000)]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list: its name, its moments, whether it is the one of this browser."""

    name: str
    began: str
    ends: str
    here: bool


@router.get("/account")
def account(context: PageContextNeed, saved: str = "") -> Response:
    """The account's sessions, and the form for another password."""
    if not has_session(context):
        return to_sign_in(context)
    return _page(context, Filled(), saved=bool(saved))


@router.post("/account/password")
def change(context: PageContextNeed, old: Field = "", new: Field = "", again: Field = "") -> Response:
    """Set another password; all sessions and tokens end but this session."""
    if not has_session(context):
        return to_sign_in(context)
    try:
        if new != again:
            raise InputError(Problem("web.passwords-differ", "again"))
        client = context.request.client
        accounts, network = context.service.store.accounts, network_of(client.host if client else None)
        accounts.change_password(context.identity.who, old, new, context.identity.actor, network)
    except DiabanError as error:
        return _page(context, refused(context, error, {}))
    response = context.see("/account", saved=1)
    reopen_session(context.service, context.request, response, context.identity)
    return response


@router.post("/account/sessions")
def end(context: PageContextNeed, name: Annotated[str, Form(max_length=64)] = "") -> Response:
    """End the session of a name, or all others. Who signed in long ago does so again first."""
    if not has_session(context) or not signed_in_lately(context.service, context.identity):
        return to_sign_in(context)
    accounts, who = context.service.store.accounts, context.identity.who
    here = context.identity.session or ""
    accounts.end_sessions(who, context.identity.actor, name, but="" if name else here)
    return context.see("/account", saved=1)


def has_session(context: PageContext) -> bool:
    """Whether somebody signed in here with an account: programs have no sessions, and this machine no account."""
    return context.signed_in and context.identity.who != LOCAL_USER


def to_sign_in(context: PageContext, after: str = "/account") -> Response:
    """Lead to the form for signing in, and back."""
    return context.see("/login", next=after)


def _page(context: PageContext, form: Filled, *, saved: bool = False) -> Response:
    accounts, w = context.service.store.accounts, context.words
    here = accounts.session_name(context.identity.session or "")
    lines = [
        SessionLine(one.name, w.moment(one.created_at), w.moment(one.expires_at), one.name == here)
        for one in reversed(accounts.sessions(context.identity.who))
    ]
    status = 422 if form.problems else 200
    factor = accounts.second_factor(context.identity.who)
    values = {"lines": lines, "form": form, "saved": saved, "least": MIN_PASSWORD, "factor": factor}
    return context.page("account.html", status=status, **values)
