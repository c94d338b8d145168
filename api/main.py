"""The service: settings, records and clock in, an ASGI app out, or a server with its workers.

>>> from api.main import create_app
>>> app = create_app()  # doctest: +SKIP

Imports nothing that answers are made with (`api.app` does): a server with several workers only starts and stops them,
and takes little memory itself.
"""

from __future__ import annotations

import secrets
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import uvicorn

from api.core.local_access import LocalAccess
from api.core.process import gc_paused, has_accounts, hold_little_memory, refuse_taken
from api.core.settings import ApiSettings, has_own_secret, refuse_unsafe
from geo.files import scratch
from geo.records.store import Clock, Store, open_store, utc_now
from geo.settings import put

if TYPE_CHECKING:
    from fastapi import FastAPI

Announce = Callable[[str, str | None, str | None], None]
"""Gets the address of the server, and the key of the one-time link and the token, None where accounts are in use."""


def create_app(settings: ApiSettings | None = None, store: Store | None = None, clock: Clock = utc_now) -> FastAPI:
    """The app. Without a `store` the records of `DIABAN_DATABASE_URL` are opened, and closed when the app stops.

    Raises
    ------
    InputError
        The settings would let strangers in (`refuse_unsafe`).
    StoreError, DataFileMissingError
        The records or the registers can't be read.
    """
    from api.app import build

    return build(settings or ApiSettings(), store, clock)


def run(announce: Announce) -> None:
    """Serve until stopped, as the settings say. `announce` gets the address, and the one-time key and the token.

    Raises
    ------
    InputError
        The settings would let strangers in, or make no sense, or the address is taken.
    StoreError
        The records can't be opened.
    """
    settings = ApiSettings()
    with open_store() as store:
        accounts = has_accounts(store)
    refuse_unsafe(settings, has_accounts=accounts)
    refuse_taken(settings.host, settings.port)
    # A server that gets the signal to stop leaves by the way below too: nothing of the local access stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        key = token = None
        if not accounts:
            local, key, token = LocalAccess.begin(stack.enter_context(scratch()))
            put(local_folder=local.folder, secret=None if has_own_secret(settings) else secrets.token_urlsafe(48))
        if settings.workers > 1:
            put(metrics_folder=stack.enter_context(scratch()))
        announce(settings.public_url.rstrip("/") or _address(settings), key, token)
        uvicorn.run("api.main:from_environment", factory=True, **_uvicorn_options(settings))


def from_environment() -> FastAPI:
    """The app of a worker process; everything comes from the environment.

    What is imported from here on stays until the end: whoever looked through it for garbage would do so in vain.
    """
    hold_little_memory()
    with gc_paused():
        from api.app import from_environment as build

        return build()


def _address(settings: ApiSettings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _uvicorn_options(settings: ApiSettings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "access_log": False,  # the service writes its own lines, without addresses and queries
        "log_config": None,
        "server_header": False,
        "http": "api.core.request_head:BoundedHead",
        "timeout_graceful_shutdown": 10,
    }
