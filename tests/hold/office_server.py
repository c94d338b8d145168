"""A server of an office in a process of its own: `python office_server.py DATABASE_URL`; prints its port and a session.

Its memory can be looked at from outside.
"""

from __future__ import annotations

import socket
import sys

import uvicorn
from hold_house import StandingClock, served

from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store


def main(url: str) -> None:
    """Serve until the process is ended."""
    clock = StandingClock()
    with open_store(url, registers=load_register_lookup(), now=clock) as store, socket.socket() as listening:
        house = served(store, clock)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        print(listening.getsockname()[1], store.accounts.open_session("city"), flush=True)  # noqa: T201
        uvicorn.Server(uvicorn.Config(house.app, log_config=None, access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
