"""Security headers on every response; a route may set a content policy of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus

RawHeader = tuple[bytes, bytes]
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
    """What is added to the headers of a response; HSTS only where the server is reached by https."""

    def __init__(self, *, https: bool) -> None:
        fixed = {"Cache-Control": "no-store"} | FIXED
        fixed |= {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if https else {}
        self._fixed = [_raw(name, value) for name, value in fixed.items()]

    def complete(self, headers: Iterable[RawHeader], status: int) -> list[RawHeader]:
        """The headers of a response with a status, and those that it does not set itself.

        A 304 has no policy: it would take the place of that of the page which the client has.
        """
        own = list(headers)
        policies: tuple[RawHeader, ...] = ()
        if status != HTTPStatus.NOT_MODIFIED:
            kind = next((value for name, value in own if name == b"content-type"), b"")
            policies = (_PAGE,) if kind.startswith(b"text/html") else (_DATA,)
        return own + _absent((*policies, *self._fixed), tuple([name for name, _ in own]))


@lru_cache(maxsize=512)
def _absent(wanted: tuple[RawHeader, ...], names: tuple[bytes, ...]) -> list[RawHeader]:
    """Those of the wanted headers that have none of the names; the few sets of names that responses have come again."""
    return [pair for pair in wanted if pair[0] not in names]
