"""Security headers on every response; a route may set a content policy of its own."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


_DATA, _PAGE = (_raw("Content-Security-Policy", policy) for policy in (DATA_POLICY, PAGE_POLICY))


class SecurityHeaders:
    """ASGI middleware that adds what a response does not say itself; HSTS only where the server is reached by https."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        fixed = {"Cache-Control": "no-store"} | FIXED
        fixed |= {"Strict-Transport-Security": "max-age=31536000"} if https else {}
        self._fixed = [_raw(name, value) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = dict(reversed(message["headers"]))
                policy = _PAGE if told.get(b"content-type", b"").startswith(b"text/html") else _DATA
                added = (pair for pair in (policy, *self._fixed) if pair[0] not in told)
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)
