"""Answers as bytes, made once for each state of the data, with ETag, 304 and gzip."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import Request, Response

from api.kept import Kept

WORTH_GZIP = 800
"""Shorter bodies gain nothing by gzip."""
VARY = "Accept, Accept-Encoding, Authorization, Cookie"
JSON = "application/json"
GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, its gzip form (None where not worth it), media type, ETag and further headers."""

    body: bytes
    media_type: str
    etag: str
    zipped: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that keeping it takes."""
        return len(self.body) + len(self.zipped or b"")


def made(body: bytes | str, media_type: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a body; the ETag follows from the content alone."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    # Weak, because the same tag stands for the plain and the zipped bytes.
    tag = f'W/"{hashlib.blake2b(data + media_type.encode(), digest_size=12).hexdigest()}"'
    zipped = gzip.compress(data, 6, mtime=0) if len(data) >= WORTH_GZIP else None
    return Answer(data, media_type, tag, zipped, dict(headers or {}))


def made_json(document: Any, media_type: str = JSON, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a document as UTF-8 JSON."""
    return made(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY), media_type, headers)


class Answers(Kept[Answer]):
    """Answers by key, up to `limit` bytes; a key must hold all that its answer depends on."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, lambda answer: answer.size)


def respond(request: Request, answer: Answer, *, private: bool) -> Response:
    """The response to a request: 304 where the client has it already, gzip where it takes that.

    `no-cache` lets caches keep it but makes them ask every time, so that a changed record shows at once.
    """
    headers = {
        "ETag": answer.etag,
        "Cache-Control": "private, no-cache" if private else "public, no-cache",
        "Vary": VARY,
        **answer.headers,
    }
    if holds(request.headers.get("if-none-match", ""), answer.etag):
        return Response(status_code=304, headers=headers)
    body = answer.body
    if answer.zipped is not None and takes_gzip(request.headers.get("accept-encoding", "")):
        body = answer.zipped
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=answer.media_type)


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
