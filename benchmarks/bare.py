"""The limit of what a Starlette service in this place can do: routes that return bytes from memory.

`BENCH_BODIES` names a folder; its file `N` is what `/N` returns.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def _route(file: Path) -> Route:
    body = file.read_bytes()

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/geo+json")

    endpoint: Callable[[Request], Awaitable[Response]] = answer
    return Route(f"/{file.name}", endpoint)


app = Starlette(routes=[_route(file) for file in sorted(Path(os.environ["BENCH_BODIES"]).iterdir())])
