"""A server with a standing clock in a process of its own: `python standing_server.py DATABASE_URL PORT`.

GDAL holds the interpreter while it waits for an answer, so that a server in the same process could never give it.
"""

from __future__ import annotations

import sys

import uvicorn
from api_house import CLOCK

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store


def main(url: str, port: int) -> None:
    """Serve until the process is ended."""
    with open_store(url, registers=load_register_lookup(), now=CLOCK) as store:
        app = create_app(ApiSettings(log_requests=False), store, CLOCK)
        uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
