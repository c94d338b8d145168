"""Answers as bytes, with ETag, 304 and gzip."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import orjson
from fastapi import Request, Response
from starlette.types import Send

from api.core.nonces import (
    NONCE_PLACEHOLDER,
    compressed_around,
    new_nonce,
    wants_nonce,
    with_nonce,
    zipped_with_nonce,
)

WORTH_GZIP = 800
"""Shorter bodies gain nothing by gzip."""
_PACKED = (
    *("application/pdf", "image/png", "image/jpeg", "image/webp", "application/zip"),
    *("application/vnd.openxmlformats", "application/geopackage"),
)
"""Beginnings of media types whose bytes gain nothing by gzip."""
_OVERHEAD = 3_000
"""Bytes of the objects around an answer: its key, its address, and the headers of the responses made of it."""
VARY = "Accept, Accept-Encoding, Authorization, Cookie"
JSON = "application/json"
GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8"
HTML = "text/html; charset=utf-8"
POLICY = "Content-Security-Policy"


Form = Literal["same", "zipped", "plain"]
"""How an answer is sent: that the client has it already (304), as gzip, or as it is."""
RawHeader = tuple[bytes, bytes]


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
class Answer:
    """A body, media type, ETag and further headers; its gzip form is made when somebody asks for that.

    Without an ETag it is sent as it is, and its own headers say whether others may store it. `complete` holds the
    responses that were made of it, with all their headers. A body with `NONCE_PLACEHOLDER` is sent with another nonce
    each time, which its headers may hold too. `zip_up` makes the gzip form where its parts are compressed already.
    """

    body: bytes
    media_type: str
    etag: str
    headers: Mapping[str, str] = field(default_factory=dict)
    zip_up: Callable[[bytes], bytes] | None = field(default=None, compare=False, repr=False)
    complete: dict[Form, RawResponse] = field(default_factory=dict, compare=False, repr=False)
    _zipped: list[bytes] = field(default_factory=list, compare=False, repr=False)
    _plain_size: int = field(init=False, compare=False, repr=False)
    has_nonce: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        size = len(self.body) + sum(map(len, self.headers.values())) + _OVERHEAD
        object.__setattr__(self, "_plain_size", size)
        is_page = self.media_type.startswith("text/html")
        object.__setattr__(self, "has_nonce", is_page and wants_nonce(self.body))

    @property
    def worth_gzip(self) -> bool:
        """Whether it is sent as gzip to those who take that: not what is short, nor what is packed already."""
        return bool(self.etag) and len(self.body) >= WORTH_GZIP and not self.media_type.startswith(_PACKED)

    @property
    def is_zipped(self) -> bool:
        """Whether its gzip form is there already."""
        return bool(self._zipped)

    def zipped(self, nonce: str = "") -> bytes:
        """The body as gzip; compressed at the first call, the same bytes whoever makes it and but for the nonce."""
        if not self._zipped:
            zip_up = self.zip_up or _gzip
            self._zipped[:] = compressed_around(self.body) if self.has_nonce else [zip_up(self.body)]
        return zipped_with_nonce(self._zipped, self.body, nonce) if self.has_nonce else self._zipped[0]

    @property
    def size(self) -> int:
        """Bytes that it takes in a cache: the body, its gzip form once that is made, headers and what holds them."""
        return self._plain_size + sum(map(len, self._zipped))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def made(
    body: bytes | str, media_type: str, headers: Mapping[str, str] | None = None, follows_from: bytes = b"",
    zip_up: Callable[[bytes], bytes] | None = None,
) -> Answer:  # fmt: skip
    """An answer of a body; the ETag follows from the content alone, or from a shorter text that the content does."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    # Weak, because the same tag stands for the plain and the zipped bytes.
    # Processors have SHA-256 built in, which makes it the quickest to compute.
    digest = hashlib.sha256(media_type.encode())
    digest.update(follows_from or with_nonce(data, ""))
    tag = f'W/"{digest.hexdigest()[:24]}"'
    return Answer(data, media_type, tag, dict(headers or {}), zip_up)


def made_json(document: Any, media_type: str = JSON, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a document as UTF-8 JSON."""
    return made(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY), media_type, headers)


def respond(request: Request, answer: Answer, *, private: bool) -> Response:
    """The response to a request: 304 where the client has it already, gzip where it takes that."""
    sent = request.headers
    form = form_of(answer, sent.get("if-none-match", ""), sent.get("accept-encoding", ""))
    return response(answer, form, private=private)


def form_of(answer: Answer, if_none_match: str, accept_encoding: str) -> Form:
    """How an answer is sent to a client that sends these headers ('' where it does not)."""
    if if_none_match and answer.etag and holds(if_none_match, answer.etag):
        return "same"
    return "zipped" if answer.worth_gzip and takes_gzip(accept_encoding) else "plain"


def response(answer: Answer, form: Form, *, private: bool) -> Response:
    """An answer as a response."""
    found = raw_response(answer, form, private=private)
    made = Response(found.body, found.status)
    made.raw_headers = list(found.headers)
    return made


def raw_response(answer: Answer, form: Form, *, private: bool) -> RawResponse:
    """An answer as a response, whose headers are to be completed.

    `no-cache` lets caches store it but makes them ask every time, so that a changed record shows at once. A 304 brings
    no policy: that of the page that the client has, with the nonce of that page, stays in force.
    """
    nonce, headers = "", dict(answer.headers)
    if answer.has_nonce:
        nonce = new_nonce()
        headers = {name: value.replace(NONCE_PLACEHOLDER, nonce) for name, value in headers.items()}
    if answer.etag:
        stored = "private, no-cache" if private else "public, no-cache"
        headers = {"ETag": answer.etag, "Cache-Control": stored, "Vary": VARY} | headers
    if form == "same":
        return RawResponse(304, _raw({name: value for name, value in headers.items() if name != POLICY}), b"")
    if form == "zipped":
        headers["Content-Encoding"] = "gzip"
        body = answer.zipped(nonce)
    else:
        body = with_nonce(answer.body, nonce) if answer.has_nonce else answer.body
    return RawResponse(200, _raw(headers | {"Content-Length": str(len(body)), "Content-Type": answer.media_type}), body)


def _raw(headers: Mapping[str, str]) -> tuple[RawHeader, ...]:
    return tuple([(_raw_name(name), value.encode("latin-1")) for name, value in headers.items()])


@lru_cache(maxsize=256)
def _raw_name(name: str) -> bytes:
    return name.lower().encode("latin-1")


def holds(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names the ETag (weak comparison)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip: named, or by `*`, and not refused by `q=0`."""
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
