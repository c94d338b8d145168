"""What a start sees to: that the address is free, and that a worker does not outlive the server that started it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from threading import Thread

from geo.errors import InputError, Problem


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address that can't be listened on, before anybody is told of it.

    Raises
    ------
    InputError
        Another program listens there, or this user may not, or the machine has no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "stop what listens there, or choose another with --port or --host"
        raise InputError(
            Problem(f"can't be listened on: {error.strerror or error}", f"{host}:{port}", remedy)
        ) from error


def end_with_parent() -> None:
    """In a worker: stop as soon as the server that started it is gone, however that ended.

    Else the workers of a server that was killed would go on and hold the port, and the next start would fail.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        while os.getppid() == parent.pid:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="diaban-parent", daemon=True).start()
