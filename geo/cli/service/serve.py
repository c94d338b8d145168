"""`diaban serve`: the service on this machine, behind a one-time link, or for several offices, behind accounts."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from geo import settings
from geo.cli.base.console import note
from geo.cli.common import explained

HostOption = Annotated[str | None, typer.Option("--host", metavar="ADDRESS")]
PortOption = Annotated[int | None, typer.Option("--port", min=1, max=65535)]
WorkersOption = Annotated[int | None, typer.Option("--workers", min=1, max=64)]


def serve(host: HostOption = None, port: PortOption = None, workers: WorkersOption = None) -> None:
    """Serve pages and API. Without accounts: on 127.0.0.1, and a one-time link lets you in."""
    settings.put(host=host, port=port, workers=workers)
    # A command makes objects and ends; a server goes on, and gives back what it no longer needs.
    gc.set_threshold(50_000, 20, 20)
    with explained():
        from api.main import run

        run(_announce)


def _announce(base: str, key: str | None, token: str | None) -> None:
    """Say where the service is and how to get in; the secrets go to the terminal and nowhere else."""
    if key is None:
        note("serves-accounts", address=base)
        return
    note("serves-here")
    sys.stdout.write(f"\n    {base}/open?key={key}\n\n")
    note("serves-programs")
    sys.stdout.write(f"\n    Authorization: Bearer {token}\n\n")
    sys.stdout.flush()
