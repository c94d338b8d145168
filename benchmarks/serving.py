"""A server in a process of its own, from its first answer on."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def serving(
    command: Sequence[str], ready: str, environment: Mapping[str, str], output: int | IO[bytes] | None = None
) -> Iterator[int]:
    """The server of `command` while the block runs, which begins when the address `ready` answers; its process id."""
    with subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=output) as process:
        try:
            _wait(ready)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


def processor_seconds(server: int) -> float:
    """Seconds of the processor that a server and the workers that it started have taken so far (Linux)."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that has ended
            # The name, which may hold anything, stands in brackets; after it come the state and the parent.
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(file.parent.name) == server or int(fields[1]) == server:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
