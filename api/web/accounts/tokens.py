"""The tokens of one's own account: a new one for a program, shown once, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi import Path as PathParameter

from api.core.problems import SignInError
from api.security.identity import LOCAL_USER
from api.security.sessions import signed_in_lately
from api.web.accounts.own import to_sign_in
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from geo.errors import DiabanError, InputError, Problem
from geo.records.accounts import Token
from geo.records.model.errors import UnknownRowError

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
LASTS = (30, 90, 365)
"""For how many days a token may hold; one without an end is given by an administrator alone."""
MOST = 20
"""How many tokens of an account may hold at a time."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token in the list: what it is for, its days, and whether it holds (`live`, `expired` or `revoked`)."""

    id: int
    label: str
    made: str
    ends: str
    state: str


@router.get("/account/tokens")
def tokens(context: PageContextNeed, saved: str = "") -> Response:
    """The tokens of the account, and the form for a new one."""
    _require_session(context)
    return _page(context, Filled(), saved=bool(saved))


@router.post("/account/tokens")
def add(context: PageContextNeed, label: Field = "", days: Field = "", reads: Field = "") -> Response:
    """Make a token; its secret stands on this one page and nowhere else. Who signed in long ago does so again first."""
    _require_session(context)
    if not signed_in_lately(context.service, context.identity):
        return to_sign_in(context, "/account/tokens")
    try:
        ends = context.service.now + timedelta(days=_days(days))
        if sum(line.state == "live" for line in _lines(context)) >= MOST:
            raise InputError(Problem("web.too-many-tokens", "label", most=MOST))
        secret = context.service.store.accounts.add_token(
            context.identity.who, label, context.identity.actor, expires_at=ends, read_only=bool(reads)
        )
    except DiabanError as error:
        return _page(context, refused(context, error, {"label": label, "days": days}))
    return _page(context, Filled(), secret=secret)


@router.post("/account/tokens/{number}")
def revoke(context: PageContextNeed, number: Annotated[int, PathParameter(ge=1, le=2**62)]) -> Response:
    """Take a token of the account back; one of another account is unknown here."""
    _require_session(context)
    states = {line.id: line.state for line in _lines(context)}
    if number not in states:
        raise UnknownRowError("token", str(number))
    if states[number] == "live":
        context.service.store.accounts.revoke_token(number, context.identity.actor)
    return context.see("/account/tokens", saved=1)


def _require_session(context: PageContext) -> None:
    """Whoever signed in by a browser; a token makes no further tokens."""
    if not context.signed_in:
        raise SignInError(Problem("web.needs-account"))


def _days(text: str) -> int:
    if text not in map(str, LASTS):
        raise InputError(Problem("web.not-in-list", "days", text=text[:20]))
    return int(text)


def _lines(context: PageContext) -> list[TokenLine]:
    """The tokens of the account, the newest first."""
    return [_line(context, token) for token in reversed(context.service.store.accounts.tokens(context.identity.who))]


def _line(context: PageContext, token: Token) -> TokenLine:
    w = context.words
    expired = token.expires_at is not None and token.expires_at <= context.service.now
    return TokenLine(
        id=token.id,
        label=token.label,
        made=w.moment(token.created_at),
        ends=w.moment(token.expires_at) if token.expires_at else "",
        state="revoked" if token.revoked_at else "expired" if expired else "live",
    )


def _page(context: PageContext, form: Filled, *, secret: str = "", saved: bool = False) -> Response:
    return context.page(
        "tokens.html",
        status=422 if form.problems else 200,
        lines=_lines(context),
        secret=secret,
        lately=signed_in_lately(context.service, context.identity),
        is_account=context.identity.who != LOCAL_USER,
        lasts=[(str(days), context.words.text("token.days", n=days)) for days in LASTS],
        form=form,
        saved=saved,
    )
