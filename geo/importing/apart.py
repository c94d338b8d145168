"""Readers of files that strangers send, in a process of their own, which is ended where one takes too long.

A thread can't be ended, and a library that hangs in C not even be interrupted. One process is started when it is first
needed and stays, with what readers import, so that a small file waits for milliseconds; one that hung or broke is
replaced. Its processor time is limited by the system too, for the case that whoever waits for it is gone; and so is
what it may add to its memory. It steps back behind those who answer; one that grew large is replaced after its file.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

from geo.errors import DiabanError, InputError, Problem
from geo.reference.cities import list_in_view, view_list

P = ParamSpec("P")
R = TypeVar("R")

_IMPORTED = ("geo.importing.geometries", "geo.importing.tables.open", "pyogrio", "openpyxl")
"""What the process imports before it takes a file: seconds that would else count as the file's."""
_START_S = 60.0
_SPARE_CPU_S = 5
_MOST_MORE = 400_000_000
"""Bytes that one file may add to the writable memory of the process, which imports alone fill with 190 MB. A workbook
with 1.5 million cells adds 160 MB; two workers with a reader each stay below the 2 GB of `docs/deploy`."""
_LARGE = 300_000_000
"""Bytes resident after a file; what is larger is not held until the next."""
_NICE = 10


class ReaderBusyError(DiabanError):
    """Other files are being read, for too long; trying again is safe."""


class ReaderProcess:
    """A process that reads one file after another; its parent may ask from several threads."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def run(self, seconds: float, where: str, read: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """What `read(*args, **named)` returns, there, about the list in view here; all of it can be pickled.

        Raises
        ------
        InputError
            It took longer than so many `seconds`, or broke the process; `where` names the file.
        ReaderBusyError
            It was not its turn within the same time.
        Exception
            What `read` raises.
        """
        if not self._turn.acquire(timeout=seconds):
            raise ReaderBusyError(Problem("importing.reader-busy", where))
        try:
            done, value = self._asked((seconds, where, list_in_view(), read, args, named), seconds, where)
        finally:
            self._turn.release()
        if not done:
            raise value
        result: R = value
        return result

    def end(self) -> None:
        """End the process; the next file starts another."""
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process = self._pipe = None

    @property
    def number(self) -> int | None:
        """The id of the process; None where none runs."""
        return self._process.pid if self._process is not None else None

    def _asked(self, task: Any, seconds: float, where: str) -> tuple[bool, Any]:
        pipe = self._warm(where)
        try:
            pipe.send(task)
            if pipe.poll(seconds):
                answer: tuple[bool, Any] = pipe.recv()
                self._end_large()
                return answer
        except (EOFError, OSError):
            self.end()
            raise InputError(Problem("importing.reader-broke", where)) from None
        except BaseException:
            self.end()  # what comes later would answer the next file
            raise
        self.end()
        raise InputError(Problem("importing.reader-late", where, seconds=seconds))

    def _end_large(self) -> None:
        if self._process is not None and _memory(self._process.pid, "VmRSS") > _LARGE:
            self.end()

    def _warm(self, where: str) -> Connection:
        """The pipe to a process that waits for a file."""
        if self._process is not None and self._pipe is not None and self._process.is_alive():
            return self._pipe
        self.end()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        # Not a child that its parent may not have: workers of the service are processes themselves.
        self._process = context.Process(target=_serve, args=(theirs, os.getpid()), name="diaban-reader", daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(_START_S):
            self.end()
            raise ReaderBusyError(Problem("importing.reader-busy", where))
        try:
            self._pipe.recv()
        except (EOFError, OSError):
            self.end()
            raise ReaderBusyError(Problem("importing.reader-busy", where)) from None
        return self._pipe


def _serve(pipe: Connection, parent: int) -> None:
    """Read what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.nice(_NICE)
    for name in _IMPORTED:
        importlib.import_module(name)
    _limit_memory()
    pipe.send(True)
    while True:
        try:
            seconds, where, key, read, args, named = pipe.recv()
        except (EOFError, OSError):
            return
        _limit_processor(seconds)
        view_list(key)
        try:
            try:
                answer = True, read(*args, **named)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - raised again where it was asked for
                answer = False, error
            pipe.send(answer)
        except MemoryError:
            answer = False, InputError(Problem("importing.reader-memory", where, megabytes=_MOST_MORE // 1_000_000))
            pipe.send(answer)


def _limit_processor(seconds: float) -> None:
    """Let the system end this process, should one task take far more processor time than it has."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + 2 * seconds) + _SPARE_CPU_S
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit_memory() -> None:
    """Let this process take so much memory more, and not all there is."""
    data = _memory(os.getpid(), "VmData")
    if data:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (data + _MOST_MORE, hard))


def _memory(number: int | None, what: str) -> int:
    """Bytes of a process, by a name in Linux's `/proc/…/status`; 0 where that is not said."""
    with suppress(OSError):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return 1000 * next((int(line.split()[1]) for line in lines if line.startswith(what)), 0)
    return 0


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


_process = ReaderProcess()


def read_apart(seconds: float, where: str, read: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """As `ReaderProcess.run`, in the one process that belongs to this one."""
    return _process.run(seconds, where, read, *args, **named)
