"""The accounts of offices: who there is, what each may do, a new one, another password, closed and open again."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi import Path as PathParameter

from api.core.settings import has_own_secret
from api.security.identity import LOCAL_USER
from api.security.sessions import signed_in_lately
from api.web.accounts.own import to_sign_in
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.sites.view_models import choices
from geo.errors import DiabanError, InputError, Problem
from geo.records.accounts import NewAccount
from geo.records.sign_in.passwords import MIN_PASSWORD
from geo.reference.cities import city

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1000)]
Several = Annotated[list[str], Form(max_length=100)]


@router.get("/admin/users")
def users(context: PageContextNeed, saved: str = "") -> Response:
    """All accounts, and the form for a new one."""
    return _page(context, Filled(), saved=bool(saved))


@router.post("/admin/users")
def add(
    context: PageContextNeed,
    username: Field = "",
    password: Field = "",
    role: Field = "",
    office: Field = "",
    wards: Field = "",
    city_of: Several = [],  # noqa: B006  (FastAPI copies it)
) -> Response:
    """Make an account; `wards` are codes or names, apart by ';', `city_of` the slugs of its cities.

    Who signed in long ago does so again first.
    """
    if not _may_change(context):
        return to_sign_in(context, "/admin/users")
    try:
        if not has_secret(context):
            raise InputError(Problem("settings.no-secret-yet", "DIABAN_SECRET"))
        bound = {"wards": _codes(context, wards), "provinces": _provinces(city_of)}
        new = NewAccount(username=username.strip(), password=password, role=role, office=office, **bound)
        context.service.store.accounts.add(new, context.identity.actor)
    except DiabanError as error:
        values = {"username": username, "role": role, "office": office, "wards": wards}
        return _page(context, refused(context, error, values))
    return context.see("/admin/users", saved=1)


@router.post("/admin/users/{username}")
def change(
    context: PageContextNeed,
    username: Annotated[str, PathParameter(max_length=60)],
    act: Annotated[Literal["close", "reopen", "password", "rights"], Form()],
    password: Field = "",
    role: Field = "",
    office: Field = "",
    wards: Field = "",
    city_of: Several = [],  # noqa: B006
) -> Response:
    """Close an account, open it again, or give it another password, role, office, wards and cities."""
    if not _may_change(context):
        return to_sign_in(context, "/admin/users")
    accounts, actor = context.service.store.accounts, context.identity.actor
    try:
        if act == "close":
            accounts.close(username, actor)
        elif act == "reopen":
            accounts.reopen(username, actor)
        elif act == "rights":
            codes, provinces = _codes(context, wards), _provinces(city_of)
            accounts.set_rights(username, role, codes, actor, provinces=provinces, office=office.strip() or None)
        else:
            accounts.set_password(username, password, actor)
    except DiabanError as error:
        return _page(context, refused(context, error, {}))
    return context.see("/admin/users", saved=1)


def has_secret(context: PageContext) -> bool:
    """Whether the server would start again with accounts: only with a secret of its own."""
    return has_own_secret(context.service.settings)


def _may_change(context: PageContext) -> bool:
    """Whoever signed in a moment ago, with the second factor where one is set; this machine has no account."""
    return context.identity.who == LOCAL_USER or signed_in_lately(context.service, context.identity)


def _codes(context: PageContext, text: str) -> tuple[str, ...]:
    registers = context.service.store.registers
    named = registers.ward_named if registers else None
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    return tuple(part if part.isdigit() or named is None else named(part) for part in parts)


def _provinces(slugs: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(city(slug).key for slug in slugs))


def _page(context: PageContext, form: Filled, *, saved: bool = False) -> Response:
    accounts = [(account, ward_names(account.wards)) for account in context.service.store.accounts.all()]
    return context.page(
        "users.html",
        status=422 if form.problems else 200,
        accounts=accounts,
        roles=choices(context, "role"),
        role_labels=dict(choices(context, "role")),
        form=form,
        saved=saved,
        has_secret=has_secret(context),
        lately=_may_change(context),
        least=MIN_PASSWORD,
        now=context.service.now,
    )
