"""What a browser is given to bring back: claims that only this server can have written, for a while (JWT, HS256)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from api.core.service import Service

if TYPE_CHECKING:
    from joserfc.jwk import OctKey


def sealed(service: Service, purpose: str, claims: Mapping[str, str], lasts: timedelta) -> str:
    """Claims as a signed text, which holds for this `purpose` alone; who has it can read it."""
    from joserfc import jwt

    until = int((service.now + lasts).timestamp())
    return jwt.encode({"alg": "HS256"}, {**claims, "exp": until}, _key(service, purpose))


def unsealed(service: Service, purpose: str, text: str) -> dict[str, str]:
    """The claims of a text of `sealed`; none where it was not made by this server, for something else, or is over."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        claims = jwt.decode(text, _key(service, purpose), algorithms=["HS256"]).claims
        jwt.JWTClaimsRegistry(now=int(service.now.timestamp()), exp={"essential": True}).validate(claims)
    except (JoseError, ValueError):
        return {}
    return {name: str(value) for name, value in claims.items() if name != "exp"}


def _key(service: Service, purpose: str) -> OctKey:
    from joserfc.jwk import OctKey

    return OctKey.import_key(f"{purpose}:{service.settings.secret.get_secret_value()}")
