"""A provider of OpenID Connect: its addresses, the way there, and what its answer says of who came back.

OpenID Connect Core 1.0, the authorization code flow, with PKCE (RFC 7636) and the issuer in the answer (RFC 9207).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.core.problems import ProviderError
from api.security.oidc.rights import ProviderSettings
from geo.errors import Problem

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
"""All with a key of the provider's own; `none` and those with a shared secret are not among them."""
_TIMEOUT_S = 5.0
_KNOWN_S, _FAILED_S = 300.0, 5.0
"""How long the provider's addresses, and that it did not answer, are remembered."""
_LEEWAY_S = 60
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The provider of the settings."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._metadata: Mapping[str, Any] | ProviderError | None = None
        self._until = 0.0

    def way_there(self, *, state: str, nonce: str, verifier: str) -> str:
        """The address at the provider to send a browser to; `ProviderError` where the provider does not answer."""
        address = self._addresses()["authorization_endpoint"]
        url, _ = self._client().create_authorization_url(address, state=state, nonce=nonce, code_verifier=verifier)
        return str(url)

    def claims(self, code: str, *, nonce: str, verifier: str, now: int) -> Mapping[str, Any]:
        """What the provider says of whoever came back with a `code`.

        Raises
        ------
        ProviderError
            It can't be reached, refuses the code, or its token is not for us, not of it, not of this sign-in, or late.
        """
        addresses = self._addresses()
        try:
            with self._client() as client:
                given = client.fetch_token(addresses["token_endpoint"], code=code, code_verifier=verifier)
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from error
        except (AuthlibBaseError, ValueError) as error:
            raise ProviderError(Problem("accounts.provider-refused", reason=str(error)[:200])) from error
        return self._checked(str(given.get("id_token", "")), KeySet.import_key_set(self._keys()), nonce, now)

    def _checked(self, token: str, keys: KeySet, nonce: str, now: int) -> Mapping[str, Any]:
        wanted, client_id = self._settings.issuer, self._settings.client_id
        rules = jwt.JWTClaimsRegistry(
            now=now,
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": wanted},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise ProviderError(Problem("accounts.provider-token", reason=str(error)[:200])) from error
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (others or "azp" in claims) and claims.get("azp") != client_id:
            raise ProviderError(Problem("accounts.provider-token", reason="azp"))
        return claims

    def _keys(self) -> Any:
        return self._got(self._addresses()["jwks_uri"])

    def _addresses(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0); asked for anew every five minutes."""
        with self._lock:
            if self._metadata is None or time.monotonic() > self._until:
                self._metadata = self._discovered()
                failed = isinstance(self._metadata, ProviderError)
                self._until = time.monotonic() + (_FAILED_S if failed else _KNOWN_S)
            if isinstance(self._metadata, ProviderError):
                raise ProviderError(self._metadata.problems)
            return self._metadata

    def _discovered(self) -> Mapping[str, Any] | ProviderError:
        issuer = self._settings.issuer
        try:
            found = self._got(issuer.rstrip("/") + "/.well-known/openid-configuration")
        except ProviderError as error:
            return error
        if found.get("issuer") != issuer:
            names = {"issuer": str(found.get("issuer"))[:200], "wanted": issuer}
            return ProviderError(Problem("accounts.provider-another", "DIABAN_OIDC_ISSUER", **names))
        absent = [name for name in _ADDRESSES if not isinstance(found.get(name), str)]
        return ProviderError(Problem("accounts.provider-incomplete", names=absent)) if absent else found

    def _got(self, address: str) -> dict[str, Any]:
        try:
            answer = httpx2.get(address, timeout=_TIMEOUT_S).raise_for_status()
            found = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._unreachable(error) from error
        except json.JSONDecodeError as error:
            raise ProviderError(Problem("accounts.provider-incomplete", names=["JSON"])) from error
        if not isinstance(found, dict):
            raise ProviderError(Problem("accounts.provider-incomplete", names=["JSON"]))
        return found

    def _client(self) -> OAuth2Client:
        wanted = self._settings
        return OAuth2Client(
            wanted.client_id,
            wanted.client_secret,
            scope="openid profile",
            redirect_uri=wanted.redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    def _unreachable(self, error: Exception) -> ProviderError:
        return ProviderError(Problem("accounts.provider-unreachable", reason=str(error)[:200] or type(error).__name__))


@cache
def provider_of(settings: ProviderSettings) -> Provider:
    """The provider of these settings, one for the process."""
    return Provider(settings)
