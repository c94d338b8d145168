"""Work that is killed with SIGKILL at a random moment, again and again, and a look at what is left each time."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

Say = Callable[[str], None]
_FAILED = "failed by itself: "


@dataclass
class Left:
    """What a look after a death found."""

    lost: int = 0
    half: int = 0
    stuck: int = 0
    litter: int = 0


@dataclass
class Row:
    """A line of the table: how often killed, how much was acknowledged before, and what went wrong (0 is right)."""

    name: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    stuck: int = 0
    litter: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, said: list[str], left: Left) -> None:
        self.kills += 1
        self.acknowledged += len(said)
        self.lost += left.lost
        self.half += left.half
        self.stuck += left.stuck
        self.litter = max(self.litter, left.litter)


class Scenario(Protocol):
    """Some work to be killed at a moment within the time that so many `pieces` of it take."""

    name: str
    pieces: int

    def prepare(self, folder: Path) -> None:
        """Make what the work needs, once."""

    def before(self) -> None:
        """Make the state that each attempt begins with."""

    def work(self, say: Say) -> None:
        """Work until killed; say each thing that is done for good."""

    def look(self, said: list[str]) -> Left:
        """What is left; begins as the next start would."""


def torture(scenario: Scenario, folder: Path, times: int, seed: int = 178) -> Row:
    """Kill a scenario's work at `times` random moments; the line of the table."""
    dice, row = random.Random(f"{seed} {scenario.name}"), Row(scenario.name)
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    tempfile.tempdir = str(temporary)  # for this process and those that it forks
    scenario.prepare(folder)
    _span(scenario, folder)  # the first time takes longer: what is not there yet is made
    span = _span(scenario, folder)
    for number in range(times):
        said = _attempt(scenario, folder / f"said-{number}", dice.uniform(0, span))
        try:
            _refuse_failed(said)
            left = scenario.look(said)
            left.litter += len(list(temporary.iterdir()))
            row.add(said, left)
        except Exception as error:  # noqa: BLE001 - the next start needed help: that is what is being counted
            row.add(said, Left(stuck=1))
            row.notes.append(f"{type(error).__name__}: {error}"[:300])
    tempfile.tempdir = None
    shutil.rmtree(folder, ignore_errors=True)
    return row


def _span(scenario: Scenario, folder: Path) -> float:
    """Seconds in which some pieces of work are done: deaths are spread over that, so that each step is met."""
    scenario.before()
    path = folder / "said-first"
    begin = time.monotonic()
    pid = _start(scenario, path)
    while path.read_text().count("\n") < scenario.pieces and not _ended(pid):
        time.sleep(0.002)
        if time.monotonic() - begin > 60:
            break
    span = time.monotonic() - begin
    _kill(pid)
    scenario.look(_said(path))
    path.unlink()
    return span


def _attempt(scenario: Scenario, path: Path, seconds: float) -> list[str]:
    scenario.before()
    pid = _start(scenario, path)
    time.sleep(seconds)
    _kill(pid)
    said = _said(path)
    path.unlink()
    return said


def _start(scenario: Scenario, path: Path) -> int:
    log = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            scenario.work(partial(_say, log))
        except BaseException as error:  # noqa: BLE001 - work that fails by itself proves nothing: it is reported, and counted
            _say(log, f"{_FAILED}{type(error).__name__}: {error}".replace("\n", " "))
        finally:
            os._exit(0)
    os.close(log)
    return pid


def _refuse_failed(said: list[str]) -> None:
    failed = [text for text in said if text.startswith(_FAILED)]
    if failed:
        raise RuntimeError(failed[0])


def _say(log: int, text: str) -> None:
    os.write(log, f"{text}\n".encode())


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)  # one that has ended keeps its number until it is waited for
    os.waitpid(pid, 0)


def _ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _said(path: Path) -> list[str]:
    return path.read_text().split("\n")[:-1]  # a line without its end was not yet said
