"""What a start sees to: a free address, workers that end with their server, and memory that is given back."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from geo import settings
from geo.errors import InputError, Problem
from geo.files import reason_of

if TYPE_CHECKING:
    from geo.records.store import Store


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address that can't be listened on, before it is announced.

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
        raise InputError(Problem("settings.address-in-use", f"{host}:{port}", reason=reason_of(error))) from error


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


_ARENA_MAX, _TRIM_THRESHOLD = -8, -1
"""Numbers of parameters of `mallopt` (glibc, malloc.h)."""
_ENVIRONMENT = ("MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES")


def hold_little_memory() -> None:
    """Have glibc return more of what is freed; to be called before there are threads.

    It has an arena for each few threads, eight for each processor, and what one leaves free another can't use. Two are
    as quick here, since Python runs one thread at a time, and a worker takes some 40 to 60 MB less (measured; see
    docs/reliability.md). Does nothing with another C library, or where the environment says how it shall be.
    """
    if settings.is_set(*_ENVIRONMENT):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_ARENA_MAX, 2)
    mallopt(_TRIM_THRESHOLD, 1 << 20)


@contextmanager
def gc_paused() -> Iterator[None]:
    """While what stays until the end is imported and read, no garbage is looked for: a fifth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_SWITCH_S = 0.001


def switch_often() -> None:
    """Have threads take turns five times as often as Python does by itself.

    Who writes gives the interpreter away at each call of the database, and waits each time until every thread that
    makes an answer had its turn, while nobody else can write: a transaction of milliseconds took most of a second.
    """
    sys.setswitchinterval(_SWITCH_S)


_OBJECTS_MORE = 50_000


def collect_little_garbage() -> None:
    """Set apart what stays until the end: looking through it takes a fifth of a second, in which nobody is served.

    To be called once registers, templates and look-ups are loaded. A body of many small parts, as a way of 49,000
    places, is by itself a reason to look for garbage, with the default thresholds several times.
    """
    import pyarrow

    gc.set_threshold(_OBJECTS_MORE, 20, 20)
    gc.collect()
    gc.freeze()
    pyarrow.default_memory_pool().release_unused()  # registers were read through it


def has_accounts(store: Store) -> bool:
    """Whether there is an account that can log in."""
    return any(account.active for account in store.accounts.all())
