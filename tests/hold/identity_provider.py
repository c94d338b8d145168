"""A provider of OpenID Connect on this machine: its own RSA key, its own pages, and what it may be made to say."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "diaban-office", "a secret of the provider"


@dataclass
class IdentityProvider:
    """What the provider knows; `claims` stand in the next token over what belongs there, `key` signs it."""

    address: str
    key: RSAKey
    now: Any
    claims: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    header: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, asked: dict[str, str]) -> str:
        """The ID token of what somebody asked for."""
        now = int(self.now().timestamp())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"], **self.claims}
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        return jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, self.signs_with or self.key)

    def exchanged(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code is exchanged for; None unless client, address and verifier are those of the one who asked."""
        asked = self.asked.pop(form.get("code", ""), None)
        mine = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        other = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization not in (mine, other) or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)}


@contextmanager
def identity_provider(now: Any) -> Iterator[IdentityProvider]:
    """A provider that runs; its address is that of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    key = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
    server.provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}", key, now)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    @property
    def _provider(self) -> IdentityProvider:
        return self.server.provider  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        own, parts = self._provider, urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys"}
            self._json({"issuer": own.address} | {name: own.address + path for name, path in names.items()})
        elif parts.path == "/keys":
            self._json(KeySet([own.key]).as_dict(private=False))
        elif parts.path == "/auth":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = f"code-{len(own.asked)}-{time.monotonic_ns()}"
            own.asked[code] = asked
            self.send_response(302)
            answer = urlencode({"code": code, "state": asked["state"], "iss": own.address})
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        given = self._provider.exchanged(form, self.headers.get("Authorization", ""))
        self._json(given or {"error": "invalid_grant"}, 200 if given else 400)

    def _json(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
