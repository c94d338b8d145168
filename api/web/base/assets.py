"""The style, script and mark of the pages: a few small files of our own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from starlette.exceptions import HTTPException

from api.core.responses import Answer, made, respond

router = APIRouter(include_in_schema=False)

_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "day.js": "text/javascript; charset=utf-8",
    "phone.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


@router.get("/static/{name}")
def asset(request: Request, name: Annotated[str, PathParameter(max_length=40)]) -> Response:
    """One of the files; no other file of the server can be asked for."""
    if name not in _TYPES:
        raise HTTPException(404)
    return respond(request, _answer(name), private=False)


@router.get("/favicon.ico")
def mark(request: Request) -> Response:
    """The mark, for browsers that look at an answer that names none: JSON, a map, the documentation."""
    return respond(request, _answer("mark.svg"), private=False)


@cache
def _answer(name: str) -> Answer:
    return made(Path(__file__).parents[1].joinpath("static").joinpath(name).read_bytes(), _TYPES[name])
