"""The language of a request: pages in the one that was chosen for them, programs as they accept it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import MEDIA_TYPE
from api.http.response_cache import language_cookie
from api.web.base.translations import chosen
from geo.i18n.language import Lang, speaking

_PROGRAMS = ("/api/", "/ogc", "/openapi.json", "/metrics", "/health", "/ready", "/static/")


class RequestLanguage:
    """ASGI middleware: everything that a request says is said in its language, also in threads that work for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on in its language; a problem document says which one that is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        lang = language_of(Request(scope))

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("content-type", "").startswith(MEDIA_TYPE):
                    headers["Content-Language"] = lang
                    headers.add_vary_header("Accept-Language")
            await send(message)

        with speaking(lang):
            await self._app(scope, receive, labelled)


def reads_pages(request: Request) -> bool:
    """Whether a person looks at the answer: a page's address, asked for by a browser."""
    if not any(name == b"accept" and b"text/html" in value for name, value in request.scope["headers"]):
        return False
    return not path_of(request).startswith(_PROGRAMS)


def language_of(request: Request) -> Lang:
    """The language of a page as its address or an earlier choice has it; of other answers as `Accept-Language` does.

    Programs that accept either or neither get English.
    """
    if path_of(request).startswith(_PROGRAMS):
        return _accepted(Headers(scope=request.scope).get("accept-language", ""))
    return chosen(request.query_params.get("lang"), language_cookie(request.scope))


def path_of(request: Request) -> str:
    """The path of a request without the folder of a proxy."""
    return str(request.scope["path"]).removeprefix(str(request.scope.get("root_path", "")))


def _accepted(header: str) -> Lang:
    """Vietnamese where it is wanted more than English.

    >>> _accepted("vi-VN,vi;q=0.9,en;q=0.8"), _accepted("en, vi;q=0.5"), _accepted("*"), _accepted("fr;q=x")
    ('vi', 'en', 'en', 'en')
    """
    wanted: dict[str, float] = {}
    for part in header.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        name = tag.partition("-")[0].strip()
        wanted[name] = max(wanted.get(name, 0.0), _quality(quality))
    return "vi" if wanted.get("vi", 0.0) > wanted.get("en", 0.0) else "en"


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
