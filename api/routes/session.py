"""Signing in and out, and who one is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.core.service import Service
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.security.identity import Identity, csrf_token
from api.security.sessions import redeem, sign_in, sign_out

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """User name and password of an office account, and a `code` where it has a second factor."""

    model_config = ConfigDict(extra="forbid")
    username: str = Field(max_length=100)
    password: str = Field(max_length=1000)
    code: str = Field(default="", max_length=100)


class Session(BaseModel):
    """Who one is: account, role, own wards, provinces it is bound to, office.

    `csrf_token` goes with every write of a browser session.
    """

    username: str
    role: str
    wards: list[str]
    provinces: list[str]
    office: str
    csrf_token: str | None


@router.get("/api/v1/session")
async def session(service: ServiceNeed, identity: IdentityNeed) -> Session:
    """Who one is; `anonymous` without an account."""
    return _described(service, identity)


@router.post("/api/v1/session")
def open_session(service: ServiceNeed, request: Request, response: Response, body: Credentials) -> Session:
    """Sign in: sets the session cookie. Five wrong passwords close the name to the network for 15 minutes."""
    return _described(service, sign_in(service, request, response, body.username, body.password, body.code))


@router.delete("/api/v1/session", status_code=204)
def close_session(service: ServiceNeed, identity: IdentityNeed, response: Response) -> None:
    """Sign out: the session ends and its cookie goes."""
    sign_out(service, identity, response)


@router.get("/open", include_in_schema=False)
def open_link(service: ServiceNeed, request: Request, key: Annotated[str, Query(max_length=100)]) -> Any:
    """The one-time link that `diaban serve` prints: sets the session cookie and leads to the first page."""
    response = RedirectResponse(first_page(request), status_code=303)
    if request.scope["state"].get("head"):
        return response  # programs that look at links before a person does would use it up
    redeem(service, request, response, key)
    return response


def first_page(request: Request) -> str:
    """The path of the first page: `/` where there are pages, else the documentation."""
    return "/" if getattr(request.app.state, "has_pages", False) else "/docs"


def _described(service: Service, identity: Identity) -> Session:
    token = None if identity.session is None else csrf_token(service, identity.session)
    return Session(
        username=identity.who,
        role=identity.role.name.lower(),
        wards=list(identity.wards),
        provinces=list(identity.provinces),
        office=identity.office,
        csrf_token=token,
    )
