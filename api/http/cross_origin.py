"""CORS: pages of other sites may read the service where the settings name them; never with a cookie."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from api.core.settings import ApiSettings, cross_origins

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
_ACCEPTED = ("Authorization", "Content-Type", "Content-Crs", "Content-Encoding", "If-Match", "If-None-Match")
_SHOWN = ("Allow", "Content-Crs", "Content-Disposition", "ETag", "Link", "Location", "Retry-After")
_ANSWER_HOLDS_S = 3600


def open_to_others(app: ASGIApp, settings: ApiSettings) -> ASGIApp:
    """The app with the headers that let pages of other origins read it; the app itself where none is named.

    Raises
    ------
    InputError
        An origin of the settings is none.
    """
    origins = cross_origins(settings)
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=_METHODS,
        allow_headers=_ACCEPTED,
        expose_headers=_SHOWN,
        max_age=_ANSWER_HOLDS_S,
    )
