"""A server in a process of its own, from its first answer on."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO


@contextmanager
def serving(
    command: Sequence[str], ready: str, environment: Mapping[str, str], output: int | IO[bytes] | None = None
) -> Iterator[None]:
    """The server of `command` while the block runs, which begins when the address `ready` answers."""
    with subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=output) as process:
        try:
            _wait(ready)
            yield
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
