"""Answers that are ready: asked for again, and nothing was written since, the kept bytes go out at once.

Stands inside the gate, the log, the measurements and the security headers, so all of these see every request; what is
left out is the way through router, parameters and threads. An answer is given again only where its route says that it
follows from nothing but the path, the query, the address of the server, the Accept header, the audience, and the state
of the data, and only to a request that has all these in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import Answer, Wording, respond, response, worded
from api.freshness import Freshness, registers_stamp
from api.kept import Kept
from api.security.identity import Identity
from api.service import Service
from api.turns import AT_ONCE
from geo.errors import DiabanError

_LONGEST = 2_000
"""Longer addresses and headers are not kept: no client fills the memory with names."""
Headers = dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it was given, with the messages that were made of it so far."""

    answer: Answer
    private: bool
    messages: dict[Wording, tuple[int, tuple[tuple[bytes, bytes], ...], bytes]] = field(default_factory=dict)

    def message(self, wording: Wording) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
        """Status, headers and body."""
        found = self.messages.get(wording)
        if found is None:
            made = response(self.answer, wording, private=self.private)
            self.messages[wording] = found = (made.status_code, tuple(made.raw_headers), bytes(made.body))
        return found


def respond_again(request: Request, answer: Answer, *, private: bool) -> Response:
    """As `respond`, for an answer that may be given again (see the module); other answers must not come this way."""
    request.scope["state"]["told"] = Told(answer, private)
    return respond(request, answer, private=private)


class Ready:
    """ASGI middleware, inside the gate: gives an answer again, or passes the request on and keeps what is told."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service
        self._fresh = Freshness(service.store)
        self._kept: Kept[Told] = Kept(service.settings.cache_bytes // 2, lambda told: told.answer.size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is ready, else pass the request on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            self._fresh.close()
            return
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] in AT_ONCE:
            await self._app(scope, receive, send)
            return
        # Of several headers of one name the first counts, as for whoever reads them later.
        headers: Headers = dict(reversed(scope["headers"]))
        wanted = _wanted(scope, headers)
        if wanted is None:
            await self._app(scope, receive, send)
            return
        # The state is looked at before the answer is made: what is kept is as new as its state, or newer.
        try:
            version = await self._fresh.version()
        except DiabanError:
            await self._app(scope, receive, send)  # says what is wrong, where the records are needed at all
            return
        scope["state"]["version"] = version
        key = (self._service.today, registers_stamp(), version, wanted)
        told = self._kept.find(key)
        if told is not None and await self._given(told, headers, send):
            return
        await self._app(scope, receive, send)
        made = scope["state"].get("told")
        if made is not None:
            self._kept.put(key, made)

    async def _given(self, told: Told, headers: Headers, send: Send) -> bool:
        held, takes = headers.get(b"if-none-match", b""), headers.get(b"accept-encoding", b"")
        wording = worded(told.answer, held.decode("latin-1"), takes.decode("latin-1"))
        if wording == "zipped" and not told.answer.is_zipped:
            return False  # a thread makes it, not the loop that everybody waits for
        status, raw, body = told.message(wording)
        self._service.answers.hits += 1
        # The list is the middlewares' to add to.
        await send({"type": "http.response.start", "status": status, "headers": list(raw)})
        await send({"type": "http.response.body", "body": body})
        return True


def _wanted(scope: Scope, headers: Headers) -> tuple[object, ...] | None:
    """All that an answer that may be given again follows from, but for the state; None where that is too long."""
    identity: Identity = scope["state"]["identity"]
    path, query, accept, host = (
        scope["path"],
        scope["query_string"],
        headers.get(b"accept"),
        headers.get(b"host"),
    )
    if len(path) + len(query) + len(accept or b"") + len(host or b"") > _LONGEST:
        return None
    private = identity.session is not None or identity.who != "anonymous"
    address = (scope["scheme"], host, *(scope.get("server") or ()), scope.get("root_path"))
    return identity.audience, private, path, query, accept, *address
