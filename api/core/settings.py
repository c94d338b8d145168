"""The settings of the service: those of `geo.settings`, and what follows from them."""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.settings import TABLE, Secret, Settings, environment, unknown

if TYPE_CHECKING:
    from geo.records.store import Store

DEFAULT_SECRET: str = TABLE["secret"].default.get_secret_value()
SHORTEST_SECRET = 32
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](?::[0-9]{1,5})?")


class ApiSettings(Settings):
    """The settings of the environment, with those of `given` in their place; `InputError` where one can't be used."""

    def __init__(self, **given: Any) -> None:
        for name in ("secret", "oidc_client_secret"):
            if isinstance(given.get(name), str):
                given[name] = Secret(given[name])
        super().__init__(**(environment() | given))

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


def cross_origins(settings: ApiSettings) -> tuple[str, ...]:
    """The origins whose pages may read the service, `('*',)` for all; none by default.

    Raises
    ------
    InputError
        One is no origin (`https://example.org`, with a port where it has one).
    """
    origins = tuple(settings.cors_origins.replace(",", " ").lower().split())
    wrong = [origin for origin in origins if origin != "*" and not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise InputError(Problem("settings.no-origin", TABLE["cors_origins"].variable, origins=wrong))
    return ("*",) if "*" in origins else origins


def log_unknown() -> None:
    """Name the `DIABAN_*` variables that mean nothing in the log of the service."""
    for problem in unknown():
        logging.getLogger("diaban.api").warning(problem.text("en"))


def log_changed_files(store: Store) -> None:
    """Name what the files of the data set say otherwise than the registers that are recorded: it is not in force."""
    from geo.records.changed_files import changed_files

    changed = changed_files(store)
    if changed:
        subjects = [change.subject for change in changed]
        said = Message("service.files-changed", count=len(subjects), subjects=subjects[:12])
        logging.getLogger("diaban.api").warning(said.text("en"))


def has_own_secret(settings: ApiSettings) -> bool:
    """Whether the secret is neither the default one nor too short."""
    secret = settings.secret.get_secret_value()
    return secret != DEFAULT_SECRET and len(secret) >= SHORTEST_SECRET


def refuse_unsafe(settings: ApiSettings, *, has_accounts: bool) -> None:
    """Refuse to start where strangers could get in.

    Raises
    ------
    InputError
        There are accounts, but the secret is the default one or too short; or there are none, and the server would
        listen beyond this machine, or has an address for others (`DIABAN_PUBLIC_URL`).
    """
    if has_accounts and not has_own_secret(settings):
        raise InputError(Problem("settings.weak-secret", TABLE["secret"].variable, least=SHORTEST_SECRET))
    if not has_accounts and not settings.is_loopback:
        raise InputError(Problem("settings.no-accounts", f"--host {settings.host}"))
    if not has_accounts and settings.public_url:
        raise InputError(Problem("settings.public-without-accounts", TABLE["public_url"].variable))
