"""Answers that are ready: asked for again, and nothing was written since, the kept bytes go out at once.

What is left out is the way through layers, router, parameters and threads; `api.http.fast_path` sees to it that
rules, log,
measurements and headers are the same. An answer is given again only where its route says that it follows from nothing
but the path, the query, the address of the server, the Accept header, the audience, and the state of the data, and only
to a request that has all these in common.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.core.caches import KeyedCache
from api.core.data_version import State, VersionWatch
from api.core.responses import Answer, Wording, respond, response, worded
from api.core.service import Service
from api.http.reader_limit import AT_ONCE
from api.security.headers import RawHeader, SecurityHeaders
from api.security.identity import Identity
from geo.errors import DiabanError

_LONGEST = 2_000
"""Longer addresses and headers are not kept: no client fills the memory with names."""
Who = tuple[str, bool]
"""The audience, and whether the answer is for nobody else's cache."""
Same = Callable[[Service, bytes], Hashable]
"""Of a path whose queries often mean the same: what stands for a query, alike for those that have one answer."""


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A response that is complete: status, all headers, body."""

    status: int
    headers: tuple[RawHeader, ...]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it was given, with the responses that were made of it so far."""

    answer: Answer
    private: bool
    given: dict[Wording, RawResponse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Since:
    """The answers that follow from one state of the data; when it changes they go, together."""

    state: State
    kept: KeyedCache[Told]


def respond_again(request: Request, answer: Answer, *, private: bool) -> Response:
    """As `respond`, for an answer that may be given again (see the module); other answers must not come this way."""
    request.scope["state"]["told"] = Told(answer, private)
    return respond(request, answer, private=private)


class ResponseCache:
    """What was told since the data last changed, by what it follows from."""

    def __init__(self, service: Service, headers: SecurityHeaders, same: Mapping[str, Same] | None = None) -> None:
        self._service = service
        self._same = same or {}
        self._headers = headers
        self._fresh = VersionWatch(service.store, service.clock)
        self._since = self._from(("", date.min, ()), service)

    async def find(self, scope: Scope, headers: Mapping[bytes, bytes], who: Who) -> RawResponse | None:
        """The response to a request, if it is ready.

        Leaves in the request's state the `version` of the records, and the `place` where `keep` puts what is told.
        """
        state = scope["state"]
        if "place" in state or scope["method"] != "GET" or scope["path"] in AT_ONCE:
            return None
        state["place"] = None
        # The state is looked at before the answer is made: what is kept is as new as its state, or newer.
        try:
            now = await self._fresh.state()
        except DiabanError:
            return None  # the long way says what is wrong, where the records are needed at all
        state["version"] = now[0]
        since = self._since
        if since.state != now:
            self._since = since = self._from(now, self._service)
            self._service.forget()
        same = self._same.get(scope["path"])
        query = scope["query_string"]
        wanted = _wanted(scope, headers, who, query if same is None else same(self._service, query))
        state["place"] = since, wanted
        told = since.kept.find(wanted)
        return None if told is None else self._given(told, headers)

    def keep(self, scope: Scope) -> None:
        """Keep what was told to a request, where it may be given again."""
        told, place = scope["state"].get("told"), scope["state"].get("place")
        if told is None or place is None:
            return
        since, wanted = place
        if sum(len(part) for part in wanted if isinstance(part, (str, bytes))) <= _LONGEST:
            since.kept.put(wanted, told)

    def close(self) -> None:
        """End the looks at the records."""
        self._fresh.close()

    def _given(self, told: Told, headers: Mapping[bytes, bytes]) -> RawResponse | None:
        held, takes = headers.get(b"if-none-match", b""), headers.get(b"accept-encoding", b"")
        plain = not held and not takes
        wording = "plain" if plain else worded(told.answer, held.decode("latin-1"), takes.decode("latin-1"))
        if wording == "zipped" and not told.answer.is_zipped:
            return None  # a thread makes it, not the loop that everybody waits for
        self._service.answers.hits += 1
        given = told.given.get(wording)
        if given is None:
            made = response(told.answer, wording, private=told.private)
            complete = tuple(self._headers.complete(made.raw_headers))
            told.given[wording] = given = RawResponse(made.status_code, complete, bytes(made.body))
        return given

    @staticmethod
    def _from(state: State, service: Service) -> _Since:
        return _Since(state, KeyedCache(service.settings.cache_bytes // 2, lambda told: told.answer.size))


class ResponseCacheLayer:
    """ASGI middleware, inside the gate: what is ready for those who were found out there, in a thread, who they are."""

    def __init__(self, app: ASGIApp, *, ready: ResponseCache) -> None:
        self._app = app
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is ready, else pass the request on."""
        given = None
        if scope["type"] == "http":
            given = await self._ready.find(scope, first_headers(scope), who(scope["state"]["identity"]))
        await (self._app(scope, receive, send) if given is None else given.send(send))


def first_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request by name; of several of one name the first counts, as for whoever reads them later."""
    return dict(reversed(scope["headers"]))


def who(identity: Identity) -> Who:
    """What an answer that may be given again follows from in whoever asks."""
    return identity.viewer.key, identity.session is not None or identity.who != "anonymous"


def _wanted(scope: Scope, headers: Mapping[bytes, bytes], who: Who, query: Hashable) -> tuple[object, ...]:
    """All that an answer that may be given again follows from, but for the state."""
    asked = (scope["path"], query, headers.get(b"accept"))
    return *who, *asked, scope["scheme"], headers.get(b"host"), *(scope.get("server") or ()), scope.get("root_path")
