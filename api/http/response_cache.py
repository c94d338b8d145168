"""The response cache: what was answered before goes out again, as long as all that it follows from is the same.

An answer follows from the state of the data (`DataState`), the address with its query, the address of the server, the
Accept header, the language, and who asks. For the public the state is that of what the public can see: a write that is
hidden from it changes no key. Answers of the interface, maps and documents are shared by all who may see the same
(`Identity.viewer`); a page is that of one account, and its CSRF token is filled in when it is sent.

A route says that its answer follows from nothing else by making it through `cached_response` or `cached_page`. The
language is that of the page (its address, or the cookie of an earlier choice); answers for programs hold both.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import NamedTuple

from fastapi import Request, Response
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.core.data_version import DataState, VersionReader
from api.core.responses import Answer, RawResponse, form_of, raw_response, respond
from api.core.service import AnswerKey, Service
from api.http.concurrency_limit import OPERATION
from api.security.headers import SecurityHeaders
from api.security.identity import Identity, csrf_token
from geo.errors import DiabanError
from geo.i18n.language import LANGS
from geo.reference.cities import list_in_view
from geo.visibility import Role

CSRF_PLACEHOLDER = secrets.token_hex(32)
"""Stands in a cached page for the token of the session, which has as many characters; nobody else knows it."""
LANG_COOKIE, SECURE_LANG_COOKIE = "diaban_lang", "__Host-diaban_lang"
_LONGEST = 2_000
"""Longer addresses and headers are not stored: no client fills the memory with names."""
_NOTED = 10_000
"""So many keys of answers that were asked for once are noted."""
CanonicalQuery = Callable[[Service, bytes, DataState], Hashable]
"""What stands for a query of a path whose queries often mean the same: equal for those that have one answer."""

AtOnce = Callable[[Service, Scope, Mapping[bytes, bytes], DataState], Answer | None]
"""Makes the answer to a request of a path for the public where that takes less than handing it on; else None."""


class Keys(NamedTuple):
    """The key of an answer that all share who may see the same, and that of the account's own page."""

    shared: AnswerKey
    own: AnswerKey


class Whose(NamedTuple):
    """What parts the answers of those who see the same from others, and those of an account."""

    viewer: tuple[Hashable, ...]
    account: tuple[Hashable, ...]


def cached_response(
    request: Request, service: Service, identity: Identity, make: Callable[[], Answer], *more: Hashable
) -> Response:
    """The response that `make` makes, once for all who may see the same; `more` is what else it follows from."""
    keys: Keys | None = request.scope["state"].get("keys")
    answer = make() if keys is None else service.answers.get((*keys.shared, *more), make)
    return respond(request, answer, private=is_private(identity))


def cached_page(request: Request, service: Service, identity: Identity, make: Callable[[], Answer]) -> Response:
    """The page that `make` makes, once for the account; it holds `CSRF_PLACEHOLDER` where the token belongs."""
    keys: Keys | None = request.scope["state"].get("keys")
    answer = make() if keys is None else service.answers.get(keys.own, make)
    body = _with_token(answer.body, service, identity)
    return Response(body, headers=dict(answer.headers), media_type=answer.media_type)


def is_private(identity: Identity) -> bool:
    """Whether an answer is for nobody else's cache."""
    return identity.session is not None or identity.who != "anonymous"


class ResponseCache:
    """Finds what was answered before; one for an app."""

    def __init__(
        self, service: Service, headers: SecurityHeaders, canonical: Mapping[str, CanonicalQuery] | None = None
    ) -> None:
        self._service = service
        self._canonical = canonical or {}
        self._headers = headers
        self._versions = VersionReader(service.records, service.public_of_all.versions, service.clock)
        self._state = DataState("", "", date.min, "")
        self._asked_once: set[int] = set()
        self._last: tuple[Identity | None, Whose] = None, Whose((), ())

    async def find(self, scope: Scope, headers: Mapping[bytes, bytes], identity: Identity) -> RawResponse | None:
        """The response to a request, if it is cached.

        Leaves in the request's state the `data` (a `DataState`), and the `keys` for what is answered otherwise.
        """
        request = scope["state"]
        if "keys" in request or scope["method"] != "GET" or scope["path"] in OPERATION:
            return None
        request["keys"] = None
        # The state is read before the answer is made: what is cached is as new as its state, or newer.
        try:
            request["data"] = data = await self._versions.state()
        except DiabanError:
            return None  # the slow path says what is wrong, where the records are needed at all
        if data != self._state:
            self._forget(data)
        made_up = scope["path"], scope["query_string"], headers.get(b"accept", b""), headers.get(b"host", b"")
        if sum(map(len, made_up)) > _LONGEST:
            return None
        request["keys"] = keys = self._keys(scope, headers, data, identity)
        answers = self._service.answers
        answer = answers.find(keys.shared)
        if answer is not None:
            return self._shared(answer, headers, is_private(identity))
        answer = answers.find(keys.own)
        return None if answer is None else self._own(answer, identity)

    def make(
        self, scope: Scope, headers: Mapping[bytes, bytes], identity: Identity, at_once: AtOnce
    ) -> RawResponse | None:
        """The response to a request that was not found, where its answer can be made at once.

        It is cached when it is asked for again: whoever moves a map asks for no box twice, and a hundred kilobytes for
        each would take the place of what others ask for.
        """
        request = scope["state"]
        keys: Keys | None = request.get("keys")
        answer = None if keys is None else at_once(self._service, scope, headers, request["data"])
        if keys is None or answer is None:
            return None
        self._service.answers.misses += 1
        if self._is_asked_again(keys.shared):
            self._service.answers.put(keys.shared, answer)
        return self._shared(answer, headers, is_private(identity))

    def _is_asked_again(self, key: AnswerKey) -> bool:
        """Whether the answer of a key was made before, as far as that is noted; notes it."""
        noted = hash(key)
        if noted in self._asked_once:
            return True
        if len(self._asked_once) >= _NOTED:
            self._asked_once.clear()
        self._asked_once.add(noted)
        return False

    def close(self) -> None:
        """End the thread that reads versions."""
        self._versions.close()

    def _forget(self, data: DataState) -> None:
        """Remove what is not asked for again: what was written over does not come back."""
        self._state = data
        current = [(version, data.day, data.files) for version in (data.recorded, data.public)]
        self._service.answers.drop(lambda key, _: key[:3] not in current)

    def _keys(self, scope: Scope, headers: Mapping[bytes, bytes], data: DataState, identity: Identity) -> Keys:
        path, query = scope["path"], scope["query_string"]
        canonical = self._canonical.get(path)
        version = data.recorded if identity.role >= Role.WARD else data.public
        key = (
            version,
            data.day,
            data.files,
            list_in_view(),
            path,
            query if canonical is None else canonical(self._service, query, data),
            headers.get(b"accept"),
            language_cookie(scope) if b"cookie" in headers else "",
            scope["scheme"],
            headers.get(b"host"),
            *(scope.get("server") or ()),
            scope.get("root_path"),
        )
        whose = self._whose(identity)
        return Keys((*key, whose.viewer), (*key, whose.account))

    def _whose(self, identity: Identity) -> Whose:
        """The parts of keys that say for whom an answer is; nobody is one and the same object with every request."""
        known, whose = self._last
        if known is not identity:
            whose = _whose(identity)
            self._last = identity, whose
        return whose

    def _shared(self, answer: Answer, headers: Mapping[bytes, bytes], private: bool) -> RawResponse | None:
        held, takes = headers.get(b"if-none-match", b""), headers.get(b"accept-encoding", b"")
        form = form_of(answer, held.decode("latin-1"), takes.decode("latin-1")) if held or takes else "plain"
        if form == "zipped" and not answer.is_zipped:
            return None  # a thread makes it, not the loop that everybody waits for
        if answer.has_nonce and form != "same":
            return self._complete(raw_response(answer, form, private=private))
        found = answer.complete.get(form)
        if found is None:
            found = answer.complete[form] = self._complete(raw_response(answer, form, private=private))
        return found

    def _own(self, answer: Answer, identity: Identity) -> RawResponse:
        found = answer.complete.get("plain")
        if found is None:
            found = answer.complete["plain"] = self._complete(raw_response(answer, "plain", private=True))
        return RawResponse(found.status, found.headers, _with_token(found.body, self._service, identity))

    def _complete(self, found: RawResponse) -> RawResponse:
        return RawResponse(found.status, tuple(self._headers.complete(found.headers, found.status)), found.body)


class ResponseCacheLayer:
    """ASGI middleware, inside the authorization: what is cached for those who sent a secret."""

    def __init__(self, app: ASGIApp, *, cache: ResponseCache) -> None:
        self._app = app
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, else pass the request on."""
        found = None
        if scope["type"] == "http":
            found = await self._cache.find(scope, first_headers(scope), scope["state"]["identity"])
        await (self._app(scope, receive, send) if found is None else found.send(send))


def first_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request by name; of several of one name the first counts, as for whoever reads them later."""
    return dict(reversed(scope["headers"]))


def language_cookie(scope: Scope) -> str:
    """The language that a browser chose before, '' for none that there is.

    The pages and the keys of their answers ask here both: a cookie that these read in two ways would have whoever sends
    it choose the language of what is cached for all others.
    """
    cookies = HTTPConnection(scope).cookies
    wish = cookies.get(SECURE_LANG_COOKIE) or cookies.get(LANG_COOKIE)
    return wish if wish in LANGS else ""


def _whose(identity: Identity) -> Whose:
    account = (
        identity.who,
        identity.role,
        identity.wards,
        identity.provinces,
        identity.office,
        identity.session is not None,
    )
    return Whose((identity.viewer.key, is_private(identity)), account)


def _with_token(body: bytes, service: Service, identity: Identity) -> bytes:
    if identity.session is None:
        return body
    return body.replace(CSRF_PLACEHOLDER.encode(), csrf_token(service, identity.session).encode())
