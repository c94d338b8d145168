"""`diaban serve`: the service on this machine, behind a one-time link, or for several offices, behind accounts."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from geo.cli.common import err, explained

HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 if absent.")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port; 8000 if absent.", min=1, max=65535)]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes; 1 if absent.", min=1, max=64)]


def serve(host: HostOption = None, port: PortOption = None, workers: WorkersOption = None) -> None:
    """Serve pages and API. Without accounts: on 127.0.0.1, and a one-time link lets you in."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"DIABAN_{name}"] = str(value)
    # A command makes objects and ends; a server goes on, and gives back what it no longer needs.
    gc.set_threshold(50_000, 20, 20)
    with explained():
        from api.main import run

        run(_announce)


def _announce(base: str, key: str | None, token: str | None) -> None:
    """Say where the service is and how to get in; the secrets go to the terminal and nowhere else."""
    console = err()
    if key is None:
        console.print(f"diaban serves on [bold]{base}[/]; sign in with an account.", highlight=False)
        return
    console.print("diaban serves this machine. Open this link once; it lets your browser in:", highlight=False)
    sys.stdout.write(f"\n    {base}/open?key={key}\n\n")
    console.print("Programs send this header (valid until the server stops):", highlight=False)
    sys.stdout.write(f"\n    Authorization: Bearer {token}\n\n")
    sys.stdout.flush()
