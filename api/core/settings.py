"""What the environment (`DIABAN_*`) says about the service, validated at start."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import InputError, Problem

DEFAULT_SECRET = "change-me"
SHORTEST_SECRET = 32


class ApiSettings(BaseSettings):
    """Settings of the service; each is read from `DIABAN_<NAME>`.

    `secret` signs the tokens of forms; needed as soon as there are accounts. `public_url` is what the outside calls the
    server (`https://diaban.example.vn`), where a proxy stands before it. `anonymous_reads`: whether somebody without an
    account gets the public answers. `tiles_wards`: a file of wards (GeoParquet, GeoJSON) that the vector tiles show
    in place of the registers. Sizes are bytes, times hours or requests a minute.
    """

    model_config = SettingsConfigDict(env_prefix="DIABAN_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    public_url: str = ""
    secret: SecretStr = SecretStr(DEFAULT_SECRET)
    session_hours: float = Field(default=8, gt=0, le=24)
    anonymous_reads: bool = True
    local_folder: Path | None = None
    metrics_folder: Path | None = None
    tiles_wards: Path | None = None
    city: str = "hanoi"
    max_body_bytes: int = Field(default=12_000_000, ge=1_000)
    max_route_bytes: int = Field(default=1_000_000, ge=1_000)
    max_route_vertices: int = Field(default=50_000, ge=2)
    cache_bytes: int = Field(default=128_000_000, ge=0)
    logins_per_minute: int = Field(default=20, ge=1)
    routes_per_minute: int = Field(default=240, ge=1)
    log_requests: bool = True

    @property
    def https(self) -> bool:
        """Whether browsers reach the server by https, so that cookies may demand it."""
        return self.public_url.lower().startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def refuse_unsafe(settings: ApiSettings, *, has_accounts: bool) -> None:
    """Refuse to start where strangers could get in.

    Raises
    ------
    InputError
        There are accounts, but the secret is the default one or too short; or there are none, and the server would
        listen beyond this machine.
    """
    secret = settings.secret.get_secret_value()
    if has_accounts and (secret == DEFAULT_SECRET or len(secret) < SHORTEST_SECRET):
        what = f"is the default or has fewer than {SHORTEST_SECRET} characters, but accounts are in use"
        remedy = "set it to the output of: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        raise InputError(Problem(what, "DIABAN_SECRET", remedy))
    if not has_accounts and not settings.is_loopback:
        what = "other machines could reach the server, but there is no account to log in with"
        raise InputError(Problem(what, f"--host {settings.host}", "make one with: diaban user add NAME --role admin"))
